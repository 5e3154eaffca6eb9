/** The five margin status levels: the one ladder, with its closed and open edges. */

/** Status of an account or isolated position by its margin ratio. */
export type MarginStatus = 'HEALTHY' | 'WARNING' | 'DANGER' | 'CRITICAL' | 'LIQUIDATION';

/** One rung: the status holds from `from` (inclusive) up to the next better rung (exclusive). */
export interface MarginStatusLevel {
  readonly status: MarginStatus;
  /** Lowest margin ratio of the level, inclusive, except LIQUIDATION, which is everything at or below 1. */
  readonly from: number;
}

/**
 * Best first. Ratio = margin balance ÷ maintenance margin.
 * HEALTHY [1.5, ∞) · WARNING [1.2, 1.5) · DANGER [1.05, 1.2) · CRITICAL (1, 1.05) · LIQUIDATION (−∞, 1].
 */
export const MARGIN_STATUS_LEVELS: readonly MarginStatusLevel[] = [
  { status: 'HEALTHY', from: 1.5 },
  { status: 'WARNING', from: 1.2 },
  { status: 'DANGER', from: 1.05 },
  { status: 'CRITICAL', from: 1 },
];

/** Status of a margin ratio. The one place that decides an edge. */
export function marginStatus(ratio: number): MarginStatus {
  if (ratio <= 1) return 'LIQUIDATION';
  return MARGIN_STATUS_LEVELS.find((level) => ratio >= level.from)?.status ?? 'LIQUIDATION';
}
