/** Price lines: prices of the reader's own positions and questions, marked alike on the chart and the ladder. */
import type { MarginStatus } from '../../engine/margin/margin-status.ts';

export type PriceLineKind = 'entry' | 'liquidation' | 'mark' | 'what-if' | 'limit';

/** One marked price. */
export interface PriceLine {
  readonly id: string;
  readonly kind: PriceLineKind;
  /** In the instrument's currency; an estimate, so not bound to whole ticks. */
  readonly price: number;
  /** For people, e.g. `BTCUSDT long 25x`. */
  readonly label: string;
  /** Status of the position behind a liquidation line; null where there is none. */
  readonly status: MarginStatus | null;
}

/** Shape of each status, so that colour never stands alone. */
export const STATUS_SHAPES: Readonly<Record<MarginStatus, string>> = {
  HEALTHY: '●',
  WARNING: '△',
  DANGER: '▲',
  CRITICAL: '◆',
  LIQUIDATION: '■',
};

/** Short words for narrow columns. */
export const LINE_WORDS: Readonly<Record<PriceLineKind, string>> = {
  entry: 'entry',
  liquidation: 'liq.',
  mark: 'mark',
  'what-if': 'what if',
  limit: 'limit',
};
