/** Tests of the figures that tell how old the data is. */
import { describe, expect, it } from 'vitest';
import { micros } from '../../engine/core/units.ts';
import type { MarketFrame } from '../../workers/contract/market-frame.ts';
import { sliceOf } from './market-slice.ts';

const frame: MarketFrame = {
  instrument: 'binance-usdm:BTCUSDT',
  source: 'REPLAY',
  trust: 'LIVE',
  trustReason: '',
  nowMicros: micros(10_000_000),
  updateId: 1,
  bookEventMicros: micros(9_900_000),
  bookReceivedMicros: micros(9_950_000),
  publishedAtMs: 0,
  ladder: {
    bids: new Float64Array([616_420, 5, 5]),
    asks: new Float64Array(0),
    groupTicks: 1,
    bidLevels: 1,
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
  trades: new Float64Array(0),
  columns: [],
  columnsRestart: false,
  transport: {
    playing: true,
    speed: 1,
    reachedSpeed: 1,
    startMicros: null,
    endMicros: null,
    positionMicros: micros(10_000_000),
    ended: false,
    seed: null,
    stateHash: null,
    stateHashMicros: null,
  },
  venue: null,
};
const paused = { ...frame, transport: { ...frame.transport, playing: false } };

describe('market slice', () => {
  it('ages by the clock of the run', () => {
    expect(sliceOf(frame, 16, 1).ageMs).toBe(50);
    expect(sliceOf(frame, 16, 1).latencyMs).toBe(50);
  });

  it('adds the silence of the stream while the run goes on, and not while it stands', () => {
    expect(sliceOf(frame, 3_000, 1).ageMs).toBe(3_050);
    expect(sliceOf(paused, 3_000, 1).ageMs).toBe(50);
    expect(sliceOf({ ...paused, source: 'LIVE' }, 3_000, 1).ageMs).toBe(3_050);
  });

  it('calls nothing live that nobody spoke of for two seconds, running or standing', () => {
    const marked = { ...frame, markTrust: 'LIVE' } as const;
    expect(sliceOf(marked, 1_900, 1)).toMatchObject({ trust: 'LIVE', trustReason: '', markTrust: 'LIVE' });
    for (const each of [marked, { ...paused, markTrust: 'LIVE' } as const]) {
      expect(sliceOf(each, 600_000, 1)).toMatchObject({
        trust: 'STALE',
        trustReason: 'no answer from the market worker',
        markTrust: 'STALE',
      });
    }
    const offline = { ...frame, trust: 'OFFLINE', trustReason: 'gone' } as const;
    expect(sliceOf(offline, 600_000, 1)).toMatchObject({ trust: 'OFFLINE', trustReason: 'gone' });
  });

  it('says nothing of what it does not know', () => {
    const unknown = sliceOf({ ...frame, bookReceivedMicros: null, bookEventMicros: null }, 5_000, 1);
    expect(unknown.ageMs).toBeNull();
    expect(unknown.latencyMs).toBeNull();
    expect(sliceOf(frame, 0, 1)).toMatchObject({ bestBidTicks: 616_420, bestAskTicks: null });
  });

  it('corrects the latency by the clock offset where that is known', () => {
    expect(sliceOf({ ...frame, clockOffsetMs: -20 }, 0, 1).latencyMs).toBe(30);
  });
});
