// Measures what a market looks like from its public messages, the same way for a recording and for the simulator.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { micros } from '../core/units.ts';
import { EmbeddedMarket } from '../simulation/embedded-market.ts';

const WINDOW_MS = 100;
const BANDS_BPS = [2, 5, 10, 25, 50] as const;

interface Message {
  readonly e?: string;
  readonly E: number;
  readonly T: number;
  readonly u?: number;
  readonly b?: [string, string][];
  readonly a?: [string, string][];
  readonly p?: string;
  readonly q?: string;
  readonly m?: boolean;
  readonly lastUpdateId?: number;
  readonly bids?: [string, string][];
  readonly asks?: [string, string][];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const deviation = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** One side of the book by price text turned into a number; sizes in base units. */
type Side = Map<number, number>;

export interface MeasureRow {
  readonly name: string;
  readonly value: number;
}

export class MarketMeasures {
  readonly #tick: number;
  readonly #multiplier: number;
  readonly #bids: Side = new Map();
  readonly #asks: Side = new Map();
  #snapshotId: number | null = null;
  #window: number | null = null;
  #changed = new Set<number>();
  readonly #levelsPerUpdate: number[] = [];
  readonly #spreads: number[] = [];
  readonly #touch: number[] = [];
  readonly #depth: Record<number, [number[], number[]]> = {};
  readonly #levels: Record<number, number[]> = {};
  readonly #mids = new Map<number, number>();
  readonly #tradeSizes: number[] = [];
  readonly #takerSizes: number[] = [];
  readonly #tradesBySecond = new Map<number, number>();
  #lastTaker = '';
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = 0;

  constructor(tick: number, multiplier: number) {
    this.#tick = tick;
    this.#multiplier = multiplier;
    for (const bps of BANDS_BPS) {
      this.#depth[bps] = [[], []];
      this.#levels[bps] = [];
    }
  }

  message(m: Message): void {
    if (m.lastUpdateId !== undefined) {
      this.#snapshotId = m.lastUpdateId;
      this.#apply(this.#bids, m.bids ?? []);
      this.#apply(this.#asks, m.asks ?? []);
      return;
    }
    if (m.e === 'trade') this.#trade(m);
    if (m.e === 'depthUpdate') this.#depthUpdate(m);
  }

  #trade(m: Message): void {
    const size = Number(m.q);
    this.#tradeSizes.push(size);
    const second = Math.floor(m.T / 1000);
    this.#tradesBySecond.set(second, (this.#tradesBySecond.get(second) ?? 0) + 1);
    const taker = `${m.T} ${m.m}`;
    if (taker === this.#lastTaker) this.#takerSizes[this.#takerSizes.length - 1]! += size;
    else this.#takerSizes.push(size);
    this.#lastTaker = taker;
  }

  #depthUpdate(m: Message): void {
    if (this.#snapshotId === null || (m.u ?? 0) < this.#snapshotId) return;
    const window = Math.floor((m.T - 1) / WINDOW_MS);
    if (this.#window !== null && window !== this.#window) this.#closeWindow(this.#window);
    this.#window = window;
    this.#firstMs = Math.min(this.#firstMs, m.T);
    this.#lastMs = m.T;
    for (const [price] of m.b ?? []) this.#changed.add(Number(price));
    for (const [price] of m.a ?? []) this.#changed.add(-Number(price));
    this.#apply(this.#bids, m.b ?? []);
    this.#apply(this.#asks, m.a ?? []);
  }

  #apply(side: Side, levels: readonly [string, string][]): void {
    for (const [price, size] of levels) {
      if (Number(size) === 0) side.delete(Number(price));
      else side.set(Number(price), Number(size));
    }
  }

  #closeWindow(window: number): void {
    this.#levelsPerUpdate.push(this.#changed.size);
    this.#changed = new Set();
    let bid = Number.NEGATIVE_INFINITY;
    let ask = Number.POSITIVE_INFINITY;
    for (const price of this.#bids.keys()) if (price > bid) bid = price;
    for (const price of this.#asks.keys()) if (price < ask) ask = price;
    const mid = (bid + ask) / 2;
    this.#spreads.push(Math.round((ask - bid) / this.#tick));
    const second = Math.floor((window * WINDOW_MS) / 1000);
    if (!this.#mids.has(second)) this.#sampleDepth(bid, ask, mid);
    this.#mids.set(second, mid);
  }

  #sampleDepth(bid: number, ask: number, mid: number): void {
    this.#touch.push(((this.#bids.get(bid) ?? 0) + (this.#asks.get(ask) ?? 0)) / 2);
    for (const bps of BANDS_BPS) {
      const reach = (mid * bps) / 1e4;
      let levels = 0;
      [this.#bids, this.#asks].forEach((side, i) => {
        let value = 0;
        for (const [price, size] of side) {
          if (Math.abs(price - mid) > reach) continue;
          value += price * size * this.#multiplier;
          levels++;
        }
        this.#depth[bps]![i]!.push(value / 1e6);
      });
      this.#levels[bps]!.push(levels / 2);
    }
  }

  #returns(seconds: number): number[] {
    const times = [...this.#mids.keys()];
    const first = times[0]!;
    const last = times.at(-1)!;
    const path: number[] = [];
    for (let s = first; s <= last; s++) path.push(this.#mids.get(s) ?? path.at(-1)!);
    const out: number[] = [];
    for (let i = seconds; i < path.length; i += seconds) out.push((path[i]! / path[i - seconds]! - 1) * 1e4);
    return out;
  }

  rows(): MeasureRow[] {
    const seconds = (this.#lastMs - this.#firstMs) / 1000;
    const rows: MeasureRow[] = [];
    const add = (name: string, value: number): void => void rows.push({ name, value });
    add('seconds measured', seconds);
    add('spread is 1 tick, share of 100 ms windows', mean(this.#spreads.map((s) => (s === 1 ? 1 : 0))));
    add('spread, mean, ticks', mean(this.#spreads));
    add('spread, 99.9 %, ticks', quantile(this.#spreads, 0.999));
    add('size at the touch, median, base', quantile(this.#touch, 0.5));
    for (const bps of BANDS_BPS) {
      add(`depth within ${bps} bps, bids, median, M`, quantile(this.#depth[bps]![0], 0.5));
      add(`depth within ${bps} bps, asks, median, M`, quantile(this.#depth[bps]![1], 0.5));
      add(`levels within ${bps} bps a side, median`, quantile(this.#levels[bps]!, 0.5));
    }
    const perSecond = [...this.#tradesBySecond.values()];
    add('trades per second, mean', this.#tradeSizes.length / seconds);
    add('trades per second, median of seconds that traded', quantile(perSecond, 0.5));
    add('trades per second, 99 %', quantile(perSecond, 0.99));
    add('volume per second, base', sum(this.#tradeSizes) / seconds);
    add('trade size, median', quantile(this.#tradeSizes, 0.5));
    add('trade size, mean', mean(this.#tradeSizes));
    add('trade size, 90 %', quantile(this.#tradeSizes, 0.9));
    add('trade size, 99 %', quantile(this.#tradeSizes, 0.99));
    add('taker orders per second (same ms and side)', this.#takerSizes.length / seconds);
    add('taker order size, median', quantile(this.#takerSizes, 0.5));
    add('taker order size, mean', mean(this.#takerSizes));
    add('taker order size, 90 %', quantile(this.#takerSizes, 0.9));
    add('taker order size, 99 %', quantile(this.#takerSizes, 0.99));
    add('depth updates per second (100 ms windows)', this.#levelsPerUpdate.length / seconds);
    add('levels per update, mean', mean(this.#levelsPerUpdate));
    add('levels per update, median', quantile(this.#levelsPerUpdate, 0.5));
    add('levels per update, 90 %', quantile(this.#levelsPerUpdate, 0.9));
    const one = this.#returns(1);
    add('1 s return, standard deviation, bps', deviation(one));
    add('1 s return is zero, share', mean(one.map((r) => (r === 0 ? 1 : 0))));
    add('1 s return, kurtosis', mean(one.map((r) => (r / deviation(one)) ** 4)));
    add('5 s return, standard deviation per root second, bps', deviation(this.#returns(5)) / Math.sqrt(5));
    add('30 s return, standard deviation per root second, bps', deviation(this.#returns(30)) / Math.sqrt(30));
    return rows;
  }
}

/** The recording of BTCUSDT on 8 August 2024. */
export function measureRecording(): MeasureRow[] {
  const path = join(import.meta.dirname, '../../../shared/data/binance/recordings/usdm_btcusdt_20240808.gz');
  const measures = new MarketMeasures(0.1, 1);
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
    if (line === '') continue;
    const message = JSON.parse(line.slice(line.indexOf(' ') + 1)) as Message & { data?: Message };
    measures.message(message.data ?? message);
  }
  return measures.rows();
}

/** One symbol of the embedded market: `skipSeconds` are run but not measured. */
export function measureSimulated(
  seed: number,
  symbol: string,
  seconds: number,
  skipSeconds: number,
): MeasureRow[] {
  const start = 1_777_903_200_000_000;
  const market = new EmbeddedMarket({ seed, startMicros: micros(start) });
  const spec = market.instruments.find((candidate) => candidate.symbol === symbol)!;
  const tick = spec.tickSize.mantissa / 10 ** spec.tickSize.scale;
  const measures = new MarketMeasures(tick, Number(spec.multiplier));
  const decoder = new TextDecoder();
  for (let s = 1; s <= seconds + skipSeconds; s++) {
    market.advance(micros(start + s * 1_000_000), Number.MAX_SAFE_INTEGER);
    const frames = market.takeFrames();
    if (s < skipSeconds) continue;
    if (s === skipSeconds) {
      measures.message(JSON.parse(decoder.decode(market.snapshotFrame(symbol).payload)) as Message);
      continue;
    }
    for (const frame of frames) {
      if (!frame.stream.startsWith(symbol.toLowerCase())) continue;
      measures.message((JSON.parse(decoder.decode(frame.payload)) as { data: Message }).data);
    }
  }
  return measures.rows();
}
