/** The watch over margins: which pools a new mark may have breached, without looking at all of them in full. */
import type { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import type { MarginDesk } from '../../venue/liquidation/margin-desk.ts';

/** Market number of pools that every mark concerns. */
const EVERY = -1;

/**
 * Keeps for each pool the marks between which it needs no look. Pools touched by a booking are looked at anew; a mark
 * is then compared with two columns. Whether a pool is breached is decided by the desk alone, exactly.
 */
export class MarginWatch {
  readonly #house: ClearingHouse;
  readonly #desk: MarginDesk;
  /** Traders below this number are watched. */
  readonly #crowd: number;
  readonly #market: Int8Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  /** Marks and collateral rate of the last look; while nothing changed there is nothing to find. */
  readonly #seenMarks: Float64Array;
  #seenRate = -1n;
  #settled = false;

  constructor(house: ClearingHouse, desk: MarginDesk, crowd: number) {
    this.#house = house;
    this.#desk = desk;
    this.#crowd = crowd;
    this.#seenMarks = new Float64Array(house.markets);
    this.#market = new Int8Array(house.pools);
    this.#low = new Float64Array(house.pools).fill(Number.NEGATIVE_INFINITY);
    this.#high = new Float64Array(house.pools).fill(Number.POSITIVE_INFINITY);
  }

  /** The mark in ticks around which a pool is triggered, an estimate; null where no mark does, or every mark is looked at. */
  triggerTicks(pool: number): number | null {
    const low = this.#low[pool] as number;
    if (Number.isFinite(low)) return low;
    const high = this.#high[pool] as number;
    return Number.isFinite(high) ? high : null;
  }

  /** Brings the columns up to date with all bookings. */
  refresh(): void {
    this.#house.visitTouched((pool) => {
      this.#settled = false;
      if (this.#house.traderOfPool(pool) >= this.#crowd) return;
      const trigger = this.#desk.trigger(pool);
      this.#market[pool] = trigger.market ?? EVERY;
      this.#low[pool] = trigger.low;
      this.#high[pool] = trigger.high;
    });
  }

  /** Pools of the crowd that a change since the last look has breached at the marks in force, by number, each with the market that moved it (or 0). */
  breached(): readonly { readonly pool: number; readonly market: number }[] {
    this.refresh();
    const marks = this.#desk.markTicks;
    if (this.#settled && this.#seenRate === this.#desk.collateralRate && this.#sameMarks()) return [];
    this.#seenMarks.set(marks);
    this.#seenRate = this.#desk.collateralRate;
    this.#settled = true;
    const found: { pool: number; market: number }[] = [];
    for (let pool = 0; pool < this.#low.length; pool++) {
      const market = this.#market[pool] as number;
      const mark = marks[Math.max(0, market)] as number;
      if (mark > (this.#low[pool] as number) && mark < (this.#high[pool] as number)) continue;
      if (this.#desk.isBreached(pool)) found.push({ pool, market: Math.max(0, market) });
    }
    return found;
  }

  #sameMarks(): boolean {
    return this.#seenMarks.every((mark, i) => mark === this.#desk.markTicks[i]);
  }

  /** Lots of the crowd, longs or shorts, that fall between the mark of a market and a price. */
  forcedLots(market: number, toTicks: number): number {
    this.refresh();
    const mark = this.#desk.markTicks[market] as number;
    const falls = toTicks < mark;
    let lots = 0;
    for (let pool = 0; pool < this.#low.length; pool++) {
      if (this.#market[pool] !== market) continue;
      const at = (falls ? this.#low[pool] : this.#high[pool]) as number;
      if (falls ? at < toTicks || at > mark : at > toTicks || at < mark) continue;
      const [first, last] = this.#house.slotsOf(pool);
      for (let slot = first; slot < last; slot++) {
        if (this.#house.marketOf(slot) === market) lots += Math.abs(this.#house.positions.size(slot));
      }
    }
    return lots;
  }
}
