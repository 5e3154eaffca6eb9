/** A recording as a source: plays, pauses, steps, changes speed and seeks; reads ahead a little, never the whole file. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { type Micros, micros } from '../../engine/core/units.ts';
import { DEPTH_COLUMN_MICROS } from '../../engine/market/view/depth-columns.ts';
import { type RecordedFrame, RecordingReader } from '../../engine/market/wire/recording.ts';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import type { TransportCommand } from '../contract/market-api.ts';
import type { TransportState } from '../contract/market-frame.ts';
import { RunPace } from './clock.ts';
import { type IndexedRecording, indexRecording, type Keyframe } from './recording-index.ts';
import type { ReadableSource, SourceSink } from './source.ts';

const CHUNK_BYTES = 1_000_000;
/** Frames waiting below this number trigger the next read. */
const READ_AHEAD_FRAMES = 4_000;
/** Frames delivered between two looks at the clock. */
const BATCH = 64;

/** What opening found, for the page. */
export type ReplayFindings = Pick<
  IndexedRecording,
  'lines' | 'brokenLines' | 'brokenSamples' | 'startMicros' | 'endMicros'
>;

/** Plays an {@link IndexedRecording}. */
export class ReplaySource implements ReadableSource {
  readonly kind = 'REPLAY';
  readonly paper = null;
  readonly label: string;
  readonly #recording: IndexedRecording;
  readonly #pace: RunPace;
  #sink: SourceSink | null = null;
  #queue: RecordedFrame[] = [];
  #queueAt = 0;
  #reader = new RecordingReader();
  #readOffset = 0;
  #reading = false;
  #fileDone = false;
  /** Bumped by every seek, so that a read begun before it is dropped. */
  #generation = 0;
  #positionMicros: Micros;
  #seekTarget: Micros | null = null;
  /** Steps asked for and not made yet: they wait for a seek to end and for frames to be read. */
  #stepsDue = 0;
  #ended = false;
  #isBroken = false;
  #closed = false;

  private constructor(label: string, recording: IndexedRecording) {
    this.label = label;
    this.#recording = recording;
    this.#positionMicros = recording.startMicros;
    this.#pace = new RunPace(recording.startMicros);
  }

  /** Reads and indexes a file. Fails as `indexRecording` does. */
  static async read(
    name: string,
    file: Blob,
    isWanted: () => boolean = () => true,
  ): Promise<Result<ReplaySource>> {
    const indexed = await indexRecording(name, file, isWanted);
    return indexed.ok ? ok(new ReplaySource(name, indexed.value)) : indexed;
  }

  get instruments(): readonly ContractSpec[] {
    return this.#recording.instruments;
  }

  get findings(): ReplayFindings {
    const { lines, brokenLines, brokenSamples, startMicros, endMicros } = this.#recording;
    return { lines, brokenLines, brokenSamples, startMicros, endMicros };
  }

  /** While a seek runs through the recording, what lies between must not be shown. */
  get busy(): boolean {
    return this.#seekTarget !== null;
  }

  async start(sink: SourceSink): Promise<void> {
    this.#sink = sink;
    sink.link(null, true, '', this.#positionMicros);
    await this.#readMore();
    this.#pace.jump(this.#positionMicros);
  }

  nowMicros(): Micros {
    return this.#positionMicros;
  }

  pump(budgetMs: number, untilMicros: number): void {
    if (this.#queue.length - this.#queueAt < READ_AHEAD_FRAMES) void this.#readMore();
    if (this.#seekTarget !== null) this.#deliver(this.#seekTarget, budgetMs * 3);
    else if (this.#stepsDue > 0) this.#step(budgetMs);
    else if (this.#pace.playing) this.#play(budgetMs, untilMicros);
  }

  async passUntil(toMicros: Micros): Promise<Result<null>> {
    while (!this.#deliver(toMicros, Number.POSITIVE_INFINITY)) {
      await this.#readMore();
      if (this.#isBroken) return fail('source/not-open', `${this.label} cannot be read on`);
    }
    this.#positionMicros = micros(Math.min(toMicros, this.#recording.endMicros));
    return ok(null);
  }

  requestSnapshot(): void {
    // A recording holds the snapshots it holds; the next one heals the book.
  }

  reconnect(): void {}

  async transport(command: TransportCommand): Promise<void> {
    switch (command.kind) {
      case 'play':
        this.#stepsDue = 0;
        if (this.#ended) this.#seek(this.#recording.startMicros);
        return this.#pace.play(this.#positionMicros);
      case 'pause':
        return this.#pace.pause(this.#positionMicros);
      case 'speed':
        return this.#pace.setSpeed(command.speed, this.#positionMicros);
      case 'step':
        this.#pace.pause(this.#positionMicros);
        if (!this.#ended) this.#stepsDue++;
        return;
      case 'seek':
        this.#stepsDue = 0;
        return this.#seek(command.toMicros);
    }
  }

  transportState(): TransportState {
    return {
      playing: this.#pace.playing && !this.#ended,
      speed: this.#pace.speed,
      reachedSpeed: this.#ended ? 0 : this.#pace.reachedSpeed(),
      startMicros: this.#recording.startMicros,
      endMicros: this.#recording.endMicros,
      positionMicros: this.#positionMicros,
      ended: this.#ended,
      seed: null,
      stateHash: null,
      stateHashMicros: null,
    };
  }

  close(): void {
    this.#closed = true;
    this.#queue = [];
    this.#queueAt = 0;
  }

  #play(budgetMs: number, untilMicros: number): void {
    const target = Math.min(this.#pace.target(), untilMicros);
    const reached = this.#deliver(target, budgetMs);
    // Up to the target the market was silent, so the clock moves on; short of it the run is late.
    if (reached && !this.#ended)
      this.#positionMicros = micros(Math.min(Math.floor(target), this.#recording.endMicros));
    this.#pace.reached(this.#positionMicros, !reached);
  }

  /** Delivers frames up to `target`; true when nothing due is left. */
  #deliver(target: number, budgetMs: number): boolean {
    const until = performance.now() + budgetMs;
    for (let delivered = 1; ; delivered++) {
      const next = this.#queue[this.#queueAt];
      if (next === undefined) {
        if (!this.#fileDone) return false;
        this.#ended = true;
        this.#finishSeek();
        return true;
      }
      if (next.frame.receivedAtMicros > target) {
        this.#finishSeek();
        return true;
      }
      this.#pass(next);
      if (delivered % BATCH === 0 && performance.now() > until) return false;
    }
  }

  #pass(next: RecordedFrame): boolean {
    this.#queueAt++;
    this.#positionMicros = next.frame.receivedAtMicros;
    return this.#sink?.frame(next.frame) ?? false;
  }

  /** Passes frames up to the next one that changes the book in view, for each step that is due. */
  #step(budgetMs: number): void {
    const until = performance.now() + budgetMs;
    while (this.#stepsDue > 0 && performance.now() < until) {
      const next = this.#queue[this.#queueAt];
      if (next !== undefined) {
        if (this.#pass(next)) this.#stepsDue--;
      } else if (this.#fileDone) {
        this.#ended = true;
        this.#stepsDue = 0;
      } else break;
    }
    this.#pace.jump(this.#positionMicros);
  }

  #finishSeek(): void {
    if (this.#seekTarget === null) return;
    this.#positionMicros = micros(Math.max(this.#positionMicros, this.#seekTarget));
    this.#seekTarget = null;
    this.#pace.jump(this.#positionMicros);
  }

  /** Goes back to the last keyframe before the time and runs forward from there: the same state from either side. */
  #seek(toMicros: Micros): void {
    const { startMicros, endMicros, keyframes } = this.#recording;
    const target = micros(Math.min(Math.max(toMicros, startMicros), endMicros));
    const forward = target >= this.#positionMicros && this.#seekTarget === null && !this.#ended;
    const keyframe = keyframes.findLast((candidate) => candidate.atMicros <= target);
    if (keyframe !== undefined && !(forward && keyframe.atMicros <= this.#positionMicros))
      this.#rewind(keyframe);
    this.#seekTarget = target;
  }

  #rewind(keyframe: Keyframe): void {
    this.#generation++;
    this.#queue = [];
    this.#queueAt = 0;
    this.#reader = new RecordingReader(keyframe.start);
    this.#readOffset = keyframe.start.byteOffset;
    this.#reading = false;
    this.#fileDone = false;
    this.#ended = false;
    this.#isBroken = false;
    this.#positionMicros = keyframe.atMicros;
    for (const spec of this.instruments) {
      const columns = this.#recording.columns.get(spec.id) ?? [];
      const closed = columns.filter(
        (column) => column.startMicros + DEPTH_COLUMN_MICROS <= keyframe.atMicros,
      );
      const moment = keyframe.moments.get(spec.id) ?? null;
      this.#sink?.rewind(spec.id, moment, closed);
      // A kept state knows of its connection; only what has not begun is connected anew.
      if (moment === null) this.#sink?.link(spec.id, true, '', keyframe.atMicros);
    }
  }

  async #readMore(): Promise<void> {
    if (this.#reading || this.#fileDone || this.#closed) return;
    this.#reading = true;
    const generation = this.#generation;
    const from = this.#readOffset;
    const { plain } = this.#recording;
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await plain.slice(from, from + CHUNK_BYTES).arrayBuffer());
    } catch (error) {
      if (generation === this.#generation && !this.#closed) this.#fail(String(error));
      return;
    }
    if (generation !== this.#generation || this.#closed) return;
    this.#readOffset = from + bytes.length;
    this.#reader.push(bytes);
    if (this.#readOffset >= plain.size) {
      this.#reader.end();
      this.#fileDone = true;
    }
    this.#queue = [...this.#queue.slice(this.#queueAt), ...this.#reader.take()];
    this.#queueAt = 0;
    this.#reading = false;
  }

  /** The recording cannot be read on. The run stands, and says so; a seek tries again. */
  #fail(reason: string): void {
    this.#isBroken = true;
    this.#queue = [];
    this.#queueAt = 0;
    this.#seekTarget = null;
    this.#stepsDue = 0;
    this.#pace.pause(this.#positionMicros);
    this.#sink?.link(null, false, `the recording cannot be read on: ${reason}`, this.#positionMicros);
  }
}
