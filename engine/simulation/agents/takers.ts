/** Traders who take: a crowd of small ones, followers of trends, and the few who work a large order. */
import type { StateHash } from '../../core/state-hash.ts';
import type { OrderSide } from '../../venue/matching/order-terms.ts';
import type { Draws, SizeTable } from '../draws.ts';
import { type ListedMarket, NOTHING_RESTS } from '../listed-market.ts';

const SECOND = 1_000_000;

/** Someone who acts now and then, each time saying how long to wait for the next. */
export interface TimedAgent {
  /**
   * Acts once.
   *
   * @param mood - factor on ordinary volatility
   * @returns time to the next act in microseconds, a positive integer
   */
  act(mood: number): number;
  hashInto(hash: StateHash): void;
}

const waitMicros = (seconds: number): number => Math.max(1, Math.round(seconds * SECOND));
const opposite = (side: OrderSide): OrderSide => (side === 'buy' ? 'sell' : 'buy');

/** Terms of the crowd. */
export interface CrowdTerms {
  /** Orders per second in an ordinary mood. */
  readonly ordersPerSecond: number;
  readonly sizes: SizeTable;
  /** Chance that an order is on the side of the one before. */
  readonly sameSide: number;
  /** How much each order speeds up the next ones, and how much of that is left after each order. */
  readonly contagion: number;
  readonly contagionKept: number;
}

/** Share of the ordinary pace at which the crowd trades without contagion. */
const QUIET_PACE = 0.3;

/** Limits of orders for an auction: up to this many ticks apart, the shyest this far behind the price now. */
const AUCTION_TICKS = 6;
const AUCTION_SHY_TICKS = 2;

/** Noise traders: market orders with heavy-tailed sizes that come in bunches and in runs of one side. */
export class Crowd implements TimedAgent {
  readonly #market: ListedMarket;
  readonly #terms: CrowdTerms;
  readonly #draws: Draws;
  readonly #account: number;
  #side: OrderSide = 'buy';
  #heat = 0;

  constructor(market: ListedMarket, terms: CrowdTerms, draws: Draws) {
    this.#market = market;
    this.#terms = terms;
    this.#draws = draws;
    this.#account = market.openAccount(NOTHING_RESTS);
  }

  act(mood: number): number {
    const { ordersPerSecond, sizes, sameSide, contagion, contagionKept } = this.#terms;
    const draws = this.#draws;
    if (!draws.chance(sameSide)) this.#side = opposite(this.#side);
    const lots = Math.max(1, Math.round(sizes.draw(draws)));
    if (this.#market.isMatching) this.#market.market(this.#account, this.#side, lots);
    else this.#joinAuction(lots);
    this.#heat = (this.#heat + contagion * draws.exponential()) * contagionKept;
    const pace = ordersPerSecond * mood * mood * (QUIET_PACE + this.#heat);
    return waitMicros(Math.min(2, draws.exponential() / pace));
  }

  hashInto(hash: StateHash): void {
    hash.integer(this.#side === 'buy' ? 0 : 1);
    hash.integer(Math.round(this.#heat * 1e9));
    for (const word of this.#draws.state()) hash.integer(word);
  }

  /** Where nothing can be taken, an order for the opening: most are willing to pay a little more than the price now. */
  #joinAuction(lots: number): void {
    const { bidTicks } = this.#market;
    const willing = this.#draws.below(AUCTION_TICKS) - AUCTION_SHY_TICKS;
    const price = this.#side === 'buy' ? bidTicks + willing : bidTicks + 1 - willing;
    this.#market.join(this.#account, this.#side, price, lots);
  }
}

/** Terms of the trend followers. */
export interface MomentumTerms {
  /** Relative move of the fast over the slow average that starts a trade, in an ordinary mood. */
  readonly trigger: number;
  /** Size of one order in lots, and most that is held. */
  readonly orderLots: number;
  readonly mostLots: number;
}

/** Share by which the averages move to the price at each look (about every second): some 8 and 60 seconds. */
const FAST = 0.12;
const SLOW = 0.0165;

/** Buys what rises and sells what falls until it holds enough; gives the position back when the trend ends. */
export class Momentum implements TimedAgent {
  readonly #market: ListedMarket;
  readonly #terms: MomentumTerms;
  readonly #draws: Draws;
  readonly #account: number;
  #fast: number;
  #slow: number;
  #positionLots = 0;

  constructor(market: ListedMarket, terms: MomentumTerms, startPrice: number, draws: Draws) {
    this.#market = market;
    this.#terms = terms;
    this.#draws = draws;
    this.#account = market.openAccount(NOTHING_RESTS);
    this.#fast = startPrice;
    this.#slow = startPrice;
  }

  act(mood: number): number {
    const { trigger, orderLots, mostLots } = this.#terms;
    const price = this.#market.midPrice;
    this.#fast += FAST * (price - this.#fast);
    this.#slow += SLOW * (price - this.#slow);
    const trend = (this.#fast / this.#slow - 1) / (trigger * mood);
    const wish = Math.round(Math.max(-1, Math.min(1, Math.abs(trend) < 0.5 ? 0 : trend)) * mostLots);
    const missing = wish - this.#positionLots;
    if (Math.abs(missing) >= orderLots) {
      const lots = Math.max(1, Math.round(orderLots * (0.5 + this.#draws.uniform())));
      const taken = this.#market.market(this.#account, missing > 0 ? 'buy' : 'sell', lots);
      this.#positionLots += missing > 0 ? taken : -taken;
    }
    return waitMicros(0.7 + 0.6 * this.#draws.uniform());
  }

  hashInto(hash: StateHash): void {
    hash.integer(Math.round(this.#fast * 1e6));
    hash.integer(Math.round(this.#slow * 1e6));
    hash.integer(this.#positionLots);
    for (const word of this.#draws.state()) hash.integer(word);
  }
}

/** Terms of the large orders. */
export interface BlockTerms {
  /** Mean seconds between two large orders in an ordinary mood. */
  readonly everySeconds: number;
  /** Size of the whole, in lots. */
  readonly sizes: SizeTable;
  /** Mean number of pieces, and mean seconds between two pieces. */
  readonly pieces: number;
  readonly pieceSeconds: number;
}

/** Works one large order after another, piece by piece. */
export class BlockTrader implements TimedAgent {
  readonly #market: ListedMarket;
  readonly #terms: BlockTerms;
  readonly #draws: Draws;
  readonly #account: number;
  #side: OrderSide = 'buy';
  #leftLots = 0;
  #pieceLots = 0;

  constructor(market: ListedMarket, terms: BlockTerms, draws: Draws) {
    this.#market = market;
    this.#terms = terms;
    this.#draws = draws;
    this.#account = market.openAccount(NOTHING_RESTS);
  }

  /** Time to the first order. */
  firstWait(): number {
    return waitMicros(this.#terms.everySeconds * this.#draws.exponential());
  }

  act(mood: number): number {
    const { everySeconds, sizes, pieces, pieceSeconds } = this.#terms;
    const draws = this.#draws;
    if (this.#leftLots === 0) {
      this.#side = draws.chance(0.5) ? 'buy' : 'sell';
      this.#leftLots = Math.max(1, Math.round(sizes.draw(draws)));
      this.#pieceLots = Math.max(1, Math.ceil(this.#leftLots / (1 + pieces * draws.exponential())));
    }
    const lots = Math.min(this.#leftLots, this.#pieceLots);
    this.#market.market(this.#account, this.#side, lots);
    // What found nothing to take is given up, not sent again.
    this.#leftLots -= lots;
    if (this.#leftLots > 0) return waitMicros(pieceSeconds * draws.exponential());
    return waitMicros((everySeconds / mood) * draws.exponential());
  }

  hashInto(hash: StateHash): void {
    hash.integer(this.#side === 'buy' ? 0 : 1);
    hash.integer(this.#leftLots);
    hash.integer(this.#pieceLots);
    for (const word of this.#draws.state()) hash.integer(word);
  }
}
