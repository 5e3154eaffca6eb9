/** One market of a cascade: its book and makers, last, index and mark price, and the watch over its moves. */
import { assert } from '../../core/assert.ts';
import { StateHash } from '../../core/state-hash.ts';
import { increment, parseMultiple, stepValue } from '../../core/units.ts';
import type { NotionalBracket, NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';
import { maintenanceAmountAt } from '../../margin/brackets/notional-bracket.ts';
import { BASIS_SAMPLES, fundingCarriedPrice, medianPrice } from '../../venue/funding/mark-price.ts';
import { type BookSnapshot, OrderBook } from '../../venue/matching/order-book.ts';
import type { BookLimits } from '../../venue/matching/order-checks.ts';
import type { ScenarioBracket, ScenarioMarket } from './cascade-scenario.ts';
import { levelLots, MakerBook, type MakerSnapshot } from './maker-book.ts';

const SECOND = 1_000_000;
const FUNDING_INTERVAL = 8 * 3600 * SECOND;
/** Last prices kept, one a second: the longest window a rule may look back over. */
export const PRICE_MEMORY_SECONDS = 600;

/** The event that moved a price last, and its wave. */
export interface PriceCause {
  readonly id: number;
  readonly wave: number;
}

/** A market as plain data. */
export interface MarketSnapshot {
  readonly book: BookSnapshot;
  readonly makers: MakerSnapshot;
  readonly lastTicks: number;
  readonly indexTicks: number;
  readonly markTicks: number;
  readonly basis: Float64Array;
  readonly basisSamples: number;
  readonly lastBySecond: Float64Array;
  readonly secondsKept: number;
  readonly depthPermille: number;
  readonly haltedUntilMicros: number;
  readonly tradeCause: PriceCause | null;
  readonly indexCause: PriceCause | null;
}

/** Facts of a market in engine units. */
export interface MarketUnits {
  readonly startTicks: number;
  /** Value of one tick on one lot in units of 1e-8. */
  readonly unitsPerTickLot: bigint;
  /** Value of one lot at the first price, currency. */
  readonly valuePerLot: number;
}

/** Reads the facts of a market in engine units; null where one tick on one lot is no whole number of 1e-8. */
export function marketUnits(
  market: Pick<ScenarioMarket, 'tickSize' | 'lotSize' | 'price'>,
): MarketUnits | null {
  const tick = increment(market.tickSize);
  const lot = increment(market.lotSize);
  const start = parseMultiple(market.price, tick);
  if (!start.ok) return null;
  const scale = 10n ** BigInt(tick.scale + lot.scale);
  const units = BigInt(tick.mantissa) * BigInt(lot.mantissa) * 100_000_000n;
  if (units % scale !== 0n) return null;
  const valuePerLot = start.value * stepValue(tick) * stepValue(lot);
  return { startTicks: start.value, unitsPerTickLot: units / scale, valuePerLot };
}

/** The bracket schedule of a market with floors and maintenance amounts. */
export function scheduleOf(bands: readonly ScenarioBracket[]): NotionalBrackets {
  const schedule: NotionalBracket[] = [];
  for (const band of bands) {
    const previous = schedule.at(-1);
    const floor = previous?.cap ?? 0;
    const rate = band.maintenanceMarginRate;
    schedule.push({
      number: schedule.length + 1,
      floor,
      cap: band.cap,
      maintenanceMarginRate: rate,
      maxLeverage: band.maxLeverage,
      maintenanceAmount: previous === undefined ? 0 : maintenanceAmountAt(floor, previous, rate),
    });
  }
  return schedule;
}

/** State of one market; the run drives it. */
export class CascadeMarket {
  readonly facts: ScenarioMarket;
  readonly units: MarketUnits;
  book: OrderBook;
  makers: MakerBook;
  lastTicks: number;
  indexTicks: number;
  markTicks: number;
  /** Share of their full size that makers want to show, thousandths. */
  depthPermille = 1000;
  haltedUntilMicros = 0;
  /** The last trade, and the last move of the index. */
  tradeCause: PriceCause | null = null;
  indexCause: PriceCause | null = null;
  readonly #limits: BookLimits;
  readonly #levelLots: Float64Array;
  readonly #makerAccount: number;
  readonly #basis = new Float64Array(BASIS_SAMPLES);
  #basisSamples = 0;
  readonly #lastBySecond = new Float64Array(PRICE_MEMORY_SECONDS);
  #secondsKept = 0;

  constructor(facts: ScenarioMarket, makerAccount: number, crowdOrders: number) {
    this.facts = facts;
    const units = marketUnits(facts);
    assert(units !== null, `${facts.symbol}: price and steps were checked with the scenario`);
    this.units = units;
    const { levels, spacingTicks } = facts.book;
    const orders = 4 * levels + crowdOrders + 16;
    const pagesPerSide = Math.min(1000, 8 + Math.ceil((4 * levels * spacingTicks) / 1024) + crowdOrders);
    this.#limits = { orders, pagesPerSide, events: orders + 16 };
    this.#makerAccount = makerAccount;
    this.#levelLots = levelLots(facts.book, units.startTicks, units.valuePerLot);
    this.book = new OrderBook(this.#limits);
    this.makers = this.#newMakers();
    this.lastTicks = units.startTicks;
    this.indexTicks = units.startTicks;
    this.markTicks = units.startTicks;
  }

  /** Where makers see the price: the index, and of a deviation of the last price their permanent share. */
  referenceTicks(): number {
    const away = this.lastTicks - this.indexTicks;
    return this.indexTicks + Math.round(away * this.facts.makers.permanentShare);
  }

  /** Samples basis and last price; once a second. */
  sample(): void {
    const bid = this.book.bestBidTicks ?? this.lastTicks;
    const ask = this.book.bestAskTicks ?? this.lastTicks;
    // Twice the basis, so that the middle of the book stays a whole number.
    this.#basis[this.#basisSamples++ % BASIS_SAMPLES] = bid + ask - 2 * this.indexTicks;
    this.#lastBySecond[this.#secondsKept++ % PRICE_MEMORY_SECONDS] = this.lastTicks;
  }

  /** Last price `seconds` ago, or the oldest kept. */
  lastAgo(seconds: number): number {
    if (this.#secondsKept === 0) return this.lastTicks;
    const back = Math.min(seconds, this.#secondsKept, PRICE_MEMORY_SECONDS);
    return this.#lastBySecond[(this.#secondsKept - back) % PRICE_MEMORY_SECONDS] as number;
  }

  /** Mark price in whole ticks by the rule, at `sinceStartMicros` into the run (which begins a funding interval). */
  markNow(rule: 'median' | 'last', sinceStartMicros: number): number {
    if (rule === 'last') return this.lastTicks;
    const until = FUNDING_INTERVAL - (sinceStartMicros % FUNDING_INTERVAL);
    const price1 = fundingCarriedPrice(this.indexTicks, this.facts.fundingRate, until, FUNDING_INTERVAL);
    const held = Math.min(this.#basisSamples, BASIS_SAMPLES);
    let sum = 0;
    for (let i = 0; i < held; i++) sum += this.#basis[i] as number;
    const price2 = this.indexTicks + (held === 0 ? 0 : sum / (2 * held));
    return Math.max(1, Math.round(medianPrice(price1, price2, this.lastTicks)));
  }

  /** Looks back no further than now: a halt begins a new window. */
  forgetPrices(): void {
    this.#secondsKept = 0;
  }

  /** What the mark stands on: the last trade where it is the last price, else whichever moved later. */
  markCause(markTicks: number): PriceCause | null {
    const { tradeCause, indexCause } = this;
    if (tradeCause === null || indexCause === null) return tradeCause ?? indexCause;
    if (markTicks === this.lastTicks) return tradeCause;
    return tradeCause.id > indexCause.id ? tradeCause : indexCause;
  }

  snapshot(): MarketSnapshot {
    return {
      book: this.book.snapshot(),
      makers: this.makers.snapshot(),
      lastTicks: this.lastTicks,
      indexTicks: this.indexTicks,
      markTicks: this.markTicks,
      basis: this.#basis.slice(),
      basisSamples: this.#basisSamples,
      lastBySecond: this.#lastBySecond.slice(),
      secondsKept: this.#secondsKept,
      depthPermille: this.depthPermille,
      haltedUntilMicros: this.haltedUntilMicros,
      tradeCause: this.tradeCause,
      indexCause: this.indexCause,
    };
  }

  restore(snapshot: MarketSnapshot): void {
    this.book = OrderBook.restore(this.#limits, snapshot.book);
    this.makers = this.#newMakers();
    this.makers.restore(snapshot.makers);
    this.lastTicks = snapshot.lastTicks;
    this.indexTicks = snapshot.indexTicks;
    this.markTicks = snapshot.markTicks;
    this.#basis.set(snapshot.basis);
    this.#basisSamples = snapshot.basisSamples;
    this.#lastBySecond.set(snapshot.lastBySecond);
    this.#secondsKept = snapshot.secondsKept;
    this.depthPermille = snapshot.depthPermille;
    this.haltedUntilMicros = snapshot.haltedUntilMicros;
    this.tradeCause = snapshot.tradeCause;
    this.indexCause = snapshot.indexCause;
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.book.stateHash());
    for (const n of [this.lastTicks, this.indexTicks, this.markTicks, this.depthPermille]) hash.integer(n);
    hash.integer(this.haltedUntilMicros);
    hash.integer(this.#basisSamples);
    for (const basis of this.#basis) hash.integer(basis);
    hash.integer(this.#secondsKept);
    for (const last of this.#lastBySecond) hash.integer(last);
    return hash.value();
  }

  #newMakers(): MakerBook {
    return new MakerBook(
      this.book,
      this.facts.book,
      this.#levelLots,
      this.units.startTicks,
      this.#makerAccount,
    );
  }
}
