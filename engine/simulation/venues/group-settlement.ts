/** Daily settlement of the simulated futures: prices from their own trades, payments to every account. */
import { assert } from '../../core/assert.ts';
import { multiplyDecimals } from '../../core/money.ts';
import type { StateHash } from '../../core/state-hash.ts';
import { type Micros, micros } from '../../core/units.ts';
import type { CivilDay } from '../../reference/calendar/civil-day.ts';
import { tradingDayAt } from '../../reference/calendar/sessions.ts';
import { parseContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import { factOn } from '../../reference/instruments/cme-product.ts';
import { SettlementDesk } from '../../venue/settlement/settlement-desk.ts';
import type { SettlementPayment } from '../../venue/settlement/settlement-inputs.ts';
import type { LeadTier } from '../../venue/settlement/settlement-rules.ts';
import {
  SettlementWatch,
  type SettlementWatchOutput,
  type WatchedContract,
} from '../../venue/settlement/settlement-watch.ts';
import { MOST_ACCOUNTS } from './venue-parameters.ts';

/** Settled days that are kept for their readers. */
const MOST_DAYS = 100;

/** A trade between two accounts of a future. */
export interface AccountTrade {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly buyer: number;
  readonly seller: number;
}

/** Best quotes of a future; null where there are none that could trade. */
export interface BestQuotes {
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
}

/** One settlement of one future. */
export interface SettledDay {
  readonly tradingDay: CivilDay;
  readonly atMicros: Micros;
  readonly priceTicks: number;
  /** How the price was found, and from how many lots. */
  readonly tier: LeadTier;
  readonly lots: number;
  readonly payments: readonly SettlementPayment[];
}

/** What settlement knows of one future. */
export interface MemberSettlement {
  /** Settlement price in force: the newest, or before the first the price with which the run began. */
  readonly priceTicks: number | null;
  /** When the next day settles. */
  readonly nextMicros: Micros;
  /** Newest last, at most 100. */
  readonly days: readonly SettledDay[];
  /** Variation margin that an account was paid so far, in units of 1e-8. */
  booked(account: number): bigint;
  /** What a settlement at this price, decimal text, would pay an account now, in units of 1e-8. */
  unbooked(account: number, price: string): bigint;
}

/** One future: its price is watched, its accounts are settled. */
class SettledFuture implements MemberSettlement {
  priceTicks: number | null = null;
  days: readonly SettledDay[] = [];
  readonly desk: SettlementDesk;
  readonly #watched: WatchedContract;
  readonly #startMicros: Micros;
  #watch: SettlementWatch;

  constructor(symbol: string, startMicros: Micros) {
    const day = tradingDayAt(startMicros);
    const contract = parseContractSymbol(symbol, day);
    assert(contract.ok, `${symbol} is a contract`);
    const tick = factOn(contract.value.product.tickSizes, day);
    assert(tick !== null, `${symbol} has a tick size`);
    this.#watched = { contract: contract.value, tickSize: tick.value };
    this.#startMicros = startMicros;
    this.desk = new SettlementDesk({ contracts: [this.#watched], accounts: MOST_ACCOUNTS });
    this.#watch = new SettlementWatch(this.#watched, startMicros, null);
  }

  get nextMicros(): Micros {
    return this.#watch.dueMicros;
  }

  booked(account: number): bigint {
    return this.desk.booked(account);
  }

  unbooked(account: number, price: string): bigint {
    const units = this.desk.unbooked(0, account, price);
    assert(units !== null, `${price} can be booked`);
    return units;
  }

  /** Names the price with which the run begins. */
  begin(priceTicks: number): void {
    this.priceTicks = priceTicks;
    this.#watch = new SettlementWatch(this.#watched, this.#startMicros, priceTicks);
  }

  trade(atMicros: Micros, { priceTicks, sizeLots, buyer, seller }: AccountTrade): void {
    this.#settle(this.#watch.apply({ kind: 'traded', atMicros, priceTicks, sizeLots }));
    this.desk.apply({ kind: 'traded', atMicros, contract: 0, buyer, seller, lots: sizeLots, priceTicks });
  }

  /** Settles what is due. */
  clock(atMicros: Micros, quotes: BestQuotes): void {
    if (atMicros < this.nextMicros) return;
    this.#settle(this.#watch.apply({ kind: 'quoted', atMicros, ...quotes }));
    this.#settle(this.#watch.apply({ kind: 'time-passed', atMicros }));
  }

  hashInto(hash: StateHash): void {
    hash.integer(this.desk.stateHash());
    hash.integer(this.#watch.stateHash());
  }

  /** A day without a price is paid by the settlement after it. */
  #settle(outputs: readonly SettlementWatchOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'price-missing') continue;
      const { tradingDay, atMicros, ticks, tier, lots } = output;
      const price = multiplyDecimals(String(ticks), this.#watched.tickSize.text);
      for (const booked of this.desk.apply({ kind: 'daily-price', contract: 0, tradingDay, price })) {
        if (booked.kind !== 'settled') continue;
        const { payments } = booked;
        this.priceTicks = ticks;
        const day = { tradingDay, atMicros, priceTicks: ticks, tier, lots, payments };
        this.days = [...this.days, day].slice(-MOST_DAYS);
      }
    }
  }
}

/**
 * Settles every future of the group at the end of its window, by the rules of its product.
 *
 * Simplified: of each future there is one month, and what is traded between the window and the close, which the exchange still
 * counts to the day, comes to the next settlement; over the life of a position that is the same money. Accounts begin with
 * nothing, so that nobody is paid for a move from the price with which the run begins.
 */
export class GroupSettlement {
  readonly #members: readonly SettledFuture[];
  #hasBegun = false;

  constructor(symbols: readonly string[], startMicros: Micros) {
    this.#members = symbols.map((symbol) => new SettledFuture(symbol, startMicros));
  }

  /** When the next day settles; infinity before the first day began. */
  get dueMicros(): number {
    return this.#hasBegun
      ? Math.min(...this.#members.map(({ nextMicros }) => nextMicros))
      : Number.POSITIVE_INFINITY;
  }

  /** Names the price with which the first day of a future begins. */
  setReference(instrument: number, priceTicks: number): void {
    if (!this.#hasBegun) this.#member(instrument).begin(priceTicks);
  }

  /** From now on days settle. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** A trade of one future. */
  trade(instrument: number, atMicros: number, trade: AccountTrade): void {
    this.#member(instrument).trade(micros(atMicros), trade);
  }

  /** Settles what is due at this instant, with the quotes of a future now. */
  clock(atMicros: Micros, quotesOf: (instrument: number) => BestQuotes): void {
    if (atMicros < this.dueMicros) return;
    for (const [instrument, member] of this.#members.entries()) member.clock(atMicros, quotesOf(instrument));
  }

  /** Settlement of one future. */
  of(instrument: number): MemberSettlement {
    return this.#member(instrument);
  }

  /** Adds positions, bookings and windows to the hash. */
  hashInto(hash: StateHash): void {
    for (const member of this.#members) member.hashInto(hash);
  }

  #member(instrument: number): SettledFuture {
    const member = this.#members[instrument];
    assert(member !== undefined, 'the future belongs to the group');
    return member;
  }
}
