/** Recordings: one line `<unix nanoseconds> <venue JSON>` a message, read from chunks of any size. */
import { type Micros, micros } from '../../core/units.ts';
import { snapshotStream } from './binance-streams.ts';
import type { FeedFrame } from './feed-frame.ts';

/** A frame and where its line stands in the recording. */
export interface RecordedFrame {
  readonly frame: FeedFrame;
  readonly byteOffset: number;
  /** Counted from 1. */
  readonly line: number;
  /** Symbols whose depth was known when the line was read: a bare book does not say whose it is. */
  readonly symbols: readonly string[];
}

/** How the recorder's clock stands to the venue's: added to every local stamp. */
export interface RecordingClock {
  readonly offsetMicros: number;
}

/** Where in a recording a reader begins. */
export interface RecordingStart {
  readonly clock: RecordingClock;
  readonly byteOffset: number;
  readonly line: number;
  readonly symbols: readonly string[];
  /** No frame is received before this. */
  readonly atMicros: Micros;
}

const LONGEST_LINE_BYTES = 4_000_000;
/** Bytes of a line in which stream name and event time are looked for: they come first. */
const HEAD_BYTES = 220;
/** Messages from which the recorder's clock is judged. */
const CLOCK_SAMPLES = 500;
const MOST_SAMPLES_KEPT = 20;
const MOST_STREAMS = 1_000;
const STAMP_DIGITS = 19;
/** Stands for the stream of a book until it is known whose it is. */
const NAMELESS = '';
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

const STREAM_NAME = /^[a-z0-9_]{2,40}@[A-Za-z0-9@_-]{1,40}$/;
const STREAM_KEY = '{"stream":"';
const SNAPSHOT_KEY = '{"lastUpdateId":';
const EVENT_KEY = '"E":';
const QUOTE = 34;

interface Waiting extends Omit<RecordedFrame, 'symbols'> {
  readonly localMicros: number;
  readonly eventMicros: number | null;
}

/**
 * Reads a recording piece by piece. Broken lines are counted and named, the rest plays.
 *
 * A book may be written bare, as the venue answers it, and then belongs to the one contract whose depth the recording
 * holds; it may come before that depth, among the messages held back. Where several contracts have depth, a bare book
 * is refused: it has to be named by its stream (`<symbol>@depth-snapshot`), for a wrong guess would be a wrong book.
 *
 * The recorder's own clock may run behind the venue's. The first {@link CLOCK_SAMPLES} messages are held back, and the
 * largest amount by which an event time lies ahead of its local stamp is added to all stamps; no frame is received before
 * its event time, nor before the frame in front of it.
 */
export class RecordingReader {
  #rest: Uint8Array = new Uint8Array(0);
  #offset: number;
  #line: number;
  #clock: RecordingClock | null;
  #symbols: readonly string[];
  #waiting: Waiting[] = [];
  #ready: RecordedFrame[] = [];
  #lastMicros: number;
  readonly #streams = new Map<string, string>();
  readonly #sequences = new Map<string, number>();
  #skipping = false;
  #brokenLines = 0;
  readonly #brokenSamples: string[] = [];

  /** @param start - null for the beginning; otherwise what {@link resumeAt} gave for a line */
  constructor(start: RecordingStart | null = null) {
    this.#clock = start?.clock ?? null;
    this.#offset = start?.byteOffset ?? 0;
    this.#line = start?.line ?? 1;
    this.#symbols = start?.symbols ?? [];
    this.#lastMicros = start?.atMicros ?? 0;
  }

  /** Lines read so far, broken ones included. */
  get lines(): number {
    return this.#line - 1;
  }

  get brokenLines(): number {
    return this.#brokenLines;
  }

  /** The first broken lines, each with its number, what was expected and what was found. */
  get brokenSamples(): readonly string[] {
    return this.#brokenSamples;
  }

  /** From where another reader can go on so that it yields the same frames from this one on. */
  resumeAt(recorded: RecordedFrame): RecordingStart {
    return {
      clock: this.#clock ?? { offsetMicros: 0 },
      byteOffset: recorded.byteOffset,
      line: recorded.line,
      symbols: recorded.symbols,
      atMicros: recorded.frame.receivedAtMicros,
    };
  }

  /** Takes the next bytes; payloads of frames are views into them, so they must not be changed afterwards. */
  push(chunk: Uint8Array): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE, from); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#takeLine(this.#join(chunk.subarray(from, end)), 1);
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    if (this.#skipping) this.#offset += rest.length;
    else this.#rest = this.#join(rest);
    if (this.#rest.length > LONGEST_LINE_BYTES) this.#skipLine();
  }

  /** Tells that no bytes follow: a last line without a line end counts, and what was held back is given. */
  end(): void {
    if (this.#rest.length > 0) this.#takeLine(this.#rest, 0);
    this.#settleClock();
  }

  /** Frames read since the last call, in order. */
  take(): readonly RecordedFrame[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  /** Names a line that could be split but not understood by whoever read its frame. */
  report(line: number, message: string): void {
    this.#brokenLines++;
    if (this.#brokenSamples.length < MOST_SAMPLES_KEPT) this.#brokenSamples.push(`line ${line}: ${message}`);
  }

  #join(piece: Uint8Array): Uint8Array {
    if (this.#rest.length === 0) return piece;
    const joined = new Uint8Array(this.#rest.length + piece.length);
    joined.set(this.#rest);
    joined.set(piece, this.#rest.length);
    this.#rest = new Uint8Array(0);
    return joined;
  }

  #skipLine(): void {
    this.report(this.#line, `expected at most ${LONGEST_LINE_BYTES} bytes, found more`);
    this.#offset += this.#rest.length;
    this.#rest = new Uint8Array(0);
    this.#skipping = true;
  }

  #takeLine(bytes: Uint8Array, lineEnd: number): void {
    const byteOffset = this.#offset;
    const line = this.#line;
    this.#rest = new Uint8Array(0);
    this.#offset += bytes.length + lineEnd;
    this.#line++;
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    const text = bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
    if (text.length === 0) return;
    const read = this.#readLine(text, byteOffset, line);
    if (typeof read === 'string') this.report(line, read);
    else this.#hold(read);
  }

  #readLine(bytes: Uint8Array, byteOffset: number, line: number): Waiting | string {
    const localMicros = readDigits(bytes, 0, STAMP_DIGITS - 3);
    const stamped =
      localMicros !== null && readDigits(bytes, 0, STAMP_DIGITS) !== null && bytes[STAMP_DIGITS] === SPACE;
    if (!stamped)
      return `expected a stamp of 19 digits (Unix nanoseconds), found "${ascii(bytes.subarray(0, 24))}"`;
    const json = bytes.subarray(STAMP_DIGITS + 1);
    const stream = this.#stream(json);
    if (stream === null) {
      return `expected a combined stream message or a book snapshot, found "${ascii(json.subarray(0, 40))}"`;
    }
    if (bytes.at(-1) !== 0x7d) return 'expected a line that ends with "}", found one that is cut off';
    const eventAt = indexOf(json, EVENT_KEY, HEAD_BYTES);
    const eventMs = eventAt < 0 ? null : readDigits(json, eventAt + EVENT_KEY.length, 13);
    return {
      frame: { stream, sequence: 0, receivedAtMicros: micros(localMicros), payload: json },
      byteOffset,
      line,
      localMicros,
      eventMicros: eventMs === null ? null : eventMs * 1_000,
    };
  }

  #stream(json: Uint8Array): string | null {
    if (startsWith(json, STREAM_KEY)) {
      const name = ascii(json.subarray(STREAM_KEY.length, json.indexOf(QUOTE, STREAM_KEY.length)));
      const stream = this.#streams.get(name) ?? (STREAM_NAME.test(name) ? name : null);
      if (stream === null) return null;
      if (!this.#streams.has(name) && this.#streams.size < MOST_STREAMS) this.#streams.set(name, stream);
      if (stream.includes('@depth')) this.#noteDepth(stream.slice(0, stream.indexOf('@')));
      return stream;
    }
    return startsWith(json, SNAPSHOT_KEY) ? NAMELESS : null;
  }

  #noteDepth(symbol: string): void {
    if (!this.#symbols.includes(symbol) && this.#symbols.length < MOST_STREAMS)
      this.#symbols = [...this.#symbols, symbol];
  }

  #hold(waiting: Waiting): void {
    if (this.#clock !== null) {
      this.#release(waiting, this.#clock.offsetMicros);
      return;
    }
    this.#waiting.push(waiting);
    if (this.#waiting.length >= CLOCK_SAMPLES) this.#settleClock();
  }

  #settleClock(): void {
    if (this.#clock === null && this.#waiting.length > 0) {
      let offsetMicros = 0;
      for (const { eventMicros, localMicros } of this.#waiting) {
        if (eventMicros !== null) offsetMicros = Math.max(offsetMicros, eventMicros - localMicros);
      }
      this.#clock = { offsetMicros };
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const frame of waiting) this.#release(frame, this.#clock?.offsetMicros ?? 0);
  }

  #release(waiting: Waiting, offsetMicros: number): void {
    const { frame, byteOffset, line, localMicros, eventMicros } = waiting;
    const symbols = this.#symbols;
    const [symbol] = symbols;
    if (frame.stream === NAMELESS && (symbol === undefined || symbols.length > 1)) {
      const found = symbols.length > 1 ? `depth of ${symbols.slice(0, 4).join(', ')}` : 'no depth';
      this.report(line, `expected depth of one contract to tell whose book this is, found ${found}`);
      return;
    }
    const stream = frame.stream === NAMELESS ? snapshotStream(symbol ?? '') : frame.stream;
    const sequence = this.#sequences.get(stream) ?? 0;
    this.#sequences.set(stream, sequence + 1);
    const received = Math.max(localMicros + offsetMicros, eventMicros ?? 0, this.#lastMicros);
    this.#lastMicros = received;
    const receivedAtMicros: Micros = micros(received);
    this.#ready.push({ frame: { ...frame, stream, sequence, receivedAtMicros }, byteOffset, line, symbols });
  }
}

/** Reads exactly `count` digits at `at`; null when one of them is none. */
function readDigits(bytes: Uint8Array, at: number, count: number): number | null {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}

function startsWith(bytes: Uint8Array, text: string, at: number = 0): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

function indexOf(bytes: Uint8Array, text: string, within: number): number {
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0 && at < within; at = bytes.indexOf(first, at + 1)) {
    if (startsWith(bytes, text, at)) return at;
  }
  return -1;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 100));
}
