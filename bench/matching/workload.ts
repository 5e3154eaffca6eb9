/** Neutral order-flow workloads: seeded, generated in code against a plain reference book, with the trades they must give. */
import { Rng } from '../../engine/core/rng.ts';

/** One event is five integers: kind, id, side, price, lots. */
export const STRIDE = 5;
/** Kinds of events. A modify either takes size off at the same price or moves the order to another passive price. */
export const LIMIT = 0;
export const CANCEL = 1;
export const MARKET = 2;
export const MODIFY = 3;

export interface WorkloadShape {
  readonly name: string;
  readonly seed: number;
  readonly events: number;
  /** Mean and cap of the exponential distance of passive orders from the middle, in ticks. */
  readonly meanTicks: number;
  readonly capTicks: number;
  /** Shares of the mix in parts of a thousand; limits take the rest. `takingLimits` is a part of the limits. */
  readonly cancels: number;
  readonly markets: number;
  readonly modifies: number;
  readonly takingLimits: number;
  /** Lots of a taking order: 1..this. Passive orders have 1..100. */
  readonly takeLots: number;
  /** Passive orders placed before the events begin. */
  readonly prefill: number;
}

export const WIDE: WorkloadShape = {
  name: 'wide',
  seed: 1,
  events: 1_000_000,
  meanTicks: 200,
  capTicks: 4000,
  cancels: 369,
  markets: 35,
  modifies: 30,
  takingLimits: 35,
  takeLots: 450,
  prefill: 0,
};

export const NARROW: WorkloadShape = {
  name: 'narrow',
  seed: 2,
  events: 1_000_000,
  meanTicks: 8,
  capTicks: 60,
  cancels: 319,
  markets: 35,
  modifies: 30,
  takingLimits: 35,
  takeLots: 402,
  prefill: 0,
};

/** The wide mix with half a million orders resting all the time. */
export const LIVE_500K: WorkloadShape = {
  ...WIDE,
  name: 'live500k',
  seed: 3,
  takeLots: 235,
  prefill: 500_000,
};

export interface Workload {
  readonly shape: WorkloadShape;
  /** Events that only build the book, then the events to be timed. */
  readonly prefill: Int32Array;
  readonly events: Int32Array;
  /** Largest id plus one. */
  readonly ids: number;
  /** What a correct price-time book gives over both parts. */
  readonly trades: number;
  readonly tradedLots: number;
  /** Order-sensitive hash of (maker id, lots) over the trades. */
  readonly tradeHash: number;
  readonly live: number;
  readonly levels: number;
  readonly mix: Readonly<Record<'limit' | 'cancel' | 'market' | 'modify', number>>;
}

/** Folds one trade into the order-sensitive hash. */
export function foldTrade(hash: number, makerId: number, lots: number): number {
  return (Math.imul(Math.imul(hash, 31) + makerId, 31) + lots) | 0;
}

interface Resting {
  readonly id: number;
  readonly side: number;
  price: number;
  lots: number;
  /** Place in the list of live orders. */
  place: number;
}

/** The reference: levels in a Map, orders in arrays; slow and plain. */
class ReferenceBook {
  readonly levels: readonly [Map<number, Resting[]>, Map<number, Resting[]>] = [new Map(), new Map()];
  readonly live: Resting[] = [];
  readonly best = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  trades = 0;
  tradedLots = 0;
  hash = 0;

  rest(id: number, side: number, price: number, lots: number): void {
    const order: Resting = { id, side, price, lots, place: this.live.length };
    this.live.push(order);
    this.enter(order);
  }

  enter(order: Resting): void {
    const levels = this.levels[order.side as 0 | 1];
    const queue = levels.get(order.price);
    if (queue === undefined) levels.set(order.price, [order]);
    else queue.push(order);
    const best = this.best[order.side]!;
    this.best[order.side] = order.side === 0 ? Math.max(best, order.price) : Math.min(best, order.price);
  }

  leave(order: Resting): void {
    const queue = this.levels[order.side as 0 | 1].get(order.price)!;
    queue.splice(queue.indexOf(order), 1);
    if (queue.length === 0) this.#dropLevel(order.side, order.price);
  }

  forget(order: Resting): void {
    const last = this.live.pop()!;
    if (last === order) return;
    this.live[order.place] = last;
    last.place = order.place;
  }

  take(side: number, limit: number, lots: number): number {
    const other = 1 - side;
    let left = lots;
    while (left > 0) {
      const price = this.best[other]!;
      if (side === 0 ? price > limit : price < limit) break;
      const queue = this.levels[other as 0 | 1].get(price);
      if (queue === undefined) break;
      let filled = 0;
      while (left > 0 && filled < queue.length) {
        const maker = queue[filled]!;
        const traded = Math.min(left, maker.lots);
        left -= traded;
        maker.lots -= traded;
        this.trades++;
        this.tradedLots += traded;
        this.hash = foldTrade(this.hash, maker.id, traded);
        if (maker.lots > 0) break;
        this.forget(maker);
        filled++;
      }
      queue.splice(0, filled);
      if (queue.length === 0) this.#dropLevel(other, price);
    }
    return left;
  }

  #dropLevel(side: number, price: number): void {
    const levels = this.levels[side as 0 | 1];
    levels.delete(price);
    if (price !== this.best[side]) return;
    if (levels.size === 0) {
      this.best[side] = side === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      return;
    }
    const step = side === 0 ? -1 : 1;
    let next = price + step;
    while (!levels.has(next)) next += step;
    this.best[side] = next;
  }
}

/** Writes a workload event by event while the reference book plays it. */
class Generator {
  readonly book = new ReferenceBook();
  readonly rng: Rng;
  readonly shape: WorkloadShape;
  readonly counts = [0, 0, 0, 0];
  nextId = 0;
  middle = 100_000;
  out = new Int32Array(0);
  at = 0;

  constructor(shape: WorkloadShape) {
    this.shape = shape;
    this.rng = new Rng(shape.seed);
  }

  fill(events: number, step: () => void): Int32Array {
    this.out = new Int32Array(events * STRIDE);
    this.at = 0;
    for (let i = 0; i < events; i++) step();
    return this.out;
  }

  readonly passive = (): void => {
    const side = this.rng.below(2);
    const lots = 1 + this.rng.below(100);
    const price = this.#passivePrice(side);
    const id = this.nextId++;
    this.#write(LIMIT, id, side, price, lots);
    this.book.rest(id, side, price, lots);
  };

  readonly mixed = (): void => {
    const { cancels, markets, modifies, takingLimits } = this.shape;
    const roll = this.rng.below(1000);
    if (this.rng.below(40) === 0) this.middle += this.rng.below(3) - 1;
    if (roll < takingLimits) this.#takingLimit();
    else if (roll < takingLimits + markets) this.#market();
    else if (roll < takingLimits + markets + cancels && this.book.live.length > 0) this.#cancel();
    else if (roll < takingLimits + markets + cancels + modifies && this.book.live.length > 0) this.#modify();
    else this.passive();
  };

  #takingLimit(): void {
    const side = this.rng.below(2);
    const lots = 1 + this.rng.below(this.shape.takeLots);
    const best = this.book.best[1 - side]!;
    if (!Number.isFinite(best)) {
      this.passive();
      return;
    }
    const price = side === 0 ? best + this.rng.below(3) : best - this.rng.below(3);
    const id = this.nextId++;
    this.#write(LIMIT, id, side, price, lots);
    const left = this.book.take(side, price, lots);
    if (left > 0) this.book.rest(id, side, price, left);
  }

  #market(): void {
    const side = this.rng.below(2);
    const lots = 1 + this.rng.below(this.shape.takeLots);
    this.#write(MARKET, this.nextId++, side, 0, lots);
    this.book.take(side, side === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY, lots);
  }

  #cancel(): void {
    const order = this.#pick();
    this.#write(CANCEL, order.id, order.side, order.price, 0);
    this.book.leave(order);
    this.book.forget(order);
  }

  #modify(): void {
    const order = this.#pick();
    if (this.rng.below(2) === 0 && order.lots > 1) {
      const lots = 1 + this.rng.below(order.lots - 1);
      this.#write(MODIFY, order.id, order.side, order.price, lots);
      order.lots = lots;
      return;
    }
    this.book.leave(order);
    const price = this.#passivePrice(order.side);
    // Another price always: the same price and size would be no change, and books differ on what that means.
    order.price = price !== order.price ? price : price + (order.side === 0 ? -1 : 1);
    this.#write(MODIFY, order.id, order.side, order.price, order.lots);
    this.book.enter(order);
  }

  #pick(): Resting {
    return this.book.live[this.rng.below(this.book.live.length)]!;
  }

  #passivePrice(side: number): number {
    const { meanTicks, capTicks } = this.shape;
    // Rounded to ticks at once, so that the logarithm's last bits cannot reach the workload.
    const away = 1 + Math.min(capTicks, Math.floor(-Math.log(1 - this.rng.fraction()) * meanTicks));
    const other = this.book.best[1 - side]!;
    return side === 0 ? Math.min(this.middle - away, other - 1) : Math.max(this.middle + away, other + 1);
  }

  #write(kind: number, id: number, side: number, price: number, lots: number): void {
    this.counts[kind]!++;
    this.out.set([kind, id, side, price, lots], this.at);
    this.at += STRIDE;
  }
}

/** Generates a workload; the same shape gives the same workload everywhere. */
export function generateWorkload(shape: WorkloadShape): Workload {
  const generator = new Generator(shape);
  const prefill = generator.fill(shape.prefill, generator.passive);
  generator.counts.fill(0);
  const events = generator.fill(shape.events, generator.mixed);
  const { book, counts } = generator;
  return {
    shape,
    prefill,
    events,
    ids: generator.nextId,
    trades: book.trades,
    tradedLots: book.tradedLots,
    tradeHash: book.hash,
    live: book.live.length,
    levels: book.levels[0].size + book.levels[1].size,
    mix: { limit: counts[LIMIT]!, cancel: counts[CANCEL]!, market: counts[MARKET]!, modify: counts[MODIFY]! },
  };
}
