// The simulated BTCUSDT beside the recorded one: the figures that a trader would notice must lie near each other.
import { describe, expect, it } from 'vitest';
import { measureRecording, measureSimulated } from '../testkit/market-measures.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../testkit/shared-data.ts';

/** Largest allowed ratio either way between simulated and recorded, by measure. Five minutes of one day are one sample. */
const NEAR: readonly (readonly [measure: string, ratio: number])[] = [
  ['spread is 1 tick, share of 100 ms windows', 1.02],
  ['size at the touch, median, base', 1.6],
  ['depth within 2 bps, bids, median, M', 1.5],
  ['depth within 5 bps, bids, median, M', 1.5],
  ['depth within 10 bps, asks, median, M', 1.5],
  ['depth within 25 bps, bids, median, M', 2],
  ['depth within 50 bps, asks, median, M', 2],
  ['levels within 5 bps a side, median', 1.25],
  ['levels within 25 bps a side, median', 1.25],
  ['trade size, median', 2],
  ['trade size, mean', 1.5],
  ['trade size, 99 %', 1.5],
  ['trades per second, mean', 2],
  ['taker order size, 99 %', 1.6],
  ['depth updates per second (100 ms windows)', 1.02],
  ['levels per update, mean', 2],
  ['levels per update, median', 2],
  ['1 s return, standard deviation, bps', 1.6],
  ['1 s return is zero, share', 1.6],
];

describe(`believability${SHARED_DATA_NOTE}`, () => {
  it.skipIf(!HAS_SHARED_DATA)('comes near the recording', () => {
    const recorded = new Map(measureRecording().map(({ name, value }) => [name, value]));
    // The recording's own published figures: 6,547 depth messages merge into about ten windows a second.
    expect(recorded.get('depth within 10 bps, bids, median, M')).toBeCloseTo(8, 0);
    const simulated = new Map(
      measureSimulated(3, 'BTCUSDT', 300, 60).map(({ name, value }) => [name, value]),
    );
    const far = NEAR.flatMap(([name, ratio]) => {
      const a = simulated.get(name);
      const b = recorded.get(name);
      if (a === undefined || b === undefined) return [`${name} is not measured`];
      return Math.max(a / b, b / a) <= ratio ? [] : [`${name}: simulated ${a}, recorded ${b}`];
    });
    expect(far).toEqual([]);
  });
});
