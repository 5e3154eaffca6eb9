/** Audits a feed against its own matching rule: were the filled orders of each trade the front of the queue? */
import type { ByOrderBook, ByOrderNote, QueuedOrder } from './by-order-book.ts';
import type { ByOrderMessage, ByOrderSide } from './by-order-message.ts';

/**
 * How the fills of one level compare with first in, first out.
 *
 * - `front`: exactly what the traded lots take from the front of the displayed queue, order by order and lot by lot.
 * - `self-match`: so once the orders are left out that were cancelled unfilled in the same event: the venue cancels a
 *   resting order that would have met its own owner, and the match goes on behind it.
 * - `refresh`: every displayed lot of the level was taken, and the lots beyond went to orders filled for more than
 *   they displayed: hidden reserve, refilled behind the queue.
 * - `self-match-and-refresh`: both.
 * - `order-unknown`: an order was filled that the book does not have at this price.
 * - `out-of-order`: none of these; first in, first out does not explain it.
 */
export type LevelVerdict =
  | 'front'
  | 'self-match'
  | 'refresh'
  | 'self-match-and-refresh'
  | 'order-unknown'
  | 'out-of-order';

/** One testable level: all fills of one event at one price, in continuous trading. */
export interface LevelCheck {
  readonly kind: 'level-checked';
  readonly atMicros: number;
  /** Side of the filled, resting orders. */
  readonly side: ByOrderSide;
  readonly priceTicks: number;
  readonly filledLots: number;
  readonly filledOrders: number;
  /** Orders displayed at this price before the event: with one alone, first in, first out cannot fail. */
  readonly queuedOrders: number;
  readonly verdict: LevelVerdict;
  /** Orders passed over because they were cancelled unfilled in the same event. */
  readonly selfMatchOrders: number;
  /** Filled lots that were not displayed. */
  readonly hiddenLots: number;
  /** Displayed lots at better prices that this event neither filled nor cancelled: 0 when best price goes first. */
  readonly betterLotsLeft: number;
}

/** Fills of an auction: one price for many levels, so no queue can be compared. */
export interface AuctionSkipped {
  readonly kind: 'auction-skipped';
  readonly atMicros: number;
  readonly filledOrders: number;
}

/** What one message brought: checks when it ended an event with trades, and the book's own notes. */
export type FifoAuditOutput = LevelCheck | AuctionSkipped | ByOrderNote;

interface TradedLevel {
  readonly side: ByOrderSide;
  readonly priceTicks: number;
  readonly filled: Map<number, number>;
}

/**
 * Compares the fills of one level with its displayed queue before the event.
 *
 * @param queue - displayed orders, front first
 * @param filled - lots filled per resting order
 * @param withdrawn - orders cancelled in the same event without a fill
 */
export function judgeLevel(
  queue: readonly QueuedOrder[],
  filled: ReadonlyMap<number, number>,
  withdrawn: ReadonlySet<number>,
): { readonly verdict: LevelVerdict; readonly selfMatchOrders: number; readonly hiddenLots: number } {
  const displayed = new Map(queue.map(({ orderId, sizeLots }) => [orderId, sizeLots]));
  let hiddenLots = 0;
  for (const [orderId, lots] of filled) {
    const shown = displayed.get(orderId);
    if (shown === undefined) return { verdict: 'order-unknown', selfMatchOrders: 0, hiddenLots: 0 };
    hiddenLots += Math.max(0, lots - shown);
  }
  if (takesTheFront(queue, filled)) return { verdict: 'front', selfMatchOrders: 0, hiddenLots };
  const matchable = queue.filter(({ orderId }) => !withdrawn.has(orderId));
  const selfMatchOrders = queue.length - matchable.length;
  if (takesTheFront(matchable, filled)) return { verdict: 'self-match', selfMatchOrders, hiddenLots };
  const sweptAll = matchable.every(({ orderId, sizeLots }) => (filled.get(orderId) ?? 0) >= sizeLots);
  if (hiddenLots === 0 || !sweptAll) return { verdict: 'out-of-order', selfMatchOrders, hiddenLots };
  const sweptEvenSo = matchable.length === queue.length;
  return { verdict: sweptEvenSo ? 'refresh' : 'self-match-and-refresh', selfMatchOrders, hiddenLots };
}

/** Whether the fills are what their sum takes from the queue, front first, never more than an order displays. */
function takesTheFront(queue: readonly QueuedOrder[], filled: ReadonlyMap<number, number>): boolean {
  let left = 0;
  for (const lots of filled.values()) left += lots;
  for (const { orderId, sizeLots } of queue) {
    const due = Math.min(left, sizeLots);
    if ((filled.get(orderId) ?? 0) !== due) return false;
    left -= due;
  }
  return left === 0;
}

/** Follows a feed through a book of its own and checks every event that trades. */
export class FifoAudit {
  readonly #book: ByOrderBook;
  #event: ByOrderMessage[] = [];

  /** @param book - an empty book that only this audit feeds; its modify rule is what is being tested */
  constructor(book: ByOrderBook) {
    this.#book = book;
  }

  /** Takes the next message. Messages of an event are held back until its last. */
  apply(message: ByOrderMessage): readonly FifoAuditOutput[] {
    this.#event.push(message);
    if (!message.endsEvent && !message.fromSnapshot) return [];
    const event = this.#event;
    this.#event = [];
    const outputs: FifoAuditOutput[] = event.some(({ kind }) => kind === 'trade') ? this.#check(event) : [];
    for (const each of event) outputs.push(...this.#book.apply(each));
    return outputs;
  }

  #check(event: readonly ByOrderMessage[]): FifoAuditOutput[] {
    const atMicros = (event[0] as ByOrderMessage).atMicros;
    const { levels, auctioned, touched } = tradedLevels(event);
    const withdrawn = new Set<number>();
    for (const { kind, orderId } of event) {
      if (kind === 'cancel' && !touched.has(orderId)) withdrawn.add(orderId);
    }
    const outputs: FifoAuditOutput[] = levels.map(({ side, priceTicks, filled }) => {
      const queue = this.#book.queueAt(side, priceTicks);
      let filledLots = 0;
      for (const lots of filled.values()) filledLots += lots;
      return {
        kind: 'level-checked',
        atMicros,
        side,
        priceTicks,
        filledLots,
        filledOrders: filled.size,
        queuedOrders: queue.length,
        ...judgeLevel(queue, filled, withdrawn),
        betterLotsLeft: this.#betterLotsLeft(side, priceTicks, touched, withdrawn),
      };
    });
    if (auctioned > 0) outputs.push({ kind: 'auction-skipped', atMicros, filledOrders: auctioned });
    return outputs;
  }

  #betterLotsLeft(
    side: ByOrderSide,
    priceTicks: number,
    touched: ReadonlyMap<number, number>,
    withdrawn: ReadonlySet<number>,
  ): number {
    let left = 0;
    this.#book.eachLevel(side, (levelTicks) => {
      if (side === 'bid' ? levelTicks <= priceTicks : levelTicks >= priceTicks) return false;
      this.#book.eachOrder(side, levelTicks, (orderId, sizeLots) => {
        if (!withdrawn.has(orderId)) left += Math.max(0, sizeLots - (touched.get(orderId) ?? 0));
        return true;
      });
      return true;
    });
    return left;
  }
}

/** Fills of an event by level, the aggressor's own left out, and the lots filled per order over all levels. */
function tradedLevels(event: readonly ByOrderMessage[]): {
  readonly levels: readonly TradedLevel[];
  readonly auctioned: number;
  readonly touched: ReadonlyMap<number, number>;
} {
  const levels = new Map<string, TradedLevel>();
  const touched = new Map<number, number>();
  let auctioned = 0;
  let restingSide: ByOrderMessage['side'] = 'none';
  for (const { kind, side, orderId, priceTicks, sizeLots } of event) {
    if (kind === 'trade') restingSide = side === 'none' ? 'none' : side === 'bid' ? 'ask' : 'bid';
    if (kind !== 'fill') continue;
    touched.set(orderId, (touched.get(orderId) ?? 0) + sizeLots);
    if (restingSide === 'none') auctioned++;
    else if (side === restingSide) {
      const key = `${side} ${priceTicks}`;
      const level = levels.get(key) ?? { side: restingSide, priceTicks, filled: new Map<number, number>() };
      levels.set(key, level);
      level.filled.set(orderId, (level.filled.get(orderId) ?? 0) + sizeLots);
    }
  }
  return { levels: [...levels.values()], auctioned, touched };
}
