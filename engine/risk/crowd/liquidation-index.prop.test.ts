// The index and what is read from it, against counting every account; the what-if and the tipping price against the cascade.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { btcBrackets, COARSE_BTC, crowdOf, randomSmallCascade } from '../../testkit/small-crowd.ts';
import { aggregateCascade } from './aggregate-cascade.ts';
import { FastCascade } from './fast-cascade.ts';
import { forcedFlow, tippingPrice } from './forced-flow.ts';
import { liquidationColumns } from './liquidation-columns.ts';
import { LiquidationIndex } from './liquidation-index.ts';
import { kyleCurve, kyleLotsPerTick, LiquidityCurve } from './liquidity-curve.ts';
import { maintenanceColumns } from './maintenance-columns.ts';
import { emptyPopulation, openInterestLots, type Population } from './population.ts';
import { excessUnits } from './trigger-price.ts';

const brackets = btcBrackets();
const columns = maintenanceColumns(brackets);

/** Rows of one side that do not survive a mark. */
function fallenRows(population: Population, side: number, markTicks: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < population.count; row++) {
    if (population.side[row] !== side) continue;
    const tickUnits = (population.sizeLots[row] as number) * population.contract.unitsPerTickLot;
    const entry = population.entryTicks[row] as number;
    const wallet = population.walletUnits[row] as number;
    if (excessUnits(columns, side, tickUnits, entry, wallet, markTicks) <= 0) rows.push(row);
  }
  return rows;
}

const sumOf = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

describe('liquidation index', () => {
  it('counts what falls between prices as a scan does, on both sides', () => {
    const rng = new Rng(7);
    for (let n = 0; n < 60; n++) {
      const { population } = randomSmallCascade(rng, brackets);
      for (const direction of ['fall', 'rise'] as const) {
        const sign = direction === 'fall' ? -1 : 1;
        const index = new LiquidationIndex(population, columns, direction);
        for (let k = 0; k < 12; k++) {
          const mark = 1 + rng.below(4_000);
          const rows = fallenRows(population, -sign, mark);
          expect(index.countAt(sign * mark)).toBe(rows.length);
          expect(index.lotsAt(sign * mark)).toBe(
            sumOf(rows.map((row) => population.sizeLots[row] as number)),
          );
        }
        for (let i = 1; i < index.count; i++) {
          const step = (index.reachTicks[i] as number) - (index.reachTicks[i - 1] as number);
          expect(step > 0 || (step === 0 && (index.rows[i] as number) > (index.rows[i - 1] as number))).toBe(
            true,
          );
        }
      }
    }
  });

  it('finds sums beyond its table of ticks by halving', () => {
    // Triggers from 1,000 to 2,000,000 ticks under a mark of two million: three quarters lie beyond the table.
    const count = 2_000;
    const population = emptyPopulation(COARSE_BTC, count);
    for (let row = 0; row < count; row++) {
      population.side[row] = 1;
      population.sizeLots[row] = 1 + (row % 7);
      population.entryTicks[row] = 2_000_000;
      population.walletUnits[row] = row * 1_000 * (population.sizeLots[row] as number) * 10_000;
    }
    const index = new LiquidationIndex(population, columns, 'fall');
    for (const mark of [1_990_000, 1_500_000, 1_400_000, 700_000, 40_000, 1]) {
      const rows = fallenRows(population, 1, mark);
      expect(index.countAt(-mark)).toBe(rows.length);
      expect(index.lotsAt(-mark)).toBe(sumOf(rows.map((row) => population.sizeLots[row] as number)));
    }
    expect(index.countAt(-1)).toBeGreaterThan(1_900);
  });

  it('gives ladder rows that add up to the side, each account in the row of its trigger', () => {
    const population = crowdOf(COARSE_BTC, brackets, {
      accounts: 2_000,
      markTicks: 7_756,
      openInterestLots: 300_000,
    });
    for (const [direction, side] of [
      ['fall', 1],
      ['rise', -1],
    ] as const) {
      const index = new LiquidationIndex(population, columns, direction);
      const ladder = { fromTicks: 7_000, ticksPerRow: 37, rows: 40 };
      const found = liquidationColumns(index, ladder);
      const rowOf = (trigger: number): number => Math.floor((trigger - 7_000) / 37);
      const accounts = new Array<number>(40).fill(0);
      let notional = 0;
      for (let i = 0; i < index.count; i++) {
        const trigger = Math.abs(index.reachTicks[i] as number);
        const row = rowOf(trigger);
        if (row < 0 || row >= 40) continue;
        accounts[row] = (accounts[row] as number) + 1;
        notional += (population.sizeLots[index.rows[i] as number] as number) * trigger * 0.01;
      }
      expect([...found.accounts]).toEqual(accounts);
      expect(sumOf(accounts)).toBeGreaterThan(100);
      expect(sumOf(found.notional) / notional).toBeCloseTo(1, 12);
      const all = liquidationColumns(index, { fromTicks: 1, ticksPerRow: 1_000_000, rows: 1 });
      expect(all.accounts[0]).toBe(index.count);
      expect(all.lots[0]).toBe(index.lotsBefore[index.count]);
      expect(openInterestLots(population)[side === 1 ? 'long' : 'short']).toBeGreaterThanOrEqual(
        all.lots[0] ?? 0,
      );
    }
  });
});

describe('aggregate cascade', () => {
  it('goes exactly as far as the cascade account by account', () => {
    const rng = new Rng(99);
    let fell = 0;
    for (let n = 0; n < 300; n++) {
      const { population, direction, segments, shock } = randomSmallCascade(rng, brackets);
      const index = new LiquidationIndex(population, columns, direction);
      const curve = new LiquidityCurve(direction, segments[0]?.fromTicks ?? 0, segments);
      const { waves, accounts, lots, lastTicks } = new FastCascade(index).run(curve, shock);
      expect(aggregateCascade(index, curve, shock.lots, shock.gapTicks)).toEqual({
        waves: waves.length,
        accounts,
        lots,
        lastTicks,
      });
      if (accounts > 0) fell++;
    }
    expect(fell).toBeGreaterThan(150);
  });
});

describe('tipping price', () => {
  it('is reached by its shock and by no smaller one, and runs exactly as far as it says', () => {
    const rng = new Rng(3);
    let found = 0;
    for (let n = 0; n < 300; n++) {
      const { population, direction, segments } = randomSmallCascade(rng, brackets);
      const index = new LiquidationIndex(population, columns, direction);
      const curve = new LiquidityCurve(direction, segments[0]?.fromTicks ?? 0, segments);
      const tipping = tippingPrice(index, curve, 20, 2_000_000);
      if (tipping === null) continue;
      found++;
      const sign = direction === 'fall' ? -1 : 1;
      const at = aggregateCascade(index, curve, tipping.shockLots, 0);
      const below = aggregateCascade(index, curve, tipping.shockLots - 1, 0);
      expect(at.lastTicks).toBe(tipping.runsToTicks);
      expect(sign * (tipping.runsToTicks - tipping.ticks)).toBeGreaterThanOrEqual(20);
      expect(sign * below.lastTicks).toBeLessThan(sign * tipping.ticks);
      expect(at.accounts - index.countAt(sign * tipping.ticks - 1)).toBe(tipping.accounts);
    }
    expect(found).toBeGreaterThan(100);
  });

  it('is not found where nobody is in reach', () => {
    const population = emptyPopulation(COARSE_BTC, 0);
    const index = new LiquidationIndex(population, columns, 'fall');
    expect(tippingPrice(index, kyleCurve('fall', 5_000, 10), 5, 4_000)).toBeNull();
  });
});

describe('forced flow', () => {
  it('is forced over held lots in the window, and 1/(1 − R) of it', () => {
    const population = emptyPopulation(COARSE_BTC, 10);
    for (let row = 0; row < 10; row++) {
      population.side[row] = 1;
      population.sizeLots[row] = 6;
      population.entryTicks[row] = 1_000;
      // Maintenance is 0.4 % of about 1,000 ticks: some 4 ticks before the wallet is gone.
      population.walletUnits[row] = (14.5 + row) * 6 * 10_000;
    }
    const index = new LiquidationIndex(population, columns, 'fall');
    const first = Math.abs(index.reachTicks[0] as number);
    const flow = forcedFlow(index, kyleCurve('fall', 1_000, 10), first + 1, 10);
    expect(flow.forcedLots).toBe(60);
    expect(flow.liquidityLots).toBe(100);
    expect(flow.ratio).toBe(0.6);
    expect(flow.amplification).toBeCloseTo(2.5, 12);
    expect(forcedFlow(index, kyleCurve('fall', 1_000, 5), first + 1, 10).amplification).toBeNull();
    const dry = new LiquidityCurve('fall', 1_000, [
      { fromTicks: 1_000, lotsPerTick: 0 },
      { fromTicks: 900, lotsPerTick: 1 },
    ]);
    expect(forcedFlow(index, dry, first + 1, 10).ratio).toBeNull();
  });

  it('turns an impact coefficient into depth: λ bps for a million', () => {
    // 0.67 bps at 77,562 is 5.197 of price, 51.97 ticks of 0.1; a million is 12,893 lots of 0.001: 248 a tick.
    expect(kyleLotsPerTick(0.67, 775_620, 100)).toBe(248);
    expect(kyleLotsPerTick(1e9, 775_620, 100)).toBe(1);
  });
});
