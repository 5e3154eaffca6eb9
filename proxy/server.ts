/** The proxy: one process, one port on this machine, serving the built app and relaying named market streams. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Micros } from '../engine/core/units.ts';
import { PROXY_PROTOCOL } from '../engine/market/wire/proxy-control.ts';
import { createWallClock } from '../engine/market/wire/wall-clock.ts';
import { ClientSession } from './client-session.ts';
import { PROXY_LIMITS, type ProxyLimits } from './limits.ts';
import { handlePage } from './page-handler.ts';
import { type Resolve, systemResolve } from './pinned-address.ts';
import { RelayHub } from './relay-hub.ts';
import type { SnapshotStats } from './snapshot-relay.ts';
import { readStaticFiles, type StaticFile } from './static-files.ts';
import { type AllowedNames, allowedNames, refuseUpgrade } from './upgrade-guard.ts';
import type { UpstreamStats } from './upstream.ts';
import { VENUES, type Venue } from './venue-table.ts';

export interface ProxyOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** The built app, or null to relay only. */
  readonly distFolder: string | null;
  /** Port of a development server on this machine whose pages may also open the feed. */
  readonly pagePort?: number | null;
  /** The venues that can be reached; the table in code unless a test brings its own. */
  readonly venues?: ReadonlyMap<string, Venue>;
  readonly now?: () => Micros;
  readonly resolve?: Resolve;
  /** Jitter of waits, uniform in [0, 1). */
  readonly random?: () => number;
  readonly limits?: Partial<ProxyLimits>;
}

/** What the proxy is doing now and did so far. */
export interface ProxyStats {
  readonly clients: number;
  readonly clientsTotal: number;
  /** Sessions ended and upgrades refused, by reason. */
  readonly ended: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  /** Of the clients connected now. */
  readonly framesSent: number;
  readonly framesSkipped: number;
  readonly bufferedBytesMost: number;
  readonly upstreams: readonly UpstreamStats[];
  readonly snapshots: SnapshotStats;
}

export interface RunningProxy {
  readonly url: string;
  readonly port: number;
  stats(): ProxyStats;
  close(): Promise<void>;
}

const NO_FILES: ReadonlyMap<string, StaticFile> = new Map();

/** Writes a refusal on a raw socket and closes it; nothing of the request is repeated. */
function refuseSocket(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function countIn(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

/** The feed endpoint: who may open it, who has it open. */
class FeedEndpoint {
  readonly #limits: ProxyLimits;
  readonly #hub: RelayHub;
  readonly #now: () => Micros;
  readonly #sockets: WebSocketServer;
  readonly #sessions = new Map<ClientSession, string>();
  readonly #ended = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  #total = 0;

  constructor(limits: ProxyLimits, hub: RelayHub, now: () => Micros) {
    this.#limits = limits;
    this.#hub = hub;
    this.#now = now;
    const options = {
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
    this.#sockets = new WebSocketServer(options as ServerOptions);
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer, allowed: AllowedNames): void {
    socket.on('error', () => socket.destroy());
    const address = socket.remoteAddress ?? '';
    const refusal = refuseUpgrade(request, allowed) ?? this.#refuseCrowd(address);
    if (refusal !== null) {
      countIn(this.#refused, refusal.reason);
      refuseSocket(socket, refusal.status, refusal.reason);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#open(client, socket, address));
  }

  #refuseCrowd(address: string): { readonly status: number; readonly reason: string } | null {
    const open = [...this.#sessions.values()].filter((other) => other === address).length;
    return open < this.#limits.socketsPerAddress ? null : { status: 429, reason: 'too many connections' };
  }

  #open(client: WebSocket, socket: Socket, address: string): void {
    this.#total += 1;
    const session: ClientSession = new ClientSession(client, socket, {
      hub: this.#hub,
      limits: this.#limits,
      now: this.#now,
      onEnd: (reason) => {
        this.#sessions.delete(session);
        countIn(this.#ended, reason);
      },
    });
    this.#sessions.set(session, address);
  }

  stats(): ProxyStats {
    const outboxes = [...this.#sessions.keys()].map((session) => session.outbox);
    return {
      clients: outboxes.length,
      clientsTotal: this.#total,
      ended: new Map(this.#ended),
      refused: new Map(this.#refused),
      framesSent: outboxes.reduce((sum, outbox) => sum + outbox.framesSent, 0),
      framesSkipped: outboxes.reduce((sum, outbox) => sum + outbox.framesSkipped, 0),
      bufferedBytesMost: outboxes.reduce((most, outbox) => Math.max(most, outbox.bufferedBytes), 0),
      ...this.#hub.stats,
    };
  }

  close(): void {
    for (const session of [...this.#sessions.keys()]) session.end();
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Starts the proxy and resolves when it listens. Rejects when the port is taken. */
export async function createProxy(options: ProxyOptions): Promise<RunningProxy> {
  const limits: ProxyLimits = { ...PROXY_LIMITS, ...options.limits };
  const files = options.distFolder === null ? NO_FILES : readStaticFiles(options.distFolder);
  const now = options.now ?? createWallClock(Date.now, () => performance.now());
  const hub = new RelayHub({
    venues: options.venues ?? VENUES,
    resolve: options.resolve ?? systemResolve,
    random: options.random ?? Math.random,
    now,
    limits,
  });
  const feed = new FeedEndpoint(limits, hub, now);
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: 1_000,
  });
  server.maxConnections = limits.maxTcpConnections;
  const port = await listen(server, options.port);
  const allowed = allowedNames(port, options.pagePort ?? null);
  server.on('request', (request, response) => handlePage(request, response, files, allowed));
  server.on('upgrade', (request, socket, head) => feed.upgrade(request, socket as Socket, head, allowed));

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stats: () => feed.stats(),
    close: async () => {
      feed.close();
      hub.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
