/** Writes JSON as bytes into a buffer that is used again and again. */
import { assert } from '../core/assert.ts';
import type { Increment } from '../core/units.ts';

const ZERO = 0x30;
const BILLION = 1_000_000_000;

/** The bytes of ASCII text. */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    assert(code < 128, `ASCII expected, found "${text}"`);
    bytes[i] = code;
  }
  return bytes;
}

/** How a multiple of an increment is written, worked out once. */
export class DecimalFormat {
  readonly mantissa: number;
  readonly scale: number;
  readonly power: number;

  constructor(step: Increment) {
    this.mantissa = step.mantissa;
    this.scale = step.scale;
    let power = 1;
    for (let i = 0; i < step.scale; i++) power *= 10;
    this.power = power;
    assert(this.power < BILLION, `at most eight decimals, found ${step.text}`);
  }
}

/** Eight decimals, as the venue writes mark and index prices. */
const EIGHT_DECIMALS = 8;
const EIGHT_POWER = 100_000_000;

/** A growing byte buffer with the few writers that the wire needs. */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** Copies out what was written and starts anew. */
  take(): Uint8Array {
    const out = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return out;
  }

  /** Writes bytes made by {@link asciiBytes}. */
  raw(bytes: Uint8Array): void {
    const n = bytes.length;
    this.#reserve(n);
    const to = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < n; i++) to[at++] = bytes[i] as number;
    this.#length = at;
  }

  /** Writes one ASCII character. */
  char(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = code;
  }

  /** Writes a safe integer that is not negative. */
  integer(n: number): void {
    this.#reserve(20);
    if (n < BILLION) {
      this.#digits(n, digitsOf(n));
      return;
    }
    const high = Math.floor(n / BILLION);
    if (high < BILLION) this.#digits(high, digitsOf(high));
    else this.integer(high);
    this.#digits(n - high * BILLION, 9);
  }

  /** Writes `multiple` × the increment as decimal text with the increment's own number of decimals. */
  decimal(multiple: number, format: DecimalFormat): void {
    let scaled = multiple * format.mantissa;
    if (scaled < 0) {
      this.char(0x2d);
      scaled = 0 - scaled;
    }
    if (format.scale === 0) {
      this.integer(scaled);
      return;
    }
    const whole = Math.floor(scaled / format.power);
    this.integer(whole);
    this.char(0x2e);
    this.#reserve(format.scale);
    this.#digits(scaled - whole * format.power, format.scale);
  }

  /** Writes a float rounded to eight decimals. */
  float(value: number): void {
    let scaled = Math.round(Math.abs(value) * EIGHT_POWER);
    if (value < 0 && scaled > 0) this.char(0x2d);
    const whole = Math.floor(scaled / EIGHT_POWER);
    scaled -= whole * EIGHT_POWER;
    this.integer(whole);
    this.char(0x2e);
    this.#reserve(EIGHT_DECIMALS);
    this.#digits(scaled, EIGHT_DECIMALS);
  }

  /** Writes exactly `count` digits of an integer below 10^9; room has been reserved. */
  #digits(n: number, count: number): void {
    const to = this.#bytes;
    let left = n | 0;
    for (let i = this.#length + count - 1; i >= this.#length; i--) {
      const tenth = (left / 10) | 0;
      to[i] = ZERO + left - tenth * 10;
      left = tenth;
    }
    this.#length += count;
  }

  #reserve(n: number): void {
    if (this.#length + n <= this.#bytes.length) return;
    const wider = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + n));
    wider.set(this.#bytes);
    this.#bytes = wider;
  }
}

function digitsOf(n: number): number {
  if (n < 10_000) return n < 100 ? (n < 10 ? 1 : 2) : n < 1_000 ? 3 : 4;
  if (n < 1_000_000) return n < 100_000 ? 5 : 6;
  if (n < 10_000_000) return 7;
  return n < 100_000_000 ? 8 : 9;
}
