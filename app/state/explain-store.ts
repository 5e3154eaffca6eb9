/** Which figure the reader asked about. */
import { create } from 'zustand';
import type { ExplainedFigure } from '../../engine/margin/margin-report.ts';

/** Figures of an account, explained from the report itself. */
export type AccountFigure = 'equity' | 'marginBalance' | 'accountMarginRatio';

export type AskedFigure =
  | { readonly of: 'position'; readonly positionId: string; readonly figure: ExplainedFigure }
  | { readonly of: 'account'; readonly accountId: string; readonly figure: AccountFigure };

interface ExplainState {
  readonly asked: AskedFigure | null;
  /** The button that was pressed: the explanation stands beside it, and focus goes back to it. */
  readonly anchor: HTMLElement | null;
  /** Tells questions about the same figure apart. */
  readonly askedAt: number;
}

export const useExplain = create<ExplainState>(() => ({ asked: null, anchor: null, askedAt: 0 }));

export function explain(asked: AskedFigure, anchor: HTMLElement): void {
  useExplain.setState(({ askedAt }) => ({ asked, anchor, askedAt: askedAt + 1 }));
}

/** Asks again, at the marks in force now. */
export function explainAgain(): void {
  useExplain.setState(({ askedAt }) => ({ askedAt: askedAt + 1 }));
}

export function closeExplanation(): void {
  useExplain.setState({ asked: null, anchor: null });
}
