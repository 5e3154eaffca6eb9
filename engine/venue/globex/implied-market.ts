/** What takers of one instrument meet through calendar spreads, beside the orders of its own book. */
import { assert } from '../../core/assert.ts';
import type { BookReader } from '../matching/book-reader.ts';
import type { OrderBook } from '../matching/order-book.ts';
import type { OrderHandle, OrderSide } from '../matching/order-terms.ts';
import type { OutsideMarket } from '../matching/taking.ts';
import { type ImpliedAs, impliedQuote, type Quote, type Quotes } from './implied-prices.ts';
import { bestOpposite, isBeyond, type TakerMarket } from './trading-bounds.ts';

/** An instrument as a part of implied trades. */
export interface ImpliedPart {
  readonly book: OrderBook;
  /** False for a price outside the daily limits. */
  isWithinLimits(priceTicks: number): boolean;
  /** The worst price at which a taker may trade from this best price on, or null where it may not trade at all now. */
  worstAllowed(takerSide: OrderSide, bestTicks: number): number | null;
  /** Trades lots of the best price with an account that has no order here. */
  trade(takerSide: OrderSide, sizeLots: number, account: number, tag: number): void;
}

/** The instrument whose takers meet what is implied. */
interface ImpliedOwner extends ImpliedPart {
  /** Takes lots off a resting order that implied orders filled. */
  fillResting(handle: OrderHandle, priceTicks: number, sizeLots: number): void;
}

/** Two instruments that together are the same as the one they imply. */
interface ImpliedSource {
  readonly first: ImpliedPart;
  /** Traded on the side of the taker where prices add up, else on the other side. */
  readonly second: ImpliedPart;
  readonly as: ImpliedAs;
}

const other = (side: OrderSide): OrderSide => (side === 'buy' ? 'sell' : 'buy');
const secondSide = (source: ImpliedSource, side: OrderSide): OrderSide =>
  source.as === 'sum' ? side : other(side);

/**
 * Implied liquidity of the first generation: it comes from resting orders alone, needs two of them, is there only while
 * both their markets match, and goes no further than Velocity Logic and daily limits let them trade. Implied orders never
 * meet implied orders.
 *
 * Where several spreads imply the same price they are taken in the order in which they are listed; that is a choice of ours.
 *
 * Source: CME Globex, Implied Orders (wiki page 46465350): two orders at least, not in the pre-open, suspended where a
 * trade would lie outside of limits; Futures Implied Order Matching Priority (457096650).
 */
export class ImpliedMarket implements OutsideMarket, TakerMarket {
  readonly #own: ImpliedOwner;
  readonly #sources: ImpliedSource[] = [];

  constructor(own: ImpliedOwner) {
    this.#own = own;
  }

  /** Adds a source; from now on takers of the own book meet it. */
  addSource(first: ImpliedPart, second: ImpliedPart, as: ImpliedAs): void {
    assert(!this.#sources.some((s) => s.first === first && s.second === second), 'two legs have one spread');
    this.#sources.push({ first, second, as });
    this.#own.book.outside = this;
  }

  /** The best implied bid and ask with what is displayed of them, pooled over the sources. */
  quotes(): Quotes {
    return { bid: this.#quote('sell'), ask: this.#quote('buy') };
  }

  offeredTicks(takerSide: OrderSide): number | null {
    return this.#best(takerSide)?.quote.priceTicks ?? null;
  }

  take(takerSide: OrderSide, sizeLots: number, account: number, tag: number): number {
    const best = this.#best(takerSide);
    assert(best !== null, 'what is taken was offered');
    const { source, quote } = best;
    const lots = Math.min(sizeLots, quote.lots);
    source.first.trade(takerSide, lots, account, tag);
    source.second.trade(secondSide(source, takerSide), lots, account, tag);
    return lots;
  }

  bestTicks(takerSide: OrderSide): number | null {
    const real = bestOpposite(this.#own.book, takerSide);
    const implied = this.offeredTicks(takerSide);
    if (real === null || implied === null) return real ?? implied;
    return isBeyond(takerSide, real, implied) ? implied : real;
  }

  lotsWithin(takerSide: OrderSide, worstTicks: number, enough: number): number {
    let found = this.#own.book.availableLots(takerSide, worstTicks, enough);
    for (const source of this.#sources) {
      for (const { priceTicks, lots } of this.#offers(source, takerSide)) {
        if (found >= enough || isBeyond(takerSide, priceTicks, worstTicks)) break;
        found += lots;
      }
    }
    return Math.min(found, enough);
  }

  /**
   * Lets resting orders take what is implied at their price or better, first in the queue first, until the two are not
   * crossed. Only an opening, or the end of what kept implied orders away, leaves them crossed; like the opening, this is
   * no event for Velocity Logic. True where any traded.
   */
  uncross(): boolean {
    const { book } = this.#own;
    const tradesBefore = book.tradeCount;
    for (const side of ['buy', 'sell'] as const) {
      for (;;) {
        const limit = side === 'buy' ? book.bestBidTicks : book.bestAskTicks;
        const offered = book.collecting || limit === null ? null : this.offeredTicks(side);
        if (limit === null || offered === null || isBeyond(side, offered, limit)) break;
        this.#fillFirst(side, limit, offered);
      }
    }
    return book.tradeCount !== tradesBefore;
  }

  #fillFirst(side: OrderSide, limitTicks: number, offeredTicks: number): void {
    const [first] = this.#own.book.queueAt(side, limitTicks);
    assert(first !== undefined, 'a level has orders');
    const lots = this.take(side, first.remainingLots, first.account, first.tag);
    this.#own.fillResting(first.handle, offeredTicks, lots);
  }

  #best(takerSide: OrderSide): { readonly source: ImpliedSource; readonly quote: Quote } | null {
    let best: { readonly source: ImpliedSource; readonly quote: Quote } | null = null;
    for (const source of this.#sources) {
      const [quote] = this.#offers(source, takerSide);
      if (quote === undefined) continue;
      if (best === null || isBeyond(takerSide, best.quote.priceTicks, quote.priceTicks)) {
        best = { source, quote };
      }
    }
    return best;
  }

  #quote(takerSide: OrderSide): Quote | null {
    const priceTicks = this.#own.book.collecting ? null : this.offeredTicks(takerSide);
    if (priceTicks === null) return null;
    let lots = 0;
    for (const source of this.#sources) {
      const [quote] = this.#offers(source, takerSide);
      if (quote?.priceTicks !== priceTicks) continue;
      const shown = [
        displayed(source.first, takerSide),
        displayed(source.second, secondSide(source, takerSide)),
      ];
      lots += Math.min(...shown);
    }
    return { priceTicks, lots };
  }

  /** What a source offers a taker, best first, hidden lots included, as if each offer were taken before the next. */
  *#offers(source: ImpliedSource, takerSide: OrderSide): Generator<Quote> {
    const first = new LevelWalk(source.first, takerSide);
    const second = new LevelWalk(source.second, secondSide(source, takerSide));
    while (first.level !== null && second.level !== null) {
      const offer = impliedQuote(source.as, first.level, second.level);
      if (!this.#own.isWithinLimits(offer.priceTicks)) return;
      yield offer;
      first.use(offer.lots);
      second.use(offer.lots);
    }
  }
}

/** Walks the levels of one side of a book that a taker may trade with now. */
class LevelWalk {
  /** Price and lots where the walk stands; null at its end. */
  level: Quote | null;
  readonly #book: BookReader;
  readonly #takerSide: OrderSide;
  readonly #worstTicks: number | null;

  constructor(part: ImpliedPart, takerSide: OrderSide) {
    this.#book = part.book;
    this.#takerSide = takerSide;
    const best = part.book.collecting ? null : bestOpposite(part.book, takerSide);
    this.#worstTicks = best === null ? null : part.worstAllowed(takerSide, best);
    this.level = this.#at(best);
  }

  use(lots: number): void {
    if (this.level === null) return;
    const { priceTicks, lots: had } = this.level;
    if (had > lots) this.level = { priceTicks, lots: had - lots };
    else this.level = this.#at(this.#book.nextWorsePrice(other(this.#takerSide), priceTicks));
  }

  #at(priceTicks: number | null): Quote | null {
    const worst = this.#worstTicks;
    if (priceTicks === null || worst === null || isBeyond(this.#takerSide, priceTicks, worst)) return null;
    const side = other(this.#takerSide);
    return { priceTicks, lots: this.#book.sizeAt(side, priceTicks) + this.#book.hiddenAt(side, priceTicks) };
  }
}

/** Lots displayed at the best price that a taker meets. */
function displayed({ book }: ImpliedPart, takerSide: OrderSide): number {
  const best = bestOpposite(book, takerSide);
  return best === null ? 0 : book.sizeAt(other(takerSide), best);
}
