/** What a listener is told about risk: one sentence, renewed only when a status or the feed changed. */
import type { MarginReport, PositionMargin } from '../../engine/margin/margin-report.ts';
import type { TrustState } from '../../engine/market/trust.ts';
import { formatPercent, formatRatio } from '../format/number.ts';

type WithFigures = PositionMargin & { readonly figures: NonNullable<PositionMargin['figures']> };

function worst(report: MarginReport): WithFigures | null {
  let found: WithFigures | null = null;
  for (const position of report.positions) {
    const { figures } = position;
    if (figures !== null && (found === null || figures.marginRatio < found.figures.marginRatio)) {
      found = { ...position, figures };
    }
  }
  return found;
}

/** What a change in must be told: the feed's state and every position's status. */
export function announcementKey(report: MarginReport | null, trust: TrustState): string {
  return [
    trust,
    report?.trust ?? '',
    ...(report?.positions.map(({ figures }) => figures?.status ?? 'none') ?? []),
  ].join(' ');
}

/** `Feed LIVE. Worst: ETHUSDT short, WARNING, margin ratio 1.38, 6.2 % to liquidation.` */
export function announcement(report: MarginReport | null, trust: TrustState): string {
  const feed = `Feed ${trust}.`;
  const position = report === null ? null : worst(report);
  if (position === null) return feed;
  const { symbol, side, figures } = position;
  const { status, marginRatio, distanceRate } = figures;
  const distance =
    distanceRate === null ? 'no price liquidates it' : `${formatPercent(distanceRate, 1)} to liquidation`;
  const worth =
    position.trust === 'LIVE' || position.trust === trust ? '' : ` Its figures are ${position.trust}.`;
  return `${feed} Worst: ${symbol} ${side}, ${status}, margin ratio ${formatRatio(marginRatio)}, ${distance}.${worth}`;
}
