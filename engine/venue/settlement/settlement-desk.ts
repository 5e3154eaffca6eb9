/** The settlement desk: what every account of some futures holds, and the ledger in which their settlements are booked. */

import { hashUnits, Ledger } from '../../accounting/ledger/ledger.ts';
import { parseUnits } from '../../accounting/ledger/money-units.ts';
import { assert } from '../../core/assert.ts';
import { type FailureCode, failure } from '../../core/failure.ts';
import type { Machine } from '../../core/machine.ts';
import { isDecimalText, multiplyDecimals } from '../../core/money.ts';
import { StateHash } from '../../core/state-hash.ts';
import type { Increment } from '../../core/units.ts';
import { type CivilDay, formatDay } from '../../reference/calendar/civil-day.ts';
import { lastTradingDay, lastTradingInstant } from '../../reference/calendar/contract-dates.ts';
import { type CmeContract, formatContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import type {
  SettledContractState,
  SettlementInput,
  SettlementOutput,
  SettlementPayment,
  SettlementSnapshot,
} from './settlement-inputs.ts';
import { settlementWindow } from './settlement-rules.ts';
import { rollPosition } from './variation-margin.ts';

/** Ledger account of the house, through which every payment goes; those of the accounts follow. */
const HOUSE = 0;
const NOTHING: readonly SettlementOutput[] = [];

/** What a desk settles. */
export interface SettlementLayout {
  readonly contracts: readonly { readonly contract: CmeContract; readonly tickSize: Increment }[];
  /** Number of accounts, numbered from 0. */
  readonly accounts: number;
}

interface Held {
  readonly contract: CmeContract;
  readonly symbol: string;
  /** Value of one tick on one lot in units of 1e-8. */
  readonly unitsPerTickLot: bigint;
  readonly lastMicros: number;
  readonly lots: Float64Array;
  readonly cost: bigint[];
  settledDay: CivilDay | null;
  settledPrice: string | null;
  hasEnded: boolean;
}

/**
 * Carries positions from settlement to settlement.
 *
 * Of each account and contract it keeps the lots and what they cost: carried lots count at the last settlement price, lots
 * traded since at their own. A settlement pays lots × price − cost, after which the cost is lots × price. So what an account
 * is paid over the life of a position is what it sold for less what it bought for, to the unit, whatever days lay between;
 * lots and costs of all accounts sum to zero, and with them the payments. Nothing is rounded: a price and a multiplier whose
 * product is finer than 1e-8 dollars are refused.
 *
 * A day settles once: what is told again after a reconnect, or late, is refused and changes nothing. A day that nobody told of
 * is paid by the settlement after it.
 *
 * Failures come as `refused`: `settlement/price-malformed`, `settlement/already-settled`, `settlement/day-wrong` (no settlement
 * on that day; or a daily price from the last trading day on, a final one before it), `settlement/contract-ended`,
 * `settlement/roll-impossible`.
 */
export class SettlementDesk implements Machine<SettlementInput, SettlementOutput, SettlementSnapshot> {
  readonly #layout: SettlementLayout;
  readonly #cash: Ledger;
  readonly #contracts: readonly Held[];

  constructor(layout: SettlementLayout) {
    this.#layout = layout;
    this.#cash = new Ledger(1 + layout.accounts);
    this.#contracts = layout.contracts.map(({ contract, tickSize }) => {
      const unitsPerTickLot = parseUnits(multiplyDecimals(tickSize.text, contract.product.multiplier));
      assert(unitsPerTickLot !== null, 'a tick is worth a whole number of units');
      return {
        contract,
        symbol: formatContractSymbol(contract, 1),
        unitsPerTickLot,
        lastMicros: lastTradingInstant(contract),
        lots: new Float64Array(layout.accounts),
        cost: new Array<bigint>(layout.accounts).fill(0n),
        settledDay: null,
        settledPrice: null,
        hasEnded: false,
      };
    });
  }

  /** An equal desk. */
  static restore(layout: SettlementLayout, snapshot: SettlementSnapshot): SettlementDesk {
    const desk = new SettlementDesk(layout);
    desk.#cash.restore(snapshot.cash);
    for (const [i, state] of snapshot.contracts.entries()) {
      const held = desk.#held(i);
      held.lots.set(state.lots);
      held.cost.splice(0, held.cost.length, ...state.costUnits);
      held.settledDay = state.settledDay;
      held.settledPrice = state.settledPrice;
      held.hasEnded = state.hasEnded;
    }
    return desk;
  }

  apply(input: SettlementInput): readonly SettlementOutput[] {
    switch (input.kind) {
      case 'traded':
        return this.#trade(input);
      case 'daily-price':
      case 'final-price':
        return this.#settle(input);
      case 'rolled':
        return this.#roll(input);
    }
  }

  /** Signed lots of an account. */
  lots(contract: number, account: number): number {
    return this.#held(contract).lots[account] as number;
  }

  /** What an account was paid by all settlements so far, in units of 1e-8, negative for paid. */
  booked(account: number): bigint {
    return this.#cash.balance(1 + account);
  }

  /** What a settlement at this price would pay an account now, in units of 1e-8; null for a price that cannot be booked. */
  unbooked(contract: number, account: number, price: string): bigint | null {
    const held = this.#held(contract);
    const perLot = unitsPerLot(held, price);
    return perLot === null ? null : BigInt(this.lots(contract, account)) * perLot - costOf(held, account);
  }

  /** The newest settlement of a contract; null before the first. */
  lastSettlement(contract: number): { readonly tradingDay: CivilDay; readonly price: string } | null {
    const { settledDay, settledPrice } = this.#held(contract);
    return settledDay === null || settledPrice === null
      ? null
      : { tradingDay: settledDay, price: settledPrice };
  }

  /**
   * Checks what must hold after every input and names the first breach, or null: the ledger sums to zero, the house keeps
   * nothing, and lots and costs of every contract sum to zero.
   */
  breach(): string | null {
    if (this.#cash.total() !== 0n) return `cash sums to ${this.#cash.total()}`;
    if (this.#cash.balance(HOUSE) !== 0n) return `the house keeps ${this.#cash.balance(HOUSE)}`;
    for (const { symbol, lots, cost } of this.#contracts) {
      const open = lots.reduce((sum, one) => sum + one, 0);
      const costs = cost.reduce((sum, one) => sum + one, 0n);
      if (open !== 0) return `long less short of ${symbol} is ${open}`;
      if (costs !== 0n) return `costs of ${symbol} sum to ${costs}`;
    }
    return null;
  }

  snapshot(): SettlementSnapshot {
    return {
      cash: this.#cash.snapshot(),
      contracts: this.#contracts.map(
        ({ lots, cost, settledDay, settledPrice, hasEnded }): SettledContractState => ({
          lots: lots.slice(),
          costUnits: [...cost],
          settledDay,
          settledPrice,
          hasEnded,
        }),
      ),
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    this.#cash.hashInto(hash);
    for (const { lots, cost, settledDay, settledPrice, hasEnded } of this.#contracts) {
      for (const one of lots) hash.integer(one);
      for (const one of cost) hashUnits(hash, one);
      hash.integer(settledDay ?? -1);
      hash.text(settledPrice ?? '');
      hash.integer(hasEnded ? 1 : 0);
    }
    return hash.value();
  }

  #trade(input: Extract<SettlementInput, { kind: 'traded' }>): readonly SettlementOutput[] {
    const { contract, atMicros, buyer, seller, lots, priceTicks } = input;
    const held = this.#held(contract);
    assert(Number.isSafeInteger(lots) && lots > 0, 'a trade has whole lots');
    assert(Number.isSafeInteger(priceTicks), 'a trade has a price in whole ticks');
    if (held.hasEnded || atMicros > held.lastMicros) return [ended(held)];
    this.#move(held, buyer, seller, lots, BigInt(priceTicks) * held.unitsPerTickLot);
    return NOTHING;
  }

  #settle(
    input: Extract<SettlementInput, { kind: 'daily-price' | 'final-price' }>,
  ): readonly SettlementOutput[] {
    const { contract, tradingDay, price } = input;
    const held = this.#held(contract);
    const isFinal = input.kind === 'final-price';
    if (held.hasEnded) return [ended(held)];
    if (held.settledDay !== null && tradingDay <= held.settledDay) {
      const words = `${held.symbol} was settled for ${formatDay(held.settledDay)} already`;
      return [refused('settlement/already-settled', words)];
    }
    const problem = dayProblem(held, tradingDay, isFinal);
    if (problem !== null) return [refused('settlement/day-wrong', problem)];
    const perLot = unitsPerLot(held, price);
    if (perLot === null) return [malformed(price)];
    const payments = this.#pay(held, perLot);
    held.settledDay = tradingDay;
    held.settledPrice = price;
    const settled = { kind: 'settled', contract, tradingDay, price, isFinal, payments } as const;
    return isFinal ? [settled, ...this.#end(contract, held, price)] : [settled];
  }

  /** Pays everyone up to a price; the house takes and gives the same. */
  #pay(held: Held, perLot: bigint): readonly SettlementPayment[] {
    const payments: SettlementPayment[] = [];
    for (let account = 0; account < this.#layout.accounts; account++) {
      const lots = held.lots[account] as number;
      const cost = costOf(held, account);
      if (lots === 0 && cost === 0n) continue;
      const worth = BigInt(lots) * perLot;
      const units = worth - cost;
      this.#cash.transfer(HOUSE, 1 + account, units);
      held.cost[account] = worth;
      payments.push({ account, lots, units });
    }
    return payments;
  }

  /** Nothing is carried beyond a final settlement; what is settled physically is delivered. */
  #end(contract: number, held: Held, price: string): readonly SettlementOutput[] {
    held.hasEnded = true;
    const outputs: SettlementOutput[] = [];
    for (const [account, lots] of held.lots.entries()) {
      if (lots === 0 || held.contract.product.settlement === 'cash') continue;
      const delivery = { takesDelivery: lots > 0, lots: Math.abs(lots), price };
      outputs.push({ kind: 'delivery-due', contract, account, delivery });
    }
    held.lots.fill(0);
    held.cost.fill(0n);
    return outputs;
  }

  #roll(input: Extract<SettlementInput, { kind: 'rolled' }>): readonly SettlementOutput[] {
    const { account, counterparty, lots, onDay, nearPrice, spreadPrice } = input;
    const [near, far] = [this.#held(input.from), this.#held(input.to)];
    if (near.hasEnded) return [ended(near)];
    const wrong = [nearPrice, spreadPrice].find((price) => !isDecimalText(price));
    if (wrong !== undefined) return [malformed(wrong)];
    const carried = near.lots[account] as number;
    if (carried > 0 ? lots < 0 || lots > carried : lots > 0 || lots < carried) {
      return [
        refused('settlement/roll-impossible', `expected to roll of ${carried} lots held, found ${lots}`),
      ];
    }
    const roll = rollPosition({ from: near.contract, to: far.contract, lots, onDay, nearPrice, spreadPrice });
    if (!roll.ok) return [{ kind: 'refused', failure: roll.failure }];
    const [nearUnits, farUnits] = [unitsPerLot(near, nearPrice), unitsPerLot(far, roll.value.far.price)];
    if (nearUnits === null) return [malformed(nearPrice)];
    if (farUnits === null) return [malformed(roll.value.far.price)];
    this.#move(near, account, counterparty, -lots, nearUnits);
    this.#move(far, account, counterparty, lots, farUnits);
    return NOTHING;
  }

  /** Moves lots between two accounts; negative ones the other way. */
  #move(held: Held, to: number, from: number, lots: number, perLot: bigint): void {
    const cost = BigInt(lots) * perLot;
    add(held, to, lots, cost);
    add(held, from, -lots, -cost);
  }

  #held(contract: number): Held {
    const held = this.#contracts[contract];
    assert(held !== undefined, `no contract ${contract}`);
    return held;
  }
}

/** A function of its own, for it runs twice with every trade. */
function add(held: Held, account: number, lots: number, cost: bigint): void {
  const before = held.lots[account];
  assert(before !== undefined, 'the account exists');
  const after = before + lots;
  assert(Number.isSafeInteger(after), 'lots of an account are safe integers');
  held.lots[account] = after;
  held.cost[account] = costOf(held, account) + cost;
}

function costOf(held: Held, account: number): bigint {
  return held.cost[account] as bigint;
}

/** Value of a price on one lot; null where it is no number, or finer than a unit. */
function unitsPerLot({ contract }: Held, price: string): bigint | null {
  return isDecimalText(price) ? parseUnits(multiplyDecimals(price, contract.product.multiplier)) : null;
}

function dayProblem({ contract, symbol }: Held, day: CivilDay, isFinal: boolean): string | null {
  const last = lastTradingDay(contract);
  if (isFinal) return day < last ? `${symbol} trades until ${formatDay(last)}` : null;
  if (settlementWindow(contract.product, day) === null)
    return `${symbol} does not settle on ${formatDay(day)}`;
  return day >= last ? `${symbol} is settled for the last time on ${formatDay(last)}` : null;
}

function ended({ symbol }: Held): SettlementOutput {
  return refused('settlement/contract-ended', `${symbol} no longer trades`);
}

function malformed(price: string): SettlementOutput {
  const words = `expected a price in whole hundred-millionths of a dollar, found "${price.slice(0, 40)}"`;
  return refused('settlement/price-malformed', words);
}

function refused(code: FailureCode, message: string): SettlementOutput {
  return { kind: 'refused', failure: failure(code, message) };
}
