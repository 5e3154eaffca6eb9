/** Turns the values read by slot into messages, and makes the checks that need more than one value. */
import type { Micros } from '../../../core/units.ts';
import type {
  AggregateTrade,
  BinanceMessage,
  BookTicker,
  DepthSnapshot,
  DepthUpdate,
  ForceOrder,
  MarkPriceUpdate,
  Trade,
} from './binance-message.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { EXECUTIONS, type ObjectReader, type SlotValues } from './object-reader.ts';

/**
 * Builds the message of this kind from what the reader holds. Slots are those of the field tables.
 *
 * @returns null after a refusal, and then the cursor has failed
 */
export function buildMessage(
  cursor: ByteCursor,
  kind: BinanceMessage['kind'],
  reader: ObjectReader,
): BinanceMessage | null {
  const { values } = reader;
  switch (kind) {
    case 'depth-update':
      return depthUpdate(cursor, values, reader);
    case 'depth-snapshot':
      return depthSnapshot(values, reader);
    case 'book-ticker':
      return bookTicker(values);
    case 'trade':
      return trade(cursor, values);
    case 'aggregate-trade':
      return aggregateTrade(cursor, values);
    case 'mark-price':
      return markPrice(cursor, values);
    case 'force-order':
      return forceOrder(cursor, values, reader.orderValues);
  }
}

/** Refuses a message that was read but cannot be: notes the failure and answers null. */
export function refuse(cursor: ByteCursor, key: string, expected: string): null {
  cursor.key = key;
  cursor.fail('feed/message-malformed', expected, 0);
  return null;
}

function depthUpdate(cursor: ByteCursor, values: SlotValues, reader: ObjectReader): DepthUpdate | null {
  const firstId = at(values, 3);
  const lastId = at(values, 4);
  if (firstId > lastId) return refuse(cursor, 'U', 'a first id that is not above the last');
  return {
    kind: 'depth-update',
    firstId,
    lastId,
    previousId: at(values, 5),
    eventMicros: instant(values, 1),
    bids: reader.bids,
    asks: reader.asks,
  };
}

function depthSnapshot(values: SlotValues, reader: ObjectReader): DepthSnapshot {
  return {
    kind: 'depth-snapshot',
    lastId: at(values, 0),
    eventMicros: Number.isNaN(at(values, 1)) ? null : instant(values, 1),
    bids: reader.bids,
    asks: reader.asks,
  };
}

function bookTicker(values: SlotValues): BookTicker {
  return {
    kind: 'book-ticker',
    updateId: at(values, 3),
    bidTicks: at(values, 4),
    bidLots: at(values, 5),
    askTicks: at(values, 6),
    askLots: at(values, 7),
    eventMicros: instant(values, 1),
  };
}

function trade(cursor: ByteCursor, values: SlotValues): Trade | null {
  const execution = EXECUTIONS[at(values, 7)] ?? 'NA';
  const sizeLots = at(values, 6);
  if (execution === 'MARKET' && sizeLots === 0) return refuse(cursor, 'q', 'a size above 0');
  return {
    kind: 'trade',
    tradeId: at(values, 4),
    priceTicks: at(values, 5),
    sizeLots,
    takerSide: at(values, 8) === 1 ? 'sell' : 'buy',
    execution,
    tradedAtMicros: instant(values, 2),
    eventMicros: instant(values, 1),
  };
}

function aggregateTrade(cursor: ByteCursor, values: SlotValues): AggregateTrade | null {
  const sizeLots = at(values, 6);
  if (sizeLots === 0) return refuse(cursor, 'q', 'a size above 0');
  return {
    kind: 'aggregate-trade',
    aggregateId: at(values, 4),
    firstTradeId: at(values, 7),
    lastTradeId: at(values, 8),
    priceTicks: at(values, 5),
    sizeLots,
    takerSide: at(values, 9) === 1 ? 'sell' : 'buy',
    tradedAtMicros: instant(values, 2),
    eventMicros: instant(values, 1),
  };
}

function markPrice(cursor: ByteCursor, values: SlotValues): MarkPriceUpdate | null {
  if (!(at(values, 3) > 0)) return refuse(cursor, 'p', 'a mark price above 0');
  const fundingRate = at(values, 6);
  return {
    kind: 'mark-price',
    markPrice: at(values, 3),
    indexPrice: positiveOrNull(at(values, 4)),
    settlementPrice: positiveOrNull(at(values, 5)),
    fundingRate: Number.isNaN(fundingRate) ? null : fundingRate,
    nextFundingMicros: at(values, 7) > 0 ? instant(values, 7) : null,
    eventMicros: instant(values, 1),
  };
}

function forceOrder(cursor: ByteCursor, values: SlotValues, order: SlotValues): ForceOrder | null {
  const sizeLots = at(order, 2);
  const filledLots = Number.isNaN(at(order, 3)) ? sizeLots : at(order, 3);
  if (sizeLots === 0) return refuse(cursor, 'o.q', 'a size above 0');
  if (filledLots > sizeLots) return refuse(cursor, 'o.z', 'at most the size of the order');
  if (!(at(order, 5) >= 0)) return refuse(cursor, 'o.ap', 'an average price of at least 0');
  return {
    kind: 'force-order',
    orderSide: at(order, 1) === 1 ? 'sell' : 'buy',
    sizeLots,
    filledLots,
    bankruptcyPriceTicks: at(order, 4),
    averagePrice: at(order, 5),
    tradedAtMicros: instant(order, 6),
    eventMicros: instant(values, 1),
  };
}

function at(values: SlotValues, slot: number): number {
  return values[slot] as number;
}

/** The reader has checked that instants are safe integers. */
function instant(values: SlotValues, slot: number): Micros {
  return values[slot] as Micros;
}

function positiveOrNull(n: number): number | null {
  return n > 0 ? n : null;
}
