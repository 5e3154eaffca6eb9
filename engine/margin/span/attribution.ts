/** What each position does to the requirement, and what is lost when a leg of a spread goes. */
import type { SpanCalculator } from './calculator.ts';
import type { SpanPlan } from './plan.ts';

/** One position's part. Amounts in the base currency. */
export interface PositionAttribution {
  readonly contract: string;
  readonly lots: number;
  /** Change of the requirement for one contract more in the position's own direction. */
  readonly marginal: number;
  /** Requirement with the position less requirement without it. Negative where it relieves others. */
  readonly incremental: number;
  /**
   * What the rest would need more because this leg goes: requirement without it + its requirement alone − requirement
   * with it. 0 where it offsets nothing.
   */
  readonly offsetLost: number;
}

/** All positions, and the one whose going costs the others most. */
export interface SpanAttribution {
  readonly positions: readonly PositionAttribution[];
  /** Largest {@link PositionAttribution.offsetLost}; null where nothing offsets. */
  readonly largestOffset: PositionAttribution | null;
}

/**
 * Attributes the requirement to positions, each by two what-ifs and one margin of its own.
 *
 * @param calculator - a calculator of `plan`; it holds `lots` again afterwards
 */
export function attributePositions(
  plan: SpanPlan,
  calculator: SpanCalculator,
  lots: Float64Array,
): SpanAttribution {
  const alone = new Float64Array(lots.length);
  const held = [...lots.keys()].filter((i) => lots[i] !== 0);
  const needs = held.map((i) => {
    alone[i] = lots[i] ?? 0;
    const need = calculator.margin(alone);
    alone[i] = 0;
    return need;
  });
  const whole = calculator.margin(lots);
  const positions = held.map((i, at): PositionAttribution => {
    const own = lots[i] ?? 0;
    const without = calculator.whatIf(i, -own);
    return {
      contract: plan.set.contracts[i]?.id ?? '',
      lots: own,
      marginal: calculator.whatIf(i, Math.sign(own)) - whole,
      incremental: whole - without,
      offsetLost: without + (needs[at] ?? 0) - whole,
    };
  });
  calculator.margin(lots);
  const largest = positions.reduce<PositionAttribution | null>(
    (most, p) => (p.offsetLost > (most?.offsetLost ?? 0) ? p : most),
    null,
  );
  return { positions, largestOffset: largest };
}
