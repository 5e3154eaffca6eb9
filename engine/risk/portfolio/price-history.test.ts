// Price histories and what is drawn from them: files with bad rows, gaps, the choice of origin, and figures against independent ones.
import { describe, expect, it } from 'vitest';
import type { Result } from '../../core/result.ts';
import { Rng } from '../../core/rng.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { factorCorrelation, portfolioTail } from './portfolio-tail.ts';
import { readPriceFile } from './price-file.ts';
import { bestHistory, commonReturns, dayScale, type PriceHistory, seriesOf } from './price-history.ts';
import { leastTestable, trafficLight, walkForward } from './walk-forward.ts';

const MINUTE = 60e6;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const unwrap = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code);

/** Closes at the instants given, each instrument a random walk of its own. */
function walk(times: readonly number[], names: readonly string[], seed: number): PriceHistory {
  const rng = new Rng(seed);
  const series = names.map((name) => {
    let price = 100;
    const closes = times.map(() => {
      price *= 1 + 0.02 * (rng.fraction() - 0.5);
      return price;
    });
    return [name, { atMicros: times, closes }] as const;
  });
  return { origin: 'file', series: new Map(series) };
}
const every = (step: number, count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i * step);

describe('a price file', () => {
  it('is read long or wide, in any order, by ISO time or milliseconds, to the same closes', () => {
    const long = 'close,instrument,note,time\n101,btcusdt,,2023-01-02\n100,BTCUSDT,x,2023-01-01T00:00:00Z\n';
    const wide = 'date,BTCUSDT,ES\n1672531200000,100,\n2023-01-02 00:00:00,101,\n';
    const [a, b] = [long, wide].map((text) => unwrap(readPriceFile(text)));
    const expected = { atMicros: [1672531200e6, 1672617600e6], closes: [100, 101] };
    expect(a?.history.series.get('BTCUSDT')).toEqual(expected);
    expect(b?.history.series.get('BTCUSDT')).toEqual(expected);
    expect([a?.closes, a?.problems, b?.problems]).toEqual([2, [], []]);
  });

  it('names bad rows by line and keeps the good ones', () => {
    const text = [
      'time,instrument,close',
      '2023-01-01,BTC,100',
      '2023-02-31,BTC,100',
      '2023-01-02,BTC,-5',
      '2023-01-01,BTC,101',
      '2023-01-03,BTC',
      '2023-01-03,BTC,"1"2',
      '2023-01-04,=cmd,1',
      '1672531200,BTC,1',
      '2023-01-05,BTC,NaN',
      '2023-01-06,BTC,1e400',
      '2023-01-07,BTC,103',
      '2023-01-08,__proto__,1',
    ].join('\n');
    const { history, closes, problems } = unwrap(readPriceFile(text));
    expect(history.series.get('BTC')?.closes).toEqual([100, 103]);
    expect(closes).toBe(2);
    expect(problems.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 13]);
    expect(problems[0]).toMatchObject({ column: 'time', found: '2023-02-31' });
  });

  it('is refused whole without a usable header or a close', () => {
    for (const text of [
      '',
      'a,b\n1,2\n',
      'time,close\n2023-01-01,5\n',
      'time,instrument\n2023-01-01,BTC\n',
      'time\n2023-01-01\n',
      'date,BTC,BTC\n2023-01-01,1,2\n',
      'date,BTC\n2023-01-01,no\n',
    ]) {
      expect(codeOf(readPriceFile(text))).toBe('portfolio/history-malformed');
    }
  });
});

describe('common returns', () => {
  it('finds an instrument by id, symbol or product', () => {
    const history = walk([0, DAY], ['ES', 'BTCUSDT', 'CME-GLOBEX:NQZ6', 'NQ'], 1);
    expect(seriesOf(history, 'cme-globex:ESZ6')).toBe(history.series.get('ES'));
    expect(seriesOf(history, 'cme-globex:NQZ6')).toBe(history.series.get('CME-GLOBEX:NQZ6'));
    expect(seriesOf(history, 'binance-usdm:BTCUSDT')).toBe(history.series.get('BTCUSDT'));
    expect(seriesOf(history, 'binance-usdm:ESZ6')).toBeNull();
  });

  it('takes no return across a gap, but one over a weekend of daily closes', () => {
    const minutes = walk([...every(MINUTE, 5), ...every(MINUTE, 5, HOUR)], ['A'], 2);
    expect(commonReturns(minutes, ['A'])).toMatchObject({ observations: 8, intervalMicros: MINUTE });
    const days = walk([...every(DAY, 5), ...every(DAY, 5, 7 * DAY), ...every(DAY, 5, 30 * DAY)], ['A'], 2);
    expect(commonReturns(days, ['A'])).toMatchObject({ observations: 13, intervalMicros: DAY });
  });

  it('compares instruments only at instants that both have', () => {
    const [a, b] = [walk(every(HOUR, 40), ['A'], 3), walk(every(2 * HOUR, 40, 10 * HOUR), ['B'], 4)];
    const both: PriceHistory = { origin: 'file', series: new Map([...a.series, ...b.series]) };
    const { returns, observations, intervalMicros, untilMicros } = commonReturns(both, ['A', 'B']);
    expect([observations, intervalMicros, untilMicros]).toEqual([14, 2 * HOUR, 38 * HOUR]);
    const closes = a.series.get('A')?.closes ?? [];
    expect(returns[0]?.[0]).toBeCloseTo((closes[12] ?? 0) / (closes[10] ?? 0) - 1, 15);
    expect(commonReturns(both, ['A', 'C'])).toMatchObject({ observations: 0, missing: ['C'] });
  });

  it('prefers the longest interval that has enough returns, then the most returns', () => {
    const run = { origin: 'run', observations: 900, intervalMicros: MINUTE } as const;
    const file = { origin: 'file', observations: 60, intervalMicros: 8 * HOUR } as const;
    const venue = { origin: 'venue', observations: 89, intervalMicros: DAY } as const;
    expect(bestHistory([run, file, venue])).toBe(venue);
    expect(bestHistory([run, file])).toBe(file);
    expect(bestHistory([run, { ...file, observations: 59 }])).toBe(run);
    expect(
      bestHistory([
        { ...run, observations: 40 },
        { ...file, observations: 59 },
      ])?.origin,
    ).toBe('file');
    expect(bestHistory([venue, { ...file, intervalMicros: DAY }])?.origin).toBe('file');
    expect(bestHistory([])).toBeNull();
  });
});

describe('figures of a portfolio', () => {
  it('are withheld for want of returns, closes or movement', () => {
    const short = walk(every(DAY, 30), ['A'], 5);
    expect(factorCorrelation(['A'], commonReturns(short, ['A']))).toMatchObject({
      failure: { code: 'portfolio/history-too-short', message: '29 of 30 returns' },
    });
    const enough = walk(every(DAY, 31), ['A'], 5);
    expect(factorCorrelation(['A'], commonReturns(enough, ['A'])).ok).toBe(true);
    expect(codeOf(factorCorrelation(['A', 'B'], commonReturns(enough, ['A', 'B'])))).toBe(
      'portfolio/history-missing',
    );
    const times = every(DAY, 31);
    const still: PriceHistory = {
      origin: 'file',
      series: new Map([['A', { atMicros: times, closes: times.map(() => 7) }]]),
    };
    expect(codeOf(factorCorrelation(['A'], commonReturns(still, ['A'])))).toBe('portfolio/history-still');
  });

  it('grow with the square root of time and in proportion to the exposures', () => {
    const times = every(1, 200);
    for (let seed = 1; seed <= 20; seed++) {
      const figures = [MINUTE, HOUR, DAY].map((step) => {
        const history = walk(
          times.map((t) => t * step),
          ['A', 'B'],
          seed,
        );
        const common = commonReturns(history, ['A', 'B']);
        const correlation = unwrap(factorCorrelation(['A', 'B'], common));
        return [
          portfolioTail([500, -200], common, correlation, 0.95),
          portfolioTail([-1000, 400], common, correlation, 0.95),
        ] as const;
      });
      const [minute, hour, day] = figures;
      for (const [some, factor] of [
        [minute, 1440],
        [hour, 24],
      ] as const) {
        const [one, flipped] = [some?.[0], some?.[1]];
        const daily = day?.[0];
        expect((one?.historical.valueAtRisk ?? 0) / (daily?.historical.valueAtRisk ?? 1)).toBeCloseTo(
          Math.sqrt(factor),
          9,
        );
        expect(
          (one?.parametric.expectedShortfall ?? 0) / (daily?.parametric.expectedShortfall ?? 1),
        ).toBeCloseTo(Math.sqrt(factor), 9);
        expect(flipped?.parametric.valueAtRisk).toBeCloseTo(2 * (one?.parametric.valueAtRisk ?? 0), 6);
        expect(one?.historical.expectedShortfall).toBeGreaterThanOrEqual(one?.historical.valueAtRisk ?? 0);
      }
    }
  });
});

describe('walking forward', () => {
  it('has the zones of the Basel table for 250 days at 99 %', () => {
    const lights = Array.from({ length: 13 }, (_, k) => trafficLight(k, 250, 0.99));
    expect(lights.slice(0, 5).every((light) => light === 'green')).toBe(true);
    expect(lights.slice(5, 10).every((light) => light === 'yellow')).toBe(true);
    expect(lights.slice(10).every((light) => light === 'red')).toBe(true);
  });

  it('forecasts from the past alone, and is green for profits alike and red after they widen', () => {
    const rng = new Rng(9);
    const calm = Float64Array.from({ length: 600 }, () => rng.fraction() - 0.5);
    const right = walkForward(calm, 0.95, 'historical');
    expect(right).toMatchObject({ light: 'green', window: 250, days: 350 });
    const wider = calm.map((profit, t) => (t < 300 ? profit : 10 * profit));
    // Exceedances counted by hand: each forecast sorts only what came before it.
    let found = 0;
    for (let t = 250; t < 600; t++) {
      const past = [...wider.slice(t - 250, t)].sort((a, b) => a - b);
      // 5 % of 250 are 12.5 losses: the thirteenth worst is the last of the tail.
      if ((wider[t] ?? 0) < (past[12] ?? 0)) found++;
    }
    const wrong = walkForward(wider, 0.95, 'historical');
    expect(wrong?.exceedances).toBe(found);
    expect(wrong?.light).toBe('red');
    expect(wrong?.coverage.pValue).toBeLessThan(0.01);
    expect(walkForward(calm.subarray(0, leastTestable(0.99) - 1), 0.99, 'parametric')).toBeNull();
    expect(walkForward(calm.subarray(0, leastTestable(0.99)), 0.99, 'parametric')?.days).toBe(30);
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`eight-hour candles of two years${SHARED_DATA_NOTE}`, () => {
  const all = HAS_SHARED_DATA ? readSharedText('funding/binance-8h-2023-2024.csv') : '';
  const text = all
    .split('\n')
    .filter((line) => !/,(bybit|okx),/.test(line))
    .join('\n');
  const names = ['BTCUSDT', 'ETHUSDT'];

  it('give the value at risk that sorting the rows by hand gives', () => {
    const { history, problems, closes } = unwrap(readPriceFile(text));
    expect([closes, problems.length]).toEqual([6 * 1_642, 0]);
    // With the rows of two more exchanges under the same names the first of each instant is kept and the others are named.
    const mixed = unwrap(readPriceFile(all));
    expect(mixed.history.series.get('BTCUSDT')).toEqual(history.series.get('BTCUSDT'));
    expect(mixed.problems[0]).toMatchObject({ line: 8, expected: 'one close of an instrument at a time' });
    const common = commonReturns(history, names);
    expect(common.intervalMicros).toBe(8 * HOUR);
    // The rows once more, cut by hand.
    const closesOf = (pair: string): number[] =>
      text
        .split('\n')
        .map((line) => line.split(','))
        .filter(([, , , name]) => name === pair)
        .map((cells) => Number(cells[8]));
    const [btc, eth] = names.map(closesOf);
    expect(btc?.length).toBe(common.observations + 1);
    const losses = (btc ?? [])
      .slice(1)
      .map((close, i) => {
        const [b, e] = [(btc ?? [])[i] ?? 0, (eth ?? [])[i] ?? 0];
        return -(10_000 * (close / b - 1) - 4_000 * (((eth ?? [])[i + 1] ?? 0) / e - 1));
      })
      .sort((a, b) => b - a);
    const correlation = unwrap(factorCorrelation(names, common));
    for (const confidence of [0.95, 0.99]) {
      const { historical, parametric, scale } = portfolioTail(
        [10_000, -4_000],
        common,
        correlation,
        confidence,
      );
      const place = Math.ceil(losses.length * (1 - confidence) - 1e-9);
      expect(scale).toBeCloseTo(Math.sqrt(3), 12);
      expect(historical.valueAtRisk).toBeCloseTo((losses[place - 1] ?? 0) * Math.sqrt(3), 8);
      expect(parametric.valueAtRisk).toBeGreaterThan(0);
    }
    expect(correlation.meanAbsolute).toBeGreaterThan(0.7);
    expect(correlation.meanAbsolute).toBeLessThan(1);
  });

  it('and a backtest of fixed exposures over them', () => {
    const common = commonReturns(unwrap(readPriceFile(text)).history, ['BTCUSDT']);
    const correlation = unwrap(factorCorrelation(['BTCUSDT'], common));
    const { profits } = portfolioTail([1_000], common, correlation, 0.99);
    const test = walkForward(profits, 0.99, 'historical');
    expect(test?.days).toBe(common.observations - 250);
    expect(test?.expected).toBeCloseTo((test?.days ?? 0) / 100, 9);
    expect(test?.light).toBe('green');
    // Returns of coins have heavier tails than the normal distribution: that one is exceeded too often.
    expect(walkForward(profits, 0.99, 'parametric')?.light).toBe('yellow');
    expect(dayScale(common.intervalMicros ?? 1)).toBeCloseTo(Math.sqrt(3), 12);
  });
});
