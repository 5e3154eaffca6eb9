// Random mixed portfolios: the steps add up, nothing known nets across pools, and each regime's own side is the margin report's figure.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Account, Portfolio, Position } from '../../accounting/portfolio.ts';
import type { Result } from '../../core/result.ts';
import { Rng } from '../../core/rng.ts';
import { micros } from '../../core/units.ts';
import { futuresRules } from '../../margin/futures/futures-rules.ts';
import type { MarginReport, MarkInput } from '../../margin/margin-report.ts';
import { marginReport } from '../../margin/portfolio-margin.ts';
import { parseOutrightMargins } from '../../margin/span/files/outright-margins.ts';
import { tradingDayAt } from '../../reference/calendar/sessions.ts';
import { accountOf, markOf, position } from '../../testkit/build-portfolio.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { baseAsset } from './side-by-side-parameters.ts';
import { type RegimeChoices, type TwoRegimes, twoRegimes } from './side-by-side-report.ts';
import { creditOfCorrelation, SUGGESTED_CREDIT, scanRate } from './side-by-side-scan.ts';

const CASES = 40;
const AT = micros(Date.parse('2021-06-01T17:00:00Z') * 1_000);
const unwrap = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
const TABLE = publishedBrackets('2022-02-12');
const MARGINS = unwrap(
  parseOutrightMargins(
    readFileSync(join(import.meta.dirname, '../../../public/span/outright-margins.txt'), 'utf8'),
  ),
);
const RULES = unwrap(futuresRules(MARGINS, tradingDayAt(AT)));
const CHOICES: RegimeChoices = {
  asOneAccount: false,
  ladder: 'BTCUSDT',
  scan: { origin: 'dated', deviations: 3, entered: {} },
  creditRate: 0,
};
const PERPETUALS = { BTCUSDT: 36_000, ETHUSDT: 2_600, SOLUSDT: 32 } as const;
const FUTURES = { ESM1: 4_200, ESU1: 4_190, MESM1: 4_200, NQM1: 13_700, GCQ1: 1_900 } as const;

type Prices = Readonly<Record<string, number>>;
const marksOf = (rng: Rng): readonly MarkInput[] => [
  ...Object.entries<number>(PERPETUALS).map(([symbol, price]) =>
    markOf(symbol, price * (0.95 + rng.fraction() / 10), { dailyVolatility: 0.01 }),
  ),
  ...Object.entries<number>(FUTURES).map(([symbol, price]) =>
    markOf(symbol, price, { instrument: `cme-globex:${symbol}` }),
  ),
];
const pick = (rng: Rng, prices: Prices): readonly string[] =>
  Object.keys(prices).filter(() => rng.below(2) === 0);

function perpetuals(rng: Rng, id: string): Account {
  const held = pick(rng, PERPETUALS).flatMap((symbol): Position[] =>
    (rng.below(3) === 0
      ? (['long', 'short'] as const)
      : ([rng.below(2) === 0 ? 'long' : 'short'] as const)
    ).map((side) =>
      position({
        id: `${id}/${symbol}/${side}`,
        symbol,
        side,
        size: String((1 + rng.below(40_000)) / 1_000),
        entryPrice: String((PERPETUALS as Prices)[symbol]),
        isolatedWallet: rng.below(3) === 0 ? '50000' : null,
      }),
    ),
  );
  return accountOf('400000', held, { id, name: id, positionMode: 'hedge' });
}

function futures(rng: Rng, id: string): Account {
  const held = pick(rng, FUTURES).map((symbol) =>
    position({
      id: `${id}/${symbol}`,
      venue: 'cme-globex',
      symbol,
      side: rng.below(2) === 0 ? 'long' : 'short',
      size: String(1 + rng.below(20)),
      entryPrice: String((FUTURES as Prices)[symbol]),
      leverage: 1,
    }),
  );
  return accountOf('900000', held, { id, name: id, currency: 'USD' });
}

interface Answer {
  readonly report: MarginReport;
  readonly answer: TwoRegimes;
}
function ask(
  portfolio: Portfolio,
  marks: readonly MarkInput[],
  choices: Partial<RegimeChoices> = {},
): Answer {
  const report = marginReport(portfolio, marks, TABLE, AT, { ok: true, value: RULES });
  const volatility = new Map(marks.map((mark) => [mark.instrument, mark.dailyVolatility]));
  const context = {
    table: TABLE,
    rules: RULES,
    volatilityOf: (instrument: MarkInput['instrument']) => volatility.get(instrument) ?? null,
  };
  return { report, answer: unwrap(twoRegimes(report, context, { ...CHOICES, ...choices })) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('one portfolio under both regimes', () => {
  it('steps add up, accounts and positions too; together is never more than apart', () => {
    const rng = new Rng(71);
    let [joined, credited] = [0, 0];
    for (let run = 0; run < CASES; run++) {
      const marks = marksOf(rng);
      const accounts = [perpetuals(rng, 'p1'), perpetuals(rng, 'p2'), futures(rng, 'f1'), futures(rng, 'f2')];
      const creditRate = rng.below(2) === 0 ? 0 : rng.fraction();
      const { answer } = ask({ accounts }, marks, { creditRate });
      const one = ask({ accounts }, marks, { creditRate, asOneAccount: true }).answer;
      for (const { gap, byBrackets, bySpan } of [answer, one]) {
        expect(sum(gap.map(({ amount }) => amount))).toBeCloseTo(bySpan - byBrackets, 6);
      }
      for (const of of ['byBrackets', 'bySpan', 'balance'] as const) {
        expect(sum(answer.accounts.map((row) => row[of]))).toBeCloseTo(answer[of], 6);
      }
      expect(sum(answer.positions.map((row) => row.byBrackets))).toBeCloseTo(answer.byBrackets, 6);
      expect(answer.positions.length).toBe(sum(accounts.map(({ positions }) => positions.length)));
      expect(answer.left).toBe(0);
      // Without a credit nothing that is margined together costs more than apart, but for the cents of a commodity.
      if (creditRate === 0) expect(one.bySpan).toBeLessThanOrEqual(answer.bySpan + 0.05);
      else expect(answer.gap[3]?.amount).toBeLessThanOrEqual(0);
      if (one.bySpan < answer.bySpan - 1) joined++;
      if ((answer.gap[3]?.amount ?? 0) < -1) credited++;
      expect(one.byBrackets).toBe(answer.byBrackets);
    }
    expect(joined).toBeGreaterThan(CASES / 4);
    expect(credited).toBeGreaterThan(3);
  });

  it('futures alone: the SPAN side is the requirement of the margin report', () => {
    const rng = new Rng(72);
    for (let run = 0; run < CASES; run++) {
      const { report, answer } = ask({ accounts: [futures(rng, 'f1'), futures(rng, 'f2')] }, marksOf(rng));
      expect(answer.bySpan).toBe(
        sum(report.accounts.map((account) => account.maintenanceMargin ?? Number.NaN)),
      );
      expect(answer.balance).toBeCloseTo(
        sum(report.accounts.filter(({ futures: f }) => f !== null).map(({ equity }) => equity ?? Number.NaN)),
        6,
      );
    }
  });

  it('perpetuals alone: the bracket side is the maintenance of the margin report, isolated positions with it', () => {
    const rng = new Rng(73);
    for (let run = 0; run < CASES; run++) {
      const { report, answer } = ask(
        { accounts: [perpetuals(rng, 'p1'), perpetuals(rng, 'p2')] },
        marksOf(rng),
      );
      expect(answer.byBrackets).toBeCloseTo(
        sum(report.positions.map(({ figures }) => figures?.maintenanceMargin ?? Number.NaN)),
        6,
      );
    }
  });
});

describe('hand-worked', () => {
  const marks = [markOf('BTCUSDT', 40_000), markOf('ETHUSDT', 2_000)];
  const long = position({ id: 'long', size: '3', entryPrice: '40000' });
  const short = position({ id: 'short', side: 'short', size: '2', entryPrice: '40000' });
  const entered = { BTC: 0.1, ETH: 0.2 };
  const scan = { ...CHOICES.scan, entered };

  it('legs of hedge mode net in a pool, an isolated one only as one account', () => {
    const cross = [accountOf('50000', [long, short], { positionMode: 'hedge' })];
    expect(ask({ accounts: cross }, marks, { scan }).answer.bySpan).toBe(4_000);
    const isolated = { ...short, marginMode: 'isolated', isolatedWallet: '9000' } as const;
    const apart = [accountOf('50000', [long, isolated], { positionMode: 'hedge' })];
    expect(ask({ accounts: apart }, marks, { scan }).answer).toMatchObject({
      bySpan: 20_000,
      balance: 59_000,
    });
    const one = ask({ accounts: apart }, marks, { scan, asOneAccount: true }).answer;
    expect(one.bySpan).toBe(4_000);
    expect(one.gap.at(-1)).toMatchObject({ label: 'as one account', amount: -16_000 });
  });

  it('a credit joins equal notionals of Bitcoin and Ether', () => {
    const eth = position({ id: 'eth', symbol: 'ETHUSDT', side: 'short', size: '20', entryPrice: '2000' });
    const accounts = [accountOf('50000', [long, eth])];
    expect(ask({ accounts }, marks, { scan }).answer.bySpan).toBe(20_000);
    // 40,000 of each is held against the other: half of 10 % and of 20 % of it comes back.
    expect(ask({ accounts }, marks, { scan, creditRate: 0.5 }).answer.bySpan).toBe(14_000);
  });

  it('a dated future of the same coin does not net with the perpetual', () => {
    expect(baseAsset('BTCUSDT_210625')).toBe('BTC');
    const dated = { ...short, symbol: 'BTCUSDT_210625', id: 'dated' };
    const brackets = TABLE.symbols.get('BTCUSDT') ?? [];
    const table = { ...TABLE, symbols: new Map([...TABLE.symbols, ['BTCUSDT_210625', brackets]]) };
    const accounts = [accountOf('50000', [long, dated])];
    const all = [...marks, markOf('BTCUSDT_210625', 40_000)];
    const report = marginReport({ accounts }, all, table, AT);
    const answer = unwrap(
      twoRegimes(report, { table, rules: null, volatilityOf: () => null }, { ...CHOICES, scan }),
    );
    expect(answer.bySpan).toBe(20_000);
    expect(answer.set.id).toBe('Assumed 2021-06-01');
  });

  it('what has no figures is left out and counted', () => {
    const blind = position({ id: 'blind', symbol: 'SOLUSDT' });
    const other = accountOf('1000', [blind], { id: 'b', name: 'B' });
    const { answer } = ask({ accounts: [accountOf('50000', [long]), other] }, marks, { scan });
    expect(answer).toMatchObject({ trust: 'LIVE', left: 1, bySpan: 12_000, balance: 50_000 });
    expect(answer.accounts[1]).toMatchObject({ held: 0, left: 1 });
    expect(answer.positions.map(({ positionId }) => positionId)).toEqual(['long']);
  });

  it('futures need a ladder of the table, and say which side is assumed', () => {
    const es = position({ venue: 'cme-globex', symbol: 'ESM1', size: '2', entryPrice: '4200', leverage: 1 });
    const accounts = [accountOf('90000', [es], { currency: 'USD' })];
    const all = [markOf('ESM1', 4_200, { instrument: 'cme-globex:ESM1' })];
    // 2 × 50 × 4,200 = 420,000: 1 % less 1,300 by the ladder of BTCUSDT on 2022-02-12 (250,000 to 1,000,000).
    const { answer } = ask({ accounts }, all);
    expect(answer.byBrackets).toBe(420_000 * 0.01 - 1_300);
    expect(answer.positions[0]?.assumed).toBe('brackets');
    const report = marginReport({ accounts }, all, TABLE, AT, { ok: true, value: RULES });
    const context = { table: TABLE, rules: RULES, volatilityOf: () => null };
    const none = twoRegimes(report, context, { ...CHOICES, ladder: 'NONE' });
    expect(none.ok ? null : none.failure.code).toBe('margin/bracket-missing');
  });

  it('the hash names set, positions and assumptions', () => {
    const accounts = [accountOf('50000', [long])];
    const hash = (choices: Partial<RegimeChoices>) => ask({ accounts }, marks, choices).answer.set.hash;
    expect(hash({})).toBe(hash({}));
    expect(hash({ scan })).not.toBe(hash({}));
  });
});

describe('scan ranges', () => {
  it('entered, of the run, dated, assumed: in this order, never above the price', () => {
    const run = { ...CHOICES.scan, origin: 'run' } as const;
    expect(scanRate('BTC', 0.01, { ...run, entered: { BTC: 0.3 } })).toMatchObject({
      rate: 0.3,
      origin: 'entered',
    });
    expect(scanRate('BTC', 0.01, run)).toMatchObject({ rate: 0.03, origin: 'run' });
    expect(scanRate('BTC', null, run).origin).toBe('dated');
    expect(scanRate('BTC', 0.01, CHOICES.scan).origin).toBe('dated');
    expect(scanRate('XYZ', null, run)).toMatchObject({ origin: 'assumed' });
    expect(scanRate('XYZ', null, { ...run, deviations: 50 }).rate).toBe(1);
  });

  it('a credit by correlation gives back all of ρ = 1 and nothing of ρ = −1', () => {
    expect([creditOfCorrelation(1), creditOfCorrelation(-1)]).toEqual([1, 0]);
  });
});

const CANDLES = join(import.meta.dirname, '../../../../shared/data/funding/binance-8h-2023-2024.csv');

describe.skipIf(!existsSync(CANDLES))('dated volatility (needs ../shared/data)', () => {
  const closes = new Map<string, { readonly atMs: number; readonly close: number }[]>();
  if (existsSync(CANDLES)) {
    for (const line of readFileSync(CANDLES, 'utf8').split('\n').slice(1)) {
      const [time = '', exchange, , pair = '', contract, , , , close] = line.split(',');
      if (exchange !== 'binance' || contract !== 'perpetual') continue;
      const row = { atMs: Date.parse(`${time.replace(' ', 'T')}Z`), close: Number(close) };
      closes.set(pair, [...(closes.get(pair) ?? []), row]);
    }
  }
  const returns = (pair: string): readonly number[] => {
    const rows = (closes.get(pair) ?? []).toSorted((a, b) => a.atMs - b.atMs);
    return rows.flatMap(({ atMs, close }, i) => {
      const before = rows[i - 1];
      return before !== undefined && atMs - before.atMs === 8 * 3_600_000
        ? [Math.log(close / before.close)]
        : [];
    });
  };
  const moments = (x: readonly number[], y: readonly number[]): number => {
    const [middleX, middleY] = [sum(x) / x.length, sum(y) / y.length];
    return sum(x.map((value, i) => (value - middleX) * ((y[i] ?? 0) - middleY))) / (x.length - 1);
  };
  it('and correlation are what the candles say', () => {
    const [btc, eth] = [returns('BTCUSDT'), returns('ETHUSDT')];
    for (const [asset, found] of [
      ['BTC', btc],
      ['ETH', eth],
    ] as const) {
      expect(found.length).toBe(1_638);
      const { rate } = scanRate(asset, null, { ...CHOICES.scan, deviations: 1 });
      expect(rate).toBeCloseTo(Math.sqrt(3 * moments(found, found)), 4);
    }
    const correlation = moments(btc, eth) / Math.sqrt(moments(btc, btc) * moments(eth, eth));
    expect(SUGGESTED_CREDIT.rate).toBeCloseTo(creditOfCorrelation(correlation), 3);
  });
});
