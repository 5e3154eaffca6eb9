/** How unequally losses fall: the Lorenz curve over the accounts that lost something, and its Gini coefficient. */
import type { AccountColumns } from '../../engine/simulation/cascade/cascade-view.ts';

const POINTS = 64;

/** Points as pairs: share of losing accounts, smallest loss first, and their share of all losses. Estimates. */
export function lorenzCurve(columns: Pick<AccountColumns, 'liquidationLoss' | 'adlLoss'>): {
  readonly points: Float64Array;
  readonly gini: number;
} {
  const losses: number[] = [];
  for (let account = 0; account < columns.adlLoss.length; account++) {
    const loss =
      Math.max(0, columns.liquidationLoss[account] as number) +
      Math.max(0, columns.adlLoss[account] as number);
    if (loss > 0) losses.push(loss);
  }
  losses.sort((a, b) => a - b);
  const total = losses.reduce((sum, loss) => sum + loss, 0);
  if (losses.length === 0 || total === 0) return { points: new Float64Array(0), gini: 0 };
  const points = new Float64Array((POINTS + 1) * 2);
  let cumulated = 0;
  let area = 0;
  let point = 1;
  losses.forEach((loss, i) => {
    area += cumulated + loss / 2;
    // Between two accounts the curve is straight.
    for (; point <= POINTS && (i + 1) * POINTS >= point * losses.length; point++) {
      points[2 * point] = point / POINTS;
      points[2 * point + 1] = (cumulated + loss * ((point * losses.length) / POINTS - i)) / total;
    }
    cumulated += loss;
  });
  return { points, gini: 1 - (2 * area) / (total * losses.length) };
}
