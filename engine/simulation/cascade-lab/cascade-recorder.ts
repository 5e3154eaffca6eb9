/** Runs a cascade to its end in slices and keeps what a screen draws: samples at even times, events, fills, keyframes. */
import { type CascadeEvent, causesOf } from '../cascade/cascade-events.ts';
import { CascadeMeasures } from '../cascade/cascade-measures.ts';
import { CascadeRun } from '../cascade/cascade-run.ts';
import type { CascadeMeasure, CascadeScenario } from '../cascade/cascade-scenario.ts';
import type { CascadeSnapshot } from '../cascade/cascade-snapshot.ts';
import { cascadeRatio } from '../cascade/cascade-view.ts';
import { EventTrail } from './event-trail.ts';

/** Places of the figures in a sample of one market. Prices in ticks, money in currency; a ratio of −1 has no value. */
export const SAMPLE = {
  atMicros: 0,
  lastTicks: 1,
  markTicks: 2,
  indexTicks: 3,
  fundCash: 4,
  openInterestLots: 5,
  waiting: 6,
  depthPermille: 7,
  downRatio: 8,
  upRatio: 9,
  halted: 10,
} as const;
/** Numbers in a sample. */
export const SAMPLE_STRIDE = 11;

/** Places of the figures of a forced trade: a fill of a liquidation order, or a deleveraging. */
export const FORCED = {
  atMicros: 0,
  eventId: 1,
  /** 0 liquidation, 1 takeover by the fund, 2 deleveraging. */
  kind: 2,
  /** 1 a long was closed, −1 a short. */
  side: 3,
  /** Currency. */
  notional: 4,
  priceTicks: 5,
  wave: 6,
  account: 7,
  market: 8,
} as const;
/** Numbers in a forced trade. */
export const FORCED_STRIDE = 9;

/** Kinds of event in the order of their numbers in {@link CascadeRecorder.eventKinds}. */
export const EVENT_KINDS = [
  'shock',
  'shock-order',
  'caught-up',
  'index-moved',
  'mark-moved',
  'funding-paid',
  'makers-adjusted',
  'collateral-cut',
  'trading-halted',
  'trading-resumed',
  'fund-relieved',
  'margin-breached',
  'orders-cancelled',
  'collateral-sold',
  'recovered',
  'liquidation-order',
  'order-filled',
  'clearance-fee',
  'fund-took-over',
  'fund-paid',
  'fund-received',
  'adl-needed',
  'adl-fill',
  'loss-socialised',
  'liquidated',
] as const;

const KIND_NUMBERS = new Map<string, number>(EVENT_KINDS.map((kind, i) => [kind, i]));
/** Samples of a run, at most. */
const SAMPLES = 3_600;
/** Keyframes of a run, at most; and events that lie between two at least. */
const KEYFRAMES = 48;
const KEYFRAME_EVENTS = 100;
/** Events of one slice: time is looked at between slices. */
const SLICE_EVENTS = 200;
/** Stretch of price over which forced flow and liquidity are compared, basis points. */
export const RATIO_BPS = 100;

/** A run with its recording. */
export class CascadeRecorder {
  readonly scenario: CascadeScenario;
  readonly events: CascadeEvent[] = [];
  readonly eventKinds: number[] = [];
  /** Packed samples by market. */
  readonly samples: readonly number[][];
  /** Packed forced trades. */
  readonly forced: number[] = [];
  readonly trail: EventTrail = new EventTrail();
  readonly #run: CascadeRun;
  readonly #measures: CascadeMeasures;
  readonly #sampleMicros: number;
  #keyframes: CascadeSnapshot[];
  #keyframeEvents = KEYFRAME_EVENTS;
  #nextSample: number;
  /** Open lots and price of fund takeovers need the side of the account, which its order told. */
  readonly #sides = new Map<number, number>();

  constructor(scenario: CascadeScenario) {
    this.scenario = scenario;
    this.#run = new CascadeRun(scenario);
    this.#measures = new CascadeMeasures(this.#run);
    const stepMicros = scenario.stepMillis * 1_000;
    const steps = (scenario.durationSeconds * 1_000_000) / stepMicros;
    this.#sampleMicros = stepMicros * Math.max(1, Math.ceil(steps / SAMPLES));
    this.#nextSample = scenario.startMicros;
    this.samples = scenario.markets.map(() => []);
    this.#keyframes = [this.#run.snapshot()];
  }

  /** True when the run is over and its last sample taken. */
  get done(): boolean {
    return this.#run.ended;
  }

  /** Time reached. */
  get atMicros(): number {
    return Math.min(this.#run.atMicros, this.endMicros);
  }

  /** Instant at which the run ends. */
  get endMicros(): number {
    return this.scenario.startMicros + this.scenario.durationSeconds * 1_000_000;
  }

  /** Hash of the state reached. */
  stateHash(): number {
    return this.#run.stateHash();
  }

  /** What stands beside published figures, so far. */
  measures(): Readonly<Record<CascadeMeasure, number | null>> {
    return this.#measures.read(this.#run);
  }

  /** Goes on a little: at most to the next sample, or a few hundred events. */
  advance(): void {
    const run = this.#run;
    if (run.ended) return;
    for (const event of run.runUntil(this.#nextSample, SLICE_EVENTS)) this.#hear(event);
    if (!run.ended && run.atMicros <= this.#nextSample) return;
    this.#sample();
    this.#nextSample += this.#sampleMicros;
    this.#keepKeyframe();
  }

  /** A run in the state after an event, counted from 1 (0: the start), on the way from `near` where that is shorter. */
  runAt(eventCount: number, near: CascadeRun | null): CascadeRun {
    const keyframe = this.#keyframes.findLast(({ nextId }) => nextId <= eventCount);
    const fromNear =
      near !== null && near.eventCount <= eventCount && near.eventCount >= (keyframe?.nextId ?? 0);
    let run = near;
    if (!fromNear || run === null) {
      run =
        keyframe === undefined ? new CascadeRun(this.scenario) : CascadeRun.restore(this.scenario, keyframe);
    }
    run.runToEvent(Math.min(eventCount, this.events.length));
    return run;
  }

  #hear(event: CascadeEvent): void {
    this.events.push(event);
    this.eventKinds.push(KIND_NUMBERS.get(event.kind) ?? 0);
    this.trail.add(event);
    this.#measures.add(event);
    const { kind } = event;
    if (kind === 'liquidation-order') this.#sides.set(event.account, event.side === 'sell' ? 1 : -1);
    else if (kind === 'order-filled' && event.filledLots > 0) {
      this.#force(
        event,
        0,
        event.side === 'sell' ? 1 : -1,
        event.notional,
        event.averageTicks ?? 0,
        event.account,
      );
    } else if (kind === 'fund-took-over') {
      const side = this.#sides.get(event.account) ?? 1;
      this.#force(event, 1, side, this.#value(event), event.priceTicks, event.account);
    } else if (kind === 'adl-fill') {
      const side = event.side === 'sell' ? 1 : -1;
      this.#force(event, 2, side, this.#value(event), event.priceTicks, event.account);
    }
  }

  #value(event: { readonly market: number; readonly sizeLots: number; readonly priceTicks: number }): number {
    const units = this.#run.house.unitsPerTickLot[event.market] ?? 0n;
    return (event.sizeLots * event.priceTicks * Number(units)) / 1e8;
  }

  #force(
    event: CascadeEvent,
    kind: number,
    side: number,
    notional: number,
    priceTicks: number,
    account: number,
  ): void {
    const { atMicros, id, wave, market } = event;
    this.forced.push(atMicros, id, kind, side, notional, priceTicks, wave, account, market);
  }

  #sample(): void {
    const run = this.#run;
    const fundCash = Number(run.house.cash(run.traders.fund)) / 1e8;
    run.markets.forEach((market, i) => {
      this.samples[i]?.push(
        Math.min(this.#nextSample, this.endMicros),
        market.lastTicks,
        market.markTicks,
        market.indexTicks,
        fundCash,
        run.house.openInterest(i),
        run.waiting,
        market.depthPermille,
        cascadeRatio(run, i, -RATIO_BPS).ratio ?? -1,
        cascadeRatio(run, i, RATIO_BPS).ratio ?? -1,
        market.haltedUntilMicros > 0 ? 1 : 0,
      );
    });
  }

  #keepKeyframe(): void {
    const last = this.#keyframes.at(-1)?.nextId ?? 0;
    if (this.#run.eventCount - last < this.#keyframeEvents) return;
    this.#keyframes.push(this.#run.snapshot());
    if (this.#keyframes.length < KEYFRAMES) return;
    this.#keyframeEvents *= 2;
    this.#keyframes = this.#keyframes.filter((_, i) => i % 2 === 0);
  }
}

/** The story of one account: what led to its first liquidation, and what happened to it from there, in order. */
export interface AccountStory {
  readonly account: number;
  /** From the first cause to the breach. Long chains are cut in the middle. */
  readonly causes: readonly CascadeEvent[];
  /** How many causes in the middle were left out. */
  readonly causesLeftOut: number;
  /** Everything about the account from the breach on, and who was deleveraged against it. */
  readonly steps: readonly CascadeEvent[];
  /** Deleveragings left out of `steps` where there were many. */
  readonly fillsLeftOut: number;
}

const ENDS_KEPT = 4;
const FILLS_KEPT = 3;

/** Tells why an account was liquidated or deleveraged; null where nothing happened to it. */
export function storyOf(events: readonly CascadeEvent[], account: number): AccountStory | null {
  const about = events.filter(
    (event) =>
      ('account' in event && event.account === account) ||
      (event.kind === 'adl-fill' && event.againstAccount === account),
  );
  const liquidated = about.find((event) => event.kind === 'liquidated' && event.account === account);
  const breach = about.findLast(
    (event) => event.kind === 'margin-breached' && event.id < (liquidated?.id ?? Number.POSITIVE_INFINITY),
  );
  const first = breach ?? about[0];
  if (first === undefined) return null;
  const chain = causesOf(events, first.id).slice(0, -1);
  const cut = chain.length > 2 * ENDS_KEPT;
  const causes = cut ? [...chain.slice(0, ENDS_KEPT), ...chain.slice(-ENDS_KEPT)] : chain;
  const rest = about.filter(({ id }) => id >= first.id);
  let fills = 0;
  const steps = rest.filter(({ kind }) => kind !== 'adl-fill' || ++fills <= FILLS_KEPT);
  return {
    account,
    causes,
    causesLeftOut: chain.length - causes.length,
    steps,
    fillsLeftOut: rest.length - steps.length,
  };
}
