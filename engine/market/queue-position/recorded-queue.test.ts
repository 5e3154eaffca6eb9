// Queue position against a recorded hour in which every order's true place is known: promises kept, figures reached.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordedByOrderMessages } from '../../testkit/by-order-recording.ts';
import {
  DEPTH_VIEW,
  EVENT_VIEW,
  halfTimeMicros,
  INTERVAL_VIEW,
  type ModelScore,
  type QueueScore,
  SCORED_MODELS,
  scoreLines,
  scoreQueueModels,
} from '../../testkit/queue-position-score.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';

const model = (score: QueueScore, name: string): ModelScore => {
  const found = score.models.find((m) => m.model.startsWith(name));
  if (found === undefined) throw new Error(`no model ${name}`);
  return found;
};

describe.skipIf(!HAS_SHARED_DATA)(`queue position over a recorded hour${SHARED_DATA_NOTE}`, () => {
  const messages = HAS_SHARED_DATA ? recordedByOrderMessages() : [];
  const fromMicros = halfTimeMicros(messages);

  it('scores as documented on the half hour that no parameter was chosen on', () => {
    const score = scoreQueueModels(messages, { view: EVENT_VIEW, models: SCORED_MODELS, fromMicros });
    console.log(scoreLines(score).join('\n'));
    const best = model(score, 'size-matched');
    expect(best.samples.median).toBeLessThanOrEqual(0.05);
    expect(best.samples.p90).toBeLessThanOrEqual(0.15);
    expect(best.open.p90).toBeLessThanOrEqual(0.15);
    expect(best.fillsTraded.agreement).toBeGreaterThanOrEqual(0.95);
    expect(best.fillsTraded.brier).toBeLessThan(best.fillsTraded.baseRateBrier / 4);
    for (const other of score.models) {
      expect(best.fillsTraded.brier).toBeLessThanOrEqual(other.fillsTraded.brier);
    }
    for (const name of ['pro-rata', 'log', 'power 2', 'power 3']) {
      expect(best.samples.p90).toBeLessThan(model(score, name).samples.p90 / 2);
    }
    const document = readFileSync(join(import.meta.dirname, '../../../docs/queue-position.md'), 'utf8');
    for (const line of scoreLines(score)) expect(document).toContain(line);
  });

  it('keeps its promises in every view: truth within bounds, ranks never grow, nobody is filled out of turn', () => {
    for (const [view, fewestSamples] of [
      [EVENT_VIEW, 80_000],
      [DEPTH_VIEW, 80_000],
      [INTERVAL_VIEW, 40_000],
    ] as const) {
      const score = scoreQueueModels(messages, { view, models: SCORED_MODELS.slice(-1), everyNth: 7 });
      const { outsideBounds, rankGrew, filledOutOfTurn } = score;
      expect({ view: view.name, outsideBounds, rankGrew, filledOutOfTurn }).toEqual({
        view: view.name,
        outsideBounds: 0,
        rankGrew: 0,
        filledOutOfTurn: 0,
      });
      expect(score.models[0]?.samples.count).toBeGreaterThan(fewestSamples);
    }
  });
});
