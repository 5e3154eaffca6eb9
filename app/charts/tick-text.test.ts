// Painter text against the exact, slower writer of the engine and the formatter of the page.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMultiple, increment } from '../../engine/core/units.ts';
import { formatDecimalText } from '../format/number.ts';
import { nearestTickText, priceToTicks, tickText } from './tick-text.ts';

describe('tickText', () => {
  it('agrees with the exact writer', () => {
    const steps = fc.constantFrom('0.1', '0.25', '5', '0.001', '0.00001', '1', '0.5');
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), steps, (multiple, text) => {
        const step = increment(text);
        return tickText(multiple, step) === formatDecimalText(formatMultiple(multiple, step));
      }),
    );
  });

  it('reads a price back to the tick it came from', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50_000_000, max: 50_000_000 }),
        fc.constantFrom('0.1', '0.25', '0.0001'),
        (n, text) => {
          const step = increment(text);
          return priceToTicks((n * step.mantissa) / 10 ** step.scale, step) === n;
        },
      ),
    );
  });

  it('rounds an estimate to the nearest tick', () => {
    expect(nearestTickText(61_642.18, increment('0.1'))).toBe('61,642.2');
    expect(nearestTickText(6_826.61, increment('0.25'))).toBe('6,826.50');
  });
});
