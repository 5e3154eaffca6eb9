/** Tests of the guard desk: the board is sorted by danger, the timeline follows the ladder, advice applied reaches the target. */
import { describe, expect, it } from 'vitest';
import type { Account, Position } from '../../engine/accounting/portfolio.ts';
import { lots, type Micros, micros } from '../../engine/core/units.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import { marginReport } from '../../engine/margin/portfolio-margin.ts';
import { publishedBrackets } from '../../engine/testkit/published-brackets.ts';
import type { GuardOrder } from '../contract/guard-board.ts';
import type { MarketFacts } from '../contract/marks-frame.ts';
import { GuardDesk } from './guard-desk.ts';
import { guardWorld, judgedAccounts, withPaper } from './guard-post.ts';
import { stressReport } from './risk-pools.ts';

const RULE = {
  metric: 'margin-ratio',
  subject: '*',
  when: 'below',
  hysteresis: 0.02,
  forSeconds: 0,
  cooldownSeconds: 60,
  severity: 'danger',
};
const TABLE = publishedBrackets('2026-05-01');
const BTC = 'binance-usdm:BTCUSDT';
const START = 1_777_903_200_000_000;

function held(over: Partial<Position> = {}): Position {
  return {
    id: 'p1',
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    side: 'long',
    size: '10',
    entryPrice: '60000',
    marginMode: 'cross',
    leverage: 50,
    isolatedWallet: null,
    givenMarkPrice: null,
    ...over,
  };
}

function account(wallet: string, ...positions: readonly Position[]): Account {
  return {
    id: `a${wallet}`,
    name: `Account ${wallet}`,
    demo: false,
    currency: 'USDT',
    positionMode: 'one-way',
    crossWalletBalance: wallet,
    positions,
  };
}

function news(price: number, atMicros: Micros, over: Partial<MarketFacts> = {}) {
  const mark: MarkInput = {
    instrument: BTC,
    price,
    origin: 'mark',
    trust: 'LIVE',
    atMicros,
    dailyVolatility: 0.02,
  };
  const facts: MarketFacts = {
    instrument: BTC,
    trust: 'LIVE',
    atMicros,
    state: 'open',
    stateReason: '',
    breaker: null,
    fundingRate: 0.0001,
    nextFundingMicros: null,
    fundingAtMicros: atMicros,
    paper: null,
    ...over,
  };
  return { nowMicros: atMicros, marks: [mark], markets: [facts] };
}

const buy: GuardOrder = {
  instrument: BTC,
  side: 'buy',
  sizeLots: lots(1),
  priceTicks: null,
  leverage: null,
  reduceOnly: false,
};

function frameOf(desk: GuardDesk, accounts: readonly Account[], seen: ReturnType<typeof news>) {
  const portfolio = withPaper({ accounts }, seen.markets);
  const report = marginReport(portfolio, seen.marks, TABLE, seen.nowMicros);
  return desk.frame(portfolio, report, guardWorld(seen, TABLE, null));
}

describe('guard desk', () => {
  it('tells every rung on the way down, and shows the worst line first', () => {
    const desk = new GuardDesk();
    const sound = account('90000', held({ id: 'sound', size: '0.1' }));
    const shaky = account('6000', held());
    const seen: (string | null)[] = [];
    for (let step = 0; step <= 60; step++) {
      const frame = frameOf(desk, [sound, shaky], news(60_000 - 10 * step, micros(START + step * 1e6)));
      expect(frame.rows[0]?.accountId).toBe(shaky.id);
      seen.push(frame.rows[0]?.status ?? null);
      const told = frame.events.at(-1)?.text ?? '';
      if (seen.at(-1) !== 'HEALTHY') expect(told).toContain(`${frame.rows[0]?.status} at ratio`);
    }
    expect([...new Set(seen)]).toEqual(['HEALTHY', 'WARNING', 'DANGER', 'CRITICAL', 'LIQUIDATION']);
  });

  it('blocks additions when margin is short and says why; unknown accounts are a failure', () => {
    const desk = new GuardDesk();
    const at = micros(START);
    const low = account('4000', held());
    const world = guardWorld(news(60_000, at), TABLE, null);
    const verdict = desk.judge([low], low.id, buy, world);
    expect(verdict.ok && verdict.value.verdict).toBe('BLOCK');
    expect(verdict.ok && verdict.value.reasons.map(({ rule }) => rule)).toContain('margin/ratio');
    const sell = desk.judge([low], low.id, { ...buy, side: 'sell' }, world);
    expect(sell.ok && sell.value.verdict).toBe('ALLOW');
    expect(desk.judge([low], 'nobody', buy, world).ok).toBe(false);
  });

  it('a market that is not told, or a mark that is old, blocks what adds risk', () => {
    const desk = new GuardDesk();
    const rich = account('1000000');
    const fresh = news(60_000, micros(START));
    const judged = (world: ReturnType<typeof guardWorld>) => {
      const answer = desk.judge([rich], rich.id, buy, world);
      return answer.ok ? answer.value.verdict : answer.failure.code;
    };
    expect(judged(guardWorld(fresh, TABLE, null))).toBe('ALLOW');
    expect(judged(guardWorld({ ...fresh, markets: [] }, TABLE, null))).toBe('BLOCK');
    expect(judged(guardWorld({ ...fresh, nowMicros: micros(START + 60e6) }, TABLE, null))).toBe('BLOCK');
  });

  it('a stop by a circuit breaker halts everything, a reduction too; between sessions only reductions pass', () => {
    const desk = new GuardDesk();
    const holder = account('1000000', held());
    const judged = (side: 'buy' | 'sell', breaker: MarketFacts['breaker']) => {
      const world = guardWorld(news(60_000, micros(START), { state: 'pre-open', breaker }), TABLE, null);
      const answer = desk.judge([holder], holder.id, { ...buy, side }, world);
      return answer.ok ? answer.value : null;
    };
    const calm = { cause: null, isMonitoring: false, fallRate: 0.01, limitDistance: 0.06 };
    expect(judged('sell', { ...calm, cause: 'level-1' })?.verdict).toBe('BLOCK');
    expect(judged('sell', { ...calm, cause: 'level-1' })?.reasons[0]?.event).toBe('circuit-breaker-level-1');
    expect([judged('buy', calm)?.verdict, judged('sell', calm)?.verdict]).toEqual(['BLOCK', 'ALLOW']);
  });

  it('the advised reduction, applied, stands at the target', () => {
    const desk = new GuardDesk();
    const low = account('4000', held());
    const seen = news(60_000, micros(START));
    const frame = frameOf(desk, [low], seen);
    const advice = frame.rows.find(({ kind }) => kind === 'position')?.advice;
    expect(advice?.kind).toBe('reduce');
    const closed = Number(advice?.amount);
    const fee = closed * 60_000 * (advice?.feeRate ?? 0);
    const after = account(String(4000 - fee), held({ size: (10 - closed).toFixed(3) }));
    const ratio = marginReport({ accounts: [after] }, seen.marks, TABLE, seen.nowMicros).accounts[0]
      ?.marginRatio;
    expect(ratio).toBeGreaterThanOrEqual(frame.target - 1e-9);
    expect(ratio).toBeCloseTo(advice?.ratioAfter ?? 0, 6);
  });

  it('what paper orders brought is an account of its own', () => {
    const paper = { positionLots: -500, averagePrice: 60_010, realised: -12.5, bidLots: 0, askLots: 3 };
    const { markets } = news(60_000, micros(START), { paper });
    const [paperAccount] = judgedAccounts({ accounts: [] }, markets);
    expect(paperAccount).toMatchObject({ name: 'Paper account', crossWalletBalance: '99987.50000000' });
    expect(paperAccount?.positions).toMatchObject([{ side: 'short', size: '0.500', symbol: 'BTCUSDT' }]);
    const flat = { ...paper, positionLots: 0, averagePrice: null };
    expect(withPaper({ accounts: [] }, news(1, micros(1), { paper: flat }).markets).accounts).toEqual([]);
  });

  it('alerts are raised on the way down, what must be seen cannot be silenced, and a backtest finds them again', () => {
    const desk = new GuardDesk();
    const shaky = account('6000', held());
    const rules = JSON.stringify([
      { ...RULE, id: 'low', threshold: 1.2, mustSee: false },
      { ...RULE, id: 'dead', threshold: 1.05, mustSee: true },
    ]);
    expect(desk.alerts.configure(rules).ok).toBe(true);
    for (let step = 0; step <= 60; step++) {
      frameOf(desk, [shaky], news(60_000 - 10 * step, micros(START + step * 1e6)));
    }
    const { said, raised } = desk.alerts.view();
    expect(said.map(({ rule, phase }) => `${rule} ${phase}`)).toEqual(['low raised', 'dead raised']);
    expect(raised).toHaveLength(2);
    expect([desk.alerts.snooze('low', 5), desk.alerts.snooze('dead', 5)]).toEqual([true, false]);
    const tested = desk.alerts.backtest(rules, 3600);
    expect(tested.ok && tested.value.incidents).toBe(1);
    expect(tested.ok && tested.value.scores).toMatchObject([
      { rule: 'low', fires: 1, caught: 1, missed: 0, falseAlarms: 0 },
      { rule: 'dead', fires: 1, caught: 1, missed: 0, falseAlarms: 0 },
    ]);
    const leads = tested.ok ? tested.value.scores.map(({ medianLeadSeconds }) => medianLeadSeconds ?? 0) : [];
    expect(leads[0]).toBeGreaterThan(leads[1] ?? 0);
    expect(desk.alerts.configure('[{"id":"x"}]').ok).toBe(false);
  });

  it('alerts of a position that was closed are over, and say so', () => {
    const desk = new GuardDesk();
    desk.alerts.configure(JSON.stringify([{ ...RULE, id: 'low', threshold: 1.2, mustSee: false }]));
    for (let step = 0; step <= 60; step++) {
      frameOf(desk, [account('6000', held())], news(60_000 - 10 * step, micros(START + step * 1e6)));
    }
    expect(desk.alerts.view().raised).toHaveLength(1);
    frameOf(desk, [], news(59_400, micros(START + 61e6)));
    const { said, raised } = desk.alerts.view();
    expect(raised).toEqual([]);
    expect(said.map(({ phase }) => phase)).toEqual(['raised', 'gone']);
  });

  it('a dip between two frames is told of at its second, on the timeline and by the alerts, and a backtest finds it', () => {
    const desk = new GuardDesk();
    const rules = JSON.stringify([{ ...RULE, id: 'low', threshold: 1.2, mustSee: false }]);
    expect(desk.alerts.configure(rules).ok).toBe(true);
    const shaky = account('6000', held());
    const at = (second: number) => micros(START + second * 1e6);
    frameOf(desk, [shaky], news(60_000, at(0)));
    for (const [second, price] of [60_000, 59_650, 60_000].entries()) {
      const seen = news(price, at(second + 1));
      const report = marginReport({ accounts: [shaky] }, seen.marks, TABLE, seen.nowMicros);
      desk.pass({ accounts: [shaky] }, report, guardWorld(seen, TABLE, null));
    }
    const { events, alerts } = frameOf(desk, [shaky], news(60_000, at(4)));
    expect(alerts.said).toMatchObject([
      { phase: 'raised', atMicros: at(2) },
      { phase: 'cleared', atMicros: at(3) },
    ]);
    expect(events.map(({ atMicros }) => atMicros)).toContain(at(2));
    const tested = desk.alerts.backtest(rules, 60);
    expect(tested.ok && tested.value.fires).toMatchObject([{ rule: 'low', atMicros: at(2) }]);
  });

  it('heat and reverse stress agree: the smallest move that breaks a pool leaves it at a ratio of 1', () => {
    const shaky = account('6000', held());
    const seen = news(60_000, micros(START));
    const world = guardWorld(seen, TABLE, null);
    const at = (portfolio: readonly Account[], price: number) =>
      marginReport({ accounts: portfolio }, news(price, seen.nowMicros).marks, TABLE, seen.nowMicros);
    const { breaking, grid, left } = stressReport(at([shaky], 60_000), world);
    expect(breaking?.pool).toBe('Account 6000, cross');
    const broken = at([shaky], 60_000 * (1 + (breaking?.move ?? 0))).accounts[0]?.marginRatio;
    expect(broken).toBeCloseTo(1, 6);
    const still = grid.cells[grid.priceMoves.indexOf(0)]?.[0];
    expect(still?.ratio).toBeCloseTo(at([shaky], 60_000).accounts[0]?.marginRatio ?? 0, 9);
    expect(left).toBe(0);
  });

  it('an earlier time, as after a seek, begins another story', () => {
    const desk = new GuardDesk();
    const low = account('4000', held());
    expect(frameOf(desk, [low], news(60_000, micros(START))).events).toHaveLength(1);
    expect(frameOf(desk, [account('90000')], news(60_000, micros(START - 1e6))).events).toHaveLength(0);
  });

  it('a malformed configuration changes nothing and is named by its path', () => {
    const desk = new GuardDesk();
    const read = desk.configure('{"version":1,"profile":"default","leverge":{}}');
    expect(!read.ok && read.failure.message).toBe('leverge: unknown key');
    expect(desk.configuration.profile).toBe('default');
    expect(desk.configure('{"version":1,"profile":"conservative","adl":null}').ok).toBe(true);
    expect(desk.configuration.margin.target).toBe(2.5);
  });
});
