/** Tests of the page's address. */
import { describe, expect, it } from 'vitest';
import { PROXY_FEED_PATH } from '../../engine/market/wire/proxy-control.ts';
import { feedUrl, readAddress, writeAddress } from './address.ts';

describe('address', () => {
  it('reads back what it wrote', () => {
    const instrument = 'binance-usdm:ETHUSDT' as const;
    expect(readAddress(writeAddress({ kind: 'SIMULATED', seed: 42, instrument }))).toEqual({
      live: false,
      seed: 42,
      instrument,
    });
    expect(readAddress(writeAddress({ kind: 'LIVE', seed: 42, instrument }))).toEqual({
      live: true,
      seed: null,
      instrument,
    });
  });

  it('finds the feed beside the page, as safe as the page', () => {
    expect(feedUrl({ protocol: 'http:', host: 'localhost:4173' })).toBe(
      `ws://localhost:4173${PROXY_FEED_PATH}`,
    );
    expect(feedUrl({ protocol: 'https:', host: 'example.org' })).toBe(`wss://example.org${PROXY_FEED_PATH}`);
  });

  it('leaves out what makes no sense', () => {
    const nothing = { live: false, seed: null, instrument: null };
    expect(readAddress('')).toEqual(nothing);
    expect(readAddress('#seed=-1&instrument=evil:<b>&source=x')).toEqual(nothing);
    expect(readAddress('#seed=1e9')).toEqual(nothing);
  });
});
