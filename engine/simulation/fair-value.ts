/** What the professionals of one market hold to be its price: latent value, basis, and the imprint of recent trades. */
import type { StateHash } from '../core/state-hash.ts';
import { stepValue } from '../core/units.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import type { Draws } from './draws.ts';
import { LATENT_STEP_MICROS, type LatentValues } from './latent-value.ts';

/** How trades and demand move the fair value of one contract. */
export interface ImpactTerms {
  /** Ticks of lasting move per lot of net taker volume. */
  readonly lastingTicksPerLot: number;
  /** Ticks of passing move per lot; it fades over {@link ImpactTerms.fadeSeconds}. */
  readonly passingTicksPerLot: number;
  readonly fadeSeconds: number;
  /** Standard deviation of the slow basis to the index, as a fraction. */
  readonly basisDeviation: number;
}

/** Seconds over which the basis forgets. */
const BASIS_SECONDS = 1_800;
const STEP_SECONDS = LATENT_STEP_MICROS / 1_000_000;
/** √(2 × step ÷ memory), which keeps the basis at its standard deviation; written out so that no root is taken. */
const BASIS_STEP = 0.007453559924999299;

/** Fair value of one contract in ticks. */
export class FairValue {
  readonly #latent: LatentValues;
  readonly #contract: number;
  readonly #terms: ImpactTerms;
  readonly #draws: Draws;
  readonly #tickValue: number;
  #passingTicks = 0;
  #basis = 0;

  constructor(latent: LatentValues, contract: number, spec: ContractSpec, terms: ImpactTerms, draws: Draws) {
    this.#latent = latent;
    this.#contract = contract;
    this.#terms = terms;
    this.#draws = draws;
    this.#tickValue = stepValue(spec.tickSize);
  }

  /** The latent value in quote currency: the index. */
  get index(): number {
    return this.#latent.value(this.#contract);
  }

  /** Factor on ordinary volatility now. */
  get mood(): number {
    return this.#latent.mood(this.#contract);
  }

  /** Fair price of the contract in ticks, not rounded. */
  get ticks(): number {
    return (this.index * (1 + this.#basis)) / this.#tickValue + this.#passingTicks;
  }

  /** Lets the imprint fade and the basis drift by one latent step. */
  step(): void {
    this.#passingTicks *= 1 - STEP_SECONDS / this.#terms.fadeSeconds;
    this.#basis *= 1 - STEP_SECONDS / BASIS_SECONDS;
    this.#basis += this.#terms.basisDeviation * BASIS_STEP * this.#draws.normal();
  }

  /** Takes note of net taker volume in lots: bought less sold. */
  observe(flowLots: number): void {
    this.#passingTicks += this.#terms.passingTicksPerLot * flowLots;
    const lasting = this.#terms.lastingTicksPerLot * flowLots * this.#tickValue;
    this.#latent.learn(this.#contract, lasting / this.index);
  }

  /** Adds imprint (millionths of a tick) and basis (10^-12) to the hash. */
  hashInto(hash: StateHash): void {
    hash.integer(Math.round(this.#passingTicks * 1e6));
    hash.integer(Math.round(this.#basis * 1e12));
    for (const word of this.#draws.state()) hash.integer(word);
  }
}
