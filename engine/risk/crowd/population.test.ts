// Synthetic populations: exact open interest, nobody born dead, the same draw each time, and files without loss.
import { describe, expect, it } from 'vitest';
import { StateHash } from '../../core/state-hash.ts';
import { increment } from '../../core/units.ts';
import { LISTINGS } from '../../reference/instruments/listings.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { btcBrackets, COARSE_BTC, crowdOf } from '../../testkit/small-crowd.ts';
import { generatePopulation } from './generate-population.ts';
import { maintenanceColumns } from './maintenance-columns.ts';
import { crowdContract, openInterestLots, type Population } from './population.ts';
import { exportPopulation, importPopulation } from './population-csv.ts';
import {
  checkPopulationParameters,
  DEFAULT_POPULATION,
  POPULATION_RANGES,
  type PopulationSlider,
} from './population-parameters.ts';
import { excessUnits } from './trigger-price.ts';

const BTC = crowdContract(
  LISTINGS.find(({ symbol }) => symbol === 'BTCUSDT') ?? { ...COARSE_BTC, multiplier: '1' },
);
const brackets = btcBrackets();

function hashOf(population: Population): number {
  const hash = new StateHash();
  const { side, sizeLots, entryTicks, leverage, walletUnits, isolated } = population;
  for (const column of [side, sizeLots, entryTicks, leverage, walletUnits, isolated]) {
    for (const value of column) hash.integer(value);
  }
  return hash.value();
}

describe('synthetic population', () => {
  it('holds the open interest on both sides exactly, whatever the sliders say', () => {
    const ends = Object.entries(POPULATION_RANGES).filter(
      ([name]) => !['seed', 'accounts', 'markTicks'].includes(name),
    );
    for (const [name, { from, to }] of ends) {
      const isInterest = name === 'openInterestLots';
      for (const value of isInterest ? [500, 100_000_000] : [from, to]) {
        const population = crowdOf(BTC, brackets, { accounts: 500, [name]: value });
        const lots = isInterest ? value : DEFAULT_POPULATION.openInterestLots;
        expect({ name, ...openInterestLots(population) }).toEqual({ name, long: lots, short: lots });
      }
    }
  });

  it('starts nobody in liquidation, and nobody above the leverage of the bracket', () => {
    for (const [date, entryMoveRate] of [
      ['2021-03-01', 0.3],
      ['2026-05-01', -0.3],
    ] as const) {
      const table = publishedBrackets(date).symbols.get('BTCUSDT') ?? [];
      const columns = maintenanceColumns(table);
      const population = crowdOf(BTC, table, { entryMoveRate, entrySpreadRate: 0.1 });
      const mark = DEFAULT_POPULATION.markTicks;
      const wrong: number[] = [];
      for (let row = 0; row < population.count; row++) {
        const tickUnits = (population.sizeLots[row] as number) * BTC.unitsPerTickLot;
        const entry = population.entryTicks[row] as number;
        const wallet = population.walletUnits[row] as number;
        const leverage = population.leverage[row] as number;
        const excess = excessUnits(columns, population.side[row] as number, tickUnits, entry, wallet, mark);
        const notional = (tickUnits * entry) / 1e6;
        const bracket = table.find(({ cap }) => cap === null || notional <= cap) ?? table.at(-1);
        const isCovered = wallet * leverage >= tickUnits * entry;
        if (!(excess > 0 && leverage <= (bracket?.maxLeverage ?? 200) && isCovered)) wrong.push(row);
      }
      expect(wrong).toEqual([]);
    }
  });

  it('is the same draw for the same seed, and another for another', () => {
    const hash = hashOf(crowdOf(BTC, brackets, { accounts: 3_000 }));
    expect(hashOf(crowdOf(BTC, brackets, { accounts: 3_000 }))).toBe(hash);
    expect(hashOf(crowdOf(BTC, brackets, { accounts: 3_000, seed: 2 }))).not.toBe(hash);
    expect(hash).toBe(GOLDEN_HASH);
  });

  it('has the share of longs, of isolated accounts and of leverages that was asked for', () => {
    const population = crowdOf(BTC, brackets, { sizeConcentrationEighths: 0 });
    const share = (column: ArrayLike<number>, value: number): number =>
      Array.from(column).filter((v) => v === value).length / population.count;
    expect(share(population.side, 1)).toBe(0.6);
    expect(share(population.isolated, 1)).toBeCloseTo(0.5, 1);
    expect(share(population.leverage, 10)).toBeCloseTo(0.26, 1);
    expect(share(population.leverage, 100)).toBeCloseTo(0.01, 2);
  });

  it('concentrates like the accounts that were reduced on 10 Oct 2025 (top 10: 45.8 %, top 100: 77.6 %)', () => {
    const population = crowdOf(BTC, brackets, {});
    const sizes = Array.from(population.sizeLots)
      .filter((_, row) => population.side[row] === 1)
      .sort((a, b) => b - a);
    const share = (top: number): number =>
      sizes.slice(0, top).reduce((a, b) => a + b, 0) / DEFAULT_POPULATION.openInterestLots;
    expect(Math.abs(share(10) - 0.458)).toBeLessThan(0.06);
    expect(Math.abs(share(100) - 0.776)).toBeLessThan(0.1);
  });

  it('refuses parameters out of range, naming them', () => {
    for (const [name, { from, to, integer }] of Object.entries(POPULATION_RANGES)) {
      for (const value of [from - 1, to + 1, Number.NaN, ...(integer ? [from + 0.5] : [])]) {
        const checked = checkPopulationParameters({
          ...DEFAULT_POPULATION,
          [name as PopulationSlider]: value,
        });
        expect(checked.ok ? null : checked.failure.context['parameter']).toBe(name);
      }
    }
    const mixes = [
      [],
      [{ leverage: 0, weight: 1 }],
      [{ leverage: 3, weight: 0 }],
      [{ leverage: 3, weight: -1 }],
    ];
    for (const leverageMix of mixes) {
      const made = generatePopulation(BTC, brackets, { ...DEFAULT_POPULATION, leverageMix });
      expect(made.ok ? null : made.failure.code).toBe('crowd/parameter-out-of-range');
    }
    const huge = generatePopulation(BTC, brackets, { ...DEFAULT_POPULATION, openInterestLots: 1e12 });
    expect(huge.ok ? null : huge.failure.context['parameter']).toBe('openInterestLots');
    const few = checkPopulationParameters({ ...DEFAULT_POPULATION, openInterestLots: 9_999 });
    expect(few.ok).toBe(false);
  });

  it('takes contracts in which a tick on a lot is a whole number of millionths', () => {
    expect(BTC.unitsPerTickLot).toBe(100);
    const es = { symbol: 'ESZ6', tickSize: increment('0.25'), lotSize: increment('1'), multiplier: '50' };
    expect(crowdContract(es).unitsPerTickLot).toBe(12_500_000);
    expect(() => crowdContract({ ...es, tickSize: increment('0.00000002') })).not.toThrow();
    expect(() => crowdContract({ ...es, tickSize: increment('0.000000001') })).toThrow(/whole number/);
  });
});

/** Of 3,000 default accounts, seed 1; must not change unless the generator means to. */
const GOLDEN_HASH = 2_504_656_272;

describe('population file', () => {
  it('comes back byte for byte, and holds the same accounts', () => {
    const population = crowdOf(BTC, brackets, { accounts: 2_000 });
    const text = exportPopulation(population);
    const read = importPopulation(text, BTC);
    if (!read.ok) throw new Error(read.failure.message);
    expect(read.value.problems).toEqual([]);
    expect(exportPopulation(read.value.population)).toBe(text);
    expect(hashOf(read.value.population)).toBe(hashOf(population));
  });

  it('keeps good rows and names bad ones by line, column, expected and found', () => {
    const good = 'BTCUSDT,long,0.010,60000.0,10,isolated,60.5\r\n';
    const text = [
      'symbol,side,size,entryPrice,leverage,marginMode,wallet\r\n',
      good,
      'ETHUSDT,buy,0.0105,60000.05,0,both,-1\r\n',
      'BTCUSDT,short,0.010\r\n',
      'BTCUSDT,short,"0.0"1,1,1,cross,1\r\n',
      'BTCUSDT,short,9000000,900000.0,1,cross,1\r\n',
      'BTCUSDT,short,0.004,60000.0,10,cross,24.000001\r\n',
    ].join('');
    const read = importPopulation(text, BTC);
    if (!read.ok) throw new Error(read.failure.message);
    const { population, problems } = read.value;
    expect(population.count).toBe(2);
    expect([...population.sizeLots]).toEqual([10, 4]);
    expect([...population.walletUnits]).toEqual([60_500_000, 24_000_001]);
    expect(problems).toEqual([
      { line: 3, column: 'symbol', expected: 'BTCUSDT', found: '"ETHUSDT"' },
      { line: 3, column: 'side', expected: 'long or short', found: '"buy"' },
      { line: 3, column: 'size', expected: 'a multiple of 0.001 from 0.001 up', found: '"0.0105"' },
      { line: 3, column: 'entryPrice', expected: 'a multiple of 0.1 from 0.1 up', found: '"60000.05"' },
      { line: 3, column: 'leverage', expected: 'a multiple of 1 from 1 to 200', found: '"0"' },
      { line: 3, column: 'marginMode', expected: 'cross or isolated', found: '"both"' },
      { line: 3, column: 'wallet', expected: 'a multiple of 0.000001 from 0.000000 up', found: '"-1"' },
      { line: 4, column: '', expected: '7 fields', found: '3' },
      {
        line: 5,
        column: '',
        expected: 'a row of comma-separated fields',
        found: 'text after a closing quote',
      },
      {
        line: 6,
        column: 'size',
        expected: 'size × entry price below 9 billion',
        found: '"9000000" at "900000.0"',
      },
      {
        line: 7,
        column: 'size',
        expected: 'as much held long as short in all rows kept',
        found: '0.010 long, 0.004 short',
      },
    ]);
    const noHeader = importPopulation(good, BTC);
    expect(noHeader.ok ? null : noHeader.failure.code).toBe('crowd/file-malformed');
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`default population${SHARED_DATA_NOTE}`, () => {
  it('has the open interest and mark of the recorded context', () => {
    const context = JSON.parse(readSharedText('venues/hyperliquid-asset-contexts.json'));
    const btc = context.data.ctxs[0][1][0];
    expect(DEFAULT_POPULATION.openInterestLots).toBe(Math.round(Number(btc.openInterest) * 1_000) - 1);
    expect(DEFAULT_POPULATION.markTicks).toBe(Math.round(Number(btc.markPx) * 10));
  });
});
