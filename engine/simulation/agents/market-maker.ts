/** The market maker: quotes both sides one tick apart, with a ladder behind, around a centre that it moves with reluctance. */
import type { StateHash } from '../../core/state-hash.ts';
import type { OrderHandle, OrderSide } from '../../venue/matching/order-terms.ts';
import type { Draws } from '../draws.ts';
import type { ListedMarket, OrderOwner } from '../listed-market.ts';

/** How the maker quotes. */
export interface MakerTerms {
  /** Distance of each rung from the touch in ticks; the first is 0. */
  readonly rungTicks: readonly number[];
  /** Size of each rung in lots in an ordinary mood. */
  readonly rungLots: readonly number[];
  /** Mean gap between fair value and centre that is borne before the quotes move, in ticks. */
  readonly patienceTicks: number;
}

/** Share of a rung that may be missing before it is filled up. */
const REFILL_BELOW = 0.5;
/** Share of the patience that is always borne; the rest is drawn anew for each move. */
const SURE_PATIENCE = 0.4;
/** Bound on the drawn part, so that no price stands still for minutes. */
const MOST_LUCK = 2;
/** Rounding to a tick leaves up to half a tick of gap; less patience than this would never rest. */
const LEAST_PATIENCE_TICKS = 0.75;

/** One quoted order. */
interface Rung {
  readonly side: OrderSide;
  readonly index: number;
  handle: number;
  priceTicks: number;
  remainingLots: number;
}

/** Quotes one contract. `centreTicks` is its bid; its ask is one tick above. */
export class MarketMaker implements OrderOwner {
  readonly #market: ListedMarket;
  readonly #terms: MakerTerms;
  readonly #draws: Draws;
  readonly #account: number;
  readonly #rungs: readonly Rung[];
  #centreTicks: number;
  #patienceTicks: number;
  /** Bought less sold since the start. */
  #inventoryLots = 0;

  constructor(market: ListedMarket, terms: MakerTerms, centreTicks: number, draws: Draws) {
    this.#market = market;
    this.#terms = terms;
    this.#draws = draws;
    this.#account = market.openAccount(this);
    this.#centreTicks = centreTicks;
    this.#patienceTicks = terms.patienceTicks;
    this.#rungs = terms.rungTicks.flatMap((_, index) =>
      (['buy', 'sell'] as const).map((side) => ({ side, index, handle: 0, priceTicks: 0, remainingLots: 0 })),
    );
  }

  get centreTicks(): number {
    return this.#centreTicks;
  }

  /** Bought less sold since the start, in lots. */
  get inventoryLots(): number {
    return this.#inventoryLots;
  }

  /** True where fair value is so far from the quotes that they have to move at once. */
  isOutrun(fairTicks: number): boolean {
    return Math.abs(fairTicks - this.#centreTicks - 0.5) > this.#patienceTicks;
  }

  /** Takes the own quotes from the way of a price that goes to `bidTicks`, and makes that the centre. */
  moveTo(bidTicks: number): void {
    const from = this.#centreTicks;
    this.#centreTicks = bidTicks;
    const luck = Math.min(MOST_LUCK, this.#draws.exponential());
    const drawn = SURE_PATIENCE + (1 - SURE_PATIENCE) * luck;
    this.#patienceTicks = Math.max(LEAST_PATIENCE_TICKS, this.#terms.patienceTicks * drawn);
    for (const rung of this.#rungs) {
      if (rung.handle === 0) continue;
      const inTheWay =
        rung.side === 'sell'
          ? bidTicks > from && rung.priceTicks <= bidTicks
          : bidTicks < from && rung.priceTicks > bidTicks;
      if (inTheWay) this.#withdraw(rung);
    }
  }

  /** Follows a touch that takers have broken through: towards fair value, but not past the next resting order. */
  followTouch(fairTicks: number): void {
    const { bidTicks, askTicks } = this.#market;
    const fair = Math.floor(fairTicks);
    if (askTicks > this.#centreTicks + 1 && fair > this.#centreTicks) {
      this.moveTo(Math.min(askTicks - 1, fair));
    } else if (bidTicks < this.#centreTicks && fair < this.#centreTicks) {
      this.moveTo(Math.max(bidTicks, fair));
    }
  }

  /** Brings every rung to its place and size. In a storm the sizes shrink. */
  quote(mood: number): void {
    const { rungTicks, rungLots } = this.#terms;
    const shrink = 2 / (1 + mood);
    for (const rung of this.#rungs) {
      const distance = rungTicks[rung.index] as number;
      const wanted = rung.side === 'buy' ? this.#centreTicks - distance : this.#centreTicks + 1 + distance;
      const lots = Math.max(1, Math.round((rungLots[rung.index] as number) * shrink));
      const inPlace =
        rung.handle !== 0 &&
        Math.abs(rung.priceTicks - wanted) * 4 <= distance &&
        rung.remainingLots >= lots * REFILL_BELOW;
      if (inPlace) continue;
      if (rung.handle !== 0) this.#withdraw(rung);
      const tag = this.#rungs.indexOf(rung);
      const handle = this.#market.quote(this.#account, tag, rung.side, wanted, lots);
      rung.handle = handle ?? 0;
      rung.priceTicks = wanted;
      rung.remainingLots = handle === null ? 0 : lots;
    }
  }

  handleOf(tag: number): OrderHandle {
    return (this.#rungs[tag] as Rung).handle;
  }

  filled(tag: number, lots: number, remainingLots: number): void {
    const rung = this.#rungs[tag] as Rung;
    rung.remainingLots = remainingLots;
    this.#inventoryLots += rung.side === 'buy' ? lots : -lots;
    if (remainingLots === 0) rung.handle = 0;
  }

  /** Adds centre, patience and inventory to the hash; the orders are in the book's. */
  hashInto(hash: StateHash): void {
    hash.integer(this.#centreTicks);
    hash.integer(Math.round(this.#patienceTicks * 1e6));
    hash.integer(this.#inventoryLots);
    for (const word of this.#draws.state()) hash.integer(word);
  }

  #withdraw(rung: Rung): void {
    this.#market.cancel(rung.handle);
    rung.handle = 0;
    rung.remainingLots = 0;
  }
}
