/** The proxy: one process, one port on this machine, serving the built app and relaying named market streams. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Micros } from '../engine/core/units.ts';
import { PROXY_PROTOCOL } from '../engine/market/wire/proxy-control.ts';
import { ClientSession } from './client-session.ts';
import { PROXY_LIMITS, type ProxyLimits } from './limits.ts';
import { securityHeaders } from './security-headers.ts';
import { findStaticFile, readStaticFiles, type StaticFile } from './static-files.ts';
import { type AllowedNames, allowedNames, refuseHost, refuseUpgrade } from './upgrade-guard.ts';
import { createWallClock } from './wall-clock.ts';

export interface ProxyOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** The built app, or null to relay only. */
  readonly distFolder: string | null;
  /** Port of a development server whose pages may also open the feed. */
  readonly pagePort?: number | null;
  readonly now?: () => Micros;
  readonly limits?: Partial<ProxyLimits>;
}

export interface Proxy {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const NO_FILES: ReadonlyMap<string, StaticFile> = new Map();

function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer | string,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, StaticFile>,
  allowed: AllowedNames,
): void {
  const refusal = refuseHost(request, allowed);
  // The host is only echoed into the policy once it is known to be ours.
  const common = securityHeaders(refusal === null ? (request.headers.host ?? '').toLowerCase() : '127.0.0.1');
  const plain = { ...common, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  if (refusal !== null) {
    answer(response, refusal.status, plain, `${refusal.reason}\n`);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answer(response, 405, { ...plain, Allow: 'GET, HEAD' }, 'method not allowed\n');
    return;
  }
  const file = findStaticFile(files, request.url ?? '');
  if (file === null) {
    answer(response, 404, plain, 'not found\n');
    return;
  }
  const headers = { ...common, 'Content-Type': file.contentType, 'Cache-Control': file.cacheControl };
  answer(response, 200, headers, file.body);
}

/** Writes a refusal on a raw socket and closes it; nothing of the request is repeated. */
function refuseSocket(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Starts the proxy and resolves when it listens. Rejects when the port is taken. */
export async function createProxy(options: ProxyOptions): Promise<Proxy> {
  const limits: ProxyLimits = { ...PROXY_LIMITS, ...options.limits };
  const now = options.now ?? createWallClock();
  const files = options.distFolder === null ? NO_FILES : readStaticFiles(options.distFolder);
  let allowed: AllowedNames = allowedNames(options.port, options.pagePort ?? null);
  const sessions = new Set<ClientSession>();

  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => serveFile(request, response, files, allowed),
  );
  server.maxConnections = limits.maxTcpConnections;

  const socketOptions = {
    noServer: true,
    clientTracking: false,
    maxPayload: limits.clientMaxPayloadBytes,
    maxFragments: limits.maxFragments,
    maxBufferedChunks: limits.maxBufferedChunks,
    maxPendingAutoPongs: limits.maxPendingAutoPongs,
    perMessageDeflate: false,
    skipUTF8Validation: false,
    closeTimeout: limits.closeTimeoutMs,
    handleProtocols: () => PROXY_PROTOCOL,
  };
  const sockets = new WebSocketServer(socketOptions);

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = refuseUpgrade(request, allowed);
    if (refusal !== null) {
      refuseSocket(socket, refusal.status, refusal.reason);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const session = new ClientSession(client, now);
      sessions.add(session);
      client.on('close', () => sessions.delete(session));
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  allowed = allowedNames(port, options.pagePort ?? null);

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      for (const session of sessions) session.end();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
