/** Decodes Binance USDT-M messages from their bytes: strict, exact, in one pass, and total. */
import { ok, type Result } from '../../../core/result.ts';
import type { ContractSpec } from '../../../reference/instruments/contract-spec.ts';
import type { BinanceMessage } from './binance-message.ts';
import { ascii, ByteCursor, KEY_END, KEY_FAILED, keyCode } from './byte-cursor.ts';
import { buildMessage, refuse } from './message-builder.ts';
import {
  AGGREGATE_TRADE,
  BOOK_TICKER,
  DEPTH_SNAPSHOT,
  DEPTH_UPDATE,
  type FieldTable,
  FORCE_ORDER,
  MARK_PRICE,
  TRADE,
} from './message-fields.ts';
import { ObjectReader } from './object-reader.ts';

const KEY_EVENT = keyCode('e');
const KEY_LAST_UPDATE_ID = keyCode('lastUpdateId');
const KEY_DATA = keyCode('data');

type MessageKind = BinanceMessage['kind'];

const EVENTS: readonly (readonly [Uint8Array, MessageKind])[] = [
  [ascii('depthUpdate'), 'depth-update'],
  [ascii('bookTicker'), 'book-ticker'],
  [ascii('trade'), 'trade'],
  [ascii('aggTrade'), 'aggregate-trade'],
  [ascii('markPriceUpdate'), 'mark-price'],
  [ascii('forceOrder'), 'force-order'],
];

const TABLES: Readonly<Record<MessageKind, FieldTable>> = {
  'depth-update': DEPTH_UPDATE,
  'depth-snapshot': DEPTH_SNAPSHOT,
  'book-ticker': BOOK_TICKER,
  trade: TRADE,
  'aggregate-trade': AGGREGATE_TRADE,
  'mark-price': MARK_PRICE,
  'force-order': FORCE_ORDER,
};

/**
 * The decoder of one contract.
 *
 * Accepts a message bare or wrapped as `{"stream":…,"data":…}`, keys in any order, white space anywhere, unknown
 * keys. Prices become whole ticks and sizes whole lots, exactly; mark, index and funding are float64 estimates.
 *
 * Assumes: `e` names the message; a REST book has `lastUpdateId` and no `e`.
 * Source: Binance USDT-M Futures WebSocket and REST market data, checked against recordings of 2021, 2024 and 2026.
 */
export class BinanceDecoder {
  readonly #cursor: ByteCursor = new ByteCursor();
  readonly #reader: ObjectReader;

  constructor(spec: ContractSpec) {
    this.#reader = new ObjectReader(spec);
  }

  /**
   * Decodes one message. Depth levels live in buffers that the next call overwrites.
   *
   * Fails (with path, excerpt and byte offset in the context): `feed/message-malformed`, `feed/message-unknown`,
   * `feed/id-not-safe`, `feed/price-off-tick`, `feed/size-off-lot`, `feed/limit-exceeded`.
   */
  decode(payload: Uint8Array): Result<BinanceMessage> {
    const cursor = this.#cursor;
    cursor.start(payload);
    const message = this.#message(cursor);
    // The cursor must not keep the caller's bytes alive.
    const result: Result<BinanceMessage> =
      message === null || cursor.failed ? { ok: false, failure: cursor.failure() } : ok(message);
    cursor.bytes = EMPTY;
    return result;
  }

  #message(cursor: ByteCursor): BinanceMessage | null {
    const kind = classify(cursor);
    if (kind === null) return null;
    if (kind !== 'wrapped')
      return this.#bare(cursor, kind) && cursor.finish() ? buildMessage(cursor, kind, this.#reader) : null;
    cursor.enterObject();
    let found: MessageKind | null = null;
    for (let first = true; ; first = false) {
      const code = cursor.nextKey(first);
      if (code === KEY_END) break;
      if (code === KEY_FAILED) return null;
      if (code !== KEY_DATA) {
        if (!cursor.skipValue()) return null;
        continue;
      }
      if (found !== null) return refuse(cursor, 'data', 'the key once');
      cursor.prefix = 'data.';
      cursor.key = '';
      const inner = classify(cursor);
      if (inner === null) return null;
      if (inner === 'wrapped') return refuse(cursor, 'data', 'a message');
      if (!this.#bare(cursor, inner)) return null;
      cursor.prefix = '';
      found = inner;
    }
    return found !== null && cursor.finish() ? buildMessage(cursor, found, this.#reader) : null;
  }

  #bare(cursor: ByteCursor, kind: MessageKind): boolean {
    return this.#reader.read(cursor, TABLES[kind]);
  }
}

const EMPTY = new Uint8Array(0);

/**
 * Looks ahead in the object at the cursor for the key that tells what it is, and returns to its start. The venue
 * sends that key first, so the look is short; a message that hides it costs one pass more.
 */
function classify(cursor: ByteCursor): MessageKind | 'wrapped' | null {
  const start = cursor.pos;
  if (!cursor.enterObject()) return null;
  for (let first = true; ; first = false) {
    const code = cursor.nextKey(first);
    if (code === KEY_FAILED) return null;
    if (code === KEY_END) {
      cursor.fail('feed/message-unknown', 'a message with an event name', start);
      return null;
    }
    let kind: MessageKind | 'wrapped' | null = null;
    if (code === KEY_DATA) kind = 'wrapped';
    else if (code === KEY_LAST_UPDATE_ID) kind = 'depth-snapshot';
    else if (code === KEY_EVENT) {
      kind = eventKind(cursor);
      if (kind === null) return null;
    }
    if (kind !== null) {
      cursor.pos = start;
      return kind;
    }
    if (!cursor.skipValue()) return null;
  }
}

function eventKind(cursor: ByteCursor): MessageKind | null {
  for (const [text, kind] of EVENTS) if (cursor.takeText(text)) return kind;
  cursor.key = 'e';
  cursor.fail('feed/message-unknown', 'a known event name');
  return null;
}
