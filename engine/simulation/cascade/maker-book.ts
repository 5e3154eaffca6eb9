/** The makers of a market: they hold a shape of depth around a reference price, withdraw at once and refill at a finite rate. */
import { assert } from '../../core/assert.ts';
import type { OrderBook } from '../../venue/matching/order-book.ts';
import type { ScenarioBook } from './cascade-scenario.ts';

/** Grid positions up to this multiple of the first price are quoted. */
const GRID_MULTIPLE = 3;
const WHOLE = 1000;

/** What the makers hold of one side, by place on the grid: order handles and open lots. */
interface MakerSide {
  readonly handles: Float64Array;
  readonly lots: Float64Array;
  /** Places that may hold orders, [low, high]. */
  low: number;
  high: number;
}

/** Makers as plain data. */
export interface MakerSnapshot {
  readonly bidHandles: Float64Array;
  readonly bidLots: Float64Array;
  readonly askHandles: Float64Array;
  readonly askLots: Float64Array;
  readonly bounds: readonly [number, number, number, number];
}

/**
 * Lots on each level of a side, nearest first, so that cumulative notional at the first price follows the points given.
 *
 * @param perLot - value of a lot at the first price, currency
 */
export function levelLots(book: ScenarioBook, priceTicks: number, perLot: number): Float64Array {
  const levels = new Float64Array(book.levels);
  let before = 0;
  for (let i = 0; i < levels.length; i++) {
    const distanceBps = ((i + 1) * book.spacingTicks * 10_000) / priceTicks;
    const cumulative = Math.floor(notionalWithin(book, distanceBps) / perLot);
    levels[i] = cumulative - before;
    before = cumulative;
  }
  return levels;
}

function notionalWithin(book: ScenarioBook, distanceBps: number): number {
  let from = { distanceBps: 0, notional: 0 };
  for (const point of book.depth) {
    if (distanceBps <= point.distanceBps) {
      const share = (distanceBps - from.distanceBps) / (point.distanceBps - from.distanceBps);
      return from.notional + share * (point.notional - from.notional);
    }
    from = point;
  }
  return from.notional;
}

/** All orders of the makers in one book: at most one a level and side, on a grid of prices. */
export class MakerBook {
  readonly #book: OrderBook;
  readonly #account: number;
  readonly #spacing: number;
  readonly #halfSpread: number;
  readonly #levelLots: Float64Array;
  readonly #bids: MakerSide;
  readonly #asks: MakerSide;

  constructor(book: OrderBook, shape: ScenarioBook, full: Float64Array, priceTicks: number, account: number) {
    this.#book = book;
    this.#account = account;
    this.#spacing = shape.spacingTicks;
    this.#halfSpread = shape.halfSpreadTicks;
    this.#levelLots = full;
    const places = Math.ceil((priceTicks * GRID_MULTIPLE) / shape.spacingTicks);
    const side = (): MakerSide => ({
      handles: new Float64Array(places),
      lots: new Float64Array(places),
      low: places,
      high: -1,
    });
    this.#bids = side();
    this.#asks = side();
  }

  /**
   * Brings the quotes to the shape around a reference price: what is too much is cancelled at once, what is missing
   * comes back by a share of the full size. The event log of the book must be empty, and is left empty.
   *
   * @param depthPermille - share of the full size that is wanted, in thousandths
   * @param refillPermille - share of the full size that may come back now, in thousandths
   */
  quote(referenceTicks: number, depthPermille: number, refillPermille: number): void {
    const bestBid = Math.floor((referenceTicks - this.#halfSpread) / this.#spacing);
    const bestAsk = Math.ceil((referenceTicks + this.#halfSpread) / this.#spacing);
    this.#visit(this.#bids, bestBid, -1, (at, full) => this.#shrink(this.#bids, at, full, depthPermille));
    this.#visit(this.#asks, bestAsk, 1, (at, full) => this.#shrink(this.#asks, at, full, depthPermille));
    this.#visit(this.#bids, bestBid, -1, (at, full) =>
      this.#grow(0, at, full, depthPermille, refillPermille),
    );
    this.#visit(this.#asks, bestAsk, 1, (at, full) => this.#grow(1, at, full, depthPermille, refillPermille));
    this.#book.events.clear();
  }

  /** Books that a maker order traded; `remainingLots` is what is left of it. */
  traded(side: 'buy' | 'sell', place: number, remainingLots: number): void {
    const of = side === 'buy' ? this.#bids : this.#asks;
    of.lots[place] = remainingLots;
    if (remainingLots === 0) of.handles[place] = 0;
  }

  snapshot(): MakerSnapshot {
    return {
      bidHandles: this.#bids.handles.slice(),
      bidLots: this.#bids.lots.slice(),
      askHandles: this.#asks.handles.slice(),
      askLots: this.#asks.lots.slice(),
      bounds: [this.#bids.low, this.#bids.high, this.#asks.low, this.#asks.high],
    };
  }

  restore(snapshot: MakerSnapshot): void {
    this.#bids.handles.set(snapshot.bidHandles);
    this.#bids.lots.set(snapshot.bidLots);
    this.#asks.handles.set(snapshot.askHandles);
    this.#asks.lots.set(snapshot.askLots);
    [this.#bids.low, this.#bids.high, this.#asks.low, this.#asks.high] = snapshot.bounds;
  }

  /** Visits every place that holds an order or should, in rising order. */
  #visit(side: MakerSide, best: number, away: 1 | -1, visit: (place: number, full: number) => void): void {
    const far = best + away * (this.#levelLots.length - 1);
    const low = Math.max(1, Math.min(side.low, best, far));
    const high = Math.min(side.lots.length - 1, Math.max(side.high, best, far));
    for (let place = low; place <= high; place++) {
      const level = (place - best) * away;
      visit(place, level < 0 ? 0 : (this.#levelLots[level] ?? 0));
    }
  }

  #shrink(side: MakerSide, place: number, full: number, depthPermille: number): void {
    const held = side.lots[place] as number;
    const wanted = Math.floor((full * depthPermille) / WHOLE);
    if (held <= wanted) return;
    this.#book.events.clear();
    const handle = side.handles[place] as number;
    if (wanted === 0) {
      this.#book.cancel(handle);
      side.handles[place] = 0;
    } else {
      this.#book.amend(handle, place * this.#spacing, wanted);
    }
    side.lots[place] = wanted;
  }

  #grow(sideNumber: 0 | 1, place: number, full: number, depthPermille: number, refillPermille: number): void {
    const side = sideNumber === 0 ? this.#bids : this.#asks;
    const held = side.lots[place] as number;
    const wanted = Math.floor((full * depthPermille) / WHOLE);
    const more = Math.min(wanted - held, Math.ceil((full * refillPermille) / WHOLE));
    if (more <= 0) return;
    this.#book.events.clear();
    const priceTicks = place * this.#spacing;
    if (sideNumber === 0) {
      const ask = this.#book.bestAskTicks;
      if (ask !== null && priceTicks >= ask) return;
    } else {
      const bid = this.#book.bestBidTicks;
      if (bid !== null && priceTicks <= bid) return;
    }
    const handle = side.handles[place] as number;
    if (handle === 0) {
      const placed = this.#book.placeLimit({
        side: sideNumber === 0 ? 'buy' : 'sell',
        priceTicks,
        sizeLots: more,
        timeInForce: 'GTX',
        account: this.#account,
        tag: place,
      });
      if (placed === null) return;
      side.handles[place] = placed;
      if (place < side.low) side.low = place;
      if (place > side.high) side.high = place;
    } else {
      assert(this.#book.amend(handle, priceTicks, held + more), 'a maker order of the grid is in the book');
    }
    side.lots[place] = held + more;
  }
}
