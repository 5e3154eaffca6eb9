/** Orders that wait for a price: stops, take-profits and trailing stops, and which of them a price elects. */
import { assert } from '../../core/assert.ts';
import { TriggerHeap, type Waiting } from './trigger-heap.ts';

/** Beyond every price in ticks. */
const BEYOND = 0x7fff_ffff;

/** What a waiting order waits for: a price at or above its trigger, at or below it, or a turn by its callback. */
export type TriggerRule = 'rises-to' | 'falls-to' | 'turns-up' | 'turns-down';

/** A waiting order. `triggerTicks` of a trailing one is the price that activates it. */
export interface WaitingOrder extends Waiting {
  readonly rule: TriggerRule;
  /** Of a trailing order, the turn that fires it, in thousandths of the extreme; else 0. */
  readonly callbackPermille: number;
}

/** A waiting order with what it has seen: of a trailing one, the best price since it came; else 0. */
export interface WaitingState<Order extends WaitingOrder> {
  readonly order: Order;
  readonly extremeTicks: number;
}

interface Trailing<Order> {
  readonly order: Order;
  extremeTicks: number;
}

/**
 * Waiting orders of one price source.
 *
 * A price elects every order whose condition it meets: first those that wait for a fall, the highest trigger first, then
 * those that wait for a rise, the lowest trigger first; at equal triggers the earlier order. A trailing order counts with
 * the price that its turn reaches. This order is a rule of ours: the exchanges do not publish theirs.
 *
 * Source: Binance New Algo Order: a stop buys at or above and sells at or below its trigger, a take-profit the other way
 * round; a trailing sell fires once the highest price since it was placed is at or above its activation price and the
 * price is at or below highest × (1 - callback), a trailing buy the other way round. CME Globex Order Types: a stop is
 * activated when the market trades at or through its trigger.
 */
export class TriggerBook<Order extends WaitingOrder> {
  readonly #waiting = new Map<number, Order>();
  readonly #rises = new TriggerHeap<Order>(1, (order) => this.#waiting.has(order.id));
  readonly #falls = new TriggerHeap<Order>(-1, (order) => this.#waiting.has(order.id));
  readonly #trailing = new Map<number, Trailing<Order>>();
  /** A price strictly between these two changes nothing; none is while trailing orders wait. */
  #lowestRise: number = BEYOND;
  #highestFall: number = -BEYOND;

  /** Number of waiting orders. */
  get count(): number {
    return this.#waiting.size;
  }

  /** True where this price cannot elect or move anything. */
  isIdleAt(priceTicks: number): boolean {
    return priceTicks < this.#lowestRise && priceTicks > this.#highestFall;
  }

  /** @param priceTicks - the price now, from which a trailing order counts */
  add(order: Order, priceTicks: number): void {
    assert(!this.#waiting.has(order.id), 'numbers of waiting orders are not used twice');
    this.#waiting.set(order.id, order);
    if (order.rule === 'rises-to') this.#rises.add(order);
    else if (order.rule === 'falls-to') this.#falls.add(order);
    else this.#trailing.set(order.id, { order, extremeTicks: priceTicks });
    this.#refresh();
  }

  /** Withdraws an order; null where it does not wait (any more). */
  remove(id: number): Order | null {
    const order = this.#waiting.get(id);
    if (order === undefined) return null;
    this.#waiting.delete(id);
    if (order.rule === 'rises-to') this.#rises.withdraw();
    else if (order.rule === 'falls-to') this.#falls.withdraw();
    else this.#trailing.delete(id);
    this.#refresh();
    return order;
  }

  /** Takes out the orders that a price elects, in their order. */
  elect(priceTicks: number): readonly Order[] {
    if (this.isIdleAt(priceTicks)) return [];
    const falls = take(this.#falls, (trigger) => trigger >= priceTicks);
    const rises = take(this.#rises, (trigger) => trigger <= priceTicks);
    const turns = this.#turned(priceTicks);
    const elected = [
      ...merged(falls, turns.down, -1).map((t) => t.order),
      ...merged(rises, turns.up, 1).map((t) => t.order),
    ];
    for (const order of elected) {
      this.#waiting.delete(order.id);
      this.#trailing.delete(order.id);
    }
    this.#refresh();
    return elected;
  }

  /** All waiting orders in the order of their arrival. */
  states(): readonly WaitingState<Order>[] {
    return [...this.#waiting.values()].map((order) => ({
      order,
      extremeTicks: this.#trailing.get(order.id)?.extremeTicks ?? 0,
    }));
  }

  /** Adds the orders of {@link TriggerBook.states} to an empty book. */
  restore(states: readonly WaitingState<Order>[]): void {
    for (const { order, extremeTicks } of states) this.add(order, extremeTicks);
  }

  #refresh(): void {
    const trails = this.#trailing.size > 0;
    this.#lowestRise = trails ? -BEYOND : (this.#rises.first()?.triggerTicks ?? BEYOND);
    this.#highestFall = this.#falls.first()?.triggerTicks ?? -BEYOND;
  }

  /** Moves the extremes of trailing orders and finds those that the price turns. */
  #turned(priceTicks: number): { readonly down: Turn<Order>[]; readonly up: Turn<Order>[] } {
    const down: Turn<Order>[] = [];
    const up: Turn<Order>[] = [];
    for (const trailing of this.#trailing.values()) {
      const { order } = trailing;
      const sells = order.rule === 'turns-down';
      const extreme = sells
        ? Math.max(trailing.extremeTicks, priceTicks)
        : Math.min(trailing.extremeTicks, priceTicks);
      trailing.extremeTicks = extreme;
      const active = sells ? extreme >= order.triggerTicks : extreme <= order.triggerTicks;
      const share = sells ? 1000 - order.callbackPermille : 1000 + order.callbackPermille;
      const reached = sells ? priceTicks * 1000 <= extreme * share : priceTicks * 1000 >= extreme * share;
      if (!active || !reached) continue;
      const at = (extreme * share) / 1000;
      (sells ? down : up).push({ order, triggerTicks: sells ? Math.floor(at) : Math.ceil(at), id: order.id });
    }
    return { down, up };
  }
}

/** An elected order and the price it counts with. */
interface Turn<Order> extends Waiting {
  readonly order: Order;
}

function take<Order extends WaitingOrder>(
  heap: TriggerHeap<Order>,
  isMet: (triggerTicks: number) => boolean,
): Turn<Order>[] {
  const taken: Turn<Order>[] = [];
  for (let first = heap.first(); first !== null && isMet(first.triggerTicks); first = heap.first()) {
    const order = heap.takeFirst();
    taken.push({ order, triggerTicks: order.triggerTicks, id: order.id });
  }
  return taken;
}

function merged<Order>(fixed: Turn<Order>[], turns: Turn<Order>[], direction: 1 | -1): Turn<Order>[] {
  if (turns.length === 0) return fixed;
  return [...fixed, ...turns].sort((a, b) => (a.triggerTicks - b.triggerTicks) * direction || a.id - b.id);
}
