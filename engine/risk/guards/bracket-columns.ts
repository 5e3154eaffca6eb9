/** Notional brackets of one symbol as flat numbers, so that a check reads them without garbage. */
import type { NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';

/** Numbers of one bracket in {@link BracketColumns.rows}, by their place. */
export const BRACKET_ROW = { rate: 0, amount: 1, leverage: 2, fundRate: 3, length: 4 } as const;

/** The brackets, ascending. The last bracket stays in force beyond its cap. */
export interface BracketColumns {
  readonly floors: Float64Array;
  /**
   * Row by row: maintenance margin rate, maintenance amount, most leverage (infinite where the table does not say), and the funds
   * asked at the most leverage that bracket and configuration allow, as a fraction of notional.
   */
  readonly rows: Float64Array;
  /** Last cap; infinite where there is none. */
  readonly cap: number;
}

/** The columns of a checked schedule; `symbolLeverage` is the most the configuration allows. */
export function bracketColumns(brackets: NotionalBrackets, symbolLeverage: number): BracketColumns {
  return {
    floors: Float64Array.from(brackets, (b) => b.floor),
    rows: Float64Array.from(
      brackets.flatMap(({ maintenanceMarginRate, maintenanceAmount, maxLeverage }) => [
        maintenanceMarginRate,
        maintenanceAmount,
        maxLeverage ?? Number.POSITIVE_INFINITY,
        1 / Math.min(symbolLeverage, maxLeverage ?? symbolLeverage),
      ]),
    ),
    cap: brackets.at(-1)?.cap ?? Number.POSITIVE_INFINITY,
  };
}
