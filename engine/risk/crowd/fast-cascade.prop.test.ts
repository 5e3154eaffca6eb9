// The fast cascade against a rescan of every account in every wave, to the unit; conservation; and 1/(1 − R).
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { naiveCrowdCascade } from '../../testkit/naive-crowd-cascade.ts';
import { btcBrackets, COARSE_BTC, randomSmallCascade } from '../../testkit/small-crowd.ts';
import { FastCascade } from './fast-cascade.ts';
import { LiquidationIndex } from './liquidation-index.ts';
import { kyleCurve, LiquidityCurve } from './liquidity-curve.ts';
import { maintenanceColumns } from './maintenance-columns.ts';
import { emptyPopulation } from './population.ts';

const CASES = Number(process.env['HEADROOM_CROWD_CASES'] ?? 250);

describe('fast cascade', () => {
  const brackets = btcBrackets();
  const columns = maintenanceColumns(brackets);

  it(`finds what a rescan finds, to the unit, and conserves money, in ${CASES} random cascades`, () => {
    const rng = new Rng(20251010);
    const seen = { fallen: 0, manyWaves: 0, fundEmpty: 0, nothing: 0 };
    for (let n = 0; n < CASES; n++) {
      const { population, direction, segments, shock } = randomSmallCascade(rng, brackets);
      const index = new LiquidationIndex(population, columns, direction);
      const curve = new LiquidityCurve(direction, segments[0]?.fromTicks ?? 0, segments);
      const fast = new FastCascade(index);
      // Another cascade before it must leave no trace in the columns.
      fast.run(curve, { ...shock, lots: 3 * shock.lots, fundUnits: 0 });
      const totals = fast.run(curve, shock);
      const slow = naiveCrowdCascade(population, columns, { direction, segments }, shock);
      expect({ n, waves: totals.waves }).toEqual({ n, waves: slow.waves });
      const falls = Array.from({ length: totals.accounts }, (_, i) => ({
        row: index.rows[i],
        fillTickLots: fast.fillTickLots[i],
        equityUnits: fast.equityUnits[i],
        adlNeedUnits: fast.adlNeedUnits[i],
      }));
      expect({ n, falls }).toEqual({ n, falls: slow.falls });
      expect(totals.lastTicks).toBe(slow.lastTicks);
      expect(totals.fundUnits).toBe(slow.fundUnits);

      // Money: what the fallen had and what they lost against the book is what they, the fund and the winners are left with.
      let before = shock.fundUnits;
      let after = totals.fundUnits - totals.adlNeedUnits;
      for (const { row, fillTickLots, equityUnits } of slow.falls) {
        const size = population.sizeLots[row] as number;
        const side = population.side[row] as number;
        const entryValue = size * (population.entryTicks[row] as number);
        before += (population.walletUnits[row] as number) + side * (fillTickLots - entryValue) * 10_000;
        after += Math.max(0, equityUnits);
      }
      expect(after).toBe(before);
      expect(totals.fundUnits).toBeGreaterThanOrEqual(0);
      expect(totals.fundUnits).toBe(shock.fundUnits + totals.feeUnits - totals.fundUsedUnits);
      seen.fallen += totals.accounts;
      if (totals.waves.length > 3) seen.manyWaves++;
      if (totals.adlNeedUnits > 0) seen.fundEmpty++;
      if (totals.accounts === 0) seen.nothing++;
    }
    // The draw must reach every kind of cascade, or the sweep proves less than it says.
    expect(seen.fallen).toBeGreaterThan(CASES * 10);
    expect(seen.manyWaves).toBeGreaterThan(CASES / 10);
    expect(seen.fundEmpty).toBeGreaterThan(CASES / 20);
    expect(seen.nothing).toBeGreaterThan(CASES / 50);
  });

  it('amplifies a shock by 1/(1 − R) on a linear book with evenly spread triggers, within 2 %', () => {
    // One account of the same size triggers at every tick below the mark: R is its size over the depth of a tick.
    const start = 50_000;
    const count = 40_000;
    for (const r of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
      const lotsPerTick = 1_000;
      const population = evenlySpread(start, count, Math.round(r * lotsPerTick));
      const index = new LiquidationIndex(population, FREE, 'fall');
      expect(index.reachTicks[0]).toBe(1 - start);
      const shockTicks = 2_000;
      const shock = { lots: shockTicks * lotsPerTick, gapTicks: 0, liquidationFeeRate: 0, fundUnits: 0 };
      const totals = new FastCascade(index).run(kyleCurve('fall', start, lotsPerTick), shock);
      const amplification = (start - totals.lastTicks) / shockTicks;
      expect(amplification * (1 - r)).toBeGreaterThan(0.98);
      expect(amplification * (1 - r)).toBeLessThan(1.02);
    }
  });
});

/** A schedule that asks for almost nothing, so that triggers lie where the wallet puts them. */
const FREE = maintenanceColumns([
  { number: 1, floor: 0, cap: null, maintenanceMarginRate: 1e-12, maxLeverage: null, maintenanceAmount: 0 },
]);

function evenlySpread(startTicks: number, count: number, sizeLots: number) {
  const population = emptyPopulation(COARSE_BTC, count);
  for (let row = 0; row < count; row++) {
    population.side[row] = 1;
    population.sizeLots[row] = sizeLots;
    population.entryTicks[row] = startTicks;
    population.leverage[row] = 1;
    population.isolated[row] = 1;
    // The trigger of row k is k + 1 ticks down: the wallet carries half a tick more than the ticks before it.
    population.walletUnits[row] = (row + 0.5) * sizeLots * COARSE_BTC.unitsPerTickLot;
  }
  return population;
}
