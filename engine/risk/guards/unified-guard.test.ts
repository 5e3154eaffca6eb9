// A guard that is kept and moved on by marks and the clock judges as one that is built anew.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { micros } from '../../core/units.ts';
import { fresh, GUARD_NOW } from '../../testkit/guard-cases.ts';
import {
  randomGuardInput,
  randomOrderLots,
  type WorldSlot,
  worldSlots,
} from '../../testkit/random-guard-case.ts';
import { guardProfile } from './guard-configuration.ts';
import type { GuardInput } from './guard-input.ts';
import { UnifiedGuard } from './unified-guard.ts';

describe('kept guard', () => {
  it('after marks and time moved on is equal to one built from the same state, over random worlds', () => {
    const configuration = guardProfile('default');
    const rng = new Rng(31);
    let differing = 0;
    for (let run = 0; run < 60; run++) {
      let input: GuardInput = randomGuardInput(rng, run % 3 === 0);
      const slots = worldSlots(input);
      const kept = new UnifiedGuard(configuration, input);
      const first = new UnifiedGuard(configuration, input);
      for (let step = 1; step <= 8; step++) {
        // Steps of hours pass settlements, sessions and the age of every input.
        const now = micros(GUARD_NOW + step * (run % 2 === 0 ? 1_000_000 : 5_400_000_000));
        const slot = rng.below(slots.length);
        const { place, instrument, leg } = slots[slot] as WorldSlot;
        expect(kept.slotOf(instrument, leg)).toBe(slot);
        const facts = input.instruments[place];
        const value = (facts?.mark?.value ?? 1) * (0.9 + rng.below(2000) / 10_000);
        const mark = rng.below(10) === 0 ? null : fresh(value, now);
        input = {
          ...input,
          atMicros: now,
          instruments: input.instruments.map((one, i) => (i === place ? { ...one, mark } : one)),
        };
        kept.clock(now);
        kept.mark(slot, mark);
        const anew = new UnifiedGuard(configuration, input);
        for (let k = 0; k < 6; k++) {
          const asked = rng.below(slots.length);
          const change = randomOrderLots(rng, (slots[asked] as WorldSlot).place);
          const number = anew.check(asked, change, Number.NaN, Number.NaN);
          expect(kept.check(asked, change, Number.NaN, Number.NaN)).toBe(number);
          if (first.check(asked, change, Number.NaN, Number.NaN) !== number) differing++;
        }
      }
    }
    // The moves matter: a guard that had not heard of them would often have judged otherwise.
    expect(differing).toBeGreaterThan(100);
  });
});
