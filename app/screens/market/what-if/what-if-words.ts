/** What a what-if answer says in one line. */
import type { WhatIfReport, WhatIfRow } from '../../../../engine/margin/margin-report.ts';
import { formatRatio, formatSignedPercent } from '../../../format/number.ts';
import type { StatusChange } from './slider-marks.ts';

type Standing = NonNullable<WhatIfRow['before']>;

export interface MovedRow {
  readonly label: string;
  readonly before: Standing;
  readonly after: Standing;
}

/** Decimals of percent that a move is shown with: one where it is a step of the slider, two where it lies between. */
export function shiftDecimals(shift: number): 1 | 2 {
  const steps = shift * 1_000;
  return Math.abs(steps - Math.round(steps)) < 1e-4 ? 1 : 2;
}

/** The row that stands worst after the move; null when no row has figures. */
export function worstRow(report: WhatIfReport): MovedRow | null {
  let worst: MovedRow | null = null;
  for (const { label, before, after } of report.rows) {
    if (before === null || after === null) continue;
    if (worst === null || after.marginRatio < worst.after.marginRatio) worst = { label, before, after };
  }
  return worst;
}

/** `1 of 5 falls`, `3 of 5 fall`, `none of 5 falls`. */
export function fallenWords({ fallen, total }: Pick<WhatIfReport, 'fallen' | 'total'>): string {
  if (total === 0) return 'nothing to move';
  if (fallen === 0) return `none of ${total} ${total === 1 ? 'falls' : 'fall'}`;
  return `${fallen} of ${total} ${fallen === 1 ? 'falls' : 'fall'}`;
}

/** The whole answer to a move as a sentence, for a listener. */
export function spokenAnswer(report: WhatIfReport, shift: number): string {
  const worst = worstRow(report);
  if (worst === null || shift === 0) return '';
  const stands = ({ status, marginRatio }: Standing): string => `${status} ${formatRatio(marginRatio)}`;
  return (
    `At ${formatSignedPercent(shift, 1)}: ${worst.label} goes from ${stands(worst.before)} ` +
    `to ${stands(worst.after)}; ${fallenWords(report)}.`
  );
}

/** The change that is nearest to the marks as they stand, towards a worse status. */
export function nearestChange(changes: readonly StatusChange[]): StatusChange | null {
  return changes.find(({ status, shift }) => status !== 'HEALTHY' && shift !== 0) ?? null;
}
