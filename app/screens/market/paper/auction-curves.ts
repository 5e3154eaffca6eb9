/** Geometry of the auction's two curves: what would buy at or above, and sell at or below, each price. */
import type { AuctionView } from '../../../../workers/contract/paper.ts';

/** Both curves as SVG paths of steps in a box of `width` × `height`, prices from left to right. */
export interface AuctionCurves {
  readonly buy: string;
  readonly sell: string;
  /** Where the indicative price and the matched volume lie; null where nothing would trade. */
  readonly indicative: { readonly x: number; readonly y: number } | null;
  readonly lowTicks: number;
  readonly highTicks: number;
  readonly mostLots: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Null for fewer than two prices: there is no curve to draw. */
export function auctionCurves(
  { rows, indicativeTicks, matchedLots }: Pick<AuctionView, 'rows' | 'indicativeTicks' | 'matchedLots'>,
  width: number,
  height: number,
): AuctionCurves | null {
  const lowTicks = rows[0]?.priceTicks;
  const highTicks = rows.at(-1)?.priceTicks;
  if (lowTicks === undefined || highTicks === undefined || lowTicks === highTicks) return null;
  const mostLots = Math.max(1, ...rows.flatMap(({ buyLots, sellLots }) => [buyLots, sellLots]));
  const xOf = (ticks: number): number => round(((ticks - lowTicks) / (highTicks - lowTicks)) * width);
  const yOf = (lots: number): number => round(height - (lots / mostLots) * height);
  // Between two prices buyers are those of the higher one, and sellers those of the lower one.
  const buy = rows.map(
    (row, i) =>
      `${i === 0 ? 'M' : 'V'}${i === 0 ? `${xOf(row.priceTicks)},` : ''}${yOf(row.buyLots)}H${xOf(row.priceTicks)}`,
  );
  const sell = rows.map(
    (row, i) => `${i === 0 ? `M${xOf(row.priceTicks)},` : `H${xOf(row.priceTicks)}V`}${yOf(row.sellLots)}`,
  );
  return {
    buy: buy.join(''),
    sell: sell.join(''),
    indicative: indicativeTicks === null ? null : { x: xOf(indicativeTicks), y: yOf(matchedLots) },
    lowTicks,
    highTicks,
    mostLots,
  };
}
