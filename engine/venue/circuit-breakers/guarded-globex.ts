/** A Globex group under its circuit breakers: what the breakers decide happens to the venue. */
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import type {
  GlobexConfig,
  GlobexInput,
  GlobexOrder,
  GlobexOutput,
  GlobexSnapshot,
} from '../globex/globex-orders.ts';
import { protectedLimit } from '../globex/globex-rules.ts';
import { GlobexVenue } from '../globex/globex-venue.ts';
import type { GroupState } from '../globex/market-states.ts';
import { MAX_PRICE_TICKS, type OrderSide } from '../matching/order-terms.ts';
import type { BreakerConfig, BreakerInput, BreakerOutput, BreakerSnapshot } from './breaker-inputs.ts';
import { CircuitBreakers } from './circuit-breakers.ts';

/** Inputs of the venue, and those of the breakers that do not follow from its trades. */
export type GuardedInput = GlobexInput | Extract<BreakerInput, { kind: 'references' | 'market-index' }>;

/** Outputs of both. */
export type GuardedOutput =
  | { readonly from: 'venue'; readonly output: GlobexOutput }
  | { readonly from: 'breakers'; readonly output: BreakerOutput };

/** Both as plain data. */
export interface GuardedSnapshot {
  readonly venue: GlobexSnapshot;
  readonly breakers: BreakerSnapshot;
}

/**
 * What an output of the breakers tells the venue.
 *
 * Stops by breakers and by levels 1 and 2 put the group into the pre-open, in which orders gather for the auction that ends
 * them (the exchange says so of dynamic breakers; of the other stops it is a choice of ours); after level 3 orders can only
 * be cancelled. A single contract that stands still is reserved.
 */
export function venueInputs(output: BreakerOutput): readonly GlobexInput[] {
  const { atMicros } = output;
  switch (output.kind) {
    case 'group-state': {
      const { state, was } = output;
      // Monitoring is trading: the venue is not told, so that interruptions of its own go on.
      if (state.kind === 'monitoring' || was === 'monitoring') {
        if (state.kind === 'open' || state.kind === 'monitoring') return [];
      }
      const told: GroupState =
        state.kind === 'open'
          ? 'open'
          : state.kind === 'closed'
            ? 'close-final'
            : state.kind === 'stopped' && state.cause === 'level-3'
              ? 'pause'
              : 'pre-open';
      return [{ kind: 'state', atMicros, state: told }];
    }
    case 'dynamic-limits':
      return [];
    case 'contract-state': {
      const { instrument, state } = output;
      // The venue ends the reserved state by itself.
      return state.kind === 'stopped'
        ? [{ kind: 'reserve', atMicros, instrument, untilMicros: state.untilMicros }]
        : [];
    }
    case 'limits': {
      const { instrument, lowTicks, highTicks } = output;
      return [
        {
          kind: 'limits',
          atMicros,
          instrument,
          lowTicks: lowTicks ?? -MAX_PRICE_TICKS,
          highTicks: highTicks ?? MAX_PRICE_TICKS,
        },
      ];
    }
  }
}

/** The trades among outputs of the venue, as the breakers see them; instruments of both have the same order. */
export function breakerTrades(outputs: readonly GlobexOutput[], atMicros: number): readonly BreakerInput[] {
  return outputs.flatMap((output): BreakerInput[] => {
    if (output.kind !== 'traded' && output.kind !== 'uncrossed') return [];
    return [{ kind: 'trade', atMicros, instrument: output.instrument, priceTicks: output.priceTicks }];
  });
}

/**
 * Owns a venue and its breakers. Of every input the breakers are told the time first, so that what is due in them reaches the
 * venue before the input does. An order that would pass a dynamic limit trips the breaker first and then waits for the auction;
 * where it must trade at once, the state refuses it. The trades that follow are shown to the breakers at once.
 */
export class GuardedGlobex implements Machine<GuardedInput, GuardedOutput, GuardedSnapshot> {
  readonly venue: GlobexVenue;
  readonly breakers: CircuitBreakers;
  readonly #config: GlobexConfig;
  #outputs: GuardedOutput[] = [];

  constructor(globex: GlobexConfig, breakers: BreakerConfig, snapshot?: GuardedSnapshot) {
    this.#config = globex;
    this.venue = new GlobexVenue(globex, snapshot?.venue);
    this.breakers = new CircuitBreakers(breakers, snapshot?.breakers);
  }

  apply(input: GuardedInput): readonly GuardedOutput[] {
    this.#outputs = [];
    const { atMicros } = input;
    // One due moment after another, so that the trades of an opening are seen before what comes later.
    while (this.breakers.dueMicros <= atMicros) {
      this.#tellBreakers({ kind: 'clock', atMicros: this.breakers.dueMicros });
    }
    if (input.kind === 'references' || input.kind === 'market-index') this.#tellBreakers(input);
    else {
      this.#tellBreakers({ kind: 'clock', atMicros });
      const reaching =
        input.kind === 'order' ? this.#reachingOrder(input.instrument, input.order, atMicros) : null;
      if (reaching !== null) this.#tellBreakers(reaching);
      this.#showTrades(this.#tellVenue(input));
    }
    return this.#outputs;
  }

  snapshot(): GuardedSnapshot {
    return { venue: this.venue.snapshot(), breakers: this.breakers.snapshot() };
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.venue.stateHash());
    hash.integer(this.breakers.stateHash());
    return hash.value();
  }

  /**
   * How far an order would trade or stand; null where the lots that are shown within the dynamic limits fill it. Stops that
   * trades elect and implied prices are not looked ahead for; their trades trip the breaker afterwards.
   */
  #reachingOrder(instrument: number, order: GlobexOrder, atMicros: number): BreakerInput | null {
    const one = this.#config.instruments[instrument];
    const limits = this.breakers.dynamicLimits(instrument);
    if (one === undefined || limits === null || this.venue.stateOf(instrument) !== 'open') return null;
    const { side, sizeLots, type } = order;
    const book = this.venue.book(instrument);
    const best = side === 'buy' ? book.bestAskTicks : book.bestBidTicks;
    const ofMarket = best === null ? null : protectedLimit(side, best, one.protectionTicks);
    const price = type === 'limit' ? order.priceTicks : type === 'market' ? ofMarket : null;
    const bound = side === 'buy' ? limits.highTicks : limits.lowTicks;
    if (price === null || bound === null || isWithin(side, price, bound)) return null;
    let left = sizeLots;
    const opposite = side === 'buy' ? 'sell' : 'buy';
    for (
      let at = best;
      at !== null && isWithin(side, at, bound) && left > 0;
      at = book.nextWorsePrice(opposite, at)
    ) {
      left -= book.sizeAt(opposite, at) + book.hiddenAt(opposite, at);
    }
    return left > 0 ? { kind: 'reaching-order', atMicros, instrument, side, priceTicks: price } : null;
  }

  /** Tells the breakers, then the venue all that follows, and only then shows them the trades of the venue. */
  #tellBreakers(input: BreakerInput): void {
    const trades: BreakerInput[] = [];
    for (const output of this.breakers.apply(input)) {
      this.#outputs.push({ from: 'breakers', output });
      for (const told of venueInputs(output)) trades.push(...this.#tellVenue(told));
    }
    this.#showTrades(trades);
  }

  #showTrades(trades: readonly BreakerInput[]): void {
    for (const trade of trades) this.#tellBreakers(trade);
  }

  /** The trades that follow from an input of the venue. */
  #tellVenue(input: GlobexInput): readonly BreakerInput[] {
    const outputs = this.venue.apply(input);
    for (const output of outputs) this.#outputs.push({ from: 'venue', output });
    return breakerTrades(outputs, input.atMicros);
  }
}

function isWithin(side: OrderSide, priceTicks: number, boundTicks: number): boolean {
  return side === 'buy' ? priceTicks <= boundTicks : priceTicks >= boundTicks;
}
