/** The margin desk: equity against maintenance of every pool at the marks in force, in exact units. */
import type { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import { ceilDivide, floorDivide, unitsValue } from '../../accounting/ledger/money-units.ts';
import { liquidationPrice } from '../../margin/brackets/liquidation-price.ts';
import type { NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';
import { MAX_PRICE_TICKS } from '../matching/order-terms.ts';
import { type ExactBracket, exactBrackets, exactMaintenance } from './exact-maintenance.ts';

const MILLION = 1_000_000n;

/** What stands behind a pool at the marks in force, in units. Breached where equity does not exceed maintenance. */
export interface PoolMargin {
  readonly equity: bigint;
  readonly maintenance: bigint;
}

/** Marks between which a pool needs no look: it may only be breached at or below `low`, at or above `high`. */
export interface PoolTrigger {
  /** The market whose mark moves it; null where several do, so that every mark needs a look. */
  readonly market: number | null;
  readonly low: number;
  readonly high: number;
}

/** No mark reaches these. */
const NEVER: PoolTrigger = { market: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const ALWAYS: PoolTrigger = { market: null, low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
/** Ticks by which a trigger found in float64 is moved towards health, so that the exact check is never late. */
const TRIGGER_SLACK = 2;

/** Reads a clearing house at marks of its own; changes nothing in it. */
export class MarginDesk {
  /** Mark price in ticks by market; the owner sets it. */
  readonly markTicks: Float64Array;
  /** What one unit of the collateral asset counts as margin, in millionths of a unit of cash; the owner sets it. */
  collateralRate: bigint = 0n;
  readonly #house: ClearingHouse;
  readonly #schedules: readonly NotionalBrackets[];
  readonly #exact: readonly (readonly ExactBracket[])[];

  constructor(house: ClearingHouse, schedules: readonly NotionalBrackets[]) {
    this.#house = house;
    this.#schedules = schedules;
    this.#exact = schedules.map(exactBrackets);
    this.markTicks = new Float64Array(schedules.length);
  }

  /** The exact brackets of a market. */
  brackets(market: number): readonly ExactBracket[] {
    return this.#exact[market] as readonly ExactBracket[];
  }

  /** Cash, unrealised PnL and counted collateral of a pool, in units. */
  equity(pool: number): bigint {
    return this.#house.equity(pool, this.markTicks) + this.collateralValue(pool);
  }

  /**
   * Equity of a pool without its unrealised gains: cash less unrealised losses. While it is not negative, closing any
   * of its positions at the mark leaves cash that is not negative.
   */
  prudentEquity(pool: number): bigint {
    let units = this.#house.cash(pool);
    const [first, last] = this.#house.slotsOf(pool);
    for (let slot = first; slot < last; slot++) {
      const unrealised = this.#house.unrealised(slot, this.markTicks);
      if (unrealised < 0n) units += unrealised;
    }
    return units;
  }

  /** What the collateral asset behind a pool counts as margin; only wallets have any. */
  collateralValue(pool: number): bigint {
    if (pool >= this.#house.traders) return 0n;
    return floorDivide(this.#house.collateralOf(pool) * this.collateralRate, MILLION);
  }

  /** Maintenance margin of one slot in units. */
  maintenanceOf(slot: number): bigint {
    const notional = this.#house.notional(slot, this.markTicks);
    return exactMaintenance(this.brackets(this.#house.marketOf(slot)), notional);
  }

  margin(pool: number): PoolMargin {
    let maintenance = 0n;
    const [first, last] = this.#house.slotsOf(pool);
    for (let slot = first; slot < last; slot++) {
      if (this.#house.positions.size(slot) !== 0) maintenance += this.maintenanceOf(slot);
    }
    return { equity: this.equity(pool), maintenance };
  }

  /** True where equity does not exceed maintenance; a pool without positions is breached only below zero. */
  isBreached(pool: number): boolean {
    const { equity, maintenance } = this.margin(pool);
    return this.#house.holdsPositions(pool) ? equity <= maintenance : equity < 0n;
  }

  /** Equity ÷ maintenance as an estimate; null where nothing is held. */
  ratio(pool: number): number | null {
    const { equity, maintenance } = this.margin(pool);
    return maintenance === 0n ? null : unitsValue(equity) / unitsValue(maintenance);
  }

  /**
   * The price in ticks at which closing this slot leaves the pool with nothing, the rest of the pool at its marks;
   * rounded so that the pool is left with less than one tick's worth instead of below zero.
   *
   * Formula: mark ∓ equity ÷ (size × value of a tick), for long and short. Never below one tick.
   */
  bankruptcyTicks(slot: number): number {
    const market = this.#house.marketOf(slot);
    const size = this.#house.positions.size(slot);
    const perTick = BigInt(Math.abs(size)) * (this.#house.unitsPerTickLot[market] as bigint);
    const equity = this.equity(this.#house.poolOf(slot));
    const mark = this.markTicks[market] as number;
    const away = Number(floorDivide(equity, perTick));
    const ticks = size > 0 ? mark - away : mark + away;
    return Math.max(1, Math.min(MAX_PRICE_TICKS, ticks));
  }

  /** The slot of the pool with the largest notional, the lowest number of equals; null where nothing is held. */
  largestSlot(pool: number): number | null {
    const [first, last] = this.#house.slotsOf(pool);
    let found: number | null = null;
    let largest = 0n;
    for (let slot = first; slot < last; slot++) {
      const notional = this.#house.notional(slot, this.markTicks);
      if (notional > largest) {
        largest = notional;
        found = slot;
      }
    }
    return found;
  }

  /** Where the pool may be breached next, see {@link PoolTrigger}. An estimate on the safe side. */
  trigger(pool: number): PoolTrigger {
    const house = this.#house;
    const [first, last] = house.slotsOf(pool);
    let only: number | null = null;
    for (let slot = first; slot < last; slot++) {
      if (house.positions.size(slot) === 0) continue;
      if (only !== null) return ALWAYS;
      only = slot;
    }
    if (only === null) return this.equity(pool) < 0n ? ALWAYS : NEVER;
    if (pool < house.traders && house.collateralOf(pool) !== 0n) return ALWAYS;
    return this.#triggerOf(only, pool);
  }

  #triggerOf(slot: number, pool: number): PoolTrigger {
    const price = this.liquidationTicks(slot, pool);
    const market = this.#house.marketOf(slot);
    if (price === null) return { ...NEVER, market };
    return this.#house.positions.size(slot) > 0
      ? { market, low: Math.ceil(price) + TRIGGER_SLACK, high: Number.POSITIVE_INFINITY }
      : { market, low: Number.NEGATIVE_INFINITY, high: Math.floor(price) - TRIGGER_SLACK };
  }

  /** Liquidation price of the slot in ticks, the rest of its pool at its marks; an estimate, null where there is none. */
  liquidationTicks(slot: number, pool: number): number | null {
    const house = this.#house;
    const market = house.marketOf(slot);
    const size = house.positions.size(slot);
    if (size === 0) return null;
    const perTickLot = unitsValue(house.unitsPerTickLot[market] as bigint);
    const { equity, maintenance } = this.margin(pool);
    const balance = equity - house.unrealised(slot, this.markTicks);
    const found = liquidationPrice(
      {
        walletBalance: unitsValue(balance),
        otherMaintenanceMargin: unitsValue(maintenance - this.maintenanceOf(slot)),
        otherUnrealisedPnl: 0,
      },
      [
        {
          side: size > 0 ? 'long' : 'short',
          // Size in lots times the value of a tick: the price then comes out in ticks.
          size: Math.abs(size) * perTickLot,
          entryPrice: unitsValue(house.positions.cost(slot)) / (size * perTickLot),
        },
      ],
      this.#schedules[market] as NotionalBrackets,
      this.markTicks[market] as number,
    );
    return found === null ? null : found.price;
  }
}

/** Lots of a notional in units at a price, rounded down. */
export function lotsOf(notional: bigint, priceTicks: number, unitsPerTickLot: bigint): number {
  return Number(floorDivide(notional, BigInt(priceTicks) * unitsPerTickLot));
}

/** The fee on a notional in units at a rate in millionths, rounded up to a unit. */
export function feeUnits(notional: bigint, rateMillionths: bigint): bigint {
  return ceilDivide(notional * rateMillionths, MILLION);
}
