/** The crypto side of an account as columns: sums kept up to date, so that trying one order touches one symbol. */
import { BRACKET_ROW } from './bracket-columns.ts';
import {
  type CryptoListing,
  type CryptoSlot,
  type CryptoSums,
  cryptoSlot,
  markSlot,
  PERIODS_A_DAY,
} from './crypto-slot.ts';
import type { GuardConfiguration } from './guard-configuration.ts';
import { isAhead, isSound } from './guard-facts.ts';
import type { GuardFact } from './guard-input.ts';
import type { OrderTrial } from './order-trial.ts';
import { PlainScreen } from './plain-screen.ts';

const NO_SUMS: CryptoSums = {
  pnl: 0,
  crossPnl: 0,
  isolatedWallets: 0,
  notional: 0,
  crossFunds: 0,
  crossMaintenance: 0,
  fundingPaid: 0,
  oldestMarkMicros: Number.POSITIVE_INFINITY,
  crossBalance: 0,
  equity: 0,
  crossRatio: 0,
};

/** The crypto pool of one account. */
export class CryptoPool {
  /** The quick look at its orders. */
  readonly screen: PlainScreen;
  readonly #slots: readonly CryptoSlot[];
  readonly #groups: Float64Array;
  readonly #sums: CryptoSums = { ...NO_SUMS };
  readonly #wallet: number;
  readonly #walletAtMicros: number;
  readonly #correlationWeight: number;

  /**
   * @param listings - every contract that is known; of one with legs the long one and right after it the short one
   * @param wallet - null where there is none: every figure that needs it is then NaN
   * @param correlation - how much the members of a group move as one, 0 to 1
   */
  constructor(
    configuration: GuardConfiguration,
    listings: readonly CryptoListing[],
    wallet: GuardFact<number> | null,
    correlation: number,
    nowMicros: number,
  ) {
    const groups = [...new Set(listings.map(({ instrument }) => instrument.group))];
    this.#groups = new Float64Array(groups.length);
    this.#slots = listings.map((listing) =>
      cryptoSlot(listing, groups.indexOf(listing.instrument.group), nowMicros),
    );
    for (const [i, slot] of this.#slots.entries()) {
      if (slot.leg !== null) slot.twin = this.#slots[slot.leg === 'long' ? i + 1 : i - 1] ?? null;
    }
    this.#wallet = isSound(wallet) ? wallet.value : Number.NaN;
    this.#walletAtMicros =
      wallet === null || isAhead(nowMicros, wallet.atMicros) ? Number.NaN : wallet.atMicros;
    this.#correlationWeight = 1 + (configuration.concentration.correlationWeight - 1) * correlation;
    this.screen = new PlainScreen(configuration, this.#slots, this.#groups, this.#correlationWeight);
    this.screen.clock(nowMicros);
    this.#sum();
    for (const slot of this.#slots) this.screen.writeSlot(slot);
  }

  /** Takes a new mark of one slot and of its twin. */
  mark(index: number, fact: GuardFact<number> | null, nowMicros: number): void {
    const slot = this.#slots[index];
    if (slot === undefined) return;
    const { twin } = slot;
    markSlot(slot, fact, nowMicros);
    if (twin !== null) markSlot(twin, fact, nowMicros);
    this.#sum();
    this.screen.writeSlot(slot);
    if (twin !== null) this.screen.writeSlot(twin);
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
    const { rows, cap } = columns;
    // As `bracketRow`, written out: a number handed to a function may be boxed.
    let row = 0;
    while ((rows[row + BRACKET_ROW.ceiling] as number) < notional) row += BRACKET_ROW.length;
    const traded = Math.abs(change) * lotValue;
    // A limit beyond the mark may trade at a loss at once; one short of it is not counted as a gain.
    const worse = Number.isNaN(price) ? 0 : Math.max(0, change > 0 ? price - mark : mark - price);
    trial.side = change > 0 ? 1 : -1;
    trial.symbol = slot.symbol;
    trial.heldLots = slot.held;
    trial.afterLots = after;
    trial.chosenLeverage = Number.isNaN(leverage) ? slot.leverage : leverage;
    trial.bracketLeverage = rows[row + BRACKET_ROW.leverage] as number;
    trial.notionalCap = cap;
    trial.cost = traded * worse + traded * mark * slot.takerFeeRate;
    trial.notional = notional;
    trial.symbolNotional = slot.twin === null ? notional : slot.twin.notional + notional;
    trial.addedFunds = notional * (rows[row + BRACKET_ROW.fundRate] as number);
    trial.maintenance =
      notional * (rows[row + BRACKET_ROW.rate] as number) - (rows[row + BRACKET_ROW.amount] as number);
    trial.accountNotional = sums.notional - slot.notional + notional;
    const group = this.#groups[slot.groupNumber] as number;
    trial.groupNotional = (group - slot.notional + notional) * this.#correlationWeight;
    trial.equity = sums.equity - trial.cost;
    this.#fund(trial, slot);
    trial.markAtMicros = Number.isNaN(mark) ? mark : Math.min(sums.oldestMarkMicros, slot.markAtMicros);
    trial.walletAtMicros = this.#walletAtMicros;
    this.#charge(trial, slot);
  }

  /** Money and ratios of the pool behind the order. */
  #fund(trial: OrderTrial, slot: CryptoSlot): void {
    const sums = this.#sums;
    const { notional, maintenance, cost } = trial;
    const cross = sums.crossBalance - cost;
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

  #sum(): void {
    const total = { ...NO_SUMS };
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
    total.crossBalance = this.#wallet + total.crossPnl;
    total.equity = this.#wallet + total.isolatedWallets + total.pnl;
    total.crossRatio = total.crossBalance / total.crossMaintenance;
    Object.assign(this.#sums, total);
    this.screen.writeAccount(total, this.#walletAtMicros);
  }
}
