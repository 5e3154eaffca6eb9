// Lateness and clock difference: what one clock on each side can tell, and what it must not claim.
import { describe, expect, it } from 'vitest';
import { micros } from '../core/units.ts';
import { EventLag } from './event-lag.ts';

const T = 1_700_000_000_000;

/** Ten events a second over a while, each received `lagMs` after its date. */
function pass(lag: EventLag, fromMs: number, lengthMs: number, lagMs: (ms: number) => number): void {
  for (let ms = fromMs; ms < fromMs + lengthMs; ms += 100) {
    lag.add(micros((T + ms) * 1_000), micros(Math.round((T + ms + lagMs(ms)) * 1_000)));
  }
}

describe('event lag', () => {
  it('takes the least as the way and ignores single late messages', () => {
    const lag = new EventLag();
    pass(lag, 0, 20_000, (ms) => (ms % 1_000 === 0 ? 80 : 900));
    expect(lag.leastMicros).toBe(80_000);
    expect(lag.lateMicros).toBe(0);
  });

  it('calls late what comes later than before, within ten seconds, and on time again at once', () => {
    const lag = new EventLag();
    pass(lag, 0, 20_000, () => 80);
    pass(lag, 20_000, 10_100, () => 3_080);
    expect(lag.lateMicros).toBe(3_000_000);
    pass(lag, 31_000, 100, () => 80);
    expect(lag.lateMicros).toBe(0);
  });

  it('sees a backlog that grows', () => {
    const lag = new EventLag();
    pass(lag, 0, 10_000, () => 80);
    pass(lag, 10_000, 60_000, (ms) => 80 + (ms - 10_000) / 2);
    expect(lag.lateMicros).toBeGreaterThan(20_000_000);
  });

  it.each([600_000, -600_000, 5_000, -1_500])(
    'takes a constant difference of %i ms for the clocks, not for lateness',
    (skewMs) => {
      const lag = new EventLag();
      pass(lag, 0, 20_000, () => skewMs + 80);
      expect(lag.leastMicros).toBe((skewMs + 80) * 1_000);
      expect(lag.lateMicros).toBe(0);
    },
  );

  it('forgets a difference that was mended in a while, and at once when told or when our clock was set back', () => {
    const forward = new EventLag();
    pass(forward, 0, 10_000, () => 80);
    pass(forward, 10_000, 610_000, () => 2_080);
    expect(forward.lateMicros).toBe(0);
    const told = new EventLag();
    pass(told, 0, 10_000, () => 80);
    told.forget();
    pass(told, 10_000, 100, () => 2_080);
    expect(told.lateMicros).toBe(0);
    const back = new EventLag();
    pass(back, 0, 10_000, () => 80);
    pass(back, 10_000, 1_000, () => -599_920);
    expect(back.lateMicros).toBe(0);
    expect(back.leastMicros).toBe(-599_920_000);
  });

  it('goes on from a saved state', () => {
    const lag = new EventLag();
    pass(lag, 0, 12_000, () => 80);
    const again = new EventLag();
    again.restore(lag.snapshot());
    for (const each of [lag, again]) pass(each, 12_000, 12_000, () => 1_580);
    expect(again.snapshot()).toEqual(lag.snapshot());
    expect(again.lateMicros).toBe(1_500_000);
  });
});
