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
