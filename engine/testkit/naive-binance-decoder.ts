// The obvious second implementation of the Binance decoder: JSON.parse and exact decimals, slow and short.
import { parseMultiple } from '../core/units.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';

/** A decoded message as plain data, levels as pairs. */
export type PlainMessage = Readonly<Record<string, unknown>>;

class Refused extends Error {}

type Json = Readonly<Record<string, unknown>>;

const own = (o: Json, key: string): unknown => {
  if (!Object.hasOwn(o, key)) throw new Refused(key);
  return o[key];
};
const object = (x: unknown): Json => {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) throw new Refused('object');
  return x as Json;
};
const id = (x: unknown): number => {
  if (typeof x !== 'number' || !Number.isSafeInteger(x) || x < 0) throw new Refused('id');
  return x;
};
const instant = (x: unknown): number => {
  const at = id(x) * 1000;
  if (!Number.isSafeInteger(at)) throw new Refused('instant');
  return at;
};
const flag = (x: unknown): boolean => {
  if (typeof x !== 'boolean') throw new Refused('flag');
  return x;
};
const estimate = (x: unknown): number | null => {
  if (x === '') return null;
  if (typeof x !== 'string' || !/^-?\d+(\.\d+)?$/.test(x)) throw new Refused('estimate');
  return Number(x) + 0;
};
const positive = (n: number | null): number | null => (n !== null && n > 0 ? n : null);

/** Decodes one message the slow way; null where it must be refused. */
export function naiveDecode(text: string, spec: ContractSpec): PlainMessage | null {
  const multiple = (x: unknown, step: ContractSpec['tickSize'], lowest: number, highest: number): number => {
    if (typeof x !== 'string' || /^-0*(\.0*)?$/.test(x)) throw new Refused('multiple');
    const n = parseMultiple(x, step);
    if (!n.ok || n.value < lowest || n.value > highest) throw new Refused('multiple');
    return n.value;
  };
  const low = spec.kind === 'dated-future' ? -0x7fffffff : 0;
  const price = (x: unknown): number => multiple(x, spec.tickSize, low, 0x7fffffff);
  const size = (x: unknown): number => multiple(x, spec.lotSize, 0, Number.MAX_SAFE_INTEGER);
  const levels = (x: unknown): readonly (readonly [number, number])[] => {
    if (!Array.isArray(x) || x.length > 20_000) throw new Refused('levels');
    return x.map((level) => {
      if (!Array.isArray(level) || level.length !== 2) throw new Refused('level');
      const p = price(level[0]);
      if (spec.kind === 'perpetual' && p === 0) throw new Refused('level');
      return [p, size(level[1])] as const;
    });
  };
  const symbol = (o: Json): void => {
    if (own(o, 's') !== spec.symbol) throw new Refused('s');
  };
  const more = (n: number): number => {
    if (n === 0) throw new Refused('size');
    return n;
  };
  const side = (x: unknown): string => {
    if (x !== 'BUY' && x !== 'SELL') throw new Refused('side');
    return x.toLowerCase();
  };

  const decode = (m: Json): PlainMessage => {
    if (!Object.hasOwn(m, 'e')) {
      return {
        kind: 'depth-snapshot',
        lastId: id(own(m, 'lastUpdateId')),
        eventMicros: Object.hasOwn(m, 'E') ? instant(m['E']) : null,
        bids: levels(own(m, 'bids')),
        asks: levels(own(m, 'asks')),
      };
    }
    const eventMicros = instant(own(m, 'E'));
    if (m['e'] !== 'forceOrder') symbol(m);
    const takerSide = (): string => (flag(own(m, 'm')) ? 'sell' : 'buy');
    switch (m['e']) {
      case 'depthUpdate': {
        const [firstId, lastId, previousId] = [id(own(m, 'U')), id(own(m, 'u')), id(own(m, 'pu'))];
        if (firstId > lastId) throw new Refused('U');
        const [bids, asks] = [levels(own(m, 'b')), levels(own(m, 'a'))];
        return { kind: 'depth-update', firstId, lastId, previousId, eventMicros, bids, asks };
      }
      case 'trade': {
        const x = own(m, 'X');
        if (typeof x !== 'string') throw new Refused('X');
        const sizeLots = size(own(m, 'q'));
        return {
          kind: 'trade',
          tradeId: id(own(m, 't')),
          priceTicks: price(own(m, 'p')),
          sizeLots: x === 'MARKET' ? more(sizeLots) : sizeLots,
          takerSide: takerSide(),
          execution: ['MARKET', 'INSURANCE_FUND', 'ADL'].includes(x) ? x : 'NA',
          tradedAtMicros: instant(own(m, 'T')),
          eventMicros,
        };
      }
      case 'aggTrade':
        return {
          kind: 'aggregate-trade',
          aggregateId: id(own(m, 'a')),
          firstTradeId: id(own(m, 'f')),
          lastTradeId: id(own(m, 'l')),
          priceTicks: price(own(m, 'p')),
          sizeLots: more(size(own(m, 'q'))),
          takerSide: takerSide(),
          tradedAtMicros: instant(own(m, 'T')),
          eventMicros,
        };
      case 'bookTicker':
        return {
          kind: 'book-ticker',
          updateId: id(own(m, 'u')),
          bidTicks: price(own(m, 'b')),
          bidLots: size(own(m, 'B')),
          askTicks: price(own(m, 'a')),
          askLots: size(own(m, 'A')),
          eventMicros,
        };
      case 'markPriceUpdate': {
        const markPrice = positive(estimate(own(m, 'p')));
        if (markPrice === null) throw new Refused('p');
        const next = instant(own(m, 'T'));
        return {
          kind: 'mark-price',
          markPrice,
          indexPrice: positive(estimate(own(m, 'i'))),
          settlementPrice: Object.hasOwn(m, 'P') ? positive(estimate(m['P'])) : null,
          fundingRate: estimate(own(m, 'r')),
          nextFundingMicros: next > 0 ? next : null,
          eventMicros,
        };
      }
      case 'forceOrder': {
        const o = object(own(m, 'o'));
        symbol(o);
        const sizeLots = more(size(own(o, 'q')));
        const filledLots = Object.hasOwn(o, 'z') ? size(o['z']) : sizeLots;
        const averagePrice = estimate(own(o, 'ap'));
        if (filledLots > sizeLots || averagePrice === null || averagePrice < 0) throw new Refused('o');
        return {
          kind: 'force-order',
          orderSide: side(own(o, 'S')),
          sizeLots,
          filledLots,
          bankruptcyPriceTicks: price(own(o, 'p')),
          averagePrice,
          tradedAtMicros: instant(own(o, 'T')),
          eventMicros,
        };
      }
      default:
        throw new Refused('e');
    }
  };

  try {
    const top = object(JSON.parse(text));
    return decode(Object.hasOwn(top, 'data') ? object(top['data']) : top);
  } catch (error) {
    if (error instanceof Refused || error instanceof SyntaxError) return null;
    throw error;
  }
}
