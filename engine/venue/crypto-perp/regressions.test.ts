// Mistakes that matching engines make easily, each as a named test.
import { describe, expect, it } from 'vitest';
import { Desk, kinds, trades } from '../../testkit/perp-desk.ts';

describe('known defects', () => {
  it('defect 5: a stop-market without protection never rests, least of all as a bid at price 0', () => {
    const desk = new Desk();
    desk.trade(100);
    desk.wait({ account: 1, type: 'stop-market', side: 'buy', sizeLots: 5, triggerTicks: 105 });
    const outputs = desk.trade(105);
    expect(kinds(outputs).slice(-3)).toEqual(['triggered', 'accepted', 'cancelled']);
    expect(desk.venue.book.orders()).toEqual([]);
    expect(desk.venue.book.sizeAt('buy', 0)).toBe(0);
  });

  for (const side of ['buy', 'sell'] as const) {
    it(`defect 5: a triggered ${side} stop-market takes what is there and ends; no price 0 comes up anywhere`, () => {
      const desk = new Desk();
      desk.trade(100);
      const towards = side === 'buy' ? 1 : -1;
      const triggerTicks = 100 + 5 * towards;
      desk.wait({ account: 1, type: 'stop-market', side, sizeLots: 5, triggerTicks });
      const maker = side === 'buy' ? 'sell' : 'buy';
      desk.send({ account: 2, side: maker, sizeLots: 2, priceTicks: triggerTicks + towards });
      const outputs = desk.trade(triggerTicks);
      expect(trades(outputs)).toEqual([
        [triggerTicks, 1],
        [triggerTicks + towards, 2],
      ]);
      expect(outputs.some((o) => o.kind === 'rested')).toBe(false);
      expect(outputs.at(-1)).toMatchObject({ kind: 'cancelled', sizeLots: 3, reason: 'nothing-to-take' });
      expect(desk.venue.book.orders()).toEqual([]);
    });
  }

  it('defect 6: a forced sale of 1 % of the volume fills at prices of the book and never at 0', () => {
    const desk = new Desk();
    let volume = 0;
    for (let i = 0; i < 100; i++) {
      desk.send({ account: 5, side: 'buy', sizeLots: 10 + i, priceTicks: 1000 - i });
      volume += 10 + i;
    }
    const size = Math.ceil(volume / 100);
    const outputs = desk.send({ account: 1, side: 'sell', sizeLots: size });
    const fills = trades(outputs);
    expect(fills.reduce((sum, [, lots]) => sum + lots, 0)).toBe(size);
    expect(fills.every(([price]) => price <= 1000 && price > 900)).toBe(true);
    // And where the book is used up, the rest ends without a price.
    const rest = desk.send({ account: 1, side: 'sell', sizeLots: volume });
    expect(Math.min(...trades(rest).map(([price]) => price))).toBe(901);
    expect(rest.at(-1)).toMatchObject({ kind: 'cancelled', reason: 'nothing-to-take', sizeLots: size });
  });

  it('defect 7: a resting buy at 4,999 fills at 4,999 when sellers come down to 4,950, not at their low', () => {
    const desk = new Desk();
    desk.send({ account: 1, side: 'buy', sizeLots: 2, priceTicks: 4_999 });
    const outputs = desk.send({ account: 2, side: 'sell', sizeLots: 2, priceTicks: 4_950 });
    expect(trades(outputs)).toEqual([[4_999, 2]]);
    // A buy that arrives while sellers are at 5,000 does not look ahead to prices that come later.
    desk.send({ account: 2, side: 'sell', sizeLots: 1, priceTicks: 5_000 });
    expect(trades(desk.send({ account: 1, side: 'buy', sizeLots: 1, priceTicks: 4_999 }))).toEqual([]);
  });
});
