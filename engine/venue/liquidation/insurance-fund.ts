/** The insurance fund's rules: what it can pay and what it may take over. It never goes below zero and creates nothing. */
import { leastUnits, mostUnits } from '../../accounting/ledger/money-units.ts';
import { lotsOf } from './margin-desk.ts';

/** The fund at the marks in force, in units. */
export interface FundState {
  readonly cash: bigint;
  /** Cash less the unrealised losses of what it holds; gains count when they are realised. */
  readonly equity: bigint;
}

/** The most the fund can pay out now: neither its cash nor its equity may go below zero. */
export function payableUnits(fund: FundState): bigint {
  return mostUnits(0n, leastUnits(fund.cash, fund.equity));
}

/** A takeover asked of the fund. */
export interface TakeoverQuestion {
  readonly fund: FundState;
  /** Lots offered, positive; `side` is the side of the position the fund would hold. */
  readonly lots: number;
  readonly side: 1 | -1;
  readonly takeoverTicks: number;
  readonly markTicks: number;
  readonly unitsPerTickLot: bigint;
  /** What the fund holds in this market, signed lots. */
  readonly heldLots: number;
  /** Largest notional the fund may hold in one market, as millionths of its cash. */
  readonly notionalLimit: bigint;
}

/**
 * Lots the fund takes over at the bankruptcy price; the rest goes to auto-deleveraging.
 *
 * Two limits: after the takeover its net notional at the mark is within the limit (a share of its cash), and the loss
 * that comes with the position, marked at once, is within what it can pay.
 *
 * Source: Binance insurance fund and ADL pages (net notional limit, default 100 % of the fund).
 *
 * @example fund 100, loss of 500 with the position: a fifth of the lots, not one more
 */
export function takeoverLots(question: TakeoverQuestion): number {
  const { fund, lots, side, takeoverTicks, markTicks, unitsPerTickLot, heldLots, notionalLimit } = question;
  const payable = payableUnits(fund);
  if (payable === 0n) return 0;
  const limitLots = lotsOf((payable * notionalLimit) / 1_000_000n, markTicks, unitsPerTickLot);
  const room = Math.max(0, limitLots - side * heldLots);
  const lossTicks = side * (takeoverTicks - markTicks);
  const bearable = lossTicks <= 0 ? lots : lotsOf(payable, lossTicks, unitsPerTickLot);
  return Math.min(lots, room, bearable);
}
