/** Every limit of the proxy in one table, so that each can be read, tested and lowered in a test. */

const KIB = 1024;

/** Sizes in bytes, times in milliseconds unless the name says otherwise. */
export const PROXY_LIMITS = {
  /** Largest message a client may send. */
  clientMaxPayloadBytes: 16 * KIB,
  /** Largest message or REST answer taken from a venue. */
  upstreamMaxPayloadBytes: 4 * KIB * KIB,
  maxFragments: 16,
  maxBufferedChunks: 64,
  maxPendingAutoPongs: 8,
  handshakeTimeoutMs: 10_000,
  closeTimeoutMs: 2_000,
  /** Request line and headers together. */
  maxHeaderBytes: 8 * KIB,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  maxTcpConnections: 256,
  /** A client must finish a message (all fragments) within this time of its first byte. */
  messageDeadlineMs: 5_000,

  socketsPerAddress: 8,
  streamsPerClient: 64,
  /** Control messages served in any one second; the next ones wait their turn, in order. */
  controlPerSecond: 10,
  /** How many may wait. One more and the client is flooding: it is disconnected. */
  controlWaiting: 128,
  /** Ping or pong frames from a client in any one second. */
  pingsPerSecond: 10,
  pingIntervalMs: 20_000,
  missedPings: 2,

  /** Above this, frames that do not build the book are skipped. */
  bufferedSkipBytes: 256 * KIB,
  /** Above this, every frame is skipped. */
  bufferedCeilingBytes: KIB * KIB,
  /** A client that stays at the ceiling this long is cut off. */
  bufferedCeilingMs: 5_000,

  /** Streams of one shared upstream connection (the venue allows 1,024). */
  streamsPerUpstream: 200,
  /** Text messages to a venue in any one second. The venue closes above 10; our pings count too. */
  upstreamMessagesPerSecond: 5,
  upstreamPingIntervalMs: 20_000,
  /** A busy stream that says nothing for this long is not alive. */
  silenceMs: 10_000,
  /** The same for a whole connection that was lively: with many messages a second, this much silence is death. */
  livelySilenceMs: 3_500,
  /** Messages a second, over the life of a connection, from which it counts as lively. */
  livelyPerSecond: 5,
  reconnectFirstMs: 500,
  reconnectCapMs: 30_000,
  /** The venue cuts at 24 h; a fresh connection takes over before. */
  rolloverAfterMs: 23 * 3_600_000,
  rolloverJitterMs: 30 * 60_000,
  /** How long two connections may run side by side before the old one is closed anyway. */
  spliceMs: 10_000,
  /** How long an upstream without any stream is kept. */
  lingerMs: 5_000,
  /** Subscriptions that arrive together open one connection together. */
  gatherMs: 25,

  restTimeoutMs: 10_000,
} as const;

/** The limits as a type; tests pass smaller ones. */
export type ProxyLimits = { readonly [K in keyof typeof PROXY_LIMITS]: number };
