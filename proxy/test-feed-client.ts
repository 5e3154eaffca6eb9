/** A page on the feed socket, for tests: asks, and keeps everything that it is told. */

import { WebSocket } from 'ws';
import { decodeRelayFrame } from '../engine/market/wire/feed-frame.ts';
import { PROXY_PROTOCOL, type ProxyNotice, type ProxyRequest } from '../engine/market/wire/proxy-control.ts';

/** A relayed frame with its channel resolved. */
export interface ReceivedFrame {
  readonly stream: string;
  readonly sequence: number;
  readonly receivedAtMicros: number;
  readonly text: string;
}

export interface FeedClientOptions {
  readonly origin?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

export class FeedClient {
  readonly socket: WebSocket;
  readonly notices: ProxyNotice[] = [];
  readonly frames: ReceivedFrame[] = [];
  readonly #names = new Map<number, string>();
  readonly opened: Promise<void>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** HTTP status when the upgrade was refused. */
  refusedStatus: number | null = null;

  constructor(proxyUrl: string, options: FeedClientOptions = {}) {
    const url = `${proxyUrl.replace('http', 'ws')}/feed`;
    this.socket = new WebSocket(url, [...(options.protocols ?? [PROXY_PROTOCOL])], {
      headers: {
        ...('origin' in options
          ? options.origin === undefined
            ? {}
            : { Origin: options.origin }
          : { Origin: proxyUrl }),
        ...options.headers,
      },
      perMessageDeflate: false,
    });
    this.socket.on('error', () => {});
    this.socket.on('unexpected-response', (request, response) => {
      this.refusedStatus = response.statusCode ?? 0;
      request.destroy();
      this.socket.terminate();
    });
    this.opened = new Promise((resolve) => this.socket.on('open', () => resolve()));
    this.closed = new Promise((resolve) =>
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
    this.socket.on('message', (data, isBinary) => this.#message(data as Buffer, isBinary));
  }

  #message(data: Buffer, isBinary: boolean): void {
    if (!isBinary) {
      const notice = JSON.parse(data.toString()) as ProxyNotice;
      if (notice.op === 'channel') this.#names.set(notice.channel, notice.stream);
      this.notices.push(notice);
      return;
    }
    const frame = decodeRelayFrame(data);
    if (!frame.ok) throw new Error(frame.failure.message);
    const { channel, sequence, receivedAtMicros, payload } = frame.value;
    const stream = this.#names.get(channel);
    if (stream === undefined) throw new Error(`frame on channel ${channel}, which was never told`);
    this.frames.push({ stream, sequence, receivedAtMicros, text: Buffer.from(payload).toString() });
  }

  ask(request: ProxyRequest): void {
    this.socket.send(JSON.stringify(request));
  }

  subscribe(...streams: readonly string[]): void {
    for (const stream of streams) this.ask({ op: 'subscribe', venue: 'binance-usdm', stream });
  }

  snapshot(symbol: string): void {
    this.ask({ op: 'snapshot', venue: 'binance-usdm', symbol });
  }

  told<Op extends ProxyNotice['op']>(op: Op): readonly Extract<ProxyNotice, { op: Op }>[] {
    return this.notices.filter((notice): notice is Extract<ProxyNotice, { op: Op }> => notice.op === op);
  }

  of(stream: string): readonly ReceivedFrame[] {
    return this.frames.filter((frame) => frame.stream === stream);
  }
}

/** Waits; at most a few hundred times, so that a test that hangs says what it waited for. */
export async function until(what: string, condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`did not happen in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
