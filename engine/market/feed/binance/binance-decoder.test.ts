// The byte decoder against an oracle made of JSON.parse and exact decimals: samples, a recording, refusals.
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { increment } from '../../../core/units.ts';
import type { ContractSpec } from '../../../reference/instruments/contract-spec.ts';
import { findListing } from '../../../reference/instruments/listings.ts';
import { naiveDecode, type PlainMessage } from '../../../testkit/naive-binance-decoder.ts';
import {
  HAS_SHARED_DATA,
  readSharedBytes,
  readSharedText,
  SHARED_DATA_NOTE,
} from '../../../testkit/shared-data.ts';
import { BinanceDecoder } from './binance-decoder.ts';
import type { BinanceMessage } from './binance-message.ts';
import type { LevelBuffer } from './level-buffer.ts';

const BTC = findListing('binance-usdm:BTCUSDT') as ContractSpec;
const ES = findListing('cme-globex:ESZ6') as ContractSpec;
const utf8 = new TextEncoder();

const pairs = (levels: LevelBuffer) =>
  Array.from({ length: levels.count }, (_, i) => [levels.priceTicks[i], levels.sizeLots[i]]);
const plain = (message: BinanceMessage): PlainMessage =>
  'bids' in message ? { ...message, bids: pairs(message.bids), asks: pairs(message.asks) } : { ...message };
const decode = (text: string, spec: ContractSpec = BTC) => new BinanceDecoder(spec).decode(utf8.encode(text));
const decoded = (text: string, spec: ContractSpec = BTC): PlainMessage => {
  const result = decode(text, spec);
  if (!result.ok) throw new Error(result.failure.message);
  return plain(result.value);
};
const refused = (text: string, spec: ContractSpec = BTC) => {
  const result = decode(text, spec);
  if (result.ok) throw new Error('was accepted');
  return { code: result.failure.code, path: result.failure.context['path'] };
};

const DEPTH = {
  e: 'depthUpdate',
  E: 1723161256299,
  T: 1723161256298,
  s: 'BTCUSDT',
  U: 5123107832006,
  u: 5123107837557,
  pu: 5123107831937,
  b: [
    ['61641.50', '1.211'],
    ['61510.90', '0.000'],
  ],
  a: [['61800.30', '3.330']],
};
const TRADE = {
  e: 'trade',
  E: 1723161256322,
  T: 1723161256321,
  s: 'BTCUSDT',
  t: 5266583935,
  p: '61800.30',
  q: '0.006',
  X: 'MARKET',
  m: false,
};
const depth = (patch: object): string => JSON.stringify({ ...DEPTH, ...patch });
const trade = (patch: object): string => JSON.stringify({ ...TRADE, ...patch });

describe('decodes into ticks and lots', () => {
  it('a diff, bare and wrapped, in any key order and with white space', () => {
    const expected = {
      kind: 'depth-update',
      firstId: 5123107832006,
      lastId: 5123107837557,
      previousId: 5123107831937,
      eventMicros: 1723161256299000,
      bids: [
        [616415, 1211],
        [615109, 0],
      ],
      asks: [[618003, 3330]],
    };
    expect(decoded(JSON.stringify(DEPTH))).toEqual(expected);
    expect(decoded(JSON.stringify({ stream: 'btcusdt@depth@0ms', data: DEPTH }))).toEqual(expected);
    expect(decoded(JSON.stringify({ data: DEPTH, stream: 'btcusdt@depth@0ms' }))).toEqual(expected);
    expect(decoded(JSON.stringify(Object.fromEntries(Object.entries(DEPTH).reverse())))).toEqual(expected);
    expect(decoded(`\n${JSON.stringify({ x: [{}], data: DEPTH }, null, 2)}\r\n\t `)).toEqual(expected);
  });

  it('a trade: m means that the taker sold', () => {
    expect(decoded(trade({}))).toMatchObject({ takerSide: 'buy', execution: 'MARKET', priceTicks: 618003 });
    expect(decoded(trade({ m: true }))).toMatchObject({
      takerSide: 'sell',
      tradedAtMicros: 1723161256321000,
    });
    expect(decoded(trade({ X: 'INSURANCE_FUND' }))).toMatchObject({ execution: 'INSURANCE_FUND' });
    // The venue marks what is no trade with NA, a price of 0 and a size of 0; words not known here count as that.
    expect(decoded(trade({ X: 'NA', p: '0', q: '0' }))).toMatchObject({ execution: 'NA', sizeLots: 0 });
    expect(decoded(trade({ X: 'SOMETHING_NEW' }))).toMatchObject({ execution: 'NA', sizeLots: 6 });
  });

  it('a quarter tick and a price below zero where the contract allows them', () => {
    const es = (price: string) => depth({ s: 'ESZ6', b: [[price, '3']], a: [] });
    expect(decoded(es('4500.75'), ES)).toMatchObject({ bids: [[18003, 3]] });
    expect(decoded(es('-37.5'), ES)).toMatchObject({ bids: [[-150, 3]] });
    expect(decoded(es('0'), ES)).toMatchObject({ bids: [[0, 3]] });
    expect(refused(es('4500.80'), ES)).toEqual({ code: 'feed/price-off-tick', path: 'b[0]' });
    // 2^53 + 2 quarters of a cent: the multiple would be rounded.
    expect(refused(es('90071992547409.94'), ES).code).toBe('feed/limit-exceeded');
  });

  it('more levels than the buffers start with, up to the limit', () => {
    const levels = (n: number) =>
      Array.from({ length: n }, (_, i) => [`${i + 1}.${i % 10}`, `${i % 7}.00${i % 3}`]);
    for (const n of [0, 1, 1023, 1024, 1025, 5000, 20_000]) {
      const text = depth({ b: levels(n), a: levels(3) });
      expect(decoded(text)).toEqual(naiveDecode(text, BTC));
    }
    expect(refused(depth({ a: levels(20_001) }))).toEqual({ code: 'feed/limit-exceeded', path: 'a[20000]' });
  });
});

describe('refuses, naming the code and the place', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['off tick', depth({ b: [['61641.55', '1']] }), 'feed/price-off-tick', 'b[0]'],
    [
      'off lot',
      depth({
        a: [
          ['61641.50', '1'],
          ['61641.60', '0.0001'],
        ],
      }),
      'feed/size-off-lot',
      'a[1]',
    ],
    ['an exponent', depth({ b: [['61641.50', '1e-9']] }), 'feed/message-malformed', 'b[0]'],
    ['a zero with a sign', depth({ b: [['61641.50', '-0']] }), 'feed/message-malformed', 'b[0]'],
    [
      'a zero with a sign and decimals',
      depth({ b: [['61641.50', '-0.000']] }),
      'feed/message-malformed',
      'b[0]',
    ],
    ['a negative size', depth({ b: [['61641.50', '-1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['a negative price', depth({ b: [['-61641.50', '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['a price of zero', depth({ b: [['0.00', '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['a word for a number', depth({ b: [['NaN', '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['a number without quotes', depth({ b: [[61641.5, '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['an empty number', depth({ b: [['', '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['no whole part', depth({ b: [['.5', '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['no fraction after the point', depth({ b: [['61641.', '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['two points', depth({ b: [['61641.5.0', '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['a space inside', depth({ b: [['61641.5 ', '1.000']] }), 'feed/message-malformed', 'b[0]'],
    ['a price beyond the book', depth({ b: [['214748364.8', '1']] }), 'feed/limit-exceeded', 'b[0]'],
    ['a size beyond 2^53', depth({ b: [['1.0', '9007199254740.992']] }), 'feed/limit-exceeded', 'b[0]'],
    ['a level of three', depth({ b: [['61641.5', '1', '2']] }), 'feed/message-malformed', 'b[0]'],
    ['a level of one', depth({ b: [['61641.5']] }), 'feed/message-malformed', 'b[0]'],
    ['an id of 2^53', depth({}).replace('5123107837557', '9007199254740992'), 'feed/id-not-safe', 'u'],
    ['an id of 2^53 + 1', depth({}).replace('5123107837557', '9007199254740993'), 'feed/id-not-safe', 'u'],
    ['an id with a fraction', depth({}).replace('5123107837557', '1.5'), 'feed/message-malformed', 'u'],
    ['an id below zero', depth({ u: -5 }), 'feed/message-malformed', 'u'],
    ['an id as text', depth({ u: '5' }), 'feed/message-malformed', 'u'],
    ['ids in the wrong order', depth({ U: 5123107837558 }), 'feed/message-malformed', 'U'],
    ['a time beyond the year 2255', depth({ E: 9007199254741 }), 'feed/id-not-safe', 'E'],
    ['another contract', depth({ s: 'ETHUSDT' }), 'feed/message-malformed', 's'],
    ['a missing key', depth({ pu: undefined }), 'feed/message-malformed', 'pu'],
    ['a key twice', depth({}).replace('"pu":', '"u":'), 'feed/message-malformed', 'u'],
    ['an escaped key', depth({}).replace('"pu":', '"\\u0070u":'), 'feed/message-malformed', 'u'],
    ['an unknown event', depth({ e: 'depthUpdate2' }), 'feed/message-unknown', 'e'],
    ['no event', '{"s":"BTCUSDT"}', 'feed/message-unknown', '(message)'],
    ['an answer to a request', '{"result":null,"id":1}', 'feed/message-unknown', '(message)'],
    ['bytes after the end', `${depth({})}x`, 'feed/message-malformed', 'a'],
    ['a second message', `${depth({})}${depth({})}`, 'feed/message-malformed', 'a'],
    ['nothing', '', 'feed/message-malformed', '(message)'],
    ['a list', '[]', 'feed/message-malformed', '(message)'],
    ['a wrapper in a wrapper', '{"data":{"data":{}}}', 'feed/message-malformed', 'data.data'],
    ['a taker flag that is none', trade({ m: 0 }), 'feed/message-malformed', 'm'],
    ['a trade of nothing', trade({ q: '0.000' }), 'feed/message-malformed', 'q'],
    ['nesting without end', `{"x":${'['.repeat(100_000)}`, 'feed/limit-exceeded', '(message)'],
  ];
  for (const [what, text, code, path] of cases) {
    it(what, () => {
      expect(refused(text)).toEqual({ code, path });
      expect(naiveDecode(text, BTC) === null || what.includes('twice') || what.includes('escaped')).toBe(
        true,
      );
    });
  }

  it('with an excerpt a person can read', () => {
    const result = decode(JSON.stringify({ stream: 'x', data: { ...DEPTH, b: [['61641.55', '1']] } }));
    expect(result).toMatchObject({
      ok: false,
      failure: {
        kind: 'invalid',
        code: 'feed/price-off-tick',
        context: { path: 'data.b[0]' },
      },
    });
    if (!result.ok)
      expect(result.failure.message).toMatch(/multiple of 0\.1 at data\.b\[0\], found "61641\.55"/);
  });

  it('goes on with the next message after a refusal', () => {
    const decoder = new BinanceDecoder(BTC);
    expect(decoder.decode(utf8.encode(depth({ b: [['x', 'y']] }))).ok).toBe(false);
    const next = decoder.decode(utf8.encode(depth({})));
    expect(next.ok && plain(next.value)).toEqual(naiveDecode(depth({}), BTC));
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`recorded messages${SHARED_DATA_NOTE}`, () => {
  it('decodes every published sample as the oracle does', () => {
    const samples = JSON.parse(readSharedText('vectors/wire-samples.json')) as readonly {
      readonly venue: string;
      readonly message: { readonly data?: { readonly e: string; readonly o?: { readonly s: string } } };
    }[];
    const known = samples.filter((s) => s.venue === 'binance-usdm' && s.message.data?.e !== 'kline');
    expect(known.length).toBeGreaterThanOrEqual(7);
    for (const { message } of known) {
      const liquidation = message.data?.o;
      const spec: ContractSpec =
        liquidation === undefined
          ? BTC
          : { ...BTC, symbol: liquidation.s, tickSize: increment('0.0001'), lotSize: increment('1') };
      const text = JSON.stringify(message);
      const expected = naiveDecode(text, spec);
      expect(expected).not.toBeNull();
      expect(decoded(text, spec)).toEqual(expected);
    }
  });

  it('reads a sell liquidation order as the death of a long', () => {
    const text =
      '{"stream":"stgusdt@forceOrder","data":{"e":"forceOrder","E":1786172557615,"o":{"s":"STGUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"5","p":"0.1336000","ap":"0.1355000","X":"FILLED","l":"5","z":"5","T":1786172556607,"ps":"STGUSDT","st":1}}}';
    const spec = { ...BTC, symbol: 'STGUSDT', tickSize: increment('0.0001'), lotSize: increment('1') };
    expect(decoded(text, spec)).toEqual({
      kind: 'force-order',
      orderSide: 'sell',
      sizeLots: 5,
      filledLots: 5,
      bankruptcyPriceTicks: 1336,
      averagePrice: 0.1355,
      tradedAtMicros: 1786172556607000,
      eventMicros: 1786172557615000,
    });
  });

  it('decodes all 93,954 messages of the recording as the oracle does', () => {
    const decoder = new BinanceDecoder(BTC);
    const text = gunzipSync(readSharedBytes('binance/recordings/usdm_btcusdt_20240808.gz')).toString('utf8');
    let messages = 0;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const json = line.slice(line.indexOf(' ') + 1);
      const result = decoder.decode(utf8.encode(json));
      const found = result.ok ? plain(result.value) : result.failure.message;
      const expected = naiveDecode(json, BTC);
      if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected);
      messages++;
    }
    expect(messages).toBe(93_954);
  });
});
