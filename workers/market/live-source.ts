/** Live market data through the proxy: one socket, named streams, reconnect with full jitter and no last try. */
import type { Micros } from '../../engine/core/units.ts';
import { decodeDailyCloses } from '../../engine/market/feed/binance/daily-closes.ts';
import {
  binanceInstrumentStreams,
  closesStream,
  snapshotStream,
} from '../../engine/market/wire/binance-streams.ts';
import { decodeRelayFrame } from '../../engine/market/wire/feed-frame.ts';
import {
  PROXY_PROTOCOL,
  type ProxyNotice,
  type ProxyRequest,
} from '../../engine/market/wire/proxy-control.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { TransportState } from '../contract/market-frame.ts';
import { wallMicros } from './clock.ts';
import type { MarketSource, SourceSink } from './source.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
const PING_INTERVAL_MS = 3_000;
/** A socket that said nothing for this long, although pinged, is dead whatever its state says. */
const SILENCE_MS = 10_000;
/** Pings are answered within this time by a proxy that lives. */
const PROXY_QUIET_MS = 2 * PING_INTERVAL_MS;
/** Requests leave one by one: the proxy hears at most ten a second. */
const REQUEST_SPACING_MS = 125;
/** A subscription that was not acknowledged within this time is asked for again. */
const ACK_DEADLINE_MS = 5_000;
/** Daily closes that did not come are asked for again after this time; they are nothing urgent. */
const CLOSES_RETRY_MS = 60_000;
/** A subscription that was refused without a word about when to come back is asked for again after this time. */
const REFUSED_RETRY_MS = 10_000;

/** The proxy's feed as a source. */
export class LiveSource implements MarketSource {
  readonly kind = 'LIVE';
  readonly paper = null;
  readonly busy = false;
  readonly label = 'Binance USDT-M';
  readonly instruments: readonly ContractSpec[];
  readonly #feedUrl: string;
  #sink: SourceSink | null = null;
  readonly #streams: readonly string[];
  #socket: WebSocket | null = null;
  #channels = new Map<number, string>();
  /** Streams that are wanted and not acknowledged, with when each is next to be asked for. */
  #wantedAtMs = new Map<string, number>();
  #subscribedAtMs = 0;
  /** Instruments whose daily closes are wanted, with when they are next to be asked for. */
  readonly #closesAtMs: Map<ContractSpec, number>;
  readonly #closesStreams: ReadonlyMap<string, ContractSpec>;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #heardAtMs = 0;
  #pingedAtMs = Number.NEGATIVE_INFINITY;
  #bestRoundTripMs = Number.POSITIVE_INFINITY;
  readonly #snapshotTimers = new Map<InstrumentId, ReturnType<typeof setTimeout>>();
  #closed = false;

  constructor(feedUrl: string, instruments: readonly ContractSpec[]) {
    this.#feedUrl = feedUrl;
    this.instruments = instruments;
    this.#streams = instruments.flatMap((spec) => binanceInstrumentStreams(spec.symbol));
    this.#closesAtMs = new Map(instruments.map((spec) => [spec, 0]));
    this.#closesStreams = new Map(instruments.map((spec) => [closesStream(spec.symbol), spec]));
  }

  async start(sink: SourceSink): Promise<void> {
    this.#sink = sink;
    this.#connect();
  }

  nowMicros(): Micros {
    return wallMicros();
  }

  pump(): void {
    const nowMs = performance.now();
    const socket = this.#socket;
    if (socket === null) return;
    if (socket.readyState === WebSocket.OPEN) {
      if (nowMs - this.#pingedAtMs > PING_INTERVAL_MS) {
        this.#pingedAtMs = nowMs;
        this.#send({ op: 'ping', sentAtMicros: wallMicros() });
      }
      this.#subscribeNext(nowMs);
    }
    if (nowMs - this.#heardAtMs > SILENCE_MS) this.#drop('the proxy fell silent');
  }

  requestSnapshot(instrument: InstrumentId, delayMs: number): void {
    if (this.#snapshotTimers.has(instrument)) return;
    const spec = this.instruments.find((candidate) => candidate.id === instrument);
    if (spec === undefined) return;
    this.#snapshotTimers.set(
      instrument,
      setTimeout(() => {
        this.#snapshotTimers.delete(instrument);
        if (!this.#send({ op: 'snapshot', venue: spec.venue, symbol: spec.symbol })) {
          this.#sink?.snapshotFailed(instrument, 'no connection to the proxy', null);
        }
      }, delayMs),
    );
  }

  /** One silent instrument is subscribed anew; when the proxy itself is silent too, the connection is renewed. */
  reconnect(instrument: InstrumentId, reason: string): void {
    if (performance.now() - this.#heardAtMs > PROXY_QUIET_MS) {
      this.#drop(reason);
      return;
    }
    const spec = this.instruments.find((candidate) => candidate.id === instrument);
    const depth = spec === undefined ? undefined : binanceInstrumentStreams(spec.symbol)[0];
    if (spec === undefined || depth === undefined) return;
    this.#send({ op: 'unsubscribe', venue: spec.venue, stream: depth });
    this.#wantedAtMs.set(depth, 0);
  }

  #drop(reason: string): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    // A half-open socket may never fire `close`; it is dropped here and its late events are ignored.
    socket.close();
    this.#down(reason);
  }

  async transport(): Promise<void> {}

  transportState(): TransportState {
    return {
      playing: true,
      speed: 1,
      reachedSpeed: 1,
      startMicros: null,
      endMicros: null,
      positionMicros: wallMicros(),
      ended: false,
      seed: null,
      stateHash: null,
      stateHashMicros: null,
    };
  }

  close(): void {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    for (const timer of this.#snapshotTimers.values()) clearTimeout(timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#feedUrl, PROXY_PROTOCOL);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#heardAtMs = performance.now();
    this.#channels = new Map();
    this.#wantedAtMs = new Map(this.#streams.map((stream) => [stream, 0]));
    this.#pingedAtMs = Number.NEGATIVE_INFINITY;
    socket.onopen = () => {
      if (this.#socket === socket) this.#heardAtMs = performance.now();
    };
    // The close that follows says all there is to say.
    socket.onerror = () => {};
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (this.#socket !== socket) return;
      this.#heardAtMs = performance.now();
      if (typeof event.data === 'string') this.#notice(event.data);
      else this.#relay(new Uint8Array(event.data));
    };
    socket.onclose = (event) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#down(event.reason || `connection to the proxy closed (${event.code})`);
    };
  }

  #down(reason: string): void {
    this.#sink?.link(null, false, reason, wallMicros());
    for (const timer of this.#snapshotTimers.values()) clearTimeout(timer);
    this.#snapshotTimers.clear();
    if (this.#closed) return;
    const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt);
    this.#attempt++;
    this.#retry = setTimeout(() => this.#connect(), Math.random() * ceiling);
  }

  /** Sends one subscription when it is time: the wanted set is what counts, not what was once sent. */
  #subscribeNext(nowMs: number): void {
    if (nowMs - this.#subscribedAtMs < REQUEST_SPACING_MS) return;
    const stream = [...this.#wantedAtMs].find(([, dueMs]) => nowMs >= dueMs)?.[0];
    if (stream === undefined) {
      if (this.#wantedAtMs.size === 0) this.#askForCloses(nowMs);
      return;
    }
    this.#subscribedAtMs = nowMs;
    this.#wantedAtMs.set(stream, nowMs + ACK_DEADLINE_MS);
    this.#send({ op: 'subscribe', venue: 'binance-usdm', stream });
  }

  /** Asks for the daily closes of one instrument, once the streams are there. */
  #askForCloses(nowMs: number): void {
    const spec = [...this.#closesAtMs].find(([, dueMs]) => nowMs >= dueMs)?.[0];
    if (spec === undefined) return;
    this.#subscribedAtMs = nowMs;
    this.#closesAtMs.set(spec, nowMs + CLOSES_RETRY_MS);
    this.#send({ op: 'closes', venue: spec.venue, symbol: spec.symbol });
  }

  /** Closes that cannot be read are none, and asked for again like those that did not come. */
  #takeCloses(spec: ContractSpec, payload: Uint8Array): void {
    const read = decodeDailyCloses(new TextDecoder().decode(payload), wallMicros());
    if (!read.ok) return;
    this.#closesAtMs.delete(spec);
    this.#sink?.closes({ instrument: spec.id, ...read.value });
  }

  #send(request: ProxyRequest): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(request));
    return true;
  }

  #relay(bytes: Uint8Array): void {
    const decoded = decodeRelayFrame(bytes);
    if (!decoded.ok) return;
    const stream = this.#channels.get(decoded.value.channel);
    if (stream === undefined) return;
    const { sequence, receivedAtMicros, payload } = decoded.value;
    const ofCloses = this.#closesStreams.get(stream);
    if (ofCloses !== undefined) {
      this.#takeCloses(ofCloses, payload);
      return;
    }
    this.#sink?.frame({ stream, sequence, receivedAtMicros, payload });
  }

  #notice(text: string): void {
    let notice: ProxyNotice;
    try {
      notice = JSON.parse(text) as ProxyNotice;
    } catch {
      this.#drop('the proxy said what cannot be read');
      return;
    }
    if (notice.op === 'hello') this.#attempt = 0;
    else if (notice.op === 'link') this.#link(notice.stream, notice.up, notice.reason);
    else if (notice.op === 'refused') this.#refused(notice);
    else if (notice.op === 'pong') this.#pong(notice);
    else if (notice.op === 'channel') this.#acknowledged(notice.stream, notice.channel);
  }

  #acknowledged(stream: string, channel: number): void {
    // A stream that was asked for anew has a new channel; the old one says nothing more.
    for (const [number, name] of this.#channels) if (name === stream) this.#channels.delete(number);
    this.#channels.set(channel, stream);
    this.#wantedAtMs.delete(stream);
  }

  /** The depth stream's upstream decides whether the book is connected. */
  #link(stream: string, up: boolean, reason: string): void {
    for (const spec of this.instruments) {
      if (stream === binanceInstrumentStreams(spec.symbol)[0])
        this.#sink?.link(spec.id, up, inWords(reason), wallMicros());
    }
  }

  #refused({ stream, reason, retryAfterMs }: ProxyNotice & { op: 'refused' }): void {
    const spec = this.instruments.find((candidate) => stream === snapshotStream(candidate.symbol));
    if (spec !== undefined) {
      this.#sink?.snapshotFailed(spec.id, inWords(reason), retryAfterMs);
      return;
    }
    if (!this.#streams.includes(stream)) return;
    // Acknowledged or not, the stream is wanted: it is asked for again when that makes sense.
    this.#wantedAtMs.set(stream, performance.now() + (retryAfterMs ?? REFUSED_RETRY_MS));
    this.#link(stream, false, `the stream was refused: ${reason}`);
  }

  #pong(notice: ProxyNotice & { op: 'pong' }): void {
    const nowMicros = wallMicros();
    const roundTripMs = (nowMicros - notice.sentAtMicros) / 1_000;
    // The least delayed round trip tells the offset best; it ages so that a clock step is noticed.
    this.#bestRoundTripMs = Math.min(this.#bestRoundTripMs * 1.05, this.#bestRoundTripMs + 5);
    if (roundTripMs > this.#bestRoundTripMs) return;
    this.#bestRoundTripMs = roundTripMs;
    this.#sink?.clockOffset((notice.serverAtMicros - (notice.sentAtMicros + nowMicros) / 2) / 1_000);
  }
}

/** An error of the relay's operating system, such as `connect ECONNREFUSED`, as what it means to a reader. */
function inWords(reason: string): string {
  return /\bE[A-Z_]{4,}\b/.test(reason) ? `the exchange cannot be reached from here (${reason})` : reason;
}
