/** The words between the page and the proxy. Text messages are control (JSON, these types); binary messages are relay frames. */

/** Name of the WebSocket subprotocol; a client that does not offer it is refused. */
export const PROXY_PROTOCOL = 'headroom.feed.v1';

/** Path of the feed socket on the proxy. */
export const PROXY_FEED_PATH = '/feed';

/** What a client may ask. A venue and a stream are named; never a host or URL. */
export type ProxyRequest =
  | { readonly op: 'subscribe'; readonly venue: string; readonly stream: string }
  | { readonly op: 'unsubscribe'; readonly venue: string; readonly stream: string }
  /** One REST book snapshot, answered as a relay frame on the channel of `<symbol>@depth-snapshot`. */
  | { readonly op: 'snapshot'; readonly venue: string; readonly symbol: string }
  /** Daily candles of a symbol by REST, answered as a relay frame on the channel of `<symbol>@daily-closes`. */
  | { readonly op: 'closes'; readonly venue: string; readonly symbol: string }
  /** Round trip for clock offset and liveness. */
  | { readonly op: 'ping'; readonly sentAtMicros: number };

/** What the proxy says. */
export type ProxyNotice =
  | { readonly op: 'hello'; readonly serverAtMicros: number }
  /** From now on binary frames with this channel number belong to this stream. */
  | { readonly op: 'channel'; readonly venue: string; readonly stream: string; readonly channel: number }
  /** The shared upstream connection that carries this stream went up or down. */
  | {
      readonly op: 'link';
      readonly venue: string;
      readonly stream: string;
      readonly up: boolean;
      readonly reason: string;
    }
  | {
      readonly op: 'refused';
      readonly venue: string;
      readonly stream: string;
      readonly reason: string;
      readonly retryAfterMs: number | null;
    }
  /** Frames of this stream were skipped because this client reads too slowly. */
  | { readonly op: 'skipped'; readonly venue: string; readonly stream: string; readonly frames: number }
  | { readonly op: 'pong'; readonly sentAtMicros: number; readonly serverAtMicros: number };
