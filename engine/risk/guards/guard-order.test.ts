// The unified guard asked one order at a time: what it allows, reduces and blocks, and why.
import { describe, expect, it } from 'vitest';
import { micros, ticks } from '../../core/units.ts';
import {
  BTC,
  cmeInstrument,
  cryptoInstrument,
  ES,
  ETH,
  fresh,
  GUARD_NOW,
  guardInput,
  NQ,
  OPEN,
  guardOrder as order,
  position,
} from '../../testkit/guard-cases.ts';
import { guardProfile } from './guard-configuration.ts';
import { guardOrder } from './guard-order.ts';

const CONFIGURATION = guardProfile('default');
const judge = (input: Parameters<typeof guardOrder>[1], asked: Parameters<typeof guardOrder>[2]) =>
  guardOrder(CONFIGURATION, input, asked);

describe('guard of one order', () => {
  it('allows a small order of a sound account in each asset class', () => {
    for (const [instrument, size] of [
      [BTC, 100],
      [ETH, -1000],
      [ES, 1],
      [NQ, -1],
    ] as const) {
      const verdict = judge(guardInput(), order(instrument, size));
      expect(verdict.reasons).toEqual([]);
      expect(verdict).toMatchObject({ verdict: 'ALLOW', allowedLots: Math.abs(size), severity: null });
    }
  });

  it('tells a too large order the largest size that passes, and that size does pass', () => {
    const verdict = judge(guardInput(), order(BTC, 100_000));
    expect(verdict.verdict).toBe('REDUCE');
    const { allowedLots } = verdict;
    expect(allowedLots).toBeGreaterThan(0);
    expect(judge(guardInput(), order(BTC, allowedLots)).verdict).toBe('ALLOW');
    expect(judge(guardInput(), order(BTC, allowedLots + 1)).verdict).toBe('REDUCE');
  });
});
void [cmeInstrument, cryptoInstrument, fresh, GUARD_NOW, OPEN, position, micros, ticks];
