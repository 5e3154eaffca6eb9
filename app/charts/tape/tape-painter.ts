/** The tape's painter: a fixed pool of table rows whose text it rewrites; the newest trade is on top. */
import type { ContractSpec } from '../../../engine/reference/instruments/contract-spec.ts';
import type { MarketFrame } from '../../../workers/contract/market-frame.ts';
import { formatClock } from '../../format/time.ts';
import { addPainter, type Painter, type PaintRequest } from '../frame-loop.ts';
import { onMarketMemory, receivedFrame, tapeMemory } from '../market-memory.ts';
import { type PaintTrust, paintTrust } from '../paint-trust.ts';
import { prefersReducedMotion } from '../reduced-motion.ts';
import { tickText } from '../tick-text.ts';
import { isForced, type TapeTrade, type TradeKind } from './tape-memory.ts';

/** What the painter tells the document after a paint. */
export interface TapePainted {
  readonly trust: PaintTrust | null;
  readonly shown: number;
  /** Trades that the filter left nothing of. */
  readonly kept: number;
  readonly dropped: number;
  /** New trades since the reader's pointer or focus holds the tape; null when nobody holds it. */
  readonly waiting: number | null;
}

/** Words of the kinds that are marked. Realised events wear a ring. */
const KIND_WORDS: Readonly<Record<TradeKind, string>> = {
  MARKET: '',
  NA: 'n/a',
  LIQUIDATION: '◯ liq.',
  INSURANCE_FUND: '◯ fund',
  ADL: '◯ ADL',
};

const CALM_MS = 100;
const CALMER_MS = 500;
const CELLS = 4;

/** One pooled row: its cells' text nodes and what they say. */
interface PooledRow {
  readonly element: HTMLTableRowElement;
  readonly texts: readonly Text[];
  readonly shown: string[];
  look: string;
}

export class TapePainter implements Painter {
  readonly name = 'tape';
  readonly #body: HTMLTableSectionElement;
  readonly #box: HTMLElement;
  readonly #request: PaintRequest;
  readonly #leave: (() => void)[] = [];
  readonly #onPainted: (painted: TapePainted) => void;
  readonly #rows: PooledRow[] = [];
  #spec: ContractSpec | null = null;
  #minLots = 0;
  #rowPx = 24;
  #room = 0;
  #heldAt: number | null = null;
  #seen = true;
  #signature = '';
  #publishedMs = 0;

  constructor(box: HTMLElement, body: HTMLTableSectionElement, onPainted: (painted: TapePainted) => void) {
    this.#box = box;
    this.#body = body;
    this.#onPainted = onPainted;
    this.#request = addPainter(this);
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(box);
    const sight = new IntersectionObserver((seen) => {
      this.#seen = seen.at(-1)?.isIntersecting ?? true;
      this.#request.mark();
    });
    sight.observe(box);
    const timer = setInterval(() => this.#request.mark(), CALMER_MS);
    this.#leave.push(
      onMarketMemory(() => this.#request.mark()),
      () => resize.disconnect(),
      () => sight.disconnect(),
      () => clearInterval(timer),
    );
    this.#measure();
  }

  get intervalMs(): number {
    return prefersReducedMotion() ? CALMER_MS : CALM_MS;
  }

  isVisible(): boolean {
    return this.#seen && this.#room > 0;
  }

  dispose(): void {
    this.#request.remove();
    for (const leave of this.#leave) leave();
    this.#body.replaceChildren();
  }

  setSpec(spec: ContractSpec | null): void {
    this.#spec = spec;
    this.#repaint();
  }

  setFilter(minLots: number): void {
    this.#minLots = minLots;
    this.#repaint();
  }

  setRowHeight(px: number): void {
    this.#rowPx = px;
    this.#measure();
  }

  /** Holds the tape where it is, or lets it run on. */
  hold(held: boolean): void {
    this.#heldAt = held ? (this.#heldAt ?? tapeMemory.written) : null;
    this.#repaint();
  }

  paint(nowMs: number): number | null {
    const received = receivedFrame();
    const spec = this.#spec;
    const frame: MarketFrame | null =
      received !== null && received.frame.instrument === spec?.id ? received.frame : null;
    const trust = frame === null ? null : paintTrust(frame, received?.receivedAtMs ?? 0, nowMs);
    // A tape that was cleared or cut back under a reader's hand cannot be held any longer.
    if (this.#heldAt !== null && this.#heldAt > tapeMemory.written) this.#heldAt = tapeMemory.written;
    const until = this.#heldAt ?? tapeMemory.written;
    const signature = `${spec?.id} ${frame === null} ${until} ${tapeMemory.revision} ${this.#minLots} ${this.#room}`;
    if (signature !== this.#signature) {
      this.#signature = signature;
      const trades =
        spec === null || frame === null ? [] : tapeMemory.newest(this.#room, this.#minLots, until);
      this.#fill(trades, spec);
    }
    this.#onPainted({
      trust,
      shown: Number(this.#rows[0]?.element.hidden === false),
      kept: frame === null ? 0 : tapeMemory.written,
      dropped: frame?.counters.tradesDropped ?? 0,
      waiting: this.#heldAt === null ? null : tapeMemory.written - this.#heldAt,
    });
    if (frame === null || frame.publishedAtMs === this.#publishedMs) return null;
    this.#publishedMs = frame.publishedAtMs;
    return frame.publishedAtMs;
  }

  #repaint(): void {
    this.#signature = '';
    this.#request.markNow();
  }

  /** As many rows as the box has room for. */
  #measure(): void {
    this.#room = Math.max(0, Math.floor(this.#box.clientHeight / this.#rowPx));
    while (this.#rows.length < this.#room) this.#rows.push(this.#newRow());
    this.#repaint();
  }

  #newRow(): PooledRow {
    const element = document.createElement('tr');
    const texts = Array.from({ length: CELLS }, () => {
      const text = document.createTextNode('');
      const cell = document.createElement('td');
      cell.append(text);
      element.append(cell);
      return text;
    });
    element.hidden = true;
    this.#body.append(element);
    return { element, texts, shown: Array.from({ length: CELLS }, () => ''), look: '' };
  }

  #fill(trades: readonly TapeTrade[], spec: ContractSpec | null): void {
    for (const [i, row] of this.#rows.entries()) {
      const trade = trades[i];
      const hidden = trade === undefined || spec === null;
      if (row.element.hidden !== hidden) row.element.hidden = hidden;
      if (trade === undefined || spec === null) continue;
      const arrow = trade.takerSide === 'buy' ? '▲' : '▼';
      write(row, 0, timeText(trade.atMicros));
      write(row, 1, KIND_WORDS[trade.kind]);
      write(row, 2, `${arrow} ${tickText(trade.priceTicks, spec.tickSize)}`);
      write(row, 3, tickText(trade.sizeLots, spec.lotSize));
      const look = `${trade.takerSide}${isForced(trade.kind) ? ' forced' : ''}`;
      if (row.look !== look) row.element.className = look;
      row.look = look;
    }
  }
}

function write(row: PooledRow, cell: number, text: string): void {
  if (row.shown[cell] === text) return;
  row.shown[cell] = text;
  const node = row.texts[cell];
  if (node !== undefined) node.data = text;
}

/** Formatting a second is dear, and a tape is full of trades of the same one. */
let cachedSecond = -1;
let cachedClock = '';

/** `14:03:07.912` */
export function timeText(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  if (second !== cachedSecond) {
    cachedSecond = second;
    cachedClock = formatClock(micros, 'utc');
  }
  const milliseconds = Math.floor(micros / 1_000) - second * 1_000;
  return `${cachedClock}.${String(milliseconds).padStart(3, '0')}`;
}
