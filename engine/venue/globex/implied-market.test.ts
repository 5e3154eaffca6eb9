// Orders that meet through calendar spreads: examples, and what must hold after every input of a random group.
import { describe, expect, it } from 'vitest';
import { expectSoundLevels } from '../../testkit/book-invariants.ts';
import { code, Floor, fills, group, SECOND } from '../../testkit/globex-floor.ts';
import { GLOBEX_SPREAD_CONFIG, runGlobexAgainstOracle } from '../../testkit/globex-run.ts';
import { GlobexPlayer } from '../../testkit/venue-players.ts';
import type { GlobexOutput, InstrumentConfig } from './globex-orders.ts';
import { GlobexVenue } from './globex-venue.ts';

const [FRONT, BACK, SPREAD] = [0, 1, 2];
const months = (front: Partial<InstrumentConfig> = {}) =>
  group(
    front,
    { symbol: 'BACK', isLead: false },
    { symbol: 'SPREAD', isLead: false, legs: { front: 0, back: 1 } },
  );

/** What each instrument says about trades, in order: kind, price and lots. */
const told = (outputs: readonly GlobexOutput[]): string[] =>
  outputs.flatMap((o) =>
    o.kind === 'traded' || o.kind === 'implied'
      ? [`${o.instrument} ${o.kind} ${o.sizeLots}@${o.priceTicks}`]
      : [],
  );

describe('implied orders', () => {
  it('fill a spread with both legs at once, as many lots as both have', () => {
    const floor = new Floor(months());
    floor.send({ account: 2, side: 'sell', priceTicks: 1010, sizeLots: 4 }, FRONT);
    floor.send({ account: 3, side: 'buy', priceTicks: 1000, sizeLots: 6 }, BACK);
    expect(floor.venue.implied(SPREAD)).toEqual({ bid: null, ask: { priceTicks: 10, lots: 4 } });
    const outputs = floor.send({ account: 1, side: 'buy', priceTicks: 12, sizeLots: 5 }, SPREAD);
    expect(told(outputs)).toEqual(['0 traded 4@1010', '1 traded 4@1000', '2 implied 4@10']);
    expect(outputs.at(-1)).toMatchObject({ kind: 'rested', instrument: SPREAD, sizeLots: 1 });
    const takers = outputs.flatMap((o) => (o.kind === 'traded' ? [[o.takerSide, o.taker.account]] : []));
    expect(takers).toEqual([
      ['buy', 1],
      ['sell', 1],
    ]);
  });

  it('fill a leg through the spread and the other leg', () => {
    const floor = new Floor(months());
    floor.send({ account: 2, side: 'sell', priceTicks: 10, sizeLots: 9 }, SPREAD);
    floor.send({ account: 3, side: 'sell', priceTicks: 1000, sizeLots: 2 }, BACK);
    floor.send({ account: 3, side: 'sell', priceTicks: 1001, sizeLots: 9 }, BACK);
    const outputs = floor.send({ account: 1, side: 'buy', priceTicks: 1011, sizeLots: 5 }, FRONT);
    expect(told(outputs)).toEqual([
      '0 implied 2@1010',
      '0 implied 3@1011',
      '1 traded 2@1000',
      '1 traded 3@1001',
      '2 traded 2@10',
      '2 traded 3@10',
    ]);
  });

  it('have no time: at one price the orders of the book come first', () => {
    const floor = new Floor(months());
    floor.send({ side: 'sell', priceTicks: 1010, sizeLots: 5 }, FRONT);
    floor.send({ side: 'buy', priceTicks: 1000, sizeLots: 5 }, BACK);
    floor.send({ account: 4, side: 'sell', priceTicks: 10, sizeLots: 2 }, SPREAD);
    const outputs = floor.send({ account: 1, side: 'buy', priceTicks: 10, sizeLots: 3 }, SPREAD);
    expect(told(outputs).filter((line) => line.startsWith('2'))).toEqual(['2 traded 2@10', '2 implied 1@10']);
  });

  it('are not there before the open; what is crossed with them then trades, each leg at its own price', () => {
    const floor = new Floor(months(), 'pre-open');
    floor.send({ side: 'sell', priceTicks: 1010, sizeLots: 5 }, FRONT);
    floor.send({ side: 'buy', priceTicks: 1000, sizeLots: 5 }, BACK);
    floor.send({ account: 1, side: 'buy', priceTicks: 15, sizeLots: 3 }, SPREAD);
    const none = { bid: null, ask: null };
    expect([FRONT, BACK, SPREAD].map((i) => floor.venue.implied(i))).toEqual([none, none, none]);
    // The front is listed first: its order takes, and gets the better price.
    expect(told(floor.state('open'))).toEqual(['0 implied 3@1015', '1 traded 3@1000', '2 traded 3@15']);
    expect(floor.venue.implied(SPREAD).ask).toEqual({ priceTicks: 10, lots: 2 });
  });

  it('do not count for an order that wants a least size', () => {
    const floor = new Floor(months());
    floor.send({ side: 'sell', priceTicks: 1010, sizeLots: 5 }, FRONT);
    floor.send({ side: 'buy', priceTicks: 1000, sizeLots: 5 }, BACK);
    const all = { side: 'buy', priceTicks: 10, sizeLots: 3, timeInForce: 'FOK' } as const;
    expect(told(floor.send(all, SPREAD))).toEqual([]);
    floor.send({ account: 4, side: 'sell', priceTicks: 10, sizeLots: 3 }, SPREAD);
    expect(told(floor.send(all, SPREAD))).toEqual(['2 traded 3@10']);
  });

  it('give a market order its touch', () => {
    const floor = new Floor(months());
    expect(code(floor.send({ side: 'buy', type: 'market', sizeLots: 1 }, SPREAD))).toBe('order/no-market');
    floor.send({ side: 'sell', priceTicks: 1010, sizeLots: 1 }, FRONT);
    floor.send({ side: 'buy', priceTicks: 1000, sizeLots: 1 }, BACK);
    const outputs = floor.send({ account: 1, side: 'buy', type: 'market', sizeLots: 2 }, SPREAD);
    expect(outputs.at(-1)).toMatchObject({ kind: 'rested', priceTicks: 20, sizeLots: 1 });
  });

  it('elect stops of the legs by what the legs traded at', () => {
    const floor = new Floor(months());
    floor.trade(1000);
    floor.send({ account: 3, side: 'buy', type: 'stop', triggerTicks: 1010, sizeLots: 1 }, FRONT);
    floor.send({ account: 2, side: 'sell', priceTicks: 1010, sizeLots: 2 }, FRONT);
    floor.send({ account: 2, side: 'buy', priceTicks: 1000, sizeLots: 1 }, BACK);
    const outputs = floor.send({ account: 1, side: 'buy', priceTicks: 10, sizeLots: 1 }, SPREAD);
    expect(outputs.map((o) => o.kind)).toContain('triggered');
    expect(fills(outputs.filter((o) => o.instrument === FRONT))).toEqual([
      [1010, 1],
      [1010, 1],
    ]);
  });

  it('elect a stop from the price that reached its trigger, be it implied', () => {
    const floor = new Floor(months({ stopRangeTicks: 8, protectionTicks: 20 }));
    floor.trade(1000);
    floor.send({ account: 3, side: 'buy', type: 'stop', triggerTicks: 1003, sizeLots: 1 }, FRONT);
    floor.quote('sell', [1001, 1010, 1013]);
    floor.send({ account: 2, side: 'sell', priceTicks: 4, sizeLots: 1 }, SPREAD);
    floor.send({ account: 2, side: 'sell', priceTicks: 1000, sizeLots: 1 }, BACK);
    const outputs = floor.send({ account: 1, side: 'buy', priceTicks: 1010, sizeLots: 3 }, FRONT);
    expect(told(outputs).slice(0, 3)).toEqual(['0 traded 1@1001', '0 implied 1@1004', '0 traded 1@1010']);
    // From 1004 it may go to 1012, so 1013 reserves the market; from 1010 it would have traded.
    expect(floor.venue.stateOf(FRONT)).toBe('reserved');
  });

  it('are taken spread by spread where two imply one price', () => {
    const floor = new Floor(
      group(
        {},
        { symbol: 'BACK', isLead: false },
        { symbol: 'FAR', isLead: false },
        { symbol: 'FRONT-BACK', isLead: false, legs: { front: 0, back: 1 } },
        { symbol: 'FRONT-FAR', isLead: false, legs: { front: 0, back: 2 } },
      ),
    );
    for (const [back, spread] of [
      [2, 4],
      [1, 3],
    ] as const) {
      floor.send({ account: 2, side: 'sell', priceTicks: 1000, sizeLots: 3 }, back);
      floor.send({ account: 2, side: 'sell', priceTicks: 10, sizeLots: 3 }, spread);
    }
    expect(floor.venue.implied(FRONT).ask).toEqual({ priceTicks: 1010, lots: 6 });
    const outputs = floor.send({ account: 1, side: 'buy', priceTicks: 1010, sizeLots: 4 }, FRONT);
    expect(told(outputs)).toEqual([
      '0 implied 3@1010',
      '0 implied 1@1010',
      '1 traded 3@1000',
      '2 traded 1@1000',
      '3 traded 3@10',
      '4 traded 1@10',
    ]);
  });

  it('stay away where their own price would lie beyond the daily limits', () => {
    const floor = new Floor(months());
    floor.send({ account: 2, side: 'buy', priceTicks: 1010, sizeLots: 1 }, FRONT);
    floor.send({ account: 2, side: 'sell', priceTicks: 1000, sizeLots: 1 }, BACK);
    expect(floor.venue.implied(SPREAD).bid).toEqual({ priceTicks: 10, lots: 1 });
    const limits = { kind: 'limits', atMicros: floor.now, instrument: SPREAD, lowTicks: 0 } as const;
    floor.venue.apply({ ...limits, highTicks: 9 });
    expect(floor.venue.implied(SPREAD).bid).toBeNull();
    // Who sells the spread rests; at that price, within the limits, the bid of the front then takes.
    expect(told(floor.send({ account: 1, side: 'sell', priceTicks: 5, sizeLots: 1 }, SPREAD))).toEqual([
      '0 implied 1@1005',
      '1 traded 1@1000',
      '2 traded 1@5',
    ]);
  });

  it('stay away while a leg would trade too far from where it traded lately, or beyond its daily limits', () => {
    const floor = new Floor(months({ velocity: { ticks: 5, windowMicros: SECOND } }));
    floor.trade(1000);
    floor.send({ side: 'buy', priceTicks: 1000, sizeLots: 1 }, BACK);
    floor.send({ side: 'sell', priceTicks: 1006, sizeLots: 1 }, FRONT);
    expect(floor.venue.implied(SPREAD).ask).toBeNull();
    floor.send({ side: 'sell', priceTicks: 1005, sizeLots: 1 }, FRONT);
    expect(floor.venue.implied(SPREAD).ask).toEqual({ priceTicks: 5, lots: 1 });
    floor.venue.apply({ kind: 'limits', atMicros: floor.now, instrument: 0, lowTicks: 900, highTicks: 1004 });
    expect(floor.venue.implied(SPREAD).ask).toBeNull();
  });
});

/** Lots of the outrights and money of one account. */
type Held = Map<number, number>;

const CASH = -1;

/** Adds lots bought at a price; those of a spread as its two legs. */
function book(held: Held, instrument: number, boughtLots: number, priceTicks: number): void {
  const add = (what: number, n: number): void => void held.set(what, (held.get(what) ?? 0) + n);
  const { legs } = GLOBEX_SPREAD_CONFIG.instruments[instrument]!;
  add(legs?.front ?? instrument, boughtLots);
  if (legs !== undefined) add(legs.back, -boughtLots);
  add(CASH, -boughtLots * priceTicks);
}

describe('implied orders of a random group', () => {
  it('agree with the oracle over 4,000 inputs of every kind', () => {
    const outcomes = runGlobexAgainstOracle({ seed: 41, inputs: 4000, config: GLOBEX_SPREAD_CONFIG });
    const words = ['implied', 'traded', 'uncrossed', 'triggered', 'reserved', 'velocity-logic'];
    expect(words.filter((word) => (outcomes.get(word) ?? 0) < 20)).toEqual([]);
  });

  it('give each order what its legs traded, never more than its size, and leave nothing crossed', () => {
    const player = new GlobexPlayer(42, GLOBEX_SPREAD_CONFIG);
    const { venue } = player;
    const left = new Map<string, number>();
    const found = { implied: 0, quoted: 0 };
    const fill = (instrument: number, tag: number, lots: number): void => {
      const key = `${instrument} ${tag}`;
      if (!left.has(key)) return;
      left.set(key, left.get(key)! - lots);
      expect(left.get(key)).toBeGreaterThanOrEqual(0);
    };
    for (let n = 0; n < 9000; n++) {
      const input = player.draw();
      if (input.kind === 'order') left.set(`${input.instrument} ${input.order.tag}`, input.order.sizeLots);
      if (input.kind === 'modify') {
        left.delete(`${input.instrument} ${venue.book(input.instrument).find(input.handle)?.tag}`);
      }
      const given = new Map<number, Held>();
      const traded = new Map<number, Held>();
      const heldBy = (of: Map<number, Held>, account: number): Held => {
        if (!of.has(account)) of.set(account, new Map());
        return of.get(account)!;
      };
      for (const o of player.play(input)) {
        if (o.kind === 'implied') {
          found.implied++;
          fill(o.instrument, o.tag, o.sizeLots);
          const bought = o.side === 'buy' ? o.sizeLots : -o.sizeLots;
          book(heldBy(given, o.account), o.instrument, bought, o.priceTicks);
        }
        if (o.kind !== 'traded') continue;
        expect(o.makerRemainingLots).toBeGreaterThanOrEqual(0);
        fill(o.instrument, o.maker.tag, o.sizeLots);
        if (o.taker.serial > 0) fill(o.instrument, o.taker.tag, o.sizeLots);
        else {
          const bought = o.takerSide === 'buy' ? o.sizeLots : -o.sizeLots;
          book(heldBy(traded, o.taker.account), o.instrument, bought, o.priceTicks);
        }
      }
      const sum = (of: Map<number, Held>): unknown =>
        [...of].map(([account, held]) => [account, [...held].filter(([, n]) => n !== 0).sort()]).sort();
      expect(sum(given)).toEqual(sum(traded));
      for (const [i] of GLOBEX_SPREAD_CONFIG.instruments.entries()) {
        expectSoundLevels(venue.book(i), venue.stateOf(i) !== 'open', n);
        const { bid, ask } = venue.implied(i);
        const { bestBidTicks, bestAskTicks } = venue.book(i);
        if (bid !== null || ask !== null) {
          expect(venue.stateOf(i)).toBe('open');
          found.quoted++;
        }
        if (bid !== null && bestAskTicks !== null) expect(bid.priceTicks).toBeLessThan(bestAskTicks);
        if (ask !== null && bestBidTicks !== null) expect(ask.priceTicks).toBeGreaterThan(bestBidTicks);
      }
    }
    expect(found.implied).toBeGreaterThan(300);
    expect(found.quoted).toBeGreaterThan(5000);
  });

  it('come to the same state from a snapshot with the rest of the journal', () => {
    const player = new GlobexPlayer(43, GLOBEX_SPREAD_CONFIG);
    for (let n = 0; n < 1500; n++) player.play();
    const saved = JSON.stringify(player.venue.snapshot());
    for (let n = 0; n < 1500; n++) player.play();
    const restored = new GlobexVenue(GLOBEX_SPREAD_CONFIG, JSON.parse(saved));
    for (const input of player.journal.slice(1500)) restored.apply(input);
    expect(restored.snapshot()).toEqual(player.venue.snapshot());
  });
});
