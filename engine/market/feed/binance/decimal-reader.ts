/** Quoted decimals read straight from their digits: exact multiples of a step, or float64 estimates. */
import type { FailureCode } from '../../../core/failure.ts';
import type { Increment } from '../../../core/units.ts';
import type { ByteCursor } from './byte-cursor.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const POWERS: Float64Array = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const MAX_ESTIMATE_CHARS = 40;

/** What a quoted number must be: whole steps between two bounds. */
export interface StepRule {
  readonly step: Increment;
  /** Failure code when the number is not a whole number of steps. */
  readonly offStep: FailureCode;
  readonly lowest: number;
  readonly highest: number;
  /** For failures, e.g. `a price`. */
  readonly what: string;
}

/** Reads quoted decimals as exact multiples of one step. */
export class StepReader {
  readonly step: Increment;
  readonly #rule: StepRule;
  readonly #scale: number;
  readonly #mantissa: number;
  readonly #lowest: number;
  readonly #highest: number;

  constructor(rule: StepRule) {
    this.step = rule.step;
    this.#rule = rule;
    this.#scale = rule.step.scale;
    this.#mantissa = rule.step.mantissa;
    this.#lowest = rule.lowest;
    this.#highest = rule.highest;
  }

  /**
   * Reads `"61641.50"` as 616415 steps of 0.1. Leaves the cursor after the closing quote.
   *
   * @returns the multiple; 0 after a failure, and then the cursor has failed
   *
   * Fails: `feed/message-malformed` for anything but a quoted plain decimal (exponents, signs on zero, words) or a
   * number below the lowest allowed, the rule's own code off the step, `feed/limit-exceeded` above the highest.
   */
  read(cursor: ByteCursor): number {
    const { bytes } = cursor;
    let pos = cursor.pos;
    if (bytes[pos] !== QUOTE) {
      if (cursor.peek() !== QUOTE) return this.#malformed(cursor);
      pos = cursor.pos;
    }
    pos++;
    const negative = bytes[pos] === MINUS;
    if (negative) pos++;
    const whole = pos;
    let value = 0;
    let c = bytes[pos] as number;
    // A comparison with undefined is false, so the loops end at the end of the bytes.
    while (c >= 0x30 && c <= 0x39) {
      value = value * 10 + (c - 0x30);
      c = bytes[++pos] as number;
    }
    if (pos === whole) return this.#malformed(cursor);
    let missing = this.#scale;
    if (c === DOT) {
      const fraction = pos + 1;
      c = bytes[++pos] as number;
      while (missing > 0 && c >= 0x30 && c <= 0x39) {
        value = value * 10 + (c - 0x30);
        missing--;
        c = bytes[++pos] as number;
      }
      let rest = 0;
      while (c >= 0x30 && c <= 0x39) {
        rest |= c - 0x30;
        c = bytes[++pos] as number;
      }
      if (pos === fraction) return this.#malformed(cursor);
      if (rest !== 0 && c === QUOTE) return this.#offStep(cursor);
    }
    if (c !== QUOTE) return this.#malformed(cursor);
    if (missing > 0) value *= POWERS[missing] as number;
    if (this.#mantissa !== 1) {
      if (value > Number.MAX_SAFE_INTEGER) return this.#outOfRange(cursor, value);
      if (value % this.#mantissa !== 0) return this.#offStep(cursor);
      value /= this.#mantissa;
    }
    if (negative) {
      if (value === 0) return this.#malformed(cursor);
      value = -value;
    }
    if (!(value >= this.#lowest && value <= this.#highest)) return this.#outOfRange(cursor, value);
    cursor.pos = pos + 1;
    return value;
  }

  #malformed(cursor: ByteCursor): 0 {
    cursor.fail('feed/message-malformed', `${this.#rule.what} as a quoted plain decimal`);
    return 0;
  }

  #offStep(cursor: ByteCursor): 0 {
    cursor.fail(this.#rule.offStep, `${this.#rule.what} that is a multiple of ${this.#rule.step.text}`);
    return 0;
  }

  #outOfRange(cursor: ByteCursor, value: number): 0 {
    const { what, lowest, highest } = this.#rule;
    if (value < lowest) cursor.fail('feed/message-malformed', `${what} of at least ${lowest} steps`);
    else cursor.fail('feed/limit-exceeded', `${what} of at most ${highest} steps`);
    return 0;
  }
}

/**
 * Reads a quoted plain decimal as the nearest float64, for estimates (mark, index, funding rate).
 *
 * @returns the number, null for an empty string (the venue's word for "none"); null after a failure
 *
 * Fails: `feed/message-malformed` for anything else.
 */
export function readEstimate(cursor: ByteCursor): number | null {
  const malformed = (): null => {
    cursor.fail('feed/message-malformed', 'a quoted plain decimal');
    return null;
  };
  if (cursor.peek() !== QUOTE) return malformed();
  const { bytes } = cursor;
  const start = cursor.pos + 1;
  let text = '';
  let pos = start;
  for (; bytes[pos] !== QUOTE; pos++) {
    const c = bytes[pos];
    if (c === undefined || pos - start >= MAX_ESTIMATE_CHARS) return malformed();
    text += String.fromCharCode(c);
  }
  if (text === '') {
    cursor.pos = pos + 1;
    return null;
  }
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return malformed();
  cursor.pos = pos + 1;
  // Adding 0 turns the venue's "-0.00000000" into 0.
  return Number(text) + 0;
}
