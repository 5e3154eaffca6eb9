// Over random markets of a rule-abiding venue: the bounds hold the truth, and no number of a tracker ever grows.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { ByOrderBook } from '../by-order/by-order-book.ts';
import type { ByOrderKind, ByOrderMessage } from '../by-order/by-order-message.ts';
import { DepthUpdates } from '../by-order/depth-updates.ts';
import { PRO_RATA, powerModel, RISK_ADVERSE, sizeMatched, youngerFirst } from './cancel-model.ts';
import { OrderSizeCensus } from './order-size-census.ts';
import { type FeedRules, QueueTracker } from './queue-tracker.ts';

const MODELS = [
  RISK_ADVERSE,
  PRO_RATA,
  powerModel(2),
  youngerFirst({ atBest: 3, away: 20 }),
  sizeMatched({ atBest: 3, away: 20 }),
];
const PRICE = 100;

/** One level of a venue: orders come, go, shrink, grow, and trades take the front, self-matches included. */
class OneLevelVenue {
  readonly book = new ByOrderBook();
  readonly feed = new DepthUpdates(this.book);
  readonly rng: Rng;
  readonly rules: FeedRules;
  #lastId = 0;

  constructor(seed: number, rules: FeedRules) {
    this.rng = new Rng(seed);
    this.rules = rules;
  }

  message(kind: ByOrderKind, orderId: number, sizeLots: number, endsEvent = true): ByOrderMessage {
    const side = kind === 'trade' ? 'ask' : 'bid';
    return {
      kind,
      side,
      orderId,
      priceTicks: PRICE,
      sizeLots,
      atMicros: 1,
      sequence: 1,
      endsEvent,
      fromSnapshot: false,
    };
  }

  /** Messages of the next event. */
  next(): ByOrderMessage[] {
    const queue = this.book.queueAt('bid', PRICE);
    const action = this.rng.below(20);
    const size = (): number => 1 + (this.rng.below(3) === 0 ? this.rng.below(9) : 0);
    const picked = queue[this.rng.below(Math.max(1, queue.length))];
    if (picked === undefined || queue.length < 3 || action < 8)
      return [this.message('add', ++this.#lastId, size())];
    const { orderId, sizeLots } = picked;
    if (action < 14) return [this.message('cancel', orderId, sizeLots)];
    if (action < 16 && sizeLots > 1)
      return [this.message('modify', orderId, 1 + this.rng.below(sizeLots - 1))];
    if (action === 16 && this.rules.enlargesOrders)
      return [this.message('modify', orderId, sizeLots + 1 + this.rng.below(3))];
    return this.#trade(queue, 1 + this.rng.below(6));
  }

  #trade(queue: readonly { orderId: number; sizeLots: number }[], lots: number): ByOrderMessage[] {
    const fills: ByOrderMessage[] = [];
    const changes: ByOrderMessage[] = [];
    let left = lots;
    for (const { orderId, sizeLots } of queue) {
      if (left === 0) break;
      if (this.rng.below(12) === 0) {
        changes.push(this.message('cancel', orderId, sizeLots, false)); // would have met its own owner
        continue;
      }
      const filled = Math.min(left, sizeLots);
      left -= filled;
      fills.push(this.message('fill', orderId, filled, false));
      const hasReserve = this.rules.refillsDisplays && filled === sizeLots && this.rng.below(10) === 0;
      if (filled < sizeLots) changes.push(this.message('modify', orderId, sizeLots - filled, false));
      else if (hasReserve)
        changes.push(this.message('modify', orderId, sizeLots, false)); // refilled, at the back
      else changes.push(this.message('cancel', orderId, sizeLots, false));
    }
    const all = [this.message('trade', 0, lots - left, false), ...fills, ...changes];
    all[all.length - 1] = { ...(all.at(-1) as ByOrderMessage), endsEvent: true };
    return all;
  }
}

interface Watched {
  readonly orderId: number;
  readonly tracker: QueueTracker;
  last: readonly [number, number, number];
  lastTruth: number;
}

interface View {
  readonly countsOrders: boolean;
  readonly everyNth: number;
  readonly rules: FeedRules;
}

function watchMarket(seed: number, view: View): number {
  const venue = new OneLevelVenue(seed, view.rules);
  const census = new OrderSizeCensus();
  const watched = new Map<number, Watched>();
  const { isConflated } = view.rules;
  let checked = 0;
  let tradedLots = 0;
  let published = 0;
  for (let step = 1; step <= 400; step++) {
    for (const message of venue.next()) {
      for (const event of venue.feed.apply(message)) {
        for (const level of event.levels) tradedLots += level.tradedLots;
        const touched = new Set<number>();
        for (const { kind, orderId } of event.messages) if (kind === 'fill') touched.add(orderId);
        for (const note of event.notes) if (note.kind === 'place-lost') touched.add(note.orderId);
        for (const orderId of touched) watched.delete(orderId); // its wait is over
      }
    }
    for (const orderId of watched.keys()) if (venue.book.lotsAhead(orderId) === null) watched.delete(orderId);
    const level = venue.book.sizeAt('bid', PRICE);
    const orders = view.countsOrders ? venue.book.ordersAt('bid', PRICE) : null;
    if (step % view.everyNth === 0) {
      for (const each of watched.values()) {
        each.tracker.shrinkOwn(venue.book.orderOf(each.orderId)?.sizeLots ?? 0);
        each.tracker.apply({ sizeLots: level, orders, tradedLots, isBest: true });
        checked += check(each, venue.book.lotsAhead(each.orderId) as number, isConflated);
      }
      tradedLots = 0;
      published = level;
    }
    const back = venue.book.queueAt('bid', PRICE).at(-1);
    if (back === undefined || watched.has(back.orderId) || venue.rng.below(3) > 0) continue;
    const { orderId, sizeLots: ownLots } = back;
    census.observe(ownLots);
    // Right after a publication, what was published includes our own order already.
    const levelLots = isConflated ? (step % view.everyNth === 0 ? published : published + ownLots) : level;
    const model = MODELS[venue.rng.below(MODELS.length)] ?? PRO_RATA;
    const tracker = new QueueTracker({ ownLots, levelLots, levelOrders: orders }, model, census, view.rules);
    const { aheadMinLots, aheadLots, aheadMaxLots } = tracker.estimate;
    const lastTruth = venue.book.lotsAhead(orderId) as number;
    watched.set(orderId, { orderId, tracker, last: [aheadMinLots, aheadLots, aheadMaxLots], lastTruth });
  }
  return checked;
}

/** Throws with the numbers when one of them breaks a promise. Plain comparisons: `expect` would take most of the time. */
function check(each: Watched, truth: number, isConflated: boolean): number {
  const { aheadMinLots, aheadLots, aheadMaxLots } = each.tracker.estimate;
  const [lastMin, lastAhead, lastMax] = each.last;
  const promises = {
    'truth within the bounds': aheadMinLots <= truth && truth <= aheadMaxLots,
    'estimate within the bounds': aheadMinLots <= aheadLots && aheadLots <= aheadMaxLots,
    'true rank never grows': truth <= each.lastTruth,
    'bounds never grow': aheadMinLots <= lastMin && aheadMaxLots <= lastMax,
    'estimate never grows': isConflated || aheadLots <= lastAhead,
  };
  for (const [promise, isKept] of Object.entries(promises)) {
    if (!isKept)
      throw new Error(`${promise}: ${JSON.stringify({ truth, now: each.tracker.estimate, each })}`);
  }
  each.last = [aheadMinLots, aheadLots, aheadMaxLots];
  each.lastTruth = truth;
  return 1;
}

describe('queue tracker over random markets', () => {
  const any = { isConflated: false, refillsDisplays: true, enlargesOrders: true };
  const plain = { isConflated: false, refillsDisplays: false, enlargesOrders: false };
  const views: readonly [string, View][] = [
    ['every event with order counts', { countsOrders: true, everyNth: 1, rules: any }],
    ['every event, sizes only', { countsOrders: false, everyNth: 1, rules: any }],
    ['a plain venue with order counts', { countsOrders: true, everyNth: 1, rules: plain }],
    ['a plain venue, sizes only', { countsOrders: false, everyNth: 1, rules: plain }],
    ['five events at a time', { countsOrders: false, everyNth: 5, rules: { ...any, isConflated: true } }],
  ];
  for (const [title, view] of views) {
    it(`bounds hold the truth and nothing grows: ${title}`, () => {
      let checked = 0;
      void fc.assert(
        fc.property(fc.integer(), (seed) => {
          checked += watchMarket(seed, view);
        }),
        { numRuns: 60 },
      );
      expect(checked).toBeGreaterThan(5_000);
    });
  }
});
