// Reduction advice: applied and computed anew it reaches its target, under brackets and under SPAN.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { spanMargin } from '../../margin/span/span-margin.ts';
import { guardSpan } from '../../testkit/guard-cases.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { reductionAdvice } from './reduction-advice.ts';
import { spanReduction } from './span-reduction.ts';

const BRACKETS = publishedBrackets('2021-03-01').symbols.get('BTCUSDT') ?? [];

describe('reduction advice under brackets', () => {
  it('a hand-worked case: 300,000 at 1 %, amount 1,300, balance 2,000, target 2, no fee', () => {
    // Maintenance 1,700 and a ratio of 1.18. Balance ÷ 2 = 1,000 is reached at 230,000: 230,000 × 0.5 % − 50 = 1,100 is still
    // too much, so the cut goes on to 210,000: 210,000 × 0.5 % − 50 = 1,000.
    const position = { instrument: 'BTC', sizeLots: 3000, lotNotional: 100, brackets: BRACKETS };
    const advice = reductionAdvice({ balance: 2000, targetRatio: 2, feeRate: 0, positions: [position] });
    expect(advice.steps).toEqual([{ instrument: 'BTC', closeLots: 900 }]);
    expect(advice).toMatchObject({ reachesTarget: true, ratioAfter: 2, closedNotional: 90_000, fee: 0 });
  });

  it('closes nothing where the target is met, and one lot less never suffices', () => {
    const position = { instrument: 'BTC', sizeLots: 3000, lotNotional: 100, brackets: BRACKETS };
    const question = { balance: 2000, targetRatio: 2, feeRate: 0.0005, positions: [position] };
    expect(reductionAdvice({ ...question, balance: 5000 }).steps).toEqual([]);
    const closed = reductionAdvice(question).steps[0]?.closeLots ?? 0;
    const left = (3000 - closed + 1) * 100;
    expect((2000 - (closed - 1) * 100 * 0.0005) / (left * 0.005 - 50)).toBeLessThan(2);
  });

  it('says so where even closing everything leaves nothing', () => {
    const position = { instrument: 'BTC', sizeLots: 10, lotNotional: 100, brackets: BRACKETS };
    const advice = reductionAdvice({ balance: -5, targetRatio: 2, feeRate: 0, positions: [position] });
    expect(advice).toMatchObject({ reachesTarget: false, steps: [{ instrument: 'BTC', closeLots: 10 }] });
  });
});

describe('reduction advice under SPAN', () => {
  const { maintenance } = guardSpan();
  const contracts = ['CME:ES:FUT:202203', 'CME:ES:FUT:202206', 'CME:NQ:FUT:202203', 'CMX:GC:FUT:202204'];

  it('applied and margined anew it reaches its target in every random case', () => {
    const rng = new Rng(3);
    let cut = 0;
    for (let i = 0; i < 500; i++) {
      const positions = contracts.flatMap((contract) => {
        const lots = rng.below(121) - 60;
        return lots === 0 ? [] : [{ contract, lots }];
      });
      const target = 1 + rng.below(20) / 10;
      const equity = rng.below(2_000_000) - 1000;
      const advice = spanReduction(maintenance, positions, equity, target);
      if (!advice.ok) throw new Error(advice.failure.message);
      const { steps, reachesTarget } = advice.value;
      const left = positions.map(({ contract, lots }) => {
        const close = steps.find((step) => step.contract === contract)?.closeLots ?? 0;
        expect(close).toBeLessThanOrEqual(Math.abs(lots));
        return { contract, lots: lots - Math.sign(lots) * close };
      });
      const margin = spanMargin(maintenance, left);
      if (!margin.ok) throw new Error(margin.failure.message);
      expect(margin.value.requirement).toBe(advice.value.requirementAfter);
      expect(reachesTarget).toBe(equity > 0);
      if (reachesTarget) expect(equity).toBeGreaterThanOrEqual(target * margin.value.requirement);
      if (steps.length > 0) cut++;
    }
    expect(cut).toBeGreaterThan(200);
  });

  it('refuses what the set does not list', () => {
    expect(spanReduction(maintenance, [{ contract: 'CME:XX:FUT:202203', lots: 1 }], 1, 2).ok).toBe(false);
  });
});
