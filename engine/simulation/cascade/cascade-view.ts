/** What a screen shows of a cascade at a moment: plain numbers and columns, estimates of what the ledger holds exactly. */
import { unitsValue } from '../../accounting/ledger/money-units.ts';
import type { AdlPlace } from '../../venue/liquidation/adl-queue.ts';
import type { CascadeMarket } from './cascade-market.ts';
import type { CascadeRun } from './cascade-run.ts';
import type { WaveTotals } from './wave-totals.ts';

/** One occupied price of the book, best first. */
export interface BookRow {
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** The accounts of the crowd in one market, one row an account. Prices in ticks, money in currency. */
export interface AccountColumns {
  /** Signed: the larger leg in hedge mode. */
  readonly sizeLots: Float64Array;
  readonly entryTicks: Float64Array;
  /** 0 where no price liquidates, or it hangs on other positions too. */
  readonly liquidationTicks: Float64Array;
  /** Equity ÷ maintenance; 0 where nothing is held. */
  readonly marginRatio: Float64Array;
  readonly equity: Float64Array;
  /** Bits of `ACCOUNT_FATES`. */
  readonly fates: Uint8Array;
  readonly liquidationLoss: Float64Array;
  readonly adlLoss: Float64Array;
}

/** Forced flow against liquidity over one stretch of price; amplification is 1 ÷ (1 − ratio) while ratio is below 1. */
export interface CascadeRatio {
  /** Price the stretch ends at. */
  readonly toTicks: number;
  /** Lots of the crowd that are liquidated on the way. */
  readonly forcedLots: number;
  /** Lots in the book on the way. */
  readonly bookLots: number;
  /** Forced ÷ book; null where the book is empty. */
  readonly ratio: number | null;
}

/** The state of one market of a run, and of what the markets share. */
export interface CascadeView {
  readonly atMicros: number;
  readonly eventCount: number;
  readonly ended: boolean;
  readonly lastTicks: number;
  readonly markTicks: number;
  readonly indexTicks: number;
  readonly bids: readonly BookRow[];
  readonly asks: readonly BookRow[];
  readonly depthPermille: number;
  readonly halted: boolean;
  readonly openInterestLots: number;
  readonly fundCash: number;
  readonly fundEquity: number;
  readonly fundLots: number;
  readonly waiting: number;
  readonly down: CascadeRatio;
  readonly up: CascadeRatio;
  /** Queues of longs and shorts: who would be deleveraged first. */
  readonly longQueue: readonly AdlPlace[];
  readonly shortQueue: readonly AdlPlace[];
  readonly accounts: AccountColumns;
  readonly waves: readonly WaveTotals[];
}

/** How much a view holds. */
export interface ViewRequest {
  readonly market: number;
  readonly bookRows: number;
  readonly queuePlaces: number;
  /** Stretch of price over which forced flow and liquidity are compared, basis points. */
  readonly ratioBps: number;
}

/** Takes a view of a run. Changes nothing in it. */
export function viewCascade(run: CascadeRun, request: ViewRequest): CascadeView {
  const market = run.markets[request.market] as CascadeMarket;
  const { fund } = run.traders;
  const { house, desk } = run;
  return {
    atMicros: run.atMicros,
    eventCount: run.eventCount,
    ended: run.ended,
    lastTicks: market.lastTicks,
    markTicks: market.markTicks,
    indexTicks: market.indexTicks,
    bids: bookRows(market, 'buy', request.bookRows),
    asks: bookRows(market, 'sell', request.bookRows),
    depthPermille: market.depthPermille,
    halted: market.haltedUntilMicros > 0,
    openInterestLots: house.openInterest(request.market),
    fundCash: unitsValue(house.cash(fund)),
    fundEquity: unitsValue(desk.equity(fund)),
    fundLots: house.positions.size(house.slotOf(fund, request.market, 0)),
    waiting: run.waiting,
    down: cascadeRatio(run, request.market, -request.ratioBps),
    up: cascadeRatio(run, request.market, request.ratioBps),
    longQueue: run.deleveraging.rank(request.market, 1).slice(0, request.queuePlaces),
    shortQueue: run.deleveraging.rank(request.market, -1).slice(0, request.queuePlaces),
    accounts: accountColumns(run, request.market),
    waves: run.totals.waves.map((wave) => ({ ...wave })),
  };
}

/** R over a stretch from the mark: forced lots ÷ lots in the book. Negative basis points go down. */
export function cascadeRatio(run: CascadeRun, index: number, bps: number): CascadeRatio {
  const market = run.markets[index] as CascadeMarket;
  const toTicks = Math.max(1, Math.round(market.markTicks * (1 + bps / 10_000)));
  const forcedLots = run.watch.forcedLots(index, toTicks);
  const bookLots = market.book.availableLots(bps < 0 ? 'sell' : 'buy', toTicks, Number.MAX_SAFE_INTEGER);
  return { toTicks, forcedLots, bookLots, ratio: bookLots === 0 ? null : forcedLots / bookLots };
}

/** The best rows of one side of a book. */
export function bookRows(market: CascadeMarket, side: 'buy' | 'sell', limit: number): readonly BookRow[] {
  const rows: BookRow[] = [];
  let price = side === 'buy' ? market.book.bestBidTicks : market.book.bestAskTicks;
  while (price !== null && rows.length < limit) {
    rows.push({ priceTicks: price, sizeLots: market.book.sizeAt(side, price) });
    price = market.book.nextWorsePrice(side, price);
  }
  return rows;
}

/** The accounts of the crowd as columns. Brings the watch up to date and changes nothing else. */
export function accountColumns(run: CascadeRun, index: number): AccountColumns {
  const { house, desk, totals, watch } = run;
  const { crowd } = run.traders;
  watch.refresh();
  const perTickLot = unitsValue(house.unitsPerTickLot[index] as bigint);
  const column = (): Float64Array => new Float64Array(crowd);
  const columns = {
    sizeLots: column(),
    entryTicks: column(),
    liquidationTicks: column(),
    marginRatio: column(),
    equity: column(),
    fates: totals.fates.slice(),
    liquidationLoss: totals.liquidationLoss.slice(),
    adlLoss: totals.adlLoss.slice(),
  };
  for (let account = 0; account < crowd; account++) {
    const long = house.slotOf(account, index, 0);
    const other = house.slotOf(account, index, 1);
    const slot = Math.abs(house.positions.size(other)) > Math.abs(house.positions.size(long)) ? other : long;
    const size = house.positions.size(slot);
    const pool = house.poolOf(slot);
    columns.sizeLots[account] = size;
    columns.equity[account] = unitsValue(desk.equity(pool));
    if (size === 0) continue;
    columns.entryTicks[account] = unitsValue(house.positions.cost(slot)) / (size * perTickLot);
    columns.liquidationTicks[account] = watch.triggerTicks(pool) ?? 0;
    columns.marginRatio[account] = desk.ratio(pool) ?? 0;
  }
  return columns;
}
