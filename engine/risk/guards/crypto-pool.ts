/** The crypto side of an account as columns: sums kept up to date, so that trying one order touches one symbol. */
import { decimalValue } from '../../core/money.ts';
import { stepValue } from '../../core/units.ts';
import { isUsable } from '../../market/trust.ts';
import { bracketIndex } from '../crowd/maintenance-columns.ts';
import { BRACKET_ROW, type BracketColumns, bracketColumns } from './bracket-columns.ts';
import { isAhead, isSound } from './guard-facts.ts';
import type { CryptoInstrument, GuardFact, GuardPosition } from './guard-input.ts';
import type { OrderTrial } from './order-trial.ts';
import { adlShareOf } from './rules/adl.ts';
import type { SlotLimits } from './slot-limits.ts';

/** Periods of 8 hours in a day. */
const PERIODS_A_DAY = 3;

const NONE: BracketColumns = {
  floors: Float64Array.of(0),
  rows: new Float64Array(BRACKET_ROW.length).fill(Number.NaN),
  cap: Number.NaN,
};

/** One symbol: its facts, the position in it, and what that position adds to the sums. Estimates in the quote currency. */
interface CryptoSlot {
  readonly instrument: CryptoInstrument;
  readonly symbol: string;
  readonly takerFeeRate: number;
  readonly limits: SlotLimits;
  readonly columns: BracketColumns;
  /** Base units × multiplier of one lot. */
  readonly lotValue: number;
  readonly groupNumber: number;
  /** Per 8 hours; NaN where not known or not to be believed. */
  readonly fundingRate: number;
  readonly fundingPredictedRate: number;
  readonly fundingAtMicros: number;
  readonly adlShare: number;
  readonly adlAtMicros: number;
  held: number;
  entryPrice: number;
  leverage: number;
  /** NaN for cross. */
  isolatedWallet: number;
  bids: number;
  asks: number;
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

/** Sums over the slots, recomputed in slot order whenever a position or mark changes. */
interface CryptoSums {
  pnl: number;
  crossPnl: number;
  isolatedWallets: number;
  notional: number;
  crossFunds: number;
  crossMaintenance: number;
  /** Margin ratio of the cross pool. */
  crossRatio: number;
  fundingPaid: number;
  /** Oldest mark of a held symbol. */
  oldestMarkMicros: number;
}

/** The crypto pool of one account. */
export class CryptoPool {
  readonly #slots: CryptoSlot[];
  readonly #groups: Float64Array;
  readonly #sums: CryptoSums = {
    pnl: Number.NaN,
    crossPnl: Number.NaN,
    isolatedWallets: Number.NaN,
    notional: Number.NaN,
    crossFunds: Number.NaN,
    crossMaintenance: Number.NaN,
    crossRatio: Number.NaN,
    fundingPaid: Number.NaN,
    oldestMarkMicros: Number.NaN,
  };
  readonly #wallet: number;
  readonly #walletAtMicros: number;
  readonly #correlationWeight: number;

  /**
   * @param instruments - every instrument that is known, with its limits
   * @param positions - of those instruments, at most one each
   * @param wallet - null where there is none: every figure that needs it is then NaN
   * @param correlationWeight - weight of a group's notional, see the configuration
   */
  constructor(
    instruments: readonly { readonly instrument: CryptoInstrument; readonly limits: SlotLimits }[],
    positions: readonly GuardPosition[],
    wallet: GuardFact<number> | null,
    correlationWeight: number,
    nowMicros: number,
  ) {
    const groups = [...new Set(instruments.map(({ instrument }) => instrument.group))];
    this.#groups = new Float64Array(groups.length);
    this.#slots = instruments.map(({ instrument, limits }) => {
      const position = positions.find((p) => p.instrument === instrument.spec.id);
      return slotFor(instrument, limits, position, groups.indexOf(instrument.group), nowMicros);
    });
    this.#wallet = isSound(wallet) ? wallet.value : Number.NaN;
    this.#walletAtMicros =
      wallet === null || isAhead(nowMicros, wallet.atMicros) ? Number.NaN : wallet.atMicros;
    this.#correlationWeight = correlationWeight;
    for (const slot of this.#slots) this.#value(slot);
    this.#sum();
  }

  /** Takes a new mark of one slot. */
  mark(index: number, fact: GuardFact<number> | null, nowMicros: number): void {
    const slot = this.#slots[index];
    if (slot === undefined) return;
    setMark(slot, fact, nowMicros);
    this.#value(slot);
    this.#sum();
  }

  /**
   * Writes into `trial`, which has its price already, what the account would be after an order.
   *
   * @param change - signed lots, + buys
   * @param leverage - chosen with the order; NaN keeps the one in force
   */
  try(trial: OrderTrial, index: number, change: number, leverage: number): void {
    const slot = this.#slots[index] as CryptoSlot;
    const sums = this.#sums;
    const { mark, columns, lotValue } = slot;
    const { price } = trial;
    const filled = change > 0 ? change + slot.bids : change - slot.asks;
    const after = slot.held + filled;
    const notional = Math.abs(after) * lotValue * mark;
    const { floors, rows } = columns;
    // As `bracketIndex`, written out: a number handed to a function may be boxed.
    let bracket = 0;
    while (bracket + 1 < floors.length && (floors[bracket + 1] as number) < notional) bracket++;
    const row = bracket * BRACKET_ROW.length;
    const traded = Math.abs(change) * lotValue;
    // A limit beyond the mark may trade at a loss at once; one short of it is not counted as a gain.
    const worse = Number.isNaN(price) ? 0 : Math.max(0, change > 0 ? price - mark : mark - price);
    trial.side = change > 0 ? 1 : -1;
    trial.symbol = slot.symbol;
    trial.heldLots = slot.held;
    trial.afterLots = after;
    trial.chosenLeverage = Number.isNaN(leverage) ? slot.leverage : leverage;
    trial.bracketLeverage = rows[row + BRACKET_ROW.leverage] as number;
    trial.notionalCap = columns.cap;
    trial.cost = traded * worse + traded * mark * slot.takerFeeRate;
    trial.notional = notional;
    trial.addedFunds = notional * (rows[row + BRACKET_ROW.fundRate] as number);
    trial.maintenance =
      notional * (rows[row + BRACKET_ROW.rate] as number) - (rows[row + BRACKET_ROW.amount] as number);
    trial.accountNotional = sums.notional - slot.notional + notional;
    const group = this.#groups[slot.groupNumber] as number;
    trial.groupNotional = (group - slot.notional + notional) * this.#correlationWeight;
    trial.equity = this.#wallet + sums.isolatedWallets + sums.pnl - trial.cost;
    this.#fund(trial, slot);
    trial.markAtMicros = Number.isNaN(mark) ? mark : Math.min(sums.oldestMarkMicros, slot.markAtMicros);
    trial.walletAtMicros = this.#walletAtMicros;
    this.#charge(trial, slot);
  }

  /** Money and ratios of the pool behind the order. */
  #fund(trial: OrderTrial, slot: CryptoSlot): void {
    const sums = this.#sums;
    const { notional, maintenance, cost } = trial;
    const cross = this.#wallet + sums.crossPnl - cost;
    if (Number.isNaN(slot.isolatedWallet)) {
      trial.balance = cross;
      trial.funds = sums.crossFunds - slot.funds + trial.addedFunds;
      trial.ratioBefore = sums.crossRatio;
      trial.ratioAfter = cross / (sums.crossMaintenance - slot.maintenance + maintenance);
      return;
    }
    // What is opened is paid for by the cross wallet: at the most leverage for its own sake, at the chosen one for this pool.
    const turns = slot.held * trial.afterLots < 0;
    const heldNotional = Math.abs(slot.held) * slot.lotValue * slot.mark;
    const added = turns ? notional : Math.max(0, notional - heldNotional);
    const fundRate = trial.addedFunds / notional;
    const moved = added * Math.max(fundRate, 1 / trial.chosenLeverage);
    trial.balance = cross - added * fundRate;
    trial.funds = sums.crossFunds;
    trial.ratioBefore =
      slot.held === 0 ? Number.POSITIVE_INFINITY : (slot.isolatedWallet + slot.pnl) / slot.maintenance;
    const own = turns ? moved / maintenance : (slot.isolatedWallet + moved + slot.pnl - cost) / maintenance;
    const rest = sums.crossMaintenance > 0 ? trial.balance / sums.crossMaintenance : Number.POSITIVE_INFINITY;
    // Fresh margin lifts the ratio of a pool that stands low; buying one's way up with more risk does not count.
    trial.ratioAfter = Math.min(own, rest, turns ? own : trial.ratioBefore);
  }

  /** Funding and the place in the deleveraging queue. */
  #charge(trial: OrderTrial, slot: CryptoSlot): void {
    const sign = trial.afterLots > 0 ? 1 : -1;
    const paidRate = sign * slot.fundingRate;
    const own = Math.max(0, paidRate * trial.notional * PERIODS_A_DAY);
    trial.fundingPaidRate = paidRate;
    trial.fundingPredictedRate = sign * slot.fundingPredictedRate;
    trial.fundingAtMicros = slot.fundingAtMicros;
    // What earns is never charged with what others pay.
    trial.fundingDayCost = own > 0 ? this.#sums.fundingPaid - slot.fundingPaid + own : own;
    trial.adlShare = slot.adlShare;
    trial.adlAtMicros = slot.adlAtMicros;
  }

  #value(slot: CryptoSlot): void {
    const { held, lotValue, mark, columns, entryPrice } = slot;
    const size = Math.abs(held) * lotValue;
    const worst = Math.max(Math.abs(held + slot.bids), Math.abs(held - slot.asks)) * lotValue;
    const { rows } = columns;
    const row = bracketIndex(columns.floors, size * mark) * BRACKET_ROW.length;
    const worstRow = bracketIndex(columns.floors, worst * mark) * BRACKET_ROW.length;
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

  #sum(): void {
    const total: CryptoSums = {
      pnl: 0,
      crossPnl: 0,
      isolatedWallets: 0,
      notional: 0,
      crossFunds: 0,
      crossMaintenance: 0,
      crossRatio: 0,
      fundingPaid: 0,
      oldestMarkMicros: Number.POSITIVE_INFINITY,
    };
    this.#groups.fill(0);
    for (const slot of this.#slots) {
      this.#groups[slot.groupNumber] = (this.#groups[slot.groupNumber] ?? 0) + slot.notional;
      total.pnl += slot.pnl;
      total.notional += slot.notional;
      total.fundingPaid += slot.fundingPaid;
      if (Number.isNaN(slot.isolatedWallet)) {
        total.crossPnl += slot.pnl;
        total.crossFunds += slot.funds;
        total.crossMaintenance += slot.maintenance;
      } else total.isolatedWallets += slot.isolatedWallet;
      if (slot.held !== 0 || slot.notional !== 0) {
        total.oldestMarkMicros = Math.min(total.oldestMarkMicros, slot.markAtMicros);
      }
    }
    total.crossRatio = (this.#wallet + total.crossPnl) / total.crossMaintenance;
    Object.assign(this.#sums, total);
  }
}

function slotFor(
  instrument: CryptoInstrument,
  limits: SlotLimits,
  position: GuardPosition | undefined,
  groupNumber: number,
  nowMicros: number,
): CryptoSlot {
  const { spec, brackets } = instrument;
  const funding =
    instrument.funding !== null && isUsable(instrument.funding.trust) ? instrument.funding : null;
  const adl = instrument.adl !== null && isUsable(instrument.adl.trust) ? instrument.adl : null;
  const slot: CryptoSlot = {
    instrument,
    symbol: spec.symbol,
    takerFeeRate: instrument.takerFeeRate,
    limits,
    columns:
      brackets === null || brackets.length === 0 ? NONE : bracketColumns(brackets, limits.symbolLeverage),
    lotValue: stepValue(spec.lotSize) * decimalValue(spec.multiplier),
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
    bids: position?.bidLots ?? 0,
    asks: position?.askLots ?? 0,
    mark: Number.NaN,
    markAtMicros: Number.NaN,
    pnl: Number.NaN,
    notional: Number.NaN,
    funds: Number.NaN,
    maintenance: Number.NaN,
    fundingPaid: Number.NaN,
  };
  setMark(slot, instrument.mark, nowMicros);
  return slot;
}

function setMark(slot: CryptoSlot, fact: GuardFact<number> | null, nowMicros: number): void {
  // A crypto price is never zero or less.
  slot.mark = isSound(fact) && fact.value > 0 && !isAhead(nowMicros, fact.atMicros) ? fact.value : Number.NaN;
  slot.markAtMicros = Number.isNaN(slot.mark) ? Number.NaN : (fact?.atMicros ?? Number.NaN);
}

/** Funding of 24 hours that a position pays; 0 where it earns. A perpetual whose funding is not known costs NaN. */
function fundingPaid({ instrument, held, lotValue, mark, fundingRate }: CryptoSlot): number {
  if (instrument.spec.fundingIntervalHours === null) return 0;
  return Math.max(0, held * lotValue * mark * fundingRate * PERIODS_A_DAY);
}

function per8Hours(rate: number, intervalHours: number): number {
  return intervalHours > 0 ? (rate * 8) / intervalHours : Number.NaN;
}
