/** One connection to a venue: opened at a pinned address, its subscriptions paced and acknowledged, its silence noticed. */

import { type ClientOptions, WebSocket } from 'ws';
import { replyOf, streamOf } from './envelope.ts';
import type { ProxyLimits } from './limits.ts';
import { pinAddress, pinnedLookup, type Resolve } from './pinned-address.ts';
import { RateWindow } from './rate-window.ts';

/** A SUBSCRIBE that was not answered within this time is sent again. */
const ACK_MS = 5_000;
const ACK_TRIES = 3;
/** A younger connection counts as this old, so that it takes a few messages, not a second of them, to be called lively. */
const LEAST_LIFE_SECONDS = 0.4;

export interface UpstreamSocketOptions {
  readonly url: string;
  readonly local: boolean;
  readonly resolve: Resolve;
  readonly limits: ProxyLimits;
  /** Counts connections to this address, to go round the venue's addresses. */
  readonly turn: number;
}

/** What a connection tells its owner. After `onDown` it tells nothing more. */
export interface UpstreamSocketEvents {
  onOpen(): void;
  /** The venue carries these streams from now on. */
  onCarried(streams: readonly string[]): void;
  onFrame(stream: string, payload: Buffer): void;
  onRefused(streams: readonly string[], reason: string): void;
  /** @param holdMs - how long the venue asked us to stay away; 0 when it asked nothing */
  onDown(reason: string, holdMs: number): void;
}

interface Pending {
  readonly streams: readonly string[];
  readonly sentAtMs: number;
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
}

export class UpstreamSocket {
  readonly #options: UpstreamSocketOptions;
  readonly #events: UpstreamSocketEvents;
  readonly #pace: RateWindow;
  /** Streams that the owner wants. */
  #wanted: ReadonlySet<string>;
  /** Streams that the venue was asked for and that are not known to be refused. */
  readonly #asked = new Set<string>();
  readonly #unanswered = new Map<number, Pending>();
  readonly #tries = new Map<string, number>();
  #nextId = 1;
  #socket: WebSocket | null = null;
  #flushTimer: NodeJS.Timeout | null = null;
  #pingTimer: NodeJS.Timeout | null = null;
  #isOpen = false;
  #ended = false;
  #lastHeardMs = performance.now();
  malformed = 0;

  constructor(options: UpstreamSocketOptions, wanted: ReadonlySet<string>, events: UpstreamSocketEvents) {
    this.#options = options;
    this.#wanted = wanted;
    this.#events = events;
    this.#pace = new RateWindow(options.limits.upstreamMessagesPerSecond, 1_000);
    void this.#connect();
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#ended;
  }

  /** When the last text message arrived (monotonic milliseconds). */
  lastMessageMs = performance.now();
  #openedMs = 0;
  #messages = 0;

  /** How long this connection may say nothing: a lively one not as long as a quiet one. */
  get patienceMs(): number {
    const { livelyPerSecond, livelySilenceMs, silenceMs } = this.#options.limits;
    const seconds = (this.lastMessageMs - this.#openedMs) / 1_000;
    return this.#messages > livelyPerSecond * Math.max(LEAST_LIFE_SECONDS, seconds)
      ? Math.min(livelySilenceMs, silenceMs)
      : silenceMs;
  }

  async #connect(): Promise<void> {
    const { limits, local, resolve, turn } = this.#options;
    const streams = [...this.#wanted];
    const url = new URL(this.#options.url);
    // Names are checked against the stream grammar and need no escaping; the venue expects them plain.
    url.search = `?streams=${streams.join('/')}`;
    try {
      const pinned = await pinAddress(url, local, resolve, turn);
      if (this.#ended) return;
      const options = {
        lookup: pinnedLookup(pinned),
        // Said in full, because an environment variable could switch the default off.
        rejectUnauthorized: true,
        followRedirects: false,
        perMessageDeflate: false,
        maxPayload: limits.upstreamMaxPayloadBytes,
        maxFragments: limits.maxFragments,
        maxBufferedChunks: limits.maxBufferedChunks,
        maxPendingAutoPongs: limits.maxPendingAutoPongs,
        handshakeTimeout: limits.handshakeTimeoutMs,
        closeTimeout: limits.closeTimeoutMs,
        skipUTF8Validation: false,
        maxHeaderSize: limits.maxHeaderBytes,
      };
      const socket = new WebSocket(url, options as ClientOptions);
      this.#socket = socket;
      this.#listen(socket, streams);
    } catch (error) {
      this.#down(error instanceof Error ? error.message : 'cannot connect', 0);
    }
  }

  #listen(socket: WebSocket, streams: readonly string[]): void {
    socket.on('open', () => {
      if (this.#ended) return;
      this.#isOpen = true;
      this.lastMessageMs = performance.now();
      this.#openedMs = this.lastMessageMs;
      for (const stream of streams) this.#asked.add(stream);
      this.#pingTimer = setInterval(() => this.#ping(), this.#options.limits.upstreamPingIntervalMs);
      this.#events.onOpen();
      this.#events.onCarried(streams);
      this.#flush();
    });
    socket.on('message', (data, isBinary) => this.#message(data as Buffer, isBinary));
    const heard = (): void => {
      this.#lastHeardMs = performance.now();
    };
    socket.on('ping', heard);
    socket.on('pong', heard);
    socket.on('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0;
      const retryAfter = Number(response.headers['retry-after'] ?? 0);
      request.destroy();
      this.#down(`the venue answered ${status}`, Number.isFinite(retryAfter) ? retryAfter * 1000 : 0);
    });
    socket.on('error', (error) => this.#down(error.message, 0));
    socket.on('close', (code) => this.#down(`closed with code ${code}`, 0));
  }

  #message(payload: Buffer, isBinary: boolean): void {
    if (this.#ended) return;
    this.#lastHeardMs = performance.now();
    this.lastMessageMs = this.#lastHeardMs;
    this.#messages += 1;
    const stream = isBinary ? null : streamOf(payload);
    if (stream !== null) {
      this.#events.onFrame(stream, payload);
      return;
    }
    const reply = isBinary ? null : replyOf(payload);
    const pending = reply === null ? undefined : this.#unanswered.get(reply.id);
    if (reply === null || pending === undefined) {
      this.malformed += 1;
      return;
    }
    this.#unanswered.delete(reply.id);
    for (const name of pending.streams) this.#tries.delete(name);
    if (pending.method === 'UNSUBSCRIBE') return;
    if (reply.refusal === null) this.#events.onCarried(pending.streams);
    else this.#events.onRefused(pending.streams, reply.refusal);
  }

  /** Sets what is wanted; the difference is sent, paced. */
  want(streams: ReadonlySet<string>): void {
    this.#wanted = streams;
    this.#flush();
  }

  /** Asks again for streams that were asked for and stay silent. */
  ask(streams: readonly string[]): void {
    for (const stream of streams) this.#asked.delete(stream);
    this.#flush();
  }

  #flush(): void {
    if (!this.isOpen || this.#flushTimer !== null) return;
    const gone = [...this.#asked].filter((stream) => !this.#wanted.has(stream));
    const fresh = [...this.#wanted].filter((stream) => !this.#asked.has(stream));
    if (gone.length > 0 && this.#send('UNSUBSCRIBE', gone)) {
      for (const stream of gone) this.#asked.delete(stream);
    }
    if (fresh.length > 0 && this.#send('SUBSCRIBE', fresh)) {
      for (const stream of fresh) this.#asked.add(stream);
    }
    const left = gone.some((s) => this.#asked.has(s)) || fresh.some((s) => !this.#asked.has(s));
    if (!left && this.#unanswered.size === 0) return;
    const wait = left ? Math.max(1, this.#pace.waitMs(performance.now())) : ACK_MS / 5;
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = null;
      this.#askAgain();
      this.#flush();
    }, wait);
  }

  #send(method: Pending['method'], streams: readonly string[]): boolean {
    const now = performance.now();
    if (!this.#pace.take(now)) return false;
    const id = this.#nextId++;
    this.#unanswered.set(id, { streams, sentAtMs: now, method });
    this.#socket?.send(JSON.stringify({ method, params: streams, id }));
    return true;
  }

  /** A request that got no answer is made again; after a few times the connection is not to be trusted. */
  #askAgain(): void {
    const now = performance.now();
    for (const [id, pending] of this.#unanswered) {
      if (now - pending.sentAtMs < ACK_MS) continue;
      this.#unanswered.delete(id);
      for (const stream of pending.streams) {
        const tries = (this.#tries.get(stream) ?? 1) + 1;
        this.#tries.set(stream, tries);
        if (tries > ACK_TRIES) {
          this.end('the venue does not acknowledge subscriptions');
          return;
        }
        if (pending.method === 'SUBSCRIBE') this.#asked.delete(stream);
        else this.#asked.add(stream);
      }
    }
  }

  #ping(): void {
    const quiet = performance.now() - this.#lastHeardMs;
    if (quiet > this.#options.limits.upstreamPingIntervalMs * this.#options.limits.missedPings) {
      this.end('no answer to pings');
      return;
    }
    this.#socket?.ping();
  }

  /** Ends the connection because it is faulty; the owner hears why. */
  end(reason: string): void {
    this.#down(reason, 0);
  }

  /** Ends the connection because it is not needed; nothing is told. */
  close(): void {
    this.#ended = true;
    this.#release();
    const socket = this.#socket;
    if (socket === null) return;
    if (socket.readyState === WebSocket.OPEN) socket.close(1000);
    else socket.terminate();
  }

  #down(reason: string, holdMs: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#release();
    this.#socket?.terminate();
    this.#events.onDown(reason, holdMs);
  }

  #release(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    if (this.#pingTimer !== null) clearInterval(this.#pingTimer);
  }
}
