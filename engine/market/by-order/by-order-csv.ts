/** Reads an order-by-order recording (CSV, one message a line) from bytes as they come; broken lines are named, not fatal. */
import { type Failure, type FailureCode, failure } from '../../core/failure.ts';
import type { Increment } from '../../core/units.ts';
import type { ByOrderKind, ByOrderMessage } from './by-order-message.ts';

/** The first line of a recording. */
export const BY_ORDER_CSV_HEADER = 'ts_event_ns,order_id,action,side,price,size,flags,sequence';
/** Longest line accepted, in bytes. */
export const MAX_BY_ORDER_LINE_BYTES = 512;
/** Broken lines kept with their reason; the rest are counted only. */
export const MAX_BROKEN_LINES_KEPT = 20;

/** Flag bits of the feed: last message of an event; part of a snapshot. */
const FLAG_LAST = 128;
const FLAG_SNAPSHOT = 32;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const KINDS: ReadonlyMap<number, ByOrderKind> = new Map([
  [0x41, 'add'],
  [0x43, 'cancel'],
  [0x4d, 'modify'],
  [0x54, 'trade'],
  [0x46, 'fill'],
  [0x52, 'clear'],
]);
const SIDES: ReadonlyMap<number, ByOrderMessage['side']> = new Map([
  [0x42, 'bid'],
  [0x41, 'ask'],
  [0x4e, 'none'],
]);

/** A line that could not be read. `line` counts from 1, the header included. */
export interface BrokenLine {
  readonly line: number;
  readonly failure: Failure;
}

/**
 * Turns bytes into messages. Chunks may end anywhere; {@link end} gives up a last line without line feed.
 *
 * A line fails with `feed/message-malformed` (a field missing, not a number, side or header unknown, too long),
 * `feed/message-unknown` (action unknown), `feed/price-off-tick` or `feed/id-not-safe`.
 */
export class ByOrderCsvReader {
  readonly #tick: Increment;
  #rest: Uint8Array = new Uint8Array(0);
  #bytes: Uint8Array = this.#rest;
  #pos = 0;
  #end = 0;
  #lines = 0;
  #brokenLines = 0;
  #skipping = false;
  readonly #broken: BrokenLine[] = [];

  constructor(tickSize: Increment) {
    this.#tick = tickSize;
  }

  /** Lines seen, the header and broken ones included. */
  get lines(): number {
    return this.#lines;
  }

  /** Lines that gave no message. */
  get brokenLines(): number {
    return this.#brokenLines;
  }

  /** The first {@link MAX_BROKEN_LINES_KEPT} of them. */
  get broken(): readonly BrokenLine[] {
    return this.#broken;
  }

  /** Reads a chunk and hands every message to `take`, in order. The chunk is not kept. */
  push(chunk: Uint8Array, take: (message: ByOrderMessage) => void): void {
    const bytes = joined(this.#rest, chunk);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, start);
      if (end < 0) break;
      this.#line(bytes, start, end, take);
      start = end + 1;
    }
    if (bytes.length - start > MAX_BY_ORDER_LINE_BYTES) {
      // Named when its line feed comes; its bytes need not be kept for that.
      this.#skipping = true;
      start = bytes.length;
    }
    this.#rest = bytes.slice(start);
  }

  /** Reads what is left as a line. */
  end(take: (message: ByOrderMessage) => void): void {
    if (this.#rest.length > 0 || this.#skipping) this.#line(this.#rest, 0, this.#rest.length, take);
    this.#rest = new Uint8Array(0);
  }

  #line(bytes: Uint8Array, start: number, lineEnd: number, take: (message: ByOrderMessage) => void): void {
    this.#lines++;
    const end = lineEnd > start && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
    const tooLong = this.#skipping || end - start > MAX_BY_ORDER_LINE_BYTES;
    this.#skipping = false;
    this.#bytes = bytes;
    this.#pos = start;
    this.#end = end;
    if (tooLong) {
      this.#fail('feed/message-malformed', `a line of at most ${MAX_BY_ORDER_LINE_BYTES} bytes`, start);
    } else if (this.#lines === 1) {
      if (this.#text(start) !== BY_ORDER_CSV_HEADER)
        this.#fail('feed/message-malformed', 'the header', start);
    } else {
      const message = this.#message();
      if (message !== null) take(message);
    }
  }

  #message(): ByOrderMessage | null {
    const start = this.#pos;
    const atMicros = this.#integer(3, true);
    const orderId = this.#integer(0, true);
    const kind = this.#letter(KINDS);
    const side = this.#letter(SIDES);
    const price = this.#price();
    // A clear has no price; some recordings leave the field empty.
    const priceTicks = kind === 'clear' ? 0 : price;
    const sizeLots = this.#integer(0, true);
    const flags = this.#integer(0, true);
    const sequence = this.#integer(0, false);
    if (orderId === UNSAFE) return this.#fail('feed/id-not-safe', 'an order id below 2^53', start);
    if (kind === undefined) return this.#fail('feed/message-unknown', 'an action of A C M T F R', start);
    if (priceTicks === OFF_TICK) {
      return this.#fail('feed/price-off-tick', `a price that is a multiple of ${this.#tick.text}`, start);
    }
    if (
      side === undefined ||
      ![atMicros, orderId, sizeLots, flags, sequence, priceTicks].every(Number.isSafeInteger) ||
      this.#pos !== this.#end
    ) {
      return this.#fail(
        'feed/message-malformed',
        'eight fields: time, order id, action, side, price, size, flags, sequence',
        start,
      );
    }
    return {
      kind,
      side,
      orderId,
      priceTicks,
      sizeLots,
      atMicros,
      sequence,
      endsEvent: (flags & FLAG_LAST) !== 0,
      fromSnapshot: (flags & FLAG_SNAPSHOT) !== 0,
    };
  }

  /** Digits up to the comma (or the end), the last `dropped` of them cut off; NaN when it is anything else. */
  #integer(dropped: number, comma: boolean): number {
    const first = this.#pos;
    let last = first;
    while (last < this.#end && this.#bytes[last] !== COMMA) last++;
    let value = 0;
    for (let i = first; i < last; i++) {
      const digit = (this.#bytes[i] as number) - 0x30;
      if (digit < 0 || digit > 9) value = Number.NaN;
      else if (i < last - dropped) value = value * 10 + digit;
    }
    const closed = comma ? last < this.#end : last === this.#end;
    this.#pos = comma ? last + 1 : last;
    if (last - first <= dropped || !closed) return Number.NaN;
    return value > Number.MAX_SAFE_INTEGER ? UNSAFE : value;
  }

  #letter<T>(letters: ReadonlyMap<number, T>): T | undefined {
    const letter = letters.get(this.#bytes[this.#pos] as number);
    const single = this.#bytes[this.#pos + 1] === COMMA && this.#pos + 1 < this.#end;
    while (this.#pos < this.#end && this.#bytes[this.#pos] !== COMMA) this.#pos++;
    this.#pos++;
    return single ? letter : undefined;
  }

  /** A decimal up to the comma as a count of ticks; NaN when malformed, {@link OFF_TICK} between ticks. */
  #price(): number {
    const negative = this.#bytes[this.#pos] === MINUS;
    if (negative) this.#pos++;
    let value = 0;
    let digits = 0;
    let places = -1;
    let off = false;
    let malformed = false;
    for (; this.#pos < this.#end && this.#bytes[this.#pos] !== COMMA; this.#pos++) {
      const byte = this.#bytes[this.#pos] as number;
      const digit = byte - 0x30;
      if (byte === DOT && places < 0 && digits > 0) places = 0;
      else if (digit < 0 || digit > 9) malformed = true;
      else {
        digits++;
        if (places >= 0 && ++places > this.#tick.scale) off ||= digit !== 0;
        else value = value * 10 + digit;
      }
    }
    this.#pos++;
    const steps = value * 10 ** (this.#tick.scale - Math.min(Math.max(places, 0), this.#tick.scale));
    if (malformed || digits === 0 || places === 0 || steps > Number.MAX_SAFE_INTEGER) return Number.NaN;
    if (off || steps % this.#tick.mantissa !== 0) return OFF_TICK;
    const ticks = steps / this.#tick.mantissa;
    return negative && ticks !== 0 ? -ticks : ticks;
  }

  #fail(code: FailureCode, expected: string, start: number): null {
    this.#brokenLines++;
    if (this.#broken.length < MAX_BROKEN_LINES_KEPT) {
      const excerpt = this.#text(start).slice(0, 80);
      this.#broken.push({
        line: this.#lines,
        failure: failure(code, `expected ${expected} in line ${this.#lines}, found "${excerpt}"`, {
          line: this.#lines,
          excerpt,
        }),
      });
    }
    return null;
  }

  /** Printable text of the line. */
  #text(start: number): string {
    let text = '';
    for (let i = start; i < Math.min(this.#end, start + MAX_BY_ORDER_LINE_BYTES); i++) {
      const c = this.#bytes[i] as number;
      text += c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : '·';
    }
    return text;
  }
}

/** Stands for an integer too large to be exact. */
const UNSAFE = Number.POSITIVE_INFINITY;
/** Stands for a price between two ticks. */
const OFF_TICK = Number.POSITIVE_INFINITY;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
