/** The trades of one instrument: the last price, and the prints that nobody has taken yet. */
import { type Increment, stepValue } from '../core/units.ts';
import type { AggregateTrade, ForceOrder, Trade } from './feed/binance/binance-message.ts';
import { EXECUTIONS } from './feed/binance/object-reader.ts';
import { TradeRing } from './trade-ring.ts';

/** Kind number of a liquidation order among the packed trades; the numbers before it are trade executions. */
const LIQUIDATION: number = EXECUTIONS.length;

/** The last trade that belongs in a price chart. */
export interface LastTrade {
  readonly priceTicks: number;
  readonly side: 'buy' | 'sell';
}

/** A saved tape. */
export interface TradeTapeSnapshot {
  readonly prints: Float64Array;
  readonly dropped: number;
  readonly last: LastTrade | null;
  readonly lastTradeId: number;
  readonly lastTradeMicros: number;
  readonly hasTradeStream: boolean;
}

/** Collects trades from either trade stream, each once. */
export class TradeTape {
  readonly #tickSize: Increment;
  readonly #ring: TradeRing = new TradeRing();
  #last: LastTrade | null = null;
  #lastTradeId = 0;
  #lastTradeMicros = 0;
  /** Aggregate trades repeat the trades of the trade stream: they count only while that was never seen. */
  #hasTradeStream = false;

  constructor(tickSize: Increment) {
    this.#tickSize = tickSize;
  }

  /** The last market trade; null before the first. */
  get last(): LastTrade | null {
    return this.#last;
  }

  /** Id of the last trade of any kind; 0 before the first. */
  get lastTradeId(): number {
    return this.#lastTradeId;
  }

  /** Prints given up because nobody took them. */
  get dropped(): number {
    return this.#ring.dropped;
  }

  /** The prints since the last call, oldest first. */
  take(): Float64Array {
    return this.#ring.take();
  }

  trade(trade: Trade): void {
    this.#hasTradeStream = true;
    const { tradeId, tradedAtMicros, priceTicks, sizeLots, takerSide, execution } = trade;
    if (this.#isOld(tradeId, tradedAtMicros) || sizeLots === 0) return;
    this.#ring.add(tradedAtMicros, priceTicks, sizeLots, takerSide, EXECUTIONS.indexOf(execution));
    // Fills of the insurance fund or of auto-deleveraging are no market prices.
    if (execution === 'MARKET') this.#last = { priceTicks, side: takerSide };
  }

  aggregateTrade(trade: AggregateTrade): void {
    const { lastTradeId, tradedAtMicros, priceTicks, sizeLots, takerSide } = trade;
    if (this.#hasTradeStream || this.#isOld(lastTradeId, tradedAtMicros)) return;
    this.#ring.add(tradedAtMicros, priceTicks, sizeLots, takerSide, EXECUTIONS.indexOf('MARKET'));
    this.#last = { priceTicks, side: takerSide };
  }

  /** A liquidation order among the prints, at its average price. Its fills are in the trade stream as well. */
  liquidation(order: ForceOrder): void {
    const averageTicks = Math.round(order.averagePrice / stepValue(this.#tickSize));
    const priceTicks = averageTicks === 0 ? order.bankruptcyPriceTicks : averageTicks;
    this.#ring.add(order.tradedAtMicros, priceTicks, order.filledLots, order.orderSide, LIQUIDATION);
  }

  snapshot(): TradeTapeSnapshot {
    return {
      prints: this.#ring.copy(),
      dropped: this.#ring.dropped,
      last: this.#last,
      lastTradeId: this.#lastTradeId,
      lastTradeMicros: this.#lastTradeMicros,
      hasTradeStream: this.#hasTradeStream,
    };
  }

  restore(saved: TradeTapeSnapshot): void {
    this.#ring.restore(saved.prints, saved.dropped);
    this.#last = saved.last;
    this.#lastTradeId = saved.lastTradeId;
    this.#lastTradeMicros = saved.lastTradeMicros;
    this.#hasTradeStream = saved.hasTradeStream;
  }

  /** A trade seen before; ids that fall while time moves on are a new count. */
  #isOld(tradeId: number, tradedAtMicros: number): boolean {
    if (tradeId <= this.#lastTradeId && tradedAtMicros <= this.#lastTradeMicros) return true;
    this.#lastTradeId = tradeId;
    this.#lastTradeMicros = tradedAtMicros;
    return false;
  }
}
