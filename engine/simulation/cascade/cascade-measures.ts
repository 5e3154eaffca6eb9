/** Measures of a run that stand beside the published figures of a documented event. Estimates, from the events alone. */
import { unitsValue } from '../../accounting/ledger/money-units.ts';
import type { CascadeEvent } from './cascade-events.ts';
import type { CascadeMarket } from './cascade-market.ts';
import type { CascadeRun } from './cascade-run.ts';
import type { CascadeMeasure } from './cascade-scenario.ts';

/** Takes in the events of a run, in order, from its start. */
export class CascadeMeasures {
  readonly #perTickLot: readonly number[];
  readonly #startTicks: readonly number[];
  readonly #startLots: number;
  readonly #startFund: number;
  #lowest: number;
  #firstLiquidation: number | null = null;
  #firstAdl: number | null = null;
  #longs = 0;
  #shorts = 0;
  #adl = 0;
  #adlFills = 0;
  #adlGains = 0;
  /** Notional deleveraged by account. */
  readonly #byAccount = new Map<number, number>();
  /** Side of the order of the liquidation in progress, by account. */
  readonly #sides = new Map<number, 'buy' | 'sell'>();

  /** @param run - at its start */
  constructor(run: CascadeRun) {
    this.#perTickLot = run.markets.map((market) => market.units.valuePerLot / market.units.startTicks);
    this.#startTicks = run.markets.map((market) => market.units.startTicks);
    this.#startLots = run.house.openInterest(0);
    this.#lowest = (run.markets[0] as CascadeMarket).units.startTicks;
    this.#startFund = run.scenario.fund.cash;
  }

  add(event: CascadeEvent): void {
    if (event.kind === 'liquidation-order') this.#sides.set(event.account, event.side);
    else if (event.kind === 'order-filled' && event.filledLots > 0) {
      this.#liquidated(event.account, event.notional, event.atMicros);
    } else if (event.kind === 'fund-took-over') {
      this.#liquidated(event.account, this.#value(event), event.atMicros);
    } else if (event.kind === 'adl-fill') this.#deleveraged(event);
    if (
      (event.kind === 'order-filled' || event.kind === 'shock-order' || event.kind === 'caught-up') &&
      event.market === 0
    ) {
      if (event.worstTicks !== null && event.worstTicks < this.#lowest) this.#lowest = event.worstTicks;
    }
  }

  /** The measures so far; null where nothing happened that could be measured. */
  read(run: CascadeRun): Readonly<Record<CascadeMeasure, number | null>> {
    const start = this.#startTicks[0] as number;
    const all = this.#longs + this.#shorts;
    const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
    const delay =
      this.#firstLiquidation === null || this.#firstAdl === null
        ? null
        : (this.#firstAdl - this.#firstLiquidation) / 1_000_000;
    return {
      'price-fall': (start - this.#lowest) / start,
      'liquidations-before-adl': delay,
      'adl-share': share(this.#adl, all),
      'longs-share': share(this.#longs, all),
      'adl-in-profit-share': share(this.#adlGains, this.#adlFills),
      'adl-top-10-share': share(this.#largest(10), this.#adl),
      'adl-top-100-share': share(this.#largest(100), this.#adl),
      'open-interest-fall': share(this.#startLots - run.house.openInterest(0), this.#startLots),
      'fund-fall': share(this.#startFund - unitsValue(run.desk.equity(run.traders.fund)), this.#startFund),
    };
  }

  #value(event: { readonly market: number; readonly sizeLots: number; readonly priceTicks: number }): number {
    return event.sizeLots * event.priceTicks * (this.#perTickLot[event.market] as number);
  }

  #liquidated(account: number, notional: number, atMicros: number): void {
    this.#firstLiquidation ??= atMicros;
    if (this.#sides.get(account) === 'buy') this.#shorts += notional;
    else this.#longs += notional;
  }

  #deleveraged(event: Extract<CascadeEvent, { readonly kind: 'adl-fill' }>): void {
    const notional = this.#value(event);
    this.#liquidated(event.againstAccount, notional, event.atMicros);
    this.#firstAdl ??= event.atMicros;
    this.#adl += notional;
    this.#adlFills++;
    if (event.realisedPnl > 0) this.#adlGains++;
    this.#byAccount.set(event.account, (this.#byAccount.get(event.account) ?? 0) + notional);
  }

  #largest(n: number): number {
    const sorted = [...this.#byAccount.values()].sort((a, b) => b - a);
    return sorted.slice(0, n).reduce((sum, notional) => sum + notional, 0);
  }
}
