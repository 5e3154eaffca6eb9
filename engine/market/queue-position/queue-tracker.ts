/** Follows one resting order's place in its queue from depth and trades alone: an estimate and sure bounds. */
import { assert } from '../../core/assert.ts';
import { BehindOrders, type BehindOrdersSnapshot } from './behind-orders.ts';
import type { CancelModel } from './cancel-model.ts';
import type { OrderSizeCensus } from './order-size-census.ts';

/** What a feed and its venue make possible. The more they do, the less is certain. */
export interface FeedRules {
  /** Several changes may be folded into one update (a depth stream by interval). */
  readonly isConflated: boolean;
  /** Orders may display a part of their size and refill it behind the queue (icebergs). */
  readonly refillsDisplays: boolean;
  /** A resting order may be made larger, which moves it behind the queue. */
  readonly enlargesOrders: boolean;
}

/** The order and its level at the moment it joined the queue. */
export interface QueueStart {
  /** Our own lots that the published depth includes; 0 for an order that is only imagined. */
  readonly ownLots: number;
  /** Published lots of the level, ours included. */
  readonly levelLots: number;
  /** Orders at the level, ours included; null when the feed does not count them. */
  readonly levelOrders: number | null;
}

/** The level after one update of the feed. */
export interface LevelChange {
  readonly sizeLots: number;
  readonly orders: number | null;
  /** Lots that traded at this price since the last update. */
  readonly tradedLots: number;
  /** No better price on this side has orders. */
  readonly isBest: boolean;
}

/** Lots ahead of the order: the estimate lies within the bounds, and so does the truth (see {@link QueueTracker}). */
export interface QueueEstimate {
  readonly aheadLots: number;
  readonly aheadMinLots: number;
  /** Number.MAX_SAFE_INTEGER between joining a conflated level and its first update, when nothing bounds it. */
  readonly aheadMaxLots: number;
}

/** A saved tracker. */
export interface QueueTrackerSnapshot extends QueueEstimate {
  readonly ownLots: number;
  readonly levelLots: number;
  readonly levelOrders: number | null;
  readonly aheadOrders: number;
  readonly isFresh: boolean;
  readonly behind: BehindOrdersSnapshot;
}

/**
 * Lots ahead of one order under price-time priority. None of its three numbers ever grows, save that the first update
 * of a conflated level may raise the estimate: what was published before we joined was out of date.
 *
 * A trade takes from the front, so it is certain. A decrease without trade is split by the {@link CancelModel}. An
 * increase queues behind us.
 *
 * The bounds hold when trades take the front of the queue and, unless conflated, each update is one order coming, going
 * or changing, or one match. They are wide where the rules make anything possible: a match with refilled displays, and
 * an increase that may be an enlarged order, may hide that orders ahead left, so the lower bound falls to 0. Order
 * counts tell a new order from an enlarged one.
 */
export class QueueTracker {
  readonly #model: CancelModel;
  readonly #census: OrderSizeCensus;
  readonly #rules: FeedRules;
  readonly #behind: BehindOrders = new BehindOrders();
  #ownLots: number;
  #levelLots: number;
  #levelOrders: number | null;
  #aheadLots: number;
  #minLots: number;
  #maxLots: number;
  /** Expected number of orders ahead. */
  #aheadOrders: number;
  /** No update since the order joined. */
  #isFresh = true;

  constructor(start: QueueStart, model: CancelModel, census: OrderSizeCensus, rules: FeedRules) {
    const { ownLots, levelLots, levelOrders } = start;
    assert(ownLots >= 0 && levelLots >= ownLots, `own ${ownLots} lots do not fit a level of ${levelLots}`);
    this.#model = model;
    this.#census = census;
    this.#rules = rules;
    this.#ownLots = ownLots;
    this.#levelLots = levelLots;
    this.#levelOrders = levelOrders;
    this.#aheadLots = levelLots - ownLots;
    this.#minLots = rules.isConflated ? 0 : this.#aheadLots;
    // What a conflated feed last published may miss orders that came before ours; the next update bounds them.
    this.#maxLots = rules.isConflated ? Number.MAX_SAFE_INTEGER : this.#aheadLots;
    this.#aheadOrders =
      levelOrders === null ? this.#aheadLots / census.meanLots : levelOrders - (ownLots > 0 ? 1 : 0);
  }

  /** Where the order stands now. */
  get estimate(): QueueEstimate {
    return { aheadLots: this.#aheadLots, aheadMinLots: this.#minLots, aheadMaxLots: this.#maxLots };
  }

  /** Our own order became smaller and kept its place: call it before the update that shows it. */
  shrinkOwn(ownLots: number): void {
    assert(
      ownLots > 0 && ownLots <= this.#ownLots,
      `own size may only shrink, from ${this.#ownLots} to ${ownLots}`,
    );
    this.#levelLots -= this.#ownLots - ownLots;
    this.#ownLots = ownLots;
  }

  /**
   * Probability that this update's trade reaches our order, asked before {@link apply}: that fewer lots than it took
   * from the front are ahead. The distribution is piecewise linear: nothing below the lower bound, half below the
   * estimate, all below the upper.
   */
  fillProbability(change: LevelChange): number {
    const x = this.#takenFromFront(change) - 0.5;
    if (x < this.#minLots) return 0;
    if (x >= this.#maxLots) return 1;
    if (x < this.#aheadLots) return (0.5 * (x - this.#minLots)) / (this.#aheadLots - this.#minLots);
    return 0.5 + (0.5 * (x - this.#aheadLots)) / (this.#maxLots - this.#aheadLots);
  }

  /** Takes the next update of the level. */
  apply(change: LevelChange): void {
    const { sizeLots, orders, tradedLots } = change;
    if (tradedLots > 0) this.#trade(tradedLots);
    const untraded = Math.max(this.#ownLots, this.#levelLots - tradedLots);
    const countChange = orders === null || this.#levelOrders === null ? null : orders - this.#levelOrders;
    if (sizeLots > untraded) this.#increase(sizeLots - untraded, tradedLots, countChange);
    else if (sizeLots < untraded) this.#decrease(change, untraded, countChange);
    this.#levelLots = sizeLots;
    this.#levelOrders = orders;
    if (this.#rules.isConflated) this.#minLots = 0;
    this.#isFresh = false;
    this.#keepWithin(Math.max(0, sizeLots - this.#ownLots));
  }

  /** Plain data; the model and census are not part of it. */
  snapshot(): QueueTrackerSnapshot {
    return {
      ...this.estimate,
      ownLots: this.#ownLots,
      levelLots: this.#levelLots,
      levelOrders: this.#levelOrders,
      aheadOrders: this.#aheadOrders,
      isFresh: this.#isFresh,
      behind: this.#behind.snapshot(),
    };
  }

  /** Replaces the state by a saved one. */
  restore(saved: QueueTrackerSnapshot): void {
    this.#aheadLots = saved.aheadLots;
    this.#minLots = saved.aheadMinLots;
    this.#maxLots = saved.aheadMaxLots;
    this.#ownLots = saved.ownLots;
    this.#levelLots = saved.levelLots;
    this.#levelOrders = saved.levelOrders;
    this.#aheadOrders = saved.aheadOrders;
    this.#isFresh = saved.isFresh;
    this.#behind.restore(saved.behind);
  }

  /**
   * Lots that a match took from the front. Beside the trade these are orders withdrawn in the same event: the venue
   * cancels a resting order that would have met its own owner, and goes on behind it. In the recorded hour 125 of 132
   * orders withdrawn from a traded level within the event stood ahead of its last fill.
   */
  #takenFromFront({ tradedLots, sizeLots }: LevelChange): number {
    if (tradedLots === 0 || this.#rules.isConflated) return tradedLots;
    return Math.max(tradedLots, this.#levelLots - sizeLots);
  }

  #trade(tradedLots: number): void {
    const before = this.#aheadLots;
    this.#aheadLots = Math.max(0, before - tradedLots);
    this.#aheadOrders *= before > 0 ? this.#aheadLots / before : 0;
    // An order ahead that was withdrawn in the match may be hidden by a display refilled behind us.
    this.#minLots = this.#rules.refillsDisplays ? 0 : Math.max(0, this.#minLots - tradedLots);
    this.#maxLots = Math.max(0, this.#maxLots - tradedLots);
  }

  #increase(lots: number, tradedLots: number, countChange: number | null): void {
    const isOneOrder = tradedLots === 0 && (countChange === null || countChange === 1);
    if (!isOneOrder || this.#rules.isConflated) this.#behind.loseTrack();
    // Somebody may have grown and lost his place, perhaps from ahead of us.
    if (this.#rules.enlargesOrders && countChange !== 1) this.#minLots = 0;
    // We joined somewhere within the interval: of what else joined in it, half came before us on average.
    if (this.#isFresh && this.#rules.isConflated) this.#aheadLots += lots / 2;
    this.#behind.add(lots);
  }

  /** A decrease that trades do not account for; `levelLots` is the level before it. */
  #decrease(
    { sizeLots, tradedLots, isBest }: LevelChange,
    levelLots: number,
    countChange: number | null,
  ): void {
    const lots = levelLots - sizeLots;
    const leaves = countChange !== 0 || tradedLots > 0;
    const isOneOrder =
      !this.#rules.isConflated && tradedLots === 0 && (countChange === -1 || countChange === 0);
    // More than all that is ahead: then it was behind. More departures of a size than arrivals behind us account for:
    // then one of them was ahead, this one or an earlier one, and the upper bound is down by its lots either way.
    const surelyBehind = isOneOrder && lots > this.#maxLots;
    const surelyAhead = isOneOrder && !surelyBehind && !this.#behind.mayFit(lots, leaves);
    const ahead = this.#aheadLots;
    const behind = Math.max(0, levelLots - this.#ownLots - ahead);
    const expected = this.#model.lotsAhead({
      cancelLots: lots,
      aheadLots: ahead,
      behindLots: behind,
      aheadOrdersFitting: ahead > 0 ? this.#aheadOrders * this.#shareFitting(lots, leaves) : 0,
      behindOrdersFitting: this.#behind.fitting(lots, leaves),
      isBest,
    });
    const isWithdrawn = tradedLots > 0 && !this.#rules.isConflated;
    const taken = Math.min(ahead, lots, isWithdrawn ? lots : Math.max(expected, lots - behind, 0));
    const share = taken / lots;
    this.#aheadLots = ahead - taken;
    if (leaves) this.#aheadOrders = Math.max(0, this.#aheadOrders - share);
    this.#behind.shrink(lots, leaves, 1 - share, isOneOrder);
    if (!surelyBehind) this.#minLots = Math.max(0, this.#minLots - lots);
    if (surelyAhead) this.#maxLots = Math.max(0, this.#maxLots - lots);
  }

  #shareFitting(lots: number, leaves: boolean): number {
    return leaves ? this.#census.share(lots) : this.#census.shareAbove(lots);
  }

  /** Everything but our own lots may be ahead, nothing more; the estimate follows the bounds. */
  #keepWithin(othersLots: number): void {
    this.#maxLots = Math.min(this.#maxLots, othersLots);
    this.#minLots = Math.min(this.#minLots, this.#maxLots);
    this.#aheadLots = Math.min(Math.max(this.#aheadLots, this.#minLots), this.#maxLots);
  }
}
