// The reader of order-by-order recordings: every field, every way a line can be broken, chunks cut anywhere.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { increment } from '../../core/units.ts';
import { recordedByOrderBytes } from '../../testkit/by-order-recording.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { BY_ORDER_CSV_HEADER, ByOrderCsvReader, MAX_BROKEN_LINES_KEPT } from './by-order-csv.ts';
import type { ByOrderMessage } from './by-order-message.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string, tick = '0.25'): { reader: ByOrderCsvReader; messages: ByOrderMessage[] } {
  const reader = new ByOrderCsvReader(increment(tick));
  const messages: ByOrderMessage[] = [];
  reader.push(bytes(text), (m) => messages.push(m));
  reader.end((m) => messages.push(m));
  return { reader, messages };
}

const one = (line: string, tick = '0.25'): ByOrderMessage | string => {
  const { reader, messages } = read(`${BY_ORDER_CSV_HEADER}\n${line}\n`, tick);
  return messages[0] ?? reader.broken[0]?.failure.code ?? 'nothing';
};

describe('order-by-order CSV', () => {
  it('reads every field', () => {
    expect(one('1703545200085275419,6412777265520,T,B,4800.25,5,0,6006')).toEqual({
      kind: 'trade',
      side: 'bid',
      orderId: 6412777265520,
      priceTicks: 19201,
      sizeLots: 5,
      atMicros: 1703545200085275,
      sequence: 6006,
      endsEvent: false,
      fromSnapshot: false,
    });
    expect(one('1703545200085275419,1,C,A,4799.0,2,130,1\r')).toMatchObject({
      kind: 'cancel',
      side: 'ask',
      priceTicks: 19196,
      endsEvent: true,
    });
    expect(one('1703545200085275419,1,A,N,-0.50,2,40,1')).toMatchObject({
      side: 'none',
      priceTicks: -2,
      fromSnapshot: true,
      endsEvent: false,
    });
    expect(one('1703545200085275419,0,R,N,,0,0,1')).toMatchObject({ kind: 'clear', priceTicks: 0 });
    expect(one('1703545200085275419,1,A,B,-0.0000,2,0,1', '0.0000005')).toMatchObject({ priceTicks: 0 });
    expect(one('1703545200085275419,1,A,B,0.0067855,2,0,1', '0.0000005')).toMatchObject({
      priceTicks: 13571,
    });
    expect(one('1703545200085275419,1,A,B,64525,2,0,1', '5')).toMatchObject({ priceTicks: 12905 });
  });

  it('names what is wrong with a line', () => {
    const good = '1703545200085275419,1,A,B,4800.25,5,0,6006';
    const broken: [string, string][] = [
      [good.replace('A', 'X'), 'feed/message-unknown'],
      [good.replace('A', 'AA'), 'feed/message-unknown'],
      [good.replace(',A,', ',,'), 'feed/message-unknown'],
      [good.replace('B', 'X'), 'feed/message-malformed'],
      [good.replace('4800.25', '4800.30'), 'feed/price-off-tick'],
      [good.replace('4800.25', '4800.251'), 'feed/price-off-tick'],
      [good.replace('4800.25', ''), 'feed/message-malformed'],
      [good.replace('4800.25', '48e2'), 'feed/message-malformed'],
      [good.replace('4800.25', '4800.'), 'feed/message-malformed'],
      [good.replace('4800.25', '.5'), 'feed/message-malformed'],
      [good.replace('4800.25', '1'.repeat(40)), 'feed/message-malformed'],
      [good.replace(',1,', ',9007199254740993,'), 'feed/id-not-safe'],
      [good.replace(',5,', ',-5,'), 'feed/message-malformed'],
      [good.replace(',5,', `,${'9'.repeat(30)},`), 'feed/message-malformed'],
      [good.replace('1703545200085275419', '17'), 'feed/message-malformed'],
      [`${good},7`, 'feed/message-malformed'],
      [good.slice(0, -5), 'feed/message-malformed'],
      ['', 'feed/message-unknown'],
      ['x'.repeat(600), 'feed/message-malformed'],
    ];
    for (const [line, code] of broken) expect([line, one(line)]).toEqual([line, code]);
  });

  it('goes on after broken lines, counts all and keeps the first', () => {
    const good = '1703545200085275419,1,A,B,4800.25,5,0,6006';
    const { reader, messages } = read([BY_ORDER_CSV_HEADER, good, ...Array(50).fill('?'), good].join('\n'));
    expect(messages).toHaveLength(2);
    expect([reader.lines, reader.brokenLines]).toEqual([53, 50]);
    expect(reader.broken).toHaveLength(MAX_BROKEN_LINES_KEPT);
    expect(reader.broken[0]).toMatchObject({ line: 3, failure: { context: { line: 3, excerpt: '?' } } });
  });

  it('names a header it does not know', () => {
    const { reader, messages } = read('time,price\n1703545200085275419,1,A,B,4800.25,5,0,6006\n');
    expect(messages).toHaveLength(1);
    expect(reader.broken[0]).toMatchObject({ line: 1, failure: { code: 'feed/message-malformed' } });
  });

  it('gives the same messages and the same failures wherever the chunks are cut', () => {
    const lines = [
      BY_ORDER_CSV_HEADER,
      '1703545200085275419,1,A,B,4800.25,5,0,6006',
      'garbage',
      `1703545200085275419,${'7'.repeat(1400)}`,
      '1703545200085275420,2,A,A,4800.50,1,130,6007',
      '1703545200085275421,2,C,A,4800.50,1,130,6008',
    ];
    const text = lines.join('\n');
    const whole = read(text);
    expect(whole.messages).toHaveLength(3);
    void fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const reader = new ByOrderCsvReader(increment('0.25'));
        const messages: ByOrderMessage[] = [];
        let from = 0;
        for (const to of [...cuts.sort((a, b) => a - b), text.length]) {
          reader.push(bytes(text.slice(from, to)), (m) => messages.push(m));
          from = to;
        }
        reader.end((m) => messages.push(m));
        expect(messages).toEqual(whole.messages);
        expect([reader.lines, reader.brokenLines]).toEqual([whole.reader.lines, whole.reader.brokenLines]);
        expect(reader.broken.map(({ line }) => line)).toEqual([3, 4]);
      }),
    );
  });

  it.skipIf(!HAS_SHARED_DATA)(`reads the whole recording${SHARED_DATA_NOTE}`, () => {
    const reader = new ByOrderCsvReader(increment('0.25'));
    const kinds = new Map<string, number>();
    const all = recordedByOrderBytes();
    for (let at = 0; at < all.length; at += 10_007) {
      reader.push(all.subarray(at, at + 10_007), ({ kind }) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
    }
    reader.end(() => {
      throw new Error('the recording ends with a line feed');
    });
    expect([reader.lines, reader.brokenLines]).toEqual([68_793, 0]);
    // Counted with `cut | sort | uniq -c`.
    expect(Object.fromEntries(kinds)).toEqual({
      add: 29_216,
      cancel: 17_999,
      modify: 12_233,
      trade: 2_973,
      fill: 6_371,
    });
  });
});
