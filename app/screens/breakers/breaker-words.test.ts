/** Tests of the words of the Breaker board. */
import { describe, expect, it } from 'vitest';
import { nextWords, spanWords, stateLook } from './breaker-words.ts';

describe('breaker words', () => {
  it('writes spans of time', () => {
    const spans = [0, 1, 59_000_000, 60_000_000, 118_000_000, 11_100_000_000, 187_200_000_000].map(spanWords);
    expect(spans).toEqual(['0 s', '1 s', '59 s', '1 min 00 s', '1 min 58 s', '3 h 05 min', '2 d 4 h']);
  });

  it('tells a limit from a stop', () => {
    expect(stateLook({ kind: 'open' }, 'limit-down')).toMatchObject({ word: 'LIMIT DOWN', tone: 'danger' });
    expect(stateLook({ kind: 'stopped', cause: 'dynamic', untilMicros: 1 }, 'limit-down')).toMatchObject({
      word: 'STOPPED',
      cause: 'dynamic breaker',
    });
  });

  it('says what comes next', () => {
    expect(nextWords({ kind: 'resumes', atMicros: 0, inMicros: 118_000_000, phase: null })).toBe(
      'trading resumes in 1 min 58 s',
    );
    expect(nextWords({ kind: 'phase', atMicros: 0, inMicros: 60_000_000, phase: 'level-3-only' })).toBe(
      'level 3 only in 1 min 00 s',
    );
  });
});
