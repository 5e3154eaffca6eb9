// Sizes on offer in the tape's filter are whole lots of the contract, smallest first.
import { describe, expect, it } from 'vitest';
import { increment } from '../../../engine/core/units.ts';
import { filterChoices } from './tape-filter.ts';

describe('filterChoices', () => {
  it('offers only whole lots', () => {
    expect(filterChoices(increment('0.001')).slice(0, 4)).toEqual([0, 10, 50, 100]);
    expect(filterChoices(increment('1')).slice(0, 4)).toEqual([0, 1, 5, 10]);
    for (const step of ['0.001', '0.01', '0.1', '1', '10']) {
      const choices = filterChoices(increment(step));
      expect(choices[0]).toBe(0);
      expect(choices).toEqual([...choices].sort((a, b) => a - b));
      expect(choices.every(Number.isSafeInteger)).toBe(true);
    }
  });
});
