// A recorded session as frames, with the contracts it needs: for tests that replay real markets.
import { gunzipSync } from 'node:zlib';
import { increment, micros } from '../core/units.ts';
import { snapshotStream } from '../market/wire/binance-streams.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { findListing } from '../reference/instruments/listings.ts';
import { readSharedBytes, readSharedText } from './shared-data.ts';

const utf8 = new TextEncoder();

/** The BTCUSDT perpetual as listed. */
export const BTCUSDT = findListing('binance-usdm:BTCUSDT') as ContractSpec;

/** A perpetual like the listed one, with other steps. */
export function perpetual(symbol: string, tick: string, lot: string): ContractSpec {
  return {
    ...BTCUSDT,
    id: `binance-usdm:${symbol}`,
    symbol,
    tickSize: increment(tick),
    lotSize: increment(lot),
  };
}

class Frames {
  readonly frames: FeedFrame[] = [];
  readonly #sequences = new Map<string, number>();

  add(stream: string, receivedMillis: number, json: string): void {
    const sequence = this.#sequences.get(stream) ?? 0;
    this.#sequences.set(stream, sequence + 1);
    const receivedAtMicros = micros(Math.round(receivedMillis * 1000));
    this.frames.push({ stream, sequence, receivedAtMicros, payload: utf8.encode(json) });
  }
}

/**
 * 344 s of BTCUSDT on 2024-08-08: one REST book, diffs, touches and trades. The recorder's clock ran 1.27 s behind the
 * exchange's, which is added here.
 */
export function btcusdtSession(): readonly FeedFrame[] {
  const text = gunzipSync(readSharedBytes('binance/recordings/usdm_btcusdt_20240808.gz')).toString('utf8');
  const frames = new Frames();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const json = line.slice(line.indexOf(' ') + 1);
    const stream = /^\{"stream":"([^"]+)"/.exec(json)?.[1] ?? snapshotStream('BTCUSDT');
    frames.add(stream, Number(line.slice(0, 16)) / 1000 + 1270, json);
  }
  return frames.frames;
}

/** 30 s of four small perpetuals in July 2021, in order of arrival, REST books in between. */
export function smallPerpetualsSession(): readonly FeedFrame[] {
  const lines: { at: number; stream: string; json: string }[] = [];
  for (const line of readSharedText('venues/BINANCE_FUTURES.http.0.0').split('\n')) {
    const match = /symbol=(\w+)&limit=\d+ -> ([\d.]+): (\{"lastUpdateId".*)$/.exec(line);
    if (match === null) continue;
    lines.push({ at: Number(match[2]), stream: snapshotStream(match[1] ?? ''), json: match[3] ?? '' });
  }
  for (const line of readSharedText('venues/BINANCE_FUTURES.ws.1.0').split('\n')) {
    const match = /^([\d.]+): (\{"stream":"([^"]+)".*)$/.exec(line);
    if (match !== null) lines.push({ at: Number(match[1]), stream: match[3] ?? '', json: match[2] ?? '' });
  }
  lines.sort((a, b) => a.at - b.at);
  const frames = new Frames();
  for (const { at, stream, json } of lines) frames.add(stream, at * 1000, json);
  return frames.frames;
}
