/** Tests of the tail desk: minutes of the run, files, what is told to the page, and to the guards only when it holds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Account, Position } from '../../engine/accounting/portfolio.ts';
import { failure } from '../../engine/core/failure.ts';
import { Rng } from '../../engine/core/rng.ts';
import { lots, micros } from '../../engine/core/units.ts';
import { futuresRules } from '../../engine/margin/futures/futures-rules.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import { marginReport } from '../../engine/margin/portfolio-margin.ts';
import { parseOutrightMargins } from '../../engine/margin/span/files/outright-margins.ts';
import type { TrustState } from '../../engine/market/trust.ts';
import { tradingDayAt } from '../../engine/reference/calendar/sessions.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { publishedBrackets } from '../../engine/testkit/published-brackets.ts';
import type { GuardOrder } from '../contract/guard-board.ts';
import type { MarksFrame, VenueCloses } from '../contract/marks-frame.ts';
import type { TailQuestion } from '../contract/tail-risk.ts';
import { GuardDesk } from './guard-desk.ts';
import { figuresAt, guardWorld } from './guard-post.ts';
import { RunCloses } from './run-closes.ts';
import { faultOf, TailDesk } from './tail-desk.ts';

const TABLE = publishedBrackets('2026-05-01');
const MARGINS = readFileSync(join(import.meta.dirname, '../../public/span/outright-margins.txt'), 'utf8');
const PARSED = parseOutrightMargins(MARGINS);
const START = 1_777_903_200_000_000;
const RULES = PARSED.ok ? futuresRules(PARSED.value, tradingDayAt(micros(START))) : PARSED;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const DAY = 1_440 * MINUTE;

const QUESTION: TailQuestion = {
  confidence: 0.95,
  currency: 'joined',
  stress: { factor: null, shock: -0.1, correlationSpike: 0 },
};

function mark(symbol: string, price: number, atMicros: number, trust: TrustState = 'LIVE'): MarkInput {
  const instrument = `binance-usdm:${symbol}` as const;
  return { instrument, price, origin: 'mark', trust, atMicros: micros(atMicros), dailyVolatility: null };
}
function frame(nowMicros: number, ...marks: readonly MarkInput[]): MarksFrame {
  return { source: 'SIMULATED', nowMicros: micros(nowMicros), marks };
}

function position(symbol: string, side: 'long' | 'short', size: string, entryPrice: string): Position {
  return {
    id: `a/${symbol}`,
    venue: 'binance-usdm',
    symbol,
    side,
    size,
    entryPrice,
    marginMode: 'cross',
    leverage: 10,
    isolatedWallet: null,
    givenMarkPrice: null,
  };
}
const HELD: Account = {
  id: 'a',
  name: 'A',
  demo: false,
  currency: 'USDT',
  positionMode: 'one-way',
  crossWalletBalance: '20000',
  positions: [position('BTCUSDT', 'long', '1', '60000'), position('ETHUSDT', 'short', '5', '3000')],
};

const ORDER: GuardOrder = {
  instrument: 'binance-usdm:BTCUSDT',
  side: 'buy',
  sizeLots: lots(1),
  priceTicks: null,
  leverage: null,
  reduceOnly: false,
};

/** Marks of a walk, a frame every ten seconds, heard by a desk; the last frame is what is in force. */
function walked(minutes: number, seed: number, desk = new TailDesk()) {
  const rng = new Rng(seed);
  let [btc, eth] = [60_000, 3_000];
  let last = frame(START);
  for (let t = 0; t <= minutes * 6; t++) {
    const common = 0.002 * (rng.fraction() - 0.5);
    btc *= 1 + common;
    eth *= 1 + common + 0.001 * (rng.fraction() - 0.5);
    const at = START + t * 10 * SECOND;
    last = frame(at, mark('BTCUSDT', btc, at), mark('ETHUSDT', eth, at));
    desk.hear(last);
  }
  return { desk, last };
}

function asked(desk: TailDesk, last: MarksFrame, question = QUESTION, accounts: readonly Account[] = [HELD]) {
  const report = marginReport({ accounts }, last.marks, TABLE, last.nowMicros);
  const world = guardWorld({ ...last, markets: [] }, TABLE, null);
  const facts = desk.facts(report, world);
  const answer = desk.report(question, report, { ...world, ...facts });
  if (!answer.ok) throw new Error(answer.failure.message);
  return { facts, answer: answer.value };
}

describe('closes of a run', () => {
  const closes = (run: RunCloses) => run.history().series.get('BINANCE-USDM:BTCUSDT')?.closes ?? [];

  it('are the last believed mark of each minute that is over, at its end', () => {
    const run = new RunCloses();
    const at = (second: number, price: number, trust?: TrustState) =>
      run.hear(frame(START + second * SECOND, mark('BTCUSDT', price, START + second * SECOND, trust)));
    at(1, 100);
    at(59, 101);
    expect(closes(run)).toEqual([]);
    at(61, 102);
    expect(closes(run)).toEqual([101]);
    at(110, 103, 'STALE');
    at(130, 104);
    expect(closes(run)).toEqual([101, 102]);
    // A mark that stands still from here on closes no further minute.
    for (const second of [190, 250, 310]) {
      run.hear(frame(START + second * SECOND, mark('BTCUSDT', 104, START + 130 * SECOND)));
    }
    expect(closes(run)).toEqual([101, 102, 104]);
    expect(run.history().series.get('BINANCE-USDM:BTCUSDT')?.atMicros).toEqual(
      [1, 2, 3].map((minute) => START + minute * MINUTE),
    );
  });

  it('are the same however fast the run plays, if frames carry the seconds that passed', () => {
    const second = (s: number) =>
      frame(START + s * SECOND, mark('BTCUSDT', 100 + (s % 97), START + s * SECOND));
    const heard = (every: number) => {
      const run = new RunCloses();
      for (let s = every; s <= 600; s += every) {
        const passed = Array.from({ length: every }, (_, i) => second(s - every + 1 + i));
        run.hear({ ...second(s), passed });
      }
      return closes(run);
    };
    expect(heard(100)).toEqual(heard(1));
    expect(heard(100)).toHaveLength(10);
    expect(heard(100)[0]).toBe(100 + 59);
  });

  it('begin anew with another source, an earlier time, or a source that was closed', () => {
    const restarts: readonly ((at: number) => MarksFrame)[] = [
      (at) => ({ ...frame(at, mark('BTCUSDT', 1, at)), source: 'LIVE' }),
      (at) => frame(at - 300 * SECOND, mark('BTCUSDT', 1, at - 300 * SECOND)),
      (at) => frame(at),
    ];
    for (const restart of restarts) {
      const run = new RunCloses();
      for (let i = 0; i < 10; i++) {
        run.hear(frame(START + i * MINUTE, mark('BTCUSDT', 100 + i, START + i * MINUTE)));
      }
      expect(closes(run)).toHaveLength(9);
      const { version } = run;
      run.hear(restart(START + 10 * MINUTE));
      expect(closes(run)).toEqual([]);
      expect(run.version).not.toBe(version);
    }
  });

  it('are at most a day of minutes', () => {
    const run = new RunCloses();
    for (let i = 0; i < 1_500; i++) {
      run.hear(frame(START + i * MINUTE, mark('BTCUSDT', i + 1, START + i * MINUTE)));
    }
    expect(closes(run)).toHaveLength(1_440);
    expect(closes(run).at(-1)).toBe(1_499);
  });
});

describe('tail desk', () => {
  it('gives no figure before thirty returns, to nobody', () => {
    const desk = new TailDesk();
    const begun = {
      ...frame(START, mark('BTCUSDT', 60_000, START), mark('ETHUSDT', 3_000, START)),
      passed: [],
    };
    desk.hear(begun);
    expect(asked(desk, begun).answer.failure?.message).toBe('0 of 30 returns');
    const early = walked(30, 1);
    const { facts, answer } = asked(early.desk, early.last);
    expect(answer.figures).toBeNull();
    expect(answer.failure).toMatchObject({
      code: 'portfolio/history-too-short',
      message: '29 of 30 returns',
    });
    expect(facts).toEqual({ meanCorrelation: null, valueAtRisk: null });
    const enough = walked(31, 1);
    const now = asked(enough.desk, enough.last);
    expect(now.answer.figures?.historical.valueAtRisk).toBeGreaterThan(0);
    expect(now.facts.valueAtRisk?.value).toBeGreaterThan(0);
  });

  it('scales minutes to a day and tells the guards the larger figure as a share of equity', () => {
    const { desk, last } = walked(200, 2);
    const { facts, answer } = asked(desk, last, { ...QUESTION, confidence: 0.99 });
    const { figures } = answer;
    expect(answer.origin).toBe('run');
    expect(figures?.scale).toBeCloseTo(Math.sqrt(1_440), 9);
    const larger = Math.max(figures?.historical.valueAtRisk ?? 0, figures?.parametric.valueAtRisk ?? 0);
    expect(facts.valueAtRisk?.value).toBeCloseTo(larger / answer.equity, 12);
    expect(facts.valueAtRisk?.atMicros).toBe(last.nowMicros);
    expect(facts.meanCorrelation?.value).toBeCloseTo(figures?.meanCorrelation ?? 0, 12);
    expect(answer.guarded.valueAtRisk).toBe(facts.valueAtRisk?.value);
    expect(answer.exposures.map(({ factor }) => factor)).toEqual([
      'binance-usdm:BTCUSDT',
      'binance-usdm:ETHUSDT',
    ]);
    expect(figures?.backtests.map(({ method }) => method)).toEqual(['historical', 'parametric']);
    // The short loses nothing by the fall that follows the long's: the account is weaker after it and named.
    expect(figures?.stress.weakest).toMatchObject({ pool: 'A, cross' });
    expect(figures?.stress.weakest?.after).toBeLessThan(figures?.stress.weakest?.before ?? 0);
  });

  it('takes a file before the run where its interval is longer, and lets the reader choose', () => {
    const { desk, last } = walked(100, 3);
    const day = (back: number) =>
      new Date(last.nowMicros / 1_000 - back * 86_400_000).toISOString().slice(0, 10);
    const rng = new Rng(4);
    const rows = Array.from({ length: 80 }, (_, i) => {
      const move = 1 + 0.05 * (rng.fraction() - 0.5);
      return `${day(80 - i)},${60_000 * move},${3_000 * move * (1 + 0.01 * rng.fraction())}`;
    });
    const loaded = desk.load('days.csv', ['date,BTCUSDT,ETHUSDT', 'x,1,2', ...rows].join('\n'));
    expect(loaded).toMatchObject({ ok: true, value: { closes: 160, problems: [{ line: 2 }] } });
    const first = asked(desk, last);
    expect(first.answer.origin).toBe('file');
    expect(first.answer.figures?.scale).toBe(1);
    expect(first.answer.histories).toMatchObject([
      { origin: 'file', name: 'days.csv', observations: 79, intervalMicros: DAY },
      { origin: 'run', name: null, observations: 99, intervalMicros: MINUTE },
    ]);
    expect(first.facts.valueAtRisk).not.toBeNull();
    desk.choose('run');
    expect(asked(desk, last).answer.origin).toBe('run');
    desk.choose('venue');
    expect(asked(desk, last).answer.failure?.code).toBe('portfolio/history-missing');
    expect(asked(desk, last).facts).toEqual({ meanCorrelation: null, valueAtRisk: null });
    expect(desk.load('bad.csv', 'nothing').ok).toBe(false);
    desk.choose('file');
    expect(asked(desk, last).answer.histories[0]?.name).toBe('days.csv');
  });

  it('takes the closes of the venue while it tells them, and drops them with the source', () => {
    const { desk, last } = walked(40, 8);
    const closesOf = (instrument: InstrumentId, seed: number): VenueCloses => {
      const rng = new Rng(seed);
      const days = Array.from({ length: 70 }, (_, i) => i);
      return {
        instrument,
        atMicros: days.map((i) => last.nowMicros - (70 - i) * DAY),
        closes: days.map(() => 100 + rng.fraction()),
      };
    };
    const closes = [closesOf('binance-usdm:BTCUSDT', 1), closesOf('binance-usdm:ETHUSDT', 2)];
    desk.hear({ ...last, closes: closes.slice(0, 1) });
    expect(asked(desk, last).answer.origin).toBe('run');
    desk.hear({ ...last, closes });
    const { answer, facts } = asked(desk, last);
    expect(answer.origin).toBe('venue');
    expect(answer.histories[0]).toMatchObject({ origin: 'venue', name: null, observations: 69 });
    expect(facts.valueAtRisk).not.toBeNull();
    desk.hear({ ...last, closes: [] });
    expect(asked(desk, last).answer.histories.map(({ origin }) => origin)).toEqual(['run']);
  });

  it('shows figures of a file that ended long ago but tells the guards nothing', () => {
    const { desk, last } = walked(10, 5);
    const rows = Array.from(
      { length: 70 },
      (_, i) => `${1_600_000_000_000 + i * 86_400_000},${100 + (i % 7)},${50 + (i % 5)}`,
    );
    desk.load('old.csv', ['time,BTCUSDT,ETHUSDT', ...rows].join('\n'));
    const { facts, answer } = asked(desk, last);
    expect(answer.figures?.historical.observations).toBe(69);
    expect(facts).toEqual({ meanCorrelation: null, valueAtRisk: null });
  });

  it('tells the guards nothing of a portfolio that it cannot see whole, and no risk of an empty one', () => {
    const { desk, last } = walked(60, 6);
    const blind = { ...last, marks: last.marks.slice(0, 1) };
    const { facts, answer } = asked(desk, blind, QUESTION, [
      { ...HELD, id: 'b', name: 'B', positions: [position('BTCUSDT', 'long', '1', '60000')] },
      { ...HELD, id: 'c', name: 'C', positions: [position('ETHUSDT', 'long', '1', '3000')] },
    ]);
    expect([answer.left, answer.figures === null]).toEqual([1, false]);
    expect(facts.valueAtRisk).toBeNull();
    expect(asked(desk, last, QUESTION, []).facts.valueAtRisk?.value).toBe(0);
    expect(asked(desk, last, QUESTION, []).answer.figures).toBeNull();
  });

  it('lifts the block of a rule on value at risk once it is known, and raises an alert on it', () => {
    const guards = new GuardDesk();
    const limits = JSON.stringify({
      version: 1,
      profile: 'default',
      valueAtRisk: { warnShare: 0.9, blockShare: 0.95 },
    });
    expect(guards.configure(limits).ok).toBe(true);
    const rule = { metric: 'value-at-risk-share', subject: 'portfolio', when: 'above', threshold: 0.001 };
    const rest = { hysteresis: 0, forSeconds: 0, cooldownSeconds: 60, severity: 'warning', mustSee: false };
    expect(guards.alerts.configure(JSON.stringify([{ id: 'tail', ...rule, ...rest }])).ok).toBe(true);
    const said = (minutes: number) => {
      const { desk, last } = walked(minutes, 7);
      const report = marginReport({ accounts: [HELD] }, last.marks, TABLE, last.nowMicros);
      const bare = guardWorld({ ...last, markets: [] }, TABLE, null);
      const world = { ...bare, ...desk.facts(report, bare) };
      const judged = guards.judge([HELD], 'a', ORDER, world);
      const frame = guards.frame({ accounts: [HELD] }, report, world);
      const reasons = judged.ok ? judged.value.reasons.map((reason) => reason.rule) : [];
      return { stopped: reasons.includes('portfolio/value-at-risk'), raised: frame.alerts.raised };
    };
    expect(said(20)).toEqual({ stopped: true, raised: [] });
    const later = said(40);
    expect(later.stopped).toBe(false);
    expect(later.raised).toMatchObject([{ rule: 'tail', subject: 'portfolio' }]);
  });

  it('adds dollars and USDT one to one, says so, and looks at one currency alone when asked', () => {
    const { desk, last } = walked(60, 9);
    const future: Position = {
      ...position('ESZ6', 'long', '2', '5000'),
      id: 'f/ESZ6',
      venue: 'cme-globex',
      leverage: 1,
    };
    const futures: Account = {
      ...HELD,
      id: 'f',
      name: 'F',
      currency: 'USD',
      crossWalletBalance: '100000',
      positions: [future],
    };
    const es: MarkInput = { ...mark('BTCUSDT', 5_000, last.nowMicros), instrument: 'cme-globex:ESZ6' };
    const marks = [...last.marks, es];
    const report = marginReport({ accounts: [HELD, futures] }, marks, TABLE, last.nowMicros, RULES);
    const world = guardWorld({ ...last, marks, markets: [] }, TABLE, null);
    const answerIn = (currency: TailQuestion['currency']) => {
      const answer = desk.report({ ...QUESTION, currency }, report, world);
      if (!answer.ok) throw new Error(answer.failure.message);
      return answer.value;
    };
    const [all, usdt, usd] = [answerIn('joined'), answerIn('USDT'), answerIn('USD')];
    expect([all.isJoined, all.currencies, usdt.isJoined]).toEqual([true, ['USDT', 'USD'], false]);
    expect(all.equity).toBeCloseTo(usdt.equity + usd.equity, 9);
    expect(usd.exposures).toEqual([{ factor: 'cme-globex:ESZ6', net: 500_000, gross: 500_000 }]);
    // The run never closed a minute of the future: with it there is no number, without it there is.
    expect(all.failure?.code).toBe('portfolio/history-missing');
    expect(usdt.figures).not.toBeNull();
    expect(desk.facts(report, world).valueAtRisk).toBeNull();
    // Closes of the product stand for its expiries.
    const dates = Array.from(
      { length: 70 },
      (_, i) => new Date(last.nowMicros / 1_000 - (70 - i) * 86_400_000),
    );
    const rows = dates.map(
      (date, i) => `${date.toISOString()},${100 + (i % 7)},${50 + (i % 5)},${5_000 + (i % 11)}`,
    );
    expect(desk.load('three.csv', ['time,BTCUSDT,ETHUSDT,ES', ...rows].join('\n')).ok).toBe(true);
    expect(answerIn('joined').figures?.correlation).toHaveLength(3);
    expect(desk.facts(report, world).valueAtRisk?.value).toBeGreaterThan(0);
  });

  it('keeps the time and the marks of a moment that takes over the figures of an earlier one', () => {
    const { desk, last } = walked(40, 7);
    const rules = { ok: false, failure: failure('span/parameters-missing', 'none') } as const;
    const ground = { portfolio: { accounts: [HELD] }, table: TABLE, futuresAt: () => rules };
    const first = figuresAt(last, ground);
    const known = { ...first.world, ...desk.facts(first.report, first.world) };
    const later = frame(last.nowMicros + SECOND, mark('BTCUSDT', 70_000, last.nowMicros + SECOND));
    const { world } = figuresAt(later, ground, known);
    expect([world.nowMicros, world.marks.size]).toEqual([last.nowMicros + SECOND, 1]);
    expect(world.valueAtRisk).toBe(known.valueAtRisk);
    expect(known.valueAtRisk).not.toBeNull();
  });

  it('refuses questions without sense', () => {
    expect(faultOf(QUESTION)).toBeNull();
    for (const wrong of [
      { ...QUESTION, confidence: 1 },
      { ...QUESTION, confidence: Number.NaN },
    ]) {
      expect(faultOf(wrong)?.code).toBe('worker/request-malformed');
    }
    const spiked = { ...QUESTION.stress, correlationSpike: 1 };
    expect(faultOf({ ...QUESTION, stress: spiked })?.code).toBe('worker/request-malformed');
  });
});
