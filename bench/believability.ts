// Prints what the embedded market looks like beside a recording of the real one: `npm run measure:market -- [seed] [seconds] [symbols]`.

import { type MeasureRow, measureRecording, measureSimulated } from '../engine/testkit/market-measures.ts';
import { HAS_SHARED_DATA } from '../engine/testkit/shared-data.ts';

const seed = Number(process.argv[2] ?? 1);
const seconds = Number(process.argv[3] ?? 600);
const SKIP_SECONDS = 60;

const columns: [string, MeasureRow[]][] = [];
if (HAS_SHARED_DATA) columns.push(['BTCUSDT recorded 2024-08-08', measureRecording()]);
for (const symbol of (process.argv[4] ?? 'BTCUSDT').split(',')) {
  columns.push([`${symbol} simulated, seed ${seed}`, measureSimulated(seed, symbol, seconds, SKIP_SECONDS)]);
}

const show = (value: number): string => String(Number(value.toPrecision(3)));
console.log(`| measure | ${columns.map(([title]) => title).join(' | ')} |`);
console.log(`| --- | ${columns.map(() => '---:').join(' | ')} |`);
columns[0]?.[1].forEach(({ name }, i) => {
  console.log(`| ${name} | ${columns.map(([, rows]) => show(rows[i]?.value ?? Number.NaN)).join(' | ')} |`);
});
