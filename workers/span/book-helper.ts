/** The second worker of a book: margins the parts it is sent, and what both sides say on the port between them. */
import type { BookRows } from '../../engine/margin/span/book/portfolio-book.ts';
import { type BatchPart, SpanBatch } from '../../engine/margin/span/book/span-batch.ts';
import type { SpanClass, SpanParameterSet } from '../../engine/margin/span/parameter-set.ts';
import { planSpan, type SpanPlan } from '../../engine/margin/span/plan.ts';

/** Portfolios `from` up to, not including, `to`. */
export interface BookSpan {
  readonly from: number;
  readonly to: number;
}

/** What a helper is sent, in this order; it answers every span with a {@link BatchPart}. */
export type HelperMessage =
  | {
      readonly kind: 'set';
      readonly set: SpanParameterSet;
      readonly chosen: SpanClass;
      readonly baseCurrency: string;
    }
  | { readonly kind: 'rows'; readonly rows: BookRows }
  | { readonly kind: 'span'; readonly span: BookSpan };

/** Answers on `port` until this worker is ended. */
export function serveHelper(port: MessagePort): void {
  let plan: SpanPlan | null = null;
  let batch: SpanBatch | null = null;
  port.onmessage = ({ data }: MessageEvent<HelperMessage>): void => {
    if (data.kind === 'set') plan = planSpan(data.set, data.chosen, data.baseCurrency);
    else if (data.kind === 'rows' && plan !== null) batch = new SpanBatch(plan, data.rows);
    else if (data.kind === 'span' && batch !== null) {
      const { from, to } = data.span;
      batch.run(from, to);
      const part: BatchPart = batch.part(from, to);
      port.postMessage(part);
    }
  };
}
