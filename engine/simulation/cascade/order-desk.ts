/** The order desk of a cascade: sends orders into the books and books every trade that follows in the clearing house. */
import type { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import { unitsValue } from '../../accounting/ledger/money-units.ts';
import type { OrderFill } from '../../venue/liquidation/liquidation-events.ts';
import { timeNumber } from '../../venue/matching/order-terms.ts';
import type { CascadeTraders } from './cascade-accounts.ts';
import type { CascadeMarket } from './cascade-market.ts';
import type { ScenarioAccount } from './cascade-scenario.ts';

/** What a taking order did, with the exact value filled in units. */
export interface BookedFill {
  readonly fill: OrderFill;
  readonly filledUnits: bigint;
}

/** Handles of the open orders of accounts given by hand, by account. */
export type OpenOrders = readonly (readonly [
  number,
  readonly (readonly [market: number, handle: number])[],
])[];

/** Knows the books of all markets and whose slot every order belongs to. */
export class OrderDesk {
  readonly #house: ClearingHouse;
  readonly #markets: readonly CascadeMarket[];
  readonly #traders: CascadeTraders;
  #open = new Map<number, readonly (readonly [number, number])[]>();

  constructor(house: ClearingHouse, markets: readonly CascadeMarket[], traders: CascadeTraders) {
    this.#house = house;
    this.#markets = markets;
    this.#traders = traders;
  }

  /** Rests the open orders of the accounts given by hand. Orders that would take at once are left out. */
  placeGiven(accounts: readonly ScenarioAccount[]): void {
    accounts.forEach(({ orders }, account) => {
      const placed: [number, number][] = [];
      for (const { market, side, priceTicks, sizeLots } of orders) {
        const { book } = this.#markets[market] as CascadeMarket;
        const handle = book.placeLimit({ side, priceTicks, sizeLots, timeInForce: 'GTX', account, tag: 0 });
        book.events.clear();
        if (handle !== null) placed.push([market, handle]);
      }
      if (placed.length > 0) this.#open.set(account, placed);
    });
  }

  /** Cancels all open orders of a trader; returns how many there were. */
  cancelOrders(trader: number): number {
    const orders = this.#open.get(trader) ?? [];
    let cancelled = 0;
    for (const [market, handle] of orders) {
      const { book } = this.#markets[market] as CascadeMarket;
      if (book.find(handle)?.account === trader && book.cancel(handle)) cancelled++;
      book.events.clear();
    }
    this.#open.delete(trader);
    return cancelled;
  }

  /** Takes up to `lots` at `limitTicks` or better, at any price for null, and books the trades for a slot. */
  take(slot: number, side: 'buy' | 'sell', lots: number, limitTicks: number | null): BookedFill {
    const house = this.#house;
    const index = house.marketOf(slot);
    const market = this.#markets[index] as CascadeMarket;
    const { ticket, events } = market.book;
    ticket.extras = null;
    ticket.selfTrade = 0;
    ticket.priced = limitTicks !== null;
    ticket.side = side === 'buy' ? 0 : 1;
    ticket.priceTicks = limitTicks ?? 0;
    ticket.sizeLots = lots;
    ticket.timeInForce = timeNumber('IOC');
    ticket.account = house.traderOf(slot);
    ticket.tag = 0;
    market.book.enter();
    let filledLots = 0;
    let worstTicks: number | null = null;
    let tickLots = 0n;
    const makerSide = side === 'buy' ? 'sell' : 'buy';
    for (let i = 0; i < events.count; i++) {
      if (events.kind(i) !== 'traded') continue;
      const priceTicks = events.priceTicks(i);
      const size = events.sizeLots(i);
      const maker = this.#makerSlot(events.makerAccount(i), index, makerSide);
      if (side === 'buy') house.trade(slot, maker, size, priceTicks);
      else house.trade(maker, slot, size, priceTicks);
      if (events.makerAccount(i) === this.#traders.makers) {
        market.makers.traded(makerSide, events.makerTag(i), events.makerRemainingLots(i));
      }
      filledLots += size;
      worstTicks = priceTicks;
      tickLots += BigInt(priceTicks) * BigInt(size);
    }
    events.clear();
    if (worstTicks !== null) market.lastTicks = worstTicks;
    const filledUnits = tickLots * market.units.unitsPerTickLot;
    const fill = {
      filledLots,
      unfilledLots: lots - filledLots,
      averageTicks: filledLots === 0 ? null : Number(tickLots) / filledLots,
      worstTicks,
      notional: unitsValue(filledUnits),
    };
    return { fill, filledUnits };
  }

  snapshot(): OpenOrders {
    return [...this.#open];
  }

  restore(orders: OpenOrders): void {
    this.#open = new Map(orders);
  }

  #makerSlot(account: number, market: number, side: 'buy' | 'sell'): number {
    return this.#house.openingSlot(account, market, side);
  }
}
