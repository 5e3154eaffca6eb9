/** What the Breaker board supposes, and what it has seen of the future in view since it was opened. */
import { create } from 'zustand';
import type { SourceKind } from '../../engine/market/trust.ts';
import type { ProductCode } from '../../engine/reference/instruments/cme-product.ts';
import { onMarketFrame } from '../../workers/client/streams.ts';
import type { SeenPrices, SupposedMove } from '../../workers/contract/breaker-board.ts';
import { type MarketFrame, TRADE_STRIDE } from '../../workers/contract/market-frame.ts';

/** Products of the board with a price to begin with: round, invented, and to be replaced by a settlement. */
const REFERENCES: readonly { readonly product: ProductCode; readonly price: string }[] = [
  { product: 'ES', price: '6000' },
  { product: 'NQ', price: '22000' },
  { product: 'YM', price: '44000' },
  { product: 'RTY', price: '2300' },
  { product: 'CL', price: '70' },
  { product: 'NG', price: '3' },
  { product: 'GC', price: '3000' },
  { product: 'SI', price: '30' },
  { product: '6E', price: '1.1' },
  { product: '6J', price: '0.007' },
  { product: '6B', price: '1.3' },
  { product: 'ZN', price: '110' },
  { product: 'ZB', price: '115' },
  { product: 'ZT', price: '103' },
];

/** Last moment of a session that can be supposed, in minutes since 17:00: one before 16:00. */
export const LAST_MINUTE = 23 * 60 - 1;
/** 10:00 Chicago. */
const FIRST_MINUTE = 17 * 60;

export interface BreakerSupposition extends SupposedMove {
  /** Products whose price a reader entered; the others are examples. */
  readonly entered: readonly ProductCode[];
}

export const useSupposition = create<BreakerSupposition>(() => ({
  day: '2026-06-10',
  minutes: FIRST_MINUTE,
  laterSeconds: 0,
  move: -0.02,
  references: REFERENCES,
  entered: [],
}));

/** Sets the price from which limits of a product are measured. Nothing happens with what is no positive decimal. */
export function enterReference(product: ProductCode, price: string): void {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(price) || !(Number(price) > 0)) return;
  useSupposition.setState(({ references, entered }) => ({
    references: references.map((one) => (one.product === product ? { product, price } : one)),
    entered: [...new Set([...entered, product])],
  }));
}

/** The breakers look an hour back. */
const KEPT_MICROS = 3_600_000_000;
/** Seen prices change the board once a second. */
const TELL_MICROS = 1_000_000;
/** Within this time the lowest, the highest and the last price are kept. */
const BIN_MICROS = 1_000_000;

export interface SeenMarket {
  /** Null while the instrument in view is no CME future or nothing was traded. */
  readonly seen: SeenPrices | null;
  readonly source: SourceKind | null;
}

export const useSeenMarket = create<SeenMarket>(() => ({ seen: null, source: null }));

interface Bin {
  atMicros: number;
  low: number;
  high: number;
  last: number;
}

let bins: Bin[] = [];
let instrument = '';
let toldMicros = 0;
let started = false;

/** Watches the market in view from now on. Call when the board is first shown. */
export function startSeenMarket(): void {
  if (started) return;
  started = true;
  onMarketFrame(follow);
}

function follow(frame: MarketFrame): void {
  const { nowMicros } = frame;
  const name = `${frame.source} ${frame.instrument}`;
  const wentBack = nowMicros < (bins.at(-1)?.atMicros ?? 0);
  if (name !== instrument || wentBack) {
    instrument = name;
    bins = [];
    toldMicros = 0;
    useSeenMarket.setState({ seen: null, source: frame.source });
  }
  if (!frame.instrument.startsWith('cme-globex:')) return;
  for (let at = 0; at + TRADE_STRIDE <= frame.trades.length; at += TRADE_STRIDE) {
    add(frame.trades[at] ?? 0, frame.trades[at + 1] ?? 0);
  }
  if (Math.abs(nowMicros - toldMicros) < TELL_MICROS) return;
  toldMicros = nowMicros;
  bins = bins.filter((bin) => bin.atMicros > nowMicros - KEPT_MICROS);
  const [first] = bins;
  const prices = bins.flatMap(({ atMicros, low, high, last }) =>
    [...new Set([low, high, last])].map((priceTicks) => ({ atMicros, priceTicks })),
  );
  useSeenMarket.setState({
    source: frame.source,
    seen:
      first === undefined
        ? null
        : {
            symbol: frame.instrument.slice('cme-globex:'.length),
            referenceTicks: reference ?? first.last,
            startMicros: first.atMicros,
            nowMicros: Math.max(nowMicros, bins.at(-1)?.atMicros ?? 0),
            prices,
          },
  });
}

/** First price of the watch; stays when the hour moves on. */
let reference: number | null = null;

function add(atMicros: number, priceTicks: number): void {
  if (bins.length === 0) reference = priceTicks;
  const bin = bins.at(-1);
  if (bin !== undefined && atMicros < bin.atMicros + BIN_MICROS) {
    bin.low = Math.min(bin.low, priceTicks);
    bin.high = Math.max(bin.high, priceTicks);
    bin.last = priceTicks;
  } else bins.push({ atMicros, low: priceTicks, high: priceTicks, last: priceTicks });
}
