// How fast depth diffs become a book: bytes read by hand against JSON.parse, in one run, taking turns.
import { Rng } from '../engine/core/rng.ts';
import { formatMultiple, increment } from '../engine/core/units.ts';
import { DepthBook } from '../engine/market/book/depth-book.ts';
import { BinanceDecoder } from '../engine/market/feed/binance/binance-decoder.ts';
import { InstrumentFeed } from '../engine/market/instrument-feed.ts';
import type { FeedFrame } from '../engine/market/wire/feed-frame.ts';
import { BTCUSDT, btcusdtSession } from '../engine/testkit/recorded-session.ts';
import { HAS_SHARED_DATA } from '../engine/testkit/shared-data.ts';

/** Many short rounds: what else runs on the machine then hits both alike. */
const ROUNDS = 41;
const WARM_UP_ROUNDS = 8;
const MESSAGES = 200;
const LEVEL_COUNTS = [50, 100, 200];
const PRICE = increment('0.01');
const LOT = increment('0.001');

interface Wire {
  readonly e?: string;
  readonly b?: readonly (readonly [string, string])[];
  readonly a?: readonly (readonly [string, string])[];
  readonly bids?: readonly (readonly [string, string])[];
  readonly asks?: readonly (readonly [string, string])[];
}

/** What one writes without a decoder of one's own: JSON.parse, Number, and sizes in an array indexed by tick. */
class JsonSide {
  readonly sizes = new Float64Array(1 << 23);
  levels = 0;
  unknownDeletes = 0;
  best: number;
  readonly #step: 1 | -1;

  constructor(side: 'bid' | 'ask') {
    this.#step = side === 'bid' ? -1 : 1;
    this.best = side === 'bid' ? 0 : this.sizes.length - 1;
  }

  apply(levels: readonly (readonly [string, string])[]): void {
    const { sizes } = this;
    const step = this.#step;
    for (const [price, size] of levels) {
      const ticks = Math.round(Number(price) * 10);
      const quantity = Number(size);
      const before = sizes[ticks] as number;
      sizes[ticks] = quantity;
      if (quantity !== 0) {
        if (before === 0) this.levels++;
        if (step === -1 ? ticks > this.best : ticks < this.best) this.best = ticks;
      } else if (before === 0) this.unknownDeletes++;
      else {
        this.levels--;
        if (ticks === this.best) {
          let next = ticks;
          while (next > 0 && next < sizes.length - 1 && sizes[next] === 0) next += step;
          this.best = next;
        }
      }
    }
  }
}

class JsonBook {
  readonly bids = new JsonSide('bid');
  readonly asks = new JsonSide('ask');

  apply(text: string): void {
    const parsed = JSON.parse(text) as Wire & { readonly data?: Wire };
    const message = parsed.data ?? parsed;
    if (message.e === 'depthUpdate') {
      this.bids.apply(message.b ?? []);
      this.asks.apply(message.a ?? []);
    } else if (message.bids !== undefined && message.asks !== undefined) {
      this.bids.apply(message.bids);
      this.asks.apply(message.asks);
    }
  }
}

class ByteBook {
  readonly book = new DepthBook();
  readonly #decoder = new BinanceDecoder(BTCUSDT);

  apply(bytes: Uint8Array): void {
    const decoded = this.#decoder.decode(bytes);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    const message = decoded.value;
    if (message.kind !== 'depth-update' && message.kind !== 'depth-snapshot') return;
    const { bids, asks } = message;
    this.book.setAll('bid', bids.priceTicks, bids.sizeLots, bids.count);
    this.book.setAll('ask', asks.priceTicks, asks.sizeLots, asks.count);
  }
}

/** Diffs shaped like the venue's: most changes near the touch, a quarter of them deletes, sizes over four decades. */
function diffs(levels: number): readonly string[] {
  const rng = new Rng(levels);
  const side = (sign: 1 | -1): readonly (readonly [string, string])[] => {
    const prices = new Set<number>();
    while (prices.size < levels / 2) prices.add(616_000 + sign * (1 + Math.floor(1.02 ** rng.below(500))));
    return [...prices]
      .sort((a, b) => a - b)
      .map((ticks) => {
        const lots = rng.below(4) === 0 ? 0 : 1 + Math.floor(10 ** (rng.fraction() * 4));
        return [formatMultiple(ticks * 10, PRICE), formatMultiple(lots, LOT)];
      });
  };
  return Array.from({ length: MESSAGES }, (_, i) => {
    const u = 5_123_107_832_006 + i * 5000;
    const data = {
      e: 'depthUpdate',
      E: 1_723_161_256_299 + i * 100,
      T: 1_723_161_256_298 + i * 100,
      s: 'BTCUSDT',
      U: u,
      u: u + 4900,
      pu: u - 100,
      b: side(-1),
      a: side(1),
    };
    return JSON.stringify({ stream: 'btcusdt@depth@100ms', data });
  });
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Microseconds per call, over all items. */
function timed<T>(items: readonly T[], repeat: number, run: (item: T) => void): number {
  const start = performance.now();
  for (let k = 0; k < repeat; k++) for (const item of items) run(item);
  return ((performance.now() - start) * 1000) / (repeat * items.length);
}

function sameBook(bytes: DepthBook, json: JsonBook): void {
  const pairs = [
    [bytes.bestBid, json.bids.best],
    [bytes.bestAsk, json.asks.best],
    [bytes.bidLevels, json.bids.levels],
    [bytes.askLevels, json.asks.levels],
  ];
  for (const side of ['bid', 'ask'] as const) {
    const { sizes } = side === 'bid' ? json.bids : json.asks;
    bytes.eachLevel(side, (ticks, lots) => {
      if (Math.round((sizes[ticks] as number) * 1000) !== lots) pairs.push([lots, sizes[ticks] as number]);
      return true;
    });
  }
  const different = pairs.filter(([a, b]) => a !== b);
  if (different.length > 0) throw new Error(`the two books differ: ${JSON.stringify(different.slice(0, 5))}`);
}

interface Comparison {
  readonly bytes: number;
  readonly ours: number;
  readonly json: number;
  readonly jsonFromBytes: number;
  /** Median of the ratios of single rounds: each compares two stretches of time that lie side by side. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

function compare(levels: number): Comparison {
  const texts = diffs(levels);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const payloads = texts.map((text) => encoder.encode(text));
  const ours = new ByteBook();
  const json = new JsonBook();
  const times: { readonly ours: number[]; readonly json: number[]; readonly jsonFromBytes: number[] } = {
    ours: [],
    json: [],
    jsonFromBytes: [],
  };
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const isCounted = round >= WARM_UP_ROUNDS;
    const oursTime = timed(payloads, 4, (payload) => ours.apply(payload));
    const jsonTime = timed(texts, 1, (text) => json.apply(text));
    const bytesTime = timed(payloads, 1, (payload) => json.apply(decoder.decode(payload)));
    if (!isCounted) continue;
    times.ours.push(oursTime);
    times.json.push(jsonTime);
    times.jsonFromBytes.push(bytesTime);
  }
  sameBook(ours.book, json);
  return {
    bytes: Math.round(payloads.reduce((sum, payload) => sum + payload.length, 0) / payloads.length),
    ours: median(times.ours),
    json: median(times.json),
    jsonFromBytes: median(times.jsonFromBytes),
    ratio: median(times.json.map((time, i) => time / (times.ours[i] ?? time))),
    ratioFromBytes: median(times.jsonFromBytes.map((time, i) => time / (times.ours[i] ?? time))),
  };
}

/** The recorded session: decoding and applying alone, the whole feed machine, and JSON. */
function recording(frames: readonly FeedFrame[]) {
  const decoder = new TextDecoder();
  const texts = frames.map((frame) => decoder.decode(frame.payload));
  const times: { readonly ours: number[]; readonly feed: number[]; readonly json: number[] } = {
    ours: [],
    feed: [],
    json: [],
  };
  for (let round = 0; round < 5; round++) {
    const ours = new ByteBook();
    times.ours.push(timed(frames, 1, (frame) => ours.apply(frame.payload)));
    const feed = new InstrumentFeed(BTCUSDT, { expects: 'recorded' });
    times.feed.push(timed(frames, 1, (frame) => feed.apply({ kind: 'frame', frame })));
    const json = new JsonBook();
    times.json.push(timed(texts, 1, (text) => json.apply(text)));
    sameBook(ours.book, json);
  }
  return {
    frames: frames.length,
    ours: median(times.ours),
    feed: median(times.feed),
    json: median(times.json),
  };
}

const fixed = (n: number): string => n.toFixed(2);
console.log(
  `Ingest of one depth diff, microseconds, medians of ${ROUNDS} rounds taken in turns (Node ${process.version})`,
);
console.log('levels   bytes   by hand   JSON path   ratio   JSON path from bytes   ratio');
const ratios: Record<string, number> = {};
for (const levels of LEVEL_COUNTS) {
  const r = compare(levels);
  ratios[levels] = r.ratio;
  const columns = [
    String(levels).padStart(6),
    String(r.bytes).padStart(7),
    fixed(r.ours).padStart(9),
    fixed(r.json).padStart(11),
    fixed(r.ratio).padStart(7),
    fixed(r.jsonFromBytes).padStart(22),
    fixed(r.ratioFromBytes).padStart(7),
  ];
  console.log(columns.join(' '));
}
let recorded: ReturnType<typeof recording> | null = null;
if (HAS_SHARED_DATA) {
  recorded = recording(btcusdtSession());
  console.log(
    `Recorded session, ${recorded.frames} frames, microseconds per frame: decode and apply ${fixed(recorded.ours)}, ` +
      `whole feed ${fixed(recorded.feed)}, JSON path ${fixed(recorded.json)}`,
  );
}
const round = (n: number): number => Math.round(n * 100) / 100;
console.log(
  JSON.stringify({
    ingest_vs_json_path: round(ratios[200] ?? 0),
    by_levels: Object.fromEntries(Object.entries(ratios).map(([levels, ratio]) => [levels, round(ratio)])),
    recording_vs_json_path: recorded === null ? null : round(recorded.json / recorded.ours),
    recording_feed_us_per_frame: recorded === null ? null : round(recorded.feed),
  }),
);
