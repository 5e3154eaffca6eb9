// The order book against its oracle: every kind of command, every algorithm, all events and the state hash.
import { describe, expect, it } from 'vitest';
import { expectSoundBook } from '../../testkit/book-invariants.ts';
import { runAgainstOracle } from '../../testkit/book-run.ts';
import type { Outcomes } from '../../testkit/event-comparison.ts';
import { type AllocationRules, FIFO, GLOBEX_ALGORITHMS } from './allocation.ts';
import { CANCELLATIONS, REJECTIONS } from './order-terms.ts';

const merged = (runs: readonly Outcomes[]): Outcomes => {
  const all: Outcomes = new Map();
  for (const run of runs) for (const [word, n] of run) all.set(word, (all.get(word) ?? 0) + n);
  return all;
};

describe('order book and oracle', () => {
  const seen: Outcomes[] = [];

  it('agree over 60,000 price-time commands with positions', () => {
    seen.push(runAgainstOracle({ seed: 20260101, commands: 60_000, allocation: FIFO, accounts: 6 }));
  });

  const others: readonly AllocationRules[] = [
    GLOBEX_ALGORITHMS.A,
    GLOBEX_ALGORITHMS.C,
    GLOBEX_ALGORITHMS.F,
    GLOBEX_ALGORITHMS.K,
    { ...GLOBEX_ALGORITHMS.K, fifoPercent: 33, proRataMinimumLots: 1 },
    { ...GLOBEX_ALGORITHMS.O, topMinimumLots: 3, topMaximumLots: 12 },
    { ...GLOBEX_ALGORITHMS.Q, topMaximumLots: 20, proRataMinimumLots: 1 },
    GLOBEX_ALGORITHMS.S,
    GLOBEX_ALGORITHMS.T,
  ];
  for (const [i, allocation] of others.entries()) {
    it(`agree over 10,000 commands of algorithm ${allocation.code} (${i})`, () => {
      seen.push(runAgainstOracle({ seed: 7 + i, commands: 10_000, allocation, accounts: null }));
    });
  }

  it('met every kind of event and every reason of the book', () => {
    const counts = merged(seen);
    const kinds = [
      'accepted',
      'rested',
      'traded',
      'cancelled',
      'reduced',
      'rejected',
      'refreshed',
      'uncrossed',
    ];
    const ends = CANCELLATIONS.filter(
      (c) => !['expired', 'velocity-logic', 'price-protect', 'no-position'].includes(c),
    );
    const venueRules = [
      'order/would-trigger-at-once',
      'order/callback-out-of-range',
      'order/no-market',
      'order/state-forbids',
      'order/price-outside-band',
      'order/instrument-unknown',
      // Neither is worth the luck that a random price or size would need.
      'order/price-out-of-range',
      'order/display-out-of-range',
    ];
    const refusals = REJECTIONS.filter((r) => !venueRules.includes(r));
    expect([...kinds, ...ends, ...refusals].filter((word) => (counts.get(word) ?? 0) < 20)).toEqual([]);
    expect(counts.get('auction')).toBeGreaterThan(500);
  });

  it('holds its invariants after every one of 10,000 commands', () => {
    for (const [seed, allocation] of [FIFO, GLOBEX_ALGORITHMS.K].entries()) {
      const accounts = allocation === FIFO ? 6 : null;
      runAgainstOracle({ seed, commands: 5000, allocation, accounts, after: expectSoundBook });
    }
  });
});
