/** The case in force with its answer, for the parts of the SPAN screen. */
import { useQuery } from '@tanstack/react-query';
import type { Failure } from '../../../engine/core/failure.ts';
import {
  SCENARIO_COUNT,
  type SetCard,
  type SpanAnswer,
  type SpanCase,
} from '../../../workers/contract/span-api.ts';
import { spanQuery } from '../../state/span-queries.ts';
import { setOf, useSpan } from '../../state/span-store.ts';

export interface CaseInView {
  readonly card: SetCard | null;
  /** The case in force. */
  readonly now: SpanCase | null;
  /** The newest answer; of an earlier case while `waiting`. */
  readonly answer: SpanAnswer | null;
  readonly waiting: boolean;
  readonly failure: Failure | null;
}

export function useCase(): CaseInView {
  const now = useSpan((state) => state.now);
  const card = useSpan((state) => setOf(state, state.now));
  const { data, error, isPlaceholderData } = useQuery(spanQuery(now));
  return {
    card,
    now,
    answer: error === null ? (data?.answer ?? null) : null,
    waiting: isPlaceholderData || (data === undefined && error === null),
    failure: error?.failure ?? null,
  };
}

/** The answer of the case that is compared with. */
export function useComparedAnswer(): SpanAnswer | null {
  const before = useSpan((state) => state.before?.spanCase ?? null);
  const { data, error } = useQuery(spanQuery(before));
  return before === null || error !== null || data?.spanCase !== before ? null : data.answer;
}

/** The scenario in view, counted from 0: the one chosen, or the worst of the whole portfolio. */
export function useScenario(answer: SpanAnswer | null): number {
  const chosen = useSpan((state) => state.scenario);
  return chosen ?? (answer === null ? 0 : worstScenario(totalLosses(answer)));
}

/** Loss of the whole portfolio in each scenario; currencies are added as they stand only where there is one. */
export function totalLosses(answer: SpanAnswer): readonly number[] {
  const { commodities } = answer.report;
  return Array.from({ length: SCENARIO_COUNT }, (_, s) =>
    commodities.reduce((sum, c) => sum + (c.losses[s] ?? 0), 0),
  );
}

/** Whether all commodities of a report have one currency. */
export function hasOneCurrency(answer: SpanAnswer): boolean {
  return new Set(answer.report.commodities.map((c) => c.currency)).size <= 1;
}

export function worstScenario(losses: ArrayLike<number>): number {
  let worst = 0;
  for (let s = 1; s < losses.length; s++) if ((losses[s] ?? 0) > (losses[worst] ?? 0)) worst = s;
  return worst;
}
