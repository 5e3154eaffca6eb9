/** One crypto contract of an account: its facts, the position in it, what that adds to the sums of the account, and the sums. */
import type { PositionSide } from '../../accounting/portfolio.ts';
import { decimalValue } from '../../core/money.ts';
import { stepValue } from '../../core/units.ts';
import { isUsable } from '../../market/trust.ts';
import { BRACKET_ROW, type BracketColumns, bracketColumns, bracketRow } from './bracket-columns.ts';
import { isAhead, isSound } from './guard-facts.ts';
import type { CryptoInstrument, GuardFact, GuardPosition } from './guard-input.ts';
import { adlShareOf } from './rules/adl.ts';
import type { SlotLimits } from './slot-limits.ts';

/** Periods of 8 hours in a day. */
export const PERIODS_A_DAY = 3;

/** A contract, or one leg of it, as the pool is told of it. */
export interface CryptoListing {
  readonly instrument: CryptoInstrument;
  readonly limits: SlotLimits;
  /** Leg in hedge mode; null for the only position there is. */
  readonly leg: PositionSide | null;
  /** What is held in it; null for nothing. */
  readonly position: GuardPosition | null;
  /** Number of the slot in its guard. */
  readonly number: number;
  /** First and last instant at which nothing but an order's own numbers may stop it; NaN for none. */
  readonly quietFromMicros: number;
  readonly quietUntilMicros: number;
}

/** One symbol, or one leg of it. Estimates in the quote currency. */
export interface CryptoSlot extends CryptoListing {
  readonly symbol: string;
  readonly takerFeeRate: number;
  readonly columns: BracketColumns;
  /** Base units × multiplier of one lot. */
  readonly lotValue: number;
  readonly tickValue: number;
  readonly groupNumber: number;
  /** Per 8 hours; NaN where not known or not to be believed. */
  readonly fundingRate: number;
  readonly fundingPredictedRate: number;
  readonly fundingAtMicros: number;
  readonly adlShare: number;
  readonly adlAtMicros: number;
  readonly held: number;
  readonly entryPrice: number;
  readonly leverage: number;
  /** NaN for cross. */
  readonly isolatedWallet: number;
  /** Resting lots that may add to it: what closes a leg never opens the other. */
  readonly bids: number;
  readonly asks: number;
  /** The other leg; null where there is none. */
  twin: CryptoSlot | null;
  mark: number;
  markAtMicros: number;
  pnl: number;
  /** Of the position with the resting orders of its larger side. */
  notional: number;
  funds: number;
  /** Of the position alone. */
  maintenance: number;
  fundingPaid: number;
}

/** Sums over the slots, recomputed in slot order whenever a mark changes. Estimates in the quote currency. */
export interface CryptoSums {
  pnl: number;
  crossPnl: number;
  isolatedWallets: number;
  notional: number;
  crossFunds: number;
  crossMaintenance: number;
  fundingPaid: number;
  /** Oldest mark of a held symbol. */
  oldestMarkMicros: number;
  /** Wallets and PnL: of the cross pool, and of everything. */
  crossBalance: number;
  equity: number;
  /** Margin ratio of the cross pool. */
  crossRatio: number;
}

/** The slot of a contract with its position, valued at the mark it came with. */
export function cryptoSlot(listing: CryptoListing, groupNumber: number, nowMicros: number): CryptoSlot {
  const { instrument, limits, leg, position, number, quietFromMicros, quietUntilMicros } = listing;
  const { spec, brackets } = instrument;
  const funding =
    instrument.funding !== null && isUsable(instrument.funding.trust) ? instrument.funding : null;
  const adl = instrument.adl !== null && isUsable(instrument.adl.trust) ? instrument.adl : null;
  const slot: CryptoSlot = {
    instrument,
    limits,
    leg,
    position,
    number,
    quietFromMicros,
    quietUntilMicros,
    symbol: spec.symbol,
    takerFeeRate: instrument.takerFeeRate,
    columns: bracketColumns(brackets, limits.symbolLeverage),
    lotValue: stepValue(spec.lotSize) * decimalValue(spec.multiplier),
    tickValue: stepValue(spec.tickSize),
    groupNumber,
    fundingRate: funding === null ? Number.NaN : per8Hours(funding.value.rate, funding.value.intervalHours),
    fundingPredictedRate:
      funding === null ? Number.NaN : per8Hours(funding.value.predictedRate, funding.value.intervalHours),
    fundingAtMicros: funding?.atMicros ?? Number.NaN,
    adlShare: adl === null ? Number.NaN : adlShareOf(adl.value.rank, adl.value.of),
    adlAtMicros: adl?.atMicros ?? Number.NaN,
    held: position?.sizeLots ?? 0,
    entryPrice: position?.entryPrice ?? Number.NaN,
    leverage: position?.leverage ?? 1,
    isolatedWallet: position?.isolatedWallet ?? Number.NaN,
    bids: leg === 'short' ? 0 : (position?.bidLots ?? 0),
    asks: leg === 'long' ? 0 : (position?.askLots ?? 0),
    twin: null,
    mark: Number.NaN,
    markAtMicros: Number.NaN,
    pnl: Number.NaN,
    notional: Number.NaN,
    funds: Number.NaN,
    maintenance: Number.NaN,
    fundingPaid: Number.NaN,
  };
  markSlot(slot, instrument.mark, nowMicros);
  return slot;
}

/** Takes a mark and values the position at it. */
export function markSlot(slot: CryptoSlot, fact: GuardFact<number> | null, nowMicros: number): void {
  // A crypto price is never zero or less.
  slot.mark = isSound(fact) && fact.value > 0 && !isAhead(nowMicros, fact.atMicros) ? fact.value : Number.NaN;
  slot.markAtMicros = Number.isNaN(slot.mark) ? Number.NaN : (fact?.atMicros ?? Number.NaN);
  const { held, lotValue, mark, entryPrice } = slot;
  const { rows } = slot.columns;
  const size = Math.abs(held) * lotValue;
  const worst = Math.max(Math.abs(held + slot.bids), Math.abs(held - slot.asks)) * lotValue;
  const row = bracketRow(rows, size * mark);
  const worstRow = bracketRow(rows, worst * mark);
  const isEmpty = worst === 0;
  slot.pnl = held === 0 ? 0 : held * lotValue * (mark - entryPrice);
  slot.notional = isEmpty ? 0 : worst * mark;
  slot.funds = isEmpty ? 0 : slot.notional * (rows[worstRow + BRACKET_ROW.fundRate] as number);
  slot.maintenance =
    held === 0
      ? 0
      : size * mark * (rows[row + BRACKET_ROW.rate] as number) - (rows[row + BRACKET_ROW.amount] as number);
  slot.fundingPaid = held === 0 ? 0 : fundingPaid(slot);
}

/** Funding of 24 hours that a position pays; 0 where it earns. A perpetual whose funding is not known costs NaN. */
function fundingPaid({ instrument, held, lotValue, mark, fundingRate }: CryptoSlot): number {
  if (instrument.spec.fundingIntervalHours === null) return 0;
  return Math.max(0, held * lotValue * mark * fundingRate * PERIODS_A_DAY);
}

function per8Hours(rate: number, intervalHours: number): number {
  return intervalHours > 0 ? (rate * 8) / intervalHours : Number.NaN;
}
