/** Funding payments of one perpetual: exact, and booked once for each funding instant whatever is heard twice, late or never. */
import { assert } from '../../core/assert.ts';
import type { Machine } from '../../core/machine.ts';
import { compareDecimals, multiplyDecimals, roundDecimal, sumDecimals } from '../../core/money.ts';
import { StateHash } from '../../core/state-hash.ts';
import { type Micros, SECOND_MICROS } from '../../core/units.ts';

/** What the machine hears. Sizes, rates and prices are decimal text. */
export type FundingPaymentsInput =
  /** An account's whole position after a change: signed, positive for long. `sequence` rises with each change of the account. */
  | {
      readonly kind: 'position-changed';
      readonly account: string;
      readonly sequence: number;
      readonly atMicros: Micros;
      readonly size: string;
    }
  /** The rate of an instant, from the desk or from the venue's history, in any order and any number of times. */
  | {
      readonly kind: 'rate-known';
      readonly instantMicros: Micros;
      readonly rate: string;
      readonly markPrice: string;
    };

/** What happened. */
export type FundingPaymentsOutput =
  /** `amount` is added to the account's balance: negative when it pays. */
  | {
      readonly kind: 'payment-booked';
      readonly instantMicros: Micros;
      readonly account: string;
      readonly size: string;
      readonly amount: string;
    }
  /** Ends the payments of an instant. `clearing` is the exact rest that makes them sum to 0. */
  | {
      readonly kind: 'funding-booked';
      readonly instantMicros: Micros;
      readonly rate: string;
      readonly markPrice: string;
      readonly payments: number;
      readonly clearing: string;
    }
  /** The instant was booked before: nothing is booked. `differs` when this rate or mark is not the booked one. */
  | { readonly kind: 'funding-repeated'; readonly instantMicros: Micros; readonly differs: boolean }
  /** The instant lies further back than sizes are remembered: nothing is booked. */
  | { readonly kind: 'funding-too-old'; readonly instantMicros: Micros }
  /** A change became known after an instant it should have counted for was booked: the booking stands. */
  | {
      readonly kind: 'change-too-late';
      readonly account: string;
      readonly sequence: number;
      readonly instantMicros: Micros;
    };

/** Sizes of an account: `size` is in force for instants from `fromMicros` on. */
interface SizeHistory {
  readonly sequence: number;
  readonly sizes: readonly { readonly fromMicros: number; readonly size: string }[];
}

interface BookedInstant {
  readonly instantMicros: Micros;
  readonly rate: string;
  readonly markPrice: string;
}

/** State of {@link FundingPayments}. */
export interface FundingPaymentsSnapshot {
  readonly accounts: readonly (readonly [string, SizeHistory])[];
  readonly booked: readonly BookedInstant[];
  readonly newestMicros: number;
}

/** How far back sizes and booked instants are remembered: a week without a connection can still be settled. */
export const FUNDING_MEMORY_MICROS: number = 7 * 24 * 3600 * SECOND_MICROS;

/** Decimals of a payment: the smallest unit the exchange books. */
const AMOUNT_PLACES = 8;
const HOUR_MICROS = 3600 * SECOND_MICROS;

/**
 * Books funding.
 *
 * Formula: amount = −size × mark price × rate, a positive rate being paid by longs, rounded toward −∞ to eight decimals: who
 * pays never pays less, who receives never receives more, so in a closed market the clearing rest is 0 or a few units
 * and never a debt. A position counts with the size it had just before the instant; a change at the instant itself
 * comes after it. Instants are whole hours.
 *
 * Source: Binance FAQ "Introduction to Binance Futures Funding Rates" (payment = position value at mark × rate). The
 * exchange's own rounding is not published.
 *
 * @example long 2 at mark 65,000, rate 0.0001 → −13 USDT
 */
export class FundingPayments
  implements Machine<FundingPaymentsInput, FundingPaymentsOutput, FundingPaymentsSnapshot>
{
  readonly #accounts = new Map<string, SizeHistory>();
  readonly #booked = new Map<Micros, BookedInstant>();
  #newestMicros = 0;

  /** An equal machine. */
  static restore(snapshot: FundingPaymentsSnapshot): FundingPayments {
    const payments = new FundingPayments();
    for (const [account, history] of snapshot.accounts) payments.#accounts.set(account, history);
    for (const instant of snapshot.booked) payments.#booked.set(instant.instantMicros, instant);
    payments.#newestMicros = snapshot.newestMicros;
    return payments;
  }

  apply(input: FundingPaymentsInput): readonly FundingPaymentsOutput[] {
    return input.kind === 'rate-known' ? this.#book(input) : this.#change(input);
  }

  snapshot(): FundingPaymentsSnapshot {
    return {
      accounts: [...this.#accounts],
      booked: [...this.#booked.values()],
      newestMicros: this.#newestMicros,
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.#newestMicros);
    for (const account of [...this.#accounts.keys()].sort()) {
      const { sequence, sizes } = this.#accounts.get(account) ?? NEVER_HELD;
      hash.text(account);
      hash.integer(sequence);
      for (const { fromMicros, size } of sizes) {
        hash.integer(fromMicros);
        hash.text(size);
      }
    }
    for (const instant of [...this.#booked.keys()].sort((a, b) => a - b)) {
      hash.integer(instant);
      hash.text(this.#booked.get(instant)?.rate ?? '');
      hash.text(this.#booked.get(instant)?.markPrice ?? '');
    }
    return hash.value();
  }

  #change(
    change: FundingPaymentsInput & { readonly kind: 'position-changed' },
  ): readonly FundingPaymentsOutput[] {
    const { account, sequence, atMicros, size } = change;
    const held = this.#accounts.get(account);
    if (held !== undefined && sequence <= held.sequence) return [];
    // All changes of one hour count from the same instant on, so one size for each hour is enough.
    const fromMicros = (Math.floor(atMicros / HOUR_MICROS) + 1) * HOUR_MICROS;
    const earlier = (held?.sizes ?? []).filter((entry) => entry.fromMicros < fromMicros);
    this.#accounts.set(account, { sequence, sizes: this.#remembered([...earlier, { fromMicros, size }]) });
    const late = [...this.#booked.keys()].filter((instant) => instant >= fromMicros).sort((a, b) => a - b);
    return late.map((instantMicros) => ({ kind: 'change-too-late', account, sequence, instantMicros }));
  }

  #book(known: FundingPaymentsInput & { readonly kind: 'rate-known' }): readonly FundingPaymentsOutput[] {
    const { instantMicros, rate, markPrice } = known;
    assert(instantMicros % HOUR_MICROS === 0, `funding falls on whole hours, found ${instantMicros}`);
    const before = this.#booked.get(instantMicros);
    if (before !== undefined) {
      const same =
        compareDecimals(before.rate, rate) === 0 && compareDecimals(before.markPrice, markPrice) === 0;
      return [{ kind: 'funding-repeated', instantMicros, differs: !same }];
    }
    if (instantMicros < this.#newestMicros - FUNDING_MEMORY_MICROS) {
      return [{ kind: 'funding-too-old', instantMicros }];
    }
    this.#booked.set(instantMicros, { instantMicros, rate, markPrice });
    const outputs: FundingPaymentsOutput[] = [];
    const amounts: string[] = [];
    const paidForOne = multiplyDecimals(multiplyDecimals(markPrice, rate), '-1');
    for (const [account, history] of this.#accounts) {
      const size = sizeAt(history, instantMicros);
      if (compareDecimals(size, '0') === 0) continue;
      const amount = roundDecimal(multiplyDecimals(size, paidForOne), AMOUNT_PLACES, 'floor');
      amounts.push(amount);
      outputs.push({ kind: 'payment-booked', instantMicros, account, size, amount });
    }
    const clearing = roundDecimal(multiplyDecimals(sumDecimals(amounts), '-1'), AMOUNT_PLACES, 'floor');
    outputs.push({
      kind: 'funding-booked',
      instantMicros,
      rate,
      markPrice,
      payments: amounts.length,
      clearing,
    });
    if (instantMicros > this.#newestMicros) this.#forgetBefore(instantMicros);
    return outputs;
  }

  #forgetBefore(newestMicros: Micros): void {
    this.#newestMicros = newestMicros;
    for (const instant of this.#booked.keys()) {
      if (instant < newestMicros - FUNDING_MEMORY_MICROS) this.#booked.delete(instant);
    }
    for (const [account, history] of this.#accounts) {
      this.#accounts.set(account, { ...history, sizes: this.#remembered(history.sizes) });
    }
  }

  /** The sizes that may still be asked for: those of the memory, and the one in force at its start. */
  #remembered(sizes: SizeHistory['sizes']): SizeHistory['sizes'] {
    const oldest = this.#newestMicros - FUNDING_MEMORY_MICROS;
    const inForce = sizes.findLastIndex(({ fromMicros }) => fromMicros <= oldest);
    return inForce <= 0 ? sizes : sizes.slice(inForce);
  }
}

const NEVER_HELD: SizeHistory = { sequence: 0, sizes: [] };

function sizeAt({ sizes }: SizeHistory, instantMicros: Micros): string {
  return sizes.findLast(({ fromMicros }) => fromMicros <= instantMicros)?.size ?? '0';
}
