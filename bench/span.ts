// SPAN: a whole portfolio, one order more, two workers, and loading a large file, each against what it stands for, in one
// run: `npm run bench:span -- [megabytes]`. The last line is JSON.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { Rng } from '../engine/core/rng.ts';
import { SpanCalculator } from '../engine/margin/span/calculator.ts';
import { SpnReader } from '../engine/margin/span/files/spn-reader.ts';
import { XmlTokenizer } from '../engine/margin/span/files/xml-tokenizer.ts';
import { randomSet } from '../engine/testkit/span-sets.ts';
import { spnText } from '../engine/testkit/spn-text.ts';
import { NaiveLoop, row } from './span/naive-loop.ts';
import { benchPlan, benchPortfolios, benchSet, CONTRACTS } from './span/workload.ts';

const megabytes = Number(process.argv[2] ?? 60);
const ROUNDS = 5;
const PORTFOLIOS = 20_000;
const BATCH = 100_000;
const CHUNK = 65_536;
const SLICE = 1_000;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const timed = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
/** Processor time, which waiting for other programs does not lengthen. */
const cpuTimed = (work: () => void): number => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
};
let sink = 0;

/**
 * Times several ways of one thing in slices that take turns, so that what else runs on the machine hits all alike.
 * Milliseconds of each way, by round.
 */
function inTurn(
  ways: readonly ((slice: number) => void)[],
  slices: number,
  clock: (work: () => void) => number,
): number[][] {
  for (const way of ways) for (let slice = 0; slice < slices; slice++) way(slice);
  return Array.from({ length: ROUNDS }, () => {
    const times = ways.map(() => 0);
    for (let slice = 0; slice < slices; slice++) {
      for (const [w, way] of ways.entries()) times[w]! += clock(() => way(slice));
    }
    return times;
  });
}

/** Median of one way. */
const medianOf = (rounds: readonly number[][], way: number): number => median(rounds.map((r) => r[way]!));

/** Median over the rounds of one way's time over another's. */
const ratio = (rounds: readonly number[][], way: number, over: number): number =>
  median(rounds.map((r) => r[way]! / r[over]!));

interface Compared {
  /** Microseconds. */
  readonly full: number;
  /** Plain loops that make their arrays where they need them. */
  readonly naive: number;
  /** The same loops with their arrays kept. */
  readonly lean: number;
  readonly whatIf: number;
  readonly fullVsNaive: number;
  readonly fullVsLean: number;
  readonly whatIfVsFull: number;
}

function compare(ranges: 'shared' | 'own'): Compared {
  const set = benchSet(ranges);
  const calculator = new SpanCalculator(benchPlan(set));
  const loop = new NaiveLoop(set, true);
  const lean = new NaiveLoop(set, false);
  const portfolios = benchPortfolios(PORTFOLIOS, 7);
  for (let i = 0; i < 2_000; i++) {
    const [ours, theirs] = [calculator.margin(row(portfolios, i)), loop.margin(row(portfolios, i))];
    if (Math.abs(ours - theirs) > 1)
      throw new Error(`portfolio ${i}: ${ours}, the naive loop says ${theirs}`);
  }
  const rng = new Rng(5);
  const orders = Array.from({ length: 200 }, () => ({
    contract: rng.below(CONTRACTS),
    change: rng.below(21) - 10,
  }));
  const slices = PORTFOLIOS / SLICE;
  const each = (slice: number, work: (portfolio: number) => void): void => {
    for (let i = slice * SLICE; i < (slice + 1) * SLICE; i++) work(i);
  };
  const rounds = inTurn(
    [
      (slice) => each(slice, (i) => (sink += calculator.margin(row(portfolios, i)))),
      (slice) => each(slice, (i) => (sink += loop.margin(row(portfolios, i)))),
      (slice) => each(slice, (i) => (sink += lean.margin(row(portfolios, i)))),
      (slice) => {
        // As many orders as portfolios, all on one portfolio.
        calculator.margin(row(portfolios, slice * SLICE));
        each(slice, (i) => {
          const { contract, change } = orders[i % orders.length]!;
          sink += calculator.whatIf(contract, change);
        });
      },
    ],
    slices,
    cpuTimed,
  );
  const micros = (way: number): number => (medianOf(rounds, way) * 1000) / PORTFOLIOS;
  return {
    full: micros(0),
    naive: micros(1),
    lean: micros(2),
    whatIf: micros(3),
    fullVsNaive: ratio(rounds, 1, 0),
    fullVsLean: ratio(rounds, 2, 0),
    whatIfVsFull: ratio(rounds, 0, 3),
  };
}

async function startWorker(count: number, seed: number): Promise<Worker> {
  const url = new URL('./span/worker-start.mjs', import.meta.url);
  const worker = new Worker(url, { workerData: { count, seed } });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  return worker;
}

function run(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('message', (value: number) => {
      sink += value;
      resolve();
    });
    worker.postMessage('go');
  });
}

/** One worker with a book of all portfolios against two with half each, in turn. */
async function workers(): Promise<{ one: number; two: number; speedup: number }> {
  const [whole, first, second] = await Promise.all([
    startWorker(BATCH, 3),
    startWorker(BATCH / 2, 3),
    startWorker(BATCH / 2, 4),
  ]);
  const one: number[] = [];
  const two: number[] = [];
  for (let r = 0; r < ROUNDS; r++) {
    let start = performance.now();
    await run(whole);
    one.push(performance.now() - start);
    start = performance.now();
    await Promise.all([run(first), run(second)]);
    two.push(performance.now() - start);
  }
  await Promise.all([whole, first, second].map((w) => w.terminate()));
  return { one: median(one), two: median(two), speedup: median(one.map((ms, r) => ms / two[r]!)) };
}

/** A file of about that many megabytes, in chunks. */
function bigFile(): { chunks: string[]; characters: number } {
  const set = randomSet(new Rng(41));
  const lengthOf = (copies: number): number => {
    let length = 0;
    for (const piece of spnText(set, copies)) length += piece.length;
    return length;
  };
  const copies = Math.max(1, Math.round((megabytes * 1_000_000) / ((lengthOf(100) - lengthOf(50)) / 50)));
  const chunks: string[] = [];
  let rest = '';
  let characters = 0;
  for (const piece of spnText(set, copies)) {
    rest += piece;
    characters += piece.length;
    while (rest.length >= CHUNK) {
      // Through bytes, as a file comes: one flat string a chunk.
      chunks.push(Buffer.from(rest.slice(0, CHUNK), 'latin1').toString('latin1'));
      rest = rest.slice(CHUNK);
    }
  }
  chunks.push(rest);
  return { chunks, characters };
}

function loading() {
  const { chunks, characters } = bigFile();
  let contracts = 0;
  let heap = 0;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const stream = (): void => {
    let elements = 0;
    const count = { open: () => elements++, leaf: () => elements++, close: () => {} };
    const tokenizer = new XmlTokenizer(count);
    for (const chunk of chunks) tokenizer.push(chunk);
    if (!tokenizer.end().ok) throw new Error('the file does not stream');
    sink += elements;
  };
  const load = (): void => {
    const reader = new SpnReader('bench');
    for (const chunk of chunks) reader.push(chunk);
    const set = reader.end();
    if (!set.ok) throw new Error(set.failure.message);
    contracts = set.value.contracts.length;
  };
  // Once beside the clock: what the reader holds at most while it reads, garbage taken away.
  const before = used();
  const reader = new SpnReader('bench');
  for (const [c, chunk] of chunks.entries()) {
    reader.push(chunk);
    if (c % 100 === 0) heap = Math.max(heap, used() - before);
  }
  const held = reader.end();
  heap = Math.max(heap, used() - before);
  if (!held.ok) throw new Error(held.failure.message);
  const rounds = inTurn([stream, load], 1, timed);
  const [streamMs, loadMs] = [medianOf(rounds, 0), medianOf(rounds, 1)];
  return { stream: streamMs, load: loadMs, times: ratio(rounds, 1, 0), heap, characters, contracts };
}

const shared = compare('shared');
const own = compare('own');
const show = (
  name: string,
  { full, naive, lean, whatIf, fullVsNaive, fullVsLean, whatIfVsFull }: Compared,
): void =>
  console.log(
    `${name}: ${full.toFixed(2)} µs a portfolio, naive loop ${naive.toFixed(2)} µs (${fullVsNaive.toFixed(2)}x), with kept arrays ${lean.toFixed(2)} µs (${fullVsLean.toFixed(2)}x), one order ${whatIf.toFixed(3)} µs (${whatIfVsFull.toFixed(1)}x)`,
  );
show('one array a product (futures)', shared);
show('an array of its own for every contract', own);
const batch = await workers();
console.log(`${BATCH} portfolios: one worker ${batch.one.toFixed(0)} ms, two ${batch.two.toFixed(0)} ms`);
const file = loading();
console.log(
  `${(file.characters / 1e6).toFixed(1)} MB, ${file.contracts} contracts: streamed in ${file.stream.toFixed(0)} ms, loaded in ${file.load.toFixed(0)} ms, ${(file.heap / 1e6).toFixed(0)} MB held at most`,
);
if (!Number.isFinite(sink)) throw new Error('no result');
const round = (value: number): number => Number(value.toFixed(2));
console.log(
  JSON.stringify({
    full_vs_naive: round(own.fullVsNaive),
    whatif_vs_full: round(own.whatIfVsFull),
    two_workers_speedup: round(batch.speedup),
    spn_load_over_stream: round(file.times),
    full_vs_naive_kept_arrays: round(own.fullVsLean),
    full_vs_naive_futures_kept_arrays: round(shared.fullVsLean),
    full_vs_naive_futures: round(shared.fullVsNaive),
    whatif_vs_full_futures: round(shared.whatIfVsFull),
  }),
);
