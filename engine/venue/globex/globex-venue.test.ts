// The rules of Globex orders, states and interruptions one by one.
import { describe, expect, it } from 'vitest';
import { code, Floor, fills, group, SECOND, START, states } from '../../testkit/globex-floor.ts';
import { GLOBEX_ALGORITHMS } from '../matching/allocation.ts';
import type { GlobexOrder, GlobexOutput } from './globex-orders.ts';
import type { GroupState } from './market-states.ts';

const kinds = (outputs: readonly GlobexOutput[]): string[] => outputs.map((o) => o.kind);

describe('Globex orders', () => {
  it('counts the protection of a stop from its trigger, not from the market', () => {
    const floor = new Floor(group({ protectionTicks: 5 }));
    floor.trade(100);
    floor.quote('sell', [103, 108, 110, 120]);
    floor.send({ account: 3, side: 'buy', type: 'stop', sizeLots: 6, triggerTicks: 105 });
    const outputs = floor.send({ account: 8, side: 'buy', sizeLots: 2, priceTicks: 108 });
    // 108 elects it; its limit is 105 + 5.
    expect(fills(outputs)).toEqual([
      [103, 1],
      [108, 1],
      [110, 1],
    ]);
    expect(outputs.at(-1)).toMatchObject({ kind: 'rested', account: 3, priceTicks: 110, sizeLots: 5 });
  });

  it('rests the rest of a market-limit order at the best price and refuses it without a market', () => {
    const floor = new Floor(group({}));
    expect(code(floor.send({ side: 'buy', type: 'market-limit', sizeLots: 3 }))).toBe('order/no-market');
    expect(code(floor.send({ side: 'buy', type: 'market', sizeLots: 3 }))).toBe('order/no-market');
    floor.quote('sell', [100, 101]);
    const outputs = floor.send({ side: 'buy', type: 'market-limit', sizeLots: 3 });
    expect(fills(outputs)).toEqual([[100, 1]]);
    expect(outputs.at(-1)).toMatchObject({ kind: 'rested', priceTicks: 100, sizeLots: 2 });
  });

  it('fills a minimum quantity at once or cancels all of it; all or none is the whole size', () => {
    const floor = new Floor(group({}));
    floor.quote('sell', [100], 3);
    const part = { side: 'buy', priceTicks: 100, sizeLots: 5 } as const;
    expect(floor.send({ ...part, minimumLots: 4 }).at(-1)).toMatchObject({ reason: 'minimum-not-filled' });
    expect(floor.send({ ...part, minimumLots: 5 }).at(-1)).toMatchObject({ reason: 'minimum-not-filled' });
    const outputs = floor.send({ ...part, minimumLots: 3 });
    expect(fills(outputs)).toEqual([[100, 3]]);
    expect(outputs.at(-1)).toMatchObject({ kind: 'rested', sizeLots: 2 });
    expect(code(floor.send({ ...part, minimumLots: 6 }))).toBe('order/minimum-out-of-range');
  });

  it('sends the next slice of an iceberg to the end of the queue', () => {
    const floor = new Floor(group({}));
    floor.send({ tag: 1, side: 'sell', priceTicks: 100, sizeLots: 6, displayLots: 2 });
    floor.send({ tag: 2, side: 'sell', priceTicks: 100, sizeLots: 2 });
    const outputs = floor.send({ side: 'buy', priceTicks: 100, sizeLots: 5 });
    const makers = outputs.flatMap((o) => (o.kind === 'traded' ? [[o.maker.tag, o.sizeLots]] : []));
    expect(makers).toEqual([
      [1, 2],
      [2, 2],
      [1, 1],
    ]);
    expect(floor.venue.book(0).sizeAt('sell', 100)).toBe(1);
    expect(floor.venue.book(0).hiddenAt('sell', 100)).toBe(2);
  });

  it('cancels the resting order of an owner by default and the arriving one where asked', () => {
    const meet = (selfMatch: GlobexOrder['selfMatch'], selfMatchId: number): string[] => {
      const floor = new Floor(group({}));
      floor.send({ side: 'sell', priceTicks: 100, sizeLots: 1, selfMatchId: 7 });
      return kinds(floor.send({ side: 'buy', priceTicks: 100, sizeLots: 1, selfMatchId, selfMatch }));
    };
    expect(meet('cancel-resting', 7)).toEqual(['accepted', 'cancelled', 'rested']);
    expect(meet('cancel-aggressing', 7)).toEqual(['accepted', 'cancelled']);
    expect(meet('cancel-resting', 8)).toEqual(['accepted', 'traded']);
    // The same account without an identifier may trade with itself.
    expect(meet('cancel-resting', 0)).toEqual(['accepted', 'traded']);
  });

  it('wants the trigger of a stop beyond the last price, or the settlement before there is one', () => {
    const floor = new Floor(group({}), 'pre-open');
    floor.settle(100);
    const stop = (side: 'buy' | 'sell', triggerTicks: number): string | null =>
      code(floor.send({ side, type: 'stop', sizeLots: 1, triggerTicks }));
    expect([stop('buy', 100), stop('buy', 101)]).toEqual(['order/would-trigger-at-once', null]);
    floor.state('open');
    floor.trade(110);
    expect([stop('sell', 110), stop('sell', 109)]).toEqual(['order/would-trigger-at-once', null]);
  });

  it('refuses bids above and offers below the price band, and prices beyond the daily limits', () => {
    const floor = new Floor(group({ bandTicks: 20 }));
    floor.settle(100);
    const send = (side: 'buy' | 'sell', priceTicks: number): string | null =>
      code(floor.send({ side, priceTicks, sizeLots: 1 }));
    expect([send('buy', 121), send('buy', 120), send('sell', 50)]).toEqual([
      'order/price-outside-band',
      null,
      'order/price-outside-band',
    ]);
    // The bid of 120 moves the last best price up.
    expect(send('sell', 99)).toBe('order/price-outside-band');
    floor.venue.apply({ kind: 'limits', atMicros: START, instrument: 0, lowTicks: 110, highTicks: 130 });
    expect([send('buy', 131), send('buy', 1)]).toEqual(['order/price-outside-band', null]);
  });

  it('shares by the algorithm of the product, with a top order', () => {
    const floor = new Floor(group({ allocation: GLOBEX_ALGORITHMS.A }));
    for (const [tag, sizeLots] of [10, 5, 20, 50, 75].entries()) {
      floor.send({ tag, side: 'buy', priceTicks: 9704, sizeLots });
    }
    const outputs = floor.send({ side: 'sell', priceTicks: 9704, sizeLots: 60 });
    expect(fills(outputs).map(([, lots]) => lots)).toEqual([10, 3, 6, 16, 25]);
  });
});

describe('Globex states', () => {
  it('allow what the exchange says they allow', () => {
    const may = (state: GroupState): string => {
      const floor = new Floor(group({}), 'pre-open');
      floor.quote('buy', [90]);
      floor.quote('buy', [91]);
      const handles = floor.venue
        .book(0)
        .orders()
        .map((o) => o.handle);
      floor.state(state);
      const at = { atMicros: START, instrument: 0 };
      const modify = { kind: 'modify', ...at, handle: handles[0]!, priceTicks: 80, sizeLots: 1 } as const;
      const allowed = [
        ['day', code(floor.send({ side: 'buy', priceTicks: 50, sizeLots: 1 }))],
        ['gtc', code(floor.send({ side: 'buy', priceTicks: 50, sizeLots: 1, timeInForce: 'GTC' }))],
        ['fak', code(floor.send({ side: 'buy', priceTicks: 50, sizeLots: 1, timeInForce: 'IOC' }))],
        ['stop', code(floor.send({ side: 'buy', type: 'stop', triggerTicks: 300, sizeLots: 1 }))],
        ['modify', code(floor.venue.apply(modify))],
        ['cancel', code(floor.venue.apply({ kind: 'cancel', ...at, handle: handles[1]! }))],
      ] as const;
      return allowed.flatMap(([what, refusal]) => (refusal === null ? [what] : [])).join(' ');
    };
    expect(may('pre-open')).toBe('day gtc stop modify cancel');
    expect(may('pre-open-no-cancel')).toBe('day gtc stop');
    expect(may('open')).toBe('day gtc fak stop modify cancel');
    expect(may('pause')).toBe('cancel');
    expect(may('close-not-final')).toBe('');
    expect(may('close-final')).toBe('');
    expect(may('post-close')).toBe('gtc modify cancel');
  });

  it('eliminate day orders at the final close and keep those that last', () => {
    const floor = new Floor(group({}));
    floor.send({ tag: 1, side: 'buy', priceTicks: 50, sizeLots: 1 });
    floor.send({ tag: 2, side: 'buy', priceTicks: 50, sizeLots: 1, timeInForce: 'GTC' });
    const goodTillMicros = START + SECOND;
    floor.send({ tag: 3, side: 'buy', priceTicks: 50, sizeLots: 1, timeInForce: 'GTD', goodTillMicros });
    floor.send({ tag: 4, side: 'buy', type: 'stop', triggerTicks: 90, sizeLots: 1 });
    floor.wait(2 * SECOND);
    const outputs = floor.state('close-final');
    const ended = outputs.flatMap((o) =>
      o.kind === 'cancelled' || o.kind === 'disarmed' ? [[o.tag, o.reason]] : [],
    );
    expect(ended).toEqual([
      [1, 'day-ended'],
      [3, 'expired'],
      [4, 'day-ended'],
    ]);
    expect(
      floor.venue
        .book(0)
        .orders()
        .map((o) => o.tag),
    ).toEqual([2]);
  });

  it('open at the price that matches most, tell it beforehand, and elect the stops that it reaches', () => {
    const floor = new Floor(group({ protectionTicks: 3 }), 'pre-open');
    floor.settle(100);
    floor.send({ account: 1, side: 'buy', priceTicks: 102, sizeLots: 10 });
    expect(floor.send({ account: 2, side: 'sell', priceTicks: 101, sizeLots: 4 }).at(-1)).toMatchObject({
      kind: 'indicative',
      priceTicks: 102,
      matchedLots: 4,
    });
    // A sell stop does not wait above the settlement, a buy stop does: 102 elects it, and its 5 lots join at 104.
    floor.send({ account: 3, side: 'buy', type: 'stop', triggerTicks: 101, sizeLots: 5 });
    floor.send({ account: 4, side: 'sell', priceTicks: 103, sizeLots: 2 });
    const outputs = floor.state('open');
    expect(outputs.some((o) => o.kind === 'triggered')).toBe(true);
    expect(new Set(fills(outputs).map(([price]) => price)).size).toBe(1);
    expect(fills(outputs).reduce((sum, [, lots]) => sum + lots, 0)).toBeGreaterThanOrEqual(4);
    const book = floor.venue.book(0);
    expect((book.bestBidTicks ?? 0) < (book.bestAskTicks ?? Number.POSITIVE_INFINITY)).toBe(true);
  });
});

describe('Velocity Logic', () => {
  const config = group(
    { velocity: { ticks: 10, windowMicros: SECOND } },
    { symbol: 'ESZ', isLead: false, velocity: { ticks: 10, windowMicros: SECOND } },
  );

  it('sends the whole group to the pre-open when the lead month would move too far too fast', () => {
    const floor = new Floor(config);
    floor.trade(100);
    floor.quote('sell', [105, 110, 111, 112]);
    const outputs = floor.send({ account: 3, side: 'buy', priceTicks: 112, sizeLots: 4, timeInForce: 'GTC' });
    expect(fills(outputs)).toEqual([
      [105, 1],
      [110, 1],
    ]);
    expect(outputs.some((o) => o.kind === 'rested' && o.priceTicks === 112 && o.sizeLots === 2)).toBe(true);
    expect(states(outputs)).toEqual(['0 pre-open', '1 pre-open']);
  });

  it('eliminates fill-and-kill, minimum-quantity and market orders that would do so, and stays open', () => {
    const parts = [
      { priceTicks: 112, timeInForce: 'IOC' },
      { priceTicks: 112, timeInForce: 'FOK' },
      { priceTicks: 112, minimumLots: 1 },
      { type: 'market' },
    ] as const;
    for (const part of parts) {
      const floor = new Floor(config);
      floor.trade(100);
      floor.quote('sell', [105, 110, 111, 112]);
      const outputs = floor.send({ ...part, side: 'buy', sizeLots: 4 });
      expect(kinds(outputs)).toEqual(['accepted', 'cancelled']);
      expect(outputs[1]).toMatchObject({ reason: 'velocity-logic', sizeLots: 4 });
      expect(floor.venue.stateOf(0)).toBe('open');
    }
  });

  it('reserves only the instrument itself where it is not the lead month', () => {
    const floor = new Floor(config);
    floor.send({ account: 8, side: 'sell', priceTicks: 100, sizeLots: 1 }, 1);
    floor.send({ account: 9, side: 'buy', priceTicks: 100, sizeLots: 1 }, 1);
    floor.send({ side: 'sell', priceTicks: 120, sizeLots: 1 }, 1);
    expect(states(floor.send({ side: 'buy', priceTicks: 120, sizeLots: 1 }, 1))).toEqual(['1 reserved']);
    expect(floor.venue.stateOf(0)).toBe('open');
    expect(states(floor.wait(10 * SECOND))).toEqual(['1 open']);
  });

  it('forgets moves that are older than its window', () => {
    const floor = new Floor(config);
    floor.trade(100);
    floor.wait(SECOND / 2);
    floor.trade(110);
    floor.wait(2 * SECOND);
    expect(states(floor.trade(120))).toEqual([]);
    // From the price before the window to this one is too far.
    expect(states(floor.trade(131))).toEqual(['0 pre-open', '1 pre-open']);
  });
});

describe('Stop Logic', () => {
  const config = group({ stopRangeTicks: 5, protectionTicks: 50 });

  it('reserves the instrument where triggered stops would move it too far, for a limited time', () => {
    const floor = new Floor(config);
    floor.trade(100);
    floor.quote('sell', [101, 104, 120]);
    for (const triggerTicks of [101, 102, 103]) {
      floor.send({ account: 3, side: 'buy', type: 'stop', triggerTicks, sizeLots: 1, timeInForce: 'GTC' });
    }
    const outputs = floor.send({ account: 4, side: 'buy', priceTicks: 101, sizeLots: 1 });
    expect(fills(outputs)).toEqual([
      [101, 1],
      [104, 1],
    ]);
    expect(states(outputs)).toEqual(['0 reserved']);
    // Two stops collect against 120, which is too far from 101: two prolongations, then it opens all the same. Their limits
    // are 152 and 153, for one lot on offer: only at 153 does nothing remain.
    expect(states(floor.wait(10 * SECOND))).toEqual([]);
    expect(states(floor.wait(10 * SECOND))).toEqual([]);
    const opened = floor.wait(10 * SECOND);
    expect(states(opened)).toEqual(['0 open']);
    expect(fills(opened)).toEqual([[153, 1]]);
  });

  it('opens after one period where new orders brought the price back', () => {
    const floor = new Floor(config);
    floor.trade(100);
    floor.quote('sell', [101, 120]);
    floor.send({ account: 3, side: 'buy', type: 'stop', triggerTicks: 101, sizeLots: 1, timeInForce: 'GTC' });
    expect(states(floor.send({ account: 4, side: 'buy', priceTicks: 101, sizeLots: 1 }))).toEqual([
      '0 reserved',
    ]);
    floor.send({ account: 5, side: 'sell', priceTicks: 103, sizeLots: 1 });
    const opened = floor.wait(10 * SECOND);
    expect(states(opened)).toEqual(['0 open']);
    expect(fills(opened).map(([, lots]) => lots)).toEqual([1]);
  });
});
