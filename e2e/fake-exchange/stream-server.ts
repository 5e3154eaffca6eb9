/** The exchange's WebSocket side: combined streams on routed paths, subscriptions, pings, and faults on every message. */

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Faults, HeldBack } from './faults.ts';

/** Which path class carries a stream; the bare root of old still opens and carries the public class only. */
const PUBLIC_STREAM = /@(?:depth|bookTicker|trade$)/;
const PATHS: ReadonlyMap<string, 'public' | 'market'> = new Map([
  ['/public/stream', 'public'],
  ['/market/stream', 'market'],
  ['/stream', 'public'],
]);
const STREAMS_MAX = 1_024;
const MESSAGES_PER_SECOND = 10;
/** Pause of playback, not a drop: a reader this far behind holds everything up. */
const BEHIND_BYTES = 4 * 1024 * 1024;

interface Connection {
  readonly socket: WebSocket;
  readonly raw: Socket;
  readonly route: 'public' | 'market';
  readonly streams: Set<string>;
  readonly held: HeldBack;
  readonly openedMs: number;
  readonly recentMs: number[];
  heardMs: number;
  /** Messages held by `delay`, in order: TCP keeps the order, so a late one makes those behind it late. */
  readonly late: { readonly atMs: number; readonly texts: readonly string[] }[];
  /** Neither reads nor sends any more. */
  dead: boolean;
}

export interface StreamServerOptions {
  readonly faults: Faults;
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  /** Connections older than this are cut; the exchange does so at 24 hours. */
  readonly maxAgeMs: number;
  readonly onSubscribed: (stream: string) => void;
}

export interface StreamServerStats {
  readonly open: number;
  readonly connections: number;
  /** Control messages received, and connections closed for sending too many. */
  readonly controlMessages: number;
  readonly closedForRate: number;
  /** Names subscribed now, over all connections. */
  readonly streams: readonly string[];
  readonly pongs: number;
}

export class StreamServer {
  readonly #options: StreamServerOptions;
  readonly #http = createServer((_request, response) => response.writeHead(404).end());
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #connections = new Set<Connection>();
  /** Every TCP connection, also those given up by a fault: at the end all must go. */
  readonly #raws = new Set<Socket>();
  readonly #timers: readonly NodeJS.Timeout[];
  #total = 0;
  #controlMessages = 0;
  #closedForRate = 0;
  #pongs = 0;

  constructor(options: StreamServerOptions) {
    this.#options = options;
    this.#http.on('connection', (socket: Socket) => {
      this.#raws.add(socket);
      socket.on('close', () => this.#raws.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
    this.#timers = [setInterval(() => this.#patrol(), 50), setInterval(() => this.#release(), 5)];
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#http.listen(0, '127.0.0.1', () => resolve((this.#http.address() as AddressInfo).port));
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.cutAll(null);
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      for (const raw of this.#raws) raw.destroy();
    });
  }

  stats(): StreamServerStats {
    return {
      open: this.#connections.size,
      connections: this.#total,
      controlMessages: this.#controlMessages,
      closedForRate: this.#closedForRate,
      streams: [...this.#connections].flatMap((connection) => [...connection.streams]),
      pongs: this.#pongs,
    };
  }

  isBehind(): boolean {
    return [...this.#connections].some(({ socket, dead }) => !dead && socket.bufferedAmount > BEHIND_BYTES);
  }

  /** Ends every connection: with this close code, or without a word. */
  cutAll(code: number | null): void {
    for (const connection of [...this.#connections]) this.#cut(connection, code);
  }

  /** From now on the connections of the moment neither read nor send, and stay open. */
  deaden(): void {
    for (const connection of this.#connections) {
      connection.dead = true;
      connection.raw.pause();
    }
  }

  #cut(connection: Connection, code: number | null): void {
    if (code === null) connection.socket.terminate();
    else connection.socket.close(code);
    this.#connections.delete(connection);
  }

  #upgrade(request: IncomingMessage, raw: Socket, head: Buffer): void {
    raw.on('error', () => raw.destroy());
    const url = new URL(request.url ?? '', 'ws://localhost');
    const route = PATHS.get(url.pathname);
    if (route === undefined || this.#options.faults.isOn('outage')) {
      raw.end(`HTTP/1.1 ${route === undefined ? 404 : 503} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, raw, head, (socket) => {
      const now = performance.now();
      const connection: Connection = {
        socket,
        raw,
        route,
        streams: new Set(),
        held: new Map(),
        openedMs: now,
        recentMs: [],
        heardMs: now,
        late: [],
        dead: false,
      };
      this.#total += 1;
      this.#connections.add(connection);
      socket.on('close', () => this.#connections.delete(connection));
      socket.on('error', () => socket.terminate());
      socket.on('pong', () => {
        this.#pongs += 1;
        connection.heardMs = performance.now();
      });
      socket.on('ping', () => this.#countInbound(connection));
      socket.on('message', (data) => this.#control(connection, data.toString()));
      const named = (url.searchParams.get('streams') ?? '').split('/').filter((name) => name !== '');
      this.#subscribe(connection, named);
    });
  }

  #subscribe(connection: Connection, names: readonly string[]): void {
    for (const name of names) {
      connection.streams.add(name);
      this.#options.onSubscribed(name);
    }
    if (connection.streams.size > STREAMS_MAX) this.#cut(connection, 1008);
  }

  #countInbound(connection: Connection): boolean {
    const now = performance.now();
    connection.recentMs.push(now);
    while (now - (connection.recentMs[0] ?? now) > 1_000) connection.recentMs.shift();
    if (connection.recentMs.length <= MESSAGES_PER_SECOND) return true;
    this.#closedForRate += 1;
    this.#cut(connection, 1008);
    return false;
  }

  #control(connection: Connection, text: string): void {
    this.#controlMessages += 1;
    if (connection.dead || !this.#countInbound(connection)) return;
    const reply = (value: unknown): void => connection.socket.send(JSON.stringify(value));
    let request: { readonly method?: unknown; readonly params?: unknown; readonly id?: unknown };
    try {
      request = JSON.parse(text);
    } catch {
      reply({ code: 3, msg: 'Invalid JSON: expected value at line 1 column 1' });
      return;
    }
    const names = Array.isArray(request.params) ? request.params.filter((n) => typeof n === 'string') : [];
    if (request.method === 'SUBSCRIBE') {
      reply({ result: null, id: request.id });
      this.#subscribe(connection, names);
    } else if (request.method === 'UNSUBSCRIBE') {
      for (const name of names) connection.streams.delete(name);
      reply({ result: null, id: request.id });
    } else if (request.method === 'LIST_SUBSCRIPTIONS') {
      reply({ result: [...connection.streams], id: request.id });
    } else {
      reply({ code: 2, msg: 'Invalid request: unknown variant', id: request.id });
    }
  }

  /** Sends a message to every connection that carries one of these names on the right path. */
  emit(names: readonly string[], data: string): void {
    for (const connection of this.#connections) {
      for (const name of names) {
        const route = PUBLIC_STREAM.test(name) ? 'public' : 'market';
        if (!connection.streams.has(name) || connection.route !== route || connection.dead) continue;
        this.#deliver(connection, name, `{"stream":"${name}","data":${data}}`);
      }
    }
  }

  #deliver(connection: Connection, stream: string, text: string): void {
    const { texts, delayMs } = this.#options.faults.fate(stream, text, connection.held);
    if (texts.length === 0) return;
    const now = performance.now();
    if (delayMs === 0 && connection.late.length === 0) this.#send(connection, texts);
    else connection.late.push({ atMs: now + delayMs, texts });
  }

  #send(connection: Connection, texts: readonly string[]): void {
    if (connection.dead || connection.socket.readyState !== connection.socket.OPEN) return;
    for (const text of texts) connection.socket.send(text);
  }

  /** Sends what was held back and is due. */
  #release(): void {
    const now = performance.now();
    for (const connection of this.#connections) {
      for (
        let first = connection.late[0];
        first !== undefined && first.atMs <= now;
        first = connection.late[0]
      ) {
        connection.late.shift();
        this.#send(connection, first.texts);
      }
    }
  }

  #lastPingMs = performance.now();

  #patrol(): void {
    const now = performance.now();
    const { faults, pingIntervalMs, pongTimeoutMs, maxAgeMs } = this.#options;
    const ping = now - this.#lastPingMs >= pingIntervalMs;
    if (ping) this.#lastPingMs = now;
    const age = faults.isOn('day-cut') ? Math.min(maxAgeMs, faults.tuning.dayMs) : maxAgeMs;
    for (const connection of [...this.#connections]) {
      if (connection.dead) continue;
      if (now - connection.openedMs > age) {
        if (faults.isOn('day-cut')) faults.acted('day-cut');
        this.#cut(connection, 1001);
      } else if (now - connection.heardMs > pongTimeoutMs) {
        this.#cut(connection, 1008);
      } else if (ping) connection.socket.ping(String(Math.round(now)));
    }
  }
}
