/** Index price: a weighted basket of spot prices that one broken exchange cannot move. */
import { fail, ok, type Result } from '../../core/result.ts';
import { type Micros, SECOND_MICROS } from '../../core/units.ts';

/** One exchange of the basket. Weights need not add up to 1. */
export interface IndexConstituent {
  readonly exchange: string;
  readonly weight: number;
}

/** The latest price of one exchange, in quote currency, and when it was heard. */
export interface SpotQuote {
  readonly exchange: string;
  readonly price: number;
  readonly atMicros: Micros;
}

/** What became of a constituent. */
export type ConstituentState = 'used' | 'deviating' | 'stale' | 'missing';

/** The index with everything it was made of, so that a screen can say who was left out. */
export interface IndexPrice {
  readonly price: number;
  /** 'median' when more than one exchange deviates, or none with a weight is left. */
  readonly method: 'weighted' | 'median';
  readonly constituents: readonly {
    readonly exchange: string;
    readonly price: number | null;
    readonly state: ConstituentState;
    /** Share of the price in [0, 1]; 0 for all under the median. */
    readonly share: number;
  }[];
}

/** Largest distance from the median, a fraction; beyond it an exchange has no weight. */
export const INDEX_DEVIATION_LIMIT = 0.05;
/** An exchange silent for longer than this has no weight. */
export const INDEX_STALE_MICROS: number = 10 * SECOND_MICROS;

/**
 * Computes the index price of a basket.
 *
 * Rules: a quote older than 10 s has no weight; the median is taken over all fresh quotes; one exchange more than 5 % off
 * it has no weight; with more than one of them the median is the index. The remaining weights are scaled to 1.
 *
 * @param quotes - at most one for each exchange; those of exchanges outside the basket are ignored
 *
 * Fails: `venue/index-unavailable` when no fresh quote is left: an index is never carried on from a silent market.
 * Source: Binance FAQ 547ba48141474ab3bddc5d7898f97928 "Price Index", 2020-10-29.
 *
 * @example equal weights at 100, 101, 99 and 110 → 100 (the last is 9.5 % off the median 100.5)
 */
export function indexPrice(
  basket: readonly IndexConstituent[],
  quotes: readonly SpotQuote[],
  nowMicros: Micros,
): Result<IndexPrice> {
  const byExchange = new Map(quotes.map((quote) => [quote.exchange, quote]));
  const heard = basket.map(({ exchange, weight }) => {
    const quote = byExchange.get(exchange);
    const usable = quote !== undefined && quote.price > 0;
    const fresh = usable && nowMicros - quote.atMicros <= INDEX_STALE_MICROS;
    return { exchange, weight, price: usable ? quote.price : null, fresh: fresh ? quote.price : null };
  });
  const fresh = heard.flatMap(({ fresh: price }) => (price === null ? [] : [price]));
  const median = medianOf(fresh);
  if (median === null) {
    return fail('venue/index-unavailable', `no quote of the last 10 s among ${basket.length} exchanges`);
  }
  const states = heard.map(({ price, fresh: freshPrice }): ConstituentState => {
    if (price === null) return 'missing';
    if (freshPrice === null) return 'stale';
    return Math.abs(freshPrice - median) > INDEX_DEVIATION_LIMIT * median ? 'deviating' : 'used';
  });
  const total = heard.reduce((sum, { weight }, i) => (states[i] === 'used' ? sum + weight : sum), 0);
  const deviating = states.filter((state) => state === 'deviating').length;
  const method = deviating > 1 || total <= 0 ? 'median' : 'weighted';
  const constituents = heard.map(({ exchange, weight, price }, i) => {
    const state = states[i] ?? 'missing';
    const share = method === 'weighted' && state === 'used' ? weight / total : 0;
    return { exchange, price, state, share };
  });
  const weighted = constituents.reduce((sum, { share, price }) => sum + share * (price ?? 0), 0);
  return ok({ price: method === 'median' ? median : weighted, method, constituents });
}

function medianOf(prices: readonly number[]): number | null {
  const sorted = prices.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle];
  const low = sorted.length % 2 === 0 ? sorted[middle - 1] : high;
  return high === undefined || low === undefined ? null : (low + high) / 2;
}
