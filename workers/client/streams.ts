/** Streams from the workers: newest frame in a slot, every frame to every listener once, credit returned at the next paint. */
import type { MarginReport } from '../../engine/margin/margin-report.ts';
import type { GuardFrame } from '../contract/guard-board.ts';
import type { MarketFrame, StreamCredit } from '../contract/market-frame.ts';
import { SilenceWatch } from './silence-watch.ts';

/** A visible page that got no frame for this long says so instead of showing the last one as live. */
const FRAME_SILENCE_MS = 1_500;
const LOOK_MS = 250;
/** The risk worker reports at least once a second; without a report for this long its figures are not to be believed. */
const REPORT_SILENCE_MS = 2_500;

type Listener<T> = (value: T) => void;

class Stream<T> {
  readonly #listeners = new Set<Listener<T>>();
  latest: T | null = null;

  deliver(value: T): void {
    this.latest = value;
    for (const listener of this.#listeners) listener(value);
  }

  listen(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const marketFrames = new Stream<MarketFrame>();
const marginReports = new Stream<MarginReport>();
const guardFrames = new Stream<GuardFrame>();
const frameWatch = new SilenceWatch(FRAME_SILENCE_MS);
const reportWatch = new SilenceWatch(REPORT_SILENCE_MS);
let marketPort: MessagePort | null = null;
let riskPort: MessagePort | null = null;
let guardPort: MessagePort | null = null;

/** Takes over the page's end of the market stream. Credit goes back when the page paints, so a hidden page is sent nothing. */
export function receiveMarketFrames(port: MessagePort): void {
  const credit: StreamCredit = { credit: 1 };
  // What a lost worker still had on the way is older than anything its successor says.
  marketPort?.close();
  marketPort = port;
  port.onmessage = (event: MessageEvent<MarketFrame>) => {
    frameWatch.heard(performance.now());
    marketFrames.deliver(event.data);
    requestAnimationFrame(() => port.postMessage(credit));
  };
  port.postMessage(credit);
}

/** Takes over the page's end of the margin report stream. */
export function receiveMarginReports(port: MessagePort): void {
  const credit: StreamCredit = { credit: 1 };
  riskPort?.close();
  riskPort = port;
  port.onmessage = (event: MessageEvent<MarginReport>) => {
    reportWatch.heard(performance.now());
    marginReports.deliver(event.data);
    port.postMessage(credit);
  };
  port.postMessage(credit);
}

/** Takes over the page's end of the stream of board frames. */
export function receiveGuardFrames(port: MessagePort): void {
  const credit: StreamCredit = { credit: 1 };
  guardPort?.close();
  guardPort = port;
  port.onmessage = (event: MessageEvent<GuardFrame>) => {
    guardFrames.deliver(event.data);
    port.postMessage(credit);
  };
  port.postMessage(credit);
}

/** Turns silence of a worker into a last word that says OFFLINE. */
export function watchSilence(): void {
  setInterval(() => {
    const nowMs = performance.now();
    // A hidden page paints nothing, so it grants no credit for frames; reports need none.
    if (frameWatch.isSilent(nowMs, document.visibilityState === 'visible')) silenceFrames();
    if (reportWatch.isSilent(nowMs, true)) silenceReports();
  }, LOOK_MS);
}

function silenceFrames(): void {
  const last = marketFrames.latest;
  if (last === null || last.trust === 'OFFLINE') return;
  marketFrames.deliver({
    ...last,
    trust: 'OFFLINE',
    trustReason: 'the market worker does not answer',
    markTrust: last.markTrust === null ? null : 'OFFLINE',
    trades: new Float64Array(0),
    columns: [],
    columnsRestart: false,
  });
}

function silenceReports(): void {
  const last = marginReports.latest;
  if (last === null || last.trust === 'OFFLINE') return;
  marginReports.deliver({
    ...last,
    trust: 'OFFLINE',
    accounts: last.accounts.map((account) => ({ ...account, trust: 'OFFLINE' })),
    positions: last.positions.map((position) => ({ ...position, trust: 'OFFLINE' })),
  });
}

/** Calls `listener` once for every market frame, as it arrives. Do no painting in it: mark dirty, paint on the next frame. */
export function onMarketFrame(listener: Listener<MarketFrame>): () => void {
  return marketFrames.listen(listener);
}

/** The newest market frame, or null before the first. */
export function latestMarketFrame(): MarketFrame | null {
  return marketFrames.latest;
}

/** The newest margin report, or null before the first. */
export function latestMarginReport(): MarginReport | null {
  return marginReports.latest;
}

/** Calls `listener` once for every board frame, also while the page is hidden. */
export function onGuardFrame(listener: Listener<GuardFrame>): () => void {
  return guardFrames.listen(listener);
}
