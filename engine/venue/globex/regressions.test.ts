// Mistakes that matching engines make easily, each as a named test.
import { describe, expect, it } from 'vitest';
import { code, Floor, fills, group, SECOND, states } from '../../testkit/globex-floor.ts';
import type { OrderSide } from '../matching/order-terms.ts';

describe('known defects', () => {
  for (const longer of ['buy', 'sell'] as const) {
    it(`defect 5: an auction executes and fills both sides alike (${longer}ers are more)`, () => {
      const floor = new Floor(group({}), 'pre-open');
      const size = (side: OrderSide): number => (side === longer ? 3 : 2);
      for (let i = 0; i < 5; i++) {
        floor.send({ account: 1, side: 'buy', priceTicks: 105 - i, sizeLots: size('buy') });
        floor.send({ account: 2, side: 'sell', priceTicks: 99 + i, sizeLots: size('sell') });
      }
      const trades = floor.state('open').flatMap((o) => (o.kind === 'uncrossed' ? [o] : []));
      const traded = trades.reduce((sum, t) => sum + t.sizeLots, 0);
      expect(traded).toBeGreaterThanOrEqual(8);
      expect(trades.every((t) => t.buyer.account === 1 && t.seller.account === 2)).toBe(true);
      const open = floor.venue.book(0).orders();
      const left = (side: OrderSide): number =>
        open.reduce((lots, o) => lots + (o.side === side ? o.remainingLots : 0), 0);
      expect([left('buy'), left('sell')]).toEqual([5 * size('buy') - traded, 5 * size('sell') - traded]);
    });
  }

  for (const side of ['buy', 'sell'] as const) {
    it(`defect 5: trades at settlement execute and get their price (a ${side}er takes)`, () => {
      const floor = new Floor(group({}, { symbol: 'TAS', isLead: false, settlesAt: 0 }));
      const [maker, towards] = side === 'buy' ? (['sell', 1] as const) : (['buy', -1] as const);
      const far = floor.send({ side, priceTicks: 11 * towards, sizeLots: 1 }, 1);
      expect(code(far)).toBe('order/price-outside-band');
      floor.send({ account: 2, side: maker, priceTicks: towards, sizeLots: 3 }, 1);
      const taken = floor.send({ account: 1, side, priceTicks: 2 * towards, sizeLots: 2 }, 1);
      expect(fills(taken)).toEqual([[towards, 2]]);
      const [buyer, seller] = side === 'buy' ? [1, 2] : [2, 1];
      expect(floor.settle(5000)).toEqual([
        { kind: 'settled', instrument: 1, priceTicks: 5000 + towards, sizeLots: 2, buyer, seller },
      ]);
      expect(floor.settle(5001)).toEqual([]);
    });
  }

  it('defect 5: every velocity pause ends, and of 100 stops through a long fall each is filled', () => {
    const floor = new Floor(group({ velocity: { ticks: 20, windowMicros: SECOND }, protectionTicks: 400 }));
    const stops = 100;
    floor.trade(10_000);
    for (let i = 0; i < stops; i++) {
      const triggerTicks = 9_990 - 20 * i;
      floor.send({ account: 3, side: 'sell', type: 'stop', triggerTicks, sizeLots: 1, timeInForce: 'GTC' });
    }
    let filled = 0;
    let pauses = 0;
    const see = (outputs: ReturnType<Floor['wait']>): void => {
      for (const o of outputs) {
        if (o.kind === 'state' && o.state !== 'open') pauses++;
        const isStop = o.kind === 'traded' && (o.taker.account === 3 || o.maker.account === 3);
        if (isStop || (o.kind === 'uncrossed' && o.seller.account === 3)) {
          filled += o.sizeLots;
          expect(o.priceTicks).toBeGreaterThan(0);
        }
      }
    };
    // The market falls 50 ticks a step, 2.5 times what the window allows, over 1,000 seconds.
    for (let step = 1; step <= 50; step++) {
      const priceTicks = 10_000 - 50 * step;
      see(floor.send({ account: 4, side: 'buy', priceTicks, sizeLots: 10, timeInForce: 'GTC' }));
      see(floor.send({ account: 5, side: 'sell', priceTicks, sizeLots: 1, timeInForce: 'GTC' }));
      see(floor.wait(20 * SECOND));
      expect(floor.venue.state).toBe('open');
      // Buyers do not wait where the market was.
      for (const { account, handle } of floor.venue.book(0).orders()) {
        if (account === 4) floor.venue.apply({ kind: 'cancel', atMicros: floor.now, instrument: 0, handle });
      }
    }
    expect(pauses).toBeGreaterThan(5);
    expect([filled, floor.venue.stopCount(0)]).toEqual([stops, 0]);
  });

  for (const side of ['buy', 'sell'] as const) {
    it(`defect 5: a ${side} stop that finds nobody rests at its protected limit, never at 0`, () => {
      const floor = new Floor(group({ protectionTicks: 5 }));
      floor.trade(100);
      const towards = side === 'buy' ? 1 : -1;
      const triggerTicks = 100 + 10 * towards;
      floor.send({ account: 3, side, type: 'stop', sizeLots: 6, triggerTicks });
      const outputs = floor.trade(triggerTicks);
      const rested = outputs.filter((o) => o.kind === 'rested' && o.account === 3);
      expect(rested).toMatchObject([{ side, priceTicks: 100 + 15 * towards, sizeLots: 6 }]);
      expect(states(outputs)).toEqual([]);
      expect(floor.venue.book(0).sizeAt(side, 0)).toBe(0);
    });
  }
});
