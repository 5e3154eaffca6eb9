/** What a taker does with a resting order that a plain fill does not do justice: icebergs, reduce-only and own orders. */
import { BOOK_EVENT_KINDS } from './book-events.ts';
import { type MatchingCore, roomToReduce, type SpecialMakers } from './matching-core.ts';
import type { OrderBit, OrderDetail, OrderFact, OrderField } from './order-record.ts';
import { CANCELLATIONS, SELF_TRADE_MODES } from './order-terms.ts';

const REMAINING: OrderField['remaining'] = 0;
const ACCOUNT: OrderFact['account'] = 0;
const FLAGS: OrderFact['flags'] = 3;
const HIDDEN: OrderDetail['hidden'] = 0;
const DISPLAY: OrderDetail['display'] = 1;
const GROUP: OrderDetail['group'] = 2;
const ICEBERG: OrderBit['iceberg'] = 4;
const REDUCE_ONLY: OrderBit['reduceOnly'] = 8;
const GROUPED: OrderBit['grouped'] = 16;

const REFRESHED = BOOK_EVENT_KINDS.indexOf('refreshed');
const SELF_TRADE = CANCELLATIONS.indexOf('self-trade');
const NOTHING_TO_REDUCE = CANCELLATIONS.indexOf('reduce-only');
const EXPIRE_TAKER = SELF_TRADE_MODES.indexOf('expire-taker');
const EXPIRE_MAKER = SELF_TRADE_MODES.indexOf('expire-maker');

/**
 * Rules of the special orders of one book.
 *
 * An iceberg offers one slice at a time; when a slice is used up, the next one goes to the end of the queue. A taker
 * that takes everything at a price, hidden lots included, takes each iceberg whole in its turn. A reduce-only order
 * gives no more than its account's position and ends when there is nothing left to reduce.
 *
 * Source: CME Globex Order Qualifiers (wiki page 46465381: the next slice loses its time), Matching Algorithm Steps
 * (457218521, the FIFO exception); Binance New Order, `reduceOnly`.
 */
export class MakerRules implements SpecialMakers {
  readonly #core: MatchingCore;

  constructor(core: MatchingCore) {
    this.#core = core;
  }

  meet(slot: number, leftLots: number): number {
    const core = this.#core;
    if (this.isOwn(slot)) return this.preventSelfTrade(slot, leftLots);
    const at = slot << 2;
    const { records, facts } = core.store;
    const flags = facts[at + FLAGS] as number;
    let lots = records[at + REMAINING] as number;
    if ((flags & ICEBERG) !== 0) {
      const level = core.level(slot);
      const ladder = core.ladder(core.side(slot));
      const total = (ladder.sizes[level] as number) + (ladder.hidden[level] as number);
      if (leftLots >= total) lots = core.openLots(slot);
    }
    if ((flags & REDUCE_ONLY) !== 0) {
      const room = roomToReduce(core.positions, facts[at + ACCOUNT] as number, core.side(slot));
      if (room === 0) {
        core.cancel(slot, NOTHING_TO_REDUCE);
        return leftLots;
      }
      lots = Math.min(lots, room);
    }
    const filled = Math.min(leftLots, lots);
    this.fill(slot, filled);
    return leftLots - filled;
  }

  /** Fills a resting order with the taker at its own price: a slice, a part of one, or an iceberg whole. */
  fill(slot: number, lots: number): void {
    const core = this.#core;
    core.recordTrade(slot, core.price(slot), lots, core.openLots(slot) - lots);
    this.takeOff(slot, lots);
  }

  /** Takes lots that traded off a resting order: a slice, a part of one, or an iceberg whole. */
  takeOff(slot: number, lots: number): void {
    const core = this.#core;
    const facts = core.store.facts;
    const at = slot << 2;
    const remaining = core.store.records[at + REMAINING] as number;
    if (lots === core.openLots(slot)) {
      core.drop(slot);
      return;
    }
    if (lots < remaining) core.ladder(core.side(slot)).resize(slot, remaining - lots);
    else this.#showNextSlice(slot);
    if (((facts[at + FLAGS] as number) & REDUCE_ONLY) === 0) return;
    const room = roomToReduce(core.positions, facts[at + ACCOUNT] as number, core.side(slot));
    if (room === 0) core.cancel(slot, NOTHING_TO_REDUCE);
  }

  /** True where the taker must not trade with this order. */
  isOwn(slot: number): boolean {
    const { taker, store } = this.#core;
    if (taker.selfTrade === 0) return false;
    const at = slot << 2;
    if (taker.ownAccount && store.facts[at + ACCOUNT] === taker.account) return true;
    if (taker.group === 0 || ((store.facts[at + FLAGS] as number) & GROUPED) === 0) return false;
    return store.details[(slot << 3) + GROUP] === taker.group;
  }

  /** Ends taker, resting order or both, and returns what is left of the taker. */
  preventSelfTrade(slot: number, leftLots: number): number {
    const mode = this.#core.taker.selfTrade;
    if (mode !== EXPIRE_TAKER) this.#core.cancel(slot, SELF_TRADE);
    if (mode === EXPIRE_MAKER) return leftLots;
    this.#core.cancelTaker(leftLots, SELF_TRADE);
    return 0;
  }

  #showNextSlice(slot: number): void {
    const core = this.#core;
    const at = slot << 3;
    const details = core.store.details;
    const hidden = details[at + HIDDEN] as number;
    const slice = Math.min(details[at + DISPLAY] as number, hidden);
    details[at + HIDDEN] = hidden - slice;
    const ladder = core.ladder(core.side(slot));
    ladder.addHidden(core.level(slot), 0 - slice);
    ladder.requeue(slot, slice);
    core.tell(REFRESHED, slot, slice, 0);
  }
}
