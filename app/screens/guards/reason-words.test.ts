/** Tests of a guard's reasons in words: figure and limit in the unit of their rule. */
import { describe, expect, it } from 'vitest';
import type { GuardReason } from '../../../workers/contract/guard-board.ts';
import { reasonWords } from './reason-words.ts';

const reason: GuardReason = {
  rule: 'margin/ratio',
  title: 'Margin ratio after the order',
  event: 'margin-critical',
  severity: 'critical',
  verdict: 'BLOCK',
  subject: 'BTCUSDT',
  value: 1.0399,
  limit: 1.2,
  unit: '',
  source: 'guard configuration',
};

describe('reasons in words', () => {
  it('says what was found and the limit, and a ratio is never rounded up to one', () => {
    expect(reasonWords(reason)).toBe('BTCUSDT: margin critical, 1.03; limit 1.20');
    expect(reasonWords({ ...reason, value: 1.19999 })).toContain('1.19; limit 1.20');
  });

  it('leaves out what is no number', () => {
    expect(reasonWords({ ...reason, subject: '', value: null, limit: null })).toBe('margin critical');
  });

  it('keeps the unit of the rule', () => {
    const words = (over: Partial<GuardReason>): string => reasonWords({ ...reason, ...over });
    expect(words({ unit: 'x', value: 39.2, limit: 20 })).toContain('39.2×; limit 20.0×');
    expect(words({ unit: 's', value: 12.5, limit: 10 })).toContain('12.5 s; limit 10.0 s');
    expect(words({ unit: 'fraction', value: 0.69, limit: 0.35 })).toContain('69.0\u202f%; limit 35.0\u202f%');
    expect(words({ rule: 'funding/rate', unit: 'fraction', value: 0.0011, limit: 0.001 })).toContain(
      '0.1100\u202f%; limit 0.1000\u202f%',
    );
    expect(words({ unit: 'minutes', value: 12, limit: 15 })).toContain('12 min; limit 15 min');
  });
});
