// Paper trading through the market worker's service: every order type of both venues once, refusals, and what the frames show.
import { afterEach, describe, expect, it } from 'vitest';
import { Rng } from '../../engine/core/rng.ts';
import { futureOrder, perpOrder } from '../../engine/testkit/paper-orders.ts';
import { SmallVenue } from '../../engine/testkit/small-venue.ts';
import type { MarketFrame } from '../contract/market-frame.ts';
import type { PaperOrder, PaperReceipt, VenueView } from '../contract/paper.ts';
import { MarketService } from './service.ts';

const BTC = 'binance-usdm:BTCUSDT';
const ES = 'cme-globex:ESZ6';

let desk: Desk | null = null;
afterEach(() => desk?.close());

/** A service and a page that looks when it is told to. */
class Desk {
  readonly service = new MarketService();
  readonly #channel = new MessageChannel();
  #frame: MarketFrame | null = null;

  constructor() {
    this.#channel.port1.onmessage = (event: MessageEvent<MarketFrame>) => {
      this.#frame = event.data;
    };
  }

  async open(): Promise<this> {
    await this.service.connectPage(this.#channel.port2);
    await this.service.openSimulated({ seed: 3 });
    await this.service.transport({ kind: 'pause' });
    return this;
  }

  close(): void {
    this.service.dispose();
    this.#channel.port1.close();
    this.#channel.port2.close();
  }

  async frame(instrument: MarketFrame['instrument']): Promise<MarketFrame> {
    await this.service.setView({ instrument, groupTicks: 1, rowsPerSide: 5 });
    const endMs = Date.now() + 10_000;
    this.#frame = null;
    while (Date.now() < endMs) {
      this.#channel.port1.postMessage({ credit: 1 });
      await new Promise((resolve) => setTimeout(resolve, 10));
      const frame = this.#frame as MarketFrame | null;
      if (frame?.instrument === instrument) return frame;
    }
    throw new Error('no frame in ten seconds');
  }

  async view(instrument: MarketFrame['instrument']): Promise<VenueView> {
    const { venue } = await this.frame(instrument);
    if (venue === null) throw new Error('the frame shows no venue');
    return venue;
  }

  /** Best bid and ask in ticks. */
  async touch(instrument: MarketFrame['instrument']): Promise<readonly [number, number]> {
    const { ladder } = await this.frame(instrument);
    return [ladder.bids[0]!, ladder.asks[0]!];
  }

  async send(order: PaperOrder): Promise<PaperReceipt> {
    const answer = await this.service.placePaperOrder(order);
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value;
  }
}

describe('paper trading', () => {
  it('shows at once what an order did to the book, also while the run is paused', async () => {
    desk = await new Desk().open();
    const [bid, ask] = await desk.touch(BTC);
    await desk.send(perpOrder({ type: 'market', sizeLots: 40_000 }));
    const [sameBid, higherAsk] = await desk.touch(BTC);
    expect(sameBid).toBe(bid);
    expect(higherAsk).toBeGreaterThan(ask);
    await desk.send(perpOrder({ priceTicks: ask, sizeLots: 7, timeInForce: 'GTX' }));
    expect((await desk.touch(BTC))[0]).toBe(ask);
  });

  it('takes every type of the perpetual venue, and shows it in the next frame', async () => {
    desk = await new Desk().open();
    const [bid, ask] = await desk.touch(BTC);
    const above = { triggerTicks: ask + 9_000, sizeLots: 1 };
    const orders: readonly PaperOrder[] = [
      perpOrder({ type: 'market', sizeLots: 20 }),
      perpOrder({ priceTicks: bid - 50, timeInForce: 'GTX', sizeLots: 4 }),
      perpOrder({ type: 'stop', ...above, priceTicks: ask + 9_010 }),
      perpOrder({ type: 'stop-market', ...above, workingPrice: 'mark' }),
      perpOrder({ type: 'take-profit', side: 'sell', ...above, priceTicks: ask + 9_000, reduceOnly: true }),
      perpOrder({ type: 'take-profit-market', side: 'sell', ...above, priceProtect: true }),
      perpOrder({ type: 'trailing-stop-market', side: 'sell', callbackPermille: 50 }),
    ];
    for (const [i, order] of orders.entries()) {
      expect(await desk.send(order)).toEqual({ kind: 'accepted', id: i + 1 });
    }
    const view = await desk.view(BTC);
    expect(view.orders.map(({ id, state }) => `${id} ${state}`)).toEqual([
      '2 resting',
      '3 waiting',
      '4 waiting',
      '5 waiting',
      '6 waiting',
      '7 waiting',
    ]);
    expect(view.orders[0]).toMatchObject({ priceTicks: bid - 50, aheadLots: expect.any(Number) });
    expect(view.positionLots).toBe(20);
    expect(
      await desk.service.amendPaperOrder({ instrument: BTC, id: 2, priceTicks: bid - 60, sizeLots: 5 }),
    ).toEqual({
      ok: true,
      value: { kind: 'accepted', id: 2 },
    });
    expect(await desk.service.cancelPaperOrder({ instrument: BTC, id: 3 })).toMatchObject({ ok: true });
    expect(await desk.service.cancelAllPaperOrders({ instrument: BTC })).toEqual({ ok: true, value: null });
    expect((await desk.view(BTC)).orders).toEqual([]);
    const story = await desk.service.inspectPaperOrder({ instrument: BTC, id: 2 });
    expect(story).toMatchObject({ ok: true, value: { verdict: 'Not filled: withdrawn by you.' } });
  });

  it('takes every type of the Globex venue, and interrupts it', async () => {
    desk = await new Desk().open();
    const [bid, ask] = await desk.touch(ES);
    const orders: readonly PaperOrder[] = [
      futureOrder({ type: 'market', sizeLots: 2, timeInForce: 'DAY' }),
      futureOrder({ type: 'market-limit', side: 'sell', sizeLots: 1 }),
      futureOrder({ priceTicks: bid - 6, sizeLots: 30, displayLots: 5 }),
      futureOrder({ type: 'stop', triggerTicks: ask + 20, timeInForce: 'DAY' }),
      futureOrder({ type: 'stop-limit', triggerTicks: ask + 20, priceTicks: ask + 22 }),
    ];
    for (const order of orders) expect((await desk.send(order)).kind).toBe('accepted');
    const open = await desk.view(ES);
    expect(open).toMatchObject({ venue: 'globex', state: 'open', positionLots: 1, auction: null });
    expect(open.orders.map(({ type }) => type)).toEqual(['limit', 'stop', 'stop-limit']);
    expect(await desk.service.interruptMarket({ instrument: ES, seconds: 30 })).toEqual({
      ok: true,
      value: null,
    });
    const stopped = await desk.view(ES);
    expect(stopped.state).toBe('pre-open');
    expect(stopped.auction).not.toBeNull();
    expect(stopped.untilMicros! - stopped.sinceMicros).toBe(30_000_000);
    const refused = await desk.send(futureOrder({ type: 'market' }));
    expect(refused).toMatchObject({ kind: 'rejected', code: 'order/state-forbids' });
    expect(await desk.service.interruptMarket({ instrument: ES, seconds: 30 })).toMatchObject({
      failure: { code: 'paper/not-open' },
    });
    expect(await desk.service.interruptMarket({ instrument: BTC, seconds: 30 })).toMatchObject({
      failure: { code: 'paper/not-a-group' },
    });
  });

  it('refuses what is no order, and everything where nothing is simulated', async () => {
    desk = await new Desk().open();
    const malformed = { ok: false, failure: { code: 'worker/request-malformed' } };
    expect(await desk.service.placePaperOrder(perpOrder({ sizeLots: 0.5, priceTicks: 1 }))).toMatchObject(
      malformed,
    );
    expect(await desk.service.interruptMarket({ instrument: ES, seconds: 0 })).toMatchObject(malformed);
    expect(await desk.service.inspectPaperOrder({ instrument: BTC, id: 77 })).toMatchObject({
      failure: { code: 'paper/order-unknown' },
    });
    const venue = new SmallVenue(new Rng(5));
    const at = 1_700_000_000_000;
    const lines = [`${at}000000 {"stream":"btcusdt@depth@100ms","data":${venue.nextDiff(at).json}}`];
    await desk.service.openReplay({ name: 'tape', file: new Blob(lines) });
    expect((await desk.frame(BTC)).venue).toBeNull();
    const nowhere = { ok: false, failure: { code: 'paper/not-simulated' } };
    const id = { instrument: BTC, id: 1 } as const;
    expect(await desk.service.placePaperOrder(perpOrder({ priceTicks: 1 }))).toMatchObject(nowhere);
    expect(await desk.service.cancelPaperOrder(id)).toMatchObject(nowhere);
    expect(await desk.service.inspectPaperOrder(id)).toMatchObject(nowhere);
    expect(await desk.service.interruptMarket({ instrument: ES, seconds: 5 })).toMatchObject(nowhere);
  });

  it('holds no orders in a run opened anew', async () => {
    desk = await new Desk().open();
    const [bid] = await desk.touch(BTC);
    await desk.send(perpOrder({ priceTicks: bid, sizeLots: 4 }));
    expect((await desk.view(BTC)).orders.length).toBe(1);
    await desk.service.openSimulated({ seed: 3 });
    const view = await desk.view(BTC);
    expect([view.orders, view.fills, view.positionLots]).toEqual([[], [], 0]);
  });
});
