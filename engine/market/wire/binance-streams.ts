/** Names of the Binance USDT-M public streams and the routed path class that carries each. */

/** Path class of `wss://fstream.binance.com/<class>/stream` since the 2026 routing change. */
export type BinanceRoute = 'public' | 'market';

const SYMBOL = '[a-z0-9]{2,20}(?:_[0-9]{6})?';
const PUBLIC = new RegExp(
  `^${SYMBOL}@(?:depth@(?:100ms|250ms|500ms|0ms)|depth(?:5|10|20)@100ms|bookTicker|trade)$`,
);
const MARKET = new RegExp(`^${SYMBOL}@(?:aggTrade|markPrice@1s|markPrice|forceOrder|kline_1m)$`);

/** The route that carries this stream, or null for a name that is no allowed public stream. */
export function binanceRoute(stream: string): BinanceRoute | null {
  if (PUBLIC.test(stream)) return 'public';
  return MARKET.test(stream) ? 'market' : null;
}

/** Name under which the REST book of a symbol arrives as a frame. */
export function snapshotStream(symbol: string): string {
  return `${symbol.toLowerCase()}@depth-snapshot`;
}

/** Name under which the closed daily candles of a symbol arrive as a frame. */
export function closesStream(symbol: string): string {
  return `${symbol.toLowerCase()}@daily-closes`;
}

/** The streams one instrument needs: book, touch, trades, mark with index and funding, liquidations. */
export function binanceInstrumentStreams(symbol: string): readonly string[] {
  const s = symbol.toLowerCase();
  return [`${s}@depth@100ms`, `${s}@bookTicker`, `${s}@trade`, `${s}@markPrice@1s`, `${s}@forceOrder`];
}
