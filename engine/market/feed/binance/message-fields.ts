/** Which keys each message has, what kind of value each holds, and which must be there. */
import { keyCode } from './byte-cursor.ts';

/**
 * Kind of value: `instant` is milliseconds since the epoch; `price`/`size` are quoted decimals on the step;
 * `estimate` is a quoted decimal; `text` is passed over (it was read before); `order` is the nested liquidation order.
 */
export type FieldType =
  | 'id'
  | 'instant'
  | 'price'
  | 'size'
  | 'estimate'
  | 'flag'
  | 'side'
  | 'execution'
  | 'symbol'
  | 'text'
  | 'bids'
  | 'asks'
  | 'order';

/** Codes of keys of one letter. */
const LETTERS = 128;

/** One key of a message. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Place of the value among the message's values. */
  readonly slot: number;
}

/** The keys of one kind of message. */
export class FieldTable {
  readonly fields: readonly Field[];
  /** One bit per slot whose key must be there. */
  readonly required: number;
  readonly #byLetter: readonly (Field | undefined)[];
  readonly #byCode: ReadonlyMap<number, Field>;

  /** @param keys - pairs of key and type in slot order; a `?` after the key means that it may be missing */
  constructor(keys: readonly (readonly [string, FieldType])[]) {
    let required = 0;
    this.fields = keys.map(([key, type], slot) => {
      if (!key.endsWith('?')) required |= 1 << slot;
      return { name: key.replace('?', ''), type, slot };
    });
    this.required = required;
    const byCode = new Map(this.fields.map((field) => [keyCode(field.name), field]));
    this.#byCode = byCode;
    this.#byLetter = Array.from({ length: LETTERS }, (_, code) => byCode.get(code));
  }

  /** The field with this key code; undefined for keys of no interest. */
  find(code: number): Field | undefined {
    return code >= 0 && code < LETTERS ? this.#byLetter[code] : this.#byCode.get(code);
  }
}

/** `depthUpdate`. */
export const DEPTH_UPDATE: FieldTable = new FieldTable([
  ['e', 'text'],
  ['E', 'instant'],
  ['s', 'symbol'],
  ['U', 'id'],
  ['u', 'id'],
  ['pu', 'id'],
  ['b', 'bids'],
  ['a', 'asks'],
]);

/** The REST book. */
export const DEPTH_SNAPSHOT: FieldTable = new FieldTable([
  ['lastUpdateId', 'id'],
  ['E?', 'instant'],
  ['bids', 'bids'],
  ['asks', 'asks'],
]);

/** `trade`. */
export const TRADE: FieldTable = new FieldTable([
  ['e', 'text'],
  ['E', 'instant'],
  ['T', 'instant'],
  ['s', 'symbol'],
  ['t', 'id'],
  ['p', 'price'],
  ['q', 'size'],
  ['X', 'execution'],
  ['m', 'flag'],
]);

/** `aggTrade`. */
export const AGGREGATE_TRADE: FieldTable = new FieldTable([
  ['e', 'text'],
  ['E', 'instant'],
  ['T', 'instant'],
  ['s', 'symbol'],
  ['a', 'id'],
  ['p', 'price'],
  ['q', 'size'],
  ['f', 'id'],
  ['l', 'id'],
  ['m', 'flag'],
]);

/** `bookTicker`. */
export const BOOK_TICKER: FieldTable = new FieldTable([
  ['e', 'text'],
  ['E', 'instant'],
  ['s', 'symbol'],
  ['u', 'id'],
  ['b', 'price'],
  ['B', 'size'],
  ['a', 'price'],
  ['A', 'size'],
]);

/** `markPriceUpdate`. */
export const MARK_PRICE: FieldTable = new FieldTable([
  ['e', 'text'],
  ['E', 'instant'],
  ['s', 'symbol'],
  ['p', 'estimate'],
  ['i', 'estimate'],
  ['P?', 'estimate'],
  ['r', 'estimate'],
  ['T', 'instant'],
]);

/** `forceOrder`. */
export const FORCE_ORDER: FieldTable = new FieldTable([
  ['e', 'text'],
  ['E', 'instant'],
  ['o', 'order'],
]);

/** The order inside a `forceOrder`. */
export const FORCE_ORDER_ORDER: FieldTable = new FieldTable([
  ['s', 'symbol'],
  ['S', 'side'],
  ['q', 'size'],
  ['z?', 'size'],
  ['p', 'price'],
  ['ap', 'estimate'],
  ['T', 'instant'],
]);
