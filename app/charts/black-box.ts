/** Opens the page's black box to benches, tests and bug reports: paints and frames, as they were. */
import type { FeedCounters } from '../../engine/market/instrument-feed.ts';
import type { SourceKind, TrustState } from '../../engine/market/trust.ts';
import { latestMarketFrame } from '../../workers/client/streams.ts';
import type { TransportState } from '../../workers/contract/market-frame.ts';
import { frameRecords, frameStats } from './frame-loop.ts';
import type { FrameRecord, FrameStats } from './frame-meter.ts';
import { PaintLog, type PaintRecord } from './paint-log.ts';

/** What the feed counted and where the run stands. */
export interface MarketFacts {
  readonly source: SourceKind;
  readonly trust: TrustState;
  readonly updateId: number;
  readonly bidLevels: number;
  readonly askLevels: number;
  readonly counters: FeedCounters;
  readonly touchMismatches: number;
  readonly transport: TransportState;
}

/** What stands at `window.headroomBlackBox`. Read only. */
export interface HeadroomBlackBox {
  /** Paints of the ladder at one tick a row, oldest first, at most 12,000. */
  read(last?: number): readonly PaintRecord[];
  /** Paints of all time, also those no longer kept. */
  written(): number;
  /** Animation frames in which something was painted: work, latency, rendering. */
  frames(sinceMs?: number): readonly FrameRecord[];
  stats(): FrameStats;
  /** Facts of the newest market frame; null before the first. */
  market(): MarketFacts | null;
  /** Everything as JSON lines, a paint a line, for a file. */
  exportText(): string;
}

/** The log that the ladder writes. */
export const paintLog = new PaintLog();

function marketFacts(): MarketFacts | null {
  const frame = latestMarketFrame();
  if (frame === null) return null;
  const { source, trust, updateId, ladder, counters, touchMismatches, transport } = frame;
  return {
    source,
    trust,
    updateId,
    bidLevels: ladder.bidLevels,
    askLevels: ladder.askLevels,
    counters,
    touchMismatches,
    transport,
  };
}

/** The black box as JSON lines. */
export function blackBoxText(): string {
  return paintLog
    .read()
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
}

/** Puts the black box where a bench can reach it. The first painter does it, so that what is painted can be read. */
export function installBlackBox(): void {
  window.headroomBlackBox ??= {
    read: (last) => paintLog.read(last),
    written: () => paintLog.written,
    frames: frameRecords,
    stats: frameStats,
    market: marketFacts,
    exportText: blackBoxText,
  };
}

declare global {
  interface Window {
    /** Absent until the page has started. */
    headroomBlackBox?: HeadroomBlackBox;
  }
}
