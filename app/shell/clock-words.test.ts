// What is said of the clocks, and what a countdown makes of it.
import { describe, expect, it } from 'vitest';
import { clockWords, venueMicros } from './clock-words.ts';

describe('clock words', () => {
  it('says nothing of what may be the way of the messages', () => {
    for (const lag of [null, 0, 80, 1_000, -1_000]) {
      expect(clockWords(lag)).toBeNull();
      expect(venueMicros(5_000_000, lag)).toBe(5_000_000);
    }
  });

  it('tells a difference of more than a second, and corrects by it', () => {
    expect(clockWords(-600_000)).toEqual({
      short: expect.stringMatching(/^−/),
      long: expect.stringContaining('ahead'),
    });
    expect(clockWords(5_200)?.long).toContain('behind ours');
    expect(venueMicros(1_000_000_000, -600_000)).toBe(1_600_000_000);
    expect(venueMicros(1_000_000_000, 5_200)).toBe(994_800_000);
  });
});
