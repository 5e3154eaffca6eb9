// Whatever is traded and whenever: stops end, levels halt at most once, limits are nested, and a restored machine is equal.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { chicagoClock, clockTime } from '../../reference/calendar/chicago-time.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import { sessionAt, tradingDayAt } from '../../reference/calendar/sessions.ts';
import { findProduct } from '../../reference/instruments/cme-products.ts';
import type { BreakerInput, BreakerOutput } from './breaker-inputs.ts';
import { CircuitBreakers } from './circuit-breakers.ts';

const MINUTE = 60_000_000;

interface Step {
  readonly kind: 'trade' | 'market-index' | 'clock' | 'references' | 'reaching-order';
  readonly waitMicros: number;
  readonly instrument: number;
  readonly percent: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'trade',
    'trade',
    'trade',
    'market-index',
    'clock',
    'references',
    'reaching-order' as const,
  ),
  waitMicros: fc.oneof(
    fc.integer({ min: 0, max: 3_000_000 }),
    fc.integer({ min: 0, max: 5 * MINUTE }),
    fc.integer({ min: 0, max: 60 * MINUTE }),
    fc.integer({ min: 0, max: 9 * 60 * MINUTE }),
  ),
  instrument: fc.integer({ min: 0, max: 2 }),
  percent: fc.oneof(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -5, max: 5 })),
});

const scenario = fc.record({
  product: fc.constantFrom('ES', 'ES', 'ES', 'CL', 'GC', '6E' as const),
  // Ordinary days, the weeks of both changes, holidays, and the years of older regimes.
  day: fc.constantFrom('2015-06-01', '2020-03-08', '2026-03-05', '2026-10-30', '2026-11-25', '2026-12-23'),
  startMicros: fc.oneof(
    fc.integer({ min: 0, max: 24 * 60 * MINUTE }),
    fc.integer({ min: 13 * 60 * MINUTE, max: 20 * 60 * MINUTE }),
  ),
  steps: fc.array(step, { minLength: 20, maxLength: 120 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

const BASE = 20_000;

function inputs({ day, startMicros, steps }: Scenario): BreakerInput[] {
  let atMicros = dayOf(day) * 1440 * MINUTE + startMicros;
  const references = (price: number): BreakerInput => ({
    kind: 'references',
    atMicros,
    references: {
      contracts: [0, 1, 2].map((i) => ({ fixingTicks: price + i, settlementTicks: price + i })),
      indexClose: '5000.00',
      marketClose: '5000.00',
    },
  });
  return [
    references(BASE),
    ...steps.map((one): BreakerInput => {
      atMicros += one.waitMicros;
      if (one.kind === 'clock') return { kind: 'clock', atMicros };
      if (one.kind === 'market-index') {
        return { kind: 'market-index', atMicros, level: String(5000 + 50 * one.percent) };
      }
      const priceTicks = BASE + (BASE / 100) * one.percent;
      if (one.kind === 'references') return references(priceTicks);
      if (one.kind === 'reaching-order') {
        const side = one.percent > 0 ? 'buy' : 'sell';
        return { kind: 'reaching-order', atMicros, instrument: one.instrument, side, priceTicks };
      }
      return { kind: 'trade', atMicros, instrument: one.instrument, priceTicks };
    }),
  ];
}

const breakersOf = (product: Scenario['product']): CircuitBreakers =>
  new CircuitBreakers({
    product,
    instruments: [0, 1, 2].map((i) => ({ symbol: `${product}${i}`, isLead: i === 0 })),
  });

describe('circuit breakers', () => {
  it('end every stop within the session, at the moment they said', () => {
    const causes = new Map<string, number>();
    fc.assert(
      fc.property(scenario, (one) => {
        const breakers = breakersOf(one.product);
        const group = findProduct(one.product)!.sessionGroup;
        const levels = new Map<string, number>();
        const check = (outputs: readonly BreakerOutput[]): void => {
          for (const output of outputs) {
            if (output.kind === 'limits' || output.kind === 'dynamic-limits') continue;
            if (output.state.kind !== 'stopped') continue;
            const { cause, untilMicros } = output.state;
            causes.set(cause, (causes.get(cause) ?? 0) + 1);
            const session = sessionAt(group, micros(output.atMicros));
            expect(session).not.toBeNull();
            expect(untilMicros).toBeGreaterThanOrEqual(output.atMicros);
            expect(untilMicros).toBeLessThanOrEqual(session!.closesAtMicros);
            if (!cause.startsWith('level')) continue;
            const { timeMicros } = chicagoClock(micros(output.atMicros));
            expect(timeMicros).toBeGreaterThanOrEqual(clockTime('08:30'));
            expect(timeMicros).toBeLessThan(clockTime(cause === 'level-3' ? '15:00' : '14:25'));
            const key = `${tradingDayAt(micros(output.atMicros))} ${cause}`;
            levels.set(key, (levels.get(key) ?? 0) + 1);
            expect(levels.get(key)).toBe(1);
          }
        };
        for (const input of inputs(one)) {
          check(breakers.apply(input));
          const { state, contracts } = breakers.view();
          const ends = [state, ...contracts.map((contract) => contract.state)].flatMap((s) =>
            s.kind === 'stopped' ? [s.untilMicros] : [],
          );
          if (ends.length === 0) continue;
          // A copy that hears of nothing but the time leaves the stop when it ends, and not before.
          const copy = new CircuitBreakers(
            { product: one.product, instruments: [0, 1, 2].map((i) => ({ symbol: '', isLead: i === 0 })) },
            breakers.snapshot(),
          );
          const end = Math.max(...ends);
          if (state.kind === 'stopped' && end > input.atMicros + 1) {
            copy.apply({ kind: 'clock', atMicros: end - 1 });
            expect(copy.view().state.kind).toBe('stopped');
          }
          copy.apply({ kind: 'clock', atMicros: end });
          expect(copy.view().state.kind).not.toBe('stopped');
          expect(copy.view().contracts.every((contract) => contract.state.kind !== 'stopped')).toBe(true);
        }
      }),
      { seed: 11, numRuns: 160 },
    );
    // Every kind of stop was met, so that none of this is empty.
    for (const cause of ['dynamic', 'stepped', 'level-1', 'level-2', 'level-3']) {
      expect(causes.get(cause) ?? 0).toBeGreaterThan(0);
    }
  });

  it('tell limits that are whole ticks and the nearer of both kinds, and none while closed', () => {
    fc.assert(
      fc.property(scenario, (one) => {
        const breakers = breakersOf(one.product);
        const told = [0, 1, 2].map((): [number | null, number | null] => [null, null]);
        for (const input of inputs(one)) {
          for (const output of breakers.apply(input)) {
            if (output.kind === 'limits') told[output.instrument] = [output.lowTicks, output.highTicks];
          }
          const { state, contracts, timeInStateMicros, next } = breakers.view();
          const wrong: string[] = [];
          if (timeInStateMicros < 0 || (next !== null && next.inMicros <= 0)) wrong.push('time');
          for (const [i, { hard, dynamic, limits }] of contracts.entries()) {
            const low = (of: typeof hard): number => of.lowTicks ?? Number.NEGATIVE_INFINITY;
            const high = (of: typeof hard): number => of.highTicks ?? Number.POSITIVE_INFINITY;
            const whole = [limits.lowTicks, limits.highTicks].every(
              (p) => p === null || Number.isSafeInteger(p),
            );
            if (!whole) wrong.push('off tick');
            if (low(limits) !== Math.max(low(hard), low(dynamic))) wrong.push('not the nearer low');
            if (high(limits) !== Math.min(high(hard), high(dynamic))) wrong.push('not the nearer high');
            const isNone = limits.lowTicks === null && limits.highTicks === null;
            if (state.kind === 'closed' && !isNone) wrong.push('limits while closed');
            const [toldLow, toldHigh] = told[i]!;
            if (toldLow !== hard.lowTicks || toldHigh !== hard.highTicks) wrong.push('not told');
          }
          expect(wrong).toEqual([]);
        }
      }),
      { seed: 12, numRuns: 40 },
    );
  });

  it('go on the same from a snapshot, and the same whether or not the time is told in between', () => {
    fc.assert(
      fc.property(scenario, fc.nat(), (one, cut) => {
        const all = inputs(one);
        const at = cut % all.length;
        const straight = breakersOf(one.product);
        const outputs = all.map((input) => straight.apply(input));
        const first = breakersOf(one.product);
        for (const input of all.slice(0, at)) first.apply(input);
        const config = {
          product: one.product,
          instruments: [0, 1, 2].map((i) => ({ symbol: `${one.product}${i}`, isLead: i === 0 })),
        };
        const second = new CircuitBreakers(config, JSON.parse(JSON.stringify(first.snapshot())));
        expect(all.slice(at).map((input) => second.apply(input))).toEqual(outputs.slice(at));
        expect(second.stateHash()).toBe(straight.stateHash());
        const told = breakersOf(one.product);
        let last = all[0]!.atMicros;
        const flat: BreakerOutput[] = [];
        for (const input of all) {
          flat.push(
            ...told.apply({ kind: 'clock', atMicros: Math.floor((last + input.atMicros) / 2) }),
            ...told.apply(input),
          );
          last = input.atMicros;
        }
        expect(flat).toEqual(outputs.flat());
        expect(told.stateHash()).toBe(straight.stateHash());
      }),
      { seed: 13, numRuns: 60 },
    );
  });
});
