// Recordings: chunking makes no difference, broken lines are named, clocks are mended, any line can be resumed from.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordedFrame, RecordingReader } from './recording.ts';

const FILE = join(import.meta.dirname, '../../../../shared/data/binance/recordings/usdm_btcusdt_20240808.gz');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (frame: RecordedFrame): string => new TextDecoder().decode(frame.frame.payload);

function line(localMs: number, eventMs: number, stream = 'btcusdt@depth@0ms'): string {
  return `${localMs}000000 {"stream":"${stream}","data":{"e":"depthUpdate","E":${eventMs},"b":[],"a":[]}}`;
}

function readAll(
  whole: Uint8Array,
  cuts: readonly number[] = [],
): { frames: RecordedFrame[]; reader: RecordingReader } {
  const reader = new RecordingReader();
  const edges = [0, ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
  for (let i = 1; i < edges.length; i++) reader.push(whole.slice(edges[i - 1], edges[i]));
  reader.end();
  return { frames: [...reader.take()], reader };
}

const T = 1_700_000_000_000;
const SAMPLE = [
  line(T, T + 1_270),
  'not a line at all',
  `${T + 5}000000 {"lastUpdateId":7,"E":${T + 1_272},"T":1,"bids":[],"asks":[]}`,
  line(T + 10, T + 1_275, 'btcusdt@trade').slice(0, -4),
  '',
  `12345 {"stream":"x"}`,
  line(T + 20, T + 1_295, 'btcusdt@bookTicker'),
].join('\n');

describe('recording reader', () => {
  it('gives the same frames however the bytes are cut', () => {
    const whole = bytes(SAMPLE);
    const expected = readAll(whole).frames.map((f) => ({ ...f, text: text(f) }));
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        expect(readAll(whole, cuts).frames.map((f) => ({ ...f, text: text(f) }))).toEqual(expected);
      }),
    );
    expect(expected.map((f) => f.frame.stream)).toEqual([
      'btcusdt@depth@0ms',
      'btcusdt@depth-snapshot',
      'btcusdt@bookTicker',
    ]);
  });

  it('names every broken line with its number and plays the rest', () => {
    const { reader } = readAll(bytes(SAMPLE));
    expect(reader.lines).toBe(7);
    expect(reader.brokenLines).toBe(3);
    expect(reader.brokenSamples.map((sample) => sample.slice(0, 7))).toEqual([
      'line 2:',
      'line 4:',
      'line 6:',
    ]);
  });

  it('lets no frame be received before its event, nor out of order', () => {
    const { frames } = readAll(bytes(SAMPLE));
    // The largest lead of an event over its local stamp is 1,275 ms, so that is what the local clock was behind.
    expect(frames.map((f) => f.frame.receivedAtMicros)).toEqual([
      (T + 1_275) * 1_000,
      (T + 1_280) * 1_000,
      (T + 1_295) * 1_000,
    ]);
  });

  it('leaves a clock alone that was not behind', () => {
    const { frames } = readAll(bytes(`${line(T + 80, T)}\n${line(T + 90, T + 3)}\n`));
    expect(frames.map((f) => f.frame.receivedAtMicros)).toEqual([(T + 80) * 1_000, (T + 90) * 1_000]);
  });

  const book = (localMs: number): string => `${localMs}000000 {"lastUpdateId":7,"bids":[],"asks":[]}`;

  it('knows whose a book is that comes first, when the depth that follows is of one contract', () => {
    const { frames, reader } = readAll(bytes([book(T), line(T + 10, T), line(T + 20, T + 1)].join('\n')));
    expect(frames.map((f) => f.frame.stream)).toEqual([
      'btcusdt@depth-snapshot',
      'btcusdt@depth@0ms',
      'btcusdt@depth@0ms',
    ]);
    expect(reader.brokenLines).toBe(0);
  });

  it('guesses nothing: a bare book among several contracts, or without any depth, is named as broken', () => {
    const two = [line(T, T), line(T + 1, T, 'ethusdt@depth@0ms'), book(T + 2), line(T + 3, T + 1)];
    expect(readAll(bytes(two.join('\n'))).reader.brokenSamples).toEqual([
      'line 3: expected depth of one contract to tell whose book this is, found depth of btcusdt, ethusdt',
    ]);
    const { frames, reader } = readAll(bytes([book(T), line(T + 1, T, 'btcusdt@trade')].join('\n')));
    expect(reader.brokenSamples[0]).toContain('found no depth');
    expect(frames.length).toBe(1);
    const named = `${T + 2}000000 {"stream":"ethusdt@depth-snapshot","data":{"lastUpdateId":7,"bids":[],"asks":[]}}`;
    const kept = readAll(bytes([...two.slice(0, 2), named].join('\n')));
    expect(kept.reader.brokenLines).toBe(0);
    expect(kept.frames[2]?.frame.stream).toBe('ethusdt@depth-snapshot');
  });

  it('gives from any line on what it gave when it was read from the beginning', () => {
    const stamped = fc.record({
      kind: fc.constantFrom('btc', 'btc', 'btc', 'eth', 'trade', 'book', 'rubbish'),
      later: fc.integer({ min: -30, max: 200 }),
      lead: fc.integer({ min: -50, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(stamped, { minLength: 1, maxLength: 700 }), fc.nat(), (steps, cut) => {
        let at = T;
        const lines = steps.map(({ kind, later, lead }) => {
          at += later;
          if (kind === 'rubbish') return 'rubbish';
          if (kind === 'book') return book(at);
          const stream = { btc: 'btcusdt@depth@0ms', eth: 'ethusdt@depth@0ms', trade: 'btcusdt@trade' };
          return line(at, at + lead, stream[kind as keyof typeof stream]);
        });
        const whole = bytes(lines.join('\n'));
        const { frames, reader } = readAll(whole);
        const from = frames[cut % Math.max(1, frames.length)];
        if (from === undefined) return;
        const start = reader.resumeAt(from);
        const again = new RecordingReader(start);
        again.push(whole.subarray(start.byteOffset));
        again.end();
        const plain = ({ frame: { sequence: _, ...frame }, ...rest }: RecordedFrame) => ({ ...rest, frame });
        expect(again.take().map(plain)).toEqual(frames.slice(frames.indexOf(from)).map(plain));
      }),
      { numRuns: 150 },
    );
  });

  it.skipIf(!existsSync(FILE))('reads the real recording whole, and from the middle the same', () => {
    const whole = new Uint8Array(gunzipSync(readFileSync(FILE)));
    const reader = new RecordingReader();
    const frames: RecordedFrame[] = [];
    const starts: { frame: RecordedFrame; start: ReturnType<RecordingReader['resumeAt']> }[] = [];
    for (let at = 0; at < whole.length; at += 65_536) {
      reader.push(whole.subarray(at, at + 65_536));
      for (const frame of reader.take()) {
        frames.push(frame);
        if (frames.length % 30_000 === 0) starts.push({ frame, start: reader.resumeAt(frame) });
      }
    }
    reader.end();
    frames.push(...reader.take());
    expect(reader.lines).toBe(93_954);
    expect(reader.brokenLines).toBe(0);
    expect(frames.filter((f) => f.frame.stream === 'btcusdt@depth-snapshot').length).toBe(1);
    for (const { frame, start } of starts) {
      const again = new RecordingReader(start);
      again.push(whole.subarray(start.byteOffset));
      again.end();
      const rest = again.take();
      expect(rest.length).toBe(frames.length - frame.line + 1);
      expect(rest[0]).toMatchObject({ byteOffset: frame.byteOffset, line: frame.line });
      expect(rest.at(-1)?.frame.receivedAtMicros).toBe(frames.at(-1)?.frame.receivedAtMicros);
    }
  });
});
