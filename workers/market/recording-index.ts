/** Reads a recording once: unpacks it, names what is broken, and leaves keyframes from which any moment can be reached. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import type { Micros } from '../../engine/core/units.ts';
import { type FeedSnapshot, InstrumentFeed } from '../../engine/market/instrument-feed.ts';
import { type DepthColumn, DepthColumnRecorder } from '../../engine/market/view/depth-columns.ts';
import {
  type RecordedFrame,
  RecordingReader,
  type RecordingStart,
} from '../../engine/market/wire/recording.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { LISTINGS } from '../../engine/reference/instruments/listings.ts';

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
  readonly feeds: ReadonlyMap<InstrumentId, FeedSnapshot>;
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
  readonly recorder: DepthColumnRecorder;
  readonly columns: DepthColumn[];
}

/** Follows the recording with one feed per listed contract it mentions. */
class Indexer {
  readonly keyframes: Keyframe[] = [];
  readonly #followed = new Map<string, Followed>();
  #spacing = KEYFRAME_MICROS;
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
      const symbol = frame.stream.slice(0, frame.stream.indexOf('@'));
      const followed = this.#followed.get(symbol) ?? this.#add(symbol, frame.receivedAtMicros);
      this.startMicros ??= frame.receivedAtMicros;
      this.endMicros = frame.receivedAtMicros;
      const last = this.keyframes.at(-1);
      if (last === undefined || frame.receivedAtMicros - last.atMicros >= this.#spacing) {
        this.#keyframe(frame.receivedAtMicros, reader.resumeAt(recorded));
      }
      if (followed !== null) follow(followed, recorded, reader);
    }
  }

  #add(symbol: string, atMicros: Micros): Followed | null {
    const spec = LISTINGS.find((candidate) => candidate.symbol.toLowerCase() === symbol);
    if (spec === undefined) return null;
    const feed = new InstrumentFeed(spec, { expects: 'recorded' });
    feed.apply({ kind: 'link', up: true, reason: '', atMicros });
    const followed = { feed, recorder: new DepthColumnRecorder(), columns: [] };
    this.#followed.set(symbol, followed);
    return followed;
  }

  #keyframe(atMicros: Micros, start: RecordingStart): void {
    const feeds = new Map(
      [...this.#followed.values()].map(({ feed }) => [feed.spec.id, feed.snapshot()] as const),
    );
    this.keyframes.push({ atMicros, start, feeds });
    if (this.keyframes.length < MOST_KEYFRAMES) return;
    this.#spacing *= 2;
    const kept = this.keyframes.filter((_, i) => i % 2 === 0);
    this.keyframes.splice(0, this.keyframes.length, ...kept);
  }
}

function follow(
  { feed, recorder, columns }: Followed,
  { frame, line }: RecordedFrame,
  reader: RecordingReader,
): void {
  if (recorder.isDue(frame.receivedAtMicros)) {
    recorder.addTrades(feed.takeTrades());
    columns.push(...recorder.advance(frame.receivedAtMicros, feed.book));
    if (columns.length > MOST_COLUMNS) columns.splice(0, columns.length - MOST_COLUMNS);
  }
  for (const output of feed.apply({ kind: 'frame', frame })) {
    if (output.kind === 'refused') reader.report(line, output.failure.message);
  }
}

/**
 * Reads a recording (plain or gzip), in one pass over its stream.
 *
 * Fails: `tape/empty` when no line of a listed contract could be read; `tape/line-malformed` when it cannot be unpacked.
 */
export async function indexRecording(name: string, file: Blob): Promise<Result<IndexedRecording>> {
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
