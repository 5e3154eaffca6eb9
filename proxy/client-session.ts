/** One page on the feed socket: reads what it asks, within its limits, and keeps watch that it is still there. */

import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Micros } from '../engine/core/units.ts';
import { closesStream, snapshotStream } from '../engine/market/wire/binance-streams.ts';
import type { ProxyRequest } from '../engine/market/wire/proxy-control.ts';
import { type Channel, ClientOutbox } from './client-outbox.ts';
import { readControlRequest } from './control-request.ts';
import { FrameTracker } from './frame-tracker.ts';
import type { ProxyLimits } from './limits.ts';
import { RateWindow } from './rate-window.ts';
import type { RelayHub } from './relay-hub.ts';
import type { StreamListener } from './upstream.ts';
import type { RestResource } from './venue-table.ts';

/** Close codes of RFC 6455: unsupported data, policy violation. */
const CLOSE_UNSUPPORTED = 1003;
const CLOSE_POLICY = 1008;
const WATCH_MS = 250;

interface Subscription {
  readonly channel: Channel;
  readonly listener: StreamListener;
}

export interface ClientSessionOptions {
  readonly hub: RelayHub;
  readonly limits: ProxyLimits;
  readonly now: () => Micros;
  /** Told once, with what ended the session. */
  readonly onEnd: (reason: string) => void;
}

export class ClientSession {
  readonly #client: WebSocket;
  readonly #raw: Socket;
  readonly #options: ClientSessionOptions;
  readonly #outbox: ClientOutbox;
  readonly #tracker = new FrameTracker();
  readonly #controlRate: RateWindow;
  readonly #pingRate: RateWindow;
  readonly #waiting: string[] = [];
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #restChannels = new Map<string, Channel>();
  #controlTimer: NodeJS.Timeout | null = null;
  readonly #watchTimer: NodeJS.Timeout;
  readonly #pingTimer: NodeJS.Timeout;
  #bytesAtPing = -1;
  #missed = 0;
  #nextChannel = 1;
  #endReason: string | null = null;
  #ended = false;

  constructor(client: WebSocket, raw: Socket, options: ClientSessionOptions) {
    const { limits, now } = options;
    this.#client = client;
    this.#raw = raw;
    this.#options = options;
    this.#outbox = new ClientOutbox(client, limits, now, (reason) => this.#cut(reason));
    this.#controlRate = new RateWindow(limits.controlPerSecond, 1_000);
    this.#pingRate = new RateWindow(limits.pingsPerSecond, 1_000);
    this.#watchTimer = setInterval(() => this.#watch(), WATCH_MS);
    this.#pingTimer = setInterval(() => this.#ping(), limits.pingIntervalMs);
    // Before the library's own listener, so that the beginning of a message is known before its end.
    raw.prependListener('data', (bytes) => this.#tracker.push(bytes, performance.now()));
    client.on('message', (data, isBinary) => this.#message(data, isBinary));
    client.on('ping', () => this.#countPing());
    client.on('pong', () => this.#countPing());
    client.on('error', (error) => this.#cut(error.message));
    client.on('close', () => this.#end('closed by the page'));
    this.#outbox.tell({ op: 'hello', serverAtMicros: now() });
  }

  get outbox(): ClientOutbox {
    return this.#outbox;
  }

  /** Cuts the connection off at once: a page that broke a limit is not waited for. */
  #cut(reason: string): void {
    this.#endReason ??= reason;
    this.#client.terminate();
    this.#end(reason);
  }

  /** Closes with a code that the page can read; the library cuts it off when the page does not answer. */
  #close(code: number, reason: string): void {
    this.#endReason ??= reason;
    this.#client.close(code, reason);
    this.#end(reason);
  }

  /** Ends the session from our side. */
  end(): void {
    this.#cut('the proxy stops');
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#watchTimer);
    clearInterval(this.#pingTimer);
    if (this.#controlTimer !== null) clearTimeout(this.#controlTimer);
    this.#waiting.length = 0;
    for (const { channel, listener } of this.#subscriptions.values()) {
      this.#options.hub.unlisten(channel.venue, channel.stream, listener);
    }
    this.#subscriptions.clear();
    this.#options.onEnd(this.#endReason ?? reason);
  }

  #message(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    if (isBinary) {
      this.#close(CLOSE_UNSUPPORTED, 'text messages only');
      return;
    }
    if (this.#waiting.length >= this.#options.limits.controlWaiting) {
      this.#close(CLOSE_POLICY, 'too many control messages');
      return;
    }
    this.#waiting.push(data.toString());
    this.#serveWaiting();
  }

  /** Serves control messages in order, at most so many in any second. */
  #serveWaiting(): void {
    if (this.#controlTimer !== null) return;
    while (this.#waiting.length > 0 && !this.#ended) {
      const now = performance.now();
      if (!this.#controlRate.take(now)) {
        this.#controlTimer = setTimeout(() => {
          this.#controlTimer = null;
          this.#serveWaiting();
        }, this.#controlRate.waitMs(now));
        return;
      }
      const request = readControlRequest(this.#waiting.shift() ?? '');
      if (request === null) this.#close(CLOSE_POLICY, 'malformed control message');
      else this.#serve(request);
    }
  }

  #serve(request: ProxyRequest): void {
    if (request.op === 'ping') {
      const serverAtMicros = this.#options.now();
      this.#outbox.tell({ op: 'pong', sentAtMicros: request.sentAtMicros, serverAtMicros });
    } else if (request.op === 'subscribe') this.#subscribe(request.venue, request.stream);
    else if (request.op === 'unsubscribe') this.#unsubscribe(request.venue, request.stream);
    else this.#fetch(request.venue, request.op, request.symbol);
  }

  #refuse(venue: string, stream: string, reason: string, retryAfterMs: number | null): void {
    this.#outbox.tell({ op: 'refused', venue, stream, reason, retryAfterMs });
  }

  #openChannel(venue: string, stream: string): Channel {
    const channel = { venue, stream, number: this.#nextChannel++, sequence: 0, skipped: 0 };
    return channel;
  }

  #announce({ venue, stream, number }: Channel): void {
    this.#outbox.tell({ op: 'channel', venue, stream, channel: number });
  }

  #subscribe(venue: string, stream: string): void {
    const key = `${venue} ${stream}`;
    const known = this.#subscriptions.get(key);
    if (known !== undefined) {
      this.#announce(known.channel);
      return;
    }
    const most = this.#options.limits.streamsPerClient;
    if (this.#subscriptions.size >= most) {
      this.#refuse(venue, stream, `at most ${most} streams for one page`, null);
      return;
    }
    // Asked before it is announced, so that a stream that does not exist never gets a channel.
    const upstream = this.#options.hub.upstream(venue, stream);
    if (typeof upstream === 'string') {
      this.#refuse(venue, stream, upstream, null);
      return;
    }
    const channel = this.#openChannel(venue, stream);
    const listener: StreamListener = {
      onFrame: (payload) => this.#outbox.frame(channel, payload),
      onLink: (up, reason) => this.#outbox.tell({ op: 'link', venue, stream, up, reason }),
      onRefused: (reason, retryAfterMs) => {
        this.#subscriptions.delete(key);
        this.#refuse(venue, stream, reason, retryAfterMs);
      },
    };
    this.#announce(channel);
    const refusal = upstream.add(stream, listener);
    if (refusal === null) this.#subscriptions.set(key, { channel, listener });
    else this.#refuse(venue, stream, refusal, null);
  }

  #unsubscribe(venue: string, stream: string): void {
    const key = `${venue} ${stream}`;
    const known = this.#subscriptions.get(key);
    if (known === undefined) return;
    this.#subscriptions.delete(key);
    this.#options.hub.unlisten(venue, stream, known.listener);
  }

  #fetch(venue: string, resource: RestResource, symbol: string): void {
    const named = this.#options.hub.restRequest(venue, resource, symbol);
    if (typeof named === 'string') {
      const stream = resource === 'snapshot' ? snapshotStream(symbol) : closesStream(symbol);
      this.#refuse(venue, stream, named, null);
      return;
    }
    const { stream } = named;
    const key = `${venue} ${stream}`;
    let channel = this.#restChannels.get(key);
    if (channel === undefined) {
      if (this.#restChannels.size >= this.#options.limits.streamsPerClient) {
        this.#refuse(venue, stream, 'too many symbols for one page', null);
        return;
      }
      channel = this.#openChannel(venue, stream);
      this.#restChannels.set(key, channel);
      this.#announce(channel);
    }
    const target = channel;
    void this.#options.hub.fetch(venue, resource, symbol).then((answer) => {
      if (this.#ended) return;
      if (answer.kind === 'refused') this.#refuse(venue, stream, answer.reason, answer.retryAfterMs);
      else if (!this.#outbox.frame(target, answer.payload)) {
        this.#refuse(venue, stream, 'this page reads too slowly', 1_000);
      }
    });
  }

  #countPing(): void {
    if (!this.#pingRate.take(performance.now())) this.#cut('too many pings');
  }

  #watch(): void {
    this.#outbox.report();
    const openSince = this.#tracker.openSinceMs;
    if (openSince !== null && performance.now() - openSince > this.#options.limits.messageDeadlineMs) {
      this.#cut('message not completed in time');
    }
  }

  /**
   * Pings, and judges by bytes received since the last ping, not by when timers ran: a process that stood still finds
   * the bytes waiting and cuts nobody off.
   */
  #ping(): void {
    const bytes = this.#raw.bytesRead;
    this.#missed = bytes === this.#bytesAtPing ? this.#missed + 1 : 0;
    this.#bytesAtPing = bytes;
    if (this.#missed >= this.#options.limits.missedPings) this.#cut('no answer to pings');
    else this.#client.ping();
  }
}
