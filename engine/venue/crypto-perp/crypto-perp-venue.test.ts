// The order rules of the perpetual venue one by one.
import { describe, expect, it } from 'vitest';
import { code, Desk, kinds, NOW, trades } from '../../testkit/perp-desk.ts';
import type { VenueOutput } from '../matching/venue-output.ts';
import type { PerpConditional, PerpOrder } from './perp-orders.ts';

describe('orders of the perpetual venue', () => {
  it('says rule and source with every refusal', () => {
    const [refused] = new Desk().send({
      account: 1,
      side: 'buy',
      sizeLots: 1,
      reduceOnly: true,
      priceTicks: 5,
    });
    expect(refused).toMatchObject({ kind: 'rejected', code: 'order/reduce-only' });
    expect(
      refused?.kind === 'rejected' && [refused.rule, refused.source].every((text) => text.length > 20),
    ).toBe(true);
  });

  it('takes prices from the book where asked', () => {
    const desk = new Desk();
    for (let i = 0; i < 6; i++) {
      desk.send({ account: 1, side: 'sell', sizeLots: 1, priceTicks: 100 + 2 * i });
      desk.send({ account: 1, side: 'buy', sizeLots: 1, priceTicks: 90 - i });
    }
    const priceOf = (match: PerpOrder['priceMatch']): number | null => {
      const outputs = desk.send({
        account: 2,
        side: 'buy',
        sizeLots: 1,
        priceMatch: match,
        timeInForce: 'GTX',
      });
      return outputs[0]?.kind === 'rejected'
        ? outputs[0].priceTicks
        : (outputs[0] as { priceTicks: number }).priceTicks;
    };
    expect(priceOf('queue')).toBe(90);
    expect(priceOf('queue-5')).toBe(86);
    // A post-only order at the other side's price is refused at that price.
    expect(priceOf('opponent')).toBe(100);
    expect(priceOf('opponent-5')).toBe(108);
    expect(code(desk.send({ account: 2, side: 'buy', sizeLots: 1, priceMatch: 'opponent-20' }))).toBe(
      'order/no-market',
    );
  });

  it('ends good-till-date orders in their second and takes none that ends too early', () => {
    const desk = new Desk();
    const till = (goodTillMicros: number) =>
      desk.send({
        account: 1,
        side: 'buy',
        sizeLots: 1,
        priceTicks: 10,
        timeInForce: 'GTD',
        goodTillMicros,
      });
    expect(code(till(NOW + 599_000_000))).toBe('order/good-till-too-early');
    expect(kinds(till(NOW + 600_700_000))).toEqual(['rested']);
    const clock = (atMicros: number): readonly VenueOutput[] => desk.venue.apply({ kind: 'clock', atMicros });
    expect(clock(NOW + 599_999_999)).toEqual([]);
    expect(clock(NOW + 600_000_000)).toMatchObject([{ kind: 'cancelled', reason: 'expired' }]);
  });

  it('fills a market order from the book and cancels what finds nothing', () => {
    const desk = new Desk();
    desk.send({ account: 1, side: 'sell', sizeLots: 2, priceTicks: 100 });
    const outputs = desk.send({ account: 2, side: 'buy', sizeLots: 5 });
    expect(kinds(outputs)).toEqual(['accepted', 'traded', 'cancelled']);
    expect(outputs[2]).toMatchObject({ reason: 'nothing-to-take', sizeLots: 3, handle: null });
    expect(desk.venue.book.orderCount).toBe(0);
  });
});

describe('conditional orders of the perpetual venue', () => {
  it('fires stops and take-profits on the right side of their trigger', () => {
    const fires = (type: PerpConditional['type'], side: 'buy' | 'sell', at: number): boolean => {
      const desk = new Desk();
      desk.trade(100);
      const triggerTicks = type.startsWith('stop') === (side === 'buy') ? 105 : 95;
      expect(kinds(desk.wait({ account: 1, type, side, sizeLots: 1, triggerTicks }))).toEqual(['armed']);
      return kinds(desk.trade(at)).includes('triggered');
    };
    expect([104, 105, 106].map((p) => fires('stop-market', 'buy', p))).toEqual([false, true, true]);
    expect([96, 95, 94].map((p) => fires('stop-market', 'sell', p))).toEqual([false, true, true]);
    expect([96, 95, 94].map((p) => fires('take-profit-market', 'buy', p))).toEqual([false, true, true]);
    expect([104, 105, 106].map((p) => fires('take-profit-market', 'sell', p))).toEqual([false, true, true]);
  });

  it('refuses a trigger that is met already', () => {
    const desk = new Desk();
    desk.trade(100);
    const stop = { account: 1, type: 'stop-market', side: 'buy', sizeLots: 1 } as const;
    expect(code(desk.wait({ ...stop, triggerTicks: 100 }))).toBe('order/would-trigger-at-once');
    expect(code(desk.wait({ ...stop, triggerTicks: 101 }))).toBeNull();
  });

  it('listens to the mark price where asked, and not to trades', () => {
    const desk = new Desk();
    desk.trade(100);
    desk.mark(100);
    desk.wait({
      account: 1,
      type: 'stop-market',
      side: 'sell',
      sizeLots: 1,
      triggerTicks: 95,
      workingPrice: 'mark',
    });
    expect(kinds(desk.trade(90))).not.toContain('triggered');
    expect(kinds(desk.mark(95))).toEqual(['triggered', 'accepted', 'cancelled']);
  });

  it('rests a stop-limit at its limit once triggered', () => {
    const desk = new Desk();
    desk.trade(100);
    desk.wait({ account: 1, type: 'stop', side: 'buy', sizeLots: 4, triggerTicks: 105, priceTicks: 103 });
    const outputs = desk.trade(105);
    expect(kinds(outputs).slice(-2)).toEqual(['triggered', 'rested']);
    expect(desk.venue.book.queueAt('buy', 103).map((o) => o.remainingLots)).toEqual([4]);
  });

  it('fires a trailing sell when the price turns by its callback from the high since it came', () => {
    const desk = new Desk();
    desk.trade(10_000);
    // 1 % from the high, active from 10,100 on.
    desk.wait({
      account: 1,
      type: 'trailing-stop-market',
      side: 'sell',
      sizeLots: 1,
      triggerTicks: 10_100,
      callbackPermille: 10,
    });
    for (const quiet of [9_900, 10_099, 10_000, 10_200, 10_400, 10_297]) {
      expect(kinds(desk.trade(quiet)), `${quiet}`).not.toContain('triggered');
    }
    expect(kinds(desk.trade(10_296))).toContain('triggered');
  });

  it('ends instead of firing while mark and contract price are too far apart', () => {
    const desk = new Desk();
    desk.trade(1000);
    desk.mark(1000);
    desk.wait({
      account: 1,
      type: 'stop-market',
      side: 'sell',
      sizeLots: 1,
      triggerTicks: 900,
      priceProtect: true,
    });
    // 5 % of a mark of 1000 is 50.
    expect(desk.trade(900).at(-1)).toMatchObject({ kind: 'disarmed', reason: 'price-protect' });
  });

  it('closes the position that is there when it fires', () => {
    const desk = new Desk();
    desk.hold(1, 3, 100);
    desk.wait({
      account: 1,
      type: 'stop-market',
      side: 'sell',
      sizeLots: 0,
      triggerTicks: 95,
      closePosition: true,
    });
    desk.hold(1, 4, 100);
    desk.send({ account: 2, side: 'buy', sizeLots: 50, priceTicks: 90 });
    const outputs = desk.trade(94);
    expect(trades(outputs)).toContainEqual([90, 7]);
    expect(desk.venue.book.positionOf(1)).toBe(0);
    desk.venue.apply({ kind: 'cancel-account', atMicros: NOW, account: 2 });
    desk.wait({
      account: 1,
      type: 'stop-market',
      side: 'sell',
      sizeLots: 0,
      triggerTicks: 85,
      closePosition: true,
    });
    expect(desk.trade(85).at(-1)).toMatchObject({ kind: 'disarmed', reason: 'no-position' });
  });

  it('refuses what excludes one another', () => {
    const desk = new Desk();
    desk.trade(100);
    const close = {
      account: 1,
      type: 'stop-market',
      side: 'sell',
      triggerTicks: 95,
      closePosition: true,
    } as const;
    const refusals = [
      desk.wait({ ...close, sizeLots: 1 }),
      desk.wait({ ...close, sizeLots: 0, reduceOnly: true }),
      desk.wait({ ...close, sizeLots: 0, type: 'stop', priceTicks: 90 }),
      desk.wait({ account: 1, type: 'stop', side: 'sell', sizeLots: 1, triggerTicks: 95 }),
      desk.send({ account: 1, side: 'buy', sizeLots: 1, priceTicks: 90, priceMatch: 'queue' }),
      desk.send({ account: 1, side: 'buy', sizeLots: 1, timeInForce: 'FOK' }),
    ].map(code);
    expect(refusals).toEqual(refusals.map(() => 'order/combination-not-allowed'));
    const trailing = { account: 1, type: 'trailing-stop-market', side: 'sell', sizeLots: 1 } as const;
    expect([0, 101].map((callbackPermille) => code(desk.wait({ ...trailing, callbackPermille })))).toEqual([
      'order/callback-out-of-range',
      'order/callback-out-of-range',
    ]);
  });

  it('runs a cascade of stops to its end, each at the prices it finds', () => {
    const desk = new Desk();
    desk.trade(100);
    for (let i = 0; i < 5; i++) {
      desk.send({ account: 5, side: 'buy', sizeLots: 1, priceTicks: 99 - i });
      desk.wait({ account: 1, tag: i, type: 'stop-market', side: 'sell', sizeLots: 1, triggerTicks: 99 - i });
    }
    const outputs = desk.send({ account: 2, side: 'sell', sizeLots: 1, priceTicks: 99 });
    expect(trades(outputs)).toEqual([99, 98, 97, 96, 95].map((price) => [price, 1]));
    // The last stop finds an empty book and ends; nothing rests at a made-up price.
    expect(outputs.at(-1)).toMatchObject({ kind: 'cancelled', reason: 'nothing-to-take' });
    expect(desk.venue.book.orderCount).toBe(0);
  });
});
