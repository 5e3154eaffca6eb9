/** The embedded market: a seeded, network-free exchange whose output is the venue's own wire dialect. */
import { assert } from '../core/assert.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { Rng } from '../core/rng.ts';
import { StateHash } from '../core/state-hash.ts';
import { type Micros, micros, SECOND_MICROS } from '../core/units.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec, InstrumentId } from '../reference/instruments/contract-spec.ts';
import { LISTINGS } from '../reference/instruments/listings.ts';
import { Draws } from './draws.ts';
import { EventQueue } from './event-queue.ts';
import { LATENT_STEP_MICROS, LatentValues } from './latent-value.ts';
import { MARKET_PROFILES } from './market-profiles.ts';
import type {
  OrderEstimate,
  OrderStory,
  PaperCommand,
  PaperInput,
  PaperOrder,
  PaperOrderId,
  PaperReceipt,
  VenueView,
} from './paper/paper-orders.ts';
import { CONTRACT_ROLES, type ContractRole, SimulatedContract } from './simulated-contract.ts';
import { FuturesGroup } from './venues/futures-group.ts';
import { PerpVenue } from './venues/perp-venue.ts';

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
/** Actor number of the futures' sessions. */
const SESSION_ACTOR = 1 + LISTINGS.length * ACTORS_PER_CONTRACT;

/**
 * A Monday on which every simulated contract trades and every bracket table is in force: 2026-05-04 14:00 UTC, 09:00 in
 * Chicago.
 */
export const SIMULATION_START: Micros = micros(1_777_903_200_000_000);

/** Most inputs of the reader in one run. */
const MOST_INPUTS = 10_000;
/** Longest interruption by hand, in seconds. */
const LONGEST_INTERRUPTION = 600;

const phaseOf = (role: ContractRole): 'mark' | 'publish' | 'agents' =>
  role === 'mark' || role === 'publish' ? role : 'agents';

/** The answer to a command of the reader: a receipt for orders, null for the rest. */
export type PaperAnswer = Result<PaperReceipt | null>;

/**
 * A deterministic market of all listed contracts: the perpetuals each on a crypto perpetual venue, the futures as one group
 * on a Globex venue.
 *
 * Besides seed and start the only inputs are those of the reader, which happen after everything else of their instant and
 * are kept in a journal: the same seed and the same journal give the same run.
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
  readonly #group: FuturesGroup;
  readonly #journal: PaperInput[] = [];
  /** When the session's next event is scheduled; infinity for never. */
  #sessionMicros = Number.POSITIVE_INFINITY;
  #ordersSent = 0;
  /** True while something of the present instant may still be to come. */
  #isBetween = false;
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
    const futures = LISTINGS.filter((spec) => spec.venue === 'cme-globex').map(({ symbol }) => symbol);
    this.#group = new FuturesGroup(futures, startMicros);
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
          venue: spec.venue === 'cme-globex' ? this.#group.member(spec.symbol) : new PerpVenue(startMicros),
        }),
    );
    this.#group.begin(startMicros);
    this.#scheduleSession();
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
        this.#isBetween = false;
        return true;
      }
      this.#handle();
    }
    this.#isBetween = true;
    return false;
  }

  /** What the reader did so far, oldest first. */
  get journal(): readonly PaperInput[] {
    return this.#journal;
  }

  /**
   * Does what the reader asks, now. Only where `advance` reached its time: the command comes after everything else of this
   * instant.
   *
   * Fails: `reference/instrument-unknown`; `worker/request-malformed` for numbers that are none; `order/limit-exceeded`
   * when the run took all the inputs it has room for; `paper/not-a-group` and `paper/not-open` for an interruption.
   * Refusals by the venue are receipts.
   */
  submit(command: PaperCommand): PaperAnswer {
    assert(!this.#isBetween, 'a command comes when the market stands still');
    const instrument = command.kind === 'place' ? command.order.instrument : command.instrument;
    const contract = this.#contractOf(instrument);
    if (contract === null) return fail('reference/instrument-unknown', `${instrument} is not simulated`);
    const isEnding = command.kind === 'cancel' || command.kind === 'cancel-all';
    // Ending what is open has as much room again.
    if (this.#journal.length >= (isEnding ? 2 * MOST_INPUTS : MOST_INPUTS)) {
      return fail('order/limit-exceeded', `expected at most ${MOST_INPUTS} commands in a run`);
    }
    const problem = commandProblem(command);
    if (problem !== null) return fail('worker/request-malformed', problem);
    this.#journal.push({ atMicros: this.#nowMicros, command });
    for (const { market } of this.contracts) market.nowMicros = this.#nowMicros;
    const answer = this.#obey(command, contract);
    // The reader may have stopped the run: what the command did to the book must not wait for its next instant.
    contract.market.publish();
    this.contracts.forEach((each, c) => {
      this.#scheduleReaction(each, c);
    });
    this.#scheduleSession();
    return answer;
  }

  /** What the reader sees of the venue of a contract; null where it is not simulated. */
  venueView(instrument: InstrumentId): VenueView | null {
    const contract = this.#contractOf(instrument);
    if (contract === null) return null;
    contract.market.nowMicros = this.#nowMicros;
    return contract.paper.view();
  }

  /**
   * What an order of the reader would get if it were sent now; null where that cannot be said. Changes nothing.
   *
   * Fails: `reference/instrument-unknown`; `worker/request-malformed` for numbers that are none.
   */
  estimate(order: PaperOrder): Result<OrderEstimate | null> {
    const contract = this.#contractOf(order.instrument);
    if (contract === null)
      return fail('reference/instrument-unknown', `${order.instrument} is not simulated`);
    const problem = commandProblem({ kind: 'place', order });
    if (problem !== null) return fail('worker/request-malformed', problem);
    contract.market.nowMicros = this.#nowMicros;
    return ok(contract.paper.estimate(order));
  }

  /**
   * The story of an order of the reader.
   *
   * Fails: `paper/order-unknown` where there is none, or it was forgotten.
   */
  orderStory(instrument: InstrumentId, id: PaperOrderId): Result<OrderStory> {
    const story = this.#contractOf(instrument)?.paper.story(id) ?? null;
    return story === null ? fail('paper/order-unknown', `there is no story of order ${id}`) : ok(story);
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

  #obey(command: PaperCommand, { paper, market }: SimulatedContract): PaperAnswer {
    switch (command.kind) {
      case 'place':
        return ok(paper.place(++this.#ordersSent, command.order));
      case 'cancel':
        return ok(paper.cancel(command.id));
      case 'cancel-all':
        paper.cancelAll();
        return ok(null);
      case 'amend':
        return ok(paper.amend(command.id, command.priceTicks, command.sizeLots));
      case 'interrupt': {
        if (market.venue.kind !== 'globex') {
          return fail(
            'paper/not-a-group',
            'only the futures trade in a group whose market can be interrupted',
          );
        }
        return this.#group.interrupt(this.#nowMicros, command.seconds)
          ? ok(null)
          : fail('paper/not-open', 'the market is not open, so there is nothing to interrupt');
      }
    }
  }

  #contractOf(instrument: InstrumentId): SimulatedContract | null {
    return this.contracts.find(({ market }) => market.spec.id === instrument) ?? null;
  }

  /** Calls the session at the instant at which something is next due there. */
  #scheduleSession(): void {
    const due = this.#group.dueMicros;
    if (due === this.#sessionMicros) return;
    this.#sessionMicros = due;
    if (due !== Number.POSITIVE_INFINITY) this.#queue.schedule(due, 'session', SESSION_ACTOR);
  }

  #handle(): void {
    const event = this.#queue.pop();
    const now = micros(event.atMicros);
    this.#nowMicros = now;
    if (event.actor === SESSION_ACTOR) {
      for (const { market } of this.contracts) market.nowMicros = now;
      this.#group.advance(now);
      this.#sessionMicros = Number.POSITIVE_INFINITY;
      this.#scheduleSession();
      this.contracts.forEach((contract, c) => {
        this.#scheduleReaction(contract, c);
      });
      return;
    }
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
    if (contract.market.venue.kind === 'globex') this.#scheduleSession();
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

/** What is wrong with the numbers of a command, or null. What a price or size may be is the venue's to say. */
function commandProblem(command: PaperCommand): string | null {
  const numbers =
    command.kind === 'place'
      ? [
          command.order.sizeLots,
          command.order.priceTicks ?? 0,
          command.order.triggerTicks ?? 0,
          command.order.goodTillMicros ?? 0,
        ]
      : command.kind === 'amend'
        ? [command.priceTicks, command.sizeLots]
        : command.kind === 'interrupt'
          ? [command.seconds]
          : [];
  if (!numbers.every(Number.isSafeInteger)) return `expected whole numbers, found ${numbers.join(', ')}`;
  if (command.kind !== 'interrupt') return null;
  return command.seconds >= 1 && command.seconds <= LONGEST_INTERRUPTION
    ? null
    : `expected 1 to ${LONGEST_INTERRUPTION} seconds, found ${command.seconds}`;
}

/**
 * State hash of the market of a seed after so many simulated seconds: one number by which two hosts can tell whether they
 * run the same market.
 */
export function embeddedMarketHash(seed: number, seconds: number): number {
  const market = new EmbeddedMarket({ seed, startMicros: SIMULATION_START });
  const until = micros(SIMULATION_START + seconds * SECOND_MICROS);
  while (!market.advance(until, 10_000)) market.takeFrames();
  return market.stateHash();
}
