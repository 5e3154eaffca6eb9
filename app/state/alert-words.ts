/** Alerts in words: the figure a rule watches, its threshold, and what happened. */
import {
  type AlertMetric,
  type BoardAlert,
  type RaisedAlert,
  UNTOLD_METRICS,
} from '../../workers/contract/guard-board.ts';
import { formatNumber, formatPercent, formatRatio } from '../format/number.ts';

interface MetricLook {
  readonly label: string;
  readonly show: (value: number) => string;
  /** Unit of a threshold as it is typed. */
  readonly unit: string;
}

const percent =
  (decimals: number) =>
  (value: number): string =>
    formatPercent(value, decimals);

/** Every figure that a rule may watch, in the order they are offered. */
export const METRICS: Readonly<Record<AlertMetric, MetricLook>> = {
  'margin-ratio': { label: 'Margin ratio', show: formatRatio, unit: 'ratio' },
  'liquidation-distance': {
    label: 'Distance to liquidation',
    show: percent(2),
    unit: 'fraction of the mark',
  },
  'funding-rate': { label: 'Funding rate', show: percent(4), unit: 'fraction of an interval' },
  'funding-paid-day': { label: 'Funding paid in 24 h', show: (v) => formatNumber(v, 2), unit: 'currency' },
  'funding-day-cost': {
    label: 'Funding of 24 h at this rate',
    show: (v) => formatNumber(v, 2),
    unit: 'currency',
  },
  'adl-share': { label: 'Place in the ADL queue, estimated', show: percent(0), unit: 'share behind' },
  'insurance-fund': { label: 'Insurance fund', show: (v) => formatNumber(v, 0), unit: 'currency' },
  'breaker-distance': { label: 'Distance to a breaker', show: percent(2), unit: 'fraction' },
  'settlement-minutes': {
    label: 'Time to settlement',
    show: (v) => `${formatNumber(v, 0)} min`,
    unit: 'minutes',
  },
  'rollover-days': {
    label: 'Days to the roll',
    show: (v) => `${formatNumber(v, 0)} d`,
    unit: 'business days',
  },
  'feed-age': { label: 'Age of the feed', show: (v) => `${formatNumber(v, 1)} s`, unit: 'seconds' },
  'value-at-risk-share': { label: 'Value at risk', show: percent(1), unit: 'fraction of equity' },
  'mean-correlation': { label: 'Mean correlation', show: (v) => formatNumber(v, 2), unit: '0 to 1' },
};

/** The figure in words; one that nothing on this page tells says so, wherever a rule on it is made or listed. */
export function metricLabel(metric: AlertMetric): string {
  const { label } = METRICS[metric];
  return UNTOLD_METRICS.includes(metric) ? `${label} (no source here tells it)` : label;
}

/** `Margin ratio 1.04, threshold 1.05` */
export function figureWords({
  metric,
  value,
  threshold,
}: Pick<RaisedAlert, 'metric' | 'value' | 'threshold'>): string {
  const { label, show } = METRICS[metric];
  return `${label} ${value === null ? 'not known' : show(value)}, threshold ${show(threshold)}`;
}

const PHASES: Readonly<Record<BoardAlert['phase'], string>> = {
  raised: '',
  reminder: 'still: ',
  cleared: 'over: ',
  blind: 'blind: ',
  gone: 'no longer held: ',
};

/** `still: Margin ratio 1.04, threshold 1.05` */
export function alertWords(alert: BoardAlert): string {
  return `${PHASES[alert.phase]}${figureWords(alert)}`;
}
