/** The few market figures that React shows, read from the stream four times a second; painters read the stream itself. */
import { create } from 'zustand';
import type { SourceKind, TrustState } from '../../engine/market/trust.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { latestMarketFrame, onMarketFrame } from '../../workers/client/streams.ts';
import type { MarketFrame, TransportState } from '../../workers/contract/market-frame.ts';
import { yieldFrame } from '../charts/frame-loop.ts';
import { useWorkerHealth } from './worker-health.ts';

const PERIOD_MS = 250;
/** Without a new frame for this long, the last one is no longer the state of anything, whatever it said. */
const DEAD_MS = 2_000;
/** A playing run that sends nothing for this long is silent, and its age grows by the wall clock. */
const SILENCE_MS = 400;

export interface MarketSlice {
  /** False until the first frame of the opened source. */
  readonly ready: boolean;
  readonly instrument: InstrumentId | null;
  readonly source: SourceKind | null;
  readonly trust: TrustState;
  readonly trustReason: string;
  readonly nowMicros: number | null;
  /** Age of the book: run clock since it was received, plus the silence of the stream. */
  readonly ageMs: number | null;
  /** Venue's event time to reception here, corrected by the clock offset where that is known. */
  readonly latencyMs: number | null;
  /** Worker to page. */
  readonly transferMs: number | null;
  readonly clockOffsetMs: number | null;
  /** Trust of mark, index and funding; null where there are none. */
  readonly markTrust: TrustState | null;
  /** Least time from a book event to its reception lately: the way, and the difference of the clocks. */
  readonly eventLagMs: number | null;
  readonly markPrice: number | null;
  readonly indexPrice: number | null;
  readonly fundingRate: number | null;
  readonly nextFundingMicros: number | null;
  readonly lastTradeTicks: number | null;
  readonly bestBidTicks: number | null;
  readonly bestAskTicks: number | null;
  readonly counters: MarketFrame['counters'] | null;
  readonly transport: TransportState | null;
}

export const EMPTY_MARKET: MarketSlice = {
  ready: false,
  instrument: null,
  source: null,
  trust: 'OFFLINE',
  trustReason: 'no source is open yet',
  nowMicros: null,
  ageMs: null,
  latencyMs: null,
  transferMs: null,
  clockOffsetMs: null,
  markTrust: null,
  eventLagMs: null,
  markPrice: null,
  indexPrice: null,
  fundingRate: null,
  nextFundingMicros: null,
  lastTradeTicks: null,
  bestBidTicks: null,
  bestAskTicks: null,
  counters: null,
  transport: null,
};

export const useMarket = create<MarketSlice>(() => EMPTY_MARKET);

function latency(frame: MarketFrame): number | null {
  if (frame.bookEventMicros === null || frame.bookReceivedMicros === null) return null;
  return (frame.bookReceivedMicros - frame.bookEventMicros) / 1000 + (frame.clockOffsetMs ?? 0);
}

/** A state that is no longer young: STALE, or what it was if that is worse. */
function aged(trust: TrustState): TrustState {
  return trust === 'LIVE' || trust === 'DEGRADED' ? 'STALE' : trust;
}

/**
 * The slice of a frame.
 *
 * @param silenceMs - wall time since the frame arrived
 * @param transferMs - from publication in the worker to arrival
 */
export function sliceOf(frame: MarketFrame, silenceMs: number, transferMs: number): MarketSlice {
  const runs = frame.source === 'LIVE' || (frame.transport.playing && !frame.transport.ended);
  const silence = runs && silenceMs > SILENCE_MS ? silenceMs : 0;
  const dead = silenceMs > DEAD_MS;
  return {
    ready: true,
    instrument: frame.instrument,
    source: frame.source,
    trust: dead ? aged(frame.trust) : frame.trust,
    trustReason: dead && frame.trustReason === '' ? 'no answer from the market worker' : frame.trustReason,
    nowMicros: frame.nowMicros,
    ageMs:
      frame.bookReceivedMicros === null
        ? null
        : Math.max(0, (frame.nowMicros - frame.bookReceivedMicros) / 1000) + silence,
    latencyMs: latency(frame),
    transferMs,
    clockOffsetMs: frame.clockOffsetMs,
    markTrust: dead && frame.markTrust !== null ? aged(frame.markTrust) : frame.markTrust,
    eventLagMs: frame.eventLagMs,
    markPrice: frame.markPrice,
    indexPrice: frame.indexPrice,
    fundingRate: frame.fundingRate,
    nextFundingMicros: frame.nextFundingMicros,
    lastTradeTicks: frame.lastTradeTicks,
    bestBidTicks: frame.ladder.bids[0] ?? null,
    bestAskTicks: frame.ladder.asks[0] ?? null,
    counters: frame.counters,
    transport: frame.transport,
  };
}

/** Starts reading the stream. Call once. */
export function startMarketSlice(): void {
  let sentMs = 0;
  let transferMs = 0;
  let publishedAtMs = -1;
  onMarketFrame((frame) => {
    // A frame made up for a silent worker repeats the last one: it did not arrive.
    if (frame.publishedAtMs === publishedAtMs) return;
    publishedAtMs = frame.publishedAtMs;
    const nowMs = performance.now();
    // Since it was sent, not since it came: a page that slept is handed what was sent before it fell asleep.
    sentMs = Math.min(nowMs, frame.publishedAtMs - performance.timeOrigin);
    transferMs = nowMs - sentMs;
  });
  setInterval(() => {
    const frame = latestMarketFrame();
    if (frame === null) return;
    yieldFrame();
    const slice = sliceOf(frame, performance.now() - sentMs, transferMs);
    const lost = useWorkerHealth.getState().market === 'lost';
    useMarket.setState(
      lost ? { ...slice, trust: 'OFFLINE', trustReason: 'the market worker was lost' } : slice,
      true,
    );
  }, PERIOD_MS);
}
