/** Plays millions of random commands to books, venues and their oracles: `npm run sweep:matching -- [commands] [seed]`. */
import { runAgainstOracle } from '../engine/testkit/book-run.ts';
import type { Outcomes } from '../engine/testkit/event-comparison.ts';
import { GLOBEX_SPREAD_CONFIG, runGlobexAgainstOracle } from '../engine/testkit/globex-run.ts';
import { runPerpAgainstOracle } from '../engine/testkit/perp-run.ts';
import { type AllocationRules, FIFO, GLOBEX_ALGORITHMS } from '../engine/venue/matching/allocation.ts';

const commands = Number(process.argv[2] ?? 10_000_000);
const firstSeed = Number(process.argv[3] ?? 1);
const RUN = 100_000;

const book =
  (allocation: AllocationRules, accounts: number | null) =>
  (seed: number, commands: number): Outcomes =>
    runAgainstOracle({ seed, commands, allocation, accounts });

const variants: readonly ((seed: number, commands: number) => Outcomes)[] = [
  (seed, inputs) => runPerpAgainstOracle({ seed, inputs }),
  (seed, inputs) => runGlobexAgainstOracle({ seed, inputs }),
  (seed, inputs) => runGlobexAgainstOracle({ seed, inputs, config: GLOBEX_SPREAD_CONFIG }),
  book(FIFO, 6),
  book(FIFO, null),
  ...Object.values(GLOBEX_ALGORITHMS).map((allocation) => book(allocation, null)),
  book({ ...GLOBEX_ALGORITHMS.K, fifoPercent: 33, proRataMinimumLots: 1, topMinimumLots: 4 }, null),
  book({ ...GLOBEX_ALGORITHMS.Q, topMaximumLots: 15 }, null),
];

const totals: Outcomes = new Map();
const started = performance.now();
let played = 0;
for (let run = 0; played < commands; run++) {
  const variant = variants[run % variants.length]!;
  const size = Math.min(RUN, commands - played);
  const outcomes = variant(firstSeed + run, size);
  for (const [word, n] of outcomes) totals.set(word, (totals.get(word) ?? 0) + n);
  played += size;
}
const seconds = (performance.now() - started) / 1000;
console.log(Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1))));
console.log(`${played} commands from seed ${firstSeed}, no difference, ${seconds.toFixed(0)} s`);
