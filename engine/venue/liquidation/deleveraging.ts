/** Auto-deleveraging: closes what nobody took against the positions of the other side, in the order of the rule. */
import type { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import { unitsValue } from '../../accounting/ledger/money-units.ts';
import { assert } from '../../core/assert.ts';
import { type AdlPlace, type NamedCandidate, rankCandidates, spreadNeed } from './adl-queue.ts';
import { type AdlRule, type AdlRuleName, adlRule } from './adl-rules.ts';
import type { Tell } from './liquidation-events.ts';
import { lotsOf, type MarginDesk } from './margin-desk.ts';

/** Traders with a role. */
export interface HouseTraders {
  /** The insurance fund: a trader like others, whose wallet is the fund. */
  readonly fund: number;
  /** Whoever is outside the crowd: buys seized collateral, bears what nobody else can. */
  readonly outside: number;
}

/** Which price a deleveraged position is closed at. */
export type AdlPrice = 'bankruptcy' | 'mark';

/** Queues as they were ranked last, to be restored with a run. */
export type QueueSnapshot = readonly (readonly [number, readonly AdlPlace[]])[];

/**
 * The queue of a market and side is ranked once and kept until `refresh`, as exchanges do; how much a place can give
 * is read when it is asked.
 */
export class Deleveraging {
  readonly price: AdlPrice;
  readonly #house: ClearingHouse;
  readonly #desk: MarginDesk;
  readonly #rule: AdlRule;
  readonly #traders: HouseTraders;
  /** Traders below this number are the crowd. */
  readonly #crowd: number;
  #queues = new Map<number, readonly AdlPlace[]>();

  constructor(
    parts: { readonly house: ClearingHouse; readonly desk: MarginDesk; readonly traders: HouseTraders },
    rules: { readonly rule: AdlRuleName; readonly price: AdlPrice },
    crowd: number,
  ) {
    this.#house = parts.house;
    this.#desk = parts.desk;
    this.#traders = parts.traders;
    this.#rule = adlRule(rules.rule);
    this.price = rules.price;
    this.#crowd = crowd;
  }

  /** Forgets the queues: the next need ranks anew. */
  refresh(): void {
    this.#queues.clear();
  }

  snapshot(): QueueSnapshot {
    return [...this.#queues];
  }

  restore(queues: QueueSnapshot): void {
    this.#queues = new Map(queues);
  }

  /** Ranks the positions of one side of a market at the marks in force. */
  rank(market: number, side: 1 | -1): readonly AdlPlace[] {
    const candidates: NamedCandidate[] = [];
    const house = this.#house;
    for (let trader = 0; trader < house.traders; trader++) {
      for (const leg of [0, 1] as const) {
        const slot = house.slotOf(trader, market, leg);
        if (house.positions.size(slot) * side > 0) candidates.push(this.#candidate(slot, side));
      }
    }
    return rankCandidates(this.#rule, candidates);
  }

  /**
   * Closes `lots` of a slot at a price against the queue. A place gives no more than it holds, and no more than leaves
   * its pool at or above zero; in all exactly the lots asked. What the queue cannot bear at this price is closed at the
   * mark, which costs nobody anything; the deficit that leaves is the caller's to settle.
   *
   * @returns the number of the last event
   */
  close(slot: number, lots: number, priceTicks: number, causeId: number, tell: Tell): number {
    const house = this.#house;
    const market = house.marketOf(slot);
    const side = house.positions.size(slot) > 0 ? -1 : 1;
    const queue = this.#queue(market, side);
    const need = tell(
      {
        kind: 'adl-needed',
        account: house.traderOf(slot),
        sizeLots: lots,
        priceTicks,
        candidates: queue.length,
      },
      causeId,
      market,
    );
    const mark = this.#desk.markTicks[market] as number;
    const open = (place: AdlPlace): number =>
      place.slot === slot ? 0 : Math.max(0, house.positions.size(place.slot) * side);
    const bearable = (place: AdlPlace): number =>
      this.#bearable(place, open(place), side * (mark - priceTicks));
    let left = lots;
    let last = need;
    for (const share of spreadNeed(this.#rule.spread, queue, left, bearable)) {
      last = this.#fill(slot, share.place, share.lots, priceTicks, need, tell);
      left -= share.lots;
    }
    for (const share of spreadNeed('ranked', queue, left, open)) {
      last = this.#fill(slot, share.place, share.lots, mark, need, tell);
      left -= share.lots;
    }
    assert(left === 0, `the other side of the market holds what is to be closed, ${left} lots short`);
    return last;
  }

  #queue(market: number, side: 1 | -1): readonly AdlPlace[] {
    const key = market * 2 + (side === 1 ? 0 : 1);
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = this.rank(market, side);
      this.#queues.set(key, queue);
    }
    return queue;
  }

  #bearable(place: AdlPlace, openLots: number, lossTicks: number): number {
    if (openLots === 0 || lossTicks <= 0) return openLots;
    const pool = this.#house.poolOf(place.slot);
    const isFund = pool === this.#traders.fund;
    const equity = isFund ? this.#desk.prudentEquity(pool) : this.#desk.equity(pool);
    if (equity <= 0n) return 0;
    const unit = this.#house.unitsPerTickLot[this.#house.marketOf(place.slot)] as bigint;
    return Math.min(openLots, lotsOf(equity, lossTicks, unit));
  }

  #fill(
    slot: number,
    place: AdlPlace,
    lots: number,
    priceTicks: number,
    causeId: number,
    tell: Tell,
  ): number {
    const house = this.#house;
    const market = house.marketOf(slot);
    const closesLong = house.positions.size(place.slot) > 0;
    const [bought, sold] = closesLong
      ? house.trade(slot, place.slot, lots, priceTicks)
      : house.trade(place.slot, slot, lots, priceTicks);
    const mark = this.#desk.markTicks[market] as number;
    const perTick = unitsValue(house.unitsPerTickLot[market] as bigint) * lots;
    return tell(
      {
        kind: 'adl-fill',
        account: house.traderOf(place.slot),
        againstAccount: house.traderOf(slot),
        side: closesLong ? 'sell' : 'buy',
        sizeLots: lots,
        priceTicks,
        rank: place.rank,
        of: place.of,
        realisedPnl: unitsValue(closesLong ? sold : bought),
        lossAgainstMark: (closesLong ? mark - priceTicks : priceTicks - mark) * perTick,
      },
      causeId,
      market,
    );
  }

  #candidate(slot: number, side: 1 | -1): NamedCandidate {
    const house = this.#house;
    const market = house.marketOf(slot);
    const pool = house.poolOf(slot);
    const trader = house.traderOf(slot);
    const perTickLot = unitsValue(house.unitsPerTickLot[market] as bigint);
    const size = Math.abs(house.positions.size(slot));
    const mark = this.#desk.markTicks[market] as number;
    const { equity, maintenance } = this.#desk.margin(pool);
    return {
      slot,
      side,
      last: trader >= this.#crowd || trader === this.#traders.fund,
      sizeLots: size,
      // Prices scaled by the value of a tick on a lot: every rule only uses their ratio.
      entryPrice: (unitsValue(house.positions.cost(slot)) * side) / size,
      markPrice: mark * perTickLot,
      notional: size * mark * perTickLot,
      unrealisedPnl: unitsValue(house.unrealised(slot, this.#desk.markTicks)),
      walletBalance: unitsValue(house.cash(pool)),
      equity: unitsValue(equity),
      maintenanceMargin: unitsValue(maintenance),
    };
  }
}
