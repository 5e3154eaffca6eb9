// The door: which requests get the page, which get the feed, and what every answer carries.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROXY_PROTOCOL } from '../engine/market/wire/proxy-control.ts';
import { createProxy, type RunningProxy } from './server.ts';
import { FeedClient } from './test-feed-client.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

describe('proxy door', () => {
  let folder = '';
  let proxy: RunningProxy;
  let other: RunningProxy;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'headroom-dist-'));
    writeFileSync(join(folder, '..', 'headroom-secret.txt'), 'secret');
    mkdirSync(join(folder, 'assets'));
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Headroom</title>');
    writeFileSync(join(folder, 'assets', 'main-a1B2c3_-.js'), 'export {}');
    writeFileSync(join(folder, 'assets', 'style-a1B2c3D4.css'), 'body{}');
    writeFileSync(join(folder, 'a name.svg'), '<svg/>');
    writeFileSync(join(folder, '.env'), 'secret');
    writeFileSync(join(folder, '.git', 'config.txt'), 'secret');
    writeFileSync(join(folder, 'tool.exe'), 'secret');
    symlinkSync(join(folder, '..', 'headroom-secret.txt'), join(folder, 'link.txt'));
    proxy = await createProxy({ port: 0, distFolder: folder, venues: new Map() });
    other = await createProxy({ port: 0, distFolder: null, pagePort: proxy.port, venues: new Map() });
  });
  afterAll(async () => {
    await Promise.all([proxy.close(), other.close()]);
    rmSync(folder, { recursive: true });
    rmSync(join(folder, '..', 'headroom-secret.txt'));
  });

  function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: proxy.port, path, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  /** Sends bytes as they are and gives back the answer's first line. */
  function raw(text: string, port = proxy.port): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes.toString('latin1');
      });
      socket.on('error', () => resolve(answer));
      socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
    });
  }

  describe('files', () => {
    it.each([
      ['/', 'text/html; charset=utf-8', 'no-cache'],
      ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
      ['/assets/main-a1B2c3_-.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
      ['/assets/style-a1B2c3D4.css?v=1', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
      ['/a%20name.svg', 'image/svg+xml; charset=utf-8', 'no-cache'],
    ])('serves %s', async (path, type, cache) => {
      const answer = await get(path);
      expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
        200,
        type,
        cache,
      ]);
      expect(answer.body.length).toBeGreaterThan(0);
    });

    it.each([
      '/../headroom-secret.txt',
      '/%2e%2e/headroom-secret.txt',
      '/..%2fheadroom-secret.txt',
      '/..%5cheadroom-secret.txt',
      '/assets/../../headroom-secret.txt',
      '/assets/..%2f..%2fheadroom-secret.txt',
      '//etc/passwd',
      '/etc/passwd',
      '/%00index.html',
      '/index.html%00.js',
      '/%',
      '/%ff',
      '/.env',
      '/%2eenv',
      '/.git/config.txt',
      '/tool.exe',
      '/link.txt',
      '/assets',
      '/assets/',
      '/portfolio',
      '/index.html/',
      '/INDEX.HTML',
      '*',
    ])('has nothing at %s', async (path) => {
      const answer = await get(path);
      expect([answer.status, answer.body.includes('secret')]).toEqual([404, false]);
    });

    it('reads only: HEAD without a body, other methods refused', async () => {
      const head = await get('/', {}, 'HEAD');
      expect([head.status, head.body, Number(head.headers['content-length'])]).toEqual([200, '', 38]);
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
        expect((await get('/', {}, method)).status).toBe(405);
      }
    });

    it('puts the isolating headers on every answer, refusals too', async () => {
      for (const path of ['/', '/assets/main-a1B2c3_-.js', '/nothing']) {
        const { headers } = await get(path);
        expect(headers['cross-origin-opener-policy']).toBe('same-origin');
        expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
        expect(headers['cross-origin-resource-policy']).toBe('same-origin');
        expect(headers['x-content-type-options']).toBe('nosniff');
        expect(headers['referrer-policy']).toBe('no-referrer');
        const policy = String(headers['content-security-policy']);
        for (const rule of [
          "default-src 'none'",
          "script-src 'self'",
          "base-uri 'none'",
          "object-src 'none'",
          "frame-ancestors 'none'",
          "form-action 'none'",
          `connect-src 'self' ws://127.0.0.1:${proxy.port}`,
          "require-trusted-types-for 'script'",
          'trusted-types headroom',
        ]) {
          expect(policy.split('; ')).toContain(rule);
        }
        expect(policy).not.toMatch(/unsafe|\*/);
      }
    });

    it('lets the one inline style of the component library through, word for word', async () => {
      const source = readFileSync(
        join(import.meta.dirname, '../node_modules/react-aria/dist/private/interactions/usePress.mjs'),
        'utf8',
      );
      const attribute = /PRESSABLE_ATTRIBUTE = '([^']+)'/.exec(source)?.[1] ?? '';
      const written = /style\.textContent = `([^`]+)`\.trim\(\)/.exec(source)?.[1] ?? '';
      const style = written.replace(/\$\{[^}]+\}/, attribute).trim();
      expect(style).toContain('touch-action');
      const hash = createHash('sha256').update(style).digest('base64');
      expect(String((await get('/')).headers['content-security-policy'])).toContain(
        `style-src 'self' 'sha256-${hash}'`,
      );
    });

    it('answers only to its own names', async () => {
      const own = [`127.0.0.1:${proxy.port}`, `localhost:${proxy.port}`, `LOCALHOST:${proxy.port}`];
      for (const host of own) expect([host, (await get('/', { Host: host })).status]).toEqual([host, 200]);
      for (const host of [
        'example.com',
        `example.com:${proxy.port}`,
        'localhost',
        '127.0.0.1',
        `127.0.0.1:${proxy.port + 1}`,
        `localhost.example.com:${proxy.port}`,
        `127.0.0.1.nip.io:${proxy.port}`,
        `[::1]:${proxy.port}`,
        `0.0.0.0:${proxy.port}`,
        `127.1:${proxy.port}`,
        `2130706433:${proxy.port}`,
        `localhost:${proxy.port}.`,
        `localhost.:${proxy.port}`,
        `localhost:${proxy.port}, example.com`,
        `user@localhost:${proxy.port}`,
      ]) {
        expect([host, (await get('/', { Host: host })).status]).toEqual([host, 421]);
      }
      expect(await raw('GET / HTTP/1.0\r\n\r\n')).toContain(' 421 ');
      const twice = `Host: localhost:${proxy.port}\r\nHost: example.com`;
      expect(await raw(`GET / HTTP/1.1\r\n${twice}\r\nConnection: close\r\n\r\n`)).toMatch(/ 4\d\d /);
    });

    it('refuses headers that are too large or come too slowly', async () => {
      const host = `Host: localhost:${proxy.port}`;
      expect(await raw(`GET / HTTP/1.1\r\n${host}\r\nX: ${'a'.repeat(9_000)}\r\n\r\n`)).toContain(' 431 ');
      const quick = await createProxy({
        port: 0,
        distFolder: null,
        venues: new Map(),
        limits: { headersTimeoutMs: 300, requestTimeoutMs: 300 },
      });
      expect(await raw('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', quick.port)).toContain(' 408 ');
      await quick.close();
    });
  });

  describe('feed', () => {
    async function upgrade(
      options: ConstructorParameters<typeof FeedClient>[1],
      url = proxy.url,
    ): Promise<number> {
      const client = new FeedClient(url, options);
      const status = await Promise.race([
        client.opened.then(() => 101),
        client.closed.then(() => client.refusedStatus ?? 0),
      ]);
      client.socket.terminate();
      return status;
    }

    it('opens for its own pages', async () => {
      expect(await upgrade({})).toBe(101);
      expect(await upgrade({ origin: `http://localhost:${proxy.port}` })).toBe(101);
      expect(await upgrade({ headers: { Host: `localhost:${proxy.port}` } })).toBe(101);
      expect(await upgrade({ protocols: ['other.v9', PROXY_PROTOCOL] })).toBe(101);
    });

    it('opens for the named development server, and for that alone', async () => {
      expect(await upgrade({ origin: proxy.url }, other.url)).toBe(101);
      expect(await upgrade({ origin: other.url }, proxy.url)).toBe(403);
    });

    it('refuses every other origin', async () => {
      const { port } = proxy;
      const origins: (string | undefined)[] = [
        undefined,
        '',
        'null',
        'file://',
        'http://127.0.0.1',
        'http://localhost',
        `https://127.0.0.1:${port}`,
        `https://localhost:${port}`,
        `ws://127.0.0.1:${port}`,
        `http://127.0.0.1:${port + 1}`,
        `http://127.0.0.1:${port}0`,
        `http://127.0.0.1:${port}/`,
        `http://127.0.0.1:${port}/feed`,
        `http://127.0.0.1:${port}#`,
        `http://127.0.0.1:${port}?`,
        `http://127.0.0.1:${port} `.trimEnd().concat(';'),
        `HTTP://127.0.0.1:${port}`,
        `http://LOCALHOST:${port}`,
        `http://127.0.0.2:${port}`,
        `http://127.1:${port}`,
        `http://0177.0.0.1:${port}`,
        `http://0x7f.0.0.1:${port}`,
        `http://2130706433:${port}`,
        `http://0.0.0.0:${port}`,
        `http://[::1]:${port}`,
        `http://[::ffff:127.0.0.1]:${port}`,
        `http://localhost.:${port}`,
        `http://localhost.example.com:${port}`,
        `http://127.0.0.1.nip.io:${port}`,
        `http://127.0.0.1:${port}.example.com`,
        `http://127.0.0.1:${port}@example.com`,
        `http://example.com@127.0.0.1:${port}`,
        `http://user:pw@localhost:${port}`,
        `http://example.com#http://127.0.0.1:${port}`,
        `http://example.com/http://127.0.0.1:${port}`,
        `http://127.0.0.1:${port}, http://example.com`,
        `http://example.com, http://127.0.0.1:${port}`,
        `http://127.0.0.1:${port} http://example.com`,
        `http://127.0.0.1%3A${port}`,
        `http://127.0.0.1:0${port}`,
        `http:\\\\127.0.0.1:${port}`,
        `http:/127.0.0.1:${port}`,
        `//127.0.0.1:${port}`,
        `127.0.0.1:${port}`,
        `http://x127.0.0.1:${port}`,
        `http://localhost:${port}x`,
        `http://localhos:${port}`,
        `http://xlocalhost:${port}`,
        'http://example.com',
        'https://example.com',
        'https://fstream.binance.com',
        'chrome-extension://abcdefghijklmnop',
        'moz-extension://0000',
        'app://localhost',
        'capacitor://localhost',
        'ionic://localhost',
        'http://localhost:3000',
        'http://localhost:5173',
        '*',
        'undefined',
        'true',
      ];
      expect(origins.length).toBeGreaterThanOrEqual(60);
      const passed: unknown[] = [];
      for (const origin of origins) {
        const status = await upgrade({ origin });
        if (status !== 403) passed.push([origin, status]);
      }
      expect(passed).toEqual([]);
    });

    it('refuses a foreign host, a wrong path, method, protocol and doubled headers', async () => {
      expect(await upgrade({ headers: { Host: `example.com:${proxy.port}` } })).toBe(421);
      expect(await upgrade({ protocols: [] })).toBe(400);
      expect(await upgrade({ protocols: ['headroom.feed.v2'] })).toBe(400);
      const host = `Host: localhost:${proxy.port}`;
      const origin = `Origin: http://localhost:${proxy.port}`;
      const rest = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`;
      const protocol = `Sec-WebSocket-Protocol: ${PROXY_PROTOCOL}\r\n`;
      const send = (line: string, headers: string): Promise<string> =>
        raw(`${line} HTTP/1.1\r\n${headers}\r\n${rest}\r\n`);
      for (const path of ['/', '/feed/', '/feed?x=1', '/feed/../feed', '/FEED', '//feed', '/feed%00', '*']) {
        expect([path, await send(`GET ${path}`, `${host}\r\n${origin}\r\n${protocol}`.trimEnd())]).toEqual([
          path,
          expect.stringMatching(/ 404 /),
        ]);
      }
      expect(await send('POST /feed', `${host}\r\n${origin}\r\n${protocol}`.trimEnd())).toContain(' 405 ');
      const doubled = `${origin}\r\nOrigin: http://example.com`;
      expect(await send('GET /feed', `${host}\r\n${doubled}\r\n${protocol}`.trimEnd())).toContain(' 403 ');
      expect(await send('GET /feed', `${host}\r\nHost: a\r\n${origin}\r\n${protocol}`.trimEnd())).toMatch(
        / 4\d\d /,
      );
      expect(
        await raw(
          `GET /feed HTTP/1.1\r\n${host}\r\n${origin}\r\n${protocol}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`,
        ),
      ).toContain(' 400 ');
      expect(
        await raw(
          `GET /feed HTTP/1.1\r\n${host}\r\n${origin}\r\n${protocol}Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
        ),
      ).toContain(' 400 ');
    });

    it('says hello, and lets at most eight connections in from one address', async () => {
      const clients = Array.from({ length: 8 }, () => new FeedClient(proxy.url));
      await Promise.all(clients.map((client) => client.opened));
      expect(await upgrade({})).toBe(429);
      clients[0]?.socket.terminate();
      await clients[0]?.closed;
      await expect.poll(() => upgrade({})).toBe(101);
      await expect.poll(() => clients[1]?.told('hello').length).toBe(1);
      const [hello] = clients[1]?.told('hello') ?? [];
      expect(Math.abs((hello?.serverAtMicros ?? 0) / 1000 - Date.now())).toBeLessThan(5_000);
      for (const client of clients) client.socket.terminate();
    });
  });

  it('rejects when the port is taken', async () => {
    await expect(createProxy({ port: proxy.port, distFolder: null, venues: new Map() })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
