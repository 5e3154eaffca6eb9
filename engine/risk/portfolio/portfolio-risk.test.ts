// Portfolio risk against figures from outside: published quantiles and critical values, hand-worked examples, simulation.
import { describe, expect, it } from 'vitest';
import type { Result } from '../../core/result.ts';
import { Rng } from '../../core/rng.ts';
import { maintenanceMargin } from '../../margin/brackets/maintenance-margin.ts';
import { bracketAt } from '../../margin/brackets/notional-bracket.ts';
import { guardSpan } from '../../testkit/guard-cases.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { aggregatePools } from './aggregate.ts';
import {
  cholesky,
  covariance,
  meanAbsoluteCorrelation,
  shrunkCorrelation,
  spikedCorrelation,
} from './correlation.ts';
import { heatGrid } from './heat-grid.ts';
import { likeliestShock, smallestCommonShock } from './reverse-stress.ts';
import { backtestRisk } from './risk-backtest.ts';
import { NO_MOVE, poolFigures, type RiskPool } from './risk-pool.ts';
import { marginSideBySide } from './side-by-side.ts';
import { chiSquaredTail, normalCdf, normalQuantile } from './statistics.ts';
import { conditionalMove, stressPools } from './stress.ts';
import { dailyProfits, historicalTailRisk, parametricTailRisk } from './value-at-risk.ts';

const BRACKETS = publishedBrackets('2021-03-01').symbols.get('BTCUSDT') ?? [];
const unwrap = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
/** Sum of twelve uniform numbers less six: near normal, exactly standardised. */
const normal = (rng: Rng): number => {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += rng.fraction();
  return sum;
};
const pool = (
  id: string,
  balance: number,
  positions: RiskPool['positions'],
  over: Partial<RiskPool> = {},
): RiskPool => ({
  id,
  venue: 'binance-usdm',
  currency: 'USDT',
  balance,
  fixedRequirement: 0,
  positions,
  ...over,
});
const btc = (signedNotional: number) => ({ factor: 'BTC', signedNotional, brackets: BRACKETS });

describe('statistics', () => {
  it('agree with printed tables of the normal and chi-squared distributions', () => {
    // NIST/SEMATECH e-Handbook of Statistical Methods, tables 1.3.6.7.1 and 1.3.6.7.4.
    expect(normalCdf(1)).toBeCloseTo(0.84134, 5);
    expect(normalCdf(-1.96)).toBeCloseTo(0.025, 5);
    expect(normalQuantile(0.99)).toBeCloseTo(2.32635, 5);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.95996, 5);
    expect(chiSquaredTail(3.841, 1)).toBeCloseTo(0.05, 4);
    expect(chiSquaredTail(6.635, 1)).toBeCloseTo(0.01, 4);
    expect(chiSquaredTail(5.991, 2)).toBeCloseTo(0.05, 4);
    expect(chiSquaredTail(9.21, 2)).toBeCloseTo(0.01, 4);
  });
});

describe('correlation', () => {
  it('is positive definite and has ones on its diagonal, with fewer days than factors too', () => {
    const rng = new Rng(1);
    for (let run = 0; run < 50; run++) {
      const days = 3 + rng.below(30);
      const series = Array.from({ length: 2 + rng.below(12) }, () =>
        Array.from({ length: days }, () => normal(rng)),
      );
      // A twin of the first series would make the raw matrix singular.
      series.push([...(series[0] ?? [])]);
      const { matrix } = shrunkCorrelation(series);
      for (const share of [0, 0.5, 0.99]) {
        const spiked = spikedCorrelation(matrix, share);
        expect(cholesky(spiked)).not.toBeNull();
        spiked.forEach((row, i) => {
          expect(row[i]).toBe(1);
        });
      }
    }
    expect(
      cholesky([
        [1, 1.1],
        [1.1, 1],
      ]),
    ).toBeNull();
  });

  it('shrinks noise to almost nothing and leaves plenty of data alone', () => {
    const rng = new Rng(2);
    const few = shrunkCorrelation(
      Array.from({ length: 10 }, () => Array.from({ length: 12 }, () => normal(rng))),
    );
    expect(few.shrinkage).toBeGreaterThan(0.5);
    const common = Array.from({ length: 4000 }, () => normal(rng));
    const many = shrunkCorrelation([common, common.map((x) => 0.8 * x + 0.6 * normal(rng))]);
    expect(many.shrinkage).toBeLessThan(0.01);
    expect(many.matrix[0]?.[1]).toBeCloseTo(0.8, 1);
    expect(meanAbsoluteCorrelation(many.matrix)).toBeCloseTo(0.8, 1);
  });
});

describe('value at risk', () => {
  it('historical: hand-worked over 100 days', () => {
    const profits = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) - 60);
    // Losses run from 60 down; 5 % of 100 days are the five worst: 60, 59, 58, 57, 56.
    const { valueAtRisk, expectedShortfall } = historicalTailRisk(profits, 0.95);
    expect(valueAtRisk).toBe(56);
    expect(expectedShortfall).toBe(58);
    // 1.5 days: the worst whole, the next by half.
    expect(historicalTailRisk(profits, 0.985).expectedShortfall).toBeCloseTo((60 + 59 / 2) / 1.5, 12);
  });

  it('parametric: two assets, and equal to the historical figure of many normal days', () => {
    const matrix = [
      [1, 0.5],
      [0.5, 1],
    ];
    // Variance: 100² × (0.02² + 0.03² + 2 × 0.5 × 0.02 × 0.03) = 19.
    const risk = parametricTailRisk([100, 100], covariance(matrix, [0.02, 0.03]), 0.99);
    expect(risk.valueAtRisk).toBeCloseTo(2.32635 * Math.sqrt(19), 4);
    expect(risk.expectedShortfall).toBeCloseTo(2.66521 * Math.sqrt(19), 3);
    const rng = new Rng(4);
    const first = Array.from({ length: 40_000 }, () => normal(rng));
    const series = [
      first.map((x) => 0.02 * x),
      first.map((x) => 0.03 * (0.5 * x + Math.sqrt(0.75) * normal(rng))),
    ];
    const past = historicalTailRisk(dailyProfits([100, 100], series), 0.95);
    expect(
      past.valueAtRisk / parametricTailRisk([100, 100], covariance(matrix, [0.02, 0.03]), 0.95).valueAtRisk,
    ).toBeCloseTo(1, 1);
  });

  it('a backtest: right models pass, wrong ones and clusters fail, known statistic', () => {
    // Kupiec's regions of exceedances that are not rejected at 95 %: days, confidence, least, most (Kupiec 1995, in P. Jorion,
    // Value at Risk, "Model backtesting, nonrejection regions").
    for (const [days, confidence, least, most] of [
      [255, 0.99, 0, 6],
      [510, 0.99, 2, 10],
      [1000, 0.99, 5, 16],
      [255, 0.95, 7, 20],
      [510, 0.95, 17, 35],
      [1000, 0.95, 38, 64],
    ] as const) {
      const pValue = (hits: number): number =>
        backtestRisk(
          Array.from({ length: days }, (_, t) => t < hits),
          confidence,
        ).coverage.pValue;
      expect(pValue(most)).toBeGreaterThan(0.05);
      expect(pValue(most + 1)).toBeLessThan(0.05);
      if (least === 0) continue;
      expect(pValue(least)).toBeGreaterThan(0.05);
      expect(pValue(least - 1)).toBeLessThan(0.05);
    }
    const rng = new Rng(5);
    let rejected = 0;
    for (let run = 0; run < 200; run++) {
      const days = Array.from({ length: 500 }, () => rng.below(20) === 0);
      if (backtestRisk(days, 0.95).coverage.pValue < 0.05) rejected++;
    }
    // A right model is rejected about one time in twenty.
    expect(rejected).toBeLessThan(25);
    const cluster = Array.from({ length: 500 }, (_, t) => t % 100 < 5);
    const clustered = backtestRisk(cluster, 0.95);
    expect(clustered.coverage.pValue).toBeGreaterThan(0.9);
    expect(clustered.independence.pValue).toBeLessThan(1e-6);
    expect(clustered.conditionalCoverage.pValue).toBeLessThan(1e-6);
    expect(backtestRisk([false, false, false], 0.99).coverage.pValue).toBeGreaterThan(0.5);
  });
});

describe('aggregation', () => {
  const crypto = pool('crypto', 10_000, [btc(100_000)]);
  const cme = pool('cme', 20_000, [{ factor: 'BTC', signedNotional: -80_000, brackets: null }], {
    venue: 'cme-globex',
    currency: 'USD',
    fixedRequirement: 12_000,
  });
  const rates = [{ currency: 'USDT', toBase: 0.5, trust: 'LIVE' }] as const;

  it('adds up over venues and currencies and nets nothing of itself', () => {
    const sum = unwrap(aggregatePools([crypto, cme], rates, 'USD'));
    const own = maintenanceMargin(100_000, bracketAt(BRACKETS, 100_000));
    expect(sum).toMatchObject({
      equity: 25_000,
      requirement: own * 0.5 + 12_000,
      net: -30_000,
      gross: 130_000,
    });
    expect(sum.credits).toEqual([]);
    expect(sum.byVenue.map(({ key }) => key)).toEqual(['cme-globex', 'binance-usdm']);
    expect(sum.pools[0]?.id).toBe('cme');
  });

  it('gives a credit only where a rule set says so, and names the rule', () => {
    const rule = { pools: ['crypto', 'cme'], creditRate: 0.5, source: 'rule of the test' } as const;
    const [without, granted] = [[], [rule]].map((rules) =>
      unwrap(aggregatePools([crypto, cme], rates, 'USD', rules)),
    );
    // 50,000 offset; requirement rates 450 ÷ 100,000 and 12,000 ÷ 80,000; half of the smaller on 50,000.
    expect(granted?.credits).toEqual([{ rule, credit: 0.5 * 50_000 * 0.0045 }]);
    expect((without?.requirement ?? 0) - (granted?.requirement ?? 0)).toBeCloseTo(112.5, 9);
  });

  it('refuses a currency without a usable rate instead of counting it as nothing', () => {
    expect(aggregatePools([crypto], [], 'USD')).toMatchObject({
      ok: false,
      failure: { code: 'portfolio/rate-missing' },
    });
    expect(aggregatePools([crypto], [{ currency: 'USDT', toBase: 1, trust: 'STALE' }], 'USD').ok).toBe(false);
    expect(
      aggregatePools([crypto], [{ currency: 'USDT', toBase: Number.NaN, trust: 'LIVE' }], 'USD').ok,
    ).toBe(false);
  });
});

describe('stress', () => {
  const model = {
    factors: ['BTC', 'ETH'],
    correlation: [
      [1, 0.8],
      [0.8, 1],
    ],
    deviations: [0.03, 0.04],
  };

  it('the others follow by correlation and deviation, closer in a panic', () => {
    const calm = conditionalMove(model, {
      factor: 'BTC',
      shock: -0.1,
      correlationSpike: 0,
      volatilityFactor: 1,
    });
    expect(calm.returnOf('ETH')).toBeCloseTo(-0.1 * 0.8 * (4 / 3), 12);
    const panic = conditionalMove(model, {
      factor: 'BTC',
      shock: -0.1,
      correlationSpike: 0.5,
      volatilityFactor: 1,
    });
    expect(panic.returnOf('ETH')).toBeCloseTo(-0.1 * 0.9 * (4 / 3), 12);
    expect(
      conditionalMove(model, {
        factor: 'BTC',
        shock: -0.95,
        correlationSpike: 0.9,
        volatilityFactor: 1,
      }).returnOf('ETH'),
    ).toBe(-1);
    expect(calm.returnOf('GOLD')).toBe(0);
  });

  it('pools before and after: profit, requirement of the moved notional, scan ranges with volatility', () => {
    const mixed = pool('p', 20_000, [btc(300_000)], { fixedRequirement: 100 });
    const { pools } = stressPools([mixed], model, {
      factor: 'BTC',
      shock: -0.05,
      correlationSpike: 0,
      volatilityFactor: 2,
    });
    expect(pools[0]?.before.requirement).toBe(1_700 + 100);
    expect(pools[0]?.after).toMatchObject({
      balance: 5_000,
      profit: -15_000,
      requirement: 285_000 * 0.01 - 1_300 + 200,
    });
  });

  it('heat: the weakest pool in each cell', () => {
    const grid = heatGrid(
      [pool('a', 5_000, [btc(50_000)]), pool('b', 4_700, [btc(-90_000)])],
      [-0.05, 0, 0.05],
      [1, 2],
    );
    expect(grid.cells.map((row) => row[0]?.weakest)).toEqual(['a', 'b', 'b']);
    expect(grid.cells[2]?.[0]).toMatchObject({ status: 'LIQUIDATION', fallen: 1 });
    expect(heatGrid([pool('c', 1, [])], [0], [1]).cells[0]?.[0]).toMatchObject({ ratio: null, status: null });
  });

  it('reverse stress: the exact root of a long, the nearer side, and the break itself', () => {
    // Long 50,000 with 5,000 behind it in the first bracket: 5,000 + 50,000 s = 0.4 % × 50,000 (1 + s), s = −4,800 ÷ 49,800.
    const long = pool('long', 5_000, [btc(50_000)]);
    const shock = smallestCommonShock([long]);
    expect(shock?.size).toBeCloseTo(-4_800 / 49_800, 9);
    const short = pool('short', 2_000, [btc(-50_000)]);
    expect(smallestCommonShock([long, short])).toMatchObject({ pool: 'short' });
    expect(smallestCommonShock([pool('safe', 1e9, [btc(1)])])).toBeNull();
    expect(smallestCommonShock([pool('gone', 0, [btc(1)])])?.size).toBe(0);
  });

  it('the likeliest shock breaks, just before it does not, and no random shock of less distance loses as much', () => {
    const mixed = pool('mixed', 10_000, [
      btc(90_000),
      { factor: 'ETH', signedNotional: -40_000, brackets: BRACKETS },
    ]);
    const shock = likeliestShock([mixed], model);
    if (shock === null) throw new Error('it breaks');
    const moved = (share: number) =>
      poolFigures(mixed, {
        ...NO_MOVE,
        returnOf: (factor) => share * (shock.returns.find((r) => r.factor === factor)?.move ?? 0),
      });
    expect(moved(1).ratio).toBeCloseTo(1, 6);
    expect(moved(0.999).ratio).toBeGreaterThan(1);
    const inverse = 1 / (1 - 0.64);
    const rng = new Rng(6);
    for (let i = 0; i < 2000; i++) {
      const angle = 2 * Math.PI * rng.fraction();
      // Any shock of the same Mahalanobis distance: x = L u with |u| = size.
      const u = [Math.cos(angle) * shock.size, Math.sin(angle) * shock.size] as const;
      const x = [0.03 * u[0], 0.04 * (0.8 * u[0] + 0.6 * u[1])] as const;
      const distance = Math.sqrt(
        inverse * ((x[0] / 0.03) ** 2 + (x[1] / 0.04) ** 2 - 2 * 0.8 * (x[0] / 0.03) * (x[1] / 0.04)),
      );
      expect(distance).toBeCloseTo(shock.size, 9);
      expect(90_000 * x[0] - 40_000 * x[1]).toBeGreaterThanOrEqual(moved(1).profit - 1e-6);
    }
  });
});

describe('brackets beside SPAN', () => {
  it('the steps of the gap add up to the gap, and offsets and credits never add', () => {
    const { maintenance } = guardSpan();
    const rng = new Rng(8);
    const contracts = ['CME:ES:FUT:202203', 'CME:ES:FUT:202206', 'CME:NQ:FUT:202203', 'CMX:GC:FUT:202204'];
    let offsets = 0;
    for (let run = 0; run < 100; run++) {
      const positions = contracts.map((contract) => {
        const lots = rng.below(41) - 20;
        return {
          name: contract,
          notional: Math.abs(lots) * 220_000,
          brackets: BRACKETS,
          span: { contract, lots },
        };
      });
      const { byBrackets, bySpan, gap, positions: rows } = unwrap(marginSideBySide(maintenance, positions));
      expect(gap.reduce((sum, { amount }) => sum + amount, byBrackets)).toBeCloseTo(bySpan, 6);
      expect(rows.reduce((sum, row) => sum + row.byBrackets, 0)).toBeCloseTo(byBrackets, 6);
      expect(gap[2]?.amount).toBeLessThanOrEqual(0);
      expect(gap[3]?.amount).toBeLessThanOrEqual(0);
      if ((gap[3]?.amount ?? 0) < 0) offsets++;
    }
    expect(offsets).toBeGreaterThan(10);
    const unknown = {
      name: 'x',
      notional: 1,
      brackets: BRACKETS,
      span: { contract: 'CME:XX:FUT:202203', lots: 1 },
    };
    expect(marginSideBySide(maintenance, [unknown]).ok).toBe(false);
  });
});
