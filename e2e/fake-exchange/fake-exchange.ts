/** A stand-in for Binance USDT-M futures on this machine: a real recording over real sockets, with faults and an oracle. */

import { openControl } from './control-server.ts';
import type { FaultKind } from './fault-plan.ts';
import { Faults, type FaultTuning } from './faults.ts';
import { buildOracle, isDepth, type Oracle } from './oracle.ts';
import { Playback, type PlaybackPosition } from './playback.ts';
import { type Recording, readRecording } from './recording.ts';
import { RestServer, type RestServerStats } from './rest-server.ts';
import { StreamServer, type StreamServerStats } from './stream-server.ts';

/** The depth streams of one symbol; all carry the recorded events. */
const DEPTH_NAMES = ['0ms', '100ms', '250ms', '500ms'].map((speed) => `btcusdt@depth@${speed}`);
const MARK_NAMES = ['btcusdt@markPrice@1s', 'btcusdt@markPrice'];

export interface FakeExchangeOptions {
  readonly recordingPath: string;
  /** 1 is the pace of the recording; infinity is as fast as the slowest reader allows. Default 1. */
  readonly speed?: number;
  /**
   * `book` (default): playback begins where the recorded snapshot applies, and REST answers the true book of the
   * moment. `verbatim`: playback begins at the first line, and REST answers the recorded snapshot itself.
   */
  readonly mode?: 'verbatim' | 'book';
  /** Skips this many seconds of the recording (mode `book`). */
  readonly startSeconds?: number;
  /** Playback waits for the first subscription to this kind of stream, so that nothing is missed. Default depth. */
  readonly startOn?: 'depth' | 'call';
  /** Writes the present time into E and T. */
  readonly restamp?: boolean;
  readonly pingIntervalMs?: number;
  readonly pongTimeoutMs?: number;
  readonly maxConnectionAgeMs?: number;
  readonly faultTuning?: Partial<FaultTuning>;
}

export interface FakeExchangeStats {
  readonly streams: StreamServerStats;
  readonly rest: RestServerStats;
}

/** Where this exchange is found; has the shape of an entry of the proxy's venue table. */
export interface FakeVenue {
  readonly id: string;
  readonly streamUrls: { readonly public: string; readonly market: string };
  readonly snapshotUrl: string;
  readonly closesUrl: string;
  readonly snapshotWeight: number;
  readonly closesWeight: number;
  readonly weightPerMinute: number;
  readonly local: true;
}

export interface FakeExchange {
  readonly wsPort: number;
  readonly restPort: number;
  readonly controlPort: number;
  /** `http://127.0.0.1:<port>/control` */
  readonly controlUrl: string;
  readonly venue: FakeVenue;
  readonly faults: Faults;
  readonly oracle: Oracle;
  position(): PlaybackPosition;
  /** Starts playback when it waits for a call. */
  start(): void;
  pause(): void;
  resume(): void;
  stats(): FakeExchangeStats;
  /** The snapshot that REST would answer now, as JSON text. */
  snapshot(limit?: number): string;
  /** Resolves when the recording is played to its end, or on close. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Reading and replaying take a second or two, so one process does them once for each file. */
const cache = new Map<string, { readonly recording: Recording; readonly oracle: Oracle }>();

function load(path: string): { readonly recording: Recording; readonly oracle: Oracle } {
  let loaded = cache.get(path);
  if (loaded === undefined) {
    const recording = readRecording(path);
    loaded = { recording, oracle: buildOracle(recording) };
    cache.set(path, loaded);
  }
  return loaded;
}

/** The names under which a recorded stream is served. */
function servedNames(recorded: string): readonly string[] {
  if (isDepth(recorded)) return DEPTH_NAMES;
  return recorded.includes('@markPrice') ? MARK_NAMES : [recorded];
}

function bookText(playback: Playback, limit: number): string {
  const { lastUpdateId, eventMs: E, tradeMs: T } = playback.book;
  const [bids, asks] = [playback.book.levels('bid', limit), playback.book.levels('ask', limit)];
  return JSON.stringify({ lastUpdateId, E, T, bids, asks });
}

/** Starts the exchange on free ports of this machine. */
export async function createFakeExchange(options: FakeExchangeOptions): Promise<FakeExchange> {
  const { recording, oracle } = load(options.recordingPath);
  const mode = options.mode ?? 'book';
  const recordedText = recording.lines[recording.snapshotIndex]?.data ?? '';
  let staleText = recordedText;

  const atOnce: Partial<Record<FaultKind, () => void>> = {
    'cut-abrupt': () => streams.cutAll(null),
    'cut-clean': () => streams.cutAll(1000),
    outage: () => streams.cutAll(null),
    'half-open': () => streams.deaden(),
    'snapshot-stale': () => {
      staleText = snapshot(1000);
    },
  };
  const faults = new Faults(options.faultTuning ?? {}, (kind) => {
    const act = atOnce[kind];
    if (act === undefined) return;
    act();
    faults.acted(kind);
  });
  const streams: StreamServer = new StreamServer({
    faults,
    pingIntervalMs: options.pingIntervalMs ?? 180_000,
    pongTimeoutMs: options.pongTimeoutMs ?? 600_000,
    maxAgeMs: options.maxConnectionAgeMs ?? 24 * 3_600_000,
    onSubscribed: (stream) => {
      if ((options.startOn ?? 'depth') === 'depth' && DEPTH_NAMES.includes(stream)) playback.start();
    },
  });
  const playback = new Playback(recording, {
    mode,
    speed: options.speed ?? 1,
    startSeconds: options.startSeconds ?? 0,
    restamp: options.restamp ?? false,
    emit: (stream, data) => streams.emit(servedNames(stream), data),
    isBehind: () => streams.isBehind(),
  });
  const snapshot = (limit = 1000): string => (mode === 'verbatim' ? recordedText : bookText(playback, limit));
  const rest = new RestServer({
    faults,
    snapshot: (limit) => {
      if (!faults.isOn('snapshot-stale')) return snapshot(limit);
      faults.acted('snapshot-stale');
      return staleText;
    },
  });
  const stats = (): FakeExchangeStats => ({ streams: streams.stats(), rest: rest.stats() });
  const wsPort = await streams.listen();
  const restPort = await rest.listen();
  const control = await openControl({ faults, oracle, playback, stats });

  return {
    wsPort,
    restPort,
    controlPort: control.port,
    controlUrl: `http://127.0.0.1:${control.port}/control`,
    venue: {
      id: 'binance-usdm',
      streamUrls: {
        public: `ws://127.0.0.1:${wsPort}/public/stream`,
        market: `ws://127.0.0.1:${wsPort}/market/stream`,
      },
      snapshotUrl: `http://127.0.0.1:${restPort}/fapi/v1/depth?limit=1000`,
      closesUrl: `http://127.0.0.1:${restPort}/fapi/v1/klines?interval=1d&limit=90`,
      snapshotWeight: 20,
      closesWeight: 1,
      weightPerMinute: 2_400,
      local: true,
    },
    faults,
    oracle,
    position: () => playback.position(),
    start: () => playback.start(),
    pause: () => playback.pause(),
    resume: () => playback.resume(),
    stats,
    snapshot,
    ended: playback.ended,
    close: async () => {
      faults.stop();
      playback.close();
      await Promise.all([streams.close(), rest.close(), control.close()]);
    },
  };
}
