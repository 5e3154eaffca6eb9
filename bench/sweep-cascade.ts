/**
 * Plays random cascades with every invariant checked after every act, then cases of "what would have saved me":
 * `npm run sweep:cascade -- [seeds] [first seed] [saved-me cases]`.
 */
import { parseScenario } from '../engine/simulation/cascade/parse-scenario.ts';
import { playChecked } from '../engine/testkit/cascade-check.ts';
import { randomCascade } from '../engine/testkit/random-cascade.ts';
import { savedMeCases } from '../engine/testkit/saved-me-cases.ts';

const seeds = Number(process.argv[2] ?? 10_000);
const firstSeed = Number(process.argv[3] ?? 1);
const cases = Number(process.argv[4] ?? 1000);

const kinds = new Map<string, number>();
const started = performance.now();
const seconds = (): string => ((performance.now() - started) / 1000).toFixed(0);
let acts = 0;
for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
  const scenario = parseScenario(randomCascade(seed));
  if (!scenario.ok) throw new Error(`seed ${seed}: ${scenario.failure.message}`);
  const tally = playChecked(scenario.value);
  acts += tally.acts;
  for (const [kind, n] of tally.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + n);
}
console.log(Object.fromEntries([...kinds].sort(([a], [b]) => (a < b ? -1 : 1))));
console.log(`${seeds} cascades from seed ${firstSeed}, ${acts} acts checked, no breach, ${seconds()} s`);
const tally = savedMeCases(firstSeed, cases);
console.log({ ...tally, seconds: Number(seconds()) });
