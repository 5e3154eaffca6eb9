#!/usr/bin/env node
// Starts Headroom on this machine: installs what is missing, builds what changed, serves it until Ctrl-C.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installedMatchesLock, nodeProblem, root } from './setup.mjs';

const DEFAULT_PORT = 4173;
const HELP = `Usage: node start.mjs [--port N] [--dev]

  --port N   serve on port N of this machine (default ${DEFAULT_PORT})
  --dev      development server with hot reload`;

/** Ends the program with a message for a person. */
function giveUp(message) {
  console.error(message);
  process.exit(1);
}

function readArguments(words) {
  const chosen = { port: DEFAULT_PORT, dev: false };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === '--help' || word === '-h') {
      console.log(HELP);
      process.exit(0);
    } else if (word === '--dev') {
      chosen.dev = true;
    } else if (word === '--port' || word.startsWith('--port=')) {
      const text = word === '--port' ? (words[++i] ?? '') : word.slice('--port='.length);
      const port = Number(text);
      if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
        giveUp(`--port must be a number from 1 to 65535, found "${text}".`);
      }
      chosen.port = port;
    } else {
      giveUp(`Unknown argument "${word}".\n\n${HELP}`);
    }
  }
  return chosen;
}

/** Whether the port can be had; asked before the long work so that nobody waits for a refusal. */
function portIsFree(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else if (error.code === 'EACCES') {
        giveUp(`This user may not listen on port ${port}. Choose one above 1023: node start.mjs --port 8080`);
      } else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** What is running now and must end before this program does. */
const running = { child: null, closeDev: async () => {}, stopping: false };

/** Ctrl-C, or a request to end: stop what runs, in order, then leave without a word. */
function stop() {
  if (running.stopping) return;
  running.stopping = true;
  const { child } = running;
  const leave = () => running.closeDev().finally(() => process.exit(0));
  if (child === null || child.exitCode !== null || child.signalCode !== null) {
    void leave();
    return;
  }
  const force = setTimeout(() => child.kill('SIGKILL'), 3_000);
  child.once('exit', () => {
    clearTimeout(force);
    void leave();
  });
  child.kill('SIGTERM');
}

/** Runs a tool quietly; its output is shown only when it fails. */
async function runQuietly(what, command, words) {
  console.error(`${what}...`);
  const child = spawn(command, words, { cwd: root, shell: process.platform === 'win32' });
  running.child = child;
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output.push(Buffer.from(error.message));
      resolve(1);
    });
    child.once('close', resolve);
  });
  // Ctrl-C reaches the tool as well: that is an end and no failure, and `stop` is already at work.
  if (running.stopping) await new Promise(() => {});
  running.child = null;
  if (code === 0) return;
  console.error(Buffer.concat(output).toString().trim());
  giveUp(`${what} failed. The reason is above.`);
}

const SOURCES = ['app', 'engine', 'workers', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];
const STAMP = 'dist/.built-from';

/** Every file that the built app is made of, tests left out. */
function sourceFiles(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return existsSync(path) ? [path] : [];
  }
  return entries
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return sourceFiles(inner);
      return /\.test\.tsx?$/.test(entry.name) ? [] : [inner];
    })
    .sort();
}

function hashSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of sourceFiles(join(root, source))) {
      hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

async function buildWhenChanged() {
  const hash = hashSources();
  const stamp = join(root, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await runQuietly('Building', process.execPath, [vite, 'build', '--logLevel', 'warn']);
  writeFileSync(stamp, hash);
}

/** Starts the proxy as a child; resolves once it listens. */
function startProxy(words) {
  const main = join(root, 'proxy', 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.child = child;
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.once('exit', (code) => {
      if (!running.stopping) process.exit(code ?? 1);
    });
  });
}

async function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** The development server: Vite serves the page, the proxy only relays, `/feed` is passed on to it. */
async function startDevelopment(port) {
  const feedPort = await freePort();
  await startProxy(['--port', String(feedPort), '--page-port', String(port)]);
  const vitePath = join(root, 'node_modules', 'vite', 'dist', 'node', 'index.js');
  const vite = await import(pathToFileURL(vitePath).href);
  const server = await vite.createServer({
    root,
    logLevel: 'warn',
    clearScreen: false,
    server: {
      host: '127.0.0.1',
      port,
      strictPort: true,
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
      proxy: { '/feed': { target: `http://127.0.0.1:${feedPort}`, ws: true, changeOrigin: true } },
    },
  });
  running.closeDev = () => server.close();
  await server.listen();
}

const problem = nodeProblem();
if (problem !== null) giveUp(problem);
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
const { port, dev } = readArguments(process.argv.slice(2));
if (!(await portIsFree(port))) {
  giveUp(
    `Port ${port} is taken by another program. Stop that one, or choose another port: node start.mjs --port ${port === 65_535 ? port - 1 : port + 1}`,
  );
}
if (!installedMatchesLock())
  await runQuietly('Installing', 'npm', ['ci', '--include=dev', '--loglevel=error']);
if (dev) {
  await startDevelopment(port);
} else {
  await buildWhenChanged();
  await startProxy(['--port', String(port)]);
}
console.log(`Headroom is at http://127.0.0.1:${port} (Ctrl-C stops it)`);
