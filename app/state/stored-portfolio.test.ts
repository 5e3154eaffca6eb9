/** Tests of reading what an earlier visit stored. */
import { describe, expect, it } from 'vitest';
import { isDecimalText } from '../../engine/core/money.ts';
import { demoPortfolio } from './demo-portfolio.ts';
import { readStoredPortfolio } from './stored-portfolio.ts';

const stored = () => ({ version: 1, portfolio: structuredClone(demoPortfolio()) });

describe('stored portfolio', () => {
  it('reads back what is stored, digit for digit', () => {
    expect(readStoredPortfolio(stored())).toEqual({ ok: true, value: demoPortfolio() });
  });

  it('reads every amount that a file may hold', () => {
    for (const [digits, ok] of [
      [32, true],
      [33, false],
    ] as const) {
      const amount = `${'6'.repeat(31)}.${'1'.repeat(digits)}`;
      const text = JSON.stringify(stored()).replaceAll('"61284.5"', `"${amount}"`);
      expect(text).toContain(amount);
      expect(isDecimalText(amount)).toBe(ok);
      expect(readStoredPortfolio(JSON.parse(text)).ok).toBe(ok);
    }
  });

  it('names the place that cannot be read', () => {
    const damaged = stored() as unknown as { portfolio: { accounts: { positions: { size: unknown }[] }[] } };
    damaged.portfolio.accounts[0]!.positions[0]!.size = 0.842;
    const read = readStoredPortfolio(damaged);
    expect(read.ok ? '' : read.failure.message).toMatch(/^portfolio\.accounts\.0\.positions\.0\.size/);
  });

  for (const [what, value] of [
    ['nothing', null],
    ['text', 'portfolio'],
    ['another version', { ...stored(), version: 2 }],
    ['no accounts', { version: 1, portfolio: {} }],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(readStoredPortfolio(value).ok).toBe(false);
    });
  }
});
