/** Notional brackets of one symbol as flat numbers, so that a check reads them without garbage. */
import type { NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';

/** Numbers of one bracket in {@link BracketColumns.rows}, by their place. */
export const BRACKET_ROW = { ceiling: 0, rate: 1, amount: 2, leverage: 3, fundRate: 4, length: 5 } as const;

/** The brackets, ascending. The last bracket stays in force beyond its cap. */
export interface BracketColumns {
  /**
   * Row by row: largest notional that still belongs to it (infinite in the last), maintenance margin rate, maintenance
   * amount, most leverage (infinite where the table does not say), and the funds asked at the most leverage that bracket
   * and configuration allow, as a fraction of notional.
   */
  readonly rows: Float64Array;
  /** Last cap; infinite where there is none. */
  readonly cap: number;
}

/** The columns of a checked schedule; `symbolLeverage` is the most the configuration allows. All NaN without one. */
export function bracketColumns(brackets: NotionalBrackets | null, symbolLeverage: number): BracketColumns {
  if (brackets === null || brackets.length === 0) {
    return { rows: new Float64Array(BRACKET_ROW.length).fill(Number.NaN), cap: Number.NaN };
  }
  return {
    rows: Float64Array.from(
      brackets.flatMap(({ maintenanceMarginRate, maintenanceAmount, maxLeverage }, i) => [
        brackets[i + 1]?.floor ?? Number.POSITIVE_INFINITY,
        maintenanceMarginRate,
        maintenanceAmount,
        maxLeverage ?? Number.POSITIVE_INFINITY,
        1 / Math.min(symbolLeverage, maxLeverage ?? symbolLeverage),
      ]),
    ),
    cap: brackets.at(-1)?.cap ?? Number.POSITIVE_INFINITY,
  };
}

/** Place in {@link BracketColumns.rows} of the bracket that holds a notional; one equal to a ceiling belongs below it. */
export function bracketRow(rows: Float64Array, notional: number): number {
  let row = 0;
  while ((rows[row + BRACKET_ROW.ceiling] as number) < notional) row += BRACKET_ROW.length;
  return row;
}
