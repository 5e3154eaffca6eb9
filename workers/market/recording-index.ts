/** Reads a recording once: unpacks it, names what is broken, and leaves keyframes from which any moment can be reached. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import type { Micros } from '../../engine/core/units.ts';
import { InstrumentFeed } from '../../engine/market/instrument-feed.ts';
import { DEPTH_COLUMN_MICROS, type DepthColumn } from '../../engine/market/view/depth-columns.ts';
import {
  type RecordedFrame,
  RecordingReader,
  type RecordingStart,
} from '../../engine/market/wire/recording.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { LISTINGS } from '../../engine/reference/instruments/listings.ts';
import { InstrumentChart } from './instrument-chart.ts';
import type { InstrumentMoment } from './source.ts';

/** First distance between keyframes; doubled whenever there are too many. */
const KEYFRAME_MICROS = 10_000_000;
const MOST_KEYFRAMES = 64;
/** Columns kept for charts after a seek, per instrument: two hours. */
const MOST_COLUMNS = 7_200;
/** Unpacked bytes gathered before they are handed to the browser's blob store, which may keep them on disk. */
const PART_BYTES = 4_000_000;

/** State of the run just before a line, and how to read on from that line. */
export interface Keyframe {
  readonly atMicros: Micros;
  readonly start: RecordingStart;
  readonly moments: ReadonlyMap<InstrumentId, InstrumentMoment>;
}

/** A recording, unpacked and indexed. */
export interface IndexedRecording {
  /** The recording as plain lines. */
  readonly plain: Blob;
  readonly instruments: readonly ContractSpec[];
  readonly keyframes: readonly Keyframe[];
  readonly columns: ReadonlyMap<InstrumentId, readonly DepthColumn[]>;
  readonly startMicros: Micros;
  readonly endMicros: Micros;
  readonly lines: number;
  readonly brokenLines: number;
  readonly brokenSamples: readonly string[];
}

async function isGzip(file: Blob): Promise<boolean> {
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return magic[0] === 0x1f && magic[1] === 0x8b;
}

/** One instrument while the recording is read. */
interface Followed {
  readonly feed: InstrumentFeed;
  readonly chart: InstrumentChart;
  readonly columns: DepthColumn[];
}

/** Follows the recording with one feed per listed contract it mentions. */
class Indexer {
  readonly keyframes: Keyframe[] = [];
  readonly #followed = new Map<string, Followed>();
  #spacing = KEYFRAME_MICROS;
  #nextSecondMicros = Number.NEGATIVE_INFINITY;
  startMicros: Micros | null = null;
  endMicros: Micros | null = null;

  instruments(): ContractSpec[] {
    return LISTINGS.filter((spec) => this.#followed.has(spec.symbol.toLowerCase()));
  }

  columns(): Map<InstrumentId, readonly DepthColumn[]> {
    return new Map([...this.#followed.values()].map(({ feed, columns }) => [feed.spec.id, columns] as const));
  }

  read(reader: RecordingReader): void {
    for (const recorded of reader.take()) {
      const { frame } = recorded;
      const { receivedAtMicros: at } = frame;
      const symbol = frame.stream.slice(0, frame.stream.indexOf('@'));
      const followed = this.#followed.get(symbol) ?? this.#add(symbol, at);
      this.startMicros ??= at;
      this.endMicros = at;
      if (at >= this.#nextSecondMicros) this.#second(at, reader, recorded);
      if (followed !== null) apply(followed, recorded, reader);
    }
  }

  /** Begins a second: closes the columns before it and, where one is due, keeps the state at its very start. */
  #second(at: Micros, reader: RecordingReader, recorded: RecordedFrame): void {
    this.#nextSecondMicros = Math.floor(at / DEPTH_COLUMN_MICROS + 1) * DEPTH_COLUMN_MICROS;
    for (const followed of this.#followed.values()) closeSeconds(followed, at);
    const last = this.keyframes.at(-1);
    if (last === undefined || at - last.atMicros >= this.#spacing)
      this.#keyframe(at, reader.resumeAt(recorded));
  }

  #add(symbol: string, atMicros: Micros): Followed | null {
    const spec = LISTINGS.find((candidate) => candidate.symbol.toLowerCase() === symbol);
    if (spec === undefined) return null;
    const feed = new InstrumentFeed(spec, { expects: 'recorded' });
    feed.apply({ kind: 'link', up: true, reason: '', atMicros });
    const followed = { feed, chart: new InstrumentChart(), columns: [] };
    closeSeconds(followed, atMicros);
    this.#followed.set(symbol, followed);
    return followed;
  }

  #keyframe(atMicros: Micros, start: RecordingStart): void {
    const moments = new Map(
      [...this.#followed.values()].map(
        ({ feed, chart }) => [feed.spec.id, { feed: feed.snapshot(), volatility: chart.volatility }] as const,
      ),
    );
    this.keyframes.push({ atMicros, start, moments });
    if (this.keyframes.length < MOST_KEYFRAMES) return;
    this.#spacing *= 2;
    const kept = this.keyframes.filter((_, i) => i % 2 === 0);
    this.keyframes.splice(0, this.keyframes.length, ...kept);
  }
}

/** Passes the seconds until an instant as a run does: the feed is told the time, then the second is closed. */
function closeSeconds({ feed, chart, columns }: Followed, nowMicros: Micros): void {
  if (!chart.isDue(nowMicros)) return;
  for (const atMicros of chart.secondsUntil(nowMicros)) {
    feed.apply({ kind: 'clock', nowMicros: atMicros, lateMicros: 0 });
    chart.addTrades(feed.takeTrades());
    columns.push(...chart.advance(atMicros, feed));
  }
  if (columns.length > MOST_COLUMNS) columns.splice(0, columns.length - MOST_COLUMNS);
}

function apply({ feed }: Followed, { frame, line }: RecordedFrame, reader: RecordingReader): void {
  for (const output of feed.apply({ kind: 'frame', frame })) {
    if (output.kind === 'refused') reader.report(line, output.failure.message);
  }
}

/**
 * Reads a recording (plain or gzip), in one pass over its stream.
 *
 * @param isWanted - asked between pieces; when it says no, reading stops
 *
 * Fails: `worker/cancelled` when it is no longer wanted, `tape/empty` when no line of a listed contract could be read; `tape/line-malformed` when it cannot be unpacked.
 */
export async function indexRecording(
  name: string,
  file: Blob,
  isWanted: () => boolean,
): Promise<Result<IndexedRecording>> {
  const reader = new RecordingReader();
  const indexer = new Indexer();
  const parts: Blob[] = [];
  let pending: Uint8Array<ArrayBuffer>[] = [];
  let pendingBytes = 0;
  const flush = (): void => {
    parts.push(new Blob(pending));
    pending = [];
    pendingBytes = 0;
  };
  try {
    const unpacked = (await isGzip(file))
      ? file.stream().pipeThrough(new DecompressionStream('gzip'))
      : file.stream();
    const chunks = unpacked.getReader();
    for (let chunk = await chunks.read(); !chunk.done; chunk = await chunks.read()) {
      pending.push(chunk.value as Uint8Array<ArrayBuffer>);
      pendingBytes += chunk.value.length;
      if (pendingBytes > PART_BYTES) flush();
      reader.push(chunk.value);
      indexer.read(reader);
      if (isWanted()) continue;
      await chunks.cancel();
      return fail('worker/cancelled', `${name} is no longer wanted`);
    }
  } catch (error) {
    return fail('tape/line-malformed', `${name} cannot be unpacked: ${String(error)}`);
  }
  reader.end();
  indexer.read(reader);
  flush();
  const { startMicros, endMicros } = indexer;
  const instruments = indexer.instruments();
  if (startMicros === null || endMicros === null || instruments.length === 0) {
    const broken = reader.brokenSamples[0];
    return fail(
      'tape/empty',
      `expected lines of "<unix ns> <json>" with streams of a listed contract in ${name}, found none in ${reader.lines} lines${broken === undefined ? '' : `; ${broken}`}`,
    );
  }
  return ok({
    plain: new Blob(parts),
    instruments,
    keyframes: indexer.keyframes,
    columns: indexer.columns(),
    startMicros,
    endMicros,
    lines: reader.lines,
    brokenLines: reader.brokenLines,
    brokenSamples: reader.brokenSamples,
  });
}
