/** One portfolio margined twice: by notional brackets as crypto venues do, and by SPAN as a clearing house does, with the gap explained. */
import { ok, type Result } from '../../core/result.ts';
import { maintenanceMargin } from '../../margin/brackets/maintenance-margin.ts';
import { bracketAt, type NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';
import { SpanCalculator } from '../../margin/span/calculator.ts';
import type { SpanPlan } from '../../margin/span/plan.ts';
import { readPositions, type SpanPosition } from '../../margin/span/span-portfolio.ts';

/** One position in the words of both methods. */
export interface ComparedPosition {
  readonly name: string;
  /** Notional at the mark, not negative, in the currency both methods answer in. */
  readonly notional: number;
  readonly brackets: NotionalBrackets;
  /** The same position in the parameter set. */
  readonly span: SpanPosition;
}

/** One step from the first total to the second. */
export interface GapStep {
  readonly label: string;
  /** Added to the requirement; negative where SPAN asks for less. */
  readonly amount: number;
  readonly why: string;
}

/** Both totals and the way from one to the other. */
export interface SideBySide {
  readonly byBrackets: number;
  readonly bySpan: number;
  /** Steps that add up to `bySpan − byBrackets`. */
  readonly gap: readonly GapStep[];
  readonly positions: readonly {
    readonly name: string;
    readonly byBrackets: number;
    /** The position alone, nothing offset. */
    readonly bySpanAlone: number;
  }[];
}

/**
 * Margins a portfolio both ways and explains the difference in four steps, each computed and none left over:
 * the surcharge of size, the rate of a small position, offsets within a commodity, credits between commodities.
 *
 * Fails as `readPositions` does.
 */
export function marginSideBySide(plan: SpanPlan, positions: readonly ComparedPosition[]): Result<SideBySide> {
  const calculator = new SpanCalculator(plan);
  const whole = requirementOf(plan, calculator, positions);
  if (!whole.ok) return whole;
  let byBrackets = 0;
  let atFirstRate = 0;
  let alone = 0;
  const rows: SideBySide['positions'][number][] = [];
  for (const position of positions) {
    const { name, notional, brackets } = position;
    const own = notional === 0 ? 0 : maintenanceMargin(notional, bracketAt(brackets, notional));
    const single = requirementOf(plan, calculator, [position]);
    if (!single.ok) return single;
    byBrackets += own;
    atFirstRate += notional * (brackets[0]?.maintenanceMarginRate ?? 0);
    alone += single.value;
    rows.push({ name, byBrackets: own, bySpanAlone: single.value });
  }
  const within = byCommodity(plan, calculator, positions);
  if (!within.ok) return within;
  const bySpan = whole.value;
  return ok({
    byBrackets,
    bySpan,
    positions: rows,
    gap: [
      {
        label: 'size',
        amount: atFirstRate - byBrackets,
        why: 'brackets ask a higher rate of large positions; SPAN asks the same of each contract',
      },
      {
        label: 'rate',
        amount: alone - atFirstRate,
        why: 'the scan range of each position alone stands in place of the lowest bracket rate',
      },
      {
        label: 'offsets within a commodity',
        amount: within.value - alone,
        why: 'SPAN nets contracts of one commodity and charges the spread between months; brackets add them up',
      },
      {
        label: 'credits between commodities',
        amount: bySpan - within.value,
        why: 'SPAN gives back part of the risk of commodities that offset each other; brackets never do',
      },
    ],
  });
}

/** The requirement of positions margined together. */
function requirementOf(
  plan: SpanPlan,
  calculator: SpanCalculator,
  positions: readonly ComparedPosition[],
): Result<number> {
  const lots = readPositions(
    plan,
    positions.map(({ span }) => span),
  );
  return lots.ok ? ok(calculator.margin(lots.value)) : lots;
}

/** Sum of the requirements of each commodity's positions, margined without the others. */
function byCommodity(
  plan: SpanPlan,
  calculator: SpanCalculator,
  positions: readonly ComparedPosition[],
): Result<number> {
  const groups = new Map<number, ComparedPosition[]>();
  for (const position of positions) {
    const contract = plan.contractIndex.get(position.span.contract) ?? -1;
    const commodity = plan.commodityOf[contract] ?? -1;
    const group = groups.get(commodity);
    if (group === undefined) groups.set(commodity, [position]);
    else group.push(position);
  }
  let sum = 0;
  for (const group of groups.values()) {
    const margin = requirementOf(plan, calculator, group);
    if (!margin.ok) return margin;
    sum += margin.value;
  }
  return ok(sum);
}
