// Hostile and mangled bytes: the decoder never throws, never hangs and never gives other numbers than the oracle.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMultiple, increment } from '../../../core/units.ts';
import type { ContractSpec } from '../../../reference/instruments/contract-spec.ts';
import { findListing } from '../../../reference/instruments/listings.ts';
import { naiveDecode, type PlainMessage } from '../../../testkit/naive-binance-decoder.ts';
import { BinanceDecoder } from './binance-decoder.ts';
import type { BinanceMessage } from './binance-message.ts';
import type { LevelBuffer } from './level-buffer.ts';

const BTC = findListing('binance-usdm:BTCUSDT') as ContractSpec;
const ES = findListing('cme-globex:ESZ6') as ContractSpec;
const utf8 = new TextEncoder();
const text = new TextDecoder();

// Shapes as the venue sends them, cut to a few levels.
const SEEDS: readonly string[] = [
  '{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,"b":[["58710.20","0.014"],["61496.50","0.010"],["61510.90","0.000"],["61641.50","1.211"]],"a":[["61800.30","3.330"],["61804.60","0.057"],["61810.00","0.285"]]}}',
  '{"lastUpdateId":5123107852948,"E":1723161256501,"T":1723161256493,"bids":[["61800.20","2.909"],["61800.10","0.696"]],"asks":[["61800.30","1.072"],["61800.70","0.002"]]}',
  '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}}',
  '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}',
  '{"e":"aggTrade","E":1786171884624,"a":3404749954,"s":"BTCUSDT","p":"64990.90","q":"0.002","nq":"0.002","f":7960913511,"l":7960913511,"T":1786171884471,"m":true,"st":1}',
  '{"stream":"btcusdt@markPrice","data":{"e":"markPriceUpdate","E":1786171884000,"s":"BTCUSDT","p":"64991.37858696","ap":"64991.37858696","P":"64980.01344384","i":"65016.05673913","r":"0.00003936","T":1786176000000,"st":1}}',
  '{"e":"forceOrder","E":1786172557615,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"5.001","p":"60000.1","ap":"60001.33","X":"FILLED","l":"5","z":"5.001","T":1786172556607,"ps":"BTCUSDT","st":1}}',
];

const pairs = (levels: LevelBuffer) =>
  Array.from({ length: levels.count }, (_, i) => [levels.priceTicks[i], levels.sizeLots[i]]);
const plain = (message: BinanceMessage): PlainMessage =>
  'bids' in message ? { ...message, bids: pairs(message.bids), asks: pairs(message.asks) } : { ...message };

const decoder = new BinanceDecoder(BTC);

/** What strictness refuses although JSON.parse shrugs: escapes, doubled keys, other spellings of whole numbers. */
function isRefusedOnPurpose(json: string): boolean {
  const withoutStrings = json.replace(/"(?:[^"\\]|\\.)*"/g, (s, at: number) =>
    /^\s*:/.test(json.slice(at + s.length)) ? s : '""',
  );
  if (json.includes('\\') || /\d[.eE]|-0/.test(withoutStrings)) return true;
  const keys = (withoutStrings.match(/"[^"]*"\s*:/g) ?? []).map((k) => k.replace(/\s/g, ''));
  return new Set(keys).size < keys.length;
}

/** Accepted means equal to the oracle; refused means that the oracle refuses too, or a listed strictness. */
function check(bytes: Uint8Array): 'accepted' | 'refused' {
  const result = decoder.decode(bytes);
  const json = text.decode(bytes);
  const expected = naiveDecode(json, BTC);
  if (result.ok) {
    expect(plain(result.value)).toEqual(expected);
    return 'accepted';
  }
  expect(result.failure.kind).toBe('invalid');
  if (expected !== null && !isRefusedOnPurpose(json)) {
    expect.fail(`refused (${result.failure.message}) what the oracle takes: ${json}`);
  }
  return 'refused';
}

const ALPHABET = utf8.encode('0123456789.-+eE"\\,:{}[] \n\tbauUpsTXnulltrue\0\u00ff');
const seed = fc.constantFrom(...SEEDS).map((s) => utf8.encode(s));
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const byte = fc.constantFrom(...ALPHABET);

const edit: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.oneof(
  fc.tuple(place, byte).map(([at, b]) => (x: Uint8Array) => {
    const y = x.slice();
    if (y.length > 0) y[Math.floor(at * y.length)] = b;
    return y;
  }),
  fc.tuple(place, byte).map(([at, b]) => (x: Uint8Array) => {
    const i = Math.floor(at * (x.length + 1));
    return Uint8Array.from([...x.subarray(0, i), b, ...x.subarray(i)]);
  }),
  fc.tuple(place, fc.integer({ min: 1, max: 12 })).map(([at, n]) => (x: Uint8Array) => {
    const i = Math.floor(at * x.length);
    return Uint8Array.from([...x.subarray(0, i), ...x.subarray(i + n)]);
  }),
  place.map((at) => (x: Uint8Array) => x.slice(0, Math.floor(at * x.length))),
  fc.tuple(place, place, fc.integer({ min: 1, max: 40 })).map(([from, to, n]) => (x: Uint8Array) => {
    const i = Math.floor(from * x.length);
    const j = Math.floor(to * x.length);
    return Uint8Array.from([...x.subarray(0, j), ...x.subarray(i, i + n), ...x.subarray(j)]);
  }),
  fc.tuple(seed, place, place).map(([other, at, from]) => (x: Uint8Array) => {
    const i = Math.floor(at * x.length);
    return Uint8Array.from([...x.subarray(0, i), ...other.subarray(Math.floor(from * other.length))]);
  }),
);

describe('mangled messages', () => {
  it('are refused or read exactly as the oracle reads them', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(seed, fc.array(edit, { minLength: 1, maxLength: 3 }), (start, edits) => {
        seen[check(edits.reduce<Uint8Array>((bytes, apply) => apply(bytes), start))]++;
      }),
      { numRuns: 30_000 },
    );
    // Both ways must have been walked, or the property says nothing.
    expect(seen.accepted).toBeGreaterThan(500);
    expect(seen.refused).toBeGreaterThan(5000);
  });

  it('cut anywhere are refused', () => {
    for (const s of SEEDS) {
      const bytes = utf8.encode(s);
      expect(check(bytes)).toBe('accepted');
      for (let n = 0; n < bytes.length; n++) expect(check(bytes.subarray(0, n))).toBe('refused');
    }
  });

  it('with any one byte replaced by any other are refused or read exactly', () => {
    for (const s of SEEDS.slice(0, 2)) {
      const bytes = utf8.encode(s);
      for (let at = 0; at < bytes.length; at++) {
        const kept = bytes[at] as number;
        for (let b = 0; b < 256; b += at % 5 === 0 ? 1 : 7) {
          bytes[at] = b;
          check(bytes);
        }
        bytes[at] = kept;
      }
    }
  });

  it('of random bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decoder.decode(bytes).ok).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  it('of a megabyte take time in proportion', () => {
    const big = [
      `{"data":${'{"x":'.repeat(200_000)}`,
      `{"e":"depthUpdate","b":[${'["1.0","1"],'.repeat(90_000)}`,
      `{"x":"${'\\u0041'.repeat(170_000)}","e":"trade"}`,
      `{"data":{"e":"trade"},"y":[${'1,'.repeat(500_000)}1]}`,
      `{${'"k":1,'.repeat(160_000)}"e":"trade"}`,
      `{"e":"trade","p":"${'0'.repeat(1_000_000)}.1"}`,
      ' '.repeat(1_000_000),
      `{"e":"depthUpdate","b":[["${'9'.repeat(1_000_000)}","1"]]}`,
    ];
    for (const s of big) {
      const bytes = utf8.encode(s);
      const start = performance.now();
      expect(decoder.decode(bytes).ok).toBe(false);
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });
});

describe('numbers', () => {
  const steps = ['0.1', '0.001', '1', '0.00001', '0.25', '5', '0.05', '0.0001', '0.00000001'];
  it('read back exactly what the step writes, with or without zeros around it', () => {
    const scenario = fc.record({
      tick: fc.constantFrom(...steps),
      lot: fc.constantFrom(...steps),
      price: fc.integer({ min: 1, max: 0x7fffffff }),
      lots: fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.maxSafeNat()),
      zeros: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(scenario, ({ tick, lot, price, lots, zeros }) => {
        const spec: ContractSpec = { ...BTC, tickSize: increment(tick), lotSize: increment(lot) };
        const pad = (s: string) => (s.includes('.') ? s + '0'.repeat(zeros) : s);
        const p = pad(formatMultiple(price, spec.tickSize));
        const q = pad(formatMultiple(lots, spec.lotSize));
        const json = `{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":1,"pu":0,"b":[["${p}","${q}"],["${p}","${q}"]],"a":[]}`;
        const result = new BinanceDecoder(spec).decode(utf8.encode(json));
        // A multiple can be safe while the digits of the number itself are not: then it is refused, never rounded.
        const digits = BigInt(lots) * BigInt(spec.lotSize.mantissa);
        if (!result.ok) {
          expect(digits > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
          return;
        }
        const expected = [
          [price, lots],
          [price, lots],
        ];
        expect(plain(result.value)['bids']).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('spelled in any way are read as the exact decimals say, or refused', () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${max}}$`));
    const number = fc
      .tuple(
        fc.constantFrom('', '', '', '-', '+'),
        digits(18),
        fc.constantFrom('', '.'),
        digits(3),
        digits(1),
      )
      .map(([sign, whole, point, fraction, rest]) => `${sign}${whole}${point}${fraction}${rest}0`);
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(number, fc.boolean(), fc.constantFrom(BTC, ES), (n, isPrice, spec) => {
        const level = isPrice ? `["${n}","7.000"]` : `["7.00","${n}"]`;
        const json = `{"e":"depthUpdate","E":1,"s":"${spec.symbol}","U":1,"u":1,"pu":0,"b":[${level}],"a":[${level},${level}]}`;
        const result = new BinanceDecoder(spec).decode(utf8.encode(json));
        seen[result.ok ? 'accepted' : 'refused']++;
        expect(result.ok ? plain(result.value) : null).toEqual(naiveDecode(json, spec));
      }),
      { numRuns: 20_000 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(1000);
  });
});
