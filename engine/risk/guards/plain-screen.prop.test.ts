// The quick check and the verdict agree, with every limit in turn as the one that binds and all others out of the way.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { lots } from '../../core/units.ts';
import {
  randomGuardInput,
  randomOrderLots,
  type WorldSlot,
  worldSlots,
} from '../../testkit/random-guard-case.ts';
import { type GuardConfiguration, guardProfile } from './guard-configuration.ts';
import type { GuardInput } from './guard-input.ts';
import { GUARD_VERDICTS, type GuardRuleId } from './guard-vocabulary.ts';
import { UnifiedGuard } from './unified-guard.ts';

const WORLDS = 150;
const ORDERS = 20;
const FAR = 1e9;
const BASE = guardProfile('default');
const { leverage, margin, concentration } = BASE;

const WIDE: GuardConfiguration = {
  ...BASE,
  leverage: { ...leverage, account: FAR },
  margin: { ...margin, blockRatio: 1e-9 },
  concentration: { ...concentration, symbolShare: FAR, groupShare: FAR },
  funding: null,
  adl: null,
  overrides: {},
};

/** Which rule is to bind, and the configuration in which it does. */
const CASES: readonly (readonly [GuardRuleId, GuardConfiguration])[] = [
  ['leverage/symbol', { ...WIDE, leverage: { ...leverage, account: FAR, symbol: 60 } }],
  ['leverage/bracket', WIDE],
  ['leverage/cap', WIDE],
  ['leverage/account', { ...WIDE, leverage: { ...leverage, account: 6 } }],
  ['margin/funds', WIDE],
  ['margin/ratio', { ...WIDE, margin: { ...margin, blockRatio: 20 } }],
  [
    'concentration/symbol',
    { ...WIDE, concentration: { ...concentration, symbolShare: 5 / FAR, groupShare: FAR } },
  ],
  [
    'concentration/group',
    { ...WIDE, concentration: { ...concentration, symbolShare: FAR, groupShare: 5 / FAR } },
  ],
  ['funding/rate', { ...WIDE, funding: { warnRate: 0, dangerRate: 0, blockRate: 2e-4, dayShare: FAR } }],
  ['funding/day', { ...WIDE, funding: { warnRate: 1, dangerRate: 1, blockRate: 1, dayShare: 5e-4 } }],
  ['adl/rank', { ...WIDE, adl: { warnShare: 0.2, dangerShare: 0.3, blockShare: 0.5 } }],
  ['portfolio/value-at-risk', { ...WIDE, valueAtRisk: { warnShare: 0.1, blockShare: 0.15 } }],
];

/** A world whose brackets end early where the last cap is to bind. */
function worldFor(rng: Rng, rule: GuardRuleId): GuardInput {
  const input = randomGuardInput(rng, rng.below(4) === 0);
  if (rule !== 'leverage/cap') return input;
  return {
    ...input,
    instruments: input.instruments.map((one) =>
      one.kind === 'crypto' ? { ...one, brackets: one.brackets?.slice(0, 3) ?? null } : one,
    ),
  };
}

describe('the quick check', () => {
  for (const [rule, configuration] of CASES) {
    it(`agrees with the verdict where ${rule} binds`, () => {
      const rng = new Rng(51);
      let alone = 0;
      let passed = 0;
      for (let world = 0; world < WORLDS; world++) {
        const input = worldFor(rng, rule);
        const guard = new UnifiedGuard(configuration, input);
        const slots = worldSlots(input).filter(({ place }) => place < 2);
        for (let i = 0; i < ORDERS; i++) {
          const { place, instrument, leg } = slots[rng.below(slots.length)] as WorldSlot;
          const change = randomOrderLots(rng, place);
          const chosen = 1 + rng.below(rule === 'leverage/bracket' || rule === 'leverage/symbol' ? 125 : 5);
          const number = guard.check(guard.slotOf(instrument, leg), change, Number.NaN, chosen);
          const { verdict, reasons } = guard.verdict({
            instrument,
            ...(leg === null ? {} : { leg }),
            side: change > 0 ? 'buy' : 'sell',
            sizeLots: lots(Math.abs(change)),
            priceTicks: null,
            leverage: chosen,
            reduceOnly: false,
          });
          expect(GUARD_VERDICTS[number]).toBe(verdict);
          const stops = reasons.filter((reason) => reason.verdict !== 'ALLOW');
          if (stops.length === 0) passed++;
          else if (stops.every((reason) => reason.rule === rule)) alone++;
        }
      }
      // Otherwise it would not have been this limit that was asked.
      expect(alone).toBeGreaterThan(20);
      expect(passed).toBeGreaterThan(200);
    });
  }
});
