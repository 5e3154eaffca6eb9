// Scores models of queue position against an order-by-order recording, in which every order's true place is known.
import { ByOrderBook } from '../market/by-order/by-order-book.ts';
import type { ByOrderMessage, ByOrderSide } from '../market/by-order/by-order-message.ts';
import { type DepthEvent, DepthUpdates, type LevelUpdate } from '../market/by-order/depth-updates.ts';
import {
  type CancelModel,
  LOGARITHMIC,
  PRO_RATA,
  powerModel,
  RISK_ADVERSE,
  sizeMatched,
  youngerFirst,
} from '../market/queue-position/cancel-model.ts';
import { OrderSizeCensus } from '../market/queue-position/order-size-census.ts';
import { QueueTracker } from '../market/queue-position/queue-tracker.ts';

/** What the estimator is shown. */
export interface DepthFeedView {
  readonly name: string;
  /** 0: every event by itself. Otherwise levels are published once per interval, as depth streams do. */
  readonly intervalMicros: number;
  readonly countsOrders: boolean;
}

export interface ScoreOptions {
  readonly view: DepthFeedView;
  readonly models: readonly CancelModel[];
  /** Orders that arrived in [from, to) are scored. */
  readonly fromMicros?: number;
  readonly toMicros?: number;
  /** Follow every n-th order only. */
  readonly everyNth?: number;
}

/** Median and 90th percentile of |estimated − true lots ahead| ÷ lots of the level. */
export interface ErrorQuantiles {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
}

/** Fill predictions over one set of orders. */
export interface FillScore {
  readonly orders: number;
  /** Share of orders for which "a trade reached it while it rested" was predicted rightly. */
  readonly agreement: number;
  /** Mean squared error of the predicted probability; of always saying the base rate. */
  readonly brier: number;
  readonly baseRateBrier: number;
}

export interface ModelScore {
  readonly model: string;
  /** Over every update of a level for every order resting there. */
  readonly samples: ErrorQuantiles;
  /** Over those of them only where the bounds leave something to estimate. */
  readonly open: ErrorQuantiles;
  /** Over orders, each counting once with its mean. */
  readonly orders: ErrorQuantiles;
  readonly fills: FillScore;
  /** Over orders at whose price something traded while they rested. */
  readonly fillsTraded: FillScore;
}

export interface QueueScore {
  readonly view: string;
  readonly orders: number;
  readonly filled: number;
  /** Samples with the truth outside the bounds; with a true rank above the one before; resting fills out of turn. */
  readonly outsideBounds: number;
  readonly rankGrew: number;
  readonly filledOutOfTurn: number;
  /** Orders that a trade surely reached and that were cancelled unfilled within it: self-matches of their owner. */
  readonly reachedUnfilled: number;
  readonly models: readonly ModelScore[];
}

/** One stay of one order in one queue: from arrival at the back to its first fill, cancel or loss of place. */
interface Stay {
  readonly level: string;
  readonly trackers: readonly QueueTracker[];
  /** Per model: highest probability so far that a trade had reached the order; sum of relative errors. */
  readonly reached: Float64Array;
  readonly errorSum: Float64Array;
  /** Lots traded in the current interval before the order arrived. */
  tradedBefore: number;
  ownLots: number;
  samples: number;
  trueAhead: number;
  sawTrade: boolean;
  filled: boolean;
  ended: boolean;
}

interface Outcome {
  readonly probability: number;
  readonly filled: boolean;
  readonly sawTrade: boolean;
}

class Scorer {
  readonly #options: ScoreOptions;
  readonly #book: ByOrderBook = new ByOrderBook();
  readonly #feed: DepthUpdates = new DepthUpdates(this.#book);
  readonly #census: OrderSizeCensus = new OrderSizeCensus();
  readonly #stays: Map<number, Stay> = new Map();
  readonly #byLevel: Map<string, Map<number, Stay>> = new Map();
  readonly #published: Map<string, number> = new Map();
  readonly #pending: Map<string, LevelUpdate> = new Map();
  /** Per order: how many orders had joined a queue before it joined its present one. */
  readonly #serials: Map<number, number> = new Map();
  readonly #errors: readonly { all: number[]; open: number[]; orders: number[] }[];
  readonly #outcomes: readonly Outcome[][];
  #publishAtMicros = 0;
  #isOpen = false;
  #arrived = 0;
  #stayed = 0;
  #filled = 0;
  #outside = 0;
  #grew = 0;
  #outOfTurn = 0;

  constructor(options: ScoreOptions) {
    this.#options = options;
    this.#errors = options.models.map(() => ({ all: [], open: [], orders: [] }));
    this.#outcomes = options.models.map(() => []);
  }

  run(messages: readonly ByOrderMessage[]): QueueScore {
    const { intervalMicros } = this.#options.view;
    for (const message of messages) {
      if (intervalMicros > 0 && message.atMicros >= this.#publishAtMicros) {
        this.#publish();
        this.#publishAtMicros = (Math.floor(message.atMicros / intervalMicros) + 1) * intervalMicros;
      }
      for (const event of this.#feed.apply(message)) {
        this.#take(event);
        if (intervalMicros === 0) this.#publish();
        this.#arrivals(event);
      }
    }
    this.#publish();
    for (const stay of this.#stays.values()) this.#finish(stay);
    return this.#result();
  }

  /** Notes what the event did to the orders, and keeps its levels for publication. */
  #take(event: DepthEvent): void {
    for (const level of event.levels) {
      const key = levelKey(level.side, level.priceTicks);
      const traded = (this.#pending.get(key)?.tradedLots ?? 0) + level.tradedLots;
      this.#pending.set(key, { ...level, tradedLots: traded });
    }
    const filled = event.isAuction ? [] : restingFills(event.messages);
    for (const { orderId } of filled) {
      const stay = this.#stays.get(orderId);
      if (stay !== undefined) stay.filled = true;
    }
    for (const { kind, orderId, sizeLots } of event.messages) {
      const stay = this.#stays.get(orderId);
      if (stay === undefined) continue;
      if (kind === 'cancel') stay.ended = true;
      if (kind === 'modify') stay.ownLots = Math.min(stay.ownLots, sizeLots);
    }
    for (const note of event.notes) {
      const stay = note.kind === 'place-lost' ? this.#stays.get(note.orderId) : undefined;
      if (stay !== undefined) stay.ended = true;
    }
    this.#checkTurns(event, filled);
  }

  /** After an event, nobody who joined a queue before a filled order may be left in it. */
  #checkTurns(event: DepthEvent, filled: readonly ByOrderMessage[]): void {
    const moved = new Set(event.notes.flatMap((note) => (note.kind === 'place-lost' ? [note.orderId] : [])));
    for (const { orderId, side, priceTicks } of filled) {
      const front = this.#book.queueAt(side as ByOrderSide, priceTicks)[0];
      if (front === undefined || front.orderId === orderId || moved.has(front.orderId)) continue;
      if (this.#serial(front.orderId) < this.#serial(orderId)) this.#outOfTurn++;
    }
  }

  #serial(orderId: number): number {
    return this.#serials.get(orderId) ?? 0;
  }

  #publish(): void {
    for (const [key, level] of this.#pending) {
      const before = this.#published.get(key) ?? 0;
      if (level.tradedLots === 0 && level.sizeLots > before) this.#census.observe(level.sizeLots - before);
      this.#published.set(key, level.sizeLots);
      const stays = this.#byLevel.get(key);
      if (stays !== undefined && stays.size > 0) this.#inform(level, stays);
    }
    this.#pending.clear();
  }

  #inform(level: LevelUpdate, stays: Map<number, Stay>): void {
    const places = new Map<number, number>();
    let ahead = 0;
    this.#book.eachOrder(level.side, level.priceTicks, (orderId, sizeLots) => {
      places.set(orderId, ahead);
      ahead += sizeLots;
      return true;
    });
    const orders = this.#options.view.countsOrders ? level.orders : null;
    for (const [orderId, stay] of [...stays]) {
      const tradedLots = level.tradedLots - stay.tradedBefore;
      stay.tradedBefore = 0;
      const change = { sizeLots: level.sizeLots, orders, tradedLots, isBest: level.isBest };
      if (tradedLots > 0) {
        stay.sawTrade = true;
        stay.trackers.forEach((tracker, i) => {
          stay.reached[i] = Math.max(stay.reached[i] ?? 0, tracker.fillProbability(change));
        });
      }
      if (stay.filled || stay.ended) {
        this.#stays.delete(orderId);
        stays.delete(orderId);
        this.#finish(stay);
        continue;
      }
      for (const tracker of stay.trackers) {
        tracker.shrinkOwn(stay.ownLots);
        tracker.apply(change);
      }
      this.#sample(stay, places.get(orderId) as number, level.sizeLots);
    }
  }

  #sample(stay: Stay, trueAhead: number, levelLots: number): void {
    if (trueAhead > stay.trueAhead) this.#grew++;
    stay.trueAhead = trueAhead;
    stay.samples++;
    stay.trackers.forEach((tracker, i) => {
      const { aheadLots, aheadMinLots, aheadMaxLots } = tracker.estimate;
      const error = Math.abs(aheadLots - trueAhead) / levelLots;
      if (i === 0 && (trueAhead < aheadMinLots || trueAhead > aheadMaxLots)) this.#outside++;
      stay.errorSum[i] = (stay.errorSum[i] ?? 0) + error;
      this.#errors[i]?.all.push(error);
      if (aheadMaxLots > aheadMinLots) this.#errors[i]?.open.push(error);
    });
  }

  #arrivals(event: DepthEvent): void {
    const joined = new Set<number>();
    for (const { kind, orderId } of event.messages) if (kind === 'add') joined.add(orderId);
    for (const note of event.notes) if (note.kind === 'place-lost') joined.add(note.orderId);
    for (const orderId of joined) {
      this.#serials.set(orderId, ++this.#arrived);
      // Before the opening auction nothing trades, and the auction empties queues at many prices at once.
      if (this.#isOpen) this.#join(orderId, event.atMicros);
    }
    if (event.isAuction) this.#isOpen = true;
  }

  #join(orderId: number, atMicros: number): void {
    const { fromMicros = 0, toMicros = Number.MAX_SAFE_INTEGER, everyNth = 1, models, view } = this.#options;
    const order = this.#book.orderOf(orderId);
    if (order === null || atMicros < fromMicros || atMicros >= toMicros) return;
    if (this.#arrived % everyNth !== 0) return;
    const { side, priceTicks, sizeLots: ownLots } = order;
    const level = levelKey(side, priceTicks);
    const trueAhead = this.#book.lotsAhead(orderId) as number;
    const isConflated = view.intervalMicros > 0;
    const levelLots = isConflated ? (this.#published.get(level) ?? 0) + ownLots : trueAhead + ownLots;
    const levelOrders = view.countsOrders ? this.#book.ordersAt(side, priceTicks) : null;
    const start = { ownLots, levelLots, levelOrders };
    const rules = { isConflated, refillsDisplays: true, enlargesOrders: true };
    const stay: Stay = {
      level,
      trackers: models.map((model) => new QueueTracker(start, model, this.#census, rules)),
      reached: new Float64Array(models.length),
      errorSum: new Float64Array(models.length),
      tradedBefore: this.#pending.get(level)?.tradedLots ?? 0,
      ownLots,
      samples: 0,
      trueAhead,
      sawTrade: false,
      filled: false,
      ended: false,
    };
    const earlier = this.#stays.get(orderId);
    if (earlier !== undefined) {
      // It lost its place and joined again before the last interval was published.
      this.#byLevel.get(earlier.level)?.delete(orderId);
      this.#finish(earlier);
    }
    this.#stays.set(orderId, stay);
    const stays = this.#byLevel.get(level) ?? new Map<number, Stay>();
    this.#byLevel.set(level, stays);
    stays.set(orderId, stay);
  }

  #finish(stay: Stay): void {
    this.#stayed++;
    if (stay.filled) this.#filled++;
    this.#outcomes.forEach((outcomes, i) => {
      const probability = stay.reached[i] ?? 0;
      outcomes.push({ probability, filled: stay.filled, sawTrade: stay.sawTrade });
      if (stay.samples > 0) this.#errors[i]?.orders.push((stay.errorSum[i] ?? 0) / stay.samples);
    });
  }

  #result(): QueueScore {
    return {
      view: this.#options.view.name,
      orders: this.#stayed,
      filled: this.#filled,
      outsideBounds: this.#outside,
      rankGrew: this.#grew,
      filledOutOfTurn: this.#outOfTurn,
      reachedUnfilled: (this.#outcomes[0] ?? []).filter((o) => o.probability === 1 && !o.filled).length,
      models: this.#options.models.map(({ name }, i) => {
        const errors = this.#errors[i] ?? { all: [], open: [], orders: [] };
        const outcomes = this.#outcomes[i] ?? [];
        return {
          model: name,
          samples: quantiles(errors.all),
          open: quantiles(errors.open),
          orders: quantiles(errors.orders),
          fills: fillScore(outcomes),
          fillsTraded: fillScore(outcomes.filter(({ sawTrade }) => sawTrade)),
        };
      }),
    };
  }
}

/** Every event by itself, as an exchange's own price-level feed shows it. */
export const EVENT_VIEW: DepthFeedView = {
  name: 'every event, with order counts',
  intervalMicros: 0,
  countsOrders: true,
};
/** The same without the number of orders. */
export const DEPTH_VIEW: DepthFeedView = {
  name: 'every event, sizes only',
  intervalMicros: 0,
  countsOrders: false,
};
/** What a depth stream of a crypto venue shows; trades still come one by one. */
export const INTERVAL_VIEW: DepthFeedView = {
  name: 'sizes every 100 ms',
  intervalMicros: 100_000,
  countsOrders: false,
};

/** The models compared, with the parameters chosen on the first half of the recorded hour. */
export const SCORED_MODELS: readonly CancelModel[] = [
  RISK_ADVERSE,
  PRO_RATA,
  LOGARITHMIC,
  powerModel(2),
  powerModel(3),
  youngerFirst({ atBest: 3, away: 20 }),
  sizeMatched({ atBest: 3, away: 20 }),
];

/** Half an hour before the end of the hour that a recording ends in: parameters were chosen on what came before. */
export function halfTimeMicros(messages: readonly ByOrderMessage[]): number {
  const last = messages.at(-1)?.atMicros ?? 0;
  return last - (last % 1_800_000_000);
}

const percent = (share: number): string => (100 * share).toFixed(2);

/** A score as lines of Markdown: what was scored, then a table with a row per model. */
export function scoreLines(score: QueueScore): string[] {
  const [first] = score.models;
  if (first === undefined) return [];
  const { samples, open, orders, fillsTraded } = first;
  return [
    `${score.orders} orders, ${score.filled} of them filled, ${fillsTraded.orders} saw a trade at their price. ${samples.count} samples from ${orders.count} orders, ${open.count} of them open. Truth outside the bounds: ${score.outsideBounds}; rank grew: ${score.rankGrew}; filled out of turn: ${score.filledOutOfTurn}; surely reached, yet withdrawn unfilled: ${score.reachedUnfilled}. Brier score of the base rate: ${first.fills.baseRateBrier.toFixed(4)} over all, ${fillsTraded.baseRateBrier.toFixed(4)} where something traded.`,
    '',
    '| model | median % | p90 % | open median | open p90 | per order median | per order p90 | fills right % | Brier | traded: fills right % | Brier |',
    `| --- |${' ---: |'.repeat(10)}`,
    ...score.models.map((m) => {
      const errors = [m.samples, m.open, m.orders].flatMap((e) => [percent(e.median), percent(e.p90)]);
      const fills = [m.fills, m.fillsTraded].flatMap((f) => [percent(f.agreement), f.brier.toFixed(4)]);
      return `| ${[m.model, ...errors, ...fills].join(' | ')} |`;
    }),
  ];
}

/** Replays a recording and scores every model on the same orders. */
export function scoreQueueModels(messages: readonly ByOrderMessage[], options: ScoreOptions): QueueScore {
  return new Scorer(options).run(messages);
}

const levelKey = (side: ByOrderSide, priceTicks: number): string => `${side} ${priceTicks}`;

/** Fills of orders that rested: those on the other side of their trade. */
function restingFills(messages: readonly ByOrderMessage[]): ByOrderMessage[] {
  let aggressor: ByOrderMessage['side'] = 'none';
  return messages.filter(({ kind, side }) => {
    if (kind === 'trade') aggressor = side;
    return kind === 'fill' && side !== aggressor;
  });
}

function quantiles(values: readonly number[]): ErrorQuantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
  return { count: sorted.length, median: at(0.5), p90: at(0.9) };
}

function fillScore(outcomes: readonly Outcome[]): FillScore {
  const orders = outcomes.length;
  const filled = outcomes.filter((o) => o.filled).length;
  const agreed = outcomes.filter((o) => o.probability > 0.5 === o.filled).length;
  const squared = outcomes.reduce((sum, o) => sum + (o.probability - Number(o.filled)) ** 2, 0);
  const rate = filled / orders;
  return { orders, agreement: agreed / orders, brier: squared / orders, baseRateBrier: rate * (1 - rate) };
}
