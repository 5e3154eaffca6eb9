/** Plays millions of random commands to the order book and its oracle: `npm run sweep:matching -- [commands] [seed]`. */
import { type Outcomes, runAgainstOracle } from '../engine/testkit/book-run.ts';
import { type AllocationRules, FIFO, GLOBEX_ALGORITHMS } from '../engine/venue/matching/allocation.ts';

const commands = Number(process.argv[2] ?? 10_000_000);
const firstSeed = Number(process.argv[3] ?? 1);
const RUN = 100_000;

const variants: readonly { readonly allocation: AllocationRules; readonly accounts: number | null }[] = [
  { allocation: FIFO, accounts: 6 },
  { allocation: FIFO, accounts: null },
  ...Object.values(GLOBEX_ALGORITHMS).map((allocation) => ({ allocation, accounts: null })),
  {
    allocation: { ...GLOBEX_ALGORITHMS.K, fifoPercent: 33, proRataMinimumLots: 1, topMinimumLots: 4 },
    accounts: null,
  },
  { allocation: { ...GLOBEX_ALGORITHMS.Q, topMaximumLots: 15 }, accounts: null },
];

const totals: Outcomes = new Map();
const started = performance.now();
let played = 0;
for (let run = 0; played < commands; run++) {
  const variant = variants[run % variants.length]!;
  const size = Math.min(RUN, commands - played);
  const outcomes = runAgainstOracle({ seed: firstSeed + run, commands: size, ...variant });
  for (const [word, n] of outcomes) totals.set(word, (totals.get(word) ?? 0) + n);
  played += size;
}
const seconds = (performance.now() - started) / 1000;
console.log(Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1))));
console.log(`${played} commands from seed ${firstSeed}, no difference, ${seconds.toFixed(0)} s`);
