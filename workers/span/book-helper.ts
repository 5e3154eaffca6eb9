/** The second worker of a book: margins the parts it is sent, and what both sides say on the port between them. */
import type { BookRows } from '../../engine/margin/span/book/portfolio-book.ts';
import { type BatchPart, SpanBatch } from '../../engine/margin/span/book/span-batch.ts';
import type { SpanClass, SpanParameterSet } from '../../engine/margin/span/parameter-set.ts';
import { planSpan } from '../../engine/margin/span/plan.ts';

/** Portfolios `from` up to, not including, `to`. */
export interface BookSpan {
  readonly from: number;
  readonly to: number;
}

/** What a helper is sent: the book, then parts of it; it answers every span with a {@link BatchPart}. */
export type HelperMessage =
  | {
      readonly kind: 'book';
      readonly set: SpanParameterSet;
      readonly rows: BookRows;
      readonly chosen: SpanClass;
      readonly baseCurrency: string;
    }
  | { readonly kind: 'span'; readonly span: BookSpan };

/** Answers on `port` until this worker is ended. */
export function serveHelper(port: MessagePort): void {
  let batch: SpanBatch | null = null;
  port.onmessage = ({ data }: MessageEvent<HelperMessage>): void => {
    if (data.kind === 'book') {
      batch = new SpanBatch(planSpan(data.set, data.chosen, data.baseCurrency), data.rows);
    } else if (batch !== null) {
      const { from, to } = data.span;
      batch.run(from, to);
      const part: BatchPart = batch.part(from, to);
      port.postMessage(part);
    }
  };
}
