/** The answer to a backtest, as the page shows it. */
import type { Micros } from '../../engine/core/units.ts';
import type { AlertScore, Incident } from '../../engine/risk/alerts/alert-backtest.ts';
import type { AlertBacktest } from '../contract/guard-board.ts';

/** Fires and liquidations listed one by one; all of them are counted. */
const MOST_LISTED = 500;

/** What was seen of the run that rules were held against. */
export interface BacktestedSpan {
  readonly samples: number;
  readonly fromMicros: Micros | null;
  readonly untilMicros: Micros | null;
  readonly unmarked: readonly string[];
}

/** Scores and what they were held against, in one answer. */
export function backtestAnswer(
  scores: readonly AlertScore[],
  incidents: readonly Incident[],
  span: BacktestedSpan,
): AlertBacktest {
  return {
    ...span,
    scores: scores.map(
      ({ rule, warnsOfLiquidation: warns, fires, caught, missed, falseAlarms, ...score }) => ({
        rule,
        figures: score.figures,
        fires: fires.length,
        firstMicros: fires[0]?.atMicros ?? null,
        caught: warns ? caught.length : null,
        missed: warns ? missed.length : null,
        falseAlarms: warns ? falseAlarms : null,
        medianLeadSeconds: score.medianLeadSeconds,
      }),
    ),
    fires: scores
      .flatMap(({ fires }) => fires)
      .sort((a, b) => a.atMicros - b.atMicros)
      .slice(0, MOST_LISTED),
    incidents: incidents.length,
    liquidations: incidents.slice(0, MOST_LISTED).map((incident) => ({
      subject: incident.subject,
      atMicros: incident.atMicros,
      warnings: scores.flatMap(({ rule, caught }) => {
        const found = caught.find((one) => one.incident === incident);
        return found === undefined ? [] : [{ rule, leadSeconds: found.leadSeconds }];
      }),
    })),
  };
}
