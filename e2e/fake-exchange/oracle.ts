/** What the best levels truly were after every depth update of the recording. */

import type { Recording } from './recording.ts';
import { type DepthSnapshot, type DepthUpdate, type TextLevel, TrueBook, textLevels } from './true-book.ts';

/** Levels kept for each side. */
const KEPT = 20;

/** The best levels of both sides, best first, in the exchange's text. */
export interface OracleLevels {
  readonly u: number;
  readonly bids: readonly TextLevel[];
  readonly asks: readonly TextLevel[];
}

export interface Oracle {
  /** The best 20 levels of each side after the update with this id, or null for an id that no update ends with. */
  levelsAt(u: number): OracleLevels | null;
  /** Update ids in order; the first is the snapshot's. */
  readonly updateIds: readonly number[];
  /** Levels held on each side after the last update. */
  readonly finalLevels: readonly [bids: number, asks: number];
}

/** Index of the first line whose update reaches past the snapshot: playback of a known book starts there. */
export function firstApplicable(recording: Recording): number {
  const snapshot = recordedSnapshot(recording);
  return recording.lines.findIndex(
    (line) => isDepth(line.stream) && (JSON.parse(line.data) as DepthUpdate).u >= snapshot.lastUpdateId,
  );
}

export function isDepth(stream: string | null): boolean {
  return stream?.includes('@depth@') === true;
}

export function recordedSnapshot(recording: Recording): DepthSnapshot {
  return JSON.parse(recording.lines[recording.snapshotIndex]?.data ?? '') as DepthSnapshot;
}

/** Replays the whole recording once and keeps the best levels after each update (4 MB for 6,547 updates). */
export function buildOracle(recording: Recording): Oracle {
  const snapshot = recordedSnapshot(recording);
  const book = new TrueBook(snapshot);
  const rows = new Map<number, Float64Array>();
  const updateIds: number[] = [];
  const keep = (): void => {
    const row = new Float64Array(KEPT * 4);
    row.set(book.best('bid', KEPT), 0);
    row.set(book.best('ask', KEPT), KEPT * 2);
    rows.set(book.lastUpdateId, row);
    updateIds.push(book.lastUpdateId);
  };
  keep();
  for (let i = firstApplicable(recording); i < recording.lines.length; i++) {
    const line = recording.lines[i];
    if (line === undefined || !isDepth(line.stream)) continue;
    book.apply(JSON.parse(line.data) as DepthUpdate);
    keep();
  }
  return {
    updateIds,
    finalLevels: book.levelCounts,
    levelsAt: (u) => {
      const row = rows.get(u);
      if (row === undefined) return null;
      return { u, bids: textLevels(row.subarray(0, KEPT * 2)), asks: textLevels(row.subarray(KEPT * 2)) };
    },
  };
}
