// How the page reads a run: growing series, places in time, steps that are each other's way back, links and variants.
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../engine/simulation/cascade/parse-scenario.ts';
import { OCTOBER_2025 } from '../../engine/simulation/cascade/scenarios/october-2025.ts';
import { ADL_RULES } from '../../engine/venue/liquidation/adl-rules.ts';
import { EVENT_KINDS, SAMPLE_STRIDE } from '../../workers/contract/lab-api.ts';
import { carriesRun, readRunLink, writeRunLink } from './cascade-link.ts';
import {
  emptySeries,
  eventCountAt,
  heldOf,
  incidentsOf,
  joinSeries,
  sampleAt,
  stepFrom,
} from './cascade-series.ts';
import { ADL_RULE_NAMES, underVariant, variantsOf } from './cascade-variants.ts';

const kind = (name: (typeof EVENT_KINDS)[number]): number => EVENT_KINDS.indexOf(name);

/** Events by second and kind. */
function seriesOf(events: readonly (readonly [number, (typeof EVENT_KINDS)[number]])[]) {
  return {
    eventTimes: Float64Array.from(events, ([seconds]) => seconds * 1e6),
    eventKinds: Uint8Array.from(events, ([, name]) => kind(name)),
  };
}

const RUN = seriesOf([
  [1, 'shock'],
  [1, 'shock-order'],
  [1, 'mark-moved'],
  [2, 'margin-breached'],
  [2, 'liquidation-order'],
  [2, 'order-filled'],
  [2, 'liquidated'],
  [3, 'adl-needed'],
  [4, 'adl-needed'],
  [20, 'mark-moved'],
  [20, 'adl-needed'],
  [30, 'trading-halted'],
]);

describe('series of a run', () => {
  it('grow by parts to what they are at once', () => {
    const part = (from: number, to: number) => ({
      done: to === 4,
      atMicros: to,
      endMicros: 9,
      samples: Float64Array.from({ length: (to - from) * SAMPLE_STRIDE }, (_, i) => from * SAMPLE_STRIDE + i),
      eventTimes: Float64Array.from({ length: to - from }, (_, i) => from + i),
      eventKinds: Uint8Array.from({ length: to - from }, (_, i) => from + i),
      eventWaves: Uint16Array.from({ length: to - from }, (_, i) => from + i),
      forced: new Float64Array(0),
      identity: null,
      measures: null,
    });
    const grown = joinSeries(joinSeries(emptySeries(0, 9), part(0, 1)), part(1, 4));
    expect(grown).toEqual(joinSeries(emptySeries(0, 9), part(0, 4)));
    expect(heldOf(grown)).toEqual({ samples: 4, events: 4, forced: 0 });
  });

  it('tell how many events were told by a time, and which sample stands', () => {
    expect([0, 1e6, 1.5e6, 2e6, 99e6].map((at) => eventCountAt(RUN.eventTimes, at))).toEqual([
      0, 3, 3, 7, 12,
    ]);
    const samples = new Float64Array(3 * SAMPLE_STRIDE);
    for (const [i, at] of [0, 10, 20].entries()) samples.set([at], i * SAMPLE_STRIDE);
    expect([-5, 0, 9, 10, 25].map((at) => sampleAt(samples, at))).toEqual([0, 0, 0, 1, 2]);
    expect(sampleAt(new Float64Array(0), 3)).toBe(-1);
  });
});

describe('steps', () => {
  const incidents = incidentsOf(RUN);

  it('find incidents: shocks, halts, and breaches or deleveraging after a calm', () => {
    expect(incidents).toEqual([0, 3, 7, 10, 11]);
  });

  it('go forward and back by every grain to the same places', () => {
    for (const grain of ['event', 'decision', 'incident'] as const) {
      const forward: number[] = [];
      for (let at = 0; at < RUN.eventKinds.length; ) {
        at = stepFrom(RUN, incidents, at, 1, grain);
        forward.push(at);
      }
      const back: number[] = [];
      for (let at = RUN.eventKinds.length; at > 0; ) {
        at = stepFrom(RUN, incidents, at, -1, grain);
        back.push(at);
      }
      expect(back.toReversed().slice(1)).toEqual(forward.slice(0, -1));
      expect(back.at(-1)).toBe(0);
    }
    expect(stepFrom(RUN, incidents, 1, 1, 'decision')).toBe(4);
    expect(stepFrom(RUN, incidents, 1, 1, 'incident')).toBe(4);
  });
});

describe('a link', () => {
  const link = {
    scenario: OCTOBER_2025,
    eventCount: 77,
    identity: {
      engineVersion: 'cascade-1',
      scenarioHash: 1,
      stateHash: 2,
      events: 90,
      trail: [{ events: 90, hash: 4_000_000_000 }],
    },
  };

  it('carries a run there and back, in an address of ordinary length', async () => {
    const parameters = await writeRunLink(link);
    expect(carriesRun(parameters)).toBe(true);
    expect(parameters).toMatch(/^run=[\w-]+$/);
    expect(parameters.length).toBeLessThan(6_000);
    expect(await readRunLink(parameters)).toEqual({ version: 1, ...link });
  });

  it('is refused where it is damaged', async () => {
    const parameters = await writeRunLink(link);
    for (const broken of [parameters.slice(0, -20), `${parameters}!`, 'run=', 'run=AAAA', 'other=1']) {
      expect(await readRunLink(broken)).toBeNull();
    }
    expect(carriesRun('other=1')).toBe(false);
  });
});

describe('variants', () => {
  it('name every rule of the engine, change one rule each, and give scenarios that are read', () => {
    expect(Object.keys(ADL_RULE_NAMES)).toEqual(ADL_RULES.map(({ name }) => name));
    const variants = variantsOf(OCTOBER_2025.rules);
    expect(new Set(variants.map(({ id }) => id)).size).toBe(variants.length);
    for (const variant of variants) {
      const changed = underVariant(OCTOBER_2025, variant);
      expect(changed.rules).not.toEqual(OCTOBER_2025.rules);
      expect(parseScenario(changed).ok).toBe(true);
    }
  });
});
