/** The prices of the reader's own positions and question, marked on chart and ladder of one instrument. */
import type { Portfolio } from '../../../engine/accounting/portfolio.ts';
import type { MarginReport } from '../../../engine/margin/margin-report.ts';
import type { InstrumentId } from '../../../engine/reference/instruments/contract-spec.ts';
import type { PriceLine } from '../../charts/price-line.ts';
import { formatSignedPercent } from '../../format/number.ts';
import { instrumentOf } from '../../state/portfolio-edits.ts';

interface Inputs {
  readonly instrument: InstrumentId;
  readonly portfolio: Portfolio;
  readonly report: MarginReport | null;
  readonly markPrice: number | null;
  /** Move of the mark; 0 for none. */
  readonly shift: number;
  /** Instrument of the move; null: all. */
  readonly shifted: InstrumentId | null;
}

/** Where the mark goes under the what-if; null when this instrument does not move. */
export function whatIfPrice({
  instrument,
  markPrice,
  shift,
  shifted,
}: Pick<Inputs, 'instrument' | 'markPrice' | 'shift' | 'shifted'>): number | null {
  if (markPrice === null || shift === 0) return null;
  return shifted === null || shifted === instrument ? markPrice * (1 + shift) : null;
}

/** Lines of positions that are drawn; beyond this a reader sees a wall and no line. */
const MOST_LINES = 60;

/** All lines, those of positions nearest to the mark only where there are too many. */
export function priceLines(inputs: Inputs): readonly PriceLine[] {
  const { markPrice, shift } = inputs;
  const held = positionLines(inputs);
  const lines =
    held.length <= MOST_LINES || markPrice === null
      ? held.slice(0, MOST_LINES)
      : [...held]
          .sort((a, b) => Math.abs(a.price - markPrice) - Math.abs(b.price - markPrice))
          .slice(0, MOST_LINES);
  if (markPrice !== null) {
    lines.push({ id: 'mark', kind: 'mark', price: markPrice, label: 'mark', status: null });
  }
  const moved = whatIfPrice(inputs);
  if (moved !== null) {
    const label = `what if ${formatSignedPercent(shift, 1)}`;
    lines.push({ id: 'what-if', kind: 'what-if', price: moved, label, status: null });
  }
  return lines;
}

function positionLines({ instrument, portfolio, report }: Inputs): PriceLine[] {
  const margins = new Map(report?.positions.map((margin) => [margin.positionId, margin]));
  const lines: PriceLine[] = [];
  for (const { positions } of portfolio.accounts) {
    for (const position of positions) {
      if (instrumentOf(position) !== instrument) continue;
      const label = `${position.symbol} ${position.side} ${position.leverage}×`;
      const margin = margins.get(position.id);
      const figures = margin?.figures ?? null;
      lines.push({
        id: `${position.id}/entry`,
        kind: 'entry',
        price: Number(position.entryPrice),
        label,
        status: null,
      });
      if (figures === null || figures.liquidationPrice === null) continue;
      lines.push({
        id: `${position.id}/liquidation`,
        kind: 'liquidation',
        price: figures.liquidationPrice,
        label,
        // A status has colour, and colour says that it holds now.
        status: margin?.trust === 'LIVE' ? figures.status : null,
      });
    }
  }
  return lines;
}
