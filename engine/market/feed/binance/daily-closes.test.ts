// Daily candles: closes of days that are over, and nothing of an answer that is not what it should be.
import { describe, expect, it } from 'vitest';
import { micros } from '../../../core/units.ts';
import { decodeDailyCloses } from './daily-closes.ts';

const DAY_MS = 86_400_000;
const FIRST = 1_700_006_400_000;
const candle = (day: number, close: string): readonly unknown[] => [
  FIRST + day * DAY_MS,
  '1',
  '2',
  '0.5',
  close,
  '10',
  FIRST + (day + 1) * DAY_MS - 1,
  '10',
  5,
  '5',
  '5',
  '0',
];
const NOW = micros((FIRST + 2.5 * DAY_MS) * 1_000);

describe('daily candles', () => {
  it('give the closes of days that are over, at their ends', () => {
    const text = JSON.stringify([candle(0, '100.5'), candle(1, '101'), candle(2, '99')]);
    expect(decodeDailyCloses(text, NOW)).toEqual({
      ok: true,
      value: { atMicros: [(FIRST + DAY_MS) * 1_000, (FIRST + 2 * DAY_MS) * 1_000], closes: [100.5, 101] },
    });
    expect(decodeDailyCloses('[]', NOW)).toEqual({ ok: true, value: { atMicros: [], closes: [] } });
  });

  it('are refused whole where one is no candle', () => {
    const bad: readonly unknown[] = [
      {},
      [1],
      [[]],
      [candle(0, '0')],
      [candle(0, '-1')],
      [candle(0, 'NaN')],
      [candle(1, '1'), candle(0, '1')],
      [candle(0, '1'), candle(0, '1')],
      [candle(0, '1').with(6, '5')],
      [candle(0, '1').with(4, 5)],
    ];
    for (const value of bad) {
      expect(decodeDailyCloses(JSON.stringify(value), NOW)).toMatchObject({
        failure: { code: 'feed/message-malformed' },
      });
    }
    expect(decodeDailyCloses('[[', NOW).ok).toBe(false);
  });
});
