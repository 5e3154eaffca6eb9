// The rules of Globex orders, states and interruptions one by one.
import { describe, expect, it } from 'vitest';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { FIFO, GLOBEX_ALGORITHMS } from '../matching/allocation.ts';
import type { GlobexConfig, GlobexOrder, GlobexOutput, InstrumentConfig } from './globex-orders.ts';
import { GlobexVenue } from './globex-venue.ts';
import type { GroupState } from './market-states.ts';

const SECOND = 1_000_000;
const START = 1_700_000_000 * SECOND;

const instrument = (part: Partial<InstrumentConfig>): InstrumentConfig => ({
  symbol: 'ES',
  isLead: true,
  allocation: FIFO,
  protectionTicks: 10,
  bandTicks: null,
  velocity: null,
  stopRangeTicks: null,
  settlesAt: null,
  ...part,
});

const group = (...instruments: readonly Partial<InstrumentConfig>[]): GlobexConfig => ({
  instruments: instruments.map(instrument),
  limits: { orders: 500, pagesPerSide: 64, events: 4096 },
  stopOrders: 100,
  stopsTogether: true,
  pauseMicros: 5 * SECOND,
  reserveMicros: 10 * SECOND,
  prolongations: 2,
});

const order = (part: Partial<GlobexOrder> & Pick<GlobexOrder, 'side' | 'sizeLots'>): GlobexOrder => ({
  account: 1,
  tag: 0,
  type: 'limit',
  priceTicks: null,
  triggerTicks: null,
  timeInForce: 'DAY',
  goodTillMicros: null,
  minimumLots: 0,
  displayLots: 0,
  selfMatchId: 0,
  selfMatch: 'cancel-resting',
  makerPercent: 0,
  ...part,
});

/** A venue with a clock that stands still unless told to move. */
class Floor {
  readonly venue: GlobexVenue;
  now = START;

  constructor(config: GlobexConfig, state: GroupState | null = 'open') {
    this.venue = new GlobexVenue(config);
    if (state !== null) this.state(state);
  }

  state(state: GroupState): readonly GlobexOutput[] {
    return this.venue.apply({ kind: 'state', atMicros: this.now, state });
  }

  send(part: Parameters<typeof order>[0], to = 0): readonly GlobexOutput[] {
    return this.venue.apply({ kind: 'order', atMicros: this.now, instrument: to, order: order(part) });
  }

  wait(micros: number): readonly GlobexOutput[] {
    this.now += micros;
    return this.venue.apply({ kind: 'clock', atMicros: this.now });
  }

  settle(priceTicks: number, of = 0): readonly GlobexOutput[] {
    return this.venue.apply({ kind: 'settlement', atMicros: this.now, instrument: of, priceTicks });
  }

  /** Rests one lot at each price. */
  quote(side: 'buy' | 'sell', prices: readonly number[], sizeLots = 1): void {
    for (const priceTicks of prices)
      this.send({ account: 9, side, sizeLots, priceTicks, timeInForce: 'GTC' });
  }

  /** A trade of one lot at a price. */
  trade(priceTicks: number): readonly GlobexOutput[] {
    this.send({ account: 8, side: 'sell', sizeLots: 1, priceTicks });
    return this.send({ account: 9, side: 'buy', sizeLots: 1, priceTicks });
  }
}

const fills = (outputs: readonly GlobexOutput[]): [number, number][] =>
  outputs.flatMap((o): [number, number][] =>
    o.kind === 'traded' || o.kind === 'uncrossed' ? [[o.priceTicks, o.sizeLots]] : [],
  );
const states = (outputs: readonly GlobexOutput[]): string[] =>
  outputs.flatMap((o) => (o.kind === 'state' ? [`${o.instrument} ${o.state}`] : []));
const code = (outputs: readonly GlobexOutput[]): string | null =>
  outputs[0]?.kind === 'rejected' ? outputs[0].code : null;
const kinds = (outputs: readonly GlobexOutput[]): string[] => outputs.map((o) => o.kind);

describe.skipIf(!HAS_SHARED_DATA)(`published order examples${SHARED_DATA_NOTE}`, () => {
  it('fills a market order with protection within its points and rests the rest at the limit', () => {
    interface Vector {
      readonly id: string;
      readonly pp: number;
      readonly bids: readonly [number, number][];
      readonly fills: readonly [number, number][];
      readonly rests_at: number;
    }
    const file = JSON.parse(readSharedText('vectors/cme.json')) as { matching: Vector[] };
    const vectors = file.matching.filter((v) => v.id.startsWith('mkt_with_protection'));
    expect(vectors.length).toBeGreaterThan(0);
    for (const v of vectors) {
      const floor = new Floor(group({ protectionTicks: v.pp }));
      for (const [price, lots] of v.bids) floor.quote('buy', [price], lots);
      const outputs = floor.send({ side: 'sell', type: 'market', sizeLots: 15 });
      expect(fills(outputs)).toEqual(v.fills);
      const filled = v.fills.reduce((sum, [, lots]) => sum + lots, 0);
      expect(outputs.at(-1)).toMatchObject({ kind: 'rested', priceTicks: v.rests_at, sizeLots: 15 - filled });
    }
  });
});

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

describe('defects that this venue must not have', () => {
  it('defect 5: an auction runs, and buyers and sellers trade the same lots', () => {
    const floor = new Floor(group({}), 'pre-open');
    for (let i = 0; i < 5; i++) {
      floor.send({ account: 1, side: 'buy', priceTicks: 105 - i, sizeLots: 3 });
      floor.send({ account: 2, side: 'sell', priceTicks: 99 + i, sizeLots: 2 });
    }
    const trades = floor.state('open').flatMap((o) => (o.kind === 'uncrossed' ? [o] : []));
    expect(trades.length).toBeGreaterThan(0);
    expect(trades.every((t) => t.buyer.account === 1 && t.seller.account === 2)).toBe(true);
    const traded = trades.reduce((sum, t) => sum + t.sizeLots, 0);
    const left = (side: 'buy' | 'sell'): number =>
      floor.venue
        .book(0)
        .orders()
        .reduce((lots, o) => lots + (o.side === side ? o.remainingLots : 0), 0);
    expect([left('buy'), left('sell')]).toEqual([15 - traded, 10 - traded]);
  });

  it('defect 5: trades at settlement execute and get their price', () => {
    const floor = new Floor(group({}, { symbol: 'TAS', isLead: false, settlesAt: 0 }));
    expect(code(floor.send({ side: 'buy', priceTicks: 11, sizeLots: 1 }, 1))).toBe(
      'order/price-outside-band',
    );
    floor.send({ account: 1, side: 'buy', priceTicks: 2, sizeLots: 3 }, 1);
    expect(fills(floor.send({ account: 2, side: 'sell', priceTicks: -1, sizeLots: 2 }, 1))).toEqual([[2, 2]]);
    expect(floor.settle(5000)).toEqual([
      { kind: 'settled', instrument: 1, priceTicks: 5002, sizeLots: 2, buyer: 1, seller: 2 },
    ]);
    expect(floor.settle(5001)).toEqual([]);
  });

  it('defect 5: a velocity pause ends after any move, and stops are filled afterwards', () => {
    const floor = new Floor(group({ velocity: { ticks: 10, windowMicros: SECOND } }));
    floor.trade(1000);
    floor.send({
      account: 3,
      side: 'sell',
      type: 'stop',
      triggerTicks: 900,
      sizeLots: 1,
      timeInForce: 'GTC',
    });
    floor.quote('buy', [500]);
    expect(states(floor.send({ account: 4, side: 'sell', priceTicks: 500, sizeLots: 1 }))).toEqual([
      '0 pre-open',
    ]);
    floor.quote('buy', [490, 485]);
    const opened = floor.wait(5 * SECOND);
    expect(states(opened)).toEqual(['0 open']);
    expect(floor.venue.stopCount(0)).toBe(0);
    // The opening elected the stop; it rests or trades within its protection, never at 0.
    const stop = opened.find((o) => o.kind === 'rested' && o.account === 3);
    expect(stop).toMatchObject({ priceTicks: 890 });
    expect(fills(opened).every(([price]) => price > 0)).toBe(true);
  });
});
