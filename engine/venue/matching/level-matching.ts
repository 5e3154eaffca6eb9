/** Matching where a price is shared by an algorithm other than first come, first served. */
import { type AllocationRules, allocate, type SharedLevel } from './allocation.ts';
import type { MakerRules } from './maker-rules.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderDetail, OrderFact, OrderField } from './order-record.ts';
import { SELF_TRADE_MODES } from './order-terms.ts';
import type { PriceLadder } from './price-ladder.ts';

const REMAINING: OrderField['remaining'] = 0;
const NEXT: OrderField['next'] = 1;
const FLAGS: OrderFact['flags'] = 3;
const MAKER_PERCENT: OrderDetail['makerPercent'] = 4;
const ICEBERG: OrderBit['iceberg'] = 4;
const MARKET_MAKER: OrderBit['marketMaker'] = 32;

const EXPIRE_MAKER = SELF_TRADE_MODES.indexOf('expire-maker');

/**
 * Matches level by level: own orders first (all that could have traded, not only those that would), then the whole
 * level first come, first served where the taker takes all of it, else the algorithm on the displayed sizes.
 *
 * The top order of a side is the one that bettered its market when it came, until a better price comes, it leaves or it
 * loses its place.
 *
 * Source: CME Globex Matching Algorithm Steps (wiki page 457218521) with its FIFO exception; Self-Match Prevention
 * (46140175): in markets that are not FIFO the orders that could have executed are cancelled.
 */
export class LevelMatching {
  readonly #core: MatchingCore;
  readonly #makers: MakerRules;
  readonly #rules: AllocationRules;
  readonly #slots: number[] = [];
  readonly #level: SharedLevel = {
    count: 0,
    lots: [],
    makerPercents: [],
    top: -1,
    passedOver: [],
    fills: [],
  };
  /** Handles of the top orders of both sides, or 0. */
  readonly #top: [number, number] = [0, 0];

  constructor(core: MatchingCore, makers: MakerRules, rules: AllocationRules) {
    this.#core = core;
    this.#makers = makers;
    this.#rules = rules;
  }

  /** Handles of the top orders: bid, ask; 0 where there is none. */
  get topHandles(): readonly [number, number] {
    return [this.#liveTop(0), this.#liveTop(1)];
  }

  restoreTop(handles: readonly [number, number]): void {
    [this.#top[0], this.#top[1]] = handles;
  }

  /** Notes that an order is about to rest at a key and whether that betters its side's market. */
  willRest(side: number, key: number): boolean {
    const betters = key > this.#core.ladder(side).bestKey;
    // Handles are reused after a while, so those of orders that left are not kept for long.
    this.#top[0] = this.#liveTop(0);
    this.#top[1] = this.#liveTop(1);
    if (betters) this.#top[side as 0 | 1] = 0;
    return betters;
  }

  /** Notes that an order which betters the market has come to rest. */
  hasBettered(slot: number, side: number): void {
    if ((this.#core.store.records[(slot << 2) + REMAINING] as number) < this.#rules.topMinimumLots) return;
    this.#top[side as 0 | 1] = this.#core.store.handle(slot);
  }

  /** Notes that an order lost its place. */
  lostPlace(slot: number, side: number): void {
    if (this.#top[side as 0 | 1] === this.#core.store.handle(slot)) this.#top[side as 0 | 1] = 0;
  }

  /** No order that an auction left is a top order. */
  afterAuction(): void {
    this.#top[0] = 0;
    this.#top[1] = 0;
  }

  /** Matches the taker down to its limit and returns what is left of it, in lots. */
  match(limitKey: number, sizeLots: number): number {
    const core = this.#core;
    const opposite = core.ladder(1 - core.taker.side);
    const tradesBefore = core.trades;
    let firstTicks = 0;
    let left = sizeLots;
    while (left > 0 && opposite.bestKey >= limitKey) {
      const key = opposite.bestKey;
      const level = opposite.bestLevel;
      if (core.taker.selfTrade !== 0) {
        left = this.#preventSelfTrades(opposite, level, left);
        if (left === 0 || opposite.bestKey !== key) continue;
      }
      if (core.trades === tradesBefore) firstTicks = core.taker.side === 0 ? 0 - key : key;
      if (left >= (opposite.sizes[level] as number) + (opposite.hidden[level] as number)) {
        left = core.match(key, left);
      } else {
        left = this.#share(opposite, level, left);
      }
    }
    if (core.trades !== tradesBefore) core.firstTradeTicks = firstTicks;
    return left;
  }

  #preventSelfTrades(opposite: PriceLadder, level: number, leftLots: number): number {
    const core = this.#core;
    let slot = opposite.first(level);
    while (slot !== 0) {
      const next = core.store.records[(slot << 2) + NEXT] as number;
      if (this.#makers.isOwn(slot)) {
        const left = this.#makers.preventSelfTrade(slot, leftLots);
        if (core.taker.selfTrade !== EXPIRE_MAKER) return left;
      }
      slot = next;
    }
    return leftLots;
  }

  /** Shares what the displayed sizes can take, by the algorithm, and fills the orders in time order. */
  #share(opposite: PriceLadder, index: number, takerLots: number): number {
    const core = this.#core;
    const level = this.#level;
    const top = this.#liveTop(1 - core.taker.side);
    level.count = 0;
    level.top = -1;
    for (
      let slot = opposite.first(index);
      slot !== 0;
      slot = core.store.records[(slot << 2) + NEXT] as number
    ) {
      this.#note(slot, top);
    }
    const lots = Math.min(takerLots, opposite.sizes[index] as number);
    core.lastTradeTicks = core.price(this.#slots[0] as number);
    allocate(this.#rules, level, lots);
    for (let i = 0; i < level.count; i++) {
      const fill = level.fills[i] as number;
      if (fill === 0) continue;
      const slot = this.#slots[i] as number;
      const usedUp = fill === (level.lots[i] as number);
      const iceberg = ((core.store.facts[(slot << 2) + FLAGS] as number) & ICEBERG) !== 0;
      // The next slice goes to the end of the queue, so it is not the order that bettered the market.
      if (i === level.top && usedUp && iceberg) this.lostPlace(slot, 1 - core.taker.side);
      this.#makers.fill(slot, fill);
    }
    return takerLots - lots;
  }

  #note(slot: number, topHandle: number): void {
    const { store } = this.#core;
    const level = this.#level;
    const i = level.count++;
    const isMaker = ((store.facts[(slot << 2) + FLAGS] as number) & MARKET_MAKER) !== 0;
    this.#slots[i] = slot;
    level.lots[i] = store.records[(slot << 2) + REMAINING] as number;
    level.makerPercents[i] = isMaker ? (store.details[(slot << 3) + MAKER_PERCENT] as number) : 0;
    if (topHandle !== 0 && store.handle(slot) === topHandle) level.top = i;
  }

  #liveTop(side: number): number {
    const handle = this.#top[side as 0 | 1];
    return handle !== 0 && this.#core.store.slot(handle) !== 0 ? handle : 0;
  }
}
