/** The embedded market as a source: it produces frames in the venue's own dialect, and this file paces them. */
import { ok, type Result } from '../../engine/core/result.ts';
import { type Micros, micros } from '../../engine/core/units.ts';
import type { FeedFrame } from '../../engine/market/wire/feed-frame.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { EmbeddedMarket, SIMULATION_START } from '../../engine/simulation/embedded-market.ts';
import type { TransportCommand } from '../contract/market-api.ts';
import type { TransportState } from '../contract/market-frame.ts';
import { RunPace } from './clock.ts';
import type { PaperMarket, ReadableSource, SourceSink } from './source.ts';

/** History made before the first paint, so that the chart is not empty. */
const PREROLL_MICROS = 180_000_000;
/** The simulator is advanced in steps of this length between looks at the clock. */
const STEP_MICROS = 100_000;
const EVENTS_PER_STEP = 5_000;
const SECOND = 1_000_000;
const HASH_INTERVAL_MS = 500;

/** A seeded market that runs faster than, slower than, or as fast as the wall clock. */
export class SimulatedSource implements ReadableSource {
  readonly kind = 'SIMULATED';
  readonly busy = false;
  readonly label: string;
  readonly instruments: readonly ContractSpec[];
  readonly paper: PaperMarket;
  readonly #market: EmbeddedMarket;
  #sink: SourceSink | null = null;
  readonly #seed: number;
  readonly #pace: RunPace;
  /** Frames made but not yet delivered: only while stepping. */
  #queue: FeedFrame[] = [];
  #hash: { readonly value: number; readonly atMicros: Micros } | null = null;
  #hashedAtMs = 0;
  #isStarting = true;
  /** What was asked for while the first minutes were made. */
  #playsOnceStarted = true;

  constructor(seed: number) {
    this.#seed = seed;
    this.label = `seed ${seed}`;
    this.#market = new EmbeddedMarket({ seed, startMicros: SIMULATION_START });
    this.instruments = this.#market.instruments;
    const market = this.#market;
    this.paper = {
      submit: (command) => {
        const answer = market.submit(command);
        this.#take();
        this.#flush();
        return answer;
      },
      estimate: (order) => market.estimate(order),
      story: (instrument, id) => market.orderStory(instrument, id),
      venueView: (instrument) => market.venueView(instrument),
    };
    this.#pace = new RunPace(SIMULATION_START);
  }

  /** Connects and runs the first minutes in slices, yielding to the message loop between them. */
  async start(sink: SourceSink): Promise<void> {
    this.#sink = sink;
    this.#pace.pause(this.nowMicros());
    sink.link(null, true, '', this.nowMicros());
    const until = SIMULATION_START + PREROLL_MICROS;
    while (this.#market.nowMicros < until && this.#sink !== null) {
      const sliceEnd = performance.now() + 40;
      while (this.#market.nowMicros < until && performance.now() < sliceEnd)
        this.#advance(this.#market.nowMicros + STEP_MICROS);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    this.#isStarting = false;
    if (this.#playsOnceStarted) this.#pace.play(this.nowMicros());
  }

  nowMicros(): Micros {
    return this.#market.nowMicros;
  }

  pump(budgetMs: number, untilMicros: number): void {
    if (!this.#pace.playing) return;
    const end = performance.now() + budgetMs;
    let behind = false;
    const target = Math.min(this.#pace.target(), untilMicros);
    while (this.#market.nowMicros + STEP_MICROS <= target) {
      this.#advance(this.#market.nowMicros + STEP_MICROS);
      if (performance.now() > end) {
        behind = this.#market.nowMicros + STEP_MICROS <= this.#pace.target() - 20 * budgetMs * 1_000;
        break;
      }
    }
    this.#pace.reached(this.#market.nowMicros, behind);
  }

  async passUntil(toMicros: Micros): Promise<Result<null>> {
    while (this.nowMicros() < toMicros) this.#advance(Math.min(this.nowMicros() + STEP_MICROS, toMicros));
    return ok(null);
  }

  requestSnapshot(instrument: InstrumentId): void {
    const spec = this.instruments.find((candidate) => candidate.id === instrument);
    if (spec !== undefined) this.#sink?.frame(this.#market.snapshotFrame(spec.symbol));
  }

  reconnect(): void {
    this.#sink?.link(null, true, '', this.nowMicros());
  }

  async transport(command: TransportCommand): Promise<void> {
    const now = this.#market.nowMicros;
    if (this.#isStarting) {
      if (command.kind === 'speed') this.#pace.setSpeed(command.speed, now);
      else if (command.kind !== 'seek') this.#playsOnceStarted = command.kind === 'play';
      return;
    }
    switch (command.kind) {
      case 'play':
        this.#flush();
        return this.#pace.play(now);
      case 'pause':
        return this.#pace.pause(now);
      case 'speed':
        return this.#pace.setSpeed(command.speed, now);
      case 'step':
        this.#pace.pause(now);
        return this.#step();
      case 'seek':
        return;
    }
  }

  transportState(): TransportState {
    return {
      playing: this.#pace.playing,
      speed: this.#pace.speed,
      reachedSpeed: this.#pace.reachedSpeed(),
      startMicros: null,
      endMicros: null,
      positionMicros: this.#market.nowMicros,
      ended: false,
      seed: this.#seed,
      stateHash: this.#hash?.value ?? null,
      stateHashMicros: this.#hash?.atMicros ?? null,
    };
  }

  close(): void {
    this.#sink = null;
    this.#queue = [];
  }

  #advance(untilMicros: number): void {
    this.#run(untilMicros);
    this.#flush();
  }

  #run(untilMicros: number): void {
    while (!this.#market.advance(micros(untilMicros), EVENTS_PER_STEP));
    this.#take();
    // The hash walks every resting order, so a fast run shows it twice a second of wall time, always of a whole second.
    if (untilMicros % SECOND === 0 && performance.now() - this.#hashedAtMs > HASH_INTERVAL_MS) {
      this.#hash = { value: this.#market.stateHash(), atMicros: micros(untilMicros) };
      this.#hashedAtMs = performance.now();
    }
  }

  /** Moves new frames into the queue. */
  #take(): void {
    for (const frame of this.#market.takeFrames()) this.#queue.push(frame);
  }

  #flush(): void {
    const frames = this.#queue;
    this.#queue = [];
    for (const frame of frames) this.#sink?.frame(frame);
  }

  #step(): void {
    for (let tries = 0; tries < 100; tries++) {
      let frame = this.#queue.shift();
      while (frame !== undefined) {
        if (this.#sink?.frame(frame)) return;
        frame = this.#queue.shift();
      }
      this.#run(this.#market.nowMicros + STEP_MICROS);
    }
  }
}
