/** What a cascade tells: every event with its number, its time, its cause and plain numbers. */
import type { LiquidationEvent, OrderFill } from '../../venue/liquidation/liquidation-events.ts';

/** What every event says. */
export interface EventHead {
  /** Numbered from 0 in the order of happening. */
  readonly id: number;
  readonly atMicros: number;
  /** The event that caused this one; null for a first cause. */
  readonly causeId: number | null;
  /** 0 for a shock and what it does, k + 1 for a liquidation that the trades of wave k brought about. */
  readonly wave: number;
  /** Number of the market. */
  readonly market: number;
}

/** What happens outside liquidation. Prices in ticks, sizes in lots, money in currency. */
export type MarketEvent =
  /** A shock of the scenario began; `shock` is its place in the list. */
  | { readonly kind: 'shock'; readonly shock: number; readonly what: string }
  | ({ readonly kind: 'shock-order'; readonly shock: number; readonly side: 'buy' | 'sell' } & OrderFill)
  /** One lot at the touch, because the last price lay outside the spread. */
  | ({ readonly kind: 'caught-up'; readonly side: 'buy' | 'sell' } & OrderFill)
  | { readonly kind: 'index-moved'; readonly indexTicks: number; readonly fromTicks: number }
  | {
      readonly kind: 'mark-moved';
      readonly markTicks: number;
      readonly fromTicks: number;
      readonly indexTicks: number;
      readonly lastTicks: number;
    }
  /** Rate in hundred-millionths; what longs and shorts received, negative for paid. */
  | {
      readonly kind: 'funding-paid';
      readonly rate: number;
      readonly longs: number;
      readonly shorts: number;
    }
  /** Makers quote this share of their full size, in thousandths. */
  | { readonly kind: 'makers-adjusted'; readonly depthPermille: number }
  | { readonly kind: 'collateral-cut'; readonly rateMillionths: number }
  | { readonly kind: 'trading-halted'; readonly moveBps: number; readonly untilMicros: number }
  | { readonly kind: 'trading-resumed' }
  | { readonly kind: 'fund-relieved' };

/** One event of a cascade. */
export type CascadeEvent = EventHead & (MarketEvent | LiquidationEvent);

/** Any kind of event. */
export type CascadeEventKind = CascadeEvent['kind'];

/**
 * The causes of an event, first cause first, the event itself last.
 *
 * @param events - all events of the run, in order: `events[id].id === id`
 */
export function causesOf(events: readonly CascadeEvent[], id: number): readonly CascadeEvent[] {
  const chain: CascadeEvent[] = [];
  let at: number | null = id;
  while (at !== null) {
    const event: CascadeEvent | undefined = events[at];
    if (event === undefined) break;
    chain.push(event);
    at = event.causeId;
  }
  return chain.reverse();
}
