/** A double-entry ledger of one currency: every booking balances, so the sum over all accounts stays zero to the last unit. */
import { assert } from '../../core/assert.ts';
import type { StateHash } from '../../core/state-hash.ts';

/** Balances stay well inside 64 bits: 46 billion of the currency in one account. */
const LARGEST: bigint = 1n << 62n;
const WORD = 0xffff_ffffn;

/** One line of a booking: what an account receives, negative for what it gives. Units of 1e-8. */
export interface Posting {
  readonly account: number;
  readonly units: bigint;
}

/** Balances by account number. Money enters and leaves through an account of its own, so nothing is ever created. */
export class Ledger {
  readonly #balances: BigInt64Array;

  /** @param accounts - number of accounts, numbered from 0 */
  constructor(accounts: number) {
    this.#balances = new BigInt64Array(accounts);
  }

  /** Balance of an account in units. */
  balance(account: number): bigint {
    return this.#balances[account] as bigint;
  }

  /** Books a set of postings, all or nothing; a set that does not sum to zero is a defect. */
  book(postings: readonly Posting[]): void {
    let sum = 0n;
    for (const posting of postings) sum += posting.units;
    assert(sum === 0n, `postings must sum to zero, found ${sum}`);
    for (const posting of postings) this.#add(posting.account, posting.units);
  }

  /** Moves units from one account to another; negative units move the other way. */
  transfer(from: number, to: number, units: bigint): void {
    if (units === 0n) return;
    this.#add(from, -units);
    this.#add(to, units);
  }

  /** Sum over all accounts: zero unless something is wrong with this class. */
  total(): bigint {
    let sum = 0n;
    for (const balance of this.#balances) sum += balance;
    return sum;
  }

  /** A copy of all balances. */
  snapshot(): BigInt64Array {
    return this.#balances.slice();
  }

  /** Takes over all balances of a snapshot of equal length. */
  restore(balances: BigInt64Array): void {
    assert(balances.length === this.#balances.length, 'a snapshot has as many accounts as the ledger');
    this.#balances.set(balances);
  }

  /** Adds every balance to a state hash. */
  hashInto(hash: StateHash): void {
    for (const balance of this.#balances) hashUnits(hash, balance);
  }

  #add(account: number, units: bigint): void {
    const before = this.#balances[account];
    assert(before !== undefined, `no ledger account ${account}`);
    const after = before + units;
    assert(after < LARGEST && after > -LARGEST, `balance of account ${account} out of range`);
    this.#balances[account] = after;
  }
}

/** Adds an amount of up to 64 bits to a state hash. */
export function hashUnits(hash: StateHash, units: bigint): void {
  hash.integer(Number(units >> 32n));
  hash.integer(Number(units & WORD));
}
