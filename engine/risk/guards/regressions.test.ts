// Defects of guards seen elsewhere, each as a test of its own: open where they must close, and advice that is always zero.
import { describe, expect, it } from 'vitest';
import { isInCohort } from '../../core/cohort.ts';
import {
  BTC,
  cmeInstrument,
  cryptoInstrument,
  ES,
  fresh,
  guardInput,
  OPEN,
  guardOrder as order,
  position,
} from '../../testkit/guard-cases.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { GUARD_PROFILES, guardProfile } from './guard-configuration.ts';
import { guardOrder } from './guard-order.ts';
import { formatGuardConfiguration, parseGuardConfiguration } from './parse-guard-configuration.ts';
import { reductionAdvice } from './reduction-advice.ts';

const CONFIGURATION = guardProfile('default');

describe('defects of guards seen elsewhere', () => {
  it('defect 1: an unknown symbol is blocked, bought or sold (elsewhere: allowed)', () => {
    for (const size of [1, -1]) {
      expect(guardOrder(CONFIGURATION, guardInput(), order('binance-usdm:XYZUSDT', size)).verdict).toBe(
        'BLOCK',
      );
      expect(guardOrder(CONFIGURATION, guardInput(), order('cme-globex:XYZ9', size)).verdict).toBe('BLOCK');
    }
  });

  it('defect 1: 1,000,000 ES on 100 dollars are blocked, with arguments missing too (elsewhere: allowed)', () => {
    const poor = guardInput({ wallets: [{ venue: 'cme-globex', currency: 'USD', balance: fresh(100) }] });
    const verdict = guardOrder(CONFIGURATION, poor, order(ES, 1_000_000));
    expect(verdict).toMatchObject({ verdict: 'BLOCK', allowedLots: 0 });
    expect(verdict.reasons.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['span/funds', 'span/ratio', 'position/limit']),
    );
    for (const missing of [{ wallets: [] }, { span: null }, { instruments: [] }]) {
      expect(guardOrder(CONFIGURATION, guardInput(missing), order(ES, 1_000_000)).verdict).toBe('BLOCK');
    }
  });

  it('defect 1: ES 30 % down in a level 3 halt is blocked (elsewhere: allowed, by a call that failed)', () => {
    const halt = fresh({ state: 'halted', cause: 'level-3', fallRate: 0.3 } as const);
    const input = guardInput({ instruments: [cmeInstrument('ESH2', 3_080, { trading: halt })] });
    expect(guardOrder(CONFIGURATION, input, order(ES, 1))).toMatchObject({
      verdict: 'BLOCK',
      reasons: [{ event: 'circuit-breaker-level-3', severity: 'emergency' }],
    });
  });

  it('defect 1: a clean order passes cleanly; extreme funding and a place at the front of the queue block (elsewhere: "allowed, error")', () => {
    const clean = guardOrder(CONFIGURATION, guardInput(), order(BTC, 10));
    expect(clean).toMatchObject({ verdict: 'ALLOW', reasons: [] });
    const funding = fresh({ rate: 0.01, predictedRate: 0.01, intervalHours: 8 });
    const costly = guardInput({ instruments: [cryptoInstrument('BTCUSDT', 5e4, { funding })] });
    expect(guardOrder(CONFIGURATION, costly, order(BTC, 10))).toMatchObject({
      verdict: 'BLOCK',
      reasons: [{ event: 'funding-extreme' }],
    });
    const front = cryptoInstrument('BTCUSDT', 5e4, { adl: fresh({ rank: 1, of: 200 }) });
    const held = guardInput({ instruments: [front], positions: [position(BTC, 100, 4e4)] });
    expect(guardOrder(CONFIGURATION, held, order(BTC, 10))).toMatchObject({
      verdict: 'BLOCK',
      reasons: [{ event: 'adl-critical' }],
    });
  });

  it('defect 1: the first trade of an empty account is judged by its size (elsewhere: refused as 100 % in one symbol)', () => {
    for (const profile of GUARD_PROFILES.filter((name) => guardProfile(name).trades.crypto)) {
      const input = guardInput({ valueAtRisk: fresh(0) });
      expect(guardOrder(guardProfile(profile), input, order(BTC, 10)).verdict).toBe('ALLOW');
    }
  });

  it('defect 8: the advised reduction is not zero, and applied it reaches its target (elsewhere: always 0)', () => {
    const brackets = publishedBrackets('2021-03-01').symbols.get('BTCUSDT') ?? [];
    const held = { instrument: 'BTC', sizeLots: 1_000, lotNotional: 100, brackets };
    const advice = reductionAdvice({ balance: 500, targetRatio: 2, feeRate: 0.0005, positions: [held] });
    const closed = advice.steps[0]?.closeLots ?? 0;
    expect(closed).toBeGreaterThan(0);
    // 45,900 left at 0.4 %, in the first bracket: 183.60; 500 less a fee of 0.0005 × 54,100 is 472.95.
    const left = (1_000 - closed) * 100;
    const maintenance = left > 50_000 ? left * 0.005 - 50 : left * 0.004;
    expect((500 - closed * 100 * 0.0005) / maintenance).toBeGreaterThanOrEqual(2);
  });

  it('defect 8: a trial of 20 % covers about 200 of 1,000 accounts, always the same (elsewhere: 1000 of 1000)', () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => `account-${i}`);
    const covered = keys.filter((key) => isInCohort('guard profile', key, 0.2));
    expect(covered.length).toBeGreaterThan(160);
    expect(covered.length).toBeLessThan(240);
    expect(keys.filter((key) => isInCohort('guard profile', key, 0.2))).toEqual(covered);
    expect(covered.every((key) => isInCohort('guard profile', key, 0.5))).toBe(true);
    expect(keys.some((key) => isInCohort('guard profile', key, 0))).toBe(false);
    expect(keys.every((key) => isInCohort('guard profile', key, 1))).toBe(true);
  });

  it('defect 8: an unknown key of the configuration is an error that names it (elsewhere: 20 keys dropped in silence)', () => {
    const known = JSON.parse(formatGuardConfiguration(CONFIGURATION)) as Record<string, unknown>;
    for (const section of Object.keys(known)) {
      const value = known[section];
      if (value === null || typeof value !== 'object') continue;
      const text = JSON.stringify({ ...known, [section]: { ...value, surprise: 1 } });
      const read = parseGuardConfiguration(text);
      expect(read.ok ? '' : read.failure.message).toMatch(new RegExp(`^${section}\\.surprise`));
    }
    expect(parseGuardConfiguration(JSON.stringify({ ...known, surprise: {} }))).toMatchObject({
      ok: false,
      failure: { message: 'surprise: unknown key' },
    });
  });

  it('defect 8: the ratio in a verdict follows the mark (elsewhere: always 1.5)', () => {
    const at = (mark: number): number | null =>
      guardOrder(
        CONFIGURATION,
        guardInput({
          instruments: [cryptoInstrument('BTCUSDT', mark, { trading: fresh(OPEN) })],
          positions: [position(BTC, 1_000, 50_000)],
        }),
        order(BTC, 1),
      ).marginRatio.before;
    // 2022-02-12: 50,000 at 0.4 %; 60,000 at 0.5 % less 50.
    expect(at(50_000)).toBe(100_000 / 200);
    expect(at(60_000)).toBe(110_000 / 250);
  });
});
