/** Tests of time formatting. */
import { describe, expect, it } from 'vitest';
import { formatAge, formatClock, formatCountdown, formatDateTime, zoneName } from './time.ts';

// 2024-08-08 14:03:07.218 UTC
const INSTANT = 1_723_125_787_218_000;

describe('time', () => {
  it('prints UTC to the second, cut and not rounded', () => {
    expect(formatClock(INSTANT, 'utc')).toBe('14:03:07');
    expect(formatClock(INSTANT + 781_999, 'utc')).toBe('14:03:07');
    expect(formatDateTime(INSTANT, 'utc')).toBe('2024-08-08 14:03:07');
    expect(zoneName(INSTANT, 'utc')).toBe('UTC');
  });

  it('counts midnight as 00, never 24', () => {
    expect(formatClock(1_723_075_200_000_000, 'utc')).toBe('00:00:00');
  });

  it('ages without jumps between units', () => {
    expect(formatAge(38.4)).toBe('38 ms');
    expect(formatAge(999.4)).toBe('999 ms');
    expect(formatAge(999.6)).toBe('1.0 s');
    expect(formatAge(4_200)).toBe('4.2 s');
    expect(formatAge(59_949)).toBe('59.9 s');
    expect(formatAge(59_960)).toBe('1 min 00 s');
    expect(formatAge(7_500_000)).toBe('2 h 05 min');
    expect(formatAge(-5)).toBe('0 ms');
  });

  it('counts down and stops at zero', () => {
    expect(formatCountdown(8_047_000)).toBe('02:14:07');
    expect(formatCountdown(-1)).toBe('00:00:00');
  });
});
