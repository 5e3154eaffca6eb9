/** Streams from the workers: newest frame in a slot, every frame to every listener once, credit returned at the next paint. */
import type { MarginReport } from '../../engine/margin/margin-report.ts';
import type { MarketFrame, StreamCredit } from '../contract/market-frame.ts';

/** A visible page that got no frame for this long says so instead of showing the last one as live. */
const SILENCE_MS = 1_500;

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
