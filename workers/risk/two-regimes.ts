/** The portfolio in force under brackets and under SPAN: checks the reader's choices and hands the rest to the engine. */
import { fail, type Result } from '../../engine/core/result.ts';
import type { BracketTable } from '../../engine/margin/brackets/bracket-table.ts';
import type { FuturesRules } from '../../engine/margin/futures/futures-rules.ts';
import type { MarginReport, MarkInput } from '../../engine/margin/margin-report.ts';
import { twoRegimes } from '../../engine/risk/portfolio/side-by-side-report.ts';
import type { RegimeChoices, TwoRegimes } from '../contract/two-regimes.ts';

const MOST_DEVIATIONS = 100;

/** What a comparison stands on. */
interface RegimeWorld {
  readonly marks: readonly MarkInput[];
  readonly table: BracketTable;
  readonly rules: Result<FuturesRules>;
}

/** Fails: `worker/request-malformed` for numbers out of range; else as `twoRegimes` does. */
export function answerRegimes(
  choices: RegimeChoices,
  report: MarginReport,
  { marks, table, rules }: RegimeWorld,
): Result<TwoRegimes> {
  const wrong = wrongChoice(choices);
  if (wrong !== null) return fail('worker/request-malformed', wrong);
  const volatility = new Map(marks.map((mark) => [mark.instrument, mark.dailyVolatility]));
  return twoRegimes(
    report,
    {
      table,
      rules: rules.ok ? rules.value : null,
      volatilityOf: (instrument) => volatility.get(instrument) ?? null,
    },
    choices,
  );
}

function wrongChoice({ scan, creditRate }: RegimeChoices): string | null {
  const { deviations, entered } = scan;
  if (!(deviations > 0 && deviations <= MOST_DEVIATIONS)) {
    return `expected above 0 and at most ${MOST_DEVIATIONS} daily standard deviations, found ${deviations}`;
  }
  if (!(creditRate >= 0 && creditRate <= 1)) {
    return `expected a credit from 0 to 100 %, found ${creditRate * 100} %`;
  }
  for (const [asset, rate] of Object.entries(entered)) {
    if (!(rate > 0 && rate <= 1)) {
      return `expected a price scan range of ${asset} above 0 and at most 100 %, found ${rate * 100} %`;
    }
  }
  return null;
}
