/** The prices of the reader's own positions and question, marked on chart and ladder of one instrument. */
import type { Portfolio } from '../../../engine/accounting/portfolio.ts';
import type { MarginReport } from '../../../engine/margin/margin-report.ts';
import type { InstrumentId } from '../../../engine/reference/instruments/contract-spec.ts';
import type { PriceLine } from '../../charts/price-line.ts';
import { formatSignedPercent } from '../../format/number.ts';
import { isPaperAccount } from '../../state/paper-names.ts';
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

/** Lines of positions that no one typed: what the reader's paper orders brought. */
function paperLines({ instrument, report }: Inputs): PriceLine[] {
  const held = report?.positions.filter(
    (margin) => isPaperAccount(margin.accountId) && margin.instrument === instrument,
  );
  return (held ?? []).flatMap(({ positionId, symbol, side, entryPrice, figures, trust }): PriceLine[] => {
    const label = `paper ${symbol} ${side}`;
    const entry = { kind: 'entry', price: Number(entryPrice), label, status: null } as const;
    const price = figures?.liquidationPrice ?? null;
    const status = trust === 'LIVE' ? (figures?.status ?? null) : null;
    return [
      { id: `${positionId}/entry`, ...entry },
      ...(price === null
        ? []
        : [{ id: `${positionId}/liquidation`, kind: 'liquidation', price, label, status } as const]),
    ];
  });
}

function positionLines(inputs: Inputs): PriceLine[] {
  const { instrument, portfolio, report } = inputs;
  const margins = new Map(report?.positions.map((margin) => [margin.positionId, margin]));
  const lines: PriceLine[] = paperLines(inputs);
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
