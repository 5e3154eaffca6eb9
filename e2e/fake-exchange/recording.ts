/** Reads a recorded session: one JSON message a line after a local nanosecond stamp, gzipped. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One recorded message. */
export interface RecordedLine {
  /** Microseconds since the first line. */
  readonly atMicros: number;
  /** `btcusdt@depth@0ms`; null for the REST snapshot. */
  readonly stream: string | null;
  /** The text inside `"data":`, exactly as recorded; for the snapshot the whole answer. */
  readonly data: string;
}

export interface Recording {
  readonly lines: readonly RecordedLine[];
  /** Index of the REST snapshot among the lines. */
  readonly snapshotIndex: number;
}

const WRAPPED = /^\{"stream":"([^"]+)","data":/;
const NANOS_PER_MICRO = 1000n;

/** Reads a whole recording. Throws when a line is neither a stream message nor a snapshot: the file is ours to choose. */
export function readRecording(path: string): Recording {
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  const lines: RecordedLine[] = [];
  let snapshotIndex = -1;
  let first: bigint | null = null;
  for (const row of text.split('\n')) {
    if (row === '') continue;
    const space = row.indexOf(' ');
    const at = BigInt(row.slice(0, space));
    first ??= at;
    const atMicros = Number((at - first) / NANOS_PER_MICRO);
    const json = row.slice(space + 1).trimEnd();
    const wrapped = WRAPPED.exec(json);
    if (wrapped !== null) {
      lines.push({ atMicros, stream: wrapped[1] ?? '', data: json.slice(wrapped[0].length, -1) });
    } else if (json.startsWith('{"lastUpdateId":') && snapshotIndex === -1) {
      snapshotIndex = lines.length;
      lines.push({ atMicros, stream: null, data: json });
    } else throw new Error(`line ${lines.length + 1} is no recorded message: ${json.slice(0, 80)}`);
  }
  if (snapshotIndex === -1) throw new Error('the recording has no REST snapshot');
  return { lines, snapshotIndex };
}
