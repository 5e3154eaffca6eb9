/** What the market worker tells the risk worker, at most ten times a second. */
import type { Micros } from '../../engine/core/units.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import type { SourceKind } from '../../engine/market/trust.ts';

/** Marks of all instruments of the source. An empty list means that the source was closed. */
export interface MarksFrame {
  readonly source: SourceKind;
  readonly nowMicros: Micros;
  readonly marks: readonly MarkInput[];
}
