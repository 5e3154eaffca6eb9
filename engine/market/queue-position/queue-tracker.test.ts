// Queue position by hand: what each model makes of a cancel, and what the tracker knows for sure.
import { describe, expect, it } from 'vitest';
import {
  type CancelEvidence,
  type CancelModel,
  LOGARITHMIC,
  PRO_RATA,
  powerModel,
  RISK_ADVERSE,
  sizeMatched,
  youngerFirst,
} from './cancel-model.ts';
import { OrderSizeCensus } from './order-size-census.ts';
import { type FeedRules, type LevelChange, QueueTracker } from './queue-tracker.ts';

const evidence = (part: Partial<CancelEvidence> = {}): CancelEvidence => ({
  cancelLots: 3,
  aheadLots: 10,
  behindLots: 5,
  aheadOrdersFitting: 1,
  behindOrdersFitting: 1,
  isBest: true,
  ...part,
});

describe('cancel models', () => {
  it('split a cancel of 3 lots with 10 ahead and 5 behind as their formulas say', () => {
    expect(RISK_ADVERSE.lotsAhead(evidence())).toBe(0);
    expect(RISK_ADVERSE.lotsAhead(evidence({ behindLots: 2 }))).toBe(1);
    expect(PRO_RATA.lotsAhead(evidence())).toBe(2);
    expect(LOGARITHMIC.lotsAhead(evidence())).toBeCloseTo(
      (3 * Math.log(11)) / (Math.log(11) + Math.log(6)),
      12,
    );
    expect(powerModel(2).lotsAhead(evidence())).toBeCloseTo(3 * (100 / 125), 12);
    expect(youngerFirst({ atBest: 2, away: 8 }).lotsAhead(evidence())).toBe(1.5);
    expect(youngerFirst({ atBest: 2, away: 8 }).lotsAhead(evidence({ isBest: false }))).toBe(0.6);
  });

  it('by size: only orders that fit count, and without any the lots decide', () => {
    const model = sizeMatched({ atBest: 2, away: 8 });
    expect(model.lotsAhead(evidence())).toBe(1);
    expect(model.lotsAhead(evidence({ behindOrdersFitting: 0 }))).toBe(3);
    expect(model.lotsAhead(evidence({ aheadOrdersFitting: 0 }))).toBe(0);
    expect(model.lotsAhead(evidence({ aheadOrdersFitting: 0, behindOrdersFitting: 0 }))).toBe(1.5);
  });

  it('know the limits: nobody ahead, nobody behind', () => {
    for (const model of [PRO_RATA, LOGARITHMIC, powerModel(3), youngerFirst({ atBest: 1, away: 1 })]) {
      expect([model.name, model.lotsAhead(evidence({ aheadLots: 0 }))]).toEqual([model.name, 0]);
      expect([model.name, model.lotsAhead(evidence({ behindLots: 0 }))]).toEqual([model.name, 3]);
      expect([model.name, model.lotsAhead(evidence({ aheadLots: 0, behindLots: 0 }))]).toEqual([
        model.name,
        0,
      ]);
    }
  });

  it('refuse weights that mean nothing', () => {
    expect(() => powerModel(0)).toThrow('exponent');
    expect(() => youngerFirst({ atBest: 0, away: 1 })).toThrow('weights');
    expect(() => sizeMatched({ atBest: 1, away: Number.NaN })).toThrow('weights');
  });
});

describe('order size census', () => {
  it('gives shares of what it saw, and a little for what it never did', () => {
    const census = new OrderSizeCensus();
    expect([census.meanLots, census.share(1)]).toEqual([1, 1]);
    for (const size of [1, 1, 1, 5, 2000]) census.observe(size);
    expect(census.share(1)).toBe(4 / 6);
    expect(census.share(7)).toBe(1 / 6);
    expect(census.shareAbove(1)).toBe(3 / 6);
    expect(census.shareAbove(5)).toBe(2 / 6);
    const copy = new OrderSizeCensus();
    copy.restore(census.snapshot());
    expect([copy.meanLots, copy.share(5), copy.share(2000)]).toEqual([census.meanLots, 2 / 6, 2 / 6]);
  });
});

const PLAIN: FeedRules = { isConflated: false, refillsDisplays: false, enlargesOrders: false };

/** Ten others in five orders, then our 2 lots at the back. */
function joined(model: CancelModel = PRO_RATA, rules: Partial<FeedRules> = {}): QueueTracker {
  const start = { ownLots: 2, levelLots: 12, levelOrders: rules.isConflated ? null : 6 };
  return new QueueTracker(start, model, new OrderSizeCensus(), { ...PLAIN, ...rules });
}

const change = (sizeLots: number, orders: number | null, tradedLots = 0): LevelChange => ({
  sizeLots,
  orders,
  tradedLots,
  isBest: true,
});

const bounds = (tracker: QueueTracker): [number, number, number] => {
  const { aheadMinLots, aheadLots, aheadMaxLots } = tracker.estimate;
  return [aheadMinLots, aheadLots, aheadMaxLots];
};

describe('queue tracker', () => {
  it('knows its place when it joins, and trades are certain', () => {
    const tracker = joined();
    expect(bounds(tracker)).toEqual([10, 10, 10]);
    tracker.apply(change(8, 4, 4));
    expect(bounds(tracker)).toEqual([6, 6, 6]);
  });

  it('counts a cancel as ahead while nobody is behind', () => {
    const tracker = joined(RISK_ADVERSE);
    tracker.apply(change(9, 5));
    expect(bounds(tracker)).toEqual([7, 7, 7]);
  });

  it('splits an ambiguous cancel and keeps the bounds around it', () => {
    const tracker = joined();
    tracker.apply(change(22, 8)); // 10 lots more behind us, two orders
    tracker.apply(change(18, 7)); // 4 lots leave
    expect(bounds(tracker)).toEqual([6, 8, 10]);
  });

  it('is certain when a departure fits on one side only', () => {
    const tracker = joined();
    tracker.apply(change(17, 7)); // an order of 5 behind us
    tracker.apply(change(14, 6)); // nobody behind us has 3
    expect(bounds(tracker)).toEqual([7, 7, 7]);
    tracker.apply(change(22, 7)); // an order of 8 behind us
    tracker.apply(change(14, 6)); // more than the 7 ahead
    expect(bounds(tracker)).toEqual([7, 7, 7]);
    tracker.apply(change(13, 6)); // somebody shrank by 1: the 5 behind may have
    expect(bounds(tracker)[0]).toBe(6);
    expect(bounds(tracker)[2]).toBe(7);
  });

  it('counts departures of a size against the arrivals behind us that can account for them', () => {
    const tracker = joined();
    tracker.apply(change(15, 7)); // one order of 3 behind us
    tracker.apply(change(12, 6)); // 3 leave: it, or 3 ahead
    expect(bounds(tracker)[2]).toBe(10);
    tracker.apply(change(17, 7)); // an order of 5 behind us
    tracker.apply(change(14, 6)); // 3 leave again: one of the two was ahead
    expect(bounds(tracker)[2]).toBe(7);
  });

  it('gives up the lower bound when somebody grows, for he may have stood ahead', () => {
    const tracker = joined(PRO_RATA, { enlargesOrders: true });
    tracker.apply(change(14, 7));
    expect(bounds(tracker)).toEqual([10, 10, 10]); // one order more: nobody grew
    tracker.apply(change(15, 7));
    expect(bounds(tracker)).toEqual([0, 10, 10]);
    const uncounted = joined(PRO_RATA, { enlargesOrders: true });
    uncounted.apply(change(14, null));
    expect(bounds(uncounted)).toEqual([0, 10, 10]);
  });

  it('gives up the lower bound in a match where displays refill', () => {
    const tracker = joined(PRO_RATA, { refillsDisplays: true });
    tracker.apply(change(8, 4, 4));
    expect(bounds(tracker)).toEqual([0, 6, 6]);
  });

  it('takes orders withdrawn within a match from the front', () => {
    const tracker = joined();
    tracker.apply(change(22, 8));
    // 3 lots trade, and 2 more go: a self-match cancel.
    expect(tracker.fillProbability(change(17, 6, 3))).toBe(0);
    tracker.apply(change(17, 6, 3));
    expect(bounds(tracker)).toEqual([5, 5, 7]);
  });

  it('says how likely a trade reaches us, along a line through bounds and estimate', () => {
    const tracker = joined();
    tracker.apply(change(22, 8));
    tracker.apply(change(18, 7)); // ahead 6..10, estimate 8
    const reach = (lots: number): number => tracker.fillProbability(change(18 - lots, 7, lots));
    expect([5, 6, 7, 8, 9, 10, 11].map(reach)).toEqual([0, 0, 0.125, 0.375, 0.625, 0.875, 1]);
  });

  it('follows our own order when it shrinks', () => {
    const tracker = joined();
    tracker.shrinkOwn(1);
    tracker.apply(change(11, 6));
    expect(bounds(tracker)).toEqual([10, 10, 10]);
    expect(() => tracker.shrinkOwn(2)).toThrow('only shrink');
  });

  it('trusts a conflated level less: no lower bound, and no upper before its first update', () => {
    const tracker = joined(PRO_RATA, { isConflated: true });
    expect(bounds(tracker)).toEqual([0, 10, Number.MAX_SAFE_INTEGER]);
    tracker.apply(change(16, null)); // 4 joined in the interval, half of them before us on average
    expect(bounds(tracker)).toEqual([0, 12, 14]);
    tracker.apply(change(9, null));
    expect(bounds(tracker)).toEqual([0, 6, 7]);
  });

  it('goes on from a snapshot as if nothing had been', () => {
    const model = sizeMatched({ atBest: 3, away: 20 });
    const first = joined(model);
    const second = joined(model);
    for (const [size, orders] of [
      [17, 7],
      [18, 8],
      [15, 7],
      [14, 7],
    ] as const) {
      first.apply(change(size, orders));
    }
    second.restore(JSON.parse(JSON.stringify(first.snapshot())));
    for (const tracker of [first, second]) {
      tracker.apply(change(13, 6));
      tracker.apply(change(12, 6));
      tracker.apply(change(9, 5, 2));
    }
    expect(second.snapshot()).toEqual(first.snapshot());
  });
});
