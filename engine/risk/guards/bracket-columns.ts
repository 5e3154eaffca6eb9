/** Notional brackets of one symbol as columns, so that a check reads them without garbage. */
import type { NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';

/** The columns, ascending. The last bracket stays in force beyond its cap. */
export interface BracketColumns {
  readonly floors: Float64Array;
  readonly rates: Float64Array;
  readonly amounts: Float64Array;
  /** Infinite where the table does not say. */
  readonly leverages: Float64Array;
  /** Funds asked of a notional at the most leverage that bracket and limit of the symbol allow, as a fraction. */
  readonly fundRates: Float64Array;
  /** Last cap; infinite where there is none. */
  readonly cap: number;
}

/** The columns of a checked schedule; `symbolLeverage` is the most the configuration allows. */
export function bracketColumns(brackets: NotionalBrackets, symbolLeverage: number): BracketColumns {
  return {
    fundRates: Float64Array.from(
      brackets,
      (b) => 1 / Math.min(symbolLeverage, b.maxLeverage ?? symbolLeverage),
    ),
    floors: Float64Array.from(brackets, (b) => b.floor),
    rates: Float64Array.from(brackets, (b) => b.maintenanceMarginRate),
    amounts: Float64Array.from(brackets, (b) => b.maintenanceAmount),
    leverages: Float64Array.from(brackets, (b) => b.maxLeverage ?? Number.POSITIVE_INFINITY),
    cap: brackets.at(-1)?.cap ?? Number.POSITIVE_INFINITY,
  };
}
