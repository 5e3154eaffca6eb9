// What is told of orders that are over: how they ended, however many fills they had, and in which role they were filled.
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { futureOrder, perpOrder } from '../../testkit/paper-orders.ts';
import { EmbeddedMarket, SIMULATION_START } from '../embedded-market.ts';
import type { PaperCommand, PaperReceipt, VenueView } from './paper-orders.ts';

const BTC = 'binance-usdm:BTCUSDT';
const ES = 'cme-globex:ESZ6';

class Desk {
  readonly market = new EmbeddedMarket({ seed: 2, startMicros: SIMULATION_START });

  constructor() {
    this.run(2);
  }

  run(seconds: number): void {
    this.market.advance(micros(this.market.nowMicros + seconds * 1_000_000), Number.MAX_SAFE_INTEGER);
    this.market.takeFrames();
  }

  tell(command: PaperCommand): PaperReceipt | null {
    const answer = this.market.submit(command);
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value;
  }

  get btc(): VenueView {
    return this.market.venueView(BTC)!;
  }
}

describe('orders that are over', () => {
  it('are filled whole also where they have more fills than are kept', () => {
    const desk = new Desk();
    desk.tell({ kind: 'place', order: perpOrder({ type: 'market', sizeLots: 200_000 }) });
    const { fills, ended, positionLots } = desk.btc;
    const kept = fills.reduce((sum, { sizeLots }) => sum + sizeLots, 0);
    expect(fills).toHaveLength(200);
    expect(kept).toBeLessThan(positionLots);
    expect(ended).toEqual([{ id: 1, outcome: 'filled', filledLots: 200_000, why: '' }]);
  });

  it('say why they ended, in the order in which they did', () => {
    const desk = new Desk();
    const bid = desk.market.contracts[0]!.market.bidTicks;
    desk.tell({ kind: 'place', order: perpOrder({ priceTicks: bid - 500, sizeLots: 4 }) });
    desk.tell({
      kind: 'place',
      order: perpOrder({ priceTicks: bid - 900, timeInForce: 'IOC', sizeLots: 4 }),
    });
    desk.tell({ kind: 'place', order: perpOrder({ type: 'market', reduceOnly: true }) });
    expect(desk.btc.ended.map(({ id }) => id)).toEqual([2, 3]);
    desk.tell({ kind: 'cancel', instrument: BTC, id: 1 });
    expect(desk.btc.ended).toMatchObject([
      { id: 2, outcome: 'ended', why: expect.stringContaining('nothing more could be taken') },
      { id: 3, outcome: 'rejected', why: expect.stringContaining('reduce-only') },
      { id: 1, outcome: 'ended', filledLots: 0, why: 'withdrawn by you' },
    ]);
  });

  it('were filled in an auction by neither taking nor making', () => {
    const desk = new Desk();
    const ask = desk.market.contracts[2]!.market.askTicks;
    desk.tell({ kind: 'interrupt', instrument: ES, seconds: 5 });
    desk.tell({ kind: 'place', order: futureOrder({ priceTicks: ask + 8, sizeLots: 3 }) });
    desk.run(6);
    const { fills, ended } = desk.market.venueView(ES)!;
    expect(new Set(fills.map(({ role }) => role))).toEqual(new Set(['auction']));
    expect(ended).toMatchObject([{ id: 1, outcome: 'filled', filledLots: 3 }]);
    expect(desk.market.orderStory(ES, 1)).toMatchObject({
      value: { verdict: 'Filled in the auction, at the price at which the market opened.' },
    });
  });

  it('to close a position are told without a size that nobody gave', () => {
    const desk = new Desk();
    const triggerTicks = desk.market.contracts[0]!.market.bidTicks - 400;
    const order = perpOrder({
      type: 'stop-market',
      side: 'sell',
      closePosition: true,
      sizeLots: 0,
      triggerTicks,
    });
    desk.tell({ kind: 'place', order });
    desk.tell({ kind: 'cancel', instrument: BTC, id: 1 });
    const story = desk.market.orderStory(BTC, 1);
    if (!story.ok) throw new Error(story.failure.message);
    expect(story.value.events.at(0)?.text).toMatch(
      /^Sent: sell to close the position, stop-market, trigger /,
    );
    expect(story.value.events.at(-1)?.text).toBe('Ended: withdrawn by you.');
  });
});

describe('a size', () => {
  it('above what the exchange takes at once is refused with its source, sent, amended or estimated', () => {
    const desk = new Desk();
    const bid = desk.market.contracts[0]!.market.bidTicks;
    const large = perpOrder({ priceTicks: bid - 500, sizeLots: 1_000_001 });
    const refusal = { kind: 'rejected', code: 'order/too-large', source: expect.stringContaining('maxQty') };
    expect(desk.tell({ kind: 'place', order: large })).toMatchObject(refusal);
    expect(desk.market.estimate(large)).toEqual({ ok: true, value: null });
    expect(desk.tell({ kind: 'place', order: { ...large, sizeLots: 1_000_000 } })).toMatchObject({
      kind: 'accepted',
    });
    const more = {
      kind: 'amend',
      instrument: BTC,
      id: 2,
      priceTicks: bid - 500,
      sizeLots: 1_000_001,
    } as const;
    expect(desk.tell(more)).toMatchObject(refusal);
    expect(desk.btc.orders).toMatchObject([{ id: 2, sizeLots: 1_000_000 }]);
  });
});
