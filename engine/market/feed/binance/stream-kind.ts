/** Tells from a stream's name which message it must carry. */
import type { BinanceMessage } from './binance-message.ts';

/** Kind of message a stream carries; `unused` is a known stream the feed takes nothing from. */
export type StreamKind = BinanceMessage['kind'] | 'unused';

const KINDS: readonly (readonly [RegExp, StreamKind])[] = [
  // Not `depth20@100ms`: its messages look like diffs but replace the book.
  [/^depth(?:@\d+ms)?$/, 'depth-update'],
  [/^depth-snapshot$/, 'depth-snapshot'],
  [/^bookTicker$/, 'book-ticker'],
  [/^trade$/, 'trade'],
  [/^aggTrade$/, 'aggregate-trade'],
  [/^markPrice(?:@1s)?$/, 'mark-price'],
  [/^forceOrder$/, 'force-order'],
  [/^kline_\w+$/, 'unused'],
];

/** The kind of `<symbol>@<stream>`; null for another symbol's stream or one not known. */
export function streamKind(stream: string, symbol: string): StreamKind | null {
  const prefix = `${symbol.toLowerCase()}@`;
  if (!stream.startsWith(prefix)) return null;
  const name = stream.slice(prefix.length);
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
