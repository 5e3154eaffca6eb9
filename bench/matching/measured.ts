/** One engine in a thread of its own: times it on a workload when asked. Bundled as the product is before it runs. */
import { parentPort, workerData } from 'node:worker_threads';
import { BareEngine, FullEngine, MemoryWalk } from './our-engines.ts';
import { PeerEngine, type PeerName, stringIds } from './peer-engines.ts';
import { generateWorkload, LIVE_500K, NARROW, WIDE, type Workload } from './workload.ts';

/** Engines that can be asked for. */
export type EngineName = 'bare core' | 'full venue' | 'memory walk' | PeerName;

/** Workloads that can be asked for. */
export const SHAPES = { wide: WIDE, narrow: NARROW, live500k: LIVE_500K } as const;

/** What to do; every request is answered by one message. */
export interface Request {
  readonly measure: 'time' | 'percentiles' | 'heap';
  readonly shape: keyof typeof SHAPES;
}

/** Nanoseconds from the shortest to the longest. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

const EXPOSED = globalThis as { gc?: () => void };
const engineName = (workerData as { engine: EngineName }).engine;
const workloads = new Map<string, Workload>();
const walks = new Map<string, MemoryWalk>();
const ids = new Map<string, readonly string[]>();

function cached<T>(map: Map<string, T>, shape: string, make: () => T): T {
  const known = map.get(shape);
  if (known !== undefined) return known;
  const made = make();
  map.set(shape, made);
  return made;
}

const workloadOf = (shape: keyof typeof SHAPES): Workload =>
  cached(workloads, shape, () => generateWorkload(SHAPES[shape]));

interface OurEngine {
  play(events: Int32Array): void;
  playTimed(events: Int32Array, nanoseconds: Float64Array): void;
  played(): { readonly trades: number; readonly hash: number; readonly live: number };
}

function newEngine(workload: Workload): OurEngine {
  return engineName === 'bare core' ? new BareEngine(workload) : new FullEngine(workload);
}

/**
 * Milliseconds of processor time so far. The engines take turns, so that this is the time of the one at work (with its
 * garbage collection), and other programs on the machine do not count.
 */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds for the timed events of a fresh engine. */
function timeOurs(workload: Workload): number {
  const engine = newEngine(workload);
  engine.play(workload.prefill);
  const before = cpuMilliseconds();
  engine.play(workload.events);
  const elapsed = cpuMilliseconds() - before;
  const played = engine.played();
  const right =
    played.trades === workload.trades && played.hash === workload.tradeHash && played.live === workload.live;
  if (!right) throw new Error(`${engineName}: ${JSON.stringify(played)} is not what the workload says`);
  return elapsed;
}

function time(shape: keyof typeof SHAPES): number {
  const workload = workloadOf(shape);
  const perEvent = 1e6 / workload.shape.events;
  if (engineName === 'bare core' || engineName === 'full venue') return timeOurs(workload) * perEvent;
  if (engineName === 'memory walk') {
    const walk = cached(walks, shape, () => new MemoryWalk(workload));
    const before = cpuMilliseconds();
    walk.play();
    return (cpuMilliseconds() - before) * perEvent;
  }
  const engine = new PeerEngine(
    engineName,
    cached(ids, shape, () => stringIds(workload)),
  );
  const before = cpuMilliseconds();
  engine.play(workload.events);
  return (cpuMilliseconds() - before) * perEvent;
}

/** Of five runs, the median of each percentile, timer included. */
function percentiles(shape: keyof typeof SHAPES): Percentiles {
  const workload = workloadOf(shape);
  const runs = Array.from({ length: 5 }, () => {
    const engine = newEngine(workload);
    const times = new Float64Array(workload.shape.events);
    engine.playTimed(workload.events, times);
    return times.sort();
  });
  const at = (part: number): number => {
    const values = runs.map((times) => times[Math.floor(times.length * part)]!).sort((a, b) => a - b);
    return values[values.length >> 1]!;
  };
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

/** Bytes that the timed events leave on the heap of a warm engine, with nothing collected in between. */
function heapGrowth(shape: keyof typeof SHAPES): number {
  const workload = workloadOf(shape);
  newEngine(workload).play(workload.events);
  const engine = newEngine(workload);
  EXPOSED.gc?.();
  const before = process.memoryUsage().heapUsed;
  engine.play(workload.events);
  return process.memoryUsage().heapUsed - before;
}

parentPort?.on('message', ({ measure, shape }: Request) => {
  if (measure === 'time') parentPort?.postMessage(time(shape));
  else if (measure === 'heap') parentPort?.postMessage(heapGrowth(shape));
  else parentPort?.postMessage(percentiles(shape));
});
