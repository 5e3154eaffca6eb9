/**
 * Speed of matching beside the order books from npm, interleaved, on seeded workloads that every engine of ours must play
 * to the last trade: `npm run bench:matching -- [repeats]`. The last line is JSON.
 *
 * Each engine lives in a worker of its own, as in the product, and the workers take turns. The engine is bundled first, as
 * in the product too: unbundled, every use of another module's constant goes through a cell.
 */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import type { EngineName, Percentiles, Request } from './matching/measured.ts';

type Shape = Request['shape'];

const root = join(import.meta.dirname, '..');
const outDir = join(root, 'node_modules/.cache/bench-matching');
const repeats = Number(process.argv[2] ?? 3);
const OURS: readonly EngineName[] = ['bare core', 'full venue', 'memory walk'];
const PEERS: readonly EngineName[] = ['nodejs-order-book', 'hft-limit-order-book'];

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

await build({
  configFile: false,
  root,
  logLevel: 'warn',
  build: {
    ssr: 'bench/matching/measured.ts',
    outDir,
    emptyOutDir: true,
    target: 'node20',
    minify: true,
    rolldownOptions: { output: { entryFileNames: 'measured.mjs' } },
  },
});
setFlagsFromString('--expose-gc');

const workers = new Map<EngineName, Worker>();
for (const engine of [...OURS, ...PEERS]) {
  const worker = new Worker(join(outDir, 'measured.mjs'), { workerData: { engine } });
  // Unhandled, so that it ends the run.
  worker.on('error', (error) => {
    throw error;
  });
  workers.set(engine, worker);
}

function ask<T>(engine: EngineName, request: Request): Promise<T> {
  const worker = workers.get(engine);
  if (worker === undefined) throw new Error(`no engine ${engine}`);
  return new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage(request);
  });
}

/** Interleaved repeats on one workload: medians in nanoseconds per event by engine. */
async function race(shape: Shape, peers: readonly EngineName[]): Promise<Map<EngineName, number>> {
  const times = new Map<EngineName, number[]>();
  const once = async (engine: EngineName): Promise<void> => {
    const ns = await ask<number>(engine, { measure: 'time', shape });
    times.set(engine, [...(times.get(engine) ?? []), ns]);
  };
  for (let warmUp = 0; warmUp < 3; warmUp++) for (const engine of OURS) await once(engine);
  times.clear();
  for (let r = 0; r < repeats; r++) {
    for (const peer of [...peers, null]) {
      // Ours are a hundred times shorter: several runs around each of the others.
      for (let i = 0; i < 3; i++) for (const engine of OURS) await once(engine);
      if (peer !== null) await once(peer);
    }
  }
  const medians = new Map([...times].map(([engine, list]) => [engine, median(list)]));
  for (const [engine, ns] of medians) {
    const least = Math.min(...(times.get(engine) ?? []));
    console.log(
      `${shape.padEnd(9)} ${engine.padEnd(21)} median ${ns.toFixed(1).padStart(8)}, least ${least.toFixed(1).padStart(8)} ns/event`,
    );
  }
  return medians;
}

const wide = await race('wide', PEERS);
const narrow = await race('narrow', PEERS);
const wideAgain: number[] = [];
const live500k: number[] = [];
for (let r = 0; r < 2 * repeats + 3; r++) {
  wideAgain.push(await ask<number>('bare core', { measure: 'time', shape: 'wide' }));
  live500k.push(await ask<number>('bare core', { measure: 'time', shape: 'live500k' }));
}
console.log(
  `live500k  bare core ${median(live500k).toFixed(1)} ns/event, wide ${median(wideAgain).toFixed(1)}`,
);
const tails = new Map<EngineName, Percentiles>();
for (const engine of ['bare core', 'full venue'] as const) {
  const p = await ask<Percentiles>(engine, { measure: 'percentiles', shape: 'wide' });
  tails.set(engine, p);
  const [p50, p99, p999] = [p.p50, p.p99, p.p999].map((ns) => ns.toFixed(0));
  console.log(`wide      ${engine}, timer included: p50 ${p50}, p99 ${p99}, p99.9 ${p999} ns`);
}
const heap = {
  bare: await ask<number>('bare core', { measure: 'heap', shape: 'wide' }),
  full: await ask<number>('full venue', { measure: 'heap', shape: 'wide' }),
};
console.log(`heap growth over a million events: bare core ${heap.bare}, full venue ${heap.full} bytes`);
for (const worker of workers.values()) await worker.terminate();

const ratio = (times: Map<EngineName, number>, of: EngineName, to: EngineName): number =>
  (times.get(of) ?? Number.NaN) / (times.get(to) ?? Number.NaN);
const over = {
  wide: ratio(wide, 'full venue', 'bare core'),
  narrow: ratio(narrow, 'full venue', 'bare core'),
};
console.log(
  `full over bare: wide ${over.wide.toFixed(2)}, narrow ${over.narrow.toFixed(2)}; the larger one counts`,
);
const full = tails.get('full venue');
const figures = {
  wide_vs_nodejs_order_book: ratio(wide, 'nodejs-order-book', 'bare core'),
  narrow_vs_nodejs_order_book: ratio(narrow, 'nodejs-order-book', 'bare core'),
  full_over_bare: Math.max(over.wide, over.narrow),
  heap_growth_bytes: Math.max(heap.bare, heap.full),
  p999_over_p50: full === undefined ? Number.NaN : full.p999 / full.p50,
  live500k_over_wide: median(live500k) / median(wideAgain),
};
const rounded = Object.entries(figures).map(([name, value]) => [name, Number(value.toFixed(2))]);
console.log(JSON.stringify(Object.fromEntries(rounded)));
