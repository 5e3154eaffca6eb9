// The one cascade with a closed form: linear book, uniform liquidation density. Nothing in the engine knows the formula.
import { describe, expect, it } from 'vitest';
import { LINEAR_SHOCK_TICKS, linearCascade } from '../../testkit/linear-cascade.ts';
import { CascadeRun } from './cascade-run.ts';
import { cascadeRatio } from './cascade-view.ts';

describe('amplification of a shock in a linear market', () => {
  for (const ratio of [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
    it(`is 1 ÷ (1 − R) within 2 % at R = ${ratio}`, () => {
      const run = new CascadeRun(linearCascade(ratio));
      const start = run.markets[0]?.lastTicks ?? 0;
      expect(cascadeRatio(run, 0, -100).ratio).toBeCloseTo(ratio, 2);
      let unfilled = 0;
      for (let told = run.step(); told !== null; told = run.step()) {
        for (const event of told) if (event.kind === 'order-filled') unfilled += event.unfilledLots;
      }
      const moved = (start - (run.markets[0]?.lastTicks ?? 0)) / LINEAR_SHOCK_TICKS;
      expect(unfilled).toBe(0);
      expect(moved * (1 - ratio)).toBeGreaterThan(0.98);
      expect(moved * (1 - ratio)).toBeLessThan(1.02);
    });
  }
});
