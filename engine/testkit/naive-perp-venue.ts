/** The crypto perpetual venue written the obvious way, as an oracle: a naive book and one list of waiting orders. */
import { StateHash } from '../core/state-hash.ts';
import type {
  PerpConditional,
  PerpInput,
  PerpOrder,
  PerpVenueConfig,
} from '../venue/crypto-perp/perp-orders.ts';
import { FIFO } from '../venue/matching/allocation.ts';
import type { Rejection, TimeInForce } from '../venue/matching/order-terms.ts';
import { type NaiveEntry, NaiveOrderBook } from './naive-order-book.ts';

interface Waiting {
  readonly id: number;
  readonly order: PerpConditional;
  /** Trigger price, or activation price of a trailing stop. */
  readonly trigger: number;
  extreme: number;
}

const MAX = 1_000_000_000;

export class NaivePerpVenue {
  readonly book: NaiveOrderBook;
  waiting: Waiting[] = [];
  readonly #config: PerpVenueConfig;
  #now = 0;
  #mark: number | null = null;
  #last: number | null = null;
  #placed = 0;
  #queue: Waiting[] = [];

  constructor(config: PerpVenueConfig) {
    this.#config = config;
    this.book = new NaiveOrderBook(config.limits.orders, FIFO, config.accounts);
  }

  /** Orders are named by serial numbers here. */
  apply(input: PerpInput, serial: number): void {
    this.#now = input.atMicros;
    const now = Math.floor(input.atMicros / 1e6);
    this.book.cancelAll((o) => o.time === 'GTD' && o.goodTill <= now, 'expired');
    if (input.kind === 'order') this.#order(input.order);
    if (input.kind === 'conditional') this.#conditional(input.order);
    if (input.kind === 'cancel') this.book.cancel(serial);
    if (input.kind === 'cancel-conditional') this.#withdraw(input.id);
    if (input.kind === 'cancel-account') this.#cancelAccount(input.account);
    if (input.kind === 'amend') this.book.amend(serial, input.priceTicks, input.sizeLots, 'none');
    this.#afterTrades();
    if (input.kind === 'mark') {
      this.#mark = input.priceTicks;
      this.#elect('mark', input.priceTicks);
    }
    while (this.#queue.length > 0) this.#fire(this.#queue.shift()!);
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.book.stateHash());
    hash.integer(this.#mark ?? 0);
    hash.integer(this.#placed);
    for (const source of ['contract', 'mark']) {
      for (const w of this.waiting.filter((one) => one.order.workingPrice === source)) {
        hash.integer(w.id);
        hash.integer(w.trigger);
        hash.integer(w.order.type === 'trailing-stop-market' ? w.extreme : 0);
      }
    }
    return hash.value();
  }

  #entry(order: PerpOrder, size: number, price: number | null): NaiveEntry {
    const time: TimeInForce = price === null ? 'IOC' : order.timeInForce;
    return {
      side: order.side,
      price,
      size,
      time,
      account: order.account,
      tag: order.tag,
      selfTrade: time === 'FOK' || time === 'GTX' ? 'none' : order.selfTrade,
      ownAccount: true,
      group: this.#config.tradeGroups[order.account] ?? 0,
      display: 0,
      minimum: 0,
      reduceOnly: order.reduceOnly,
      goodTill: order.goodTillMicros === null ? 0 : Math.floor(order.goodTillMicros / 1e6),
      makerPercent: 0,
    };
  }

  #refuse(order: PerpOrder, reason: Rejection): void {
    this.book.reject(this.#entry(order, order.sizeLots, order.priceTicks), reason);
  }

  #order(order: PerpOrder): void {
    const { priceTicks, priceMatch, timeInForce: time, goodTillMicros } = order;
    const market = priceTicks === null && priceMatch === null;
    const bad =
      (priceTicks !== null && priceMatch !== null) ||
      time === 'DAY' ||
      (market && time !== 'GTC' && time !== 'IOC') ||
      (time === 'GTD') !== (goodTillMicros !== null);
    if (bad) this.#refuse(order, 'order/combination-not-allowed');
    else if (goodTillMicros !== null && goodTillMicros - this.#now < 600e6)
      this.#refuse(order, 'order/good-till-too-early');
    else this.#enter(order, order.sizeLots);
  }

  #enter(order: PerpOrder, size: number): void {
    let price = order.priceTicks;
    if (order.priceMatch !== null) {
      const [whose, nth] = order.priceMatch.split('-') as [string, string | undefined];
      const bids = (whose === 'queue') === (order.side === 'buy');
      const prices = [...new Set((bids ? this.book.bids : this.book.asks).map((o) => o.price))];
      price = prices[Number(nth ?? 1) - 1] ?? null;
      if (price === null) {
        this.#refuse(order, 'order/no-market');
        return;
      }
    }
    this.book.enter(this.#entry(order, size, price));
    this.#afterTrades();
  }

  /** Every trade, in turn, elects what waits for its price. */
  #afterTrades(): void {
    for (const trade of this.book.trades) {
      this.#last = trade.price;
      this.#elect('contract', trade.price);
    }
    this.book.trades = [];
  }

  #elect(source: 'contract' | 'mark', price: number): void {
    const met: { w: Waiting; falling: boolean; at: number }[] = [];
    for (const w of this.waiting.filter((one) => one.order.workingPrice === source)) {
      const sells = w.order.side === 'sell';
      if (w.order.type === 'trailing-stop-market') {
        w.extreme = sells ? Math.max(w.extreme, price) : Math.min(w.extreme, price);
        const active = sells ? w.extreme >= w.trigger : w.extreme <= w.trigger;
        const turn = w.extreme * (1000 + (sells ? -1 : 1) * w.order.callbackPermille);
        if (active && (sells ? price * 1000 <= turn : price * 1000 >= turn)) {
          met.push({ w, falling: sells, at: sells ? Math.floor(turn / 1000) : Math.ceil(turn / 1000) });
        }
        continue;
      }
      const stop = w.order.type.startsWith('stop');
      const falling = stop === sells;
      if (falling ? price <= w.trigger : price >= w.trigger) met.push({ w, falling, at: w.trigger });
    }
    const falls = met.filter((m) => m.falling).sort((a, b) => b.at - a.at || a.w.id - b.w.id);
    const rises = met.filter((m) => !m.falling).sort((a, b) => a.at - b.at || a.w.id - b.w.id);
    const elected = [...falls, ...rises].map((m) => m.w);
    this.waiting = this.waiting.filter((w) => !elected.includes(w));
    this.#queue.push(...elected);
  }

  #fire(w: Waiting): void {
    const { order } = w;
    const who = { ...order, size: order.sizeLots };
    const apart = Math.abs((this.#mark ?? 0) - (this.#last ?? 0)) * 10_000;
    const tooFar = apart > Math.abs(this.#mark ?? 0) * this.#config.triggerProtectPer10k;
    if (order.priceProtect && this.#mark !== null && this.#last !== null && tooFar) {
      this.book.note('disarmed', who, w.trigger, w.id, 'price-protect');
      return;
    }
    const held = this.book.positions![order.account]!;
    const closable = Math.max(0, order.side === 'sell' ? held : -held);
    if (order.closePosition && closable === 0) {
      this.book.note('disarmed', who, w.trigger, w.id, 'no-position');
      return;
    }
    this.book.note('triggered', who, w.trigger, w.id, null);
    this.#enter(order, order.closePosition ? closable : order.sizeLots);
  }

  #conditional(order: PerpConditional): void {
    const now = order.workingPrice === 'mark' ? this.#mark : this.#last;
    const reason = this.#whyNotWait(order, now);
    if (reason !== null) {
      this.#refuse(order, reason);
      return;
    }
    const w = { id: ++this.#placed, order, trigger: order.triggerTicks ?? now ?? 0, extreme: now ?? 0 };
    this.waiting.push(w);
    this.book.note('armed', { ...order, size: order.sizeLots }, w.trigger, w.id, null);
  }

  #whyNotWait(order: PerpConditional, now: number | null): Rejection | null {
    const { type, side, triggerTicks: trigger, callbackPermille: callback, sizeLots: size } = order;
    const market = order.priceTicks === null && order.priceMatch === null;
    const trailing = type === 'trailing-stop-market';
    const badPrice = trigger !== null && Math.abs(trigger) > MAX;
    if (this.book.positions![order.account] === undefined) return 'order/account-unknown';
    if (market !== type.endsWith('market')) return 'order/combination-not-allowed';
    if (order.timeInForce === 'GTD' || order.goodTillMicros !== null) return 'order/combination-not-allowed';
    if (order.closePosition) {
      const closes = type === 'stop-market' || type === 'take-profit-market';
      if (!closes || order.reduceOnly || size !== 0) return 'order/combination-not-allowed';
    } else if (size < 1 || size > MAX) return 'order/size-not-positive';
    if (trailing) {
      if (callback < 1 || callback > 100) return 'order/callback-out-of-range';
      if (now === null) return 'order/no-market';
      if (badPrice) return 'order/price-out-of-range';
      const passed = trigger !== null && (side === 'sell' ? trigger < now : trigger > now);
      if (passed) return 'order/would-trigger-at-once';
    } else {
      if (callback !== 0) return 'order/combination-not-allowed';
      if (trigger === null || badPrice) return 'order/price-out-of-range';
      const rising = type.startsWith('stop') === (side === 'buy');
      if (now !== null && (rising ? now >= trigger : now <= trigger)) return 'order/would-trigger-at-once';
    }
    return this.waiting.length >= this.#config.conditionalOrders ? 'order/limit-exceeded' : null;
  }

  #withdraw(id: number): void {
    const w = this.waiting.find((one) => one.id === id);
    if (w === undefined) {
      this.book.cancel(0);
      return;
    }
    this.waiting = this.waiting.filter((one) => one !== w);
    this.book.note('disarmed', { ...w.order, size: w.order.sizeLots }, w.trigger, w.id, 'requested');
  }

  #cancelAccount(account: number): void {
    this.book.cancelAll((o) => o.account === account, 'requested');
    for (const source of ['contract', 'mark']) {
      for (const w of this.waiting) {
        if (w.order.account === account && w.order.workingPrice === source) this.#withdraw(w.id);
      }
    }
  }
}
