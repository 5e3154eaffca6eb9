/** The quick look in front of the rules: whether a crypto order surely passes, from numbers that were laid out beforehand. */

import { BRACKET_ROW } from './bracket-columns.ts';
import { type CryptoSlot, type CryptoSums, PERIODS_A_DAY } from './crypto-slot.ts';
import type { GuardConfiguration } from './guard-configuration.ts';
import { firstInstant, lastInstant, MOST_LOTS } from './guard-facts.ts';

/** Numbers of one contract and side, by their place in a row. */
const ROW = {
  /** First and last instant at which the figures of the row count. */
  from: 0,
  until: 1,
  /** Lots that an order of this side takes off the position before it adds any. */
  closes: 2,
  /** Lots after an order of this side, less its own. */
  base: 3,
  lotValue: 4,
  mark: 5,
  feeRate: 6,
  tickValue: 7,
  leverage: 8,
  mostLeverage: 9,
  cap: 10,
  share: 11,
  brackets: 12,
  group: 13,
  notional: 14,
  /** Notional of the other leg in hedge mode. */
  twinNotional: 15,
  funds: 16,
  maintenance: 17,
  /** Per 8 hours, positive is paid; 0 where funding is not asked for. */
  paidRate: 18,
  fundingPaid: 19,
  length: 20,
} as const;

/** Numbers of the account and its limits, by their place. */
const ACCOUNT = {
  now: 0,
  until: 1,
  equity: 2,
  crossBalance: 3,
  notional: 4,
  funds: 5,
  maintenance: 6,
  fundingPaid: 7,
  leverage: 8,
  groupShare: 9,
  correlationWeight: 10,
  ratio: 11,
  dayShare: 12,
  length: 13,
} as const;

/**
 * Passes an order only where every rule would let it through, with the arithmetic of `CryptoPool.try` step by step, so
 * that not even the last bit differs. Whatever it does not pass is left to the rules, which alone decide: orders that only
 * reduce, isolated pools, anything that is late, unknown or no number (every test is written so that a NaN fails it).
 */
export class PlainScreen {
  readonly #limits: GuardConfiguration;
  /** Two rows a slot of the guard: bids, asks. Slots of other venues stay NaN, which nothing passes. */
  readonly #rows: Float64Array;
  /** Slots that have rows. */
  readonly #slots: number;
  readonly #account: Float64Array = new Float64Array(ACCOUNT.length).fill(Number.NaN);
  /** The brackets of all slots, one after the other. */
  readonly #brackets: Float64Array;
  readonly #bracketsAt: ReadonlyMap<CryptoSlot, number>;
  readonly #groups: Float64Array;

  /** @param groups - notional of each group; the pool keeps it up to date */
  constructor(
    limits: GuardConfiguration,
    slots: readonly CryptoSlot[],
    groups: Float64Array,
    correlationWeight: number,
  ) {
    this.#limits = limits;
    this.#groups = groups;
    this.#slots = slots.reduce((most, { number }) => Math.max(most, number + 1), 0);
    this.#rows = new Float64Array(2 * this.#slots * ROW.length).fill(Number.NaN);
    const at = new Map<CryptoSlot, number>();
    let length = 0;
    for (const slot of slots) {
      at.set(slot, length);
      length += slot.columns.rows.length;
    }
    this.#bracketsAt = at;
    this.#brackets = new Float64Array(length);
    for (const [slot, begin] of at) this.#brackets.set(slot.columns.rows, begin);
    this.#account[ACCOUNT.leverage] = limits.leverage.account;
    this.#account[ACCOUNT.groupShare] = limits.concentration.groupShare;
    this.#account[ACCOUNT.correlationWeight] = correlationWeight;
    this.#account[ACCOUNT.ratio] = limits.margin.blockRatio;
    this.#account[ACCOUNT.dayShare] = limits.funding?.dayShare ?? 0;
  }

  /** Moves the clock on. */
  clock(atMicros: number): void {
    this.#account[ACCOUNT.now] = atMicros;
  }

  /** Takes the sums of the account. */
  writeAccount(sums: CryptoSums, walletAtMicros: number): void {
    const account = this.#account;
    const { markSeconds, walletSeconds } = this.#limits.oldest;
    account[ACCOUNT.until] = Math.min(
      lastInstant(sums.oldestMarkMicros, markSeconds),
      lastInstant(walletAtMicros, walletSeconds),
    );
    account[ACCOUNT.equity] = sums.equity;
    account[ACCOUNT.crossBalance] = sums.crossBalance;
    account[ACCOUNT.notional] = sums.notional;
    account[ACCOUNT.funds] = sums.crossFunds;
    account[ACCOUNT.maintenance] = sums.crossMaintenance;
    account[ACCOUNT.fundingPaid] = sums.fundingPaid;
  }

  /** Takes the figures of one slot. */
  writeSlot(slot: CryptoSlot): void {
    this.#writeSide(slot, 1, slot.bids);
    this.#writeSide(slot, -1, slot.asks);
  }

  #writeSide(slot: CryptoSlot, side: 1 | -1, resting: number): void {
    const { oldest, adl, funding } = this.#limits;
    const rows = this.#rows;
    const at = (2 * slot.number + (side === 1 ? 0 : 1)) * ROW.length;
    const held = side * slot.held;
    let from = slot.quietFromMicros;
    let until = Math.min(slot.quietUntilMicros, lastInstant(slot.markAtMicros, oldest.markSeconds));
    const isFunded = funding !== null && slot.instrument.spec.fundingIntervalHours !== null;
    if (isFunded) {
      from = Math.max(from, firstInstant(slot.fundingAtMicros));
      until = Math.min(until, lastInstant(slot.fundingAtMicros, oldest.fundingSeconds));
      const rate = Math.max(side * slot.fundingRate, side * slot.fundingPredictedRate);
      if (!(rate < funding.blockRate)) from = Number.NaN;
    }
    if (adl !== null && held > 0) {
      from = Math.max(from, firstInstant(slot.adlAtMicros));
      until = Math.min(until, lastInstant(slot.adlAtMicros, oldest.adlSeconds));
      if (!(slot.adlShare < adl.blockShare)) from = Number.NaN;
    }
    // Beyond this no sum of lots is exact.
    const isExact = Math.abs(held) + resting <= MOST_LOTS;
    const isOpening = slot.leg === null || (slot.leg === 'long') === (side === 1);
    const isSeen = isExact && isOpening && Number.isNaN(slot.isolatedWallet);
    rows[at + ROW.from] = isSeen ? from : Number.NaN;
    rows[at + ROW.until] = until;
    rows[at + ROW.closes] = held < 0 ? -held : 0;
    rows[at + ROW.base] = held + resting;
    rows[at + ROW.lotValue] = slot.lotValue;
    rows[at + ROW.mark] = slot.mark;
    rows[at + ROW.feeRate] = slot.takerFeeRate;
    rows[at + ROW.tickValue] = slot.tickValue;
    rows[at + ROW.leverage] = slot.leverage;
    rows[at + ROW.mostLeverage] = slot.limits.symbolLeverage;
    rows[at + ROW.cap] = slot.columns.cap;
    rows[at + ROW.share] = slot.limits.symbolShare;
    rows[at + ROW.brackets] = this.#bracketsAt.get(slot) ?? Number.NaN;
    rows[at + ROW.group] = slot.groupNumber;
    rows[at + ROW.notional] = slot.notional;
    rows[at + ROW.twinNotional] = slot.twin?.notional ?? 0;
    rows[at + ROW.funds] = slot.funds;
    rows[at + ROW.maintenance] = slot.maintenance;
    rows[at + ROW.paidRate] = isFunded ? side * slot.fundingRate : 0;
    rows[at + ROW.fundingPaid] = slot.fundingPaid;
  }

  /** Whether an order surely passes; parameters as of `UnifiedGuard.check`. */
  passes(slot: number, change: number, priceTicks: number, leverage: number): boolean {
    // A read beyond an array costs garbage, even where its answer is not used.
    if (!(slot >= 0 && slot < this.#slots && Number.isInteger(slot))) return false;
    const rows = this.#rows;
    const account = this.#account;
    const at = (2 * slot + (change > 0 ? 0 : 1)) * ROW.length;
    const now = account[ACCOUNT.now] as number;
    const size = Math.abs(change);
    const isTimely =
      now >= (rows[at + ROW.from] as number) &&
      now <= (rows[at + ROW.until] as number) &&
      now <= (account[ACCOUNT.until] as number);
    const isWhole = Number.isInteger(change) && size > (rows[at + ROW.closes] as number) && size <= MOST_LOTS;
    if (!(isTimely && isWhole)) return false;
    const mark = rows[at + ROW.mark] as number;
    const lotValue = rows[at + ROW.lotValue] as number;
    const traded = size * lotValue;
    let cost = traded * mark * (rows[at + ROW.feeRate] as number);
    if (!Number.isNaN(priceTicks)) {
      if (!Number.isInteger(priceTicks)) return false;
      const price = priceTicks * (rows[at + ROW.tickValue] as number);
      cost = traded * Math.max(0, change > 0 ? price - mark : mark - price) + cost;
    }
    const notional = (size + (rows[at + ROW.base] as number)) * lotValue * mark;
    const brackets = this.#brackets;
    let row = rows[at + ROW.brackets] as number;
    while ((brackets[row + BRACKET_ROW.ceiling] as number) < notional) row += BRACKET_ROW.length;
    const chosen = Number.isNaN(leverage) ? (rows[at + ROW.leverage] as number) : leverage;
    const equity = (account[ACCOUNT.equity] as number) - cost;
    const carries = equity * (account[ACCOUNT.leverage] as number);
    const own = rows[at + ROW.notional] as number;
    const symbolNotional = (rows[at + ROW.twinNotional] as number) + notional;
    const group = (this.#groups[rows[at + ROW.group] as number] as number) - own + notional;
    const balance = (account[ACCOUNT.crossBalance] as number) - cost;
    const otherFunds = (account[ACCOUNT.funds] as number) - (rows[at + ROW.funds] as number);
    const otherMaintenance =
      (account[ACCOUNT.maintenance] as number) - (rows[at + ROW.maintenance] as number);
    const maintenance =
      notional * (brackets[row + BRACKET_ROW.rate] as number) -
      (brackets[row + BRACKET_ROW.amount] as number);
    const paid = (rows[at + ROW.paidRate] as number) * notional * PERIODS_A_DAY;
    const otherPaid = (account[ACCOUNT.fundingPaid] as number) - (rows[at + ROW.fundingPaid] as number);
    return (
      chosen >= 1 &&
      chosen <= (rows[at + ROW.mostLeverage] as number) &&
      chosen <= (brackets[row + BRACKET_ROW.leverage] as number) &&
      symbolNotional <= (rows[at + ROW.cap] as number) &&
      symbolNotional <= (rows[at + ROW.share] as number) * carries &&
      (account[ACCOUNT.notional] as number) - own + notional <= carries &&
      group * (account[ACCOUNT.correlationWeight] as number) <=
        (account[ACCOUNT.groupShare] as number) * carries &&
      otherFunds + notional * (brackets[row + BRACKET_ROW.fundRate] as number) <= balance &&
      balance / (otherMaintenance + maintenance) >= (account[ACCOUNT.ratio] as number) &&
      (paid > 0 ? otherPaid + paid : 0) <= (account[ACCOUNT.dayShare] as number) * equity
    );
  }
}
