// The bare pre-trade check that the guard is measured against: twelve checks over typed arrays, a bit mask, a token bucket.

const RATE_PER_SECOND = 50;
const BURST = 100;

/** Twelve checks and nothing else: no reasons, no trust, no dates, no configuration by symbol. */
export class BareCheck {
  readonly #marks: Float64Array;
  readonly #lots: Float64Array;
  readonly #bands: Float64Array;
  readonly #mostLots: Float64Array;
  readonly #enabled: Uint8Array;
  readonly #floors: Float64Array;
  readonly #rates: Float64Array;
  readonly #amounts: Float64Array;
  readonly #bracketsEach: number;
  #gross: number;
  #maintenance: number;
  readonly #balance: number;
  #tokens = BURST;
  #lastSeconds = 0;
  killed = 0;

  constructor(
    symbols: number,
    marks: Float64Array,
    lots: Float64Array,
    brackets: { floors: Float64Array; rates: Float64Array; amounts: Float64Array; each: number },
    balance: number,
  ) {
    this.#marks = marks;
    this.#lots = lots;
    this.#bands = new Float64Array(symbols).fill(0.05);
    this.#mostLots = new Float64Array(symbols).fill(1e7);
    this.#enabled = new Uint8Array(symbols).fill(1);
    this.#floors = brackets.floors;
    this.#rates = brackets.rates;
    this.#amounts = brackets.amounts;
    this.#bracketsEach = brackets.each;
    this.#balance = balance;
    this.#gross = 0;
    this.#maintenance = 0;
    for (let s = 0; s < symbols; s++) {
      const notional = Math.abs(lots[s] as number) * 0.001 * (marks[s] as number);
      this.#gross += notional;
      this.#maintenance += this.#requirement(s, notional);
    }
  }

  /** The checks that fail, as bits. */
  check(symbol: number, change: number, price: number, leverage: number, seconds: number): number {
    let mask = this.killed;
    const mark = this.#marks[symbol] as number;
    const held = this.#lots[symbol] as number;
    const after = held + change;
    const now = Math.abs(held) * 0.001 * mark;
    const next = Math.abs(after) * 0.001 * mark;
    const gross = this.#gross - now + next;
    if (this.#enabled[symbol] === 0) mask |= 2;
    if (Math.abs(change) > 1e7) mask |= 4;
    if (Math.abs(change) * 0.001 * mark > 1e8) mask |= 8;
    if (Math.abs(price - mark) > (this.#bands[symbol] as number) * mark) mask |= 16;
    if (Math.abs(after) > (this.#mostLots[symbol] as number)) mask |= 32;
    if (gross > 20 * this.#balance) mask |= 64;
    if (leverage > 125) mask |= 128;
    if (next / leverage > this.#balance) mask |= 256;
    if (next > 0.5 * 20 * this.#balance) mask |= 512;
    const maintenance = this.#maintenance - this.#requirement(symbol, now) + this.#requirement(symbol, next);
    if (this.#balance < 1.2 * maintenance) mask |= 1024;
    this.#tokens = Math.min(BURST, this.#tokens + (seconds - this.#lastSeconds) * RATE_PER_SECOND);
    this.#lastSeconds = seconds;
    if (this.#tokens < 1) mask |= 2048;
    else this.#tokens -= 1;
    return mask;
  }

  #requirement(symbol: number, notional: number): number {
    let at = symbol * this.#bracketsEach;
    const last = at + this.#bracketsEach - 1;
    while (at < last && (this.#floors[at + 1] as number) < notional) at++;
    return notional * (this.#rates[at] as number) - (this.#amounts[at] as number);
  }
}
