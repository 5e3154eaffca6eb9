// The unified guard asked one order at a time: what it allows, reduces and blocks, and why.
import { describe, expect, it } from 'vitest';
import { type Lots, type Micros, micros, ticks } from '../../core/units.ts';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import {
  BTC,
  cmeInstrument,
  cryptoInstrument,
  ES,
  ETH,
  fresh,
  GUARD_NOW,
  guardInput,
  NQ,
  OPEN,
  guardOrder as order,
  position,
} from '../../testkit/guard-cases.ts';
import { guardProfile } from './guard-configuration.ts';
import type { GuardInput, GuardOrder } from './guard-input.ts';
import { guardOrder } from './guard-order.ts';
import type { GuardVerdict } from './guard-verdict.ts';

const CONFIGURATION = guardProfile('default');
const judge = (input: GuardInput, asked: GuardOrder): GuardVerdict => guardOrder(CONFIGURATION, input, asked);
const rulesOf = ({ reasons }: GuardVerdict): readonly string[] => reasons.map((r) => r.rule);
const late = (seconds: number): Micros => micros(GUARD_NOW - seconds * 1_000_000);

describe('guard of one order', () => {
  it('allows a small order of a sound account in each asset class, and an empty account its first trade', () => {
    for (const [instrument, size] of [
      [BTC, 100],
      [ETH, -1000],
      [ES, 1],
      [NQ, -1],
    ] as const) {
      const verdict = judge(guardInput(), order(instrument, size));
      expect(verdict.reasons).toEqual([]);
      expect(verdict).toMatchObject({ verdict: 'ALLOW', allowedLots: Math.abs(size), severity: null });
    }
  });

  it('tells a too large order the largest size that passes, and that size does pass', () => {
    for (const instrument of [BTC, ETH, ES, NQ]) {
      const verdict = judge(guardInput(), order(instrument, 1_000_000));
      expect(verdict.verdict).toBe('REDUCE');
      const { allowedLots } = verdict;
      expect(allowedLots).toBeGreaterThan(0);
      expect(judge(guardInput(), order(instrument, allowedLots)).verdict).toBe('ALLOW');
      expect(judge(guardInput(), order(instrument, allowedLots + 1)).verdict).toBe('REDUCE');
    }
  });

  it('blocks what is not described: an instrument, a mark, brackets, parameters, a trading state', () => {
    expect(judge(guardInput(), order('binance-usdm:NOPEUSDT', 1))).toMatchObject({
      verdict: 'BLOCK',
      reasons: [{ rule: 'instrument/known', event: 'instrument-unknown', severity: 'emergency' }],
    });
    const cases = [
      [cryptoInstrument('BTCUSDT', 50_000, { mark: null }), 'input/mark'],
      [cryptoInstrument('BTCUSDT', 50_000, { brackets: null }), 'input/table'],
      [cryptoInstrument('BTCUSDT', 50_000, { trading: null }), 'trading/state'],
      [cryptoInstrument('BTCUSDT', 50_000, { funding: null }), 'funding/rate'],
      [cryptoInstrument('BTCUSDT', Number.NaN), 'input/mark'],
      [cryptoInstrument('BTCUSDT', 0), 'input/mark'],
      [
        cryptoInstrument('BTCUSDT', 1, { mark: { value: 5e4, trust: 'STALE', atMicros: GUARD_NOW } }),
        'input/mark',
      ],
      [cryptoInstrument('BTCUSDT', 50_000, { mark: fresh(5e4, late(11)) }), 'input/mark'],
      [cryptoInstrument('BTCUSDT', 50_000, { mark: fresh(5e4, late(-60)) }), 'input/mark'],
    ] as const;
    for (const [instrument, rule] of cases) {
      const verdict = judge(guardInput({ instruments: [instrument] }), order(BTC, 1));
      expect(verdict.verdict).toBe('BLOCK');
      expect(rulesOf(verdict)).toContain(rule);
    }
    const noSpan = judge(guardInput({ span: null }), order(ES, 1));
    expect(noSpan.verdict).toBe('BLOCK');
    expect(rulesOf(noSpan)).toContain('input/table');
    expect(judge(guardInput({ wallets: [] }), order(BTC, 1)).verdict).toBe('BLOCK');
  });

  it('blocks every order that adds risk while one held position has no mark or no description', () => {
    const held = position(ETH, 100, 2_000);
    const blind = guardInput({
      instruments: [cryptoInstrument('BTCUSDT', 5e4), cryptoInstrument('ETHUSDT', 2_000, { mark: null })],
      positions: [held],
    });
    expect(judge(blind, order(BTC, 1)).verdict).toBe('BLOCK');
    expect(judge(blind, order(ETH, -100))).toMatchObject({ verdict: 'ALLOW', onlyReduces: true });
    const undescribed = guardInput({ instruments: [cryptoInstrument('BTCUSDT', 5e4)], positions: [held] });
    expect(rulesOf(judge(undescribed, order(BTC, 1)))).toContain('input/account');
  });

  it('refuses what is no order', () => {
    for (const size of [0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const asked = { ...order(BTC, 1), sizeLots: size as Lots };
      expect(judge(guardInput(), asked).verdict).toBe(size === -1 ? 'ALLOW' : 'BLOCK');
    }
    expect(judge(guardInput(), order(BTC, 1, { priceTicks: ticks(1) })).verdict).toBe('ALLOW');
    expect(judge(guardInput(), order(BTC, 5, { reduceOnly: true })).verdict).toBe('BLOCK');
  });

  it('lets a position be reduced however bad things are, and cuts a reduce-only order to it', () => {
    const ruined = guardInput({
      wallets: [{ venue: 'binance-usdm', currency: 'USDT', balance: fresh(-5_000, late(900)) }],
      instruments: [
        cryptoInstrument('BTCUSDT', 50_000, {
          mark: null,
          brackets: null,
          funding: null,
          trading: fresh(OPEN, late(900)),
        }),
      ],
      positions: [position(BTC, 2_000, 90_000)],
    });
    expect(judge(ruined, order(BTC, -2_000))).toMatchObject({ verdict: 'ALLOW', onlyReduces: true });
    expect(judge(ruined, order(BTC, -2_001))).toMatchObject({ verdict: 'REDUCE', allowedLots: 2_000 });
    expect(judge(ruined, order(BTC, -9_999, { reduceOnly: true }))).toMatchObject({
      verdict: 'ALLOW',
      allowedLots: 2_000,
    });
    expect(judge(ruined, order(BTC, 1)).verdict).toBe('BLOCK');
  });

  it('blocks everything in a halt, and names the level', () => {
    const halted = { state: 'halted', cause: 'level-1', fallRate: 0.071 } as const;
    const input = guardInput({
      instruments: [cmeInstrument('ESH2', 4_400, { trading: fresh(halted) })],
      positions: [position(ES, 2, 4_400)],
    });
    for (const size of [1, -1]) {
      expect(judge(input, order(ES, size))).toMatchObject({
        verdict: 'BLOCK',
        severity: 'emergency',
        reasons: [{ event: 'circuit-breaker-level-1', value: 0.071 }],
      });
    }
  });

  it('between sessions blocks what adds and lets what reduces rest', () => {
    const closed = { state: 'closed', cause: null, fallRate: null } as const;
    const input = guardInput({
      instruments: [cmeInstrument('ESH2', 4_400, { trading: fresh(closed) })],
      positions: [position(ES, 2, 4_400)],
    });
    expect(judge(input, order(ES, 1)).verdict).toBe('BLOCK');
    expect(judge(input, order(ES, -1))).toMatchObject({
      verdict: 'ALLOW',
      reasons: [{ event: 'market-closed' }],
    });
  });

  it('warns of a fall before the breaker', () => {
    const falling = fresh({ ...OPEN, fallRate: 0.055 });
    const input = guardInput({ instruments: [cmeInstrument('ESH2', 4_400, { trading: falling })] });
    expect(judge(input, order(ES, 1))).toMatchObject({
      verdict: 'ALLOW',
      reasons: [{ event: 'circuit-breaker-near' }],
    });
  });

  it('judges leverage of symbol, bracket and account, and the last cap', () => {
    const roomy = guardInput({
      wallets: [{ venue: 'binance-usdm', currency: 'USDT', balance: fresh(1e9) }],
    });
    expect(rulesOf(judge(roomy, order(ETH, 10, { leverage: 110 })))).toContain('leverage/symbol');
    // 2021-03-01: above 50,000 at most 100x, above 250,000 at most 50x.
    expect(judge(roomy, order(BTC, 1_000, { leverage: 125 })).verdict).toBe('ALLOW');
    expect(judge(roomy, order(BTC, 1_001, { leverage: 125 }))).toMatchObject({
      verdict: 'REDUCE',
      allowedLots: 1_000,
      reasons: [{ rule: 'leverage/bracket', value: 125, limit: 100 }],
    });
    expect(rulesOf(judge(guardInput(), order(BTC, 50_000)))).toContain('leverage/account');
  });

  it('judges funding by what is paid, per 8 hours', () => {
    const at = (rate: number, intervalHours: number): GuardInput =>
      guardInput({
        instruments: [
          cryptoInstrument('BTCUSDT', 5e4, { funding: fresh({ rate, predictedRate: 0, intervalHours }) }),
        ],
      });
    expect(judge(at(0.0031, 8), order(BTC, 1)).reasons[0]).toMatchObject({
      event: 'funding-extreme',
      verdict: 'BLOCK',
    });
    expect(judge(at(0.0031, 8), order(BTC, -1)).verdict).toBe('ALLOW');
    expect(judge(at(0.0005, 1), order(BTC, 1)).reasons[0]).toMatchObject({ value: 0.004, limit: 0.003 });
    expect(judge(at(0.0006, 8), order(BTC, 1))).toMatchObject({
      verdict: 'ALLOW',
      reasons: [{ event: 'funding-excessive' }],
    });
  });

  it('judges the exact place in the deleveraging queue of what is held', () => {
    const at = (rank: number): GuardVerdict =>
      judge(
        guardInput({
          instruments: [cryptoInstrument('BTCUSDT', 5e4, { adl: fresh({ rank, of: 200 }) })],
          positions: [position(BTC, 100, 40_000)],
        }),
        order(BTC, 1),
      );
    expect(at(61).verdict).toBe('ALLOW');
    expect(at(61).reasons[0]).toMatchObject({ event: 'adl-warning', value: 0.7 });
    expect(at(11)).toMatchObject({ verdict: 'BLOCK', reasons: [{ event: 'adl-critical', value: 0.95 }] });
    expect(at(0).verdict).toBe('BLOCK');
    expect(at(201).verdict).toBe('BLOCK');
  });

  it('takes correlation that is not known for one', () => {
    const size = order(BTC, 27_000);
    const loose = { ...CONFIGURATION, concentration: { ...CONFIGURATION.concentration, symbolShare: 1 } };
    const roomy = { ...loose, overrides: {} };
    expect(
      rulesOf(guardOrder(roomy, guardInput({ meanCorrelation: fresh(0) }), order(BTC, 20_000))),
    ).not.toContain('concentration/group');
    for (const meanCorrelation of [null, fresh(1), fresh(0.1, late(2_000)), fresh(Number.NaN)]) {
      expect(rulesOf(guardOrder(roomy, guardInput({ meanCorrelation }), size))).toContain(
        'concentration/group',
      );
    }
  });

  it('judges position limits with micro contracts counted in', () => {
    const rich = guardInput({
      wallets: [{ venue: 'cme-globex', currency: 'USD', balance: fresh(1e12) }],
      instruments: [cmeInstrument('ESH2', 4_400), cmeInstrument('MESH2', 4_400)],
      positions: [position(ES, 49_000, 4_400)],
    });
    expect(judge(rich, order('cme-globex:MESH2', 10_000)).verdict).toBe('ALLOW');
    expect(judge(rich, order('cme-globex:MESH2', 10_001))).toMatchObject({
      verdict: 'REDUCE',
      allowedLots: 10_000,
      reasons: [{ event: 'position-limit-exceeded', limit: 50_000 }, { event: 'position-accountability' }],
    });
  });

  it('grows strict before settlement and near the end of the contract', () => {
    const at = (day: string, time: string): GuardVerdict => {
      const now = chicagoInstant(dayOf(day), clockTime(time));
      const trading = fresh(OPEN, now);
      const instruments = [cmeInstrument('ESH2', 4_400, { trading, mark: fresh(4_400, now) })];
      const wallets = [{ venue: 'cme-globex', currency: 'USD', balance: fresh(1e5, now) }] as const;
      return judge(guardInput({ atMicros: now, instruments, wallets }), order(ES, 1));
    };
    // ES settles at 15:00 in Chicago; its own limit of warning is 45 minutes.
    expect(at('2022-01-25', '14:14:59').reasons).toEqual([]);
    expect(at('2022-01-25', '14:15:00').reasons[0]).toMatchObject({
      event: 'settlement-approaching',
      value: 45,
    });
    expect(at('2022-01-25', '14:30:00').reasons[0]).toMatchObject({ severity: 'danger' });
    expect(at('2022-01-25', '14:45:00')).toMatchObject({ verdict: 'BLOCK' });
    expect(at('2022-01-25', '15:00:00').verdict).toBe('ALLOW');
    // The March contract ends on Friday, 2022-03-18.
    expect(at('2022-03-03', '10:00:00').reasons).toEqual([]);
    expect(at('2022-03-04', '10:00:00').reasons[0]).toMatchObject({ event: 'rollover-warning', value: 10 });
    expect(at('2022-03-11', '10:00:00').reasons[0]).toMatchObject({ event: 'rollover-imminent', value: 5 });
    expect(at('2022-03-16', '10:00:00')).toMatchObject({ verdict: 'BLOCK', severity: 'critical' });
    expect(at('2022-03-18', '08:30:00')).toMatchObject({ verdict: 'BLOCK', severity: 'emergency' });
  });

  it('follows its profile: classes switched off, limits by symbol, rules switched off and named', () => {
    const crypto = guardProfile('crypto-only');
    expect(guardOrder(crypto, guardInput(), order(ES, 1))).toMatchObject({
      verdict: 'BLOCK',
      reasons: [{ event: 'asset-class-disabled' }],
    });
    expect(guardOrder(crypto, guardInput(), order(BTC, 1)).verdict).toBe('ALLOW');
    expect(guardOrder(guardProfile('cme-only'), guardInput(), order(BTC, 1)).verdict).toBe('BLOCK');
    const institutional = guardProfile('institutional');
    expect(rulesOf(guardOrder(institutional, guardInput(), order(BTC, 1)))).toContain(
      'portfolio/value-at-risk',
    );
    expect(guardOrder(institutional, guardInput({ valueAtRisk: fresh(0.05) }), order(BTC, 1)).verdict).toBe(
      'ALLOW',
    );
    const quiet = { ...CONFIGURATION, adl: null, funding: null };
    expect(guardOrder(quiet, guardInput(), order(BTC, 1)).notChecked).toEqual([
      'funding/rate',
      'funding/day',
      'adl/rank',
      'portfolio/value-at-risk',
    ]);
  });

  it('never lets money of one venue stand for another', () => {
    const wallets = [
      { venue: 'binance-usdm', currency: 'USDT', balance: fresh(10) },
      { venue: 'cme-globex', currency: 'USD', balance: fresh(1e9) },
    ] as const;
    expect(judge(guardInput({ wallets }), order(BTC, 1_000)).verdict).toBe('REDUCE');
    expect(judge(guardInput({ wallets }), order(ES, 5)).verdict).toBe('ALLOW');
  });

  it('lists the worst reason first and says where each limit comes from', () => {
    const { reasons } = judge(guardInput(), order(BTC, 1_000_000));
    const severities = reasons.map((r) =>
      ['info', 'warning', 'danger', 'critical', 'emergency'].indexOf(r.severity),
    );
    expect(severities).toEqual([...severities].sort((a, b) => b - a));
    expect(reasons.length).toBeGreaterThan(3);
    for (const reason of reasons) expect(reason.source).not.toBe('');
  });
});
