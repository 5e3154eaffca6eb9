// The queue: what each rule puts first, what the lights say, and that a need is spread to the last lot and no further.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedAdlLoss, type NamedCandidate, rankCandidates, spreadNeed } from './adl-queue.ts';
import { ADL_RULES, type AdlRuleName, adlRule } from './adl-rules.ts';

function candidate(slot: number, change: Partial<NamedCandidate> = {}): NamedCandidate {
  return {
    slot,
    last: false,
    side: -1,
    sizeLots: 10,
    entryPrice: 110,
    markPrice: 100,
    notional: 1000,
    unrealisedPnl: 100,
    walletBalance: 400,
    equity: 500,
    maintenanceMargin: 5,
    ...change,
  };
}

/** Rich: large and hardly levered, a small return on a large wallet. Bold: small, levered, a large return. */
const RICH = candidate(1, {
  sizeLots: 100,
  notional: 10_000,
  unrealisedPnl: 200,
  walletBalance: 50_000,
  equity: 50_200,
  maintenanceMargin: 50,
  entryPrice: 102,
});
const BOLD = candidate(2, { unrealisedPnl: 300, walletBalance: 50, equity: 350, entryPrice: 130 });
const LOSER = candidate(3, { unrealisedPnl: -50, equity: 350, entryPrice: 95 });

describe('rules', () => {
  const order = (name: AdlRuleName): readonly number[] =>
    rankCandidates(adlRule(name), [LOSER, RICH, BOLD]).map((place) => place.slot);

  it('put the levered winner first where return and leverage count, the largest where size does', () => {
    expect(order('binance')).toEqual([2, 1, 3]);
    expect(order('bybit')).toEqual([2, 1, 3]);
    expect(order('hyperliquid')[0]).toBe(2);
    expect(order('largest-first')[0]).toBe(1);
    expect(order('pro-rata')[0]).toBe(1);
  });

  it('follow their published forms', () => {
    // Binance: 300 ÷ 50 × (5 ÷ 350).
    expect(adlRule('binance').score(BOLD)).toBeCloseTo((300 / 50) * (5 / 350), 12);
    expect(adlRule('binance').score(candidate(1, { walletBalance: 0.2 }))).toBeCloseTo(100 * (5 / 500), 12);
    expect(adlRule('binance').score(candidate(1, { equity: -1 }))).toBe(0);
    // Bybit and BitMEX: return on the entry value × notional ÷ equity, in loss divided by it.
    expect(adlRule('bybit').score(BOLD)).toBeCloseTo((300 / 1300) * (1000 / 350), 12);
    expect(adlRule('bybit').score(LOSER)).toBeCloseTo(-50 / 950 / (1000 / 350), 12);
    // Hyperliquid, a short: entry ÷ mark × notional ÷ account value.
    expect(adlRule('hyperliquid').score(BOLD)).toBeCloseTo((130 / 100) * (1000 / 350), 12);
    expect(adlRule('pro-rata').score(LOSER)).toBe(0);
    expect(adlRule('risk-aware-pro-rata').score(BOLD)).toBeCloseTo(1000 * (1000 / 350), 9);
  });

  it('have a name of their own and a source', () => {
    expect(new Set(ADL_RULES.map(({ name }) => name)).size).toBe(ADL_RULES.length);
    expect(ADL_RULES.every(({ source }) => source.length > 10)).toBe(true);
  });
});

describe('the queue', () => {
  it('says rank k of n, lots ahead and lights, and puts the world outside last', () => {
    const crowd = Array.from({ length: 8 }, (_, i) => candidate(i, { unrealisedPnl: 100 - i }));
    const outside = candidate(99, { last: true, unrealisedPnl: 1e6 });
    const places = rankCandidates(
      adlRule('binance'),
      [outside, { ...LOSER, slot: 50 }, ...crowd].toReversed(),
    );
    expect(places.map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 50, 99]);
    expect(places.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(places.map(({ lights }) => lights)).toEqual([4, 4, 3, 3, 2, 2, 1, 1, 0, 0]);
    expect(places[3]).toMatchObject({ of: 10, lotsAhead: 30, sizeLots: 10 });
  });

  it('does not depend on the order candidates are given in', () => {
    const crowd = Array.from({ length: 6 }, (_, i) => candidate(i));
    for (const rule of ADL_RULES) {
      expect(rankCandidates(rule, crowd.toReversed())).toEqual(rankCandidates(rule, crowd));
    }
  });

  it('tells a place what it would give and lose', () => {
    const place = { lotsAhead: 30, sizeLots: 10 };
    // A short closed at 102 with the mark at 100 loses 2 a lot.
    expect(expectedAdlLoss(place, 36, -1, 102, 100, 1)).toEqual({ lots: 6, loss: 12 });
    expect(expectedAdlLoss(place, 20, -1, 102, 100, 1)).toEqual({ lots: 0, loss: 0 });
  });
});

describe('a need', () => {
  it('is met exactly, by nobody beyond its room, by every rule', () => {
    const crowd = fc.array(
      fc.record({
        size: fc.integer({ min: 1, max: 10_000_000 }),
        pnl: fc.integer({ min: -50, max: 500 }),
        equity: fc.integer({ min: -10, max: 900 }),
        room: fc.integer({ min: 0, max: 100 }),
      }),
      { minLength: 1, maxLength: 25 },
    );
    fc.assert(
      fc.property(crowd, fc.nat(20_000_000), fc.constantFrom(...ADL_RULES), (rows, need, rule) => {
        const candidates = rows.map(({ size, pnl, equity }, i) =>
          candidate(i, { sizeLots: size, notional: size, unrealisedPnl: pnl, equity }),
        );
        const places = rankCandidates(rule, candidates);
        const room = (slot: number): number =>
          Math.floor(((rows[slot]?.size ?? 0) * (rows[slot]?.room ?? 0)) / 100);
        const shares = spreadNeed(rule.spread, places, need, (place) => room(place.slot));
        const total = shares.reduce((sum, { lots }) => sum + lots, 0);
        const all = rows.reduce((sum, _, slot) => sum + room(slot), 0);
        expect(total).toBe(Math.min(need, all));
        for (const { place, lots } of shares) {
          expect(lots).toBeGreaterThan(0);
          expect(lots).toBeLessThanOrEqual(room(place.slot));
        }
        expect(new Set(shares.map(({ place }) => place.slot)).size).toBe(shares.length);
        if (rule.spread === 'ranked') {
          // Whoever is behind gives only when everybody ahead has given all.
          const given = new Map(shares.map(({ place, lots }) => [place.slot, lots]));
          const last = shares.at(-1)?.place.rank ?? 0;
          for (const place of places) {
            if (place.rank < last) expect(given.get(place.slot) ?? 0).toBe(room(place.slot));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is spread in proportion where the rule says so', () => {
    const places = rankCandidates(adlRule('pro-rata'), [
      candidate(1, { sizeLots: 100, notional: 100 }),
      candidate(2, { sizeLots: 300, notional: 300 }),
      candidate(3, { sizeLots: 50, notional: 50, unrealisedPnl: -1 }),
    ]);
    const shares = spreadNeed('in-proportion', places, 40, ({ sizeLots }) => sizeLots);
    expect(shares.map(({ place, lots }) => [place.slot, lots])).toEqual([
      [2, 30],
      [1, 10],
    ]);
  });
});
