/** What positions paid for funding: at every funding instant that passes in the run, at the rate told last before it. */
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { BoardRow } from '../contract/guard-board.ts';
import type { GuardWorld } from './guard-inputs.ts';

const DAY_MICROS = 86_400_000_000;

interface Due {
  readonly atMicros: number;
  /** Rate a long pays. */
  readonly rate: number;
  readonly holders: readonly Pick<BoardRow, 'accountName' | 'side' | 'notional'>[];
}

interface Payment {
  readonly atMicros: number;
  readonly account: string;
  /** Positive is paid, negative received. */
  readonly amount: number;
}

/** Follows one run, in the order of time. An estimate: nothing is booked, and time that was leapt over is not made up. */
export class FundingMeter {
  #due = new Map<InstrumentId, Due>();
  #payments: Payment[] = [];

  /**
   * Takes the lines and markets of an instant.
   *
   * @returns what each account that holds a perpetual has paid in the last 24 hours, less what it received
   */
  take(rows: readonly BoardRow[], { nowMicros, markets }: GuardWorld): ReadonlyMap<string, number> {
    for (const { atMicros, rate, holders } of this.#due.values()) {
      if (nowMicros < atMicros) continue;
      for (const { accountName: account, side, notional } of holders) {
        const amount = (side === 'long' ? rate : -rate) * (notional ?? 0);
        this.#payments.push({ atMicros, account, amount });
      }
    }
    this.#payments = this.#payments.filter(({ atMicros }) => nowMicros - atMicros < DAY_MICROS);
    this.#due = new Map();
    const paid = new Map<string, number>();
    for (const { instrument, fundingRate: rate, nextFundingMicros: atMicros } of markets.values()) {
      if (rate === null || atMicros === null) continue;
      const holders = rows.filter((row) => row.instrument === instrument);
      for (const { accountName } of holders) paid.set(accountName, 0);
      // An instant that has come is not due again, however long the venue goes on telling it.
      if (nowMicros < atMicros) this.#due.set(instrument, { atMicros, rate, holders });
    }
    for (const { account, amount } of this.#payments) paid.set(account, (paid.get(account) ?? 0) + amount);
    return paid;
  }
}
