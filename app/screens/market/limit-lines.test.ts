/** Tests of the lines of price limits. */
import { expect, it } from 'vitest';
import type { BreakerView } from '../../../engine/venue/circuit-breakers/breaker-view.ts';
import { limitLines, limitTicksText } from './limit-lines.ts';

it('marks the limits there are, and nothing for venues without', () => {
  const contracts = [
    { isLead: false, hard: { lowTicks: 1, highTicks: 2 }, dynamic: { lowTicks: 3, highTicks: 4 } },
    {
      isLead: true,
      hard: { lowTicks: 26_040, highTicks: null },
      dynamic: { lowTicks: 27_000, highTicks: 29_000 },
    },
  ];
  const text = limitTicksText({ contracts } as unknown as BreakerView);
  expect(limitLines(text, 0.25).map(({ kind, price, label }) => [kind, price, label])).toEqual([
    ['limit', 6_510, 'lower'],
    ['limit', 6_750, 'dynamic, lower'],
    ['limit', 7_250, 'dynamic, upper'],
  ]);
  expect(limitLines(limitTicksText(null), 0.25)).toEqual([]);
});
