/** Reads lists of price levels: a tight loop for the venue's own spelling, a tolerant one for every other. */
import { type ByteCursor, CLOSE_BRACKET, COMMA } from './byte-cursor.ts';
import type { StepReader } from './decimal-reader.ts';
import { type LevelBuffer, MAX_LEVELS_PER_SIDE } from './level-buffer.ts';

const OPEN_BRACKET = 0x5b;

/** Reads `[["61641.50","1.211"],…]` into a buffer. */
export class LevelReader {
  readonly #prices: StepReader;
  readonly #sizes: StepReader;
  readonly #priceScale: number;
  readonly #sizeScale: number;
  /** The tight loop knows steps that are powers of ten. */
  readonly #canBeTight: boolean;

  constructor(prices: StepReader, sizes: StepReader) {
    this.#prices = prices;
    this.#sizes = sizes;
    this.#priceScale = prices.step.scale;
    this.#sizeScale = sizes.step.scale;
    this.#canBeTight = prices.step.mantissa === 1 && sizes.step.mantissa === 1;
  }

  /** Reads the list at the cursor; false after a failure, with the level noted in the cursor. */
  read(cursor: ByteCursor, out: LevelBuffer): boolean {
    out.count = 0;
    if (!cursor.take(OPEN_BRACKET)) return false;
    if (cursor.takeIf(CLOSE_BRACKET)) return true;
    for (;;) {
      if (this.#canBeTight) {
        const end = this.#tight(cursor.bytes, cursor.pos, out);
        cursor.pos = end < 0 ? ~end : end;
        if (end < 0) break;
      }
      // What the tight loop does not take, this reads or refuses, one level at a time.
      cursor.level = out.count;
      if (out.count === out.priceTicks.length && !out.grow()) {
        return cursor.fail('feed/limit-exceeded', `at most ${MAX_LEVELS_PER_SIDE} levels`);
      }
      if (!cursor.take(OPEN_BRACKET)) return false;
      out.priceTicks[out.count] = this.#prices.read(cursor);
      if (cursor.failed || !cursor.take(COMMA)) return false;
      out.sizeLots[out.count] = this.#sizes.read(cursor);
      if (cursor.failed || !cursor.take(CLOSE_BRACKET)) return false;
      out.count++;
      if (!cursor.takeIf(COMMA)) break;
    }
    cursor.level = -1;
    return cursor.take(CLOSE_BRACKET);
  }

  /**
   * Reads levels spelled `["digits.digits","digits.digits"],` while there is no white space and the numbers are
   * short and on the step. Returns the position of the first level it did not take, or, after the last level of the
   * list, the bitwise complement of the position behind it.
   *
   * A read past the end is undefined, which fails every comparison, and a loop over digits ends there too.
   */
  #tight(bytes: Uint8Array, from: number, out: LevelBuffer): number {
    const { priceTicks, sizeLots } = out;
    const priceScale = this.#priceScale;
    const sizeScale = this.#sizeScale;
    const room = priceTicks.length;
    let start = from;
    while (out.count < room) {
      if (bytes[start] !== 0x5b || bytes[start + 1] !== 0x22) break;
      let pos = start + 2;
      let price = 0;
      let c = bytes[pos] as number;
      while (c >= 0x30 && c <= 0x39) {
        price = (price * 10 + (c - 0x30)) | 0;
        c = bytes[++pos] as number;
      }
      // Stays 0 or above while every byte that must be a digit is one.
      let check = pos - start - 3;
      if (c === 0x2e) {
        let k = priceScale;
        for (; k >= 2; k -= 2) {
          const a = (bytes[++pos] as number) - 0x30;
          const b = (bytes[++pos] as number) - 0x30;
          check |= a | (9 - a) | b | (9 - b);
          price = (price * 100 + a * 10 + b) | 0;
        }
        if (k === 1) {
          const a = (bytes[++pos] as number) - 0x30;
          check |= a | (9 - a);
          price = (price * 10 + a) | 0;
        }
        do c = bytes[++pos] as number;
        while (c === 0x30);
      } else if (priceScale > 0) break;
      // Nine digits fit 32 bits.
      if (pos > start + 11 || c !== 0x22 || bytes[pos + 1] !== 0x2c || bytes[pos + 2] !== 0x22) break;
      pos += 3;
      const sizeStart = pos;
      let size = 0;
      c = bytes[pos] as number;
      while (c >= 0x30 && c <= 0x39) {
        size = (size * 10 + (c - 0x30)) | 0;
        c = bytes[++pos] as number;
      }
      check |= pos - sizeStart - 1;
      if (c === 0x2e) {
        let k = sizeScale;
        for (; k >= 2; k -= 2) {
          const a = (bytes[++pos] as number) - 0x30;
          const b = (bytes[++pos] as number) - 0x30;
          check |= a | (9 - a) | b | (9 - b);
          size = (size * 100 + a * 10 + b) | 0;
        }
        if (k === 1) {
          const a = (bytes[++pos] as number) - 0x30;
          check |= a | (9 - a);
          size = (size * 10 + a) | 0;
        }
        do c = bytes[++pos] as number;
        while (c === 0x30);
      } else if (sizeScale > 0) break;
      if (pos > sizeStart + 9 || c !== 0x22 || bytes[pos + 1] !== 0x5d) break;
      if (check < 0 || price === 0) break;
      priceTicks[out.count] = price;
      sizeLots[out.count++] = size;
      start = pos + 3;
      if (bytes[pos + 2] !== 0x2c) return ~(pos + 2);
    }
    return start;
  }
}
