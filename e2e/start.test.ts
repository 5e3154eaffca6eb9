// start.mjs as a person meets it, on a small copy of the project so that nothing here is built or touched.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Run {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  readonly ended: Promise<number | null>;
}

describe('start.mjs', () => {
  let copy = '';
  let port = 0;

  beforeAll(async () => {
    copy = mkdtempSync(join(tmpdir(), 'headroom-start-'));
    for (const part of [
      'start.mjs',
      'setup.mjs',
      'proxy',
      'package.json',
      'package-lock.json',
      'index.html',
      'tsconfig.base.json',
    ]) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    for (const part of ['engine/core', 'engine/market/wire']) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    mkdirSync(join(copy, 'app'));
    writeFileSync(join(copy, 'app', 'main.tsx'), "document.title = 'one';\n");
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    port = (probe.address() as { port: number }).port;
    await new Promise((resolve) => probe.close(resolve));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  function run(...words: string[]): Run {
    const child = spawn(process.execPath, ['start.mjs', ...words], { cwd: copy });
    const output = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      output.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.err += chunk;
    });
    return { child, output, ended: new Promise((resolve) => child.on('close', resolve)) };
  }

  async function served(started: Run): Promise<void> {
    await expect.poll(() => started.output.out, { timeout: 30_000, interval: 50 }).toContain('\n');
  }

  /** The script of the page that is served now. */
  async function script(): Promise<string> {
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    const src = /src="([^"]+\.js)"/.exec(page)?.[1] ?? '';
    return (await fetch(`http://127.0.0.1:${port}${src}`)).text();
  }

  const built = (): string => readFileSync(join(copy, 'dist', '.built-from'), 'utf8');

  it('says one line, serves the app, and ends cleanly on Ctrl-C', async () => {
    const started = run('--port', String(port));
    await served(started);
    expect(await script()).toContain('one');
    started.child.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(started.output.out).toBe(`Headroom is at http://127.0.0.1:${port} (Ctrl-C stops it)\n`);
    expect(started.output.err).toBe('Building...\n');
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('builds again only when a source changed', async () => {
    const before = built();
    const same = run('--port', String(port));
    await served(same);
    same.child.kill('SIGTERM');
    expect(await same.ended).toBe(0);
    expect(same.output.err).toBe('');
    writeFileSync(join(copy, 'app', 'main.tsx'), "document.title = 'two';\n");
    const changed = run(`--port=${port}`);
    await served(changed);
    expect(changed.output.err).toBe('Building...\n');
    expect(await script()).toContain('two');
    expect(built()).not.toBe(before);
    changed.child.kill('SIGINT');
    expect(await changed.ended).toBe(0);
  });

  it('leaves nothing behind when it is killed', async () => {
    const started = run('--port', String(port));
    await served(started);
    started.child.kill('SIGKILL');
    await started.ended;
    const gone = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => false,
        () => true,
      );
    await expect.poll(gone, { timeout: 5_000 }).toBe(true);
  });

  it('shows why a build failed and does not serve an old one', async () => {
    writeFileSync(join(copy, 'app', 'main.tsx'), 'const = nonsense;\n');
    const failed = run('--port', String(port));
    expect(await failed.ended).toBe(1);
    expect(failed.output.err).toContain('main.tsx');
    expect(failed.output.err).toContain('Building failed. The reason is above.');
    expect(failed.output.out).toBe('');
    writeFileSync(join(copy, 'app', 'main.tsx'), "document.title = 'two';\n");
  });

  it('names a taken port and what to do', async () => {
    const holder: Server = createServer();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    const refused = run('--port', String(port));
    expect(await refused.ended).toBe(1);
    expect(refused.output.err).toBe(
      `Port ${port} is taken by another program. Stop that one, or choose another port: node start.mjs --port ${port + 1}\n`,
    );
    await new Promise((resolve) => holder.close(resolve));
  });

  it.each([
    [['--port', 'abc'], '--port must be a number from 1 to 65535, found "abc".'],
    [['--port', '0'], 'found "0"'],
    [['--port', '65536'], 'found "65536"'],
    [['--port', '-1'], 'found "-1"'],
    [['--port', '80.5'], 'found "80.5"'],
    [['--port'], 'found ""'],
    [['--prot', '1'], 'Unknown argument "--prot"'],
  ])('refuses %j', async (words, message) => {
    const refused = run(...words);
    expect(await refused.ended).toBe(1);
    expect(refused.output.err).toContain(message);
    expect(refused.output.err).not.toContain('    at ');
  });

  it('helps', async () => {
    const helped = run('--help');
    expect(await helped.ended).toBe(0);
    expect(helped.output.out).toContain('--port N');
  });

  it('would install: the lock file names a package for every optional dependency, so npm ci accepts it', () => {
    type Entry = { readonly optionalDependencies?: Readonly<Record<string, string>> };
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, Entry>;
    };
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) =>
          packages[`${path}/node_modules/${name}`] === undefined &&
          packages[`node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
    expect(existsSync(join(root, 'node_modules', '.package-lock.json'))).toBe(true);
  });
});
