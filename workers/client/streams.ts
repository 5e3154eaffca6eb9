/** Streams from the workers: newest frame in a slot, every frame to every listener once, credit returned at the next paint. */
import type { MarginReport } from '../../engine/margin/margin-report.ts';
import type { MarketFrame, StreamCredit } from '../contract/market-frame.ts';

/** A visible page that got no frame for this long says so instead of showing the last one as live. */
const SILENCE_MS = 1_500;
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
let lastFrameMs = 0;
let lastReportMs = 0;

/** Takes over the page's end of the market stream. Credit goes back when the page paints, so a hidden page is sent nothing. */
export function receiveMarketFrames(port: MessagePort): void {
  const credit: StreamCredit = { credit: 1 };
  port.onmessage = (event: MessageEvent<MarketFrame>) => {
    lastFrameMs = performance.now();
    marketFrames.deliver(event.data);
    requestAnimationFrame(() => port.postMessage(credit));
  };
  port.postMessage(credit);
}

/** Takes over the page's end of the margin report stream. */
export function receiveMarginReports(port: MessagePort): void {
  const credit: StreamCredit = { credit: 1 };
  port.onmessage = (event: MessageEvent<MarginReport>) => {
    lastReportMs = performance.now();
    marginReports.deliver(event.data);
    port.postMessage(credit);
  };
  port.postMessage(credit);
}

/** While visible, turns silence of the market worker into a frame that says OFFLINE. */
export function watchMarketSilence(): void {
  setInterval(() => {
    const last = marketFrames.latest;
    if (last === null || document.visibilityState !== 'visible') return;
    if (performance.now() - lastFrameMs < SILENCE_MS || last.trust === 'OFFLINE') return;
    marketFrames.deliver({
      ...last,
      trust: 'OFFLINE',
      trustReason: 'the market worker does not answer',
      trades: new Float64Array(0),
      columns: [],
      columnsRestart: false,
    });
  }, 250);
}

/** While visible, turns silence of the risk worker into a report that says OFFLINE of every figure. */
export function watchMarginSilence(): void {
  setInterval(() => {
    const last = marginReports.latest;
    if (last === null || document.visibilityState !== 'visible') return;
    if (performance.now() - lastReportMs < REPORT_SILENCE_MS || last.trust === 'OFFLINE') return;
    marginReports.deliver({
      ...last,
      trust: 'OFFLINE',
      accounts: last.accounts.map((account) => ({ ...account, trust: 'OFFLINE' })),
      positions: last.positions.map((position) => ({ ...position, trust: 'OFFLINE' })),
    });
  }, 250);
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
