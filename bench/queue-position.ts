// Prints how well each model of queue position does on a recorded hour: `npx tsx bench/queue-position.ts [--fit]`.
import { sizeMatched, youngerFirst } from '../engine/market/queue-position/cancel-model.ts';
import { recordedByOrderMessages } from '../engine/testkit/by-order-recording.ts';
import {
  DEPTH_VIEW,
  EVENT_VIEW,
  halfTimeMicros,
  INTERVAL_VIEW,
  SCORED_MODELS,
  scoreLines,
  scoreQueueModels,
} from '../engine/testkit/queue-position-score.ts';
import { HAS_SHARED_DATA } from '../engine/testkit/shared-data.ts';

if (!HAS_SHARED_DATA) {
  console.log('No recorded data beside this checkout: nothing to score.');
  process.exit(0);
}
const messages = recordedByOrderMessages();
const half = halfTimeMicros(messages);
const isFit = process.argv.includes('--fit');
/** The grid from which the two weights were chosen. */
const WEIGHTS = [1, 2, 3, 5, 7, 10].flatMap((atBest) => [10, 20, 40].map((away) => ({ atBest, away })));

for (const view of [EVENT_VIEW, DEPTH_VIEW, INTERVAL_VIEW]) {
  const runs = isFit
    ? ([['First half', { toMicros: half }]] as const)
    : ([
        ['Second half', { fromMicros: half }],
        ['Whole hour', {}],
      ] as const);
  const models = isFit ? [...WEIGHTS.map(youngerFirst), ...WEIGHTS.map(sizeMatched)] : SCORED_MODELS;
  for (const [title, window] of runs) {
    console.log(`\n### ${title}: ${view.name}\n`);
    console.log(scoreLines(scoreQueueModels(messages, { view, models, ...window })).join('\n'));
  }
}
