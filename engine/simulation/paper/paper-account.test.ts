// Orders of a reader in the simulated market: every type on both venues, exact places in the queue, stories, and runs that repeat.
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { futureOrder, perpOrder } from '../../testkit/paper-orders.ts';
import { EmbeddedMarket, SIMULATION_START } from '../embedded-market.ts';
import type { ListedMarket } from '../listed-market.ts';
import type { OrderStory, PaperCommand, PaperOrder, PaperReceipt, VenueView } from './paper-orders.ts';

const SECOND = 1_000_000;
const BTC = 'binance-usdm:BTCUSDT';
const ES = 'cme-globex:ESZ6';

/** A market with a reader. */
class Desk {
  readonly market: EmbeddedMarket;

  constructor(seed: number, seconds = 2) {
    this.market = new EmbeddedMarket({ seed, startMicros: SIMULATION_START });
    this.run(seconds);
  }

  run(seconds: number): void {
    const until = micros(this.market.nowMicros + seconds * SECOND);
    this.market.advance(until, Number.MAX_SAFE_INTEGER);
    this.market.takeFrames();
  }

  listed(order: { readonly instrument: string }): ListedMarket {
    return this.market.contracts.find(({ market }) => market.spec.id === order.instrument)!.market;
  }

  send(order: PaperOrder): PaperReceipt {
    return this.tell({ kind: 'place', order })!;
  }

  tell(command: PaperCommand): PaperReceipt | null {
    const answer = this.market.submit(command);
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value;
  }

  view(instrument: PaperOrder['instrument']): VenueView {
    return this.market.venueView(instrument)!;
  }

  story(instrument: PaperOrder['instrument'], id: number): OrderStory {
    const story = this.market.orderStory(instrument, id);
    if (!story.ok) throw new Error(story.failure.message);
    return story.value;
  }
}

const kinds = (story: OrderStory): string[] => story.events.map(({ kind }) => kind);

describe('orders for the perpetual', () => {
  it('takes at the market: fill, fee of the tier, position, result after closing', () => {
    const desk = new Desk(1);
    const ask = desk.listed({ instrument: BTC }).askTicks;
    expect(desk.send(perpOrder({ type: 'market', sizeLots: 2 }))).toEqual({ kind: 'accepted', id: 1 });
    const open = desk.view(BTC);
    expect(open).toMatchObject({ venue: 'crypto-perp', state: 'open', auction: null, positionLots: 2 });
    expect(open.fills).toMatchObject([{ id: 1, side: 'buy', priceTicks: ask, sizeLots: 2, role: 'taker' }]);
    // 0.05 % of price × 0.002, the taker rate of the lowest tier in 2026.
    const fee = ask * 0.1 * 0.002 * 0.0005;
    expect(open.fills[0]!.fee).toBeCloseTo(fee, 7);
    expect(open.averagePrice).toBeCloseTo(ask * 0.1, 9);
    expect(open.realised).toBeCloseTo(-fee, 7);
    const bid = desk.listed({ instrument: BTC }).bidTicks;
    desk.send(perpOrder({ type: 'market', side: 'sell', sizeLots: 2 }));
    const closed = desk.view(BTC);
    expect(closed).toMatchObject({ positionLots: 0, averagePrice: null });
    const result = (bid - ask) * 0.1 * 0.002;
    expect(closed.realised).toBeCloseTo(result - fee - bid * 0.1 * 0.002 * 0.0005, 7);
    expect(desk.story(BTC, 1).verdict).toBe('Filled at once, by taking what was there.');
  });

  it('shows the exact place in the queue, at every step, beside a walk of the queue', () => {
    const desk = new Desk(4);
    const listed = desk.listed({ instrument: BTC });
    const bid = listed.bidTicks;
    for (const [priceTicks, sizeLots] of [
      [bid, 5],
      [bid, 3],
      [bid - 3, 4],
    ] as const) {
      desk.send(perpOrder({ priceTicks, sizeLots, timeInForce: 'GTX' }));
    }
    let compared = 0;
    for (let step = 0; step < 400; step++) {
      desk.run(0.02);
      for (const own of desk.view(BTC).orders) {
        const queue = listed.book.queueAt(own.side, own.priceTicks!);
        const place = queue.findIndex(({ account, tag }) => account === 0 && tag === own.id);
        const lots = (part: typeof queue): number =>
          part.reduce((sum, { remainingLots, hiddenLots }) => sum + remainingLots + hiddenLots, 0);
        expect(place).toBeGreaterThanOrEqual(0);
        expect([own.aheadLots, own.behindLots]).toEqual([
          lots(queue.slice(0, place)),
          lots(queue.slice(place + 1)),
        ]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('tells how the queue before an order went, and that it adds up', () => {
    const desk = new Desk(4);
    const bid = desk.listed({ instrument: BTC }).bidTicks;
    desk.send(perpOrder({ priceTicks: bid, sizeLots: 5 }));
    for (let i = 0; i < 600 && desk.view(BTC).orders.length > 0; i++) desk.run(0.5);
    const story = desk.story(BTC, 1);
    const rested = story.events.find(({ kind }) => kind === 'rested')!;
    let ahead = rested.aheadLots!;
    expect(ahead).toBeGreaterThan(0);
    for (const { kind, lots, aheadLots } of story.events) {
      if (kind !== 'ahead-traded' && kind !== 'ahead-cancelled') continue;
      ahead -= lots;
      expect(aheadLots).toBe(ahead);
    }
    expect(ahead).toBe(0);
    expect(kinds(story).at(-1)).toBe('filled');
    expect(story.verdict).toMatch(/^Filled while resting: [\d.]+ before it traded and [\d.]+ were cancelled/);
    const [fill] = desk.view(BTC).fills;
    expect(fill).toMatchObject({ role: 'maker', priceTicks: bid });
    expect(fill!.fee).toBeCloseTo(bid * 0.1 * fill!.sizeLots * 0.001 * 0.0002, 7);
  });

  it('refuses with rule and source, and the order is not open', () => {
    const desk = new Desk(2);
    const { bidTicks, askTicks } = desk.listed({ instrument: BTC });
    const cases: readonly (readonly [PaperOrder, string])[] = [
      [perpOrder({ priceTicks: askTicks, timeInForce: 'GTX' }), 'order/post-only-would-take'],
      [perpOrder({ priceTicks: bidTicks, sizeLots: 0 }), 'order/size-not-positive'],
      [perpOrder({ priceTicks: bidTicks, reduceOnly: true }), 'order/reduce-only'],
      [perpOrder({ priceTicks: bidTicks, timeInForce: 'DAY' }), 'order/combination-not-allowed'],
      [perpOrder({ priceTicks: bidTicks, triggerTicks: bidTicks }), 'order/combination-not-allowed'],
      [perpOrder({ type: 'market', closePosition: true }), 'order/combination-not-allowed'],
      [perpOrder({ type: 'stop-market', triggerTicks: bidTicks - 50 }), 'order/would-trigger-at-once'],
      [
        perpOrder({
          priceTicks: bidTicks,
          timeInForce: 'GTD',
          goodTillMicros: desk.market.nowMicros + SECOND,
        }),
        'order/good-till-too-early',
      ],
      [futureOrder({ instrument: BTC, priceTicks: bidTicks }), 'order/combination-not-allowed'],
    ];
    for (const [order, code] of cases) {
      const receipt = desk.send(order);
      expect(receipt).toMatchObject({ kind: 'rejected', code });
      expect(receipt.kind === 'rejected' && receipt.rule.length * receipt.source.length).toBeGreaterThan(100);
      const story = desk.story(order.instrument, receipt.id);
      expect(kinds(story)).toEqual(['sent', 'rejected']);
      expect(story.verdict).toContain(receipt.kind === 'rejected' ? receipt.rule : '');
    }
    expect(desk.view(BTC).orders).toEqual([]);
    expect(desk.tell({ kind: 'cancel', instrument: BTC, id: 99 })).toMatchObject({ code: 'order/unknown' });
    const odd = desk.market.submit({ kind: 'place', order: perpOrder({ priceTicks: 1.5 }) });
    expect(odd).toMatchObject({ ok: false, failure: { code: 'worker/request-malformed' } });
  });

  it('arms, triggers and withdraws conditional orders of every type', () => {
    const desk = new Desk(3);
    const { bidTicks, askTicks } = desk.listed({ instrument: BTC });
    desk.send(perpOrder({ type: 'market', sizeLots: 10 }));
    const sell = { side: 'sell', sizeLots: 1 } as const;
    const waiting: readonly PaperOrder[] = [
      perpOrder({ ...sell, type: 'stop', triggerTicks: bidTicks - 20_000, priceTicks: bidTicks - 20_010 }),
      perpOrder({ ...sell, type: 'stop-market', triggerTicks: bidTicks - 20_000, workingPrice: 'mark' }),
      perpOrder({
        ...sell,
        type: 'take-profit',
        triggerTicks: askTicks + 20_000,
        priceTicks: askTicks + 20_000,
      }),
      perpOrder({ ...sell, type: 'take-profit-market', triggerTicks: askTicks + 20_000, priceProtect: true }),
      perpOrder({ ...sell, type: 'trailing-stop-market', callbackPermille: 50 }),
      perpOrder({
        ...sell,
        type: 'stop-market',
        triggerTicks: bidTicks - 30_000,
        closePosition: true,
        sizeLots: 0,
      }),
    ];
    for (const order of waiting) expect(desk.send(order).kind).toBe('accepted');
    expect(desk.view(BTC).orders.map(({ state }) => state)).toEqual(waiting.map(() => 'waiting'));
    expect(desk.story(BTC, 6).verdict).toBe(
      'Waits until the price falls by 5 % from its highest since then.',
    );
    // Nothing may be changed about a waiting order but its end.
    const change = { kind: 'amend', instrument: BTC, id: 2, priceTicks: bidTicks, sizeLots: 1 } as const;
    expect(desk.tell(change)).toMatchObject({ kind: 'rejected', code: 'paper/not-amendable' });
    // A stop just above the market, to be met soon.
    const near = desk.send(perpOrder({ type: 'stop-market', triggerTicks: askTicks + 1, sizeLots: 2 }));
    for (let i = 0; i < 200 && desk.view(BTC).fills.length < 2; i++) desk.run(1);
    expect(kinds(desk.story(BTC, near.id)).slice(0, 3)).toEqual(['sent', 'armed', 'triggered']);
    expect(desk.story(BTC, near.id).verdict).toMatch(/^Filled at once/);
    desk.tell({ kind: 'cancel-all', instrument: BTC });
    expect(desk.view(BTC).orders).toEqual([]);
    expect(desk.story(BTC, 2).verdict).toBe('Not filled: withdrawn by you.');
  });

  it('knows price match, IOC, FOK, GTD, reduce-only and changes in place and out of it', () => {
    const desk = new Desk(5);
    const { bidTicks, askTicks } = desk.listed({ instrument: BTC });
    const rest = (says: Partial<Parameters<typeof perpOrder>[0]>): number => desk.send(perpOrder(says)).id;
    const matched = rest({ priceMatch: 'queue-5' });
    const own = desk.view(BTC).orders.find(({ id }) => id === matched)!;
    expect(own.priceTicks).toBeLessThan(bidTicks);
    const killed = rest({ priceTicks: bidTicks - 100, timeInForce: 'IOC' });
    expect(desk.story(BTC, killed).verdict).toContain('nothing more could be taken');
    const whole = rest({ priceTicks: askTicks, sizeLots: 900_000, timeInForce: 'FOK' });
    expect(desk.story(BTC, whole).verdict).toContain('fill or kill');
    const dated = rest({
      priceTicks: bidTicks - 20_000,
      timeInForce: 'GTD',
      goodTillMicros: desk.market.nowMicros + 601 * SECOND,
    });
    const sized = rest({ priceTicks: bidTicks - 200, sizeLots: 10 });
    const amend = (priceTicks: number, sizeLots: number): unknown =>
      desk.tell({ kind: 'amend', instrument: BTC, id: sized, priceTicks, sizeLots });
    expect(amend(bidTicks - 200, 6)).toMatchObject({ kind: 'accepted' });
    expect(amend(bidTicks - 210, 8)).toMatchObject({ kind: 'accepted' });
    expect(amend(askTicks + 5, 0)).toMatchObject({ kind: 'rejected', code: 'order/size-not-positive' });
    const now = desk.view(BTC).orders.find(({ id }) => id === sized)!;
    expect([now.priceTicks, now.sizeLots, now.state]).toEqual([bidTicks - 210, 8, 'resting']);
    expect(
      desk
        .story(BTC, sized)
        .events.filter(({ kind }) => kind === 'amended')
        .map(({ text }) => text),
    ).toEqual([expect.stringContaining('keeps its place'), expect.stringContaining('lost its place')]);
    desk.send(perpOrder({ type: 'market', sizeLots: 3 }));
    const reducing = desk.send(perpOrder({ type: 'market', side: 'sell', sizeLots: 50, reduceOnly: true }));
    expect(reducing.kind).toBe('accepted');
    expect(desk.view(BTC).positionLots).toBe(0);
    expect(desk.view(BTC).orders.find(({ id }) => id === dated)).toMatchObject({ timeInForce: 'GTD' });
    // The positions of everyone add up to nothing, the reader's included.
    expect(
      desk
        .listed({ instrument: BTC })
        .positionsLots()
        .reduce((a, b) => a + b, 0),
    ).toBe(0);
  });
});

describe('orders for the futures', () => {
  it('knows every type: market and stop with protection, market-limit, minimum, display, DAY, FAK', () => {
    const desk = new Desk(6);
    const { bidTicks, askTicks } = desk.listed({ instrument: ES });
    expect(desk.send(futureOrder({ type: 'market', sizeLots: 3, timeInForce: 'DAY' })).kind).toBe('accepted');
    const [fill] = desk.view(ES).fills;
    // Exchange and regulatory fee of 1.33 + 0.02 a contract.
    expect(fill!.fee).toBeCloseTo(1.35 * fill!.sizeLots, 9);
    const limit = desk.send(futureOrder({ type: 'market-limit', sizeLots: 2 }));
    expect(desk.story(ES, limit.id).events.some(({ kind }) => kind === 'filled')).toBe(true);
    const hidden = desk.send(
      futureOrder({ priceTicks: bidTicks - 8, sizeLots: 40, displayLots: 5, timeInForce: 'DAY' }),
    );
    const own = desk.view(ES).orders.find(({ id }) => id === hidden.id)!;
    expect(own).toMatchObject({ state: 'resting', sizeLots: 40, filledLots: 0 });
    const least = desk.send(futureOrder({ priceTicks: bidTicks - 4, sizeLots: 4, minimumLots: 4 }));
    expect(desk.story(ES, least.id).verdict).toContain('minimum quantity');
    for (const type of ['stop', 'stop-limit'] as const) {
      const priceTicks = type === 'stop' ? null : askTicks + 12;
      const stop = desk.send(
        futureOrder({ type, triggerTicks: askTicks + 10, priceTicks, timeInForce: 'DAY' }),
      );
      expect(desk.view(ES).orders.find(({ id }) => id === stop.id)?.state).toBe('waiting');
      expect(desk.tell({ kind: 'cancel', instrument: ES, id: stop.id })?.kind).toBe('accepted');
    }
    expect(desk.send(futureOrder({ priceTicks: bidTicks, timeInForce: 'GTX' }))).toMatchObject({
      code: 'order/combination-not-allowed',
    });
    expect(desk.send(futureOrder({ priceTicks: askTicks + 200 }))).toMatchObject({
      code: 'order/price-outside-band',
    });
    expect(desk.view(ES)).toMatchObject({
      lowLimitTicks: expect.any(Number),
      highLimitTicks: expect.any(Number),
      breakers: {
        product: 'ES',
        state: { kind: 'open' },
        contracts: [{ symbol: 'ESZ6', limits: { lowTicks: expect.any(Number) } }],
      },
    });
  });

  it('collects orders while interrupted, shows the auction, and opens at its price', () => {
    const desk = new Desk(7);
    desk.tell({ kind: 'interrupt', instrument: ES, seconds: 20 });
    const { bidTicks, askTicks } = desk.listed({ instrument: ES });
    expect(desk.view(ES)).toMatchObject({ state: 'pre-open', reason: 'interrupted by hand' });
    expect(desk.view('cme-globex:NQZ6').state).toBe('pre-open');
    expect(desk.view(BTC).state).toBe('open');
    expect(desk.send(futureOrder({ type: 'market' }))).toMatchObject({ code: 'order/state-forbids' });
    desk.send(futureOrder({ priceTicks: askTicks + 4, sizeLots: 7 }));
    desk.run(12);
    const { auction, untilMicros } = desk.view(ES);
    expect(untilMicros).toBe(SIMULATION_START + 22 * SECOND);
    expect(auction!.matchedLots).toBeGreaterThan(7);
    const row = auction!.rows.find(({ priceTicks }) => priceTicks === auction!.indicativeTicks)!;
    expect(Math.min(row.buyLots, row.sellLots)).toBe(auction!.matchedLots);
    expect(auction!.surplusLots).toBe(row.buyLots - row.sellLots);
    expect(auction!.rows.length).toBeLessThanOrEqual(41);
    for (const { buyLots, sellLots } of auction!.rows) {
      expect(Math.min(buyLots, sellLots)).toBeLessThanOrEqual(auction!.matchedLots);
    }
    expect(Math.abs(auction!.indicativeTicks! - bidTicks)).toBeLessThan(30);
    desk.run(10);
    const after = desk.view(ES);
    expect(after).toMatchObject({ state: 'open', auction: null });
    expect(after.timeline.map(({ state }) => state)).toEqual(['open', 'pre-open', 'open']);
    expect(after.fills.reduce((sum, { sizeLots }) => sum + sizeLots, 0)).toBe(7);
    expect(after.positionLots).toBe(7);
    expect(new Set(after.fills.map(({ priceTicks }) => priceTicks)).size).toBe(1);
    expect(desk.story(ES, 2).events.at(-1)?.text).toContain('in the auction');
    expect(desk.market.submit({ kind: 'interrupt', instrument: BTC, seconds: 5 })).toMatchObject({
      failure: { code: 'paper/not-a-group' },
    });
  });

  it('stops a market that a large order moves too fast, and opens it again', () => {
    const desk = new Desk(8);
    const { askTicks } = desk.listed({ instrument: ES });
    const reach = desk.view(ES).highLimitTicks!;
    const order = desk.send(futureOrder({ priceTicks: reach, sizeLots: 20_000 }));
    expect(desk.view(ES)).toMatchObject({
      state: 'pre-open',
      reason: expect.stringContaining('Velocity Logic'),
    });
    const paid = desk.view(ES).fills.map(({ priceTicks }) => priceTicks);
    expect(Math.max(...paid)).toBeLessThanOrEqual(askTicks + 24);
    // What is left of it is sold to at once when the market opens, which may stop it once more.
    for (let i = 0; i < 6 && (i === 0 || desk.view(ES).state !== 'open'); i++) desk.run(10.5);
    expect(desk.view(ES).state).toBe('open');
    expect(desk.story(ES, order.id).events.some(({ text }) => text.includes('in the auction'))).toBe(true);
    desk.tell({ kind: 'cancel-all', instrument: ES });
    desk.run(30);
    const { bidTicks: bid, askTicks: ask } = desk.listed({ instrument: ES });
    expect(ask - bid).toBeLessThanOrEqual(3);
  });
});

describe('a run with a reader', () => {
  it('is the same again from its seed and journal, in whatever slices', () => {
    const live = new Desk(9, 0);
    const { market } = live;
    for (let i = 0; i < 12; i++) {
      live.run(0.7);
      const { bidTicks, askTicks } = live.listed({ instrument: i % 2 === 0 ? BTC : ES });
      if (i % 2 === 0)
        live.send(perpOrder({ priceTicks: i % 4 === 0 ? bidTicks : askTicks, sizeLots: 1 + i }));
      else live.send(futureOrder({ priceTicks: bidTicks - (i % 3), sizeLots: i, side: 'buy' }));
      if (i === 5) live.tell({ kind: 'interrupt', instrument: ES, seconds: 2 });
      if (i === 8) live.tell({ kind: 'cancel-all', instrument: BTC });
    }
    live.run(3);
    const again = new EmbeddedMarket({ seed: 9, startMicros: SIMULATION_START });
    for (const { atMicros, command } of market.journal) {
      while (!again.advance(atMicros, 37));
      again.submit(command);
    }
    while (!again.advance(market.nowMicros, 1000));
    expect(again.stateHash()).toBe(market.stateHash());
    expect(again.venueView(ES)).toEqual(market.venueView(ES));
    // Without the reader it is another run; a reader who only looks leaves it as it was.
    const bare = new Desk(9, 0);
    bare.run((market.nowMicros - SIMULATION_START) / SECOND);
    expect(bare.market.stateHash()).not.toBe(market.stateHash());
    const looked = new Desk(9, 0);
    while (looked.market.nowMicros < market.nowMicros) {
      looked.run(0.1);
      looked.view(ES);
      looked.view(BTC);
    }
    expect(looked.market.stateHash()).toBe(bare.market.stateHash());
  });
});
