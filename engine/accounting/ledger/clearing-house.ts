/** The clearing house: who holds what, behind which collateral, and every booking that trades, funding and fees make. */
import { assert } from '../../core/assert.ts';
import { StateHash } from '../../core/state-hash.ts';
import { Ledger } from './ledger.ts';
import { floorDivide } from './money-units.ts';
import { PositionBook, type PositionSnapshot } from './position-book.ts';

/** Ledger accounts of the house; the pools of the traders follow. */
export const HOUSE_ACCOUNTS = {
  /** Counter account of every deposit: minus the money that came in. */
  deposits: 0,
  fees: 1,
  /** Rounding residue of funding payments. */
  fundingClearing: 2,
  /** Counter account of realised PnL: always equal to the unrealised PnL of all positions together. */
  positionClearing: 3,
} as const;

const HOUSE = 4;
/** Funding rates are booked as integers of 1e-8. */
const RATE_UNITS = 100_000_000n;

/** Size of a clearing house. */
export interface ClearingLayout {
  readonly traders: number;
  /** Value of one tick on one lot by market, in units of 1e-8. */
  readonly unitsPerTickLot: readonly bigint[];
}

/** A clearing house as plain data. */
export interface ClearingSnapshot {
  readonly cash: BigInt64Array;
  readonly collateral: BigInt64Array;
  readonly positions: PositionSnapshot;
  readonly isolated: Uint8Array;
  readonly hedge: Uint8Array;
}

/**
 * Traders hold positions in *slots*: two a market, of which a one-way trader uses the first, with either sign, and a
 * trader in hedge mode the first for longs and the second for shorts. Behind each slot stands a *pool* of collateral:
 * the wallet of the trader (cross), or the margin of the slot alone (isolated). Pools are numbered wallets first, then
 * slots.
 *
 * Two currencies: cash, in which everything is settled, and a collateral asset that only counts as margin.
 */
export class ClearingHouse {
  readonly traders: number;
  readonly markets: number;
  readonly slots: number;
  readonly pools: number;
  readonly unitsPerTickLot: readonly bigint[];
  readonly positions: PositionBook;
  readonly #cash: Ledger;
  readonly #collateral: Ledger;
  /** 1 where the slots of a trader are isolated. */
  readonly #isolated: Uint8Array;
  /** 1 where a trader is in hedge mode. */
  readonly #hedge: Uint8Array;
  readonly #touched = new Set<number>();

  constructor(layout: ClearingLayout) {
    this.traders = layout.traders;
    this.markets = layout.unitsPerTickLot.length;
    this.unitsPerTickLot = layout.unitsPerTickLot;
    this.slots = this.traders * this.markets * 2;
    this.pools = this.traders + this.slots;
    this.positions = new PositionBook(this.slots);
    this.#cash = new Ledger(HOUSE + this.pools);
    this.#collateral = new Ledger(1 + this.traders);
    this.#isolated = new Uint8Array(this.traders);
    this.#hedge = new Uint8Array(this.traders);
  }

  /** Chooses the modes of a trader; only before it holds anything. */
  setModes(trader: number, modes: { readonly isolated: boolean; readonly hedge: boolean }): void {
    this.#isolated[trader] = modes.isolated ? 1 : 0;
    this.#hedge[trader] = modes.hedge ? 1 : 0;
  }

  isIsolated(trader: number): boolean {
    return this.#isolated[trader] === 1;
  }

  isHedge(trader: number): boolean {
    return this.#hedge[trader] === 1;
  }

  /** The slot of a trader in a market: `leg` 0 for one-way and hedge longs, 1 for hedge shorts. */
  slotOf(trader: number, market: number, leg: 0 | 1): number {
    return (trader * this.markets + market) * 2 + leg;
  }

  /** The slot that an order of this side opens or adds to. */
  openingSlot(trader: number, market: number, side: 'buy' | 'sell'): number {
    return this.slotOf(trader, market, this.isHedge(trader) && side === 'sell' ? 1 : 0);
  }

  marketOf(slot: number): number {
    return (slot >> 1) % this.markets;
  }

  traderOf(slot: number): number {
    return Math.floor(slot / (this.markets * 2));
  }

  /** The pool that stands behind a slot. */
  poolOf(slot: number): number {
    const trader = this.traderOf(slot);
    return this.isIsolated(trader) ? this.traders + slot : trader;
  }

  traderOfPool(pool: number): number {
    return pool < this.traders ? pool : this.traderOf(pool - this.traders);
  }

  /** Slots that lean on a pool, as [first, last). */
  slotsOf(pool: number): readonly [number, number] {
    if (pool >= this.traders) {
      const slot = pool - this.traders;
      return this.isIsolated(this.traderOf(slot)) ? [slot, slot + 1] : [slot, slot];
    }
    if (this.isIsolated(pool)) return [0, 0];
    const width = this.markets * 2;
    return [pool * width, (pool + 1) * width];
  }

  /** Cash of a pool in units. */
  cash(pool: number): bigint {
    return this.#cash.balance(HOUSE + pool);
  }

  /** Balance of an account of the house in units, see {@link HOUSE_ACCOUNTS}. */
  houseCash(account: number): bigint {
    assert(account >= 0 && account < HOUSE, `no house account ${account}`);
    return this.#cash.balance(account);
  }

  /** Collateral asset of a trader in units of the asset. */
  collateralOf(trader: number): bigint {
    return this.#collateral.balance(1 + trader);
  }

  /** Visits the pools that any booking touched since the last visit, and forgets them. */
  visitTouched(visit: (pool: number) => void): void {
    for (const pool of this.#touched) visit(pool);
    this.#touched.clear();
  }

  /** Money from outside into a pool. */
  deposit(pool: number, units: bigint): void {
    this.#book(HOUSE_ACCOUNTS.deposits, HOUSE + pool, units);
  }

  /** Collateral asset from outside to a trader. */
  depositCollateral(trader: number, units: bigint): void {
    this.#collateral.transfer(0, 1 + trader, units);
    this.#touched.add(trader);
  }

  /** Cash from pool to pool. */
  transfer(from: number, to: number, units: bigint): void {
    this.#book(HOUSE + from, HOUSE + to, units);
  }

  /** A fee from a pool to the fees account. */
  chargeFee(pool: number, units: bigint): void {
    this.#book(HOUSE + pool, HOUSE_ACCOUNTS.fees, units);
  }

  /** Sells the collateral asset of a trader to another for cash of its wallet. */
  sellCollateral(seller: number, buyer: number, assetUnits: bigint, cashUnits: bigint): void {
    this.#collateral.transfer(1 + seller, 1 + buyer, assetUnits);
    this.transfer(buyer, seller, cashUnits);
  }

  /** Books one trade between two slots of a market. Returns the PnL realised by buyer and seller, in units. */
  trade(buyer: number, seller: number, lots: number, priceTicks: number): readonly [bigint, bigint] {
    const market = this.marketOf(buyer);
    assert(market === this.marketOf(seller) && buyer !== seller, 'a trade has two slots of one market');
    assert(lots > 0 && priceTicks > 0, `a trade has size and price, found ${lots} at ${priceTicks}`);
    return [this.#fill(buyer, lots, priceTicks, market), this.#fill(seller, -lots, priceTicks, market)];
  }

  /**
   * Books one funding payment on every position of a market; longs pay a positive rate.
   *
   * Payers are charged rounded up and receivers credited rounded down to a unit; the residue stays in the house
   * account `fundingClearing`. Returns what longs and shorts received, negative for paid, in units.
   *
   * @param rate - integer of 1e-8
   */
  payFunding(market: number, markTicks: number, rate: bigint): readonly [bigint, bigint] {
    const unitsPerLot = BigInt(markTicks) * (this.unitsPerTickLot[market] as bigint) * rate;
    let longs = 0n;
    let shorts = 0n;
    for (let slot = market * 2; slot < this.slots; slot += this.markets * 2) {
      for (const leg of [slot, slot + 1]) {
        const size = this.positions.size(leg);
        if (size === 0) continue;
        const received = floorDivide(-BigInt(size) * unitsPerLot, RATE_UNITS);
        this.#book(HOUSE_ACCOUNTS.fundingClearing, HOUSE + this.poolOf(leg), received);
        if (size > 0) longs += received;
        else shorts += received;
      }
    }
    return [longs, shorts];
  }

  /** Cash plus unrealised PnL of what leans on a pool, in units; the collateral asset apart. */
  equity(pool: number, markTicks: ArrayLike<number>): bigint {
    let units = this.cash(pool);
    const [first, last] = this.slotsOf(pool);
    for (let slot = first; slot < last; slot++) {
      if (this.positions.size(slot) !== 0) units += this.unrealised(slot, markTicks);
    }
    return units;
  }

  /** Unrealised PnL of a slot in units. */
  unrealised(slot: number, markTicks: ArrayLike<number>): bigint {
    const market = this.marketOf(slot);
    return this.positions.unrealised(
      slot,
      markTicks[market] as number,
      this.unitsPerTickLot[market] as bigint,
    );
  }

  /** Value of a slot's position at its mark in units, not negative. */
  notional(slot: number, markTicks: ArrayLike<number>): bigint {
    const market = this.marketOf(slot);
    const size = BigInt(Math.abs(this.positions.size(slot)));
    return size * BigInt(markTicks[market] as number) * (this.unitsPerTickLot[market] as bigint);
  }

  /** True while a slot behind the pool holds something. */
  holdsPositions(pool: number): boolean {
    const [first, last] = this.slotsOf(pool);
    for (let slot = first; slot < last; slot++) if (this.positions.size(slot) !== 0) return true;
    return false;
  }

  /** Lots held long, and by the same token short, in a market. */
  openInterest(market: number): number {
    let lots = 0;
    for (let slot = market * 2; slot < this.slots; slot += this.markets * 2) {
      lots += Math.max(0, this.positions.size(slot)) + Math.max(0, this.positions.size(slot + 1));
    }
    return lots;
  }

  /**
   * Checks what must hold after every booking and names the first breach, or null: both ledgers sum to zero, the sizes
   * of every market sum to zero, and the position clearing account owes exactly the cost of all positions.
   */
  breach(): string | null {
    if (this.#cash.total() !== 0n) return `cash sums to ${this.#cash.total()}`;
    if (this.#collateral.total() !== 0n) return `collateral sums to ${this.#collateral.total()}`;
    let cost = this.houseCash(HOUSE_ACCOUNTS.positionClearing);
    const sizes = new Float64Array(this.markets);
    for (let slot = 0; slot < this.slots; slot++) {
      cost += this.positions.cost(slot);
      const market = this.marketOf(slot);
      sizes[market] = (sizes[market] as number) + this.positions.size(slot);
    }
    if (cost !== 0n) return `costs and position clearing differ by ${cost}`;
    const open = sizes.findIndex((size) => size !== 0);
    return open < 0 ? null : `long less short of market ${open} is ${sizes[open]}`;
  }

  snapshot(): ClearingSnapshot {
    return {
      cash: this.#cash.snapshot(),
      collateral: this.#collateral.snapshot(),
      positions: this.positions.snapshot(),
      isolated: this.#isolated.slice(),
      hedge: this.#hedge.slice(),
    };
  }

  /** Takes over a snapshot of a house of equal layout. */
  restore(snapshot: ClearingSnapshot): void {
    for (let pool = 0; pool < this.pools; pool++) this.#touched.add(pool);
    this.#cash.restore(snapshot.cash);
    this.#collateral.restore(snapshot.collateral);
    this.positions.restore(snapshot.positions);
    this.#isolated.set(snapshot.isolated);
    this.#hedge.set(snapshot.hedge);
  }

  /** Hash over balances and positions. */
  stateHash(): number {
    const hash = new StateHash();
    this.#cash.hashInto(hash);
    this.#collateral.hashInto(hash);
    this.positions.hashInto(hash);
    return hash.value();
  }

  #fill(slot: number, lots: number, priceTicks: number, market: number): bigint {
    const realised = this.positions.fill(slot, lots, priceTicks, this.unitsPerTickLot[market] as bigint);
    const pool = this.poolOf(slot);
    this.#book(HOUSE_ACCOUNTS.positionClearing, HOUSE + pool, realised);
    this.#touched.add(pool);
    return realised;
  }

  #book(from: number, to: number, units: bigint): void {
    this.#cash.transfer(from, to, units);
    if (from >= HOUSE) this.#touched.add(from - HOUSE);
    if (to >= HOUSE) this.#touched.add(to - HOUSE);
  }
}
