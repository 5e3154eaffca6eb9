/** Latent values: the fair prices that nobody sees, correlated across contracts, with volatility that comes in clusters. */
import { assert } from '../core/assert.ts';
import type { StateHash } from '../core/state-hash.ts';
import type { Draws } from './draws.ts';

/** Time between two steps of the values. */
export const LATENT_STEP_MICROS = 50_000;
const STEPS_PER_SECOND = 1_000_000 / LATENT_STEP_MICROS;
/** One second's volatility spread over its steps: 1 / √20, written out so that no square root is taken. */
const ROOT_STEP = 0.22360679774997896;
/** Pull towards the starting value, per step: half of a gap closes in about five days, so no run drifts off for good. */
const HOMING = Math.LN2 / (5 * 86_400 * STEPS_PER_SECOND);

/**
 * Volatility as a product of components that each stay put for a random while and then may flip, from seconds to
 * hours: calm and stormy stretches on every scale (a Markov-switching multifractal after Calvet and Fisher, 2004).
 */
class VolatilityRegime {
  /** Mean seconds between redraws of each component. */
  static readonly LIFETIMES: readonly number[] = [15, 90, 600, 3_600, 14_400];
  static readonly LOW = 0.72;
  static readonly HIGH = 1.28;
  readonly #draws: Draws;
  readonly #components: number[];
  #multiplier: number;

  constructor(draws: Draws) {
    this.#draws = draws;
    this.#components = VolatilityRegime.LIFETIMES.map(() => this.#redraw());
    // A run opens in an ordinary mood, whatever its seed: the slowest components start on opposite sides.
    this.#components[3] = VolatilityRegime.LOW;
    this.#components[4] = VolatilityRegime.HIGH;
    this.#multiplier = this.#product();
  }

  /** Factor on the ordinary volatility, within [0.19, 3.44]; its mean is 1. */
  get multiplier(): number {
    return this.#multiplier;
  }

  step(): void {
    let changed = false;
    for (let i = 0; i < VolatilityRegime.LIFETIMES.length; i++) {
      if (this.#draws.chance(1 / ((VolatilityRegime.LIFETIMES[i] as number) * STEPS_PER_SECOND))) {
        this.#components[i] = this.#redraw();
        changed = true;
      }
    }
    if (changed) this.#multiplier = this.#product();
  }

  hashInto(hash: StateHash): void {
    for (const component of this.#components) hash.integer(component === VolatilityRegime.HIGH ? 1 : 0);
  }

  #redraw(): number {
    return this.#draws.chance(0.5) ? VolatilityRegime.HIGH : VolatilityRegime.LOW;
  }

  #product(): number {
    return this.#components.reduce((product, component) => product * component, 1);
  }
}

/** How one contract's value moves. */
export interface LatentTerms {
  /** Starting value in quote currency, positive. */
  readonly start: number;
  /** Standard deviation of the relative change over one second in an ordinary mood. */
  readonly secondVolatility: number;
  /** The group that shares one volatility regime. */
  readonly regime: number;
  /** Loadings on earlier contracts' shocks, by position, and on a shock of its own; their squares add up to 1. */
  readonly loadings: readonly number[];
}

/** The values of all contracts. */
export class LatentValues {
  readonly #terms: readonly LatentTerms[];
  readonly #draws: Draws;
  readonly #regimes: readonly VolatilityRegime[];
  readonly #values: number[];
  readonly #shocks: number[];

  /** @param regimeDraws - one stream for each volatility regime */
  constructor(terms: readonly LatentTerms[], draws: Draws, regimeDraws: readonly Draws[]) {
    for (const { loadings, start } of terms) {
      const squares = loadings.reduce((sum, loading) => sum + loading * loading, 0);
      assert(Math.abs(squares - 1) < 1e-9, `squared loadings must add up to 1, found ${squares}`);
      assert(start > 0, `a value starts positive, found ${start}`);
    }
    this.#terms = terms;
    this.#draws = draws;
    this.#regimes = regimeDraws.map((stream) => new VolatilityRegime(stream));
    this.#values = terms.map(({ start }) => start);
    this.#shocks = terms.map(() => 0);
  }

  /** Value of one contract in quote currency. */
  value(contract: number): number {
    return this.#values[contract] as number;
  }

  /** Factor on the ordinary volatility of this contract's group now. */
  mood(contract: number): number {
    const regime = (this.#terms[contract] as LatentTerms).regime;
    return (this.#regimes[regime] as VolatilityRegime).multiplier;
  }

  /** Moves every value by one step of {@link LATENT_STEP_MICROS}. */
  step(): void {
    for (const regime of this.#regimes) regime.step();
    for (let i = 0; i < this.#terms.length; i++) {
      const { loadings, start, secondVolatility } = this.#terms[i] as LatentTerms;
      const own = loadings.length - 1;
      let shock = (loadings[own] as number) * this.#draws.normal();
      for (let j = 0; j < own; j++) shock += (loadings[j] as number) * (this.#shocks[j] as number);
      this.#shocks[i] = shock;
      const value = this.#values[i] as number;
      const relative = secondVolatility * this.mood(i) * ROOT_STEP * shock + HOMING * (start / value - 1);
      this.#values[i] = value * (1 + relative);
    }
  }

  /** Moves one value by a fraction: what a trade taught the market. */
  learn(contract: number, fraction: number): void {
    this.#values[contract] = (this.#values[contract] as number) * (1 + fraction);
  }

  /** Adds values (to a millionth) and regimes to the hash. */
  hashInto(hash: StateHash): void {
    for (const value of this.#values) hash.integer(Math.round(value * 1e6));
    for (const regime of this.#regimes) regime.hashInto(hash);
    for (const word of this.#draws.state()) hash.integer(word);
  }
}
