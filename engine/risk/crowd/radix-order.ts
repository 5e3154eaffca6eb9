/** Orders many integers at once: a stable counting sort by digits, linear in their number. */

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * The order of the keys: indices such that keys ascend, equal keys by index.
 *
 * @param keys - 32-bit integers, at most 2^31 apart
 */
export function orderByKey(keys: Int32Array): Uint32Array {
  const count = keys.length;
  let least = 0x7fff_ffff;
  let most = -0x8000_0000;
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let next = new Uint32Array(count);
  const starts = new Uint32Array(DIGITS);
  for (let shift = 0; shift < 32 && (most - least) / 2 ** shift >= 1; shift += DIGIT_BITS) {
    starts.fill(0);
    for (let i = 0; i < count; i++) {
      const digit = (((keys[i] as number) - least) >>> shift) & (DIGITS - 1);
      starts[digit] = (starts[digit] as number) + 1;
    }
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const here = starts[digit] as number;
      starts[digit] = start;
      start += here;
    }
    for (let i = 0; i < count; i++) {
      const from = order[i] as number;
      const digit = (((keys[from] as number) - least) >>> shift) & (DIGITS - 1);
      const to = starts[digit] as number;
      next[to] = from;
      starts[digit] = to + 1;
    }
    [order, next] = [next, order];
  }
  return order;
}
