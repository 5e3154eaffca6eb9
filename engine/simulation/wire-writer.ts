/** Writes the simulated venue's messages in the dialect of Binance USDT-M futures, as feed frames. */
import type { Micros } from '../core/units.ts';
import { snapshotStream } from '../market/wire/binance-streams.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import type { OrderSide } from '../venue/matching/order-terms.ts';
import { asciiBytes, ByteWriter, DecimalFormat } from './byte-writer.ts';

const COMMA = 0x2c;
const QUOTE_CLOSE_LEVEL = asciiBytes('"]');
const LEVEL_OPEN = asciiBytes('["');
const LEVEL_MIDDLE = asciiBytes('","');
const TRADE_BY_BUYER = asciiBytes('","X":"MARKET","m":false}}');
const TRADE_BY_SELLER = asciiBytes('","X":"MARKET","m":true}}');
const TRADE_NUMBER = asciiBytes(',"t":');
const EVENT_TIME = asciiBytes(',"E":');
const TRANSACTION_TIME = asciiBytes(',"T":');
const PRICE = asciiBytes(',"p":"');
const QUANTITY = asciiBytes('","q":"');
const FIRST_UPDATE = asciiBytes(',"U":');
const LAST_UPDATE = asciiBytes(',"u":');
const PREVIOUS_UPDATE = asciiBytes(',"pu":');
const BIDS = asciiBytes(',"b":[');
const ASKS = asciiBytes('],"a":[');
const END_DEPTH = asciiBytes(']}}');
const BEST_BID = asciiBytes(',"b":"');
const BEST_BID_SIZE = asciiBytes('","B":"');
const BEST_ASK = asciiBytes('","a":"');
const BEST_ASK_SIZE = asciiBytes('","A":"');
const QUOTE_END = asciiBytes('"}}');
const SETTLE_PRICE = asciiBytes('","P":"');
const INDEX_PRICE = asciiBytes('","i":"');
const FUNDING_RATE = asciiBytes('","r":"');
const NEXT_FUNDING = asciiBytes('","T":');
const END = asciiBytes('}}');
const SNAPSHOT_ID = asciiBytes('{"lastUpdateId":');
const SNAPSHOT_BIDS = asciiBytes(',"bids":[');
const SNAPSHOT_ASKS = asciiBytes('],"asks":[');
const SNAPSHOT_END = asciiBytes(']}');

/** What a level list needs of a book. */
export interface LevelSource {
  sizeAt(side: OrderSide, priceTicks: number): number;
}

/** Price, index and funding of one contract at one instant, in quote currency. */
export interface MarkMessage {
  readonly mark: number;
  readonly index: number;
  readonly settle: number;
  /** Null where the contract has no funding. */
  readonly fundingRate: number | null;
  readonly nextFundingMicros: number | null;
}

/** One stream's name, opening bytes and frame count. */
class Stream {
  readonly name: string;
  readonly opening: Uint8Array;
  readonly symbol: Uint8Array;
  sequence = 0;

  constructor(symbol: string, channel: string, event: string) {
    this.name = `${symbol.toLowerCase()}@${channel}`;
    this.opening = asciiBytes(`{"stream":"${this.name}","data":{"e":"${event}","E":`);
    this.symbol = asciiBytes(`,"s":"${symbol}"`);
  }
}

const toMillis = (atMicros: number): number => Math.floor(atMicros / 1000);

/** Writes the frames of one contract; they wait in `frames` until the owner takes them. */
export class WireWriter {
  readonly #frames: FeedFrame[];
  readonly #out = new ByteWriter();
  readonly #price: DecimalFormat;
  readonly #size: DecimalFormat;
  readonly #depth: Stream;
  readonly #trade: Stream;
  readonly #ticker: Stream;
  readonly #mark: Stream;
  readonly #snapshotName: string;
  #snapshots = 0;

  /** @param frames - where frames are appended */
  constructor(spec: ContractSpec, frames: FeedFrame[]) {
    this.#frames = frames;
    this.#price = new DecimalFormat(spec.tickSize);
    this.#size = new DecimalFormat(spec.lotSize);
    this.#depth = new Stream(spec.symbol, 'depth@100ms', 'depthUpdate');
    this.#trade = new Stream(spec.symbol, 'trade', 'trade');
    this.#ticker = new Stream(spec.symbol, 'bookTicker', 'bookTicker');
    this.#mark = new Stream(spec.symbol, 'markPrice@1s', 'markPriceUpdate');
    this.#snapshotName = snapshotStream(spec.symbol);
  }

  /** One trade. */
  trade(atMicros: Micros, id: number, priceTicks: number, sizeLots: number, takerSide: OrderSide): void {
    const out = this.#out;
    this.#open(this.#trade, atMicros);
    out.raw(TRADE_NUMBER);
    out.integer(id);
    out.raw(PRICE);
    out.decimal(priceTicks, this.#price);
    out.raw(QUANTITY);
    out.decimal(sizeLots, this.#size);
    out.raw(takerSide === 'buy' ? TRADE_BY_BUYER : TRADE_BY_SELLER);
    this.#send(this.#trade, atMicros);
  }

  /** Changed levels with their present sizes; `bids` and `asks` are prices in ascending order without repeats. */
  depth(
    atMicros: Micros,
    ids: { readonly first: number; readonly last: number; readonly previous: number },
    bids: Int32Array,
    asks: Int32Array,
    book: LevelSource,
  ): void {
    const out = this.#out;
    this.#open(this.#depth, atMicros);
    out.raw(FIRST_UPDATE);
    out.integer(ids.first);
    out.raw(LAST_UPDATE);
    out.integer(ids.last);
    out.raw(PREVIOUS_UPDATE);
    out.integer(ids.previous);
    out.raw(BIDS);
    this.#levels(bids, 'buy', book);
    out.raw(ASKS);
    this.#levels(asks, 'sell', book);
    out.raw(END_DEPTH);
    this.#send(this.#depth, atMicros);
  }

  /** Best bid and ask with their sizes. */
  bookTicker(
    atMicros: Micros,
    updateId: number,
    bid: { readonly priceTicks: number; readonly sizeLots: number },
    ask: { readonly priceTicks: number; readonly sizeLots: number },
  ): void {
    const out = this.#out;
    this.#open(this.#ticker, atMicros);
    out.raw(LAST_UPDATE);
    out.integer(updateId);
    out.raw(BEST_BID);
    out.decimal(bid.priceTicks, this.#price);
    out.raw(BEST_BID_SIZE);
    out.decimal(bid.sizeLots, this.#size);
    out.raw(BEST_ASK);
    out.decimal(ask.priceTicks, this.#price);
    out.raw(BEST_ASK_SIZE);
    out.decimal(ask.sizeLots, this.#size);
    out.raw(QUOTE_END);
    this.#send(this.#ticker, atMicros);
  }

  /** Mark, index and funding. Without funding the rate is empty and the next instant 0, as for dated futures. */
  mark(atMicros: Micros, message: MarkMessage): void {
    const out = this.#out;
    out.raw(this.#mark.opening);
    out.integer(toMillis(atMicros));
    out.raw(this.#mark.symbol);
    out.raw(PRICE);
    out.float(message.mark);
    out.raw(SETTLE_PRICE);
    out.float(message.settle);
    out.raw(INDEX_PRICE);
    out.float(message.index);
    out.raw(FUNDING_RATE);
    if (message.fundingRate !== null) out.float(message.fundingRate);
    out.raw(NEXT_FUNDING);
    out.integer(message.nextFundingMicros === null ? 0 : toMillis(message.nextFundingMicros));
    out.raw(END);
    this.#send(this.#mark, atMicros);
  }

  /** The body of a REST book, best levels first, not queued but returned. */
  snapshot(
    atMicros: Micros,
    updateId: number,
    bids: Int32Array,
    asks: Int32Array,
    book: LevelSource,
  ): FeedFrame {
    const out = this.#out;
    out.raw(SNAPSHOT_ID);
    out.integer(updateId);
    out.raw(EVENT_TIME);
    out.integer(toMillis(atMicros));
    out.raw(TRANSACTION_TIME);
    out.integer(toMillis(atMicros));
    out.raw(SNAPSHOT_BIDS);
    this.#levels(bids, 'buy', book);
    out.raw(SNAPSHOT_ASKS);
    this.#levels(asks, 'sell', book);
    out.raw(SNAPSHOT_END);
    return {
      stream: this.#snapshotName,
      sequence: this.#snapshots++,
      receivedAtMicros: atMicros,
      payload: out.take(),
    };
  }

  #levels(prices: Int32Array, side: OrderSide, book: LevelSource): void {
    const out = this.#out;
    for (let i = 0; i < prices.length; i++) {
      const price = prices[i] as number;
      if (i > 0) out.char(COMMA);
      out.raw(LEVEL_OPEN);
      out.decimal(price, this.#price);
      out.raw(LEVEL_MIDDLE);
      out.decimal(book.sizeAt(side, price), this.#size);
      out.raw(QUOTE_CLOSE_LEVEL);
    }
  }

  #open(stream: Stream, atMicros: Micros): void {
    const millis = toMillis(atMicros);
    this.#out.raw(stream.opening);
    this.#out.integer(millis);
    this.#out.raw(TRANSACTION_TIME);
    this.#out.integer(millis);
    this.#out.raw(stream.symbol);
  }

  #send(stream: Stream, atMicros: Micros): void {
    const payload = this.#out.take();
    this.#frames.push({
      stream: stream.name,
      sequence: stream.sequence++,
      receivedAtMicros: atMicros,
      payload,
    });
  }
}
