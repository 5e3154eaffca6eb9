/** What the page holds of a run: packed series that grow while the run is computed, and how they are read. */
import {
  EVENT_KINDS,
  FORCED_STRIDE,
  type RunIdentity,
  SAMPLE,
  SAMPLE_STRIDE,
  type SeriesHeld,
  type SeriesPart,
} from '../../workers/contract/lab-api.ts';

/** Series of one market of a run; events and forced trades are of all markets. */
export interface RunSeries {
  readonly startMicros: number;
  readonly endMicros: number;
  readonly atMicros: number;
  readonly done: boolean;
  readonly samples: Float64Array;
  readonly eventTimes: Float64Array;
  readonly eventKinds: Uint8Array;
  readonly eventWaves: Uint16Array;
  readonly forced: Float64Array;
  readonly identity: RunIdentity | null;
  readonly measures: SeriesPart['measures'];
}

/** A run of which nothing is known yet. */
export function emptySeries(startMicros: number, endMicros: number): RunSeries {
  return {
    startMicros,
    endMicros,
    atMicros: startMicros,
    done: false,
    samples: new Float64Array(0),
    eventTimes: new Float64Array(0),
    eventKinds: new Uint8Array(0),
    eventWaves: new Uint16Array(0),
    forced: new Float64Array(0),
    identity: null,
    measures: null,
  };
}

/** How much of a run is held. */
export function heldOf(series: RunSeries): SeriesHeld {
  return {
    samples: series.samples.length / SAMPLE_STRIDE,
    events: series.eventTimes.length,
    forced: series.forced.length / FORCED_STRIDE,
  };
}

/** The series with a part added at its end. */
export function joinSeries(series: RunSeries, part: SeriesPart): RunSeries {
  return {
    startMicros: series.startMicros,
    endMicros: part.endMicros,
    atMicros: part.atMicros,
    done: part.done,
    samples: joined(series.samples, part.samples, (length) => new Float64Array(length)),
    eventTimes: joined(series.eventTimes, part.eventTimes, (length) => new Float64Array(length)),
    eventKinds: joined(series.eventKinds, part.eventKinds, (length) => new Uint8Array(length)),
    eventWaves: joined(series.eventWaves, part.eventWaves, (length) => new Uint16Array(length)),
    forced: joined(series.forced, part.forced, (length) => new Float64Array(length)),
    identity: part.identity,
    measures: part.measures,
  };
}

function joined<T extends Float64Array | Uint8Array | Uint16Array>(
  before: T,
  added: T,
  make: (length: number) => T,
): T {
  if (added.length === 0) return before;
  const all = make(before.length + added.length);
  all.set(before);
  all.set(added, before.length);
  return all;
}

/** Number of events up to a time, inclusive. */
export function eventCountAt(eventTimes: Float64Array, atMicros: number): number {
  let low = 0;
  let high = eventTimes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((eventTimes[middle] as number) <= atMicros) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of the last sample at or before a time; 0 before the first, −1 where there is none. */
export function sampleAt(samples: Float64Array, atMicros: number): number {
  const count = samples.length / SAMPLE_STRIDE;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle * SAMPLE_STRIDE + SAMPLE.atMicros] as number) <= atMicros) low = middle + 1;
    else high = middle;
  }
  return count === 0 ? -1 : Math.max(0, low - 1);
}

/** What a step may stop at: any event, a decision of the venue, or an incident. */
export type StepGrain = 'event' | 'decision' | 'incident';

const kindNumbers = (...kinds: (typeof EVENT_KINDS)[number][]): ReadonlySet<number> =>
  new Set(kinds.map((kind) => EVENT_KINDS.indexOf(kind)));

const DECISIONS = kindNumbers(
  'shock',
  'trading-halted',
  'trading-resumed',
  'fund-relieved',
  'margin-breached',
  'recovered',
  'liquidation-order',
  'fund-took-over',
  'adl-needed',
  'loss-socialised',
  'liquidated',
  'collateral-cut',
  'funding-paid',
);
const ALWAYS_INCIDENTS = kindNumbers(
  'shock',
  'trading-halted',
  'trading-resumed',
  'fund-relieved',
  'collateral-cut',
  'funding-paid',
  'makers-adjusted',
  'loss-socialised',
);
const ADL = EVENT_KINDS.indexOf('adl-needed');
const BREACH = EVENT_KINDS.indexOf('margin-breached');
/** Deleveraging after this long without any is an incident anew; so is a breach. */
const CALM_MICROS = 5_000_000;

/**
 * The incidents of a run as event numbers: shocks, halts, the fund in need, makers that leave or return, and the first
 * breach or deleveraging after a calm.
 */
export function incidentsOf(series: Pick<RunSeries, 'eventKinds' | 'eventTimes'>): readonly number[] {
  const incidents: number[] = [];
  let lastAdl = Number.NEGATIVE_INFINITY;
  let lastBreach = Number.NEGATIVE_INFINITY;
  series.eventKinds.forEach((kind, id) => {
    const at = series.eventTimes[id] as number;
    if (ALWAYS_INCIDENTS.has(kind)) incidents.push(id);
    else if (kind === ADL) {
      if (at - lastAdl >= CALM_MICROS) incidents.push(id);
      lastAdl = at;
    } else if (kind === BREACH) {
      if (at - lastBreach >= CALM_MICROS) incidents.push(id);
      lastBreach = at;
    }
  });
  return incidents;
}

/**
 * Where a step goes: the number of events told there. The cursor stands after the event it stops at, so a step from
 * `eventCount` forward looks at event `eventCount`, one back at `eventCount − 2`.
 */
export function stepFrom(
  series: Pick<RunSeries, 'eventKinds' | 'eventTimes'>,
  incidents: readonly number[],
  eventCount: number,
  direction: 1 | -1,
  grain: StepGrain,
): number {
  const { eventKinds } = series;
  if (grain === 'incident') {
    const next =
      direction === 1
        ? incidents.find((id) => id + 1 > eventCount)
        : incidents.findLast((id) => id + 1 < eventCount);
    return next === undefined ? (direction === 1 ? eventKinds.length : 0) : next + 1;
  }
  for (let count = eventCount + direction; count > 0 && count <= eventKinds.length; count += direction) {
    if (grain === 'event' || DECISIONS.has(eventKinds[count - 1] as number)) return count;
  }
  return direction === 1 ? eventKinds.length : 0;
}
