// The lots before an order beside a walk of its queue, over random books with icebergs, changes and auctions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../venue/matching/order-book.ts';
import { readOutputs } from '../../venue/matching/venue-output.ts';
import { QueueAhead } from './queue-ahead.ts';
import { STORY_EVENTS, StoryLog, type StoryNote } from './story-log.ts';

const OWN = { account: 9, priceTicks: 100, sizeLots: 3 };

interface Step {
  readonly kind: 'place' | 'cancel' | 'amend' | 'uncross';
  readonly side: number;
  readonly price: number;
  readonly lots: number;
  readonly display: number;
  readonly pick: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step['kind'][]>('place', 'place', 'place', 'cancel', 'amend', 'uncross'),
  side: fc.nat(1),
  price: fc.integer({ min: 97, max: 103 }),
  lots: fc.integer({ min: 1, max: 12 }),
  display: fc.nat(4),
  pick: fc.nat(1000),
});

describe('the queue before an order', () => {
  it('is what a walk of the queue counts, after every command', () => {
    let compared = 0;
    const run = (before: Step[], after: Step[]): void => {
      const book = new OrderBook({ orders: 500, pagesPerSide: 8, events: 5_000 });
      const play = ({ kind, side, price, lots, display, pick }: Step): void => {
        const others = book.orders().filter(({ account }) => account !== OWN.account);
        const one = others[pick % Math.max(1, others.length)];
        if (kind === 'uncross') {
          book.collect();
          book.uncross(100);
        } else if (kind === 'place') {
          const t = book.ticket;
          Object.assign(t, {
            side,
            priced: true,
            priceTicks: price,
            sizeLots: lots,
            timeInForce: 0,
            account: 1,
          });
          t.withExtras().displayLots = display;
          book.enter();
        } else if (one !== undefined) {
          if (kind === 'cancel') book.cancel(one.handle);
          else book.amend(one.handle, lots % 2 === 0 ? one.priceTicks : price, lots);
        }
      };
      for (const command of before) play(command);
      const { account, priceTicks, sizeLots } = OWN;
      const handle = book.placeLimit({
        account,
        priceTicks,
        sizeLots,
        side: 'buy',
        tag: 1,
        timeInForce: 'GTX',
      });
      book.events.clear();
      const own = handle === null ? null : book.find(handle);
      if (handle === null || own === null) return;
      const ahead = new QueueAhead(book.queueAt('buy', priceTicks), own.serial);
      for (const command of after) {
        play(command);
        for (const output of readOutputs(book.events)) ahead.follow(output);
        book.events.clear();
        if (book.find(handle) === null) return;
        const queue = book.queueAt('buy', priceTicks);
        const place = queue.findIndex(({ serial }) => serial === own.serial);
        const walked = queue.slice(0, place).reduce((sum, { remainingLots }) => sum + remainingLots, 0);
        expect(ahead.lots).toBe(walked);
        compared++;
      }
    };
    fc.assert(fc.property(fc.array(step, { maxLength: 25 }), fc.array(step, { maxLength: 40 }), run), {
      numRuns: 1_200,
    });
    expect(compared).toBeGreaterThan(2_000);
  });
});

describe('a story', () => {
  it('stays bounded, and its lots add up whatever is joined', () => {
    const log = new StoryLog();
    const sums = new Map<string, number>();
    for (let i = 0; i < 5_000; i++) {
      const kind = (['ahead-traded', 'ahead-cancelled', 'filled'] as const)[i % 7 === 0 ? 2 : i % 2]!;
      const note: StoryNote = {
        atMicros: i as never,
        kind,
        lots: 1 + (i % 5),
        priceTicks: 100,
        aheadLots: null,
        detail: '',
      };
      log.add(note);
      sums.set(kind, (sums.get(kind) ?? 0) + note.lots);
    }
    const told = new Map<string, number>();
    for (const { kind, lots } of log.notes()) told.set(kind, (told.get(kind) ?? 0) + lots);
    expect(told).toEqual(sums);
    expect(log.notes().length).toBeLessThanOrEqual(STORY_EVENTS + 3);
  });
});
