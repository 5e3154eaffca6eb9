// Random cascades of every mix of rules and shocks: what must hold is checked after every act of every run.
import { describe, expect, it } from 'vitest';
import { playChecked } from '../../testkit/cascade-check.ts';
import { randomCascade } from '../../testkit/random-cascade.ts';
import type { CascadeEventKind } from './cascade-events.ts';
import { parseScenario } from './parse-scenario.ts';

const SEEDS = 200;

describe(`${SEEDS} random cascades`, () => {
  const seen = new Map<string, number>();

  it('keep money, positions, fund, ranks and causes in order', () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const scenario = parseScenario(randomCascade(seed));
      if (!scenario.ok) throw new Error(`seed ${seed}: ${scenario.failure.message}`);
      const { kinds } = playChecked(scenario.value);
      for (const [kind, n] of kinds) seen.set(kind, (seen.get(kind) ?? 0) + n);
    }
  }, 60_000);

  it('see everything happen that is to be checked', () => {
    const kinds: readonly CascadeEventKind[] = [
      'margin-breached',
      'orders-cancelled',
      'collateral-sold',
      'recovered',
      'clearance-fee',
      'fund-took-over',
      'fund-paid',
      'fund-received',
      'fund-relieved',
      'adl-fill',
      'funding-paid',
      'trading-halted',
    ];
    expect(kinds.filter((kind) => (seen.get(kind) ?? 0) === 0)).toEqual([]);
  });
});
