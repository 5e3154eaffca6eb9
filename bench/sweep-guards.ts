// The properties of the guards over a million random cases: `npm run sweep:guards [cases] [seed]`.
import { runGuardProperties } from '../engine/testkit/guard-properties.ts';

const cases = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const { verdicts, asked, breaches } = runGuardProperties(seed, cases);
console.log(`seed ${seed}, ${cases} cases: ${verdicts.join(' / ')} ALLOW / REDUCE / BLOCK`);
for (const [property, count] of Object.entries(asked)) console.log(`${count} times: ${property}`);
for (const breach of breaches) console.log(`BREACH ${breach}`);
console.log(JSON.stringify({ seed, cases, breaches: breaches.length }));
process.exitCode = breaches.length === 0 ? 0 : 1;
