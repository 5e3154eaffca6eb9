/** Plays seeded random inputs of every kind to a crypto perpetual venue and its oracle, and stops at the first difference. */
import { Rng } from '../core/rng.ts';
import { CryptoPerpVenue } from '../venue/crypto-perp/crypto-perp-venue.ts';
import type {
  ConditionalType,
  PerpConditional,
  PerpInput,
  PerpOrder,
  PerpVenueConfig,
  PriceMatch,
} from '../venue/crypto-perp/perp-orders.ts';
import type { OrderHandle, OrderSide } from '../venue/matching/order-terms.ts';
import { SELF_TRADE_MODES } from '../venue/matching/order-terms.ts';
import { compareEvents, type Outcomes } from './event-comparison.ts';
import { NaivePerpVenue } from './naive-perp-venue.ts';

const ACCOUNTS = 6;
const MATCHES: readonly PriceMatch[] = ['opponent', 'opponent-5', 'queue', 'queue-5', 'queue-20'];
const TYPES: readonly ConditionalType[] = [
  'stop',
  'stop-market',
  'take-profit',
  'take-profit-market',
  'trailing-stop-market',
];

/** The venue that the runs play on. */
export const PERP_RUN_CONFIG: PerpVenueConfig = {
  limits: { orders: 90, pagesPerSide: 64, events: 1 << 20 },
  accounts: ACCOUNTS,
  tradeGroups: [0, 0, 1, 1],
  conditionalOrders: 12,
  triggerProtectPer10k: 15,
};

/** Draws inputs that make sense often enough: prices near the market, orders that are open. */
export class PerpInputs {
  readonly #rng: Rng;
  #now = 1_700_000_000_000_000;
  #middle = 10_000;

  constructor(seed: number) {
    this.#rng = new Rng(seed);
  }

  /** The next input; names of orders are picked by the caller. */
  next(pickHandle: () => OrderHandle, waitingIds: readonly number[]): PerpInput {
    const rng = this.#rng;
    if (rng.below(120) === 0) this.#middle += rng.below(61) - 30;
    this.#now += rng.below(40) === 0 ? rng.below(400_000_000) : rng.below(2_000_000);
    const atMicros = this.#now;
    const roll = rng.below(1000);
    if (roll < 520) return { kind: 'order', atMicros, order: this.#order() };
    if (roll < 650) return { kind: 'conditional', atMicros, order: this.#conditional() };
    if (roll < 760) return { kind: 'cancel', atMicros, handle: pickHandle() };
    if (roll < 790) {
      const any = waitingIds[rng.below(waitingIds.length + 1)] ?? rng.below(1000);
      return { kind: 'cancel-conditional', atMicros, id: any };
    }
    if (roll < 795) return { kind: 'cancel-account', atMicros, account: rng.below(ACCOUNTS) };
    if (roll < 900) {
      const sizeLots = rng.below(50) === 0 ? 0 : 1 + rng.below(25);
      return { kind: 'amend', atMicros, handle: pickHandle(), priceTicks: this.#near(12), sizeLots };
    }
    return roll < 990 ? { kind: 'mark', atMicros, priceTicks: this.#near(25) } : { kind: 'clock', atMicros };
  }

  /** A random number below a bound, from the same stream. */
  below(bound: number): number {
    return this.#rng.below(bound);
  }

  #near(distance: number): number {
    return this.#middle + this.#rng.below(2 * distance + 1) - distance;
  }

  #order(): PerpOrder {
    const rng = this.#rng;
    const side: OrderSide = rng.below(2) === 0 ? 'buy' : 'sell';
    const away = rng.below(16) - 5;
    const roll = rng.below(20);
    const market = roll < 2;
    const matched = roll === 2 || roll === 3;
    const times = ['GTC', 'GTC', 'GTC', 'GTC', 'GTX', 'IOC', 'FOK', 'GTD', 'GTD'] as const;
    const time = market && rng.below(10) !== 0 ? 'GTC' : times[rng.below(times.length)]!;
    const late = rng.below(8) === 0 ? 0 : 600_000_000 + rng.below(300_000_000);
    return {
      account: rng.below(300) === 0 ? ACCOUNTS + 3 : rng.below(ACCOUNTS),
      tag: rng.below(1000),
      side,
      priceTicks:
        market || (matched && rng.below(9) !== 0) ? null : this.#middle + (side === 'buy' ? -away : away),
      priceMatch: matched ? MATCHES[rng.below(MATCHES.length)]! : null,
      sizeLots: rng.below(80) === 0 ? 0 : 1 + rng.below(rng.below(10) === 0 ? 120 : 20),
      timeInForce: time,
      goodTillMicros: time === 'GTD' && rng.below(20) !== 0 ? this.#now + late : null,
      selfTrade: SELF_TRADE_MODES[rng.below(4)]!,
      reduceOnly: rng.below(6) === 0,
    };
  }

  #conditional(): PerpConditional {
    const rng = this.#rng;
    const type = TYPES[rng.below(TYPES.length)]!;
    const trails = type === 'trailing-stop-market';
    const atMarket = type.endsWith('market') !== (rng.below(40) === 0);
    const closes = rng.below(6) === 0;
    const plain = this.#order();
    const match = rng.below(12) === 0 ? MATCHES[rng.below(MATCHES.length)]! : null;
    return {
      ...plain,
      priceTicks: atMarket ? null : match === null ? this.#near(15) : null,
      priceMatch: atMarket ? null : match,
      timeInForce: (['GTC', 'IOC', 'FOK', 'GTC', 'GTD'] as const)[rng.below(30) === 0 ? 4 : rng.below(4)]!,
      goodTillMicros: null,
      sizeLots: closes ? (rng.below(20) === 0 ? 3 : 0) : plain.sizeLots,
      reduceOnly: closes ? rng.below(30) === 0 : plain.reduceOnly,
      type,
      triggerTicks: trails
        ? rng.below(2) === 0
          ? null
          : this.#near(12)
        : rng.below(40) === 0
          ? null
          : this.#near(30),
      callbackPermille: trails ? rng.below(30) : rng.below(60) === 0 ? 5 : 0,
      workingPrice: rng.below(2) === 0 ? 'contract' : 'mark',
      priceProtect: rng.below(4) === 0,
      closePosition: closes,
    };
  }
}

export interface PerpRunOptions {
  readonly seed: number;
  readonly inputs: number;
  readonly config?: PerpVenueConfig;
  /** Called after every input with the venue. */
  readonly after?: (venue: CryptoPerpVenue, played: number) => void;
}

/** Runs the inputs and returns what came up; throws with the seed at the first difference. */
export function runPerpAgainstOracle(options: PerpRunOptions): Outcomes {
  const config = options.config ?? PERP_RUN_CONFIG;
  const inputs = new PerpInputs(options.seed);
  const fast = new CryptoPerpVenue(config);
  const naive = new NaivePerpVenue(config);
  const handles = new Map<number, OrderHandle>();
  const outcomes: Outcomes = new Map();
  let serial = 0;
  const pick = (): OrderHandle => {
    const open = [...naive.book.bids, ...naive.book.asks];
    // Mostly open orders, now and then one that left or never was.
    serial =
      inputs.below(40) === 0 || open.length === 0
        ? inputs.below(5000)
        : open[inputs.below(open.length)]!.serial;
    return handles.get(serial) ?? 0;
  };
  for (let n = 1; n <= options.inputs; n++) {
    const input = inputs.next(
      pick,
      naive.waiting.map((w) => w.id),
    );
    try {
      fast.execute(input);
      naive.apply(input, serial);
      const { events } = fast;
      for (let i = 0; i < events.count; i++) {
        if (events.kind(i) === 'rested') handles.set(events.serial(i), events.handle(i));
      }
      compareEvents(events, naive.book.log, outcomes);
      if (n % 1000 === 0 || n === options.inputs) {
        if (fast.stateHash() !== naive.stateHash()) throw new Error('the states differ');
        const open = new Set([...naive.book.bids, ...naive.book.asks].map((o) => o.serial));
        for (const known of handles.keys()) if (!open.has(known) && known % 50 !== 0) handles.delete(known);
      }
    } catch (error) {
      const where = `perpetual venue, seed ${options.seed}, input ${n} (${JSON.stringify(input)})`;
      throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
    }
    naive.book.log = [];
    options.after?.(fast, n);
  }
  return outcomes;
}
