/** What the page remembers of the market: frames carry news only once, so somebody has to keep it between screens. */

import { latestMarketFrame, onMarketFrame } from '../../workers/client/streams.ts';
import type { MarketFrame } from '../../workers/contract/market-frame.ts';
import { DepthHistory } from './depth/depth-history.ts';
import { TapeMemory } from './tape/tape-memory.ts';

/** The newest frame and how long the page has it. */
export interface ReceivedFrame {
  readonly frame: MarketFrame;
  /**
   * `performance.now()` at receipt, or at publication where that was long before: a page that slept is handed what
   * was sent before it fell asleep, and must not take it for new.
   */
  readonly receivedAtMs: number;
}

const listeners = new Set<() => void>();
let received: ReceivedFrame | null = null;
let started = false;

export const depthHistory = new DepthHistory();
export const tapeMemory = new TapeMemory();

/** Begins to remember. Call once at start-up, before a source is opened; what came earlier is lost to charts and tape. */
export function startMarketMemory(): void {
  if (started) return;
  started = true;
  onMarketFrame(remember);
  const latest = latestMarketFrame();
  if (latest !== null) remember(latest);
}

function remember(frame: MarketFrame): void {
  const last = received?.frame;
  // A frame made up for a silent worker repeats the last one: nothing arrived, so the wait goes on.
  const arrived = received === null || received.frame.publishedAtMs !== frame.publishedAtMs;
  const sentAtMs = frame.publishedAtMs - performance.timeOrigin;
  received = {
    frame,
    receivedAtMs: arrived ? Math.min(performance.now(), sentAtMs) : (received?.receivedAtMs ?? 0),
  };
  const another =
    last !== undefined && (last.instrument !== frame.instrument || last.source !== frame.source);
  if (another) tapeMemory.clear();
  else if (last !== undefined && hasJumpedBack(last, frame)) tapeMemory.forgetAfter(frame.nowMicros);
  if (another || frame.columnsRestart) depthHistory.clear();
  depthHistory.add(frame.columns);
  tapeMemory.add(frame.trades);
  for (const listener of listeners) listener();
}

/** A live clock may be set back by a hair and is no jump. */
function hasJumpedBack(last: MarketFrame, frame: MarketFrame): boolean {
  return frame.source !== 'LIVE' && frame.nowMicros < last.nowMicros;
}

/** The newest frame, or null before the first. */
export function receivedFrame(): ReceivedFrame | null {
  return received;
}

/** Calls `listener` after each frame was remembered. Mark dirty in it, nothing else. */
export function onMarketMemory(listener: () => void): () => void {
  startMarketMemory();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
