/** Opens the page's black box to benches, tests and bug reports: paints and frames, as they were. */
import { frameRecords, frameStats } from './frame-loop.ts';
import type { FrameRecord, FrameStats } from './frame-meter.ts';
import { PaintLog, type PaintRecord } from './paint-log.ts';

/** What stands at `window.headroomBlackBox`. Read only. */
export interface HeadroomBlackBox {
  /** Paints of the ladder at one tick a row, oldest first, at most 30,000. */
  read(last?: number): readonly PaintRecord[];
  /** Paints of all time, also those no longer kept. */
  written(): number;
  /** Animation frames in which something was painted: work, latency, rendering. */
  frames(sinceMs?: number): readonly FrameRecord[];
  stats(): FrameStats;
  /** Everything as JSON lines, a paint a line, for a file. */
  exportText(): string;
}

/** The log that the ladder writes. */
export const paintLog = new PaintLog();

/** The black box as JSON lines. */
export function blackBoxText(): string {
  return paintLog
    .read()
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
}

/** Puts the black box where a bench can reach it. Call once, at start-up. */
export function installBlackBox(): void {
  window.headroomBlackBox = {
    read: (last) => paintLog.read(last),
    written: () => paintLog.written,
    frames: frameRecords,
    stats: frameStats,
    exportText: blackBoxText,
  };
}

declare global {
  interface Window {
    /** Absent until the page has started. */
    headroomBlackBox?: HeadroomBlackBox;
  }
}
