/** One contract of the embedded market with everyone who trades it. */
import type { Rng } from '../core/rng.ts';
import type { StateHash } from '../core/state-hash.ts';
import type { Micros } from '../core/units.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { Arbitrageur } from './agents/arbitrageur.ts';
import { MarketMaker } from './agents/market-maker.ts';
import { LIQUIDITY_ROUND_MICROS, PassiveLiquidity } from './agents/passive-liquidity.ts';
import { BlockTrader, Crowd, Momentum, type TimedAgent } from './agents/takers.ts';
import { DEPTH_INTERVAL_MICROS } from './depth-publisher.ts';
import { Draws } from './draws.ts';
import { FairValue } from './fair-value.ts';
import type { LatentValues } from './latent-value.ts';
import { ListedMarket } from './listed-market.ts';
import { MARK_INTERVAL_MICROS, MarkDesk } from './mark-desk.ts';
import type { MarketProfile } from './market-profile.ts';
import { PaperAccount } from './paper/paper-account.ts';
import type { ContractVenue } from './venues/contract-venue.ts';

/** Time from a change of the touch to the professionals' answer: at least this, up to twice as much. */
const REACTION_MICROS = 1_500;
/** Now and then everyone is late; a broken touch then stays wide for up to this long. */
const LATE_SHARE = 0.02;
const LATE_MICROS = 120_000;
/** Time after which the maker looks at its quotes in any case. */
const ROUTINE_MICROS = 400_000;

/** The parts of a contract that act on their own. */
export const CONTRACT_ROLES = [
  'crowd',
  'momentum',
  'block',
  'liquidity',
  'routine',
  'mark',
  'publish',
] as const;

/** A role of {@link CONTRACT_ROLES}. */
export type ContractRole = (typeof CONTRACT_ROLES)[number];

/** A market, its fair value, and its agents. */
export class SimulatedContract {
  readonly market: ListedMarket;
  /** The reader's account. */
  readonly paper: PaperAccount;
  readonly fair: FairValue;
  readonly maker: MarketMaker;
  readonly #profile: MarketProfile;
  readonly #arbitrageur: Arbitrageur;
  readonly #liquidity: PassiveLiquidity;
  readonly #takers: ReadonlyMap<ContractRole, TimedAgent>;
  readonly #desk: MarkDesk;
  readonly #draws: Draws;
  readonly #firstBlock: number;

  constructor(options: {
    readonly spec: ContractSpec;
    readonly profile: MarketProfile;
    readonly latent: LatentValues;
    readonly contract: number;
    readonly rng: Rng;
    readonly startMicros: Micros;
    readonly frames: FeedFrame[];
    readonly venue: ContractVenue;
  }) {
    const { spec, profile, latent, contract, rng, startMicros, frames, venue } = options;
    const draws = (name: string): Draws => new Draws(rng.stream(`${spec.id}/${name}`));
    const market = new ListedMarket(spec, venue, startMicros, frames);
    this.market = market;
    this.paper = new PaperAccount(market);
    this.#profile = profile;
    this.#draws = draws('reaction');
    this.fair = new FairValue(latent, contract, spec, profile.impact, draws('basis'));
    venue.setReference(startMicros, Math.floor(this.fair.ticks));
    this.maker = new MarketMaker(market, profile.maker, Math.floor(this.fair.ticks), draws('maker'));
    this.maker.quote(this.fair.mood);
    this.#arbitrageur = new Arbitrageur(market);
    this.#liquidity = new PassiveLiquidity(market, profile.bands, profile.restingSizes, draws('liquidity'));
    this.#liquidity.settleIn();
    const block = new BlockTrader(market, profile.block, draws('block'));
    this.#firstBlock = block.firstWait();
    this.#takers = new Map<ContractRole, TimedAgent>([
      ['crowd', new Crowd(market, profile.crowd, draws('crowd'))],
      ['momentum', new Momentum(market, profile.momentum, this.fair.index, draws('momentum'))],
      ['block', block],
    ]);
    this.#desk = new MarkDesk(market, profile.funding);
    market.open();
  }

  /** Time from the start to the first act of a role. */
  firstWait(role: ContractRole, nowMicros: Micros): number {
    const untilMultiple = (interval: number): number => interval - (nowMicros % interval);
    switch (role) {
      case 'block':
        return this.#firstBlock;
      case 'liquidity':
        return LIQUIDITY_ROUND_MICROS;
      case 'mark':
        return untilMultiple(MARK_INTERVAL_MICROS);
      case 'publish':
        return untilMultiple(DEPTH_INTERVAL_MICROS);
      default:
        return 1 + this.#draws.below(ROUTINE_MICROS);
    }
  }

  /** Lets a role act; returns the time to its next act in microseconds. */
  act(role: ContractRole): number {
    switch (role) {
      case 'liquidity':
        if (this.market.canQuote) this.#liquidity.act(this.fair.mood);
        return LIQUIDITY_ROUND_MICROS;
      case 'routine':
        this.react();
        return ROUTINE_MICROS;
      case 'mark':
        this.#desk.publish(this.fair.index);
        return MARK_INTERVAL_MICROS;
      case 'publish':
        this.market.publish();
        return DEPTH_INTERVAL_MICROS;
      default:
        return this.#take(role);
    }
  }

  /** True where the professionals should look again: the touch moved or fair value ran away. */
  needsReaction(): boolean {
    return this.market.canQuote && (this.market.touchMoved || this.maker.isOutrun(this.fair.ticks));
  }

  /** Time that the professionals need to answer. */
  reactionMicros(): number {
    const late = this.#draws.chance(LATE_SHARE) ? this.#draws.below(LATE_MICROS) : 0;
    return REACTION_MICROS + this.#draws.below(REACTION_MICROS) + late;
  }

  /** The professionals answer, where the market lets them: the arbitrageur takes what is stale, then the maker quotes. */
  react(): void {
    const { market, maker, fair } = this;
    if (!market.canQuote) return;
    const fairTicks = fair.ticks;
    if (maker.isOutrun(fairTicks)) {
      const to = Math.floor(fairTicks);
      const moved = Math.abs(to - maker.centreTicks);
      const up = to > maker.centreTicks;
      maker.moveTo(to);
      this.#liquidity.pull(up ? 'sell' : 'buy', up ? to : to + 1, this.#profile.pullShare);
      if (market.isMatching) this.#arbitrageur.sweepTo(to);
      // What the arbitrageur knew is in the fair value already.
      market.takerFlowLots = 0;
      this.#liquidity.excite((moved / this.#profile.maker.patienceTicks) * this.#profile.excitementByMove);
    } else if (market.isMatching) {
      maker.followTouch(fairTicks);
    }
    maker.quote(fair.mood);
    market.touchMoved = false;
  }

  /** Adds the contract's state to the hash. */
  hashInto(hash: StateHash): void {
    this.market.hashInto(hash);
    this.paper.hashInto(hash);
    this.fair.hashInto(hash);
    this.maker.hashInto(hash);
    this.#liquidity.hashInto(hash);
    for (const agent of this.#takers.values()) agent.hashInto(hash);
    this.#desk.hashInto(hash);
    for (const word of this.#draws.state()) hash.integer(word);
  }

  #take(role: ContractRole): number {
    const agent = this.#takers.get(role);
    if (agent === undefined) return ROUTINE_MICROS;
    const wait = agent.act(this.fair.mood);
    const flow = this.market.takerFlowLots;
    if (flow !== 0) {
      this.market.takerFlowLots = 0;
      this.fair.observe(flow);
      this.#liquidity.excite(Math.abs(flow) * this.#profile.excitementPerLot);
    }
    return wait;
  }
}
