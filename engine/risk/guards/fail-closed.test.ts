// Whatever throws inside a guard blocks: a fault is injected at every call and at every read of the input, one at a time.
import { describe, expect, it, vi } from 'vitest';
import {
  BTC,
  cmeInstrument,
  cryptoInstrument,
  ES,
  fresh,
  guardInput,
  guardOrder as order,
  position,
} from '../../testkit/guard-cases.ts';
import { guardProfile } from './guard-configuration.ts';
import type { GuardInput, GuardOrder } from './guard-input.ts';
import { guardOrder } from './guard-order.ts';
import { GUARD_VERDICTS, type GuardVerdictKind } from './guard-vocabulary.ts';
import { UnifiedGuard } from './unified-guard.ts';

const { points, wrap } = await vi.hoisted(async () => {
  const { FaultPoints } = await import('../../testkit/fault-points.ts');
  const hooks = new FaultPoints();
  return {
    points: hooks,
    wrap: async (load: () => Promise<object>): Promise<Record<string, unknown>> =>
      hooks.wrapModule((await load()) as Record<string, unknown>),
  };
});

vi.mock('./rules/adl.ts', wrap);
vi.mock('./rules/concentration.ts', wrap);
vi.mock('./rules/contract.ts', wrap);
vi.mock('./rules/funding.ts', wrap);
vi.mock('./rules/inputs.ts', wrap);
vi.mock('./rules/leverage.ts', wrap);
vi.mock('./rules/margin.ts', wrap);
vi.mock('./rules/trading.ts', wrap);
vi.mock('./rules/value-at-risk.ts', wrap);
vi.mock('./asset-class.ts', wrap);
vi.mock('./bracket-columns.ts', wrap);
vi.mock('./cme-pool.ts', wrap);
vi.mock('./contract-clock.ts', wrap);
vi.mock('./crypto-pool.ts', wrap);
vi.mock('./crypto-slot.ts', wrap);
vi.mock('./guard-facts.ts', wrap);
vi.mock('./guard-sheet.ts', wrap);
vi.mock('./guard-slot.ts', wrap);
vi.mock('./guard-verdict.ts', wrap);
vi.mock('./input-rules.ts', wrap);
vi.mock('./order-rules.ts', wrap);
vi.mock('./plain-screen.ts', wrap);
vi.mock('./position-limits.ts', wrap);
vi.mock('./slot-limits.ts', wrap);
vi.mock('./unified-guard.ts', wrap);
vi.mock('../crowd/maintenance-columns.ts', wrap);
vi.mock('../../margin/margin-status.ts', wrap);
vi.mock('../../margin/span/calculator.ts', wrap);
vi.mock('../../margin/span/span-portfolio.ts', wrap);
vi.mock('../../market/trust.ts', wrap);
vi.mock('../../reference/calendar/contract-dates.ts', wrap);
vi.mock('../../reference/calendar/holidays.ts', wrap);
vi.mock('../../reference/calendar/sessions.ts', wrap);
vi.mock('../../venue/settlement/settlement-rules.ts', wrap);
vi.mock('../../core/money.ts', wrap);

const CONFIGURATION = { ...guardProfile('default'), valueAtRisk: { warnShare: 0.1, blockShare: 0.2 } };

interface Case {
  readonly name: string;
  readonly input: GuardInput;
  readonly order: GuardOrder;
  /** What comes out when nothing fails. */
  readonly verdict: GuardVerdictKind;
}

const CRYPTO = [cryptoInstrument('BTCUSDT', 50_000)];
const FUTURE = [cmeInstrument('ESH2', 4_400)];
const valueAtRisk = fresh(0.05);
const LONG_BTC = guardInput({ instruments: CRYPTO, positions: [position(BTC, 100, 49_000)], valueAtRisk });
const LONG_ES = guardInput({ instruments: FUTURE, positions: [position(ES, 1, 4_390)], valueAtRisk });
const ISOLATED = guardInput({
  instruments: CRYPTO,
  positions: [position(BTC, -50, 51_000, { isolatedWallet: 500 })],
  valueAtRisk,
});
const NO_BRACKETS = [cryptoInstrument('BTCUSDT', 5e4, { brackets: null })];
const CASES: readonly Case[] = [
  { name: 'an order that adds to a perpetual', input: LONG_BTC, order: order(BTC, 10), verdict: 'ALLOW' },
  { name: 'an order that adds to a future', input: LONG_ES, order: order(ES, 1), verdict: 'ALLOW' },
  { name: 'an order in an isolated position', input: ISOLATED, order: order(BTC, -10), verdict: 'ALLOW' },
  {
    name: 'an order in a leg',
    input: guardInput({
      instruments: CRYPTO,
      positionMode: 'hedge',
      positions: [position(BTC, 100, 49_000, { leg: 'long' }), position(BTC, -50, 51_000, { leg: 'short' })],
      valueAtRisk,
    }),
    order: order(BTC, -10, { leg: 'short' }),
    verdict: 'ALLOW',
  },
  { name: 'an order that is too large', input: LONG_BTC, order: order(BTC, 50_000), verdict: 'REDUCE' },
  { name: 'an order that only reduces', input: LONG_BTC, order: order(BTC, -100), verdict: 'ALLOW' },
  {
    name: 'an order without brackets',
    input: guardInput({ instruments: NO_BRACKETS, valueAtRisk }),
    order: order(BTC, 1),
    verdict: 'BLOCK',
  },
];

describe('guards fail closed', () => {
  for (const { name, input, order: asked, verdict: quietly } of CASES) {
    it(`a fault at any call or read on the way of ${name} blocks it`, () => {
      points.reset();
      const quiet = guardOrder(points.watch(CONFIGURATION), points.watch(input), points.watch(asked));
      const { passed } = points;
      expect(quiet.verdict).toBe(quietly);
      expect(passed).toBeGreaterThan(100);
      for (let at = 1; at <= passed; at++) {
        points.reset(at);
        const verdict = guardOrder(points.watch(CONFIGURATION), points.watch(input), points.watch(asked));
        if (verdict.verdict !== 'BLOCK' || verdict.allowedLots !== 0 || verdict.reasons.length === 0) {
          expect.fail(`a fault at place ${at} of ${passed} gave ${verdict.verdict}`);
        }
        if (!verdict.reasons.some((reason) => reason.event === 'check-failed')) {
          expect.fail(`a fault at place ${at} of ${passed} is not told`);
        }
      }
      points.reset();
      console.info(`${name} (${quiet.verdict} when nothing fails): ${passed} places, each blocks`);
    });

    it(`a fault at any call or read on the way of the quick check of ${name} blocks it`, () => {
      points.reset();
      const guard = new UnifiedGuard(points.watch(CONFIGURATION), points.watch(input));
      const slot = guard.slotOf(asked.instrument, asked.leg);
      const change = asked.side === 'buy' ? asked.sizeLots : -asked.sizeLots;
      points.reset();
      expect(GUARD_VERDICTS[guard.check(slot, change, Number.NaN, Number.NaN)]).toBe(quietly);
      const { passed } = points;
      // The first place is the call of the check itself.
      expect(passed).toBeGreaterThan(1);
      for (let at = 2; at <= passed; at++) {
        points.reset(at);
        const number = guard.check(slot, change, Number.NaN, Number.NaN);
        if (number !== 2) expect.fail(`a fault at place ${at} of ${passed} gave ${GUARD_VERDICTS[number]}`);
      }
      points.reset();
      console.info(`quick check of ${name}: ${passed - 1} places, each blocks`);
    });
  }
});
