/** The venues that can be reached, and nothing else: hosts stand here in code and cannot be set from outside. */

import {
  type BinanceRoute,
  binanceRoute,
  closesStream,
  snapshotStream,
} from '../engine/market/wire/binance-streams.ts';

/** What can be asked for by REST, by name. */
export type RestResource = 'snapshot' | 'closes';

/** One venue. `local` marks a stand-in on this machine, as tests use. */
export interface Venue {
  readonly id: string;
  /** Combined-stream address of each path class. */
  readonly streamUrls: Readonly<Record<BinanceRoute, string>>;
  /** REST address of the book snapshot; the symbol is appended to the query. */
  readonly snapshotUrl: string;
  /** REST address of the daily candles; the symbol is appended to the query. */
  readonly closesUrl: string;
  /** Weights of one such request each, and the weight that the venue allows per minute. */
  readonly snapshotWeight: number;
  readonly closesWeight: number;
  readonly weightPerMinute: number;
  readonly local: boolean;
}

const SYMBOL = /^[A-Z0-9]{2,20}(?:_[0-9]{6})?$/;
/** Streams that speak all the time on any traded contract, so that silence means a fault. */
const BUSY = /@(?:depth|bookTicker|markPrice)/;

/** Binance USDT-margined futures. Routed stream paths since the change of 2026; weights by the REST documentation. */
const BINANCE_USDM: Venue = {
  id: 'binance-usdm',
  streamUrls: {
    public: 'wss://fstream.binance.com/public/stream',
    market: 'wss://fstream.binance.com/market/stream',
  },
  snapshotUrl: 'https://fapi.binance.com/fapi/v1/depth?limit=1000',
  closesUrl: 'https://fapi.binance.com/fapi/v1/klines?interval=1d&limit=90',
  snapshotWeight: 20,
  closesWeight: 1,
  weightPerMinute: 2_400,
  local: false,
};

/** All venues by id. */
export const VENUES: ReadonlyMap<string, Venue> = new Map([[BINANCE_USDM.id, BINANCE_USDM]]);

/** The path class that carries a stream, or null for a name that is no allowed public stream. */
export function routeOf(stream: string): BinanceRoute | null {
  return binanceRoute(stream);
}

/** Whether silence on this stream means a fault. */
export function isBusyStream(stream: string): boolean {
  return BUSY.test(stream);
}

/** Whether a frame of this stream builds the book: skipping one costs the page a resynchronisation. */
export function buildsBook(stream: string): boolean {
  return stream.includes('@depth');
}

/** One REST request with the stream name under which its answer travels. */
export interface RestRequest {
  readonly url: URL;
  readonly stream: string;
  readonly weight: number;
}

/** The request for what is named of a symbol, or null when it is no symbol. */
export function restRequest(venue: Venue, resource: RestResource, symbol: string): RestRequest | null {
  if (!SYMBOL.test(symbol)) return null;
  const isBook = resource === 'snapshot';
  const url = new URL(isBook ? venue.snapshotUrl : venue.closesUrl);
  url.searchParams.set('symbol', symbol);
  return isBook
    ? { url, stream: snapshotStream(symbol), weight: venue.snapshotWeight }
    : { url, stream: closesStream(symbol), weight: venue.closesWeight };
}
