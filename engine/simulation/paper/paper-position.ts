/** Position, average price and result of the reader in one contract: estimates for display, nothing is booked here. */
import { assert } from '../../core/assert.ts';
import { decimalValue } from '../../core/money.ts';
import { type Micros, multipleValue, stepValue } from '../../core/units.ts';
import { chicagoClock } from '../../reference/calendar/chicago-time.ts';
import { type CivilDay, civilDay, formatDay } from '../../reference/calendar/civil-day.ts';
import type { ContractSpec } from '../../reference/instruments/contract-spec.ts';
import { cmeFee } from '../../venue/costs/fees/cme-fees.ts';
import { tradeNotional, tradingFee } from '../../venue/costs/fees/trading-fee.ts';
import type { OrderSide } from '../../venue/matching/order-terms.ts';
import type { MemberSettlement } from '../venues/group-settlement.ts';

/** Units of money in one of the currency. */
const UNITS = 1e8;
const DAY_MICROS = 86_400_000_000;
const FIRST_DAY = civilDay(1970, 1, 1);

/** What the reader holds after its fills. Prices in quote currency. */
export class PaperPosition {
  readonly #spec: ContractSpec;
  /** Value of a price of 1 for one lot. */
  readonly #lotValue: number;
  /** Bought less sold. */
  lots = 0;
  /** Mean price of the open position; null without one. */
  averagePrice: number | null = null;
  /** Realised result less fees. */
  realised = 0;
  /** Price from which the open position counts since the last settlement; the mean price where nothing is settled. */
  entryPrice: number | null = null;
  /** Fees so far in units of 1e-8. */
  fees = 0n;
  /** The settlement that the entry price knows of. */
  #carriedMicros: number | null = null;

  constructor(spec: ContractSpec) {
    this.#spec = spec;
    this.#lotValue = stepValue(spec.lotSize) * Number(spec.multiplier);
  }

  /** Adds a fill: closes what is open on the other side first, then opens at this price. */
  add(side: OrderSide, priceTicks: number, sizeLots: number, fee: number): void {
    const price = multipleValue(priceTicks, this.#spec.tickSize);
    const signed = side === 'buy' ? sizeLots : -sizeLots;
    const entry = this.averagePrice ?? price;
    const closes = Math.sign(this.lots) === -Math.sign(signed) ? Math.min(Math.abs(this.lots), sizeLots) : 0;
    this.realised += (price - entry) * closes * Math.sign(this.lots) * this.#lotValue - fee;
    const opens = sizeLots - closes;
    const held = Math.abs(this.lots) - closes;
    this.lots += signed;
    // The nearest unit is the fee itself: a fee has fewer decimals than that.
    this.fees += BigInt(Math.round(fee * UNITS));
    if (this.lots === 0) this.averagePrice = null;
    else if (opens > 0) this.averagePrice = (entry * held + price * opens) / (held + opens);
    const from = this.entryPrice ?? price;
    if (this.lots === 0) this.entryPrice = null;
    else if (opens > 0) this.entryPrice = (from * held + price * opens) / (held + opens);
  }

  /** Carries what is open from the last settlement on, where there was one since this was called last. */
  carry(settlement: MemberSettlement | null): void {
    const last = settlement?.days.at(-1);
    if (last === undefined || last.atMicros === this.#carriedMicros) return;
    this.#carriedMicros = last.atMicros;
    if (this.lots !== 0) this.entryPrice = multipleValue(last.priceTicks, this.#spec.tickSize);
  }

  /**
   * Fee of a fill in quote currency. On the perpetual venue that of the lowest tier without a discount, by the day of UTC;
   * on Globex exchange and regulatory fees of a non-member without a broker's commission, by the day in Chicago.
   */
  feeOf(atMicros: Micros, priceTicks: number, sizeLots: number, isMaker: boolean): number {
    const spec = this.#spec;
    if (spec.venue === 'cme-globex') {
      const product = spec.symbol.replace(/[FGHJKMNQUVXZ]\d+$/, '');
      const date = formatDay(chicagoClock(atMicros).day);
      const fee = cmeFee({ product, date, contracts: sizeLots });
      assert(fee.ok, 'every simulated future has a fee');
      return decimalValue(fee.value.amount);
    }
    const day = (FIRST_DAY + Math.floor(atMicros / DAY_MICROS)) as CivilDay;
    const fee = tradingFee({
      venue: 'binance-usdm',
      date: formatDay(day),
      tier: 'VIP 0',
      role: isMaker ? 'maker' : 'taker',
      paysInToken: false,
      notional: tradeNotional(spec, priceTicks, sizeLots),
    });
    assert(fee.ok, 'every simulated day has a fee schedule');
    return decimalValue(fee.value.amount);
  }
}
