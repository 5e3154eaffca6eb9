/** Where the labels of price lines go: above their line, one under the other where lines are close, at the edge where a line is out of sight. */
import type { PriceLine } from '../price-line.ts';

export type Edge = 'top' | 'bottom';

export interface PlacedLabel {
  readonly line: PriceLine;
  /** Height of the line itself. */
  readonly y: number;
  /** Middle of the label. */
  readonly labelY: number;
  /** The edge it waits at when its line is out of sight. */
  readonly edge: Edge | null;
}

export interface PlacedLabels {
  readonly labels: readonly PlacedLabel[];
  /** Lines out of sight that got no label of their own. */
  readonly more: readonly { readonly edge: Edge; readonly count: number; readonly labelY: number }[];
}

/** Below this height in CSS pixels the chart is a sketch, and labels must not cover it. */
export const SKETCH_PX = 200;
/** Labels of lines out of sight at each edge. */
const EDGE_LABELS = 2;
const EDGE_LABELS_SKETCH = 1;
const GAP = 2;

/** Places the labels of lines at given heights. Deterministic: the same lines lie the same way. */
export function placeLabels(
  lines: readonly { readonly line: PriceLine; readonly y: number }[],
  room: { readonly height: number; readonly labelHeight: number },
): PlacedLabels {
  const { height, labelHeight } = room;
  const pitch = labelHeight + GAP;
  const edgeLabels = height < SKETCH_PX ? EDGE_LABELS_SKETCH : EDGE_LABELS;
  const sorted = lines.toSorted((a, b) => a.y - b.y || a.line.id.localeCompare(b.line.id));
  // Out of sight a liquidation matters more than an entry; among equals the nearest.
  const rank = ({ line }: (typeof sorted)[number]): number => (line.kind === 'liquidation' ? 0 : 1);
  const above = sorted
    .filter(({ y }) => y < 0)
    .reverse()
    .toSorted((a, b) => rank(a) - rank(b));
  const below = sorted.filter(({ y }) => y > height).toSorted((a, b) => rank(a) - rank(b));
  const labels: PlacedLabel[] = [];
  const more: { edge: Edge; count: number; labelY: number }[] = [];
  const edgeStack = (edge: Edge, hidden: typeof sorted): number => {
    const shown = hidden.slice(0, edgeLabels);
    const at = (i: number): number =>
      edge === 'top' ? pitch / 2 + 2 + i * pitch : height - pitch / 2 - 2 - i * pitch;
    // The least urgent stands at the very edge; with more than can be named, their number does.
    const rest = hidden.length - shown.length;
    if (rest > 0) more.push({ edge, count: rest, labelY: at(0) });
    const offset = rest > 0 ? 1 : 0;
    for (const [i, { line, y }] of shown.toReversed().entries()) {
      labels.push({ line, y, labelY: at(i + offset), edge });
    }
    const count = shown.length + offset;
    return count === 0 ? 0 : count * pitch + 2;
  };
  const topUsed = edgeStack('top', above);
  const bottomUsed = edgeStack('bottom', below);
  const visible = sorted.filter(({ y }) => y >= 0 && y <= height);
  const middles = spread(
    visible.map(({ y }) => y - pitch / 2 - 1),
    { from: topUsed + pitch / 2, to: height - bottomUsed - pitch / 2, pitch },
  );
  for (const [i, { line, y }] of visible.entries()) {
    labels.push({ line, y, labelY: middles[i] ?? y, edge: null });
  }
  return { labels, more };
}

/** Moves ascending places apart by at least a pitch: downwards first, then back up from the end of the room. */
function spread(
  wanted: readonly number[],
  room: { readonly from: number; readonly to: number; readonly pitch: number },
): readonly number[] {
  const places: number[] = [];
  let least = room.from;
  for (const y of wanted) {
    const place = Math.max(y, least);
    places.push(place);
    least = place + room.pitch;
  }
  let most = room.to;
  for (let i = places.length - 1; i >= 0; i--) {
    const place = Math.min(places[i] ?? most, most);
    places[i] = place;
    most = place - room.pitch;
  }
  return places;
}
