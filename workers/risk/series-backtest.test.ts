// Alert rules over markets that are read through: against a plain evaluation of the recording's text, and never from the future.
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Account, Position } from '../../engine/accounting/portfolio.ts';
import { NO_FUTURES_RULES } from '../../engine/margin/futures/futures-rules.ts';
import type { AlertRule } from '../../engine/risk/alerts/alert-rules.ts';
import { publishedBrackets } from '../../engine/testkit/published-brackets.ts';
import { HAS_SHARED_DATA, readSharedBytes, SHARED_DATA_NOTE } from '../../engine/testkit/shared-data.ts';
import type { AlertBacktest } from '../contract/guard-board.ts';
import type { ReadSource } from '../contract/market-api.ts';
import type { MarksFrame, MarksPiece } from '../contract/marks-frame.ts';
import { readMarks } from '../market/mark-reading.ts';
import { BacktestDesk } from './backtest-desk.ts';
import type { MarginGround } from './guard-post.ts';
import { SeriesBacktest } from './series-backtest.ts';

const HORIZON_SECONDS = 120;
/** The first bracket of BTCUSDT on the day of the table: up to 300,000 USDT, no deduction. */
const MAINTENANCE_RATE = 0.004;

function position(over: Partial<Position>): Position {
  return {
    id: 'p',
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    side: 'long',
    size: '1',
    entryPrice: '61800',
    marginMode: 'cross',
    leverage: 125,
    isolatedWallet: null,
    givenMarkPrice: null,
    ...over,
  };
}

const accounts: readonly Account[] = [
  ['Cross', '350', position({ id: 'cross' })] as const,
  [
    'Apart',
    '0',
    position({
      id: 'apart',
      side: 'short',
      entryPrice: '61600',
      marginMode: 'isolated',
      isolatedWallet: '500',
    }),
  ] as const,
  ['Deep', '0', position({ id: 'deep', marginMode: 'isolated', isolatedWallet: '400' })] as const,
].map(([name, crossWalletBalance, held]) => ({
  id: name,
  name,
  demo: false,
  currency: 'USDT',
  positionMode: 'one-way',
  crossWalletBalance,
  positions: [held],
}));

const ground: MarginGround = {
  portfolio: { accounts },
  table: publishedBrackets('2026-05-01'),
  futuresAt: () => NO_FUTURES_RULES,
};

function rule(over: Partial<AlertRule>): AlertRule {
  return {
    id: 'low',
    metric: 'margin-ratio',
    subject: '*',
    when: 'below',
    threshold: 1.3,
    hysteresis: 0.05,
    forSeconds: 5,
    cooldownSeconds: 20,
    severity: 'danger',
    mustSee: false,
    ...over,
  };
}

const RULES: readonly AlertRule[] = [
  rule({}),
  rule({ id: 'fallen', threshold: 1, forSeconds: 0, hysteresis: 0.01 }),
  rule({
    id: 'near',
    metric: 'liquidation-distance',
    threshold: 0.0004,
    hysteresis: 0.0001,
    forSeconds: 0,
  }),
  rule({ id: 'near-one', metric: 'liquidation-distance', subject: 'BTCUSDT short, Apart', threshold: 0.001 }),
];

async function framesOf(from: ReadSource): Promise<readonly MarksFrame[]> {
  const { port1, port2 } = new MessageChannel();
  const frames: MarksFrame[] = [];
  const all = new Promise<void>((resolve) => {
    port2.onmessage = ({ data }: MessageEvent<MarksPiece>) => {
      frames.push(...data.frames);
      port2.postMessage({ credit: 1 });
      if (data.isLast) resolve();
    };
  });
  port2.postMessage({ credit: 1 });
  expect(await readMarks(from, port1)).toEqual({ ok: true, value: null });
  await all;
  port1.close();
  port2.close();
  return frames;
}

function backtest(frames: readonly MarksFrame[], rules = RULES): AlertBacktest {
  const series = new SeriesBacktest(rules, ground);
  for (const frame of frames) series.take(frame);
  return series.answer(HORIZON_SECONDS);
}

interface Level {
  readonly b?: readonly [string, string][];
  readonly a?: readonly [string, string][];
}

/** Middles of the book at every whole second, by a map of prices and nothing else; before the first book there is none. */
function plainMiddles(text: string): ReadonlyMap<number, number> {
  const lines = text.split('\n').filter((line) => line !== '');
  const stamp = (line: string): number => Number(line.slice(0, 16));
  const eventOf = (line: string): number => Number(/"E":(\d+)/.exec(line)?.[1]) * 1000;
  const offset = Math.max(0, ...lines.slice(0, 500).map((line) => eventOf(line) - stamp(line)));
  const sides = { b: new Map<number, number>(), a: new Map<number, number>() };
  const put = (levels: Level): void => {
    for (const side of ['b', 'a'] as const) {
      for (const [price, size] of levels[side] ?? []) {
        if (Number(size) === 0) sides[side].delete(Number(price));
        else sides[side].set(Number(price), Number(size));
      }
    }
  };
  const middles = new Map<number, number>();
  let since: number | null = null;
  let second = 0;
  let last = 0;
  for (const line of lines) {
    last = Math.max(last, stamp(line) + offset, eventOf(line));
    for (second ||= Math.ceil(last / 1e6); second * 1e6 < last; second++) {
      if (since !== null)
        middles.set(second * 1e6, (Math.max(...sides.b.keys()) + Math.min(...sides.a.keys())) / 2);
    }
    if (line.includes('"lastUpdateId"')) {
      const book = JSON.parse(line.slice(20)) as { lastUpdateId: number; bids: Level['b']; asks: Level['a'] };
      put({ b: book.bids ?? [], a: book.asks ?? [] });
      since = book.lastUpdateId;
    } else if (since !== null && line.includes('@depth')) {
      const { data } = JSON.parse(line.slice(20)) as { data: Level & { u: number } };
      if (data.u >= since) put(data);
    }
  }
  return middles;
}

interface Figure {
  readonly subject: string;
  /** The pool it falls with. */
  readonly pool: string;
  readonly of: (price: number) => number;
}

const APART = 'BTCUSDT short, Apart';
const DEEP = 'BTCUSDT long, Deep';

/** Margin by hand: balance over maintenance, and the way to the price at which they are equal. */
const RATIOS: readonly Figure[] = [
  { subject: 'Cross', pool: 'Cross', of: (m) => (350 + m - 61_800) / (MAINTENANCE_RATE * m) },
  { subject: DEEP, pool: DEEP, of: (m) => (400 + m - 61_800) / (MAINTENANCE_RATE * m) },
  { subject: APART, pool: APART, of: (m) => (500 + 61_600 - m) / (MAINTENANCE_RATE * m) },
];
const DISTANCES: readonly Figure[] = [
  {
    subject: 'BTCUSDT long, Cross',
    pool: 'Cross',
    of: (m) => (m - (61_800 - 350) / (1 - MAINTENANCE_RATE)) / m,
  },
  { subject: DEEP, pool: DEEP, of: (m) => (m - (61_800 - 400) / (1 - MAINTENANCE_RATE)) / m },
  { subject: APART, pool: APART, of: (m) => ((61_600 + 500) / (1 + MAINTENANCE_RATE) - m) / m },
];

/** When a rule fires on one figure. */
function plainFires(one: AlertRule, figure: Figure, middles: ReadonlyMap<number, number>): readonly number[] {
  const fires: number[] = [];
  let isRaised = false;
  let beyondAt: number | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  for (const [at, price] of middles) {
    const value = figure.of(price);
    const isCool = at - toldAt >= one.cooldownSeconds * 1e6;
    beyondAt = value > one.threshold ? null : (beyondAt ?? at);
    if (isRaised) {
      const isOver = value > one.threshold + one.hysteresis;
      if (isOver) isRaised = false;
      if (isOver || isCool) toldAt = at;
    } else if (beyondAt !== null && at - beyondAt >= one.forSeconds * 1e6 && isCool) {
      isRaised = true;
      toldAt = at;
      fires.push(at);
    }
  }
  return fires;
}

describe.skipIf(!HAS_SHARED_DATA)(`alert backtest over a recording${SHARED_DATA_NOTE}`, async () => {
  const packed = HAS_SHARED_DATA ? readSharedBytes('binance/recordings/usdm_btcusdt_20240808.gz') : null;
  const text = packed === null ? '' : gunzipSync(packed).toString('utf8');
  const file = (part: string): ReadSource => ({ kind: 'recording', name: 'btc', file: new Blob([part]) });
  const frames = packed === null ? [] : await framesOf(file(text));
  const answer = backtest(frames);
  const middles = plainMiddles(text);

  it('its marks are the middles of a plainly kept book, second by second', () => {
    const marked = frames.flatMap(({ nowMicros, marks }) =>
      marks.map(({ price }) => [nowMicros, price] as const),
    );
    expect(marked.length).toBeGreaterThan(340);
    for (const [at, price] of marked) expect(price).toBeCloseTo(middles.get(at) ?? Number.NaN, 6);
    expect(middles.size).toBe(marked.length);
  });

  it('fires, liquidations, lead times and false alarms are those of a plain evaluation', () => {
    const fallen = RATIOS.flatMap(({ subject, of }) => {
      const fall = [...middles].find(([, price]) => of(price) <= 1);
      return fall === undefined ? [] : [{ subject, atMicros: fall[0] }];
    }).sort((a, b) => a.atMicros - b.atMicros);
    expect(fallen).toHaveLength(2);
    expect(answer.liquidations.map(({ subject, atMicros }) => ({ subject, atMicros }))).toEqual(fallen);

    const expected = RULES.flatMap((one) =>
      (one.metric === 'margin-ratio' ? RATIOS : DISTANCES).flatMap((figure) => {
        const { subject, pool } = figure;
        if (one.subject !== '*' && one.subject !== subject) return [];
        // What was liquidated is gone.
        const last = fallen.find((fall) => fall.subject === pool)?.atMicros ?? Number.POSITIVE_INFINITY;
        const held = new Map([...middles].filter(([at]) => at <= last));
        return plainFires(one, figure, held).map((atMicros) => ({ rule: one.id, subject, atMicros }));
      }),
    );
    const found = answer.fires.map(({ rule: id, subject, atMicros }) => ({ rule: id, subject, atMicros }));
    const key = ({ rule: id, subject, atMicros }: (typeof expected)[number]) =>
      `${atMicros} ${id} ${subject}`;
    expect(found.map(key).sort()).toEqual(expected.map(key).sort());
    expect(new Set(found.map(({ rule: id }) => id)).size).toBe(RULES.length);

    for (const score of answer.scores) {
      const own = expected.filter(({ rule: id }) => id === score.rule);
      const warns = (fire: (typeof own)[number], fall: (typeof fallen)[number]): boolean =>
        fire.subject.replace('BTCUSDT long, Cross', 'Cross') === fall.subject &&
        fall.atMicros >= fire.atMicros &&
        fall.atMicros - fire.atMicros <= HORIZON_SECONDS * 1e6;
      const watched = fallen.filter(({ subject }) => score.rule !== 'near-one' || subject.endsWith('Apart'));
      const caught = watched.filter((fall) => own.some((fire) => warns(fire, fall)));
      expect(score).toMatchObject({
        fires: own.length,
        caught: caught.length,
        missed: watched.length - caught.length,
      });
      expect(score.falseAlarms).toBe(own.filter((fire) => !watched.some((fall) => warns(fire, fall))).length);
    }
  });

  it('knows nothing before it happens: a recording that ends sooner gives the same until then', async () => {
    const cut = text.lastIndexOf('\n', Math.floor(text.length * 0.7));
    const part = await framesOf(file(text.slice(0, cut)));
    expect(part.length).toBeGreaterThan(150);
    expect(frames.slice(0, part.length)).toEqual(part);
    const until = part.at(-1)?.nowMicros ?? 0;
    const before = ({ fires, liquidations }: AlertBacktest) => ({
      fires: fires.filter(({ atMicros }) => atMicros <= until).map(({ leadSeconds: _, ...fire }) => fire),
      liquidations: liquidations.filter(({ atMicros }) => atMicros <= until),
    });
    expect(before(answer)).toEqual(before(backtest(part)));
    expect(before(answer).fires.length).toBeGreaterThan(2);
  });
});

describe('alert backtest over the simulated market', () => {
  const source: ReadSource = { kind: 'simulated', seed: 3, hours: 0.02 };

  it('reads all facts of all its contracts at every second, and tells what is held and has no mark', async () => {
    const frames = await framesOf(source);
    expect(frames).toHaveLength(73);
    expect(frames.every(({ marks, markets }) => marks.length === 4 && markets?.length === 4)).toBe(true);
    expect(
      frames[60]?.markets?.map(({ fundingRate, breaker }) => fundingRate !== null || breaker !== null),
    ).toEqual([true, true, true, true]);
    const funding = rule({
      id: 'funding',
      metric: 'funding-rate',
      when: 'above',
      threshold: 0,
      forSeconds: 10,
    });
    const other = { ...accounts[0], positions: [position({ symbol: 'DOGEUSDT' })] } as Account;
    const series = new SeriesBacktest([funding], { ...ground, portfolio: { accounts: [other] } });
    for (const frame of frames) series.take(frame);
    const answer = series.answer(60);
    expect(answer.unmarked).toEqual(['binance-usdm:DOGEUSDT']);
    expect(answer.scores).toMatchObject([{ fires: 2, caught: null, missed: null, falseAlarms: null }]);
  });

  it('refuses what cannot be read', async () => {
    const { port1 } = new MessageChannel();
    for (const hours of [0, 25, Number.NaN]) {
      expect(await readMarks({ ...source, hours }, port1)).toMatchObject({
        ok: false,
        failure: { code: 'worker/request-malformed' },
      });
    }
    const empty: ReadSource = { kind: 'recording', name: 'x', file: new Blob(['nothing']) };
    expect(await readMarks(empty, port1)).toMatchObject({ ok: false, failure: { code: 'tape/empty' } });
    port1.close();
  });
});

describe('backtest desk', () => {
  const question = (port: MessagePort, rules: unknown = RULES) => ({
    rules: JSON.stringify(rules),
    horizonSeconds: 60,
    port,
  });

  it('answers when all has come, tells how far it is, and gives up when it is told to or another begins', async () => {
    const desk = new BacktestDesk();
    const channels = [new MessageChannel(), new MessageChannel(), new MessageChannel()] as const;
    const [first, second, third] = channels;
    const replaced = desk.run(question(first.port2), ground);
    const cancelled = desk.run(question(second.port2), ground);
    expect(await replaced).toMatchObject({ ok: false, failure: { code: 'worker/cancelled' } });
    desk.cancel();
    expect(await cancelled).toMatchObject({ ok: false, failure: { code: 'worker/cancelled' } });
    expect(desk.progress).toBeNull();
    expect((await desk.run(question(third.port2, [{ id: 1 }]), ground)).ok).toBe(false);

    const done = desk.run(question(third.port2), ground);
    const frames: MarksFrame[] = [1, 2, 3].map((second) => ({
      source: 'REPLAY',
      nowMicros: (second * 1e6) as MarksFrame['nowMicros'],
      marks: [
        {
          instrument: 'binance-usdm:BTCUSDT',
          price: second < 3 ? 61_810 : 61_000,
          origin: 'mark',
          trust: 'LIVE',
          atMicros: (second * 1e6) as MarksFrame['nowMicros'],
          dailyVolatility: null,
        },
      ],
    }));
    third.port1.postMessage({
      frames: frames.slice(0, 2),
      progress: 0.6,
      isLast: false,
    } satisfies MarksPiece);
    await expect.poll(() => desk.progress).toEqual({ fraction: 0.6, atMicros: 2e6 });
    third.port1.postMessage({ frames: frames.slice(2), progress: 1, isLast: true } satisfies MarksPiece);
    const answer = await done;
    expect(answer.ok && answer.value.liquidations).toMatchObject([
      { subject: 'Cross', atMicros: 3e6 },
      { subject: DEEP, atMicros: 3e6 },
    ]);
    expect(desk.progress).toBeNull();
    for (const { port1, port2 } of channels) {
      port1.close();
      port2.close();
    }
  });
});
