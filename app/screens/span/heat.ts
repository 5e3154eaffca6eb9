/** How strongly a loss or gain is coloured: four steps to each side of nothing, by the square root of its share. */

const STEPS = 4;

/** Class of a cell: `heat-loss-3`, `heat-gain-1`, `heat-none`. */
export function heatStep(loss: number, most: number): string {
  if (loss === 0 || most === 0) return 'heat-none';
  const step = Math.max(1, Math.ceil(Math.sqrt(Math.min(1, Math.abs(loss) / most)) * STEPS));
  return `heat-${loss > 0 ? 'loss' : 'gain'}-${step}`;
}
