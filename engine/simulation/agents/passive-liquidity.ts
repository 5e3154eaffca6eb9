/** Patient traders: thousands of small resting orders, each staying a while and then moving elsewhere. */
import type { StateHash } from '../../core/state-hash.ts';
import type { OrderHandle, OrderSide } from '../../venue/matching/order-terms.ts';
import type { Draws, SizeTable } from '../draws.ts';
import type { ListedMarket, OrderOwner } from '../listed-market.ts';

/** Orders that live at a certain distance from the touch. */
export interface LiquidityBand {
  /** Distance from the own side's best price in ticks: at least `fromTicks`, less than `toTicks`. */
  readonly fromTicks: number;
  readonly toTicks: number;
  /** Orders on each side. */
  readonly ordersPerSide: number;
  /** Orders moved per second on each side in an ordinary mood. */
  readonly movesPerSecond: number;
  /** Factor on the table's sizes. */
  readonly sizeFactor: number;
  /** Share of the orders that settle on a multiple of `roundTicks`, further out. */
  readonly roundShare: number;
  readonly roundTicks: number;
}

/** Time between two rounds of moving orders. */
export const LIQUIDITY_ROUND_MICROS = 20_000;
const ROUND_SECONDS = LIQUIDITY_ROUND_MICROS / 1_000_000;
/** Excitement left after one round: it fades over about half a second. */
const EXCITEMENT_KEPT = 0.96;
/** Share of an ordinary pace at which orders move while nothing happens. */
const QUIET_PACE = 0.45;
const MOST_EXCITEMENT = 8;
/** Share of moves that bring back an order that was filled or pulled, while there is one. */
const RETURN_SHARE = 0.75;

/** The orders of one band: slots `first` to `first + 2 × ordersPerSide`, the buyers first. */
interface BandState {
  readonly terms: LiquidityBand;
  readonly first: number;
  /** Slots without an order. */
  readonly absent: number[];
  quota: number;
}

/** Keeps the book of one contract filled. Its orders are numbered by slot, and the slot is their tag. */
export class PassiveLiquidity implements OrderOwner {
  readonly #market: ListedMarket;
  readonly #draws: Draws;
  readonly #sizes: SizeTable;
  readonly #account: number;
  readonly #bands: readonly BandState[];
  readonly #bandOf: Uint8Array;
  readonly #handles: Int32Array;
  readonly #prices: Int32Array;
  readonly #isBuy: Uint8Array;
  #excitement = 0;

  constructor(market: ListedMarket, bands: readonly LiquidityBand[], sizes: SizeTable, draws: Draws) {
    this.#market = market;
    this.#draws = draws;
    this.#sizes = sizes;
    this.#account = market.openAccount(this);
    const states: BandState[] = [];
    let slots = 0;
    for (const terms of bands) {
      states.push({ terms, first: slots, absent: [], quota: 0 });
      slots += 2 * terms.ordersPerSide;
    }
    this.#bands = states;
    this.#bandOf = new Uint8Array(slots);
    this.#handles = new Int32Array(slots);
    this.#prices = new Int32Array(slots);
    this.#isBuy = new Uint8Array(slots);
    states.forEach(({ terms, first }, band) => {
      this.#bandOf.fill(band, first, first + 2 * terms.ordersPerSide);
      this.#isBuy.fill(1, first, first + terms.ordersPerSide);
    });
  }

  /** Places every order once; both sides must have a best price already. */
  settleIn(): void {
    this.#bands.forEach((band) => {
      for (let i = 0; i < 2 * band.terms.ordersPerSide; i++) this.#place(band, band.first + i);
    });
  }

  /** Something happened: orders move faster for a moment. */
  excite(by: number): void {
    this.#excitement = Math.min(MOST_EXCITEMENT, this.#excitement + by);
  }

  /**
   * One round: some orders of each band leave their place for another one, and some that were filled come back.
   *
   * @param mood - factor on ordinary volatility: in a storm part of the orders stay away
   */
  act(mood: number): void {
    const pace = (QUIET_PACE + this.#excitement) * ROUND_SECONDS;
    const stay = mood <= 1 ? 1 : 1 / (0.5 + 0.5 * mood);
    this.#excitement *= EXCITEMENT_KEPT;
    for (const band of this.#bands) {
      band.quota += band.terms.movesPerSecond * 2 * pace;
      while (band.quota >= 1) {
        band.quota -= 1;
        this.#move(band, stay);
      }
    }
  }

  /** Owners who see the price coming take part of the orders from its way: those at `throughTicks` or better. */
  pull(side: OrderSide, throughTicks: number, share: number): void {
    const buy = side === 'buy' ? 1 : 0;
    for (let slot = 0; slot < this.#handles.length; slot++) {
      if (this.#handles[slot] === 0 || this.#isBuy[slot] !== buy) continue;
      const price = this.#prices[slot] as number;
      if (buy === 1 ? price < throughTicks : price > throughTicks) continue;
      if (this.#draws.chance(share)) this.#withdraw(slot);
    }
  }

  handleOf(tag: number): OrderHandle {
    return this.#handles[tag] as OrderHandle;
  }

  filled(tag: number, _lots: number, remainingLots: number): void {
    // An auction may fill an order by several others and say each time that nothing remains.
    if (remainingLots === 0 && this.#handles[tag] !== 0) this.#gone(tag);
  }

  /** Adds the places that are empty and the pace to the hash; the orders themselves are in the book's. */
  hashInto(hash: StateHash): void {
    for (const band of this.#bands) {
      hash.integer(band.absent.length);
      for (const slot of band.absent) hash.integer(slot);
      hash.integer(Math.round(band.quota * 1e9));
    }
    hash.integer(Math.round(this.#excitement * 1e9));
    for (const word of this.#draws.state()) hash.integer(word);
  }

  #move(band: BandState, stay: number): void {
    const draws = this.#draws;
    const { absent } = band;
    let slot: number;
    if (absent.length > 0 && draws.chance(RETURN_SHARE)) {
      const at = draws.below(absent.length);
      slot = absent[at] as number;
      if (!draws.chance(stay)) return;
      absent[at] = absent[absent.length - 1] as number;
      absent.pop();
    } else {
      slot = band.first + draws.below(2 * band.terms.ordersPerSide);
      if (this.#handles[slot] === 0) return;
      this.#withdraw(slot);
      if (!draws.chance(stay)) return;
      absent.pop();
    }
    this.#place(band, slot);
  }

  #withdraw(slot: number): void {
    this.#market.cancel(this.#handles[slot] as number);
    this.#gone(slot);
  }

  #gone(slot: number): void {
    this.#handles[slot] = 0;
    (this.#bands[this.#bandOf[slot] as number] as BandState).absent.push(slot);
  }

  #place(band: BandState, slot: number): void {
    const { fromTicks, toTicks, sizeFactor, roundShare, roundTicks } = band.terms;
    const draws = this.#draws;
    const buy = this.#isBuy[slot] === 1;
    const distance = fromTicks + draws.below(toTicks - fromTicks);
    let price = buy ? this.#market.bidTicks - distance : this.#market.askTicks + distance;
    if (draws.chance(roundShare)) {
      price = (buy ? Math.floor(price / roundTicks) : Math.ceil(price / roundTicks)) * roundTicks;
    }
    const lots = Math.max(1, Math.round(this.#sizes.draw(draws) * sizeFactor));
    const handle = this.#market.quote(this.#account, slot, buy ? 'buy' : 'sell', price, lots);
    this.#handles[slot] = handle ?? 0;
    this.#prices[slot] = price;
    if (handle === null) band.absent.push(slot);
  }
}
