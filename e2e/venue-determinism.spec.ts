/** Order book and venues come to the same states in a browser's worker as in Node: live, replayed, and from a snapshot on. */
import { join } from 'node:path';
import { build } from 'vite';
import { type JournalHashes, journalHashes } from '../engine/testkit/journal-hashes.ts';
import { expect, test } from './page-test.ts';

const SEEDS = [20260504, 7];
const INPUTS = 1000;

type Hashes = Readonly<Record<string, JournalHashes>>;

/** The journals as one script that puts `journals.journalHashes` into the global scope. */
async function bundledJournals(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: {
        entry: join(import.meta.dirname, '../engine/testkit/journal-hashes.ts'),
        formats: ['iife'],
        name: 'journals',
      },
    },
  });
  const [bundle] = [result].flat();
  if (bundle === undefined || !('output' in bundle)) throw new Error('nothing was built');
  return bundle.output[0].code;
}

test('a browser computes the hashes that Node computes for the same journals of book and venues', async ({
  page,
}) => {
  const code = await bundledJournals();
  const inBrowser = await page.evaluate(
    async ([script, seeds, inputs]) => {
      const answer = `postMessage(${JSON.stringify(seeds)}.map((seed) => journals.journalHashes(seed, ${inputs})))`;
      const worker = new Worker(URL.createObjectURL(new Blob([`${script};${answer}`])));
      return new Promise<unknown>((resolve, reject) => {
        worker.onmessage = (event) => resolve(event.data);
        worker.onerror = (event) => reject(new Error(event.message));
      });
    },
    [code, SEEDS, INPUTS] as const,
  );
  const inNode: readonly Hashes[] = SEEDS.map((seed) => journalHashes(seed, INPUTS));
  expect(inBrowser).toEqual(inNode);
  for (const hashes of inNode) {
    for (const { trail, replayedTrail, end, replayedEnd, restoredEnd } of Object.values(hashes)) {
      expect([replayedTrail, replayedEnd, restoredEnd]).toEqual([trail, end, end]);
    }
  }
  console.log(
    `hashes equal to Node's for ${SEEDS.length} seeds of ${Object.keys(inNode[0] ?? {}).join(', ')}`,
  );
});
