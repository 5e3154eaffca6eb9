/** One order of the reader and what is known of it. */
import type { OrderHandle } from '../../venue/matching/order-terms.ts';
import type { PaperOrder, PaperOrderId } from './paper-orders.ts';
import type { QueueAhead } from './queue-ahead.ts';
import { StoryLog } from './story-log.ts';

/** Where an order stands: on its way, waiting for a trigger, in the book, or over. */
export type EntryState = 'entering' | 'waiting' | 'resting' | 'filled' | 'ended' | 'rejected';

/** Changes as the venue tells of the order. Sizes in lots. */
export class PaperEntry {
  readonly id: PaperOrderId;
  readonly order: PaperOrder;
  readonly log: StoryLog = new StoryLog();
  state: EntryState = 'entering';
  /** Size with what was filled; of a close-position order known when it is triggered. */
  sizeLots: number;
  filledLots = 0;
  /** Part of the filled lots that was filled while resting. */
  makerLots = 0;
  /** Part of the filled lots that was filled in an auction. */
  auctionLots = 0;
  /** Limit price while resting. */
  priceTicks: number | null = null;
  handle: OrderHandle = 0;
  serial = 0;
  /** The venue's number of it while it waits. */
  waitingId = 0;
  /** Orders before it while it rests. */
  queue: QueueAhead | null = null;
  /** Lots before it that traded, and that were cancelled, since it first rested. */
  traded = 0;
  cancelled = 0;
  /** Why it is over, for people. */
  end = '';
  /** Code, rule and source of a refusal. */
  refusal: { readonly code: string; readonly rule: string; readonly source: string } | null = null;

  constructor(id: PaperOrderId, order: PaperOrder) {
    this.id = id;
    this.order = order;
    this.sizeLots = order.sizeLots;
    this.priceTicks = order.priceTicks;
  }

  get openLots(): number {
    return this.sizeLots - this.filledLots;
  }
}
