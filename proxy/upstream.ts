/** The shared connection of one stream class: however many pages listen, the venue sees one subscriber. */

import type { Micros } from '../engine/core/units.ts';
import { backoffMs } from './backoff.ts';
import type { ProxyLimits } from './limits.ts';
import type { Resolve } from './pinned-address.ts';
import { Splice } from './splice.ts';
import { UpstreamSocket } from './upstream-socket.ts';
import { isBusyStream } from './venue-table.ts';

/** One page's interest in one stream. */
export interface StreamListener {
  onFrame(payload: Buffer): void;
  onLink(up: boolean, reason: string): void;
  onRefused(reason: string, retryAfterMs: number | null): void;
}

export interface UpstreamOptions {
  readonly venue: string;
  readonly route: string;
  readonly url: string;
  readonly local: boolean;
  readonly resolve: Resolve;
  readonly random: () => number;
  /** The wall clock. */
  readonly now: () => Micros;
  readonly limits: ProxyLimits;
}

/** What one upstream did so far. */
export interface UpstreamStats {
  readonly venue: string;
  readonly route: string;
  readonly streams: number;
  readonly open: boolean;
  readonly connections: number;
  readonly rollovers: number;
  readonly frames: number;
  readonly malformed: number;
  readonly lastDown: string;
}

interface StreamState {
  readonly listeners: Set<StreamListener>;
  /** Whether the connection is open and carries the stream. */
  up: boolean;
  reason: string;
  /** Went down by saying nothing: an acknowledgement is then no proof of life, only a message is. */
  silent: boolean;
  lastFrameMs: number;
  /** How long silence lasts before the stream is asked for again; doubles each time. */
  patienceMs: number;
  /** Set when the last listener left: the stream is kept a little for one that comes back. */
  emptySinceMs: number | null;
}

const PATIENCE_CAP_MS = 300_000;
const TICK_MS = 1_000;
/** A tick that comes later than this says that this process stood still, and judges nobody. */
const TICK_LATE_MS = 500;
/** The wall clock ran on by this much more than this process: the machine slept, and its connections may be dead. */
const SLEPT_MS = 5_000;

export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #streams = new Map<string, StreamState>();
  #socket: UpstreamSocket | null = null;
  #next: UpstreamSocket | null = null;
  #splice: Splice | null = null;
  #spliceTimer: NodeJS.Timeout | null = null;
  #connectTimer: NodeJS.Timeout | null = null;
  #rolloverTimer: NodeJS.Timeout | null = null;
  readonly #tickTimer: NodeJS.Timeout;
  #lastTickMs = performance.now();
  #lastWallMs: number;
  /** When it was lost and nothing has come since; null while frames come. */
  #goneSinceMs: number | null = null;
  #connections = 0;
  #rollovers = 0;
  #frames = 0;
  #malformed = 0;
  #lastDown = '';

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#lastWallMs = options.now() / 1_000;
    this.#tickTimer = setInterval(() => this.#tick(), Math.min(TICK_MS, options.limits.silenceMs / 4));
  }

  get stats(): UpstreamStats {
    return {
      venue: this.#options.venue,
      route: this.#options.route,
      streams: this.#streams.size,
      open: this.#socket?.isOpen ?? false,
      connections: this.#connections,
      rollovers: this.#rollovers,
      frames: this.#frames,
      malformed: this.#malformed + (this.#socket?.malformed ?? 0),
      lastDown: this.#lastDown,
    };
  }

  /** Adds a listener; returns why it cannot be, or null. */
  add(stream: string, listener: StreamListener): string | null {
    let state = this.#streams.get(stream);
    if (state === undefined) {
      if (this.#streams.size >= this.#options.limits.streamsPerUpstream) return 'too many streams at once';
      state = {
        listeners: new Set(),
        up: false,
        reason: 'connecting',
        silent: false,
        lastFrameMs: performance.now(),
        patienceMs: this.#options.limits.silenceMs,
        emptySinceMs: null,
      };
      this.#streams.set(stream, state);
      this.#wantedChanged();
    }
    state.listeners.add(listener);
    state.emptySinceMs = null;
    listener.onLink(state.up, state.reason);
    return null;
  }

  remove(stream: string, listener: StreamListener): void {
    const state = this.#streams.get(stream);
    if (state === undefined) return;
    state.listeners.delete(listener);
    if (state.listeners.size === 0) state.emptySinceMs ??= performance.now();
  }

  close(): void {
    clearInterval(this.#tickTimer);
    for (const timer of [this.#connectTimer, this.#rolloverTimer, this.#spliceTimer]) {
      if (timer !== null) clearTimeout(timer);
    }
    this.#socket?.close();
    this.#next?.close();
    this.#streams.clear();
  }

  #wanted(): ReadonlySet<string> {
    return new Set(this.#streams.keys());
  }

  #wantedChanged(): void {
    if (this.#socket === null) this.#connectIn(this.#options.limits.gatherMs);
    else this.#socket.want(this.#wanted());
    this.#next?.want(this.#wanted());
  }

  #connectIn(delayMs: number): void {
    if (this.#connectTimer !== null || this.#socket !== null) return;
    this.#connectTimer = setTimeout(() => {
      this.#connectTimer = null;
      if (this.#streams.size > 0) this.#socket = this.#connect();
    }, delayMs);
  }

  #connect(): UpstreamSocket {
    const options = { ...this.#options, turn: this.#connections };
    const socket: UpstreamSocket = new UpstreamSocket(options, this.#wanted(), {
      onOpen: () => this.#opened(socket),
      onCarried: (streams) => {
        if (socket === this.#socket) this.#carried(streams);
      },
      onFrame: (stream, payload) => this.#received(socket, stream, payload),
      onRefused: (streams, reason) => this.#refused(streams, reason),
      onDown: (reason, holdMs) => this.#down(socket, reason, holdMs),
    });
    this.#connections += 1;
    return socket;
  }

  #opened(socket: UpstreamSocket): void {
    if (socket === this.#next) {
      this.#splice = new Splice((stream, payload) => this.#forward(stream, payload));
      this.#spliceTimer = setTimeout(() => this.#takeOver(), this.#options.limits.spliceMs);
    } else {
      this.#planRollover();
    }
  }

  #planRollover(): void {
    const { limits, random } = this.#options;
    const jitter = limits.rolloverJitterMs * (2 * random() - 1);
    this.#rolloverIn(Math.max(0, limits.rolloverAfterMs + jitter));
  }

  #rolloverIn(ms: number): void {
    if (this.#rolloverTimer !== null) clearTimeout(this.#rolloverTimer);
    this.#rolloverTimer = setTimeout(() => {
      this.#rolloverTimer = null;
      if (this.#socket?.isOpen === true && this.#next === null) this.#next = this.#connect();
    }, ms);
  }

  #carried(streams: readonly string[]): void {
    for (const stream of streams) {
      const state = this.#streams.get(stream);
      if (state === undefined || state.up || state.silent) continue;
      state.lastFrameMs = performance.now();
      this.#link(state, true, 'connected');
    }
  }

  #link(state: StreamState, up: boolean, reason: string): void {
    state.up = up;
    state.reason = reason;
    for (const listener of state.listeners) listener.onLink(up, reason);
  }

  #received(socket: UpstreamSocket, stream: string, payload: Buffer): void {
    this.#goneSinceMs = null;
    if (this.#splice === null) {
      if (socket === this.#socket) this.#forward(stream, payload);
      return;
    }
    if (socket === this.#next) this.#splice.fromNew(stream, payload);
    else this.#splice.fromOld(stream, payload);
    if (this.#splice.overfull || this.#splice.joinedAll(this.#streams.keys())) this.#takeOver();
  }

  #forward(stream: string, payload: Buffer): void {
    const state = this.#streams.get(stream);
    if (state === undefined) return;
    this.#frames += 1;
    state.lastFrameMs = performance.now();
    state.patienceMs = this.#options.limits.silenceMs;
    state.silent = false;
    if (!state.up) this.#link(state, true, 'messages arrive');
    for (const listener of state.listeners) listener.onFrame(payload);
  }

  /** The new connection becomes the only one. */
  #takeOver(): void {
    if (this.#spliceTimer !== null) clearTimeout(this.#spliceTimer);
    this.#spliceTimer = null;
    this.#splice?.finish();
    this.#splice = null;
    this.#retire(this.#socket);
    this.#socket = this.#next;
    this.#next = null;
    this.#rollovers += 1;
    this.#planRollover();
  }

  #retire(socket: UpstreamSocket | null): void {
    if (socket === null) return;
    this.#malformed += socket.malformed;
    socket.close();
  }

  #refused(streams: readonly string[], reason: string): void {
    for (const stream of streams) {
      const state = this.#streams.get(stream);
      if (state === undefined) continue;
      this.#streams.delete(stream);
      for (const listener of state.listeners) listener.onRefused(reason, null);
    }
    this.#wantedChanged();
  }

  #down(socket: UpstreamSocket, reason: string, holdMs: number): void {
    const { limits, random } = this.#options;
    this.#lastDown = reason;
    this.#malformed += socket.malformed;
    if (socket === this.#next) {
      // The old connection still carries everything: forget what was held back and try again later.
      this.#next = null;
      if (this.#spliceTimer !== null) clearTimeout(this.#spliceTimer);
      this.#splice = null;
      this.#rolloverIn(Math.max(holdMs, limits.reconnectCapMs * (1 + random())));
      return;
    }
    if (socket !== this.#socket) return;
    this.#socket = null;
    if (this.#splice !== null) {
      this.#takeOver();
      return;
    }
    if (this.#rolloverTimer !== null) clearTimeout(this.#rolloverTimer);
    for (const state of this.#streams.values()) {
      state.silent = false;
      this.#link(state, false, reason);
    }
    if (this.#next !== null) {
      // Its successor is already on the way.
      this.#socket = this.#next;
      this.#next = null;
      return;
    }
    const now = performance.now();
    this.#goneSinceMs ??= now;
    const wait = backoffMs(now - this.#goneSinceMs, limits.reconnectFirstMs, limits.reconnectCapMs, random);
    this.#connectIn(Math.max(holdMs, wait));
  }

  #tick(): void {
    const now = performance.now();
    const period = Math.min(TICK_MS, this.#options.limits.silenceMs / 4);
    const late = now - this.#lastTickMs - period;
    this.#lastTickMs = now;
    if (this.#slept(period + late)) return;
    this.#dropEmpty(now);
    const socket = this.#socket;
    if (late > TICK_LATE_MS || socket === null || !socket.isOpen || this.#splice !== null) return;
    const busy = [...this.#streams].filter(([stream]) => isBusyStream(stream));
    const patienceMs = socket.patienceMs;
    if (busy.length > 0 && now - socket.lastMessageMs > patienceMs) {
      socket.end(`no message in ${patienceMs / 1000} s on the ${this.#options.route} streams`);
      return;
    }
    const silent = busy.filter(([, state]) => now - state.lastFrameMs > state.patienceMs);
    if (silent.length === 0) return;
    const seconds = this.#options.limits.silenceMs / 1000;
    // Others speak on the same connection, so only these subscriptions are in doubt.
    for (const [, state] of silent) {
      state.patienceMs = Math.min(PATIENCE_CAP_MS, state.patienceMs * 2);
      state.silent = true;
      if (state.up) this.#link(state, false, `no message in ${seconds} s`);
    }
    socket.ask(silent.map(([stream]) => stream));
  }

  /** Renews the connections after a sleep; a clock that merely stood still with this process shows no difference. */
  #slept(passedMs: number): boolean {
    const wallMs = this.#options.now() / 1_000;
    const sleptMs = wallMs - this.#lastWallMs - passedMs;
    this.#lastWallMs = wallMs;
    if (sleptMs < SLEPT_MS) return false;
    this.#next?.end('this machine slept');
    this.#socket?.end('this machine slept');
    return true;
  }

  #dropEmpty(now: number): void {
    let dropped = this.#streams.size === 0 && this.#socket !== null;
    for (const [stream, state] of this.#streams) {
      if (state.emptySinceMs === null || now - state.emptySinceMs < this.#options.limits.lingerMs) continue;
      this.#streams.delete(stream);
      dropped = true;
    }
    if (!dropped) return;
    if (this.#streams.size > 0) {
      this.#wantedChanged();
      return;
    }
    this.#retire(this.#socket);
    this.#retire(this.#next);
    this.#socket = null;
    this.#next = null;
    this.#splice = null;
    for (const timer of [this.#rolloverTimer, this.#spliceTimer]) if (timer !== null) clearTimeout(timer);
  }
}
