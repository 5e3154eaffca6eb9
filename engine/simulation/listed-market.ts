/** One contract's exchange: its order book, the accounts that trade on it, and what the public sees of it. */
import { assert } from '../core/assert.ts';
import type { StateHash } from '../core/state-hash.ts';
import { type Micros, multipleValue } from '../core/units.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { OrderBook, type OrderRequest } from '../venue/matching/order-book.ts';
import type { OrderHandle, OrderSide, TimeInForce } from '../venue/matching/order-terms.ts';
import { bestPrices, DepthPublisher, SNAPSHOT_LEVELS } from './depth-publisher.ts';
import { WireWriter } from './wire-writer.ts';

/** Limits of a simulated book; the agents of one contract hold a few thousand orders. */
const LIMITS = { orders: 16_383, pagesPerSide: 512, events: 65_536 };

/** Who wants to know what became of its resting orders. */
export interface OrderOwner {
  /**
   * An order of this owner met a taker; nothing remaining means that it left the book. Must not trade: the command that
   * filled it is still being told.
   */
  filled(tag: number, lots: number, remainingLots: number): void;
}

/** Books the trades of one contract and tells owners and the public. */
export class ListedMarket {
  readonly spec: ContractSpec;
  readonly book: OrderBook = new OrderBook(LIMITS);
  /** Clock of the contract: the kernel sets it before anyone acts. */
  nowMicros: Micros;
  /** True since the best bid or ask changed; the kernel looks and clears it. */
  touchMoved = false;
  /** Signed taker volume since the kernel last looked, in lots: bought less sold. */
  takerFlowLots = 0;
  /** Volume bought and sold by takers since the start, in lots. */
  boughtLots = 0;
  soldLots = 0;
  #lastTradeTicks: number | null = null;
  #trades = 0;
  #bid: number | null = null;
  #ask: number | null = null;
  readonly #writer: WireWriter;
  readonly #publisher: DepthPublisher;
  readonly #owners: OrderOwner[] = [];
  /** Bought less sold by each account. */
  readonly #positionsLots: number[] = [];
  readonly #request: OrderRequest = {
    side: 'buy',
    priceTicks: 0,
    sizeLots: 0,
    timeInForce: 'GTC',
    account: 0,
    tag: 0,
  };

  /** @param frames - where the public messages are appended */
  constructor(spec: ContractSpec, startMicros: Micros, frames: FeedFrame[]) {
    this.spec = spec;
    this.nowMicros = startMicros;
    this.#writer = new WireWriter(spec, frames);
    this.#publisher = new DepthPublisher(this.book, this.#writer);
  }

  /** Opens an account; its number comes with every order. */
  openAccount(owner: OrderOwner): number {
    this.#positionsLots.push(0);
    return this.#owners.push(owner) - 1;
  }

  /** Bought less sold in lots, by account; they add up to 0. */
  positionsLots(): readonly number[] {
    return this.#positionsLots;
  }

  /** Best bid in ticks. Simulated books are always quoted. */
  get bidTicks(): number {
    const bid = this.book.bestBidTicks;
    assert(bid !== null, 'a simulated book always has a bid');
    return bid;
  }

  /** Best ask in ticks. */
  get askTicks(): number {
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

  /** Places a limit order; the handle where some of it rests. */
  limit(
    account: number,
    tag: number,
    side: OrderSide,
    priceTicks: number,
    sizeLots: number,
    timeInForce: TimeInForce,
  ): OrderHandle | null {
    const request = this.#request;
    request.side = side;
    request.priceTicks = priceTicks;
    request.sizeLots = sizeLots;
    request.timeInForce = timeInForce;
    request.account = account;
    request.tag = tag;
    const handle = this.book.placeLimit(request);
    this.#settle();
    return handle;
  }

  /** Buys or sells up to `sizeLots` at once at any price. */
  market(account: number, side: OrderSide, sizeLots: number): void {
    const request = this.#request;
    request.side = side;
    request.sizeLots = sizeLots;
    request.account = account;
    request.tag = 0;
    this.book.placeMarket(request);
    this.#settle();
  }

  /** Cancels a resting order. */
  cancel(handle: OrderHandle): void {
    this.book.cancel(handle);
    this.#settle();
  }

  /** Ends the setting-up: the orders placed so far are in snapshots, but in no depth update. */
  open(): void {
    this.#publisher.skip();
    this.touchMoved = false;
  }

  /** Sends depth and touch. */
  publish(): void {
    this.#publisher.publish(this.nowMicros);
  }

  /** The public writer, for marks. */
  get writer(): WireWriter {
    return this.#writer;
  }

  /** The REST-like book now. */
  snapshotFrame(): FeedFrame {
    const bids = bestPrices(this.book, 'buy', SNAPSHOT_LEVELS);
    const asks = bestPrices(this.book, 'sell', SNAPSHOT_LEVELS);
    return this.#writer.snapshot(this.nowMicros, this.#publisher.updateId, bids, asks, this.book);
  }

  /** Adds book, counters and clocks to the hash. */
  hashInto(hash: StateHash): void {
    hash.integer(this.book.stateHash());
    hash.integer(this.#publisher.updateId);
    hash.integer(this.boughtLots);
    hash.integer(this.soldLots);
    hash.integer(this.#lastTradeTicks ?? 0);
    for (const lots of this.#positionsLots) hash.integer(lots);
  }

  /** Reads what the last command did and tells everyone concerned. */
  #settle(): void {
    const events = this.book.events;
    const count = events.count;
    for (let i = 0; i < count; i++) {
      switch (events.kind(i)) {
        case 'traded':
          this.#traded(i);
          break;
        case 'rested':
        case 'reduced':
          this.#publisher.touched(events.side(i), events.priceTicks(i));
          break;
        case 'cancelled':
          // A handle means that it rested; the unfilled rest of a taker never did.
          if (events.handle(i) !== 0) this.#publisher.touched(events.side(i), events.priceTicks(i));
          break;
        default:
          break;
      }
    }
    events.clear();
    const bid = this.book.bestBidTicks;
    const ask = this.book.bestAskTicks;
    if (bid !== this.#bid || ask !== this.#ask) {
      this.#bid = bid;
      this.#ask = ask;
      this.touchMoved = true;
    }
  }

  #traded(i: number): void {
    const events = this.book.events;
    const price = events.priceTicks(i);
    const lots = events.sizeLots(i);
    const takerSide = events.side(i);
    const taker = events.account(i);
    const maker = events.makerAccount(i);
    const signed = takerSide === 'buy' ? lots : -lots;
    this.#lastTradeTicks = price;
    this.takerFlowLots += signed;
    this.#positionsLots[taker] = (this.#positionsLots[taker] as number) + signed;
    this.#positionsLots[maker] = (this.#positionsLots[maker] as number) - signed;
    if (takerSide === 'buy') this.boughtLots += lots;
    else this.soldLots += lots;
    this.#writer.trade(this.nowMicros, ++this.#trades, price, lots, takerSide);
    this.#publisher.touched(takerSide === 'buy' ? 'sell' : 'buy', price);
    this.#owners[maker]?.filled(events.makerTag(i), lots, events.makerRemainingLots(i));
  }
}
