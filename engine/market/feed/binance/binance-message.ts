/** The public messages of Binance USDT-M in the engine's units. */
import type { Micros } from '../../../core/units.ts';
import type { LevelBuffer } from './level-buffer.ts';

/** One diff of the book: absolute sizes of the levels that changed. The levels are valid until the next decode. */
export interface DepthUpdate {
  readonly kind: 'depth-update';
  /** `U`: first update id in this message. */
  readonly firstId: number;
  /** `u`: last update id in this message. */
  readonly lastId: number;
  /** `pu`: last update id of the message before this one. */
  readonly previousId: number;
  readonly eventMicros: Micros;
  readonly bids: LevelBuffer;
  readonly asks: LevelBuffer;
}

/** The REST book. The levels are valid until the next decode. */
export interface DepthSnapshot {
  readonly kind: 'depth-snapshot';
  /** `lastUpdateId`. */
  readonly lastId: number;
  readonly eventMicros: Micros | null;
  readonly bids: LevelBuffer;
  readonly asks: LevelBuffer;
}

/** What made a trade (`X`). `NA` also stands for words not known here; only `MARKET` belongs in a price chart. */
export type TradeExecution = 'MARKET' | 'INSURANCE_FUND' | 'ADL' | 'NA';

/** One trade. */
export interface Trade {
  readonly kind: 'trade';
  readonly tradeId: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  /** From `m`: when the buyer was the maker, the taker sold. */
  readonly takerSide: 'buy' | 'sell';
  readonly execution: TradeExecution;
  readonly tradedAtMicros: Micros;
  readonly eventMicros: Micros;
}

/** Trades of one taker order at one price. */
export interface AggregateTrade {
  readonly kind: 'aggregate-trade';
  readonly aggregateId: number;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly takerSide: 'buy' | 'sell';
  readonly tradedAtMicros: Micros;
  readonly eventMicros: Micros;
}

/** Best bid and ask after update `updateId`. A side without orders has size 0. */
export interface BookTicker {
  readonly kind: 'book-ticker';
  readonly updateId: number;
  readonly bidTicks: number;
  readonly bidLots: number;
  readonly askTicks: number;
  readonly askLots: number;
  readonly eventMicros: Micros;
}

/** Mark price, index price and the funding rate as the venue estimates it. Prices in quote currency, float64. */
export interface MarkPriceUpdate {
  readonly kind: 'mark-price';
  readonly markPrice: number;
  /** Null where the contract has no index. */
  readonly indexPrice: number | null;
  /** `P`: estimated settlement price, of use in the last hour before a settlement. */
  readonly settlementPrice: number | null;
  /** Fraction per funding interval; null where there is no funding. */
  readonly fundingRate: number | null;
  readonly nextFundingMicros: Micros | null;
  readonly eventMicros: Micros;
}

/** A liquidation order. The venue publishes the latest per symbol and second, so the stream undercounts. */
export interface ForceOrder {
  readonly kind: 'force-order';
  /** Side of the ORDER: `sell` closes a long position. */
  readonly orderSide: 'buy' | 'sell';
  readonly sizeLots: number;
  /** Size filled so far. */
  readonly filledLots: number;
  /** `p`: the order's limit, the bankruptcy price of the position. */
  readonly bankruptcyPriceTicks: number;
  /** `ap`: average fill price in quote currency; an average need not be on the tick. */
  readonly averagePrice: number;
  readonly tradedAtMicros: Micros;
  readonly eventMicros: Micros;
}

/** Every message the decoder knows. */
export type BinanceMessage =
  | DepthUpdate
  | DepthSnapshot
  | Trade
  | AggregateTrade
  | BookTicker
  | MarkPriceUpdate
  | ForceOrder;
