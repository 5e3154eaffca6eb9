/** Index, mark price and funding of one simulated contract, computed once a second from its book and index. */
import type { StateHash } from '../core/state-hash.ts';
import { type Micros, SECOND_MICROS, stepValue } from '../core/units.ts';
import { type FundingTerms, fundingRate } from '../venue/funding/funding-rate.ts';
import { impactPrice } from '../venue/funding/impact-price.ts';
import { fundingCarriedPrice, MovingBasis, medianPrice } from '../venue/funding/mark-price.ts';
import {
  nextFundingMicros,
  PREMIUM_SAMPLE_MICROS,
  PremiumAverage,
  premiumIndex,
} from '../venue/funding/premium-index.ts';
import type { ListedMarket } from './listed-market.ts';

/** Funding of a simulated perpetual. */
export interface SimulatedFunding extends FundingTerms {
  /** Notional of the impact prices in quote currency. */
  readonly impactNotional: number;
}

/** Time between two marks. */
export const MARK_INTERVAL_MICROS: number = SECOND_MICROS;

/**
 * Publishes marks. A perpetual's mark is the median of price 1, price 2 and the last trade; a contract without
 * funding is marked at the middle of its touch. The premium average covers the part of the current funding interval
 * since the run began. The settle price field repeats the index (or the mark, without funding).
 */
export class MarkDesk {
  readonly #market: ListedMarket;
  readonly #funding: SimulatedFunding | null;
  readonly #basis = new MovingBasis();
  readonly #premium = new PremiumAverage();
  #lastRate: number;
  #nextFunding: Micros;
  #seconds = 0;

  constructor(market: ListedMarket, funding: SimulatedFunding | null) {
    this.#market = market;
    this.#funding = funding;
    this.#lastRate = funding?.interestRate ?? 0;
    this.#nextFunding = nextFundingMicros(market.nowMicros, funding?.intervalHours ?? 8);
  }

  /** Takes the second's samples and sends the mark. */
  publish(index: number): void {
    if (this.#funding === null) {
      const mid = this.#market.midPrice;
      const message = { mark: mid, settle: mid, index, fundingRate: null, nextFundingMicros: null };
      this.#market.writer.mark(this.#market.nowMicros, message);
      this.#market.setIndex(index);
      return;
    }
    this.#sample(index, this.#funding);
    this.#sendPerpetual(index, this.#funding);
  }

  /** Adds rates (10^-12), the instants and sample counts to the hash. */
  hashInto(hash: StateHash): void {
    hash.integer(Math.round(this.#lastRate * 1e12));
    hash.integer(Math.round((this.#premium.average() ?? 0) * 1e12));
    hash.integer(Math.round((this.#basis.mean() ?? 0) * 1e6));
    hash.integer(this.#premium.samples);
    hash.integer(this.#nextFunding);
  }

  #sample(index: number, terms: SimulatedFunding): void {
    const { spec, book, midPrice, nowMicros } = this.#market;
    this.#basis.add(midPrice - index);
    if (nowMicros >= this.#nextFunding) {
      this.#lastRate = fundingRate(this.#premium.average() ?? 0, terms);
      this.#premium.reset();
      this.#nextFunding = nextFundingMicros(nowMicros, terms.intervalHours);
    }
    if (this.#seconds++ % (PREMIUM_SAMPLE_MICROS / MARK_INTERVAL_MICROS) !== 0) return;
    const units = { tickValue: stepValue(spec.tickSize), lotValue: stepValue(spec.lotSize) };
    const bid = impactPrice(book, 'buy', terms.impactNotional, units);
    const ask = impactPrice(book, 'sell', terms.impactNotional, units);
    if (bid !== null && ask !== null) this.#premium.add(premiumIndex(bid, ask, index));
  }

  #sendPerpetual(index: number, terms: SimulatedFunding): void {
    const { nowMicros, lastPrice } = this.#market;
    const interval = terms.intervalHours * 3600 * SECOND_MICROS;
    const price1 = fundingCarriedPrice(index, this.#lastRate, this.#nextFunding - nowMicros, interval);
    const price2 = index + (this.#basis.mean() ?? 0);
    const mark = medianPrice(price1, price2, lastPrice);
    this.#market.writer.mark(nowMicros, {
      mark,
      settle: index,
      index,
      fundingRate: fundingRate(this.#premium.average() ?? 0, terms),
      nextFundingMicros: this.#nextFunding,
    });
    this.#market.setMark(mark);
  }
}
