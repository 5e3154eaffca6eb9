/** Words of tail risk: intervals, ages, scaling. */
import { describe, expect, it } from 'vitest';
import { micros } from '../../../engine/core/units.ts';
import type { HistoryFacts } from '../../../workers/contract/tail-risk.ts';
import { historyWords, intervalWords, scaleWords, withoutVenues } from './tail-words.ts';

const MINUTE = 60e6;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FACTS: HistoryFacts = {
  origin: 'file',
  name: 'closes.csv',
  observations: 1_641,
  intervalMicros: 8 * HOUR,
  untilMicros: micros(DAY),
  missing: [],
};

describe('words of tail risk', () => {
  it('name the interval in its own unit', () => {
    expect([MINUTE, 2 * MINUTE, 90 * MINUTE, 8 * HOUR, DAY, 7 * DAY].map(intervalWords)).toEqual([
      '1-minute',
      '2-minute',
      '1.5-hour',
      '8-hour',
      'daily',
      '7-day',
    ]);
  });

  it('say how old a history is, that it ends in the future, or what it lacks', () => {
    expect(historyWords(FACTS, DAY + 90 * MINUTE)).toBe('1,641 8-hour returns, newest 1 h 30 min ago');
    expect(historyWords(FACTS, 40 * DAY)).toBe('1,641 8-hour returns, newest 39 days ago');
    expect(historyWords(FACTS, DAY - 1)).toContain('ends after the present of this run');
    expect(historyWords({ ...FACTS, missing: ['cme-globex:ESZ6'] }, DAY)).toBe('no closes of ESZ6');
    expect(historyWords({ ...FACTS, intervalMicros: null, untilMicros: null }, DAY)).toBe('no returns yet');
  });

  it('say what was scaled, and that daily returns were not', () => {
    expect(scaleWords(MINUTE, Math.sqrt(1_440))).toBe('scaled from 1-minute returns by √time (× 37.95)');
    expect(scaleWords(DAY, 1)).toBe('from daily returns');
    expect(withoutVenues('no closes of cme-globex:ESZ6, binance-usdm:BTCUSDT')).toBe(
      'no closes of ESZ6, BTCUSDT',
    );
  });
});
