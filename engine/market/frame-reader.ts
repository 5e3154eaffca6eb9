/** Reads one instrument's frames: the stream's name says what must be inside, and the decoder says whether it is. */
import { fail, ok, type Result } from '../core/result.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { BinanceDecoder } from './feed/binance/binance-decoder.ts';
import type { BinanceMessage } from './feed/binance/binance-message.ts';
import { type StreamKind, streamKind } from './feed/binance/stream-kind.ts';
import type { FeedFrame } from './wire/feed-frame.ts';

/** Reads the frames of one contract. */
export class FrameReader {
  readonly #spec: ContractSpec;
  readonly #decoder: BinanceDecoder;
  readonly #kinds: Map<string, StreamKind> = new Map();

  constructor(spec: ContractSpec) {
    this.#spec = spec;
    this.#decoder = new BinanceDecoder(spec);
  }

  /**
   * Reads a frame. Null for a known stream of which nothing is used. Depth levels are valid until the next call.
   *
   * Fails: `feed/stream-unknown` for another instrument's or no known stream, `feed/message-malformed` when the
   * message is of another kind than its stream's, and all that the decoder fails with.
   */
  read(frame: FeedFrame): Result<BinanceMessage | null> {
    const kind = this.kindOf(frame.stream);
    if (kind === null) {
      return fail(
        'feed/stream-unknown',
        `expected a stream of ${this.#spec.symbol}, found ${frame.stream.slice(0, 60)}`,
      );
    }
    if (kind === 'unused') return ok(null);
    const decoded = this.#decoder.decode(frame.payload);
    if (decoded.ok && decoded.value.kind !== kind) {
      return fail('feed/message-malformed', `expected ${kind}, found ${decoded.value.kind}`);
    }
    return decoded;
  }

  /** What a stream carries; null when it is not one of this instrument's. */
  kindOf(stream: string): StreamKind | null {
    const known = this.#kinds.get(stream);
    if (known !== undefined) return known;
    const kind = streamKind(stream, this.#spec.symbol);
    // Only names that exist are remembered, so that hostile ones cannot fill the memory.
    if (kind !== null) this.#kinds.set(stream, kind);
    return kind;
  }
}
