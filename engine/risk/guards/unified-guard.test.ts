// A guard that is kept and moved on by marks and the clock judges as one that is built anew.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { micros } from '../../core/units.ts';
import { cryptoInstrument, fresh, GUARD_NOW, guardInput } from '../../testkit/guard-cases.ts';
import {
  randomGuardInput,
  randomOrderLots,
  type WorldSlot,
  worldSlots,
} from '../../testkit/random-guard-case.ts';
import { guardProfile } from './guard-configuration.ts';
import type { GuardInput, GuardInstrument } from './guard-input.ts';
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

describe('quick check', () => {
  const configuration = guardProfile('default');
  const numbers = (guard: UnifiedGuard, slots: readonly number[]): readonly number[] =>
    slots.map((slot) => guard.check(slot, 1, Number.NaN, Number.NaN));

  it('blocks a slot that is none', () => {
    const guard = new UnifiedGuard(configuration, guardInput());
    expect(numbers(guard, [0, 1, 2, 3])).toEqual([0, 0, 0, 0]);
    expect(numbers(guard, [-1, 0.5, 1.5, 4, 99, Number.NaN, Number.POSITIVE_INFINITY])).toEqual(
      Array.from({ length: 7 }, () => 2),
    );
  });

  it('blocks a contract of no known class, however sound its figures are', () => {
    const sound = cryptoInstrument('BTCUSDT', 50_000);
    const odd = { ...sound, spec: { ...sound.spec, venue: 'cme-globex' as const } };
    const wallets = [{ venue: 'binance-usdm', currency: 'USDT', balance: fresh(100_000) }] as const;
    const guardOf = (instrument: GuardInstrument): UnifiedGuard =>
      new UnifiedGuard(configuration, guardInput({ wallets, instruments: [instrument] }));
    expect(numbers(guardOf(sound), [0])).toEqual([0]);
    expect(numbers(guardOf(odd), [0])).toEqual([2]);
  });

  it('blocks sizes and prices that are none', () => {
    const guard = new UnifiedGuard(configuration, guardInput());
    for (const size of [0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 51]) {
      expect(guard.check(0, size, Number.NaN, Number.NaN)).toBe(2);
      expect(guard.check(0, -size, Number.NaN, Number.NaN)).toBe(2);
    }
    expect(guard.check(0, 1, 500_000, Number.NaN)).toBe(0);
    for (const price of [500_000.5, Number.POSITIVE_INFINITY])
      expect(guard.check(0, 1, price, Number.NaN)).toBe(2);
    for (const leverage of [0, 0.5, -1, 126]) expect(guard.check(0, 1, Number.NaN, leverage)).toBe(2);
  });
});
