/** The true book, kept by the exchange's own rule as plainly as can be: a quantity replaces, a zero removes. */

/** A level in the exchange's own text. */
export type TextLevel = readonly [price: string, size: string];

/** Prices are recorded with two decimals and sizes with three; as integers they sort and compare exactly. */
const PRICE_SCALE = 100;
const SIZE_SCALE = 1000;

function scaled(text: string, scale: number): number {
  const value = Math.round(Number(text) * scale);
  if (!Number.isSafeInteger(value)) throw new Error(`not a number of the recording: ${text}`);
  return value;
}

export function priceText(scaledPrice: number): string {
  return (scaledPrice / PRICE_SCALE).toFixed(2);
}

export function sizeText(scaledSize: number): string {
  return (scaledSize / SIZE_SCALE).toFixed(3);
}

/** One side: prices ascending in one array, sizes in a map. */
class Side {
  readonly prices: number[] = [];
  readonly sizes = new Map<number, number>();

  set(level: TextLevel): void {
    const price = scaled(level[0], PRICE_SCALE);
    const size = scaled(level[1], SIZE_SCALE);
    const known = this.sizes.has(price);
    if (size === 0) {
      if (!known) return;
      this.sizes.delete(price);
      this.prices.splice(this.#place(price), 1);
      return;
    }
    if (!known) this.prices.splice(this.#place(price), 0, price);
    this.sizes.set(price, size);
  }

  /** Index of the first price that is not below `price`. */
  #place(price: number): number {
    let low = 0;
    let high = this.prices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.prices[middle] ?? 0) < price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A depth update or snapshot as parsed JSON. */
export interface DepthUpdate {
  readonly E: number;
  readonly T: number;
  readonly U: number;
  readonly u: number;
  readonly pu: number;
  readonly b: readonly TextLevel[];
  readonly a: readonly TextLevel[];
}

export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly E: number;
  readonly T: number;
  readonly bids: readonly TextLevel[];
  readonly asks: readonly TextLevel[];
}

export class TrueBook {
  readonly #bids = new Side();
  readonly #asks = new Side();
  lastUpdateId: number;
  eventMs: number;
  tradeMs: number;

  constructor(snapshot: DepthSnapshot) {
    for (const level of snapshot.bids) this.#bids.set(level);
    for (const level of snapshot.asks) this.#asks.set(level);
    this.lastUpdateId = snapshot.lastUpdateId;
    this.eventMs = snapshot.E;
    this.tradeMs = snapshot.T;
  }

  /** Applies the next update; throws when it does not follow, because the recording has no gap. */
  apply(update: DepthUpdate): void {
    const follows =
      update.pu === this.lastUpdateId || (update.U <= this.lastUpdateId && this.lastUpdateId <= update.u);
    if (!follows) throw new Error(`update ${update.u} does not follow ${this.lastUpdateId}`);
    for (const level of update.b) this.#bids.set(level);
    for (const level of update.a) this.#asks.set(level);
    this.lastUpdateId = update.u;
    this.eventMs = update.E;
    this.tradeMs = update.T;
  }

  get levelCounts(): readonly [bids: number, asks: number] {
    return [this.#bids.prices.length, this.#asks.prices.length];
  }

  /** Best `count` levels of a side as scaled integers, best first: price, size, price, size. */
  best(side: 'bid' | 'ask', count: number): number[] {
    const { prices, sizes } = side === 'bid' ? this.#bids : this.#asks;
    const found: number[] = [];
    for (let i = 0; i < Math.min(count, prices.length); i++) {
      const price = prices[side === 'bid' ? prices.length - 1 - i : i] ?? 0;
      found.push(price, sizes.get(price) ?? 0);
    }
    return found;
  }

  /** Best `count` levels of a side in the exchange's text, best first. */
  levels(side: 'bid' | 'ask', count: number): readonly TextLevel[] {
    return textLevels(this.best(side, count));
  }

  /** The middle between the best bid and the best ask. */
  get middle(): number {
    const [bid = 0] = this.best('bid', 1);
    const [ask = 0] = this.best('ask', 1);
    return (bid + ask) / 2 / PRICE_SCALE;
  }
}

/** Scaled pairs as text levels. */
export function textLevels(pairs: ArrayLike<number>): readonly TextLevel[] {
  const levels: TextLevel[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [price, size] = [pairs[i] ?? 0, pairs[i + 1] ?? 0];
    if (price !== 0) levels.push([priceText(price), sizeText(size)]);
  }
  return levels;
}
