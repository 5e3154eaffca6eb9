/** Draws what surrounds the ladder's rows: the headings above and the totals below. */
import { formatNumber, formatSigned } from '../../format/number.ts';
import { LINE_WORDS, STATUS_SHAPES } from '../price-line.ts';
import { sizeUnit } from '../size-unit.ts';
import { nearestTickText, tickText } from '../tick-text.ts';
import { SIZE_FONT_PX } from './ladder-brush.ts';
import type { Column } from './ladder-geometry.ts';
import type { LadderScene } from './ladder-scene.ts';

const PAD = 9;

/** The venue's own prices beside the book. */
export interface ReferencePrices {
  readonly markPrice: number | null;
  readonly indexPrice: number | null;
}

/** Column headings. They change only with the layout, so they are drawn with a full paint. */
export function drawHeadings(scene: LadderScene): void {
  const { context, columns, colors, heights } = scene;
  context.fillStyle = colors.surface1;
  context.fillRect(0, 0, scene.width, heights.heading);
  context.fillStyle = colors.muted;
  context.font = `400 11px ${colors.font}`;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'right';
  const y = heights.heading / 2 + 4;
  const put = (column: Column | null, text: string): void => {
    if (column !== null) context.fillText(text, column.x + column.width - PAD, y);
  };
  put(columns.deltaBid, 'Δ 1 s');
  put(columns.cumulativeBid, 'cum');
  put(columns.bid, 'Bid');
  put(columns.price, 'Price');
  put(columns.ask, 'Ask');
  put(columns.cumulativeAsk, 'cum');
  put(columns.deltaAsk, 'Δ 1 s');
}

/** The second line of the footer: marked lines of the row in hand, or else mark, index and their basis. */
export function footerText(scene: LadderScene, prices: ReferencePrices): string {
  const row = scene.hoverRow >= 0 ? scene.hoverRow : scene.cursorRow;
  const here = scene.lines.filter((line) => line.row === row);
  if (here.length > 0) {
    return here
      .map(({ line }) => {
        const shape = line.status === null ? '' : `${STATUS_SHAPES[line.status]} `;
        const word = line.kind === 'liquidation' ? 'est. liquidation' : LINE_WORDS[line.kind];
        return `${shape}${word} ${nearestTickText(line.price, scene.spec.tickSize)} ${line.label}`;
      })
      .join('  ·  ');
  }
  const decimals = scene.spec.tickSize.scale + 1;
  const parts: string[] = [];
  if (prices.markPrice !== null) parts.push(`mark ${formatNumber(prices.markPrice, decimals)}`);
  if (prices.indexPrice !== null) parts.push(`index ${formatNumber(prices.indexPrice, decimals)}`);
  if (prices.markPrice !== null && prices.indexPrice !== null && prices.indexPrice !== 0) {
    const basis = prices.markPrice - prices.indexPrice;
    const bps = (basis / prices.indexPrice) * 10_000;
    parts.push(`basis ${formatSigned(basis, decimals)} (${formatSigned(bps, 1)} bp)`);
  }
  const tips = scene.falls?.falls.tipsDownTicks ?? null;
  if (tips !== null) parts.unshift(`est. tipping price ${tickText(tips, scene.spec.tickSize)}`);
  return parts.join('  ');
}

/** Totals of the rows in sight, as text: compared to tell whether the footer has to be drawn again. */
export function totalsText(scene: LadderScene): readonly string[] {
  const { book, spec, columns } = scene;
  const signed = (lots: number): string => `${lots > 0 ? '+' : ''}${tickText(lots, spec.lotSize)}`;
  return [
    tickText(book.bids.total, spec.lotSize),
    tickText(book.asks.total, spec.lotSize),
    columns.deltaBid === null ? '' : signed(book.bids.totalDelta),
    columns.deltaAsk === null ? '' : signed(book.asks.totalDelta),
  ];
}

/** Totals under their columns, and one line of text below. */
export function drawFooter(scene: LadderScene, totals: readonly string[], text: string): void {
  const { context, columns, colors, heights, ink, width, height } = scene;
  const top = height - heights.footer;
  context.fillStyle = colors.surface1;
  context.fillRect(0, top, width, heights.footer);
  context.fillStyle = colors.hairline;
  context.fillRect(0, top, width, 1);
  context.font = `550 ${SIZE_FONT_PX}px ${colors.font}`;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'right';
  const y = top + 17;
  const put = (column: Column | null, value: string, color: string): void => {
    if (column === null) return;
    context.fillStyle = color;
    context.fillText(value, column.x + column.width - PAD, y);
  };
  put(columns.bid, totals[0] ?? '', ink.bid);
  put(columns.ask, totals[1] ?? '', ink.ask);
  context.font = `400 11px ${colors.font}`;
  put(columns.deltaBid, totals[2] ?? '', colors.muted);
  put(columns.deltaAsk, totals[3] ?? '', colors.muted);
  context.textAlign = 'center';
  context.fillStyle = colors.muted;
  context.fillText(`${sizeUnit(scene.spec)} in sight`, columns.price.x + columns.price.width / 2, y);
  context.textAlign = 'left';
  context.fillText(fitted(context, text, width - 16), 8, top + 34);
}

/** Text cut to a width, with an ellipsis. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
