/** Measures the page's own painting: frame rate, painter work per frame and how old a frame is when it is painted. */

/** Figures of the last two seconds; null where nothing was measured. */
export interface FrameStats {
  /** Frames per second while painting; null while the page has nothing to paint. */
  readonly fps: number | null;
  /** From publication in the worker to the end of the rendering step that shows it, in ms. */
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  /** Sum of all painters in one frame, the chart library's drawing included, in ms; idle frames are left out. */
  readonly workP50Ms: number | null;
  readonly workP95Ms: number | null;
  /** The whole rendering step on the main thread, see {@link FrameRecord.renderMs}. */
  readonly renderP95Ms: number | null;
  /** Duration of one paint, by painter, over its last 256 paints, in ms. */
  readonly painters: Readonly<Record<string, { readonly p50Ms: number; readonly p95Ms: number }>>;
}

/** One animation frame in which something was painted. */
export interface FrameRecord {
  readonly atMs: number;
  readonly workMs: number;
  /** Null when no market frame was painted in it. */
  readonly latencyMs: number | null;
  /** From the first painter to the end of the rendering step: libraries, style, layout and raster included. */
  readonly renderMs: number;
}

const WINDOW_MS = 2_000;
/** Frames kept: eight minutes at 60 a second, enough for a bench. */
const KEPT = 30_000;
const KEPT_PAINTS = 256;
const STRIDE = 4;

/** The value below which a share of the sample lies (nearest rank); null for an empty sample. */
export function percentile(sample: readonly number[], share: number): number | null {
  if (sample.length === 0) return null;
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** A bounded record of frames. */
export class FrameMeter {
  readonly #records = new Float64Array(KEPT * STRIDE);
  #written = 0;
  #ticks: number[] = [];
  readonly #painters = new Map<string, number[]>();

  /** An animation frame began. */
  tick(nowMs: number): void {
    this.#ticks.push(nowMs);
    if (this.#ticks.length > 512) this.#ticks = this.#ticks.slice(-256);
  }

  /** A painter painted. */
  painted(name: string, durationMs: number): void {
    const durations = this.#painters.get(name);
    if (durations === undefined) this.#painters.set(name, [durationMs]);
    else {
      durations.push(durationMs);
      if (durations.length > 2 * KEPT_PAINTS) durations.splice(0, KEPT_PAINTS);
    }
  }

  /** A frame in which something was painted is done. */
  frame(record: FrameRecord): void {
    const at = (this.#written % KEPT) * STRIDE;
    this.#records[at] = record.atMs;
    this.#records[at + 1] = record.workMs;
    this.#records[at + 2] = record.latencyMs ?? Number.NaN;
    this.#records[at + 3] = record.renderMs;
    this.#written += 1;
  }

  /** All kept records since an instant, oldest first. */
  read(sinceMs = Number.NEGATIVE_INFINITY): readonly FrameRecord[] {
    const records: FrameRecord[] = [];
    const oldest = Math.max(0, this.#written - KEPT);
    for (let place = this.#written - 1; place >= oldest; place--) {
      const record = this.#recordAt(place);
      if (record.atMs < sinceMs) break;
      records.push(record);
    }
    return records.reverse();
  }

  #recordAt(place: number): FrameRecord {
    const at = (place % KEPT) * STRIDE;
    const latency = this.#records[at + 2] ?? Number.NaN;
    return {
      atMs: this.#records[at] ?? 0,
      workMs: this.#records[at + 1] ?? 0,
      latencyMs: Number.isNaN(latency) ? null : latency,
      renderMs: this.#records[at + 3] ?? 0,
    };
  }

  stats(nowMs: number): FrameStats {
    const recent = this.read(nowMs - WINDOW_MS);
    const latencies = recent.flatMap((r) => (r.latencyMs === null ? [] : [r.latencyMs]));
    const works = recent.map((r) => r.workMs);
    const painters: Record<string, { p50Ms: number; p95Ms: number }> = {};
    for (const [name, durations] of this.#painters) {
      const last = durations.slice(-KEPT_PAINTS);
      painters[name] = { p50Ms: percentile(last, 0.5) ?? 0, p95Ms: percentile(last, 0.95) ?? 0 };
    }
    return {
      fps: frameRate(this.#ticks, nowMs),
      latencyP50Ms: percentile(latencies, 0.5),
      latencyP95Ms: percentile(latencies, 0.95),
      workP50Ms: percentile(works, 0.5),
      workP95Ms: percentile(works, 0.95),
      renderP95Ms: percentile(
        recent.map((r) => r.renderMs),
        0.95,
      ),
      painters,
    };
  }
}

/** Frames per second from the moments at which frames began within the last second; null when there were hardly any. */
export function frameRate(ticks: readonly number[], nowMs: number): number | null {
  const recent = ticks.filter((t) => nowMs - t <= 1_000);
  const first = recent[0];
  const last = recent.at(-1);
  if (first === undefined || last === undefined || recent.length < 5 || nowMs - last > 250) return null;
  return ((recent.length - 1) * 1_000) / (last - first);
}
