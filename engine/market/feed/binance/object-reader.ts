/** Reads one message object by its field table into numbers and level buffers. */
import type { ContractSpec } from '../../../reference/instruments/contract-spec.ts';
import { MAX_BOOK_TICKS } from '../../book/book-side.ts';
import type { TradeExecution } from './binance-message.ts';
import { ascii, type ByteCursor, KEY_END, KEY_FAILED } from './byte-cursor.ts';
import { readEstimate, StepReader } from './decimal-reader.ts';
import { LevelBuffer } from './level-buffer.ts';
import { LevelReader } from './level-reader.ts';
import { type Field, type FieldTable, FORCE_ORDER_ORDER } from './message-fields.ts';

const QUOTE = 0x22;
const BUY = ascii('BUY');
const SELL = ascii('SELL');
const TRUE = 0x74;
const FALSE = 0x66;
/** Largest time in milliseconds whose microseconds are a safe integer. */
const MAX_MILLIS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
/** Trade executions by the number under which they are read. */
export const EXECUTIONS: readonly TradeExecution[] = ['MARKET', 'INSURANCE_FUND', 'ADL', 'NA'];
const EXECUTION_TEXTS: readonly Uint8Array[] = EXECUTIONS.map(ascii);

/**
 * Values of one object by slot. Instants are micros, flags and sides 0 or 1 (`sell`, true), executions an index
 * into {@link EXECUTIONS}; NaN where the key was missing or the venue sent "".
 */
export type SlotValues = Float64Array;

/** The reader of one contract's messages; its buffers are overwritten by every message. */
export class ObjectReader {
  readonly bids: LevelBuffer = new LevelBuffer();
  readonly asks: LevelBuffer = new LevelBuffer();
  readonly values: SlotValues = new Float64Array(16);
  /** Values of the nested liquidation order. */
  readonly orderValues: SlotValues = new Float64Array(16);
  readonly #symbol: Uint8Array;
  readonly #symbolText: string;
  readonly #prices: StepReader;
  readonly #levels: LevelReader;
  readonly #sizes: StepReader;

  constructor(spec: ContractSpec) {
    this.#symbolText = spec.symbol;
    this.#symbol = ascii(spec.symbol);
    const step = spec.tickSize;
    const price = { step, offStep: 'feed/price-off-tick', highest: MAX_BOOK_TICKS, what: 'a price' } as const;
    // A dated future may trade at or below 0; a perpetual's orders may not, but an empty touch is written as 0.
    const canBeNegative = spec.kind === 'dated-future';
    this.#prices = new StepReader({ ...price, lowest: canBeNegative ? -MAX_BOOK_TICKS : 0 });
    const levelPrices = new StepReader({ ...price, lowest: canBeNegative ? -MAX_BOOK_TICKS : 1 });
    this.#sizes = new StepReader({
      step: spec.lotSize,
      offStep: 'feed/size-off-lot',
      lowest: 0,
      highest: Number.MAX_SAFE_INTEGER,
      what: 'a size',
    });
    this.#levels = new LevelReader(levelPrices, this.#sizes);
  }

  /** Reads the object at the cursor. False after a failure. A key that comes twice is refused. */
  read(cursor: ByteCursor, table: FieldTable, values: SlotValues = this.values): boolean {
    values.fill(Number.NaN);
    if (!cursor.enterObject()) return false;
    let seen = 0;
    for (let first = true; ; first = false) {
      const code = cursor.nextKey(first);
      if (code === KEY_END) break;
      if (code === KEY_FAILED) return false;
      const field = table.find(code);
      if (field === undefined) {
        cursor.key = '(other key)';
        if (!cursor.skipValue()) return false;
        continue;
      }
      cursor.key = field.name;
      const bit = 1 << field.slot;
      if ((seen & bit) !== 0) return cursor.fail('feed/message-malformed', 'the key once');
      seen |= bit;
      if (!this.#value(cursor, field, values)) return false;
    }
    const missing = table.required & ~seen;
    if (missing === 0) return true;
    cursor.key = table.fields.find((field) => (missing & (1 << field.slot)) !== 0)?.name ?? '';
    return cursor.fail('feed/message-malformed', 'the key', cursor.pos - 1);
  }

  #value(cursor: ByteCursor, field: Field, values: SlotValues): boolean {
    switch (field.type) {
      case 'id':
        values[field.slot] = cursor.readUnsigned();
        break;
      case 'instant':
        values[field.slot] = readInstant(cursor);
        break;
      case 'price':
        values[field.slot] = this.#prices.read(cursor);
        break;
      case 'size':
        values[field.slot] = this.#sizes.read(cursor);
        break;
      case 'estimate':
        values[field.slot] = readEstimate(cursor) ?? Number.NaN;
        break;
      case 'flag':
        values[field.slot] = readFlag(cursor);
        break;
      case 'side':
        values[field.slot] = readSide(cursor);
        break;
      case 'execution':
        values[field.slot] = readExecution(cursor);
        break;
      case 'symbol':
        return (
          cursor.takeText(this.#symbol) || cursor.fail('feed/message-malformed', `"${this.#symbolText}"`)
        );
      case 'text':
        return cursor.skipValue();
      case 'bids':
        return this.#levels.read(cursor, this.bids);
      case 'asks':
        return this.#levels.read(cursor, this.asks);
      case 'order': {
        const outer = cursor.prefix;
        cursor.prefix = `${outer}o.`;
        if (!this.read(cursor, FORCE_ORDER_ORDER, this.orderValues)) return false;
        cursor.prefix = outer;
        return true;
      }
    }
    return !cursor.failed;
  }
}

function readInstant(cursor: ByteCursor): number {
  const start = cursor.pos;
  const millis = cursor.readUnsigned();
  if (millis > MAX_MILLIS) cursor.fail('feed/id-not-safe', 'milliseconds since 1970', start);
  return millis * 1000;
}

function readFlag(cursor: ByteCursor): number {
  const next = cursor.peek();
  if (next === TRUE || next === FALSE) {
    cursor.skipValue();
    return next === TRUE ? 1 : 0;
  }
  cursor.fail('feed/message-malformed', 'true or false');
  return 0;
}

function readSide(cursor: ByteCursor): number {
  if (cursor.takeText(BUY)) return 0;
  if (cursor.takeText(SELL)) return 1;
  cursor.fail('feed/message-malformed', '"BUY" or "SELL"');
  return 0;
}

/** A word not known here is `NA`: it stays out of price charts, and the trade is not lost. */
function readExecution(cursor: ByteCursor): number {
  for (let i = 0; i < EXECUTION_TEXTS.length; i++) {
    if (cursor.takeText(EXECUTION_TEXTS[i] as Uint8Array)) return i;
  }
  if (cursor.peek() !== QUOTE) cursor.fail('feed/message-malformed', 'a word');
  else cursor.skipValue();
  return EXECUTIONS.indexOf('NA');
}
