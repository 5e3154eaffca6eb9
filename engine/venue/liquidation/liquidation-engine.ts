/** The liquidation engine: what happens to one breached pool, from its open orders to auto-deleveraging. */
import type { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import { leastUnits, mostUnits, unitsValue } from '../../accounting/ledger/money-units.ts';
import type { Deleveraging, HouseTraders } from './deleveraging.ts';
import { payableUnits, takeoverLots } from './insurance-fund.ts';
import type { Tell } from './liquidation-events.ts';
import { feeUnits, type MarginDesk } from './margin-desk.ts';
import { reductionLots } from './reduction-plan.ts';

/** Rules of liquidation. */
export interface LiquidationRules {
  /** Clearance fee by market, millionths of the notional that the book took. */
  readonly feeRates: readonly bigint[];
  /** Largest notional the fund may hold in one market, millionths of what it can pay; 0 for a fund that takes nothing over. */
  readonly fundNotionalLimit: bigint;
  /** True: large positions are first reduced to a bracket that fits. */
  readonly partial: boolean;
}

/** What became of a closing order. */
export interface ClosingFill {
  /** The event that told it. */
  readonly id: number;
  /** Value filled, in units. */
  readonly filledUnits: bigint;
  readonly unfilledLots: number;
}

/** What the engine needs of the place where orders are matched. */
export interface OrderDoor {
  /** Cancels all open orders of a trader; returns how many. */
  cancelOrders(trader: number): number;
  /** Closes up to `lots` of a slot at once, at `limitTicks` or better, and books the trades. */
  closeAtOnce(slot: number, lots: number, limitTicks: number, causeId: number): ClosingFill;
}

/**
 * Liquidates pools one at a time, after Binance: cancel open orders and look again; reduce to the bracket that fits by
 * an order limited at the bankruptcy price; else close the rest at it: by the book as far as it goes, then the fund
 * within its limits, then auto-deleveraging.
 *
 * Source: Binance FAQ 360033525271 (liquidation protocols).
 */
export class LiquidationEngine {
  readonly #house: ClearingHouse;
  readonly #desk: MarginDesk;
  readonly #rules: LiquidationRules;
  readonly #traders: HouseTraders;
  readonly #door: OrderDoor;
  readonly #deleveraging: Deleveraging;
  readonly #tell: Tell;

  constructor(parts: {
    readonly house: ClearingHouse;
    readonly desk: MarginDesk;
    readonly rules: LiquidationRules;
    readonly traders: HouseTraders;
    readonly door: OrderDoor;
    readonly deleveraging: Deleveraging;
    readonly tell: Tell;
  }) {
    this.#house = parts.house;
    this.#desk = parts.desk;
    this.#rules = parts.rules;
    this.#traders = parts.traders;
    this.#door = parts.door;
    this.#deleveraging = parts.deleveraging;
    this.#tell = parts.tell;
  }

  /** Liquidates a pool until it is healthy or holds nothing. `causeId` is the breach, `market` where it was seen. */
  liquidate(pool: number, causeId: number, market: number): void {
    const account = this.#house.traderOfPool(pool);
    const orders = this.#door.cancelOrders(account);
    if (orders > 0) this.#tell({ kind: 'orders-cancelled', account, orders }, causeId, market);
    if (!this.#desk.isBreached(pool)) {
      this.#tell({ kind: 'recovered', account }, causeId, market);
      return;
    }
    const before = this.#ownMoney(pool);
    this.#sellCollateral(pool, causeId, market);
    let last = causeId;
    let outcome: 'partial' | 'whole' = 'whole';
    for (;;) {
      const slot = this.#desk.largestSlot(pool);
      if (slot === null) break;
      last = this.#reduce(slot, last);
      if (this.#desk.isBreached(pool)) last = this.#close(slot, last);
      if (this.#house.holdsPositions(pool) && !this.#desk.isBreached(pool)) {
        outcome = 'partial';
        break;
      }
    }
    if (outcome === 'whole') last = this.settle(pool, last, market);
    this.#tell(
      {
        kind: 'liquidated',
        account,
        outcome,
        loss: unitsValue(before - this.#ownMoney(pool)),
        cashLeft: unitsValue(this.#house.cash(pool)),
      },
      last,
      market,
    );
  }

  /**
   * Deleverages the fund's inventory when its losses would cost more than the fund has: what it gains on is closed at
   * the mark first, then what it loses on at the fund's own bankruptcy price, until the rest is covered.
   */
  relieveFund(causeId: number): void {
    const house = this.#house;
    const [first, last] = house.slotsOf(this.#traders.fund);
    for (let slot = first; slot < last; slot++) {
      if (house.unrealised(slot, this.#desk.markTicks) > 0n) this.handOver(house.marketOf(slot), causeId);
    }
    while (this.#desk.prudentEquity(this.#traders.fund) < 0n) {
      const slot = this.#desk.largestSlot(this.#traders.fund);
      if (slot === null) break;
      const lots = Math.abs(house.positions.size(slot));
      this.#deleveraging.close(slot, lots, this.#desk.bankruptcyTicks(slot), causeId, this.#tell);
    }
    this.settle(this.#traders.fund, causeId, 0);
  }

  /** Closes what the fund holds in a market against the queue, at the mark. */
  handOver(market: number, causeId: number): void {
    const slot = this.#house.slotOf(this.#traders.fund, market, 0);
    const lots = Math.abs(this.#house.positions.size(slot));
    if (lots === 0) return;
    const mark = this.#desk.markTicks[market] as number;
    this.#deleveraging.close(slot, lots, mark, causeId, this.#tell);
  }

  /** Brings a pool without positions back to zero where it is below, and returns freed isolated margin to the wallet. */
  settle(pool: number, causeId: number, market: number): number {
    const house = this.#house;
    if (house.holdsPositions(pool)) return causeId;
    const account = house.traderOfPool(pool);
    let last = causeId;
    if (house.cash(pool) < 0n && pool !== this.#traders.fund) {
      last = this.#payFromFund(pool, -house.cash(pool), last, market);
    }
    const missing = mostUnits(0n, -house.cash(pool));
    if (missing > 0n) {
      house.transfer(this.#traders.outside, pool, missing);
      last = this.#tell({ kind: 'loss-socialised', account, amount: unitsValue(missing) }, last, market);
    }
    if (pool >= house.traders) house.transfer(pool, account, house.cash(pool));
    return last;
  }

  /** Cash and counted collateral of the account behind a pool; an isolated pool hands its rest to the wallet. */
  #ownMoney(pool: number): bigint {
    const { traders } = this.#house;
    const wallet = pool < traders ? 0n : this.#house.cash(this.#house.traderOfPool(pool));
    return this.#house.cash(pool) + wallet + this.#desk.collateralValue(pool);
  }

  #sellCollateral(pool: number, causeId: number, market: number): void {
    const house = this.#house;
    const value = this.#desk.collateralValue(pool);
    if (value === 0n) return;
    house.sellCollateral(pool, this.#traders.outside, house.collateralOf(pool), value);
    this.#tell({ kind: 'collateral-sold', account: pool, value: unitsValue(value) }, causeId, market);
  }

  /** Reduces the slot to the bracket that fits, where there is one. Returns the last event. */
  #reduce(slot: number, causeId: number): number {
    if (!this.#rules.partial) return causeId;
    const house = this.#house;
    const market = house.marketOf(slot);
    const { equity, maintenance } = this.#desk.margin(house.poolOf(slot));
    const lots = reductionLots({
      brackets: this.#desk.brackets(market),
      sizeLots: Math.abs(house.positions.size(slot)),
      markTicks: this.#desk.markTicks[market] as number,
      unitsPerTickLot: house.unitsPerTickLot[market] as bigint,
      equity,
      otherMaintenance: maintenance - this.#desk.maintenanceOf(slot),
      feeRate: this.#rules.feeRates[market] as bigint,
    });
    if (lots === null) return causeId;
    const { id, filledUnits } = this.#order(slot, 'reduce', lots, causeId);
    return this.#chargeFee(slot, filledUnits, id);
  }

  /** Closes the whole slot: book, fund, queue. Returns the last event. */
  #close(slot: number, causeId: number): number {
    const house = this.#house;
    const lots = Math.abs(house.positions.size(slot));
    const filled = this.#order(slot, 'close', lots, causeId);
    let last = filled.id;
    if (house.positions.size(slot) !== 0) last = this.#takeOver(slot, last);
    const left = Math.abs(house.positions.size(slot));
    if (left > 0) last = this.#deleverage(slot, left, last);
    last = this.#chargeFee(slot, filled.filledUnits, last);
    return filled.unfilledLots === 0 ? last : this.#passResidue(slot, last);
  }

  #order(slot: number, step: 'reduce' | 'close', lots: number, causeId: number): ClosingFill {
    const house = this.#house;
    const market = house.marketOf(slot);
    const account = house.traderOf(slot);
    const limitTicks = this.#desk.bankruptcyTicks(slot);
    const side = house.positions.size(slot) > 0 ? 'sell' : 'buy';
    const order = this.#tell(
      { kind: 'liquidation-order', account, step, side, sizeLots: lots, limitTicks },
      causeId,
      market,
    );
    return this.#door.closeAtOnce(slot, lots, limitTicks, order);
  }

  /** The clearance fee goes to the fund, as far as the pool has money beyond its losses. */
  #chargeFee(slot: number, notional: bigint, causeId: number): number {
    const house = this.#house;
    const market = house.marketOf(slot);
    const pool = house.poolOf(slot);
    const fee = feeUnits(notional, this.#rules.feeRates[market] as bigint);
    const amount = mostUnits(
      0n,
      leastUnits(fee, leastUnits(house.cash(pool), house.equity(pool, this.#desk.markTicks))),
    );
    if (amount === 0n) return causeId;
    house.transfer(pool, this.#traders.fund, amount);
    return this.#tell(
      {
        kind: 'clearance-fee',
        account: house.traderOf(slot),
        amount: unitsValue(amount),
        ...this.#fundCash(),
      },
      causeId,
      market,
    );
  }

  #takeOver(slot: number, causeId: number): number {
    const house = this.#house;
    const market = house.marketOf(slot);
    const size = house.positions.size(slot);
    const side = size > 0 ? 1 : -1;
    const priceTicks = this.#desk.bankruptcyTicks(slot);
    const fundSlot = house.slotOf(this.#traders.fund, market, 0);
    const lots = takeoverLots({
      fund: this.#fundState(),
      lots: Math.abs(size),
      side,
      takeoverTicks: priceTicks,
      markTicks: this.#desk.markTicks[market] as number,
      unitsPerTickLot: house.unitsPerTickLot[market] as bigint,
      heldLots: house.positions.size(fundSlot),
      notionalLimit: this.#rules.fundNotionalLimit,
    });
    if (lots === 0) return causeId;
    const equityBefore = this.#desk.equity(this.#traders.fund);
    if (side === 1) house.trade(fundSlot, slot, lots, priceTicks);
    else house.trade(slot, fundSlot, lots, priceTicks);
    const loss = unitsValue(equityBefore - this.#desk.equity(this.#traders.fund));
    return this.#tell(
      {
        kind: 'fund-took-over',
        account: house.traderOf(slot),
        sizeLots: lots,
        priceTicks,
        loss,
        ...this.#fundCash(),
      },
      causeId,
      market,
    );
  }

  #deleverage(slot: number, lots: number, causeId: number): number {
    const house = this.#house;
    const pool = house.poolOf(slot);
    const market = house.marketOf(slot);
    const mark = this.#desk.markTicks[market] as number;
    let last = causeId;
    let price = this.#desk.bankruptcyTicks(slot);
    if (this.#deleveraging.price === 'mark') {
      const equity = this.#desk.equity(pool);
      if (equity < 0n) last = this.#payFromFund(pool, -equity, last, market);
      // With its deficit paid the bankruptcy price is the mark; what the fund could not pay keeps it beyond.
      price = equity >= 0n ? mark : this.#desk.bankruptcyTicks(slot);
    }
    return this.#deleveraging.close(slot, lots, price, last, this.#tell);
  }

  #payFromFund(pool: number, wanted: bigint, causeId: number, market: number): number {
    const amount = leastUnits(wanted, payableUnits(this.#fundState()));
    if (amount === 0n) return causeId;
    this.#house.transfer(this.#traders.fund, pool, amount);
    const account = this.#house.traderOfPool(pool);
    return this.#tell(
      { kind: 'fund-paid', account, amount: unitsValue(amount), ...this.#fundCash() },
      causeId,
      market,
    );
  }

  /** What rounding to ticks left of a position that was closed at its bankruptcy price goes to the fund. */
  #passResidue(slot: number, causeId: number): number {
    const house = this.#house;
    const pool = house.poolOf(slot);
    if (house.holdsPositions(pool) || this.#deleveraging.price === 'mark') return causeId;
    const amount = house.cash(pool);
    if (amount <= 0n) return causeId;
    house.transfer(pool, this.#traders.fund, amount);
    return this.#tell(
      {
        kind: 'fund-received',
        account: house.traderOf(slot),
        amount: unitsValue(amount),
        ...this.#fundCash(),
      },
      causeId,
      house.marketOf(slot),
    );
  }

  #fundState(): { readonly cash: bigint; readonly equity: bigint } {
    const { fund } = this.#traders;
    return { cash: this.#house.cash(fund), equity: this.#desk.prudentEquity(fund) };
  }

  #fundCash(): { readonly fundCash: number } {
    return { fundCash: unitsValue(this.#house.cash(this.#traders.fund)) };
  }
}
