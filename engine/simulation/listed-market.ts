/** One contract as its traders see it: orders to its venue, news of their fills, and what the public is told. */
import { assert } from '../core/assert.ts';
import type { StateHash } from '../core/state-hash.ts';
import { type Micros, multipleValue, stepValue } from '../core/units.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { STATE_RULES } from '../venue/globex/market-states.ts';
import type { BookEvents } from '../venue/matching/book-events.ts';
import type { BookReader } from '../venue/matching/book-reader.ts';
import type { OrderHandle, OrderSide } from '../venue/matching/order-terms.ts';
import { readOutputs, type VenueOutput } from '../venue/matching/venue-output.ts';
import { bestPrices, DepthPublisher, SNAPSHOT_LEVELS } from './depth-publisher.ts';
import type { ContractVenue } from './venues/contract-venue.ts';
import { MOST_ACCOUNTS } from './venues/venue-parameters.ts';
import { WireWriter } from './wire-writer.ts';

/** Who wants to know what became of its resting orders. */
export interface OrderOwner {
  /** The handle of its resting order of this tag; 0 where none rests. */
  handleOf(tag: number): OrderHandle;
  /**
   * An order of this owner was filled while it rested; nothing remaining means that it left the book. Must not trade: the
   * command that filled it is still being told.
   */
  filled(tag: number, lots: number, remainingLots: number): void;
}

/** An owner whose orders are not looked after: takers, and those who leave an order to its fate. */
export const NOTHING_RESTS: OrderOwner = { handleOf: () => 0, filled: () => undefined };

/** Books the trades of one contract and tells owners and the public. */
export class ListedMarket {
  readonly spec: ContractSpec;
  readonly venue: ContractVenue;
  readonly book: BookReader;
  /** Clock of the contract: the kernel sets it before anyone acts. */
  nowMicros: Micros;
  /** True since the best bid or ask changed; the kernel looks and clears it. */
  touchMoved = false;
  /** Signed taker volume since the kernel last looked, in lots: bought less sold. */
  takerFlowLots = 0;
  /** Volume bought and sold by takers since the start, in lots; in an auction the later of two orders counts as taker. */
  boughtLots = 0;
  soldLots = 0;
  /** Told of everything that happened at the venue, after owners and public. */
  observer: ((outputs: readonly VenueOutput[]) => void) | null = null;
  #lastTradeTicks: number | null = null;
  #trades = 0;
  /** The touch of the open market; while it stands still, the last one. */
  #bid = 0;
  #ask = 0;
  #wasMatching = true;
  readonly #writer: WireWriter;
  readonly #publisher: DepthPublisher;
  readonly #owners: OrderOwner[] = [];
  /** Bought less sold by each account. */
  readonly #positionsLots: number[] = [];

  /** @param frames - where the public messages are appended */
  constructor(spec: ContractSpec, venue: ContractVenue, startMicros: Micros, frames: FeedFrame[]) {
    this.spec = spec;
    this.venue = venue;
    this.book = venue.book;
    this.nowMicros = startMicros;
    this.#writer = new WireWriter(spec, frames);
    this.#publisher = new DepthPublisher(this.book, this.#writer);
    venue.listen({ hear: (outputs) => this.#hear(outputs), read: (events) => this.#read(events) });
  }

  /** Opens an account; its number comes with every order. */
  openAccount(owner: OrderOwner): number {
    assert(this.#owners.length < MOST_ACCOUNTS, 'a simulated contract has room for so many accounts');
    this.#positionsLots.push(0);
    return this.#owners.push(owner) - 1;
  }

  /** Bought less sold in lots, by account; they add up to 0. */
  positionsLots(): readonly number[] {
    return this.#positionsLots;
  }

  /** True while orders meet as they come. */
  get isMatching(): boolean {
    return STATE_RULES[this.venue.state].matches;
  }

  /** True while orders can be placed and taken back. */
  get canQuote(): boolean {
    const { enters, cancels, onlyLasting } = STATE_RULES[this.venue.state];
    return enters && cancels && !onlyLasting;
  }

  /**
   * Best bid in ticks. While orders only collect, the price at which the market would open, or else the last touch: the
   * book itself may be crossed then. A simulated book has both sides at all times.
   */
  get bidTicks(): number {
    if (!this.isMatching) return this.venue.indicativeTicks ?? this.#bid;
    const bid = this.book.bestBidTicks;
    assert(bid !== null, 'a simulated book always has a bid');
    return bid;
  }

  /** Best ask in ticks, one tick above the bid while orders collect and the market would open. */
  get askTicks(): number {
    if (!this.isMatching) {
      const { indicativeTicks } = this.venue;
      return indicativeTicks === null ? this.#ask : indicativeTicks + 1;
    }
    const ask = this.book.bestAskTicks;
    assert(ask !== null, 'a simulated book always has an ask');
    return ask;
  }

  /** Middle of the touch in quote currency (estimate). */
  get midPrice(): number {
    return multipleValue((this.bidTicks + this.askTicks) / 2, this.spec.tickSize);
  }

  /** Price of the last trade in quote currency; the middle of the touch before the first. */
  get lastPrice(): number {
    return this.#lastTradeTicks === null
      ? this.midPrice
      : multipleValue(this.#lastTradeTicks, this.spec.tickSize);
  }

  /** Rests an order that must not take; the handle, or null where it would or was refused. */
  quote(
    account: number,
    tag: number,
    side: OrderSide,
    priceTicks: number,
    sizeLots: number,
  ): OrderHandle | null {
    return this.venue.quote(this.nowMicros, { account, tag, side, priceTicks, sizeLots });
  }

  /** Takes what rests at a price or better. */
  sweep(account: number, side: OrderSide, limitTicks: number): void {
    this.venue.sweep(this.nowMicros, account, side, limitTicks);
  }

  /** Buys or sells up to `sizeLots` at once; returns the lots that were there to be taken. */
  market(account: number, side: OrderSide, sizeLots: number): number {
    const before = this.#positionsLots[account] as number;
    this.venue.take(this.nowMicros, account, side, sizeLots);
    return Math.abs((this.#positionsLots[account] as number) - before);
  }

  /** Enters an order for an auction, where the venue takes orders. */
  join(account: number, side: OrderSide, priceTicks: number, sizeLots: number): void {
    if (!STATE_RULES[this.venue.state].enters) return;
    this.venue.join(this.nowMicros, { account, tag: 0, side, priceTicks, sizeLots });
  }

  /** Cancels a resting order. */
  cancel(handle: OrderHandle): void {
    this.venue.cancel(this.nowMicros, handle);
  }

  /** Ends the setting-up: the orders placed so far are in snapshots, but in no depth update. */
  open(): void {
    this.#publisher.skip();
    this.touchMoved = false;
  }

  /** Sends depth and touch. */
  publish(): void {
    // So that agents and readers learn of the indicative price.
    if (!this.isMatching) this.venue.clock(this.nowMicros);
    this.#publisher.publish(this.nowMicros);
  }

  /** Tells the venue's conditional orders the mark price, in quote currency; whole ticks count there. */
  setMark(price: number): void {
    this.venue.setMark(this.nowMicros, Math.round(price / stepValue(this.spec.tickSize)));
  }

  /** Tells the venue the level of the index under the contract. */
  setIndex(level: number): void {
    this.venue.setIndex(this.nowMicros, level);
  }

  /** The public writer, for marks. */
  get writer(): WireWriter {
    return this.#writer;
  }

  /** The REST-like book now. While orders only collect, without those that cross. */
  snapshotFrame(): FeedFrame {
    const [bid, ask] = this.isMatching ? [null, null] : [this.bidTicks, this.askTicks];
    const bids = bestPrices(this.book, 'buy', SNAPSHOT_LEVELS, bid);
    const asks = bestPrices(this.book, 'sell', SNAPSHOT_LEVELS, ask);
    return this.#writer.snapshot(this.nowMicros, this.#publisher.updateId, bids, asks, this.book);
  }

  /** Adds venue, counters and clocks to the hash. */
  hashInto(hash: StateHash): void {
    hash.integer(this.venue.stateHash());
    hash.integer(this.#publisher.updateId);
    hash.integer(this.boughtLots);
    hash.integer(this.soldLots);
    hash.integer(this.#lastTradeTicks ?? 0);
    for (const lots of this.#positionsLots) hash.integer(lots);
  }

  /** The same as `#hear` from numbers, as long as nobody observes. */
  #read(events: BookEvents): void {
    if (this.observer !== null) {
      this.#hear(readOutputs(events));
      return;
    }
    const count = events.count;
    for (let i = 0; i < count; i++) {
      switch (events.kind(i)) {
        case 'traded': {
          const side = events.side(i);
          const lots = events.sizeLots(i);
          const maker = events.makerAccount(i);
          this.#traded(side, events.account(i), maker, events.priceTicks(i), lots);
          this.#owners[maker]?.filled(events.makerTag(i), lots, events.makerRemainingLots(i));
          break;
        }
        case 'rested':
        case 'reduced':
        case 'refreshed':
          this.#publisher.touched(events.side(i), events.priceTicks(i));
          break;
        case 'cancelled':
          if (events.handle(i) !== 0) this.#publisher.touched(events.side(i), events.priceTicks(i));
          break;
        default:
          break;
      }
    }
    this.#noteState();
  }

  /** Takes note of what one command did and tells everyone concerned. */
  #hear(outputs: readonly VenueOutput[]): void {
    for (const output of outputs) {
      switch (output.kind) {
        case 'traded': {
          const { takerSide, taker, maker, priceTicks, sizeLots } = output;
          this.#traded(takerSide, taker.account, maker.account, priceTicks, sizeLots);
          this.#owners[maker.account]?.filled(maker.tag, sizeLots, output.makerRemainingLots);
          break;
        }
        case 'uncrossed':
          this.#uncrossed(output);
          break;
        case 'rested':
        case 'reduced':
        case 'refreshed':
          this.#publisher.touched(output.side, output.priceTicks);
          break;
        case 'cancelled':
          // A handle means that it rested; the unfilled rest of a taker never did.
          if (output.handle !== null) this.#publisher.touched(output.side, output.priceTicks);
          break;
        default:
          break;
      }
    }
    this.#noteState();
    this.observer?.(outputs);
  }

  #noteState(): void {
    const isMatching = this.isMatching;
    if (isMatching !== this.#wasMatching) {
      this.#wasMatching = isMatching;
      if (isMatching) this.#publisher.thaw();
      else this.#publisher.freeze();
    }
    if (!isMatching) return;
    const bid = this.book.bestBidTicks ?? this.#bid;
    const ask = this.book.bestAskTicks ?? this.#ask;
    if (bid === this.#bid && ask === this.#ask) return;
    this.#bid = bid;
    this.#ask = ask;
    this.touchMoved = true;
  }

  #traded(takerSide: OrderSide, taker: number, maker: number, priceTicks: number, sizeLots: number): void {
    this.takerFlowLots += takerSide === 'buy' ? sizeLots : -sizeLots;
    this.#publisher.touched(takerSide === 'buy' ? 'sell' : 'buy', priceTicks);
    this.#record(takerSide, taker, maker, priceTicks, sizeLots);
  }

  #uncrossed(output: Extract<VenueOutput, { kind: 'uncrossed' }>): void {
    const { priceTicks, sizeLots, buyer, seller } = output;
    if (buyer.serial > seller.serial) {
      this.#record('buy', buyer.account, seller.account, priceTicks, sizeLots);
    } else this.#record('sell', seller.account, buyer.account, priceTicks, sizeLots);
    for (const { account, tag } of [buyer, seller]) {
      const owner = this.#owners[account];
      if (owner === undefined) continue;
      const left = this.book.find(owner.handleOf(tag));
      owner.filled(tag, sizeLots, left === null ? 0 : left.remainingLots + left.hiddenLots);
    }
  }

  /** Moves the positions and tells the public. */
  #record(takerSide: OrderSide, taker: number, maker: number, priceTicks: number, sizeLots: number): void {
    const signed = takerSide === 'buy' ? sizeLots : -sizeLots;
    const positions = this.#positionsLots;
    positions[taker] = (positions[taker] as number) + signed;
    positions[maker] = (positions[maker] as number) - signed;
    if (takerSide === 'buy') this.boughtLots += sizeLots;
    else this.soldLots += sizeLots;
    this.#lastTradeTicks = priceTicks;
    this.#writer.trade(this.nowMicros, ++this.#trades, priceTicks, sizeLots, takerSide);
  }
}
