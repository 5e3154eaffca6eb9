// The place among the crowd against the exact queue with the position in it; it never moves back with profit or leverage.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { btcBrackets, COARSE_BTC, crowdOf } from '../../testkit/small-crowd.ts';
import { type NamedCandidate, rankCandidates } from '../../venue/liquidation/adl-queue.ts';
import { ADL_RULES, type AdlCandidate, adlRule } from '../../venue/liquidation/adl-rules.ts';
import { AdlCrowd, adlLevel } from './adl-crowd.ts';
import { lotsFallen, turnTicks } from './adl-turn.ts';
import { LiquidationIndex } from './liquidation-index.ts';
import { maintenanceColumns, maintenanceUnits } from './maintenance-columns.ts';
import type { Population } from './population.ts';
import { NEVER_TICKS, triggerTicks } from './trigger-price.ts';

const brackets = btcBrackets();
const columns = maintenanceColumns(brackets);
const RANKED = ADL_RULES.filter(({ spread }) => spread === 'ranked');
const MARK = 2_000;
const crowd = (seed: number, accounts: number): Population =>
  crowdOf(COARSE_BTC, brackets, {
    seed,
    accounts,
    markTicks: MARK,
    openInterestLots: accounts * 700,
    entryMoveRate: 0.1,
    entrySpreadRate: 0.05,
  });

/** The candidate of a position of the crowd's contract, in currency. */
function candidateOf(side: 1 | -1, size: number, entry: number, wallet: number, mark: number): AdlCandidate {
  const tickUnits = size * COARSE_BTC.unitsPerTickLot;
  const pnl = side * tickUnits * (mark - entry);
  return {
    side,
    sizeLots: size,
    entryPrice: entry,
    markPrice: mark,
    notional: tickUnits * mark * 1e-6,
    unrealisedPnl: pnl * (1 / 1e6),
    walletBalance: wallet * (1 / 1e6),
    equity: (wallet + pnl) * (1 / 1e6),
    maintenanceMargin: maintenanceUnits(columns, tickUnits * mark) * (1 / 1e6),
  };
}

function exactQueue(population: Population, side: 1 | -1, mark: number): NamedCandidate[] {
  const { count, sizeLots, entryTicks, walletUnits } = population;
  return Array.from({ length: count }, (_, slot) => slot)
    .filter((slot) => population.side[slot] === side)
    .map((slot) => {
      const [size, entry, wallet] = [sizeLots[slot], entryTicks[slot], walletUnits[slot]] as number[];
      const own = candidateOf(side, size as number, entry as number, wallet as number, mark);
      const notional = (size as number) * COARSE_BTC.unitsPerTickLot * mark * (1 / 1e6);
      return { slot, last: false, ...own, notional };
    });
}

const OWN = fc.record({
  side: fc.constantFrom(1 as const, -1 as const),
  size: fc.integer({ min: 1, max: 20_000 }),
  entry: fc.integer({ min: 1_700, max: 2_300 }),
  wallet: fc.integer({ min: 0, max: 2e11 }),
  mark: fc.integer({ min: 1_850, max: 2_150 }),
});

describe('a place among the crowd', () => {
  it('is that of the exact queue with the position in it, under every ranked rule', () => {
    const population = crowd(11, 240);
    for (const rule of RANKED) {
      const queues = new AdlCrowd(population, columns, rule);
      fc.assert(
        fc.property(OWN, fc.boolean(), ({ side, size, entry, wallet, mark }, isTwin) => {
          const exact = exactQueue(population, side, mark);
          // A twin of someone in the crowd scores exactly the same: ties are not left to chance.
          const twin = exact[size % exact.length];
          const own: AdlCandidate = isTwin && twin ? twin : candidateOf(side, size, entry, wallet, mark);
          const slot = population.count;
          const places = rankCandidates(rule, [{ ...own, slot, last: false }, ...exact]);
          const found = places.find((place) => place.slot === slot);
          const { score, rank, of, lotsAhead, sizeLots } = found ?? (places[0] as (typeof places)[number]);
          const lotsInQueue = places.reduce((sum, place) => sum + place.sizeLots, 0);
          const winners = [own, ...exact].filter(({ unrealisedPnl }) => unrealisedPnl > 0).length;
          const expected = { score, rank, of, lotsAhead, sizeLots, lotsInQueue, winners };
          expect(queues.place(own, mark)).toEqual(expected);
        }),
        { numRuns: 60 },
      );
    }
  });

  it('a winner never moves back with more profit, or with more leverage', () => {
    const population = crowd(12, 400);
    const queues = new AdlCrowd(population, columns, adlRule('binance'));
    fc.assert(
      fc.property(OWN, fc.integer({ min: 1, max: 300 }), ({ side, size, entry, wallet, mark }, more) => {
        const good = mark - side * Math.abs(mark - entry) - side;
        // Of a wallet of nothing, every profit is the same share.
        const backed = wallet + 1e6;
        const before = queues.place(candidateOf(side, size, good, backed, mark), mark);
        const richer = queues.place(candidateOf(side, size, good - side * more, backed, mark), mark);
        expect(richer.rank).toBeLessThanOrEqual(before.rank);
        const thinner = candidateOf(side, size, good, backed / (1 + more / 100), mark);
        expect(queues.place(thinner, mark).rank).toBeLessThanOrEqual(before.rank);
      }),
      { numRuns: 500 },
    );
  });

  it('a position without profit stands behind everyone with the same score', () => {
    const population = crowd(13, 300);
    const queues = new AdlCrowd(population, columns, adlRule('binance'));
    const place = queues.place(candidateOf(1, 5, MARK, 1e9, MARK), MARK);
    expect(place).toMatchObject({ score: 0, rank: place.of });
    expect(place.lotsAhead + place.sizeLots).toBe(place.lotsInQueue);
  });

  it('has levels of one fifth of the queue each, whatever its length', () => {
    for (const of of [1, 4, 5, 99, 6_001]) {
      const levels = Array.from({ length: of }, (_, i) => adlLevel(i + 1, of));
      expect(levels).toEqual(levels.toSorted((a, b) => b - a));
      for (let level = 0; level <= 4; level++) {
        const share = levels.filter((one) => one === level).length / of;
        expect(Math.abs(share - 0.2)).toBeLessThan(1 / of + 1e-9);
      }
      expect(levels[0]).toBe(4);
    }
  });
});

describe('the turn of a place', () => {
  it('comes at the first tick at which more has fallen than stands ahead', () => {
    const rng = new Rng(5);
    for (const direction of ['fall', 'rise'] as const) {
      const population = crowd(14, 200);
      const index = new LiquidationIndex(population, columns, direction);
      const step = direction === 'rise' ? 1 : -1;
      const triggers: { ticks: number; size: number }[] = [];
      for (let row = 0; row < population.count; row++) {
        if (population.side[row] !== -step) continue;
        const size = population.sizeLots[row] as number;
        const entry = population.entryTicks[row] as number;
        const units = size * COARSE_BTC.unitsPerTickLot;
        const ticks = triggerTicks(columns, -step, units, entry, population.walletUnits[row] as number);
        if (ticks !== NEVER_TICKS) triggers.push({ ticks, size });
      }
      const fallen = (to: number): number =>
        triggers
          .filter(({ ticks }) => step * ticks > step * MARK && step * ticks <= step * to)
          .reduce((sum, { size }) => sum + size, 0);
      for (let n = 0; n < 40; n++) {
        const ahead = rng.below(200 * 700);
        const to = MARK + step * rng.below(900);
        expect(lotsFallen(index, MARK, to)).toBe(fallen(to));
        const turn = turnTicks(index, MARK, ahead);
        if (turn === null) expect(fallen(step === 1 ? 1e9 : 1)).toBeLessThanOrEqual(ahead);
        else {
          expect(fallen(turn)).toBeGreaterThan(ahead);
          expect(fallen(turn - step)).toBeLessThanOrEqual(ahead);
        }
      }
    }
  });
});
