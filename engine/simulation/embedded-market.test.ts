// The embedded market: same seed same run, sound books after every event, and a wire that adds up to the books.
import { describe, expect, it } from 'vitest';
import { micros } from '../core/units.ts';
import { BinanceDecoder } from '../market/feed/binance/binance-decoder.ts';
import { snapshotStream } from '../market/wire/binance-streams.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import { EmbeddedMarket, embeddedMarketHash } from './embedded-market.ts';
import { type ListedMarket, NOTHING_RESTS } from './listed-market.ts';

const START = 1_777_903_200_000_000;
const SECOND = 1_000_000;
const open = (seed: number): EmbeddedMarket => new EmbeddedMarket({ seed, startMicros: micros(START) });
const decoder = new TextDecoder();
type Levels = readonly (readonly [string, string])[];

/** The fields that the tests look at, of all messages together. */
interface Data {
  readonly E: number;
  readonly T: number;
  readonly U: number;
  readonly u: number;
  readonly pu: number;
  readonly p: string;
  readonly q: string;
  readonly i: string;
  readonly r: string;
  readonly B: string;
  readonly A: string;
  /** Levels in a depth update, a price in a touch. */
  readonly b: Levels & string;
  readonly a: Levels & string;
}
interface Body {
  readonly stream: string;
  readonly data: Data;
  readonly lastUpdateId: number;
  readonly bids: Levels;
  readonly asks: Levels;
}
const json = (frame: FeedFrame): Body => JSON.parse(decoder.decode(frame.payload)) as Body;
/** Hash of seed 7 after 30 s. A change of agents, profiles or wire ids changes it, and must be meant. */
const GOLDEN_HASH = 1_002_961_916;

function checkBook(market: ListedMarket): void {
  const { book } = market;
  const bid = book.bestBidTicks;
  const ask = book.bestAskTicks;
  if (bid === null || ask === null) throw new Error('a side is empty');
  if (bid >= ask) throw new Error(`crossed: ${bid} ${ask}`);
  for (const side of ['buy', 'sell'] as const) {
    let price: number | null = side === 'buy' ? bid : ask;
    for (; price !== null; price = book.nextWorsePrice(side, price)) {
      const queue = book.queueAt(side, price);
      let size = 0;
      let lastSerial = 0;
      for (const order of queue) {
        if (order.remainingLots <= 0) throw new Error('an order without size');
        if (order.serial <= lastSerial) throw new Error('an order ahead of an earlier one');
        lastSerial = order.serial;
        size += order.remainingLots;
      }
      if (size !== book.sizeAt(side, price) || size <= 0) throw new Error('a level does not add up');
    }
  }
}

describe('embedded market', () => {
  it('gives the same frames and hash for a seed, in whatever slices it is advanced', () => {
    const until = micros(START + 20 * SECOND);
    const whole = open(42);
    expect(whole.advance(until, Number.MAX_SAFE_INTEGER)).toBe(true);
    const sliced = open(42);
    let slice = 1;
    while (!sliced.advance(until, slice)) slice = (slice % 7) + 1;
    const stepped = open(42);
    for (let s = 1; s <= 80; s++) stepped.advance(micros(START + s * 250_000), 1_000_000);
    expect([sliced.stateHash(), stepped.stateHash()]).toEqual([whole.stateHash(), whole.stateHash()]);
    const texts = (market: EmbeddedMarket): string[] =>
      market
        .takeFrames()
        .map((f) => `${f.stream} ${f.sequence} ${f.receivedAtMicros} ${decoder.decode(f.payload)}`);
    const frames = texts(whole);
    expect(frames.length).toBeGreaterThan(1000);
    expect(texts(sliced).join('\n') === frames.join('\n')).toBe(true);
    expect(whole.takeFrames()).toEqual([]);
    const other = open(43);
    other.advance(until, Number.MAX_SAFE_INTEGER);
    expect(other.stateHash()).not.toBe(whole.stateHash());
  });

  it('has the hash that every host must find', () => {
    expect(embeddedMarketHash(7, 30)).toBe(GOLDEN_HASH);
  });

  it('keeps sound books and accounts after every event', () => {
    const market = open(5);
    const until = micros(START + 6 * SECOND);
    let events = 0;
    while (!market.advance(until, 1)) {
      events++;
      for (const { market: listed } of market.contracts) {
        const { bestBidTicks, bestAskTicks } = listed.book;
        if (bestBidTicks === null || bestAskTicks === null || bestBidTicks >= bestAskTicks) {
          throw new Error(`no sound touch after event ${events}`);
        }
        expect(listed.positionsLots().reduce((sum, lots) => sum + lots, 0)).toBe(0);
      }
      if (events % 10 === 0) for (const { market: listed } of market.contracts) checkBook(listed);
    }
    expect(events).toBeGreaterThan(1000);
  });

  it('sends a chain of updates that rebuilds every book, touch included', () => {
    const market = open(9);
    market.advance(micros(START + 10_050_000), Number.MAX_SAFE_INTEGER);
    market.takeFrames();
    for (const { symbol } of market.instruments) {
      const local = open(9);
      local.advance(micros(START + 10_050_000), Number.MAX_SAFE_INTEGER);
      local.takeFrames();
      const snapshot = local.snapshotFrame(symbol);
      expect(snapshot.stream).toBe(snapshotStream(symbol));
      const body = json(snapshot);
      const bids = new Map<string, string>(body.bids);
      const asks = new Map<string, string>(body.asks);
      expect(Math.max(bids.size, asks.size)).toBeLessThanOrEqual(1000);
      local.advance(micros(START + 20 * SECOND), Number.MAX_SAFE_INTEGER);
      let last: number | null = null;
      let tickers = 0;
      const touched = new Set<string>();
      for (const frame of local.takeFrames()) {
        if (!frame.stream.startsWith(`${symbol.toLowerCase()}@`)) continue;
        const { data } = json(frame);
        if (frame.stream.endsWith('@depth@100ms')) {
          expect(data.U).toBeLessThanOrEqual(data.u);
          if (last === null) {
            expect(data.U).toBeLessThanOrEqual(body.lastUpdateId + 1);
            expect(data.u).toBeGreaterThanOrEqual(body.lastUpdateId);
          } else {
            expect([data.pu, data.U]).toEqual([last, last + 1]);
          }
          last = data.u;
          for (const [side, levels] of [
            [bids, data.b],
            [asks, data.a],
          ] as const) {
            const prices = levels.map(([price]) => Number(price));
            expect(prices).toEqual([...new Set<number>(prices)].sort((a, b) => a - b));
            for (const [price, size] of levels) {
              touched.add(price);
              if (Number(size) === 0) side.delete(price);
              else side.set(price, size);
            }
          }
        } else if (frame.stream.endsWith('@bookTicker')) {
          tickers++;
          expect(data.u).toBe(last);
          const bestBid = Math.max(...[...bids.keys()].map(Number));
          const bestAsk = Math.min(...[...asks.keys()].map(Number));
          expect([Number(data.b), Number(data.a)]).toEqual([bestBid, bestAsk]);
          expect([bids.get(data.b), asks.get(data.a)]).toEqual([data.B, data.A]);
        }
      }
      expect(tickers).toBeGreaterThan(10);
      // Levels beyond the snapshot are known only once they changed; all known ones must be right.
      const after = json(local.snapshotFrame(symbol));
      expect(after.lastUpdateId).toBe(last);
      const edge = Math.abs(Number(body.bids.at(-1)![0]) - Number(body.bids[0]![0])) / 2;
      for (const [side, levels] of [
        [bids, after.bids],
        [asks, after.asks],
      ] as const) {
        for (const [price, size] of levels) {
          const near = Math.abs(Number(price) - Number(levels[0]![0])) < edge;
          if (near || touched.has(price)) expect(side.get(price)).toBe(size);
        }
      }
    }
  });

  it('is understood by the decoder, counts each stream from 0, and keeps time in order', () => {
    const market = open(3);
    market.advance(micros(START + 5 * SECOND), Number.MAX_SAFE_INTEGER);
    const frames = market.takeFrames();
    const decoders = new Map(
      market.instruments.map((spec) => [spec.symbol.toLowerCase(), new BinanceDecoder(spec)]),
    );
    const sequences = new Map<string, number>();
    const kinds = new Set<string>();
    let lastMicros = START;
    let volume = 0;
    for (const frame of frames) {
      expect(frame.sequence).toBe(sequences.get(frame.stream) ?? 0);
      sequences.set(frame.stream, frame.sequence + 1);
      expect(frame.receivedAtMicros).toBeGreaterThanOrEqual(lastMicros);
      lastMicros = frame.receivedAtMicros;
      const { data, stream } = json(frame);
      expect(stream).toBe(frame.stream);
      expect(data.E).toBe(Math.floor(frame.receivedAtMicros / 1000));
      const result = decoders.get(frame.stream.split('@')[0]!)!.decode(frame.payload);
      if (!result.ok) throw new Error(result.failure.message);
      kinds.add(result.value.kind);
      if (frame.stream === 'btcusdt@trade') volume += Math.round(Number(data.q) * 1000);
    }
    expect([...kinds].sort()).toEqual(['book-ticker', 'depth-update', 'mark-price', 'trade']);
    const btc = market.contracts[0]!.market;
    expect(volume).toBe(btc.boughtLots + btc.soldLots);
    expect(sequences.get('btcusdt@depth@100ms')).toBe(50);
    expect(sequences.get('nqz6@markPrice@1s')).toBe(5);
    for (const { symbol } of market.instruments) {
      const decoded = decoders.get(symbol.toLowerCase())!.decode(market.snapshotFrame(symbol).payload);
      expect(decoded.ok && decoded.value.kind).toBe('depth-snapshot');
    }
  });

  it('marks perpetuals near the index with funding, and futures at the middle without', () => {
    const market = open(8);
    market.advance(micros(START + 60 * SECOND), Number.MAX_SAFE_INTEGER);
    const frames = market.takeFrames();
    const lastOf = (stream: string): FeedFrame => frames.filter((frame) => frame.stream === stream).at(-1)!;
    const btc = json(lastOf('btcusdt@markPrice@1s')).data;
    expect(Math.abs(Number(btc.p) / Number(btc.i) - 1)).toBeLessThan(0.005);
    expect(Math.abs(Number(btc.r))).toBeLessThanOrEqual(0.003);
    expect(btc.T * 1000).toBe(Math.ceil(START / (8 * 3600 * SECOND)) * 8 * 3600 * SECOND);
    const es = json(lastOf('esz6@markPrice@1s')).data;
    expect([es.r, es.T]).toEqual(['', 0]);
    expect(Number(es.p)).toBe(market.contracts[2]!.market.midPrice);
  });

  it('passes a funding instant and announces the next', () => {
    const interval = 8 * 3600 * SECOND;
    const instant = Math.ceil(START / interval) * interval;
    const market = new EmbeddedMarket({ seed: 2, startMicros: micros(instant - 20 * SECOND) });
    const nextAfter = (until: number): { T: number; r: string } => {
      market.advance(micros(until), Number.MAX_SAFE_INTEGER);
      return json(market.takeFrames().findLast((frame) => frame.stream === 'btcusdt@markPrice@1s')!).data;
    };
    const before = nextAfter(instant - 1);
    expect(before.T * 1000).toBe(instant);
    const after = nextAfter(instant + SECOND);
    expect(after.T * 1000).toBe(instant + interval);
    expect(Math.abs(Number(after.r))).toBeLessThanOrEqual(0.003);
  });

  it('closes the spread soon after an order that clears the near book', () => {
    const market = open(12);
    market.advance(micros(START + 5 * SECOND), Number.MAX_SAFE_INTEGER);
    for (const { market: listed } of market.contracts) {
      let lots = 0;
      let price: number | null = listed.askTicks;
      for (let level = 0; level < 5 && price !== null; level++) {
        lots += listed.book.sizeAt('sell', price);
        price = listed.book.nextWorsePrice('sell', price);
      }
      listed.market(listed.openAccount(NOTHING_RESTS), 'buy', lots);
      expect(listed.askTicks - listed.bidTicks).toBeGreaterThan(1);
    }
    // The next latent step calls the professionals; they are late at most now and then.
    market.advance(micros(START + 6 * SECOND), Number.MAX_SAFE_INTEGER);
    for (const { market: listed } of market.contracts) {
      expect(listed.askTicks - listed.bidTicks).toBeLessThanOrEqual(2);
    }
  });
});
