/** The reader's account in one simulated contract: sends its orders, follows them, and shows what became of them. */
import type { StateHash } from '../../core/state-hash.ts';
import { formatMultiple } from '../../core/units.ts';
import type { ContractSpec } from '../../reference/instruments/contract-spec.ts';
import type { OrderHandle, OrderSide } from '../../venue/matching/order-terms.ts';
import { REJECTION_RULES } from '../../venue/matching/rejection-rules.ts';
import type { VenueOutput } from '../../venue/matching/venue-output.ts';
import { type ListedMarket, NOTHING_RESTS } from '../listed-market.ts';
import { mostLots } from '../venues/venue-parameters.ts';
import { estimateOrder } from './order-estimate.ts';
import { endedWords, orderStory, turnWords } from './order-story.ts';
import { PaperEntry } from './paper-entry.ts';
import type {
  EndedOrder,
  OrderEstimate,
  OrderStory,
  OrderStoryEvent,
  OwnFill,
  PaperOrder,
  PaperOrderId,
  PaperReceipt,
  VenueView,
} from './paper-orders.ts';
import { PaperPosition } from './paper-position.ts';
import { QueueAhead } from './queue-ahead.ts';
import { venueView } from './venue-view.ts';

/** Orders that are over and still have a story. */
const MOST_STORIES = 200;
const MOST_FILLS = 200;
/** Ended orders that are shown. */
const MOST_ENDED = 100;
/** Most open orders at a time: each is looked at whenever something happens at its price. */
const MOST_OPEN = 100;
const OPEN_LIMIT = {
  code: 'order/limit-exceeded',
  rule: `At most ${MOST_OPEN} orders may be open.`,
  source: 'a limit of this venue model',
} as const;
const TOO_LARGE = {
  code: 'order/too-large',
  rule: 'An order of this contract may not have more lots than its exchange takes at once.',
  source: 'Binance USDT-M Futures, exchangeInfo of 21 July 2021, LOT_SIZE maxQty',
} as const;
const NOT_AMENDABLE = {
  code: 'paper/not-amendable',
  rule: 'An order that waits for its trigger is not changed: withdraw it and send another.',
  source: 'a limit of this venue model',
} as const;

/** What the venue says of an order that rests. */
interface Rested {
  readonly handle: OrderHandle;
  readonly serial: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
}

const unknown = (id: PaperOrderId): PaperReceipt => ({
  kind: 'rejected',
  id,
  code: 'order/unknown',
  ...REJECTION_RULES['order/unknown'],
});

/** The order in the words of its ticket. */
function orderWords(order: PaperOrder, spec: ContractSpec): string {
  const { side, type, sizeLots, priceTicks, triggerTicks, timeInForce } = order;
  const closes = order.venue === 'crypto-perp' && order.closePosition;
  const size = closes ? 'to close the position,' : formatMultiple(sizeLots, spec.lotSize);
  const price = priceTicks === null ? '' : ` at ${formatMultiple(priceTicks, spec.tickSize)}`;
  const trigger = triggerTicks === null ? '' : `, trigger ${formatMultiple(triggerTicks, spec.tickSize)}`;
  return `${side} ${size} ${type}${price}${trigger}, ${timeInForce}`;
}

function ended(id: PaperOrderId, outcome: EndedOrder['outcome'], entry: PaperEntry): EndedOrder {
  return { id, outcome, filledLots: entry.filledLots, why: entry.end };
}

/** Follows its orders by what the venue tells; costs nothing while none is open. */
export class PaperAccount {
  readonly #market: ListedMarket;
  readonly #account: number;
  readonly #position: PaperPosition;
  readonly #open = new Map<PaperOrderId, PaperEntry>();
  readonly #over = new Map<PaperOrderId, PaperEntry>();
  /** Orders that joined a queue in the command being told: the queue they found is that of its end. */
  readonly #fresh = new Set<PaperEntry>();
  #fills: readonly OwnFill[] = [];
  #ended: readonly EndedOrder[] = [];
  #sent = 0;
  /** What an amendment under way asks for. */
  #amending: { readonly priceTicks: number; readonly openLots: number } | null = null;

  constructor(market: ListedMarket) {
    this.#market = market;
    this.#account = market.openAccount(NOTHING_RESTS);
    this.#position = new PaperPosition(market.spec);
  }

  /** Sends an order under a number that was not used before. */
  place(id: PaperOrderId, order: PaperOrder): PaperReceipt {
    const entry = new PaperEntry(id, order);
    this.#sent++;
    this.#open.set(id, entry);
    this.#market.observer = (outputs) => this.#observe(outputs);
    this.#note(entry, 'sent', order.sizeLots, order.priceTicks, orderWords(order, this.#market.spec));
    if (this.#open.size > MOST_OPEN) this.#reject(entry, OPEN_LIMIT);
    else if (this.#isTooLarge(order.sizeLots)) this.#reject(entry, TOO_LARGE);
    else this.#market.venue.place(this.#market.nowMicros, this.#account, id, order);
    this.#forget();
    return entry.refusal === null ? { kind: 'accepted', id } : { kind: 'rejected', id, ...entry.refusal };
  }

  /** What an order would get if it were sent now; null where that cannot be said. Changes nothing. */
  estimate(order: PaperOrder): OrderEstimate | null {
    if (this.#isTooLarge(order.sizeLots)) return null;
    return estimateOrder(order, this.#market, this.#open.values(), this.#position);
  }

  /** Withdraws an open order. */
  cancel(id: PaperOrderId): PaperReceipt {
    const entry = this.#open.get(id);
    if (entry === undefined) return unknown(id);
    const { venue, nowMicros } = this.#market;
    const outputs =
      entry.state === 'waiting'
        ? venue.cancelWaiting(nowMicros, entry.waitingId)
        : venue.withdraw(nowMicros, entry.handle);
    return this.#receipt(entry, outputs);
  }

  /** Withdraws all open orders that may be withdrawn now. */
  cancelAll(): void {
    for (const id of [...this.#open.keys()]) this.cancel(id);
  }

  /**
   * Changes price and size of a resting order.
   *
   * @param sizeLots - the new size, with what was filled
   */
  amend(id: PaperOrderId, priceTicks: number, sizeLots: number): PaperReceipt {
    const entry = this.#open.get(id);
    if (entry === undefined) return unknown(id);
    if (entry.state === 'waiting') return { kind: 'rejected', id, ...NOT_AMENDABLE };
    if (this.#isTooLarge(sizeLots)) return { kind: 'rejected', id, ...TOO_LARGE };
    const openLots = sizeLots - entry.filledLots;
    this.#amending = { priceTicks, openLots };
    const { venue, nowMicros } = this.#market;
    const outputs = venue.amend(nowMicros, entry.handle, priceTicks, openLots);
    this.#amending = null;
    return this.#receipt(entry, outputs);
  }

  /** The story of an order, or null where it is unknown or long over. */
  story(id: PaperOrderId): OrderStory | null {
    const entry = this.#open.get(id) ?? this.#over.get(id);
    return entry === undefined ? null : orderStory(entry, this.#market.spec);
  }

  /** Everything that the reader sees of the venue now. */
  view(): VenueView {
    const [market, position] = [this.#market, this.#position];
    const [account, open] = [this.#account, this.#open.values()];
    position.carry(market.venue.settlement);
    return venueView(market, { account, open, ended: this.#ended, fills: this.#fills, position });
  }

  /** Adds what the reader did to the hash; nothing where it did nothing, so that the bare seed keeps its hash. */
  hashInto(hash: StateHash): void {
    if (this.#sent === 0) return;
    hash.integer(this.#sent);
    hash.integer(this.#position.lots);
    for (const { id, filledLots, sizeLots } of this.#open.values()) {
      for (const n of [id, filledLots, sizeLots]) hash.integer(n);
    }
    for (const { id, atMicros, priceTicks, sizeLots } of this.#fills) {
      for (const n of [id, atMicros, priceTicks, sizeLots]) hash.integer(n);
    }
  }

  #isTooLarge(sizeLots: number): boolean {
    return sizeLots > (mostLots(this.#market.spec.symbol) ?? Number.POSITIVE_INFINITY);
  }

  #receipt(entry: PaperEntry, outputs: readonly VenueOutput[]): PaperReceipt {
    this.#forget();
    for (const output of outputs) {
      if (output.kind !== 'rejected') continue;
      const { code, rule, source } = output;
      if (this.#open.has(entry.id)) this.#note(entry, 'rejected', 0, null, `${rule} (${source})`);
      return { kind: 'rejected', id: entry.id, code, rule, source };
    }
    return { kind: 'accepted', id: entry.id };
  }

  /** Ended orders move to the stories; when none is open any more, nobody listens. */
  #forget(): void {
    for (const [id, entry] of this.#open) {
      if (entry.state !== 'filled' && entry.state !== 'ended' && entry.state !== 'rejected') continue;
      this.#open.delete(id);
      this.#over.set(id, entry);
      this.#ended = [...this.#ended, ended(id, entry.state, entry)].slice(-MOST_ENDED);
    }
    for (const id of this.#over.keys()) {
      if (this.#over.size <= MOST_STORIES) break;
      this.#over.delete(id);
    }
    if (this.#open.size === 0) this.#market.observer = null;
  }

  #observe(outputs: readonly VenueOutput[]): void {
    for (const output of outputs) {
      this.#follow(output);
      this.#watchQueues(output);
    }
    this.#fresh.clear();
    if (!this.#amending) this.#forget();
  }

  /** What the venue says of own orders. */
  #follow(output: VenueOutput): void {
    if (output.kind === 'traded') {
      const { taker, maker, takerSide, priceTicks, sizeLots } = output;
      this.#filled(taker, takerSide, priceTicks, sizeLots, 'taker');
      this.#filled(maker, takerSide === 'buy' ? 'sell' : 'buy', priceTicks, sizeLots, 'maker');
      return;
    }
    if (output.kind === 'uncrossed') {
      const { buyer, seller, priceTicks, sizeLots } = output;
      this.#filled(buyer, 'buy', priceTicks, sizeLots, 'auction');
      this.#filled(seller, 'sell', priceTicks, sizeLots, 'auction');
      return;
    }
    const entry = output.account === this.#account ? this.#open.get(output.tag) : undefined;
    if (entry === undefined) return;
    switch (output.kind) {
      case 'accepted':
        entry.sizeLots = output.sizeLots;
        this.#note(entry, 'accepted', output.sizeLots, entry.priceTicks);
        break;
      case 'armed':
        entry.state = 'waiting';
        entry.waitingId = output.id;
        this.#note(entry, 'armed', output.sizeLots, output.triggerTicks, turnWords(entry.order));
        break;
      case 'triggered':
        entry.state = 'entering';
        this.#note(entry, 'triggered', output.sizeLots, output.triggerTicks);
        break;
      case 'rested':
        this.#rested(entry, output);
        break;
      case 'refreshed':
        entry.queue = this.#queueOf(entry);
        this.#note(entry, 'rested', output.sizeLots, output.priceTicks);
        break;
      case 'reduced':
        this.#reduced(entry, output.sizeLots);
        break;
      case 'cancelled':
        this.#end(entry, output.sizeLots, endedWords(output.reason));
        break;
      case 'disarmed':
        this.#end(entry, entry.sizeLots, endedWords(output.reason));
        break;
      case 'rejected':
        // What was refused of an order that is open is the answer to a command, not its end.
        if (entry.state === 'entering') this.#reject(entry, output);
        break;
    }
  }

  #rested(entry: PaperEntry, output: Rested): void {
    entry.state = 'resting';
    entry.handle = output.handle;
    entry.serial = output.serial;
    entry.priceTicks = output.priceTicks;
    const resting = this.#market.book.find(output.handle);
    if (resting !== null) entry.sizeLots = entry.filledLots + resting.remainingLots + resting.hiddenLots;
    entry.queue = this.#queueOf(entry);
    this.#note(entry, 'rested', output.sizeLots, output.priceTicks);
  }

  #reduced(entry: PaperEntry, lots: number): void {
    const keeps = lots < entry.openLots;
    const price = this.#amending?.priceTicks ?? entry.priceTicks;
    const openLots = this.#amending?.openLots ?? entry.openLots - lots;
    entry.sizeLots = entry.filledLots + openLots;
    if (!keeps) {
      entry.state = 'entering';
      entry.queue = null;
      entry.priceTicks = price;
    }
    const detail = keeps ? 'less size keeps its place' : 'it lost its place in the queue';
    this.#note(entry, 'amended', openLots, price, detail);
  }

  #filled(
    of: { readonly account: number; readonly tag: number },
    side: OrderSide,
    priceTicks: number,
    sizeLots: number,
    role: 'taker' | 'maker' | 'auction',
  ): void {
    const entry = of.account === this.#account ? this.#open.get(of.tag) : undefined;
    if (entry === undefined) return;
    const { nowMicros, venue } = this.#market;
    this.#position.carry(venue.settlement);
    const fee = this.#position.feeOf(nowMicros, priceTicks, sizeLots, role === 'maker');
    this.#position.add(side, priceTicks, sizeLots, fee);
    const fill = { atMicros: nowMicros, id: entry.id, side, priceTicks, sizeLots, role, fee };
    this.#fills = [...this.#fills, fill].slice(-MOST_FILLS);
    entry.filledLots += sizeLots;
    if (role === 'maker') entry.makerLots += sizeLots;
    else if (role === 'auction') entry.auctionLots += sizeLots;
    if (entry.openLots <= 0) {
      entry.state = 'filled';
      entry.queue = null;
    }
    const how = { taker: 'by taking', maker: 'while resting', auction: 'in the auction' }[role];
    this.#note(entry, 'filled', sizeLots, priceTicks, how);
  }

  /** Others at the price of an own order: its queue shrinks. */
  #watchQueues(output: VenueOutput): void {
    for (const entry of this.#open.values()) {
      const shrinkage = this.#fresh.has(entry) ? null : (entry.queue?.follow(output) ?? null);
      if (shrinkage === null) continue;
      const { by, lots } = shrinkage;
      entry[by] += lots;
      this.#note(entry, by === 'traded' ? 'ahead-traded' : 'ahead-cancelled', lots, entry.priceTicks);
    }
  }

  #queueOf(entry: PaperEntry): QueueAhead | null {
    if (entry.priceTicks === null) return null;
    this.#fresh.add(entry);
    return new QueueAhead(this.#market.book.queueAt(entry.order.side, entry.priceTicks), entry.serial);
  }

  #end(entry: PaperEntry, lots: number, why: string): void {
    entry.state = 'ended';
    entry.queue = null;
    entry.end = why;
    this.#note(entry, 'cancelled', lots, entry.priceTicks, why);
  }

  #reject(
    entry: PaperEntry,
    refusal: { readonly code: string; readonly rule: string; readonly source: string },
  ): void {
    const { code, rule, source } = refusal;
    entry.state = 'rejected';
    entry.refusal = { code, rule, source };
    entry.end = `${rule} (${source})`;
    this.#note(entry, 'rejected', entry.order.sizeLots, entry.priceTicks, entry.end);
  }

  #note(
    entry: PaperEntry,
    kind: OrderStoryEvent['kind'],
    lots: number,
    priceTicks: number | null,
    detail = '',
  ): void {
    const atMicros = this.#market.nowMicros;
    entry.log.add({ atMicros, kind, lots, priceTicks, aheadLots: entry.queue?.lots ?? null, detail });
  }
}
