/** Places the marks of the what-if slider: worst first, labels where there is room, nothing on top of anything. */
import type { WhatIfReport } from '../../../../engine/margin/margin-report.ts';
import type { MarginStatus } from '../../../../engine/margin/margin-status.ts';

/** One place on the slider where a status changes. */
export interface StatusChange {
  readonly key: string;
  readonly shift: number;
  readonly price: number | null;
  readonly status: MarginStatus;
  /** The account or position in full. */
  readonly label: string;
  /** What fits over a slider. */
  readonly name: string;
}

export interface SliderMark extends StatusChange {
  /** Place on the track, 0 to 1. */
  readonly at: number;
  readonly labelled: boolean;
}

const SEVERITY: Readonly<Record<MarginStatus, number>> = {
  LIQUIDATION: 4,
  CRITICAL: 3,
  DANGER: 2,
  WARNING: 1,
  HEALTHY: 0,
};
/** Widths in CSS pixels: a shape with the room to hit it, and a letter of its label. */
const SHAPE_PX = 24;
const LETTER_PX = 6.6;
/** More marks than this tell a reader nothing more. */
const MOST_MARKS = 40;

/** All changes of all rows, nearest to no move first. */
export function statusChanges(report: WhatIfReport): readonly StatusChange[] {
  return report.rows
    .flatMap((row) =>
      row.changes.map((change, at) => ({
        ...change,
        key: `${row.accountId}/${row.positionId ?? ''}/${at}`,
        label: row.label,
        name: shortName(row.label, row.positionId !== null),
      })),
    )
    .sort((a, b) => Math.abs(a.shift) - Math.abs(b.shift) || (a.key < b.key ? -1 : 1));
}

/** Longest name of an account over the slider. */
const NAME_LETTERS = 14;

/** What fits over a slider: the base of a position's symbol, or the head of an account's name. */
export function shortName(label: string, ofPosition: boolean): string {
  if (!ofPosition)
    return label.length <= NAME_LETTERS ? label : `${label.slice(0, NAME_LETTERS - 1).trimEnd()}…`;
  const [symbol = ''] = label.split(' ');
  return symbol.replace(/(?<=.)USDT$/, '');
}

/** Chooses which changes are marked on a track of this width, and which of them are named. */
export function placeMarks(
  changes: readonly StatusChange[],
  range: number,
  trackPx: number,
): readonly SliderMark[] {
  const taken: (readonly [number, number])[] = [];
  const free = (from: number, to: number): boolean => taken.every(([a, b]) => to <= a || from >= b);
  const inReach = changes.filter(({ shift }) => Math.abs(shift) <= range);
  const worstFirst = [...inReach].sort((a, b) => SEVERITY[b.status] - SEVERITY[a.status]);
  const marks: SliderMark[] = [];
  for (const change of worstFirst) {
    if (marks.length >= MOST_MARKS) break;
    const at = (change.shift + range) / (2 * range);
    const from = at * trackPx - SHAPE_PX / 2;
    const named = from + SHAPE_PX + 4 + change.name.length * LETTER_PX;
    const labelled = named <= trackPx && free(from, named);
    const to = labelled ? named : from + SHAPE_PX;
    if (!free(from, to)) continue;
    taken.push([from, to]);
    marks.push({ ...change, at, labelled });
  }
  return marks.sort((a, b) => a.at - b.at);
}
