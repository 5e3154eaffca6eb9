// Queue against pro-rata: the published waves of 10 Oct 2025, and the same question put to a synthetic crowd.
import { describe, expect, it } from 'vitest';
import { LISTINGS } from '../../reference/instruments/listings.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { btcBrackets, crowdOf } from '../../testkit/small-crowd.ts';
import { ADL_RULES, adlRule } from '../../venue/liquidation/adl-rules.ts';
import { deleverage, deleveragingNeeds, haircutProfits, proRataShare } from './deleveraging-comparison.ts';
import { FastCascade } from './fast-cascade.ts';
import { LiquidationIndex } from './liquidation-index.ts';
import { LiquidityCurve } from './liquidity-curve.ts';
import { maintenanceColumns } from './maintenance-columns.ts';
import { crowdContract } from './population.ts';
import { DEFAULT_POPULATION } from './population-parameters.ts';

const brackets = btcBrackets();
const columns = maintenanceColumns(brackets);
const { markTicks, openInterestLots } = DEFAULT_POPULATION;

/**
 * A fall of the default crowd through a book that has lost most of its depth near the mark and deepens below, without a
 * fund: 10 to 18 % down, more than a thousand accounts in several waves.
 */
function episode(seed: number, depth: number) {
  const contract = crowdContract(
    LISTINGS.find(({ symbol }) => symbol === 'BTCUSDT') as (typeof LISTINGS)[number],
  );
  const population = crowdOf(contract, brackets, { seed });
  const index = new LiquidationIndex(population, columns, 'fall');
  const shape = [
    [0, 40],
    [0.03, 60],
    [0.08, 150],
    [0.15, 600],
  ] as const;
  const curve = new LiquidityCurve(
    'fall',
    markTicks,
    shape.map(([away, lots]) => ({
      fromTicks: Math.round(markTicks * (1 - away)),
      lotsPerTick: Math.round(lots * depth),
    })),
  );
  const cascade = new FastCascade(index);
  const shock = {
    lots: Math.round(openInterestLots * 0.03),
    gapTicks: 0,
    liquidationFeeRate: 0.0125,
    fundUnits: 0,
  };
  const totals = cascade.run(curve, shock);
  return { population, totals, needs: deleveragingNeeds(index, cascade, totals) };
}

const episodes = [episode(1, 0.8), episode(2, 0.6), episode(3, 0.8)];

describe('deleveraging a synthetic crowd', () => {
  it('asks for exactly what the cascade left unpaid', () => {
    for (const { totals, needs } of episodes) {
      expect(needs.reduce((sum, { moneyUnits }) => sum + moneyUnits, 0)).toBe(totals.adlNeedUnits);
      expect(needs.reduce((sum, { lots }) => sum + lots, 0)).toBe(totals.adlNeedLots);
      expect(needs.length).toBeGreaterThan(2);
    }
  });

  it('pro-rata in money takes exactly the need, the same share from everybody', () => {
    for (const { population, needs } of episodes) {
      for (const need of needs) {
        const { takenUnits, reduced, winners, largestShare, profitUnits } = haircutProfits(
          population,
          columns,
          need,
        );
        expect(takenUnits / need.moneyUnits).toBeCloseTo(1, 12);
        expect(reduced).toBe(winners);
        expect(largestShare).toBe(need.moneyUnits / profitUnits);
      }
    }
  });

  it('every rule closes exactly the lots needed: what is taken differs between rules by rounding only', () => {
    const { population, needs } = episodes[0] as (typeof episodes)[number];
    for (const need of needs.slice(0, 3)) {
      const taken = ADL_RULES.map((rule) => deleverage(population, columns, need, rule).takenUnits);
      for (const units of taken) expect(units / (taken[0] as number)).toBeCloseTo(1, 9);
      const queue = deleverage(population, columns, need, adlRule('hyperliquid'));
      const shared = deleverage(population, columns, need, adlRule('pro-rata'));
      expect(queue.reduced).toBeLessThan(shared.reduced / 2);
      expect(queue.largestShare).toBeGreaterThanOrEqual(shared.largestShare);
    }
  });
});

interface PublishedWave {
  readonly needed: number;
  readonly production: number;
  readonly proRata: number;
  readonly capacity: number;
  readonly largestProduction: number;
  readonly largestProRata: number;
}

function publishedWaves(): readonly PublishedWave[] {
  const [header = '', ...lines] = readSharedText('hyperliquid/oss_policy_per_wave_metrics.csv')
    .trim()
    .split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const value = (name: string): number => Number(cells[names.indexOf(name)]);
    return {
      needed: value('budget_needed'),
      production: value('budget_prod'),
      proRata: value('budget_pr'),
      capacity: value('total_cap'),
      largestProduction: value('max_pct_prod'),
      largestProRata: value('max_pct_pr'),
    };
  });
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe.skipIf(!HAS_SHARED_DATA)(`deleveraging on 10 Oct 2025${SHARED_DATA_NOTE}`, () => {
  it('pro-rata takes the published share of each profit: to rounding in 11 of 16 waves, within a factor of 3 in all', () => {
    const waves = publishedWaves();
    expect(waves).toHaveLength(16);
    const ratios = waves.map((w) => proRataShare(w.needed, w.capacity) / w.largestProRata);
    expect(ratios.filter((ratio) => Math.abs(ratio - 1) < 1e-9)).toHaveLength(11);
    for (const ratio of ratios) {
      expect(ratio).toBeGreaterThan(1 - 1e-9);
      expect(ratio).toBeLessThan(3);
    }
    for (const { needed, proRata } of waves) expect(proRata).toBeCloseTo(needed, 3);
  });

  it('the queue takes several times the need, pro-rata the need: here as there', () => {
    const waves = publishedWaves();
    const published = sumOf(waves.map((w) => w.production)) / sumOf(waves.map((w) => w.needed));
    expect(published).toBeCloseTo(60.11 / 15.08, 2);
    for (const { population, needs } of episodes) {
      const queue = needs.map((need) => deleverage(population, columns, need, adlRule('hyperliquid')));
      const ours = sumOf(queue.map((o) => o.takenUnits)) / sumOf(needs.map((n) => n.moneyUnits));
      expect(ours).toBeGreaterThan(1.5);
      expect(ours / published).toBeGreaterThan(1 / 10);
      expect(ours / published).toBeLessThan(10);
    }
  });

  it('the queue takes all of some profits, pro-rata a few per cent of each: here as there', () => {
    const waves = publishedWaves();
    const worstQueue = Math.max(...waves.map((w) => w.largestProduction));
    const medianShare = waves.map((w) => w.largestProRata).sort((a, b) => a - b)[8] as number;
    const farMore = waves.filter((w) => w.largestProduction > 10 * w.largestProRata).length;
    expect([worstQueue, farMore]).toEqual([1, 15]);
    for (const { population, needs } of episodes) {
      const pairs = needs.map((need) => ({
        queue: deleverage(population, columns, need, adlRule('hyperliquid')).largestShare,
        proRata: haircutProfits(population, columns, need).largestShare,
      }));
      expect(Math.max(...pairs.map((p) => p.queue))).toBe(1);
      expect(pairs.filter((p) => p.queue > 10 * p.proRata).length / pairs.length).toBeGreaterThan(0.5);
      const ours = pairs.map((p) => p.proRata).sort((a, b) => a - b)[pairs.length >> 1] as number;
      expect(ours / medianShare).toBeGreaterThan(1 / 10);
      expect(ours / medianShare).toBeLessThan(10);
    }
  });
});
