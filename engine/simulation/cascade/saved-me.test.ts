// What would have saved an account is proved by running again: with the answer it lives, with one step less it does not.
import { describe, expect, it } from 'vitest';
import { randomCascade } from '../../testkit/random-cascade.ts';
import { savedMeCases } from '../../testkit/saved-me-cases.ts';
import { isLiquidated, whatWouldHaveSaved, withIntervention } from './saved-me.ts';

describe('what would have saved an account', () => {
  it('prevents its liquidation when it is run, and one step less does not', () => {
    const tally = savedMeCases(1, 24);
    expect(tally.cases).toBe(24);
    expect(tally.savedByMargin).toBeGreaterThan(15);
    expect(tally.savedByCut).toBeGreaterThan(15);
  }, 60_000);

  it('is not asked about an account that lives', () => {
    const scenario = { ...randomCascade(4), shocks: [] };
    const account = [0, 1, 2, 3, 4].find((n) => !isLiquidated(scenario, n));
    const answer = whatWouldHaveSaved(scenario, { account: account ?? 0, market: 0, marginStep: 1 });
    expect(answer.ok ? '' : answer.failure.code).toBe('scenario/not-liquidated');
  });

  it('leaves the scenario it was asked about untouched', () => {
    const scenario = randomCascade(5);
    const change = { account: 0, market: 0, extraMargin: 5, cutLots: 1 };
    expect(withIntervention(scenario, change).interventions).toEqual([change]);
    expect(scenario.interventions).toEqual([]);
  });
});
