/** Predicted funding of one perpetual, and the rate fixed at each funding instant, once, whatever the connection did. */
import { assert } from '../../core/assert.ts';
import type { Machine } from '../../core/machine.ts';
import { isDecimalText, roundDecimal } from '../../core/money.ts';
import { StateHash } from '../../core/state-hash.ts';
import { type Micros, SECOND_MICROS } from '../../core/units.ts';
import { type FundingTerms, fundingRate } from './funding-rate.ts';
import { nextFundingMicros, PREMIUM_SAMPLE_MICROS } from './premium-index.ts';

/** What the desk hears. Prices and announced rates are decimal text as the venue writes them. */
export type FundingDeskInput =
  /** A premium index measured from the book; the desk keeps the first of each 5 seconds. */
  | {
      readonly kind: 'premium-sampled';
      readonly atMicros: Micros;
      readonly premium: number;
      readonly markPrice: string;
    }
  /** The venue's own words: the rate it predicts for its next instant. They win over measured samples. */
  | {
      readonly kind: 'rate-announced';
      readonly atMicros: Micros;
      readonly rate: string;
      readonly nextFundingMicros: Micros;
      readonly markPrice: string;
    }
  /** Another interval or cap, in force from the next instant on. */
  | { readonly kind: 'terms-changed'; readonly atMicros: Micros; readonly terms: FundingTerms }
  | { readonly kind: 'time-passed'; readonly atMicros: Micros };

/** What happened. Each funding instant after the start is answered exactly once, in order. */
export type FundingDeskOutput =
  /** The rate of the interval that ended, eight decimals, and the mark it is paid on. */
  | {
      readonly kind: 'rate-fixed';
      readonly instantMicros: Micros;
      readonly rate: string;
      readonly markPrice: string;
      readonly basis: 'announced' | 'measured';
      /** Share of the interval's 5-second samples that were heard, in [0, 1]. */
      readonly coverage: number;
    }
  /** Nothing was heard in the last minute before the instant: the rate must come from the venue's history. */
  | { readonly kind: 'rate-missing'; readonly instantMicros: Micros };

/** The rate in sight: null until something was heard of the running interval. */
export interface PredictedFunding {
  readonly rate: number | null;
  readonly basis: 'announced' | 'measured' | 'none';
  readonly instantMicros: Micros;
  readonly countdownMicros: number;
}

/** State of a {@link FundingDesk}. */
export interface FundingDeskSnapshot {
  readonly terms: FundingTerms;
  /** Of the intervals after the running one. */
  readonly termsNext: FundingTerms;
  readonly nowMicros: Micros;
  /** Of the running interval. */
  readonly startMicros: number;
  readonly nextMicros: Micros;
  readonly lastSlot: number;
  readonly samples: number;
  readonly weights: number;
  readonly weighted: number;
  readonly announcedRate: string | null;
  readonly markPrice: string | null;
  readonly heardMicros: Micros | null;
}

/** Longest silence before an instant under which its rate may still be fixed from what was heard. */
export const FUNDING_SILENCE_MICROS: number = 60 * SECOND_MICROS;

/** Decimals of a funding rate, as the exchange prints it. */
const RATE_PLACES = 8;

/**
 * Averages the premium over each interval and fixes the rate at its end.
 *
 * The weight of a sample is its place in the interval (1 to 5,760 in 8 hours), not its count, so a gap leaves the others
 * as heavy as they were. Inputs at or before the newest instant heard, or in a 5-second slot already taken, change
 * nothing: duplicates and replays after a reconnect cannot count twice.
 */
export class FundingDesk implements Machine<FundingDeskInput, FundingDeskOutput, FundingDeskSnapshot> {
  #state: FundingDeskSnapshot;

  /** Starts in the middle of the interval that holds `nowMicros`. */
  constructor(terms: FundingTerms, nowMicros: Micros) {
    const nextMicros = nextFundingMicros(nowMicros, terms.intervalHours);
    this.#state = {
      terms,
      termsNext: terms,
      nowMicros,
      startMicros: nextMicros - intervalMicros(terms),
      nextMicros,
      ...NOTHING_HEARD,
    };
  }

  /** An equal desk. */
  static restore(snapshot: FundingDeskSnapshot): FundingDesk {
    const desk = new FundingDesk(snapshot.terms, snapshot.nowMicros);
    desk.#state = snapshot;
    return desk;
  }

  apply(input: FundingDeskInput): readonly FundingDeskOutput[] {
    if (input.atMicros < this.#state.nowMicros) return [];
    const outputs = this.#closeIntervalsUntil(input.atMicros);
    this.#state = { ...this.#state, nowMicros: input.atMicros };
    if (input.kind === 'premium-sampled') this.#sample(input.premium, input.markPrice, input.atMicros);
    if (input.kind === 'rate-announced') this.#hearRate(input);
    if (input.kind === 'terms-changed') this.#state = { ...this.#state, termsNext: input.terms };
    return outputs;
  }

  /** The rate that would be fixed if the interval ended now. */
  predicted(): PredictedFunding {
    const { announcedRate, nextMicros, nowMicros } = this.#state;
    const measured = this.#measuredRate();
    return {
      rate: announcedRate === null ? measured : Number(announcedRate),
      basis: announcedRate !== null ? 'announced' : measured !== null ? 'measured' : 'none',
      instantMicros: nextMicros,
      countdownMicros: nextMicros - nowMicros,
    };
  }

  snapshot(): FundingDeskSnapshot {
    return this.#state;
  }

  stateHash(): number {
    const { terms, termsNext, nowMicros, startMicros, nextMicros } = this.#state;
    const { lastSlot, samples, weights, weighted, announcedRate, markPrice, heardMicros } = this.#state;
    const hash = new StateHash();
    for (const n of [nowMicros, startMicros, nextMicros, heardMicros ?? -1]) hash.integer(n);
    for (const n of [lastSlot, samples, weights, Math.round(weighted * 1e8)]) hash.integer(n);
    for (const { intervalHours, interestRate, capRate } of [terms, termsNext]) {
      for (const n of [intervalHours, interestRate, capRate]) hash.integer(Math.round(n * 1e8));
    }
    hash.text(announcedRate ?? '');
    hash.text(markPrice ?? '');
    return hash.value();
  }

  #closeIntervalsUntil(nowMicros: Micros): FundingDeskOutput[] {
    const outputs: FundingDeskOutput[] = [];
    while (this.#state.nextMicros <= nowMicros) {
      outputs.push(this.#fixed());
      const { termsNext, nextMicros: startMicros } = this.#state;
      this.#state = {
        ...this.#state,
        terms: termsNext,
        startMicros,
        nextMicros: nextFundingMicros(startMicros, termsNext.intervalHours),
        ...NOTHING_HEARD,
      };
    }
    return outputs;
  }

  #fixed(): FundingDeskOutput {
    const { startMicros, nextMicros: instantMicros, heardMicros } = this.#state;
    const { markPrice, announcedRate, samples } = this.#state;
    const measured = this.#measuredRate();
    const silent = heardMicros === null || instantMicros - heardMicros > FUNDING_SILENCE_MICROS;
    if (silent || markPrice === null || (announcedRate === null && measured === null)) {
      return { kind: 'rate-missing', instantMicros };
    }
    const rate = announcedRate ?? (measured ?? 0).toFixed(RATE_PLACES);
    return {
      kind: 'rate-fixed',
      instantMicros,
      rate: roundDecimal(rate, RATE_PLACES, 'half-even'),
      markPrice,
      basis: announcedRate === null ? 'measured' : 'announced',
      coverage: samples / ((instantMicros - startMicros) / PREMIUM_SAMPLE_MICROS),
    };
  }

  #measuredRate(): number | null {
    const { samples, weighted, weights, terms } = this.#state;
    return samples === 0 ? null : fundingRate(weighted / weights, terms);
  }

  #sample(premium: number, markPrice: string, atMicros: Micros): void {
    assert(Number.isFinite(premium), `a premium is a number, found ${premium}`);
    this.#hear(markPrice, atMicros);
    const { startMicros, lastSlot, samples, weights, weighted } = this.#state;
    const slot = Math.floor((atMicros - startMicros) / PREMIUM_SAMPLE_MICROS) + 1;
    if (slot <= lastSlot) return;
    this.#state = {
      ...this.#state,
      lastSlot: slot,
      samples: samples + 1,
      weights: weights + slot,
      weighted: weighted + slot * premium,
    };
  }

  #hearRate(input: FundingDeskInput & { readonly kind: 'rate-announced' }): void {
    assert(isDecimalText(input.rate), `expected a rate in decimal text, found "${input.rate}"`);
    // Around an instant a frame may still speak of the interval that has ended, or already of the one after this.
    if (input.nextFundingMicros <= input.atMicros || input.nextFundingMicros > this.#state.nextMicros) return;
    this.#hear(input.markPrice, input.atMicros);
    // A nearer instant is a shorter interval, of which the venue is the first to know.
    this.#state = { ...this.#state, announcedRate: input.rate, nextMicros: input.nextFundingMicros };
  }

  #hear(markPrice: string, heardMicros: Micros): void {
    assert(isDecimalText(markPrice), `expected a mark price in decimal text, found "${markPrice}"`);
    this.#state = { ...this.#state, markPrice, heardMicros };
  }
}

function intervalMicros({ intervalHours }: FundingTerms): number {
  return intervalHours * 3600 * SECOND_MICROS;
}

const NOTHING_HEARD = {
  lastSlot: 0,
  samples: 0,
  weights: 0,
  weighted: 0,
  announcedRate: null,
  markPrice: null,
  heardMicros: null,
} as const;
