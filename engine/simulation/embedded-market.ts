/** The embedded market: a seeded, network-free exchange whose output is the venue's own wire dialect. */
import { assert } from '../core/assert.ts';
import { Rng } from '../core/rng.ts';
import { StateHash } from '../core/state-hash.ts';
import { type Micros, micros, SECOND_MICROS } from '../core/units.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { LISTINGS } from '../reference/instruments/listings.ts';
import { Draws } from './draws.ts';
import { EventQueue } from './event-queue.ts';
import { LATENT_STEP_MICROS, LatentValues } from './latent-value.ts';
import { MARKET_PROFILES } from './market-profiles.ts';
import { CONTRACT_ROLES, type ContractRole, SimulatedContract } from './simulated-contract.ts';

/** Seed and start of a run: equal options give equal frames and equal hashes on every host. */
export interface EmbeddedMarketOptions {
  /** Any safe integer. */
  readonly seed: number;
  readonly startMicros: Micros;
}

/** Number of volatility regimes that the profiles name. */
const REGIMES = 2;
/** Actor number of the latent values; those of the contracts follow. */
const LATENT_ACTOR = 0;
/** Actors of one contract: its roles and, last, its reaction. */
const ACTORS_PER_CONTRACT = CONTRACT_ROLES.length + 1;
const REACTION = CONTRACT_ROLES.length;

const phaseOf = (role: ContractRole): 'mark' | 'publish' | 'agents' =>
  role === 'mark' || role === 'publish' ? role : 'agents';

/**
 * A deterministic market of all listed contracts.
 *
 * Frames carry the bytes of the venue's combined stream, `{"stream":"btcusdt@depth@100ms","data":{...}}`; a snapshot
 * frame carries the bare REST body. All contracts, ES and NQ too, speak this one dialect; contracts without funding
 * send an empty funding rate `"r":""` and next funding time 0, as the venue does for its dated futures.
 */
export class EmbeddedMarket {
  readonly instruments: readonly ContractSpec[] = LISTINGS;
  /** The contracts from inside, for inspection; to change anything through them breaks the run. */
  readonly contracts: readonly SimulatedContract[];
  readonly #latent: LatentValues;
  readonly #queue = new EventQueue();
  readonly #frames: FeedFrame[] = [];
  readonly #reacting: boolean[];
  #nowMicros: Micros;

  constructor(options: EmbeddedMarketOptions) {
    const { seed, startMicros } = options;
    const rng = new Rng(seed);
    const profiles = LISTINGS.map((spec) => {
      const profile = MARKET_PROFILES.find((candidate) => candidate.symbol === spec.symbol);
      assert(profile !== undefined, `no market profile for ${spec.symbol}`);
      return profile;
    });
    this.#nowMicros = startMicros;
    this.#latent = new LatentValues(
      profiles.map((profile) => profile.latent),
      new Draws(rng.stream('latent')),
      Array.from({ length: REGIMES }, (_, regime) => new Draws(rng.stream(`regime/${regime}`))),
    );
    this.contracts = LISTINGS.map(
      (spec, contract) =>
        new SimulatedContract({
          spec,
          profile: profiles[contract] as (typeof profiles)[number],
          latent: this.#latent,
          contract,
          rng,
          startMicros,
          frames: this.#frames,
        }),
    );
    this.#reacting = this.contracts.map(() => false);
    this.#queue.schedule(startMicros + LATENT_STEP_MICROS, 'latent-value', LATENT_ACTOR);
    this.contracts.forEach((contract, c) => {
      CONTRACT_ROLES.forEach((role, r) => {
        const wait = contract.firstWait(role, startMicros);
        this.#queue.schedule(startMicros + wait, phaseOf(role), 1 + c * ACTORS_PER_CONTRACT + r);
      });
    });
  }

  /** The run's clock. */
  get nowMicros(): Micros {
    return this.#nowMicros;
  }

  /** Runs until the time is reached or `maxEvents` were handled; true when reached. */
  advance(untilMicros: Micros, maxEvents: number): boolean {
    for (let handled = 0; handled < maxEvents; handled++) {
      const next = this.#queue.peek();
      if (next === null || next.atMicros > untilMicros) {
        this.#nowMicros = micros(Math.max(this.#nowMicros, untilMicros));
        return true;
      }
      this.#handle();
    }
    return false;
  }

  /** Frames produced since the last call, in order; payload bytes are owned by the caller. */
  takeFrames(): FeedFrame[] {
    return this.#frames.splice(0);
  }

  /** The REST-like book of an instrument now (at most 1000 levels a side), on `snapshotStream(symbol)`. */
  snapshotFrame(symbol: string): FeedFrame {
    const contract = this.contracts.find((candidate) => candidate.market.spec.symbol === symbol);
    assert(contract !== undefined, `${symbol} is not listed`);
    contract.market.nowMicros = this.#nowMicros;
    return contract.market.snapshotFrame();
  }

  /** Hash over the meaning of the whole state: books, values, agents, clocks and what is due. */
  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.#nowMicros);
    this.#latent.hashInto(hash);
    for (const contract of this.contracts) contract.hashInto(hash);
    for (const event of this.#queue.sorted()) {
      hash.integer(event.atMicros);
      hash.integer(event.phase);
      hash.integer(event.actor);
    }
    return hash.value();
  }

  #handle(): void {
    const event = this.#queue.pop();
    const now = micros(event.atMicros);
    this.#nowMicros = now;
    if (event.actor === LATENT_ACTOR) {
      this.#latent.step();
      this.#queue.schedule(now + LATENT_STEP_MICROS, 'latent-value', LATENT_ACTOR);
      this.contracts.forEach((contract, c) => {
        contract.fair.step();
        this.#scheduleReaction(contract, c);
      });
      return;
    }
    const c = Math.floor((event.actor - 1) / ACTORS_PER_CONTRACT);
    const part = (event.actor - 1) % ACTORS_PER_CONTRACT;
    const contract = this.contracts[c] as SimulatedContract;
    contract.market.nowMicros = now;
    if (part === REACTION) {
      this.#reacting[c] = false;
      contract.react();
    } else {
      const role = CONTRACT_ROLES[part] as ContractRole;
      this.#queue.schedule(now + contract.act(role), phaseOf(role), event.actor);
    }
    this.#scheduleReaction(contract, c);
  }

  #scheduleReaction(contract: SimulatedContract, c: number): void {
    if (this.#reacting[c] === true || !contract.needsReaction()) return;
    this.#reacting[c] = true;
    this.#queue.schedule(
      this.#nowMicros + contract.reactionMicros(),
      'agents',
      1 + c * ACTORS_PER_CONTRACT + REACTION,
    );
  }
}

/**
 * State hash of the market of a seed after so many simulated seconds from the epoch: one number by which two hosts can
 * tell whether they run the same market.
 */
export function embeddedMarketHash(seed: number, seconds: number): number {
  const market = new EmbeddedMarket({ seed, startMicros: micros(0) });
  const until = micros(seconds * SECOND_MICROS);
  while (!market.advance(until, 10_000)) market.takeFrames();
  return market.stateHash();
}
