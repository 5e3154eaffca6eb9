/** Watches the market of one contract and finds its settlement price at the end of each day's window, once. */
import { assert } from '../../core/assert.ts';
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import { type Increment, type Micros, micros } from '../../core/units.ts';
import { addDays, type CivilDay } from '../../reference/calendar/civil-day.ts';
import { tradingDayAt } from '../../reference/calendar/sessions.ts';
import type { CmeContract } from '../../reference/instruments/cme-contracts.ts';
import { formatContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import type { CmeProduct } from '../../reference/instruments/cme-product.ts';
import type { SettlementTrade } from './average-price.ts';
import { settleLead } from './daily-settlement.ts';
import type { FoundPrice } from './month-settlement.ts';
import { type LeadTier, type SettlementWindow, settlementWindow } from './settlement-rules.ts';

/** What the watch hears of the market, and the time. */
export type SettlementWatchInput =
  | ({ readonly kind: 'traded'; readonly atMicros: Micros } & Omit<SettlementTrade, 'atMicros'>)
  /** Best bid and ask from now on; null for none. */
  | {
      readonly kind: 'quoted';
      readonly atMicros: Micros;
      readonly bidTicks: number | null;
      readonly askTicks: number | null;
    }
  | { readonly kind: 'time-passed'; readonly atMicros: Micros };

/** What happened. Every day with a settlement after the start is answered exactly once, in order. */
export type SettlementWatchOutput =
  | ({ readonly kind: 'price-found' } & WindowEnd & FoundPrice<LeadTier>)
  /** Nothing was heard in the window, or no tier found a price: the price must come from the exchange. */
  | ({ readonly kind: 'price-missing' } & WindowEnd);

interface WindowEnd {
  readonly tradingDay: CivilDay;
  /** End of the window. */
  readonly atMicros: Micros;
}

/** What is watched. */
export interface WatchedContract {
  readonly contract: CmeContract;
  readonly tickSize: Increment;
}

/** State of a {@link SettlementWatch}. */
export interface SettlementWatchSnapshot {
  readonly nowMicros: Micros;
  /** End of the window that settles next. */
  readonly dueMicros: Micros;
  /** Settlement price before. */
  readonly priorTicks: number | null;
  /** Trades of the window. */
  readonly trades: readonly SettlementTrade[];
  readonly lastTrade: SettlementTrade | null;
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
  readonly lowBidTicks: number | null;
  readonly highAskTicks: number | null;
  /** When a trade or a quote was heard of last. */
  readonly heardMicros: Micros | null;
}

/** Longest run of days without settlement that is looked across; the longest known is four. */
const MOST_DAYS_WITHOUT = 14;

/** The first settlement window of a product that ends after an instant, and the trading day it settles. */
function nextSettlement(
  product: CmeProduct,
  afterMicros: Micros,
): { readonly tradingDay: CivilDay; readonly window: SettlementWindow } {
  const from = tradingDayAt(afterMicros);
  for (let days = 0; days <= MOST_DAYS_WITHOUT; days++) {
    const tradingDay = addDays(from, days);
    const window = settlementWindow(product, tradingDay);
    if (window !== null && window.endMicros > afterMicros) return { tradingDay, window };
  }
  assert(false, `${product.code} settles within ${MOST_DAYS_WITHOUT} days`);
}

/**
 * Follows the tiers of the product (`daily-settlement.ts`) for the lead month.
 *
 * A window is closed by the first input after its end, or by the time itself at its end, so that quotes of that very instant
 * still count. Inputs before the newest instant heard change nothing. After a sleep or a jump of the clock every window that
 * passed is answered in order, those of which nothing was heard as missing: old quotes settle no day. Its trades are all that is
 * kept of a window, and the last trade of the day.
 */
export class SettlementWatch
  implements Machine<SettlementWatchInput, SettlementWatchOutput, SettlementWatchSnapshot>
{
  readonly #watched: WatchedContract;
  readonly #symbol: string;
  #next: { readonly tradingDay: CivilDay; readonly window: SettlementWindow };
  #nowMicros: Micros;
  #priorTicks: number | null;
  #trades: SettlementTrade[] = [];
  #lastTrade: SettlementTrade | null = null;
  #bidTicks: number | null = null;
  #askTicks: number | null = null;
  #lowBidTicks: number | null = null;
  #highAskTicks: number | null = null;
  #heardMicros: Micros | null = null;

  /** @param priorTicks - settlement price before the start; null where there is none */
  constructor(watched: WatchedContract, nowMicros: Micros, priorTicks: number | null) {
    this.#watched = watched;
    this.#symbol = formatContractSymbol(watched.contract, 1);
    this.#nowMicros = nowMicros;
    this.#priorTicks = priorTicks;
    this.#next = nextSettlement(watched.contract.product, nowMicros);
  }

  /** An equal watch. */
  static restore(watched: WatchedContract, snapshot: SettlementWatchSnapshot): SettlementWatch {
    const watch = new SettlementWatch(watched, snapshot.nowMicros, snapshot.priorTicks);
    watch.#next = nextSettlement(watched.contract.product, micros(snapshot.dueMicros - 1));
    watch.#trades = [...snapshot.trades];
    watch.#lastTrade = snapshot.lastTrade;
    watch.#bidTicks = snapshot.bidTicks;
    watch.#askTicks = snapshot.askTicks;
    watch.#lowBidTicks = snapshot.lowBidTicks;
    watch.#highAskTicks = snapshot.highAskTicks;
    watch.#heardMicros = snapshot.heardMicros;
    return watch;
  }

  /** End of the window that settles next. */
  get dueMicros(): Micros {
    return this.#next.window.endMicros;
  }

  apply(input: SettlementWatchInput): readonly SettlementWatchOutput[] {
    const { atMicros } = input;
    if (atMicros < this.#nowMicros) return [];
    const outputs: SettlementWatchOutput[] = [];
    while (atMicros > this.dueMicros) outputs.push(this.#close());
    this.#nowMicros = atMicros;
    if (input.kind === 'traded') this.#trade(input);
    else if (input.kind === 'quoted') this.#quote(input.bidTicks, input.askTicks, atMicros);
    else if (atMicros === this.dueMicros) outputs.push(this.#close());
    return outputs;
  }

  snapshot(): SettlementWatchSnapshot {
    return {
      nowMicros: this.#nowMicros,
      dueMicros: this.dueMicros,
      priorTicks: this.#priorTicks,
      trades: [...this.#trades],
      lastTrade: this.#lastTrade,
      bidTicks: this.#bidTicks,
      askTicks: this.#askTicks,
      lowBidTicks: this.#lowBidTicks,
      highAskTicks: this.#highAskTicks,
      heardMicros: this.#heardMicros,
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    for (const n of [this.#nowMicros, this.dueMicros, this.#heardMicros]) hash.integer(n ?? -1);
    const prices = [this.#priorTicks, this.#bidTicks, this.#askTicks, this.#lowBidTicks, this.#highAskTicks];
    for (const ticks of prices) hash.text(ticks === null ? '' : String(ticks));
    for (const { atMicros, priceTicks, sizeLots } of [
      ...this.#trades,
      ...(this.#lastTrade === null ? [] : [this.#lastTrade]),
    ]) {
      for (const n of [atMicros, priceTicks, sizeLots]) hash.integer(n);
    }
    return hash.value();
  }

  #trade({ atMicros, priceTicks, sizeLots }: Extract<SettlementWatchInput, { kind: 'traded' }>): void {
    const { window } = this.#next;
    this.#heardMicros = atMicros;
    if (atMicros >= window.endMicros) return;
    this.#lastTrade = { atMicros, priceTicks, sizeLots };
    if (atMicros >= window.beginMicros) this.#trades.push(this.#lastTrade);
  }

  #quote(bidTicks: number | null, askTicks: number | null, atMicros: Micros): void {
    // The quotes with which the window begins are part of it.
    if (atMicros >= this.#next.window.beginMicros) this.#widen();
    this.#bidTicks = bidTicks;
    this.#askTicks = askTicks;
    this.#heardMicros = atMicros;
    if (atMicros >= this.#next.window.beginMicros) this.#widen();
  }

  #widen(): void {
    const [bid, ask] = [this.#bidTicks, this.#askTicks];
    if (bid !== null) this.#lowBidTicks = Math.min(bid, this.#lowBidTicks ?? bid);
    if (ask !== null) this.#highAskTicks = Math.max(ask, this.#highAskTicks ?? ask);
  }

  /** Settles the day whose window is over and turns to the next. */
  #close(): SettlementWatchOutput {
    const { tradingDay, window } = this.#next;
    const end = { tradingDay, atMicros: window.endMicros };
    const isHeard = this.#heardMicros !== null && this.#heardMicros >= window.beginMicros;
    const found = isHeard ? this.#find(tradingDay) : null;
    this.#next = nextSettlement(this.#watched.contract.product, window.endMicros);
    this.#trades = [];
    this.#lowBidTicks = null;
    this.#highAskTicks = null;
    if (found === null) return { kind: 'price-missing', ...end };
    this.#priorTicks = found.ticks;
    return { kind: 'price-found', ...end, ...found };
  }

  #find(tradingDay: CivilDay): FoundPrice<LeadTier> | null {
    const { contract, tickSize } = this.#watched;
    const last = this.#lastTrade;
    const earlier = last === null || tradingDayAt(micros(last.atMicros)) !== tradingDay ? [] : [last];
    return settleLead({
      product: contract.product,
      tradingDay,
      tickSize,
      contracts: [
        {
          symbol: this.#symbol,
          year: contract.year,
          month: contract.month,
          trades: this.#trades.length > 0 ? this.#trades : earlier,
          bidTicks: this.#bidTicks,
          askTicks: this.#askTicks,
          lowBidTicks: this.#lowBidTicks,
          highAskTicks: this.#highAskTicks,
          priorTicks: this.#priorTicks,
        },
      ],
      lead: 0,
      spreads: [],
      spreadTicksPerTick: 1,
      carry: null,
    });
  }
}
