/** Margins a book here and, where there is one, in a second worker that is handed parts of it; nobody is waited for. */
import type { BatchPart, SpanBatch } from '../../engine/margin/span/book/span-batch.ts';
import type { BookSpan, HelperMessage } from './book-helper.ts';
import type { Slices } from './slices.ts';

/** Portfolios margined between two looks at the clock. */
const AT_ONCE = 16;
/**
 * Portfolios of a part that is handed out, and parts that are handed out ahead: a helper does far less of them in a slice of ours, at
 * the end of which it gets more.
 */
const PART = 1_024;
const PARTS_AHEAD = 32;

/** One margining of one book. */
export class BookRun {
  readonly #batch: SpanBatch;
  readonly #helper: MessagePort | null;
  readonly #count: number;
  /** Parts handed out whose figures are neither back nor made here. */
  #handedOut: BookSpan[] = [];
  #next = 0;
  #done = 0;
  #doneByHelper = 0;
  readonly #begunMs = performance.now();
  #elapsedMs: number | null = null;

  /** @param helper - has been told the same book */
  constructor(batch: SpanBatch, helper: MessagePort | null) {
    this.#batch = batch;
    this.#helper = helper;
    this.#count = batch.portfolioCount;
    if (helper === null) return;
    helper.onmessage = ({ data }: MessageEvent<BatchPart>): void => this.#takePart(data);
    this.#handOut();
  }

  get done(): number {
    return this.#done;
  }

  get elapsedMs(): number {
    return this.#elapsedMs ?? performance.now() - this.#begunMs;
  }

  get portfoliosPerSecond(): number {
    return this.elapsedMs === 0 ? 0 : (this.#done / this.elapsedMs) * 1_000;
  }

  /** Those that did some of what is done. */
  get workers(): number {
    return this.#doneByHelper > 0 ? 2 : 1;
  }

  /** Margins everything; false where it was given up. */
  async run(slices: Slices): Promise<boolean> {
    while (this.#next < this.#count) {
      const from = this.#next;
      this.#next = Math.min(from + AT_ONCE, this.#count);
      this.#margin(from, this.#next);
      if (await slices.breathe()) return false;
    }
    if (!(await this.#finishHandedOut(slices))) return false;
    this.#elapsedMs = performance.now() - this.#begunMs;
    return true;
  }

  /** What is still out is made here too, last part first: a helper that is late, or gone, holds nothing up. */
  async #finishHandedOut(slices: Slices): Promise<boolean> {
    if (await slices.pause()) return false;
    for (let part = this.#handedOut.at(-1); part !== undefined; part = this.#handedOut.at(-1)) {
      const { from, to } = part;
      let at = from;
      while (at < to && this.#handedOut.includes(part)) {
        const end = Math.min(at + AT_ONCE, to);
        this.#batch.run(at, end);
        at = end;
        if (await slices.breathe()) return false;
      }
      if (this.#giveUp(part)) this.#done += to - from;
    }
    return true;
  }

  #margin(from: number, to: number): void {
    this.#batch.run(from, to);
    this.#done += to - from;
  }

  #handOut(): void {
    while (this.#helper !== null && this.#handedOut.length < PARTS_AHEAD && this.#next < this.#count) {
      const span = { from: this.#next, to: Math.min(this.#next + PART, this.#count) };
      this.#next = span.to;
      this.#handedOut.push(span);
      tell(this.#helper, { kind: 'span', span });
    }
  }

  #takePart(part: BatchPart): void {
    const known = this.#handedOut.find(({ from }) => from === part.from);
    if (known === undefined || !this.#giveUp(known)) return;
    this.#batch.take(part);
    this.#done += part.to - part.from;
    this.#doneByHelper += part.to - part.from;
    this.#handOut();
  }

  /** Whether the part was still out. */
  #giveUp(part: BookSpan): boolean {
    const left = this.#handedOut.filter((one) => one !== part);
    const wasOut = left.length < this.#handedOut.length;
    this.#handedOut = left;
    return wasOut;
  }
}

/** Says something to a helper. */
export function tell(helper: MessagePort, message: HelperMessage): void {
  helper.postMessage(message);
}
