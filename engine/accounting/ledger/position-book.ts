/** Positions as columns: signed size and exact cost, from which realised and unrealised PnL follow without drift. */
import { assert } from '../../core/assert.ts';
import type { StateHash } from '../../core/state-hash.ts';
import { hashUnits } from './ledger.ts';
import { floorDivide } from './money-units.ts';

/** Positions as plain data. */
export interface PositionSnapshot {
  readonly sizeLots: Float64Array;
  readonly costUnits: BigInt64Array;
}

/**
 * One row a position ("slot"). `sizeLots` is signed; `costUnits` is what the open lots cost, signed like the size, so
 * the average entry is cost ÷ size and nothing is rounded while a position is only added to. When a part is closed,
 * its share of the cost is rounded down to a unit and the rest stays: what is realised over the life of a position is
 * its cash flow to the unit.
 */
export class PositionBook {
  readonly sizeLots: Float64Array;
  readonly #costUnits: BigInt64Array;

  constructor(slots: number) {
    this.sizeLots = new Float64Array(slots);
    this.#costUnits = new BigInt64Array(slots);
  }

  /** Signed size in lots. */
  size(slot: number): number {
    return this.sizeLots[slot] as number;
  }

  /** What the open lots cost in units, signed like the size. */
  cost(slot: number): bigint {
    return this.#costUnits[slot] as bigint;
  }

  /** Unrealised PnL in units at a price; exact. */
  unrealised(slot: number, priceTicks: number, unitsPerTickLot: bigint): bigint {
    const size = this.sizeLots[slot] as number;
    if (size === 0) return 0n;
    return BigInt(size) * BigInt(priceTicks) * unitsPerTickLot - (this.#costUnits[slot] as bigint);
  }

  /**
   * Books a fill and returns the PnL it realises, in units.
   *
   * @param lots - signed: bought positive, sold negative
   */
  fill(slot: number, lots: number, priceTicks: number, unitsPerTickLot: bigint): bigint {
    assert(Number.isSafeInteger(lots) && lots !== 0, `a fill has whole lots, found ${lots}`);
    assert(Number.isSafeInteger(priceTicks), `a fill has a price in whole ticks, found ${priceTicks}`);
    const size = this.size(slot);
    const cost = this.cost(slot);
    const unitsPerLot = BigInt(priceTicks) * unitsPerTickLot;
    if (size === 0 || size > 0 === lots > 0) {
      this.#set(slot, size + lots, cost + BigInt(lots) * unitsPerLot);
      return 0n;
    }
    const closing = Math.min(Math.abs(size), Math.abs(lots));
    const closedLots = size > 0 ? closing : -closing;
    const whole = closing === Math.abs(size);
    const closedCost = whole ? cost : floorDivide(cost * BigInt(closing), BigInt(Math.abs(size)));
    const opened = lots + closedLots;
    this.#set(slot, size + lots, cost - closedCost + BigInt(opened) * unitsPerLot);
    return BigInt(closedLots) * unitsPerLot - closedCost;
  }

  /** Copies of both columns. */
  snapshot(): PositionSnapshot {
    return { sizeLots: this.sizeLots.slice(), costUnits: this.#costUnits.slice() };
  }

  /** Takes over a snapshot of equal length. */
  restore(snapshot: PositionSnapshot): void {
    assert(snapshot.sizeLots.length === this.sizeLots.length, 'a snapshot has as many slots as the book');
    this.sizeLots.set(snapshot.sizeLots);
    this.#costUnits.set(snapshot.costUnits);
  }

  /** Adds every position to a state hash. */
  hashInto(hash: StateHash): void {
    for (let slot = 0; slot < this.sizeLots.length; slot++) {
      hash.integer(this.size(slot));
      hashUnits(hash, this.cost(slot));
    }
  }

  #set(slot: number, size: number, cost: bigint): void {
    assert(Number.isSafeInteger(size), `position of slot ${slot} out of range`);
    this.sizeLots[slot] = size;
    this.#costUnits[slot] = cost;
  }
}
