// The order rules of the perpetual venue one by one.
import { describe, expect, it } from 'vitest';
import type { VenueOutput } from '../matching/venue-output.ts';
import { CryptoPerpVenue } from './crypto-perp-venue.ts';
import type { PerpConditional, PerpOrder } from './perp-orders.ts';

const NOW = 1_700_000_000_000_000;
const CONFIG = {
  limits: { orders: 500, pagesPerSide: 64, events: 4096 },
  accounts: 10,
  tradeGroups: [],
  conditionalOrders: 100,
  triggerProtectPer10k: 500,
};

const order = (part: Partial<PerpOrder> & Pick<PerpOrder, 'account' | 'side' | 'sizeLots'>): PerpOrder => ({
  tag: 0,
  priceTicks: null,
  priceMatch: null,
  timeInForce: 'GTC',
  goodTillMicros: null,
  selfTrade: 'none',
  reduceOnly: false,
  ...part,
});

/** A venue whose inputs all come at one time, unless said otherwise. */
class Desk {
  readonly venue = new CryptoPerpVenue(CONFIG);

  send(part: Parameters<typeof order>[0], atMicros = NOW): readonly VenueOutput[] {
    return this.venue.apply({ kind: 'order', atMicros, order: order(part) });
  }

  wait(part: Parameters<typeof order>[0] & Partial<PerpConditional> & Pick<PerpConditional, 'type'>) {
    const conditional: PerpConditional = {
      triggerTicks: null,
      callbackPermille: 0,
      workingPrice: 'contract',
      priceProtect: false,
      closePosition: false,
      ...order(part),
      ...part,
    };
    return this.venue.apply({ kind: 'conditional', atMicros: NOW, order: conditional });
  }

  mark(priceTicks: number): readonly VenueOutput[] {
    return this.venue.apply({ kind: 'mark', atMicros: NOW, priceTicks });
  }

  /** A trade of one lot at a price between two bystanders. */
  trade(priceTicks: number): readonly VenueOutput[] {
    this.send({ account: 8, side: 'sell', sizeLots: 1, priceTicks });
    return this.send({ account: 9, side: 'buy', sizeLots: 1, priceTicks });
  }

  /** Gives an account a position of so many lots by trading at a price. */
  hold(account: number, lots: number, priceTicks: number): void {
    const side = lots > 0 ? 'buy' : 'sell';
    this.send({ account: 8, side: side === 'buy' ? 'sell' : 'buy', sizeLots: Math.abs(lots), priceTicks });
    this.send({ account, side, sizeLots: Math.abs(lots), priceTicks });
  }
}

const kinds = (outputs: readonly VenueOutput[]): string[] => outputs.map((o) => o.kind);
const code = (outputs: readonly VenueOutput[]): string | null => {
  const [first] = outputs;
  return first?.kind === 'rejected' ? first.code : null;
};
const trades = (outputs: readonly VenueOutput[]): [number, number][] =>
  outputs.flatMap((o): [number, number][] => (o.kind === 'traded' ? [[o.priceTicks, o.sizeLots]] : []));

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

describe('defects that this venue must not have', () => {
  it('defect 5: a stop-market without protection never rests, least of all as a bid at price 0', () => {
    const desk = new Desk();
    desk.trade(100);
    desk.wait({ account: 1, type: 'stop-market', side: 'buy', sizeLots: 5, triggerTicks: 105 });
    const outputs = desk.trade(105);
    expect(kinds(outputs).slice(-3)).toEqual(['triggered', 'accepted', 'cancelled']);
    expect(desk.venue.book.orders()).toEqual([]);
    expect(desk.venue.book.sizeAt('buy', 0)).toBe(0);
  });

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
