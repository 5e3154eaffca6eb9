/** Publishes the viewed instrument to the page (newest state, by credit, at most 30 a second) and marks to the risk worker. */
import type { MarketView } from '../contract/market-api.ts';
import { LADDER_STRIDE, type MarketFrame, type StreamCredit } from '../contract/market-frame.ts';
import type { MarksFrame, VenueCloses } from '../contract/marks-frame.ts';
import type { InstrumentRun } from './instrument-run.ts';
import type { MarketRun } from './market-run.ts';

/** Thirty a second: the fastest painter shows ten to thirty. */
const FRAME_INTERVAL_MS = 32;
/** A frame is sent at least this often while there is credit, so that ages and states move on a silent market. */
const IDLE_INTERVAL_MS = 200;
const MARKS_INTERVAL_MS = 100;
const LONGEST_CREDIT = 2;
/** Seconds of a tenth of a second at the highest speed. */
const MOST_PASSED = 100;

/** Owns the outgoing ports. */
export class Publisher {
  #page: MessagePort | null = null;
  #risk: MessagePort | null = null;
  #credit = 0;
  #sentAtMs = 0;
  #marksAtMs = 0;
  #passing: MarketRun | null = null;
  #passed: MarksFrame[] = [];
  /** Closes last told to the risk worker. */
  #toldCloses: readonly VenueCloses[] | null = null;

  connectPage(port: MessagePort): void {
    this.#page?.close();
    this.#page = port;
    this.#credit = 0;
    port.onmessage = (event: MessageEvent<StreamCredit>) => {
      this.#credit = Math.min(LONGEST_CREDIT, this.#credit + event.data.credit);
    };
  }

  connectRisk(port: MessagePort): void {
    this.#risk?.close();
    this.#risk = port;
    this.#toldCloses = null;
  }

  /** Keeps a second that passed in a run, for the next marks; of very many the newest. */
  pass(run: MarketRun): void {
    if (run !== this.#passing) this.#passed = [];
    this.#passing = run;
    this.#passed.push(run.marksFrame());
    if (this.#passed.length > MOST_PASSED) this.#passed.shift();
  }

  /** Sends what is due. */
  publish(run: MarketRun, view: MarketView): void {
    const nowMs = performance.now();
    const viewed = run.viewed;
    const wait = viewed.dirty ? FRAME_INTERVAL_MS : IDLE_INTERVAL_MS;
    if (this.#page !== null && this.#credit > 0 && nowMs - this.#sentAtMs >= wait) {
      this.#credit--;
      this.#sentAtMs = nowMs;
      const frame = buildFrame(run, viewed, view);
      this.#page.postMessage(frame, [
        frame.ladder.bids.buffer as ArrayBuffer,
        frame.ladder.asks.buffer as ArrayBuffer,
        frame.trades.buffer as ArrayBuffer,
      ]);
    }
    if (this.#risk !== null && nowMs - this.#marksAtMs >= MARKS_INTERVAL_MS) {
      this.#marksAtMs = nowMs;
      const closes = run.venueCloses;
      const isNews = closes !== this.#toldCloses;
      this.#toldCloses = closes;
      const frame = run.marksFrame();
      const now = run.source.kind === 'LIVE' ? frame : { ...frame, passed: this.#takePassed(run) };
      this.#risk.postMessage(isNews ? { ...now, closes } : now);
    }
  }

  #takePassed(run: MarketRun): readonly MarksFrame[] {
    const passed = run === this.#passing ? this.#passed : [];
    this.#passed = [];
    // After a seek back, what was passed before it lies ahead.
    return passed.filter(({ nowMicros }) => nowMicros <= run.source.nowMicros());
  }
}

function buildFrame(run: MarketRun, viewed: InstrumentRun, view: MarketView): MarketFrame {
  viewed.collectTrades();
  const { feed } = viewed;
  const { counters, verified } = feed;
  const nowMicros = run.source.nowMicros();
  const trades = joinTrades(viewed.freshTrades);
  const columns = viewed.restarted ? viewed.history : viewed.freshColumns;
  const columnsRestart = viewed.restarted;
  viewed.freshTrades = [];
  viewed.freshColumns = [];
  viewed.restarted = false;
  viewed.dirty = false;
  return {
    instrument: viewed.spec.id,
    source: run.source.kind,
    trust: feed.trust,
    trustReason: feed.trustReason,
    nowMicros,
    updateId: feed.updateId,
    bookEventMicros: feed.bookEventMicros,
    bookReceivedMicros: feed.bookReceivedMicros,
    publishedAtMs: performance.timeOrigin + performance.now(),
    ladder: {
      bids: rows(viewed, 'bid', view),
      asks: rows(viewed, 'ask', view),
      groupTicks: view.groupTicks,
      bidLevels: feed.book.bidLevels,
      askLevels: feed.book.askLevels,
      lowestBidTicks: verified.lowestBidTicks,
      highestAskTicks: verified.highestAskTicks,
    },
    lastTradeTicks: feed.lastTrade?.priceTicks ?? null,
    lastTradeSide: feed.lastTrade?.side ?? null,
    markTrust: viewed.markTrust(nowMicros),
    markPrice: feed.markPrice,
    indexPrice: feed.indexPrice,
    fundingRate: feed.fundingRate,
    nextFundingMicros: feed.nextFundingMicros,
    clockOffsetMs: run.clockOffsetMs,
    eventLagMs: feed.eventLagMicros === null ? null : feed.eventLagMicros / 1_000,
    counters: { ...counters, tradesDropped: counters.tradesDropped + viewed.tradesGivenUp },
    touchMismatches: feed.touchMismatches,
    trades,
    columns,
    columnsRestart,
    transport: run.source.transportState(),
    venue: run.source.paper?.venueView(viewed.spec.id) ?? null,
  };
}

function rows(viewed: InstrumentRun, side: 'bid' | 'ask', view: MarketView): Float64Array {
  const out = new Float64Array(view.rowsPerSide * LADDER_STRIDE);
  const count = viewed.feed.book.copyGrouped(side, view.groupTicks, view.rowsPerSide, out);
  return count === view.rowsPerSide ? out : out.slice(0, count * LADDER_STRIDE);
}

function joinTrades(chunks: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
