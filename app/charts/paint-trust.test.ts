// No figure in live colours without a live frame behind it that is young enough.
import { describe, expect, it } from 'vitest';
import { micros } from '../../engine/core/units.ts';
import type { MarketFrame } from '../../workers/contract/market-frame.ts';
import { paintTrust } from './paint-trust.ts';
import { bannerText } from './trust-banner.ts';

const frame = (change: Partial<MarketFrame>): MarketFrame => ({
  instrument: 'binance-usdm:BTCUSDT',
  source: 'LIVE',
  trust: 'LIVE',
  trustReason: '',
  nowMicros: micros(10_000_000),
  updateId: 1,
  bookEventMicros: micros(9_950_000),
  bookReceivedMicros: micros(9_970_000),
  publishedAtMs: 0,
  ladder: {
    bids: new Float64Array(),
    asks: new Float64Array(),
    groupTicks: 1,
    bidLevels: 0,
    askLevels: 0,
    lowestBidTicks: null,
    highestAskTicks: null,
  },
  lastTradeTicks: null,
  lastTradeSide: null,
  markTrust: null,
  markPrice: null,
  indexPrice: null,
  fundingRate: null,
  nextFundingMicros: null,
  clockOffsetMs: null,
  eventLagMs: null,
  counters: {
    messages: 0,
    depthApplied: 0,
    gaps: 0,
    resyncs: 0,
    refused: 0,
    tradesDropped: 0,
    lastRefusal: null,
  },
  touchMismatches: 0,
  trades: new Float64Array(),
  columns: [],
  columnsRestart: false,
  transport: {
    playing: true,
    speed: 1,
    reachedSpeed: 1,
    startMicros: null,
    endMicros: null,
    positionMicros: micros(0),
    ended: false,
    seed: null,
    stateHash: null,
    stateHashMicros: null,
  },
  venue: null,
  ...change,
});

describe('paintTrust', () => {
  it('is live only when the frame says so and came just now', () => {
    expect(paintTrust(frame({}), 1_000, 1_016)).toEqual({ live: true, state: 'LIVE', reason: '', ageMs: 46 });
    for (const trust of ['DEGRADED', 'STALE', 'RESYNCING', 'OFFLINE'] as const) {
      expect(paintTrust(frame({ trust, trustReason: 'why' }), 0, 0)).toMatchObject({
        live: false,
        state: trust,
      });
    }
  });

  it('is stale on the first paint of a page that slept ten minutes', () => {
    const trust = paintTrust(frame({}), 0, 600_000);
    expect(trust).toMatchObject({ live: false, state: 'STALE' });
    expect(bannerText(trust)).toBe('STALE · no answer from the market worker · book 10 min 00 s old');
  });

  it('lets no age grow while the run stands still', () => {
    const { transport } = frame({});
    const paused = frame({ source: 'REPLAY', transport: { ...transport, playing: false } });
    expect(paintTrust(paused, 0, 1_500).ageMs).toBe(30);
    expect(paintTrust(frame({ source: 'REPLAY' }), 0, 1_500).ageMs).toBe(1_530);
  });
});
