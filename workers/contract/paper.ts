/** Paper trading in the simulated market: what the page may ask of the venue. The words themselves are the engine's. */
import type { Result } from '../../engine/core/result.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type {
  OrderEstimate,
  OrderStory,
  PaperOrder,
  PaperOrderId,
  PaperReceipt,
} from '../../engine/simulation/paper/paper-orders.ts';

export type {
  AuctionView,
  EndedOrder,
  GlobexPaperOrder,
  OrderEstimate,
  OrderStory,
  OrderStoryEvent,
  OwnFill,
  OwnOrder,
  PaperClearing,
  PaperOrder,
  PaperOrderId,
  PaperReceipt,
  PerpPaperOrder,
  SettlementLine,
  StateSpan,
  VenueView,
} from '../../engine/simulation/paper/paper-orders.ts';

/** Paper methods of the market worker. They fail with `paper/not-simulated` unless the source is the simulated market. */
export interface PaperApi {
  placePaperOrder(order: PaperOrder): Promise<Result<PaperReceipt>>;
  /** What the order would get if it were sent now; null where that cannot be said. Sends nothing. */
  estimatePaperOrder(order: PaperOrder): Promise<Result<OrderEstimate | null>>;
  cancelPaperOrder(question: {
    readonly instrument: InstrumentId;
    readonly id: PaperOrderId;
  }): Promise<Result<PaperReceipt>>;
  cancelAllPaperOrders(question: { readonly instrument: InstrumentId }): Promise<Result<null>>;
  amendPaperOrder(question: {
    readonly instrument: InstrumentId;
    readonly id: PaperOrderId;
    readonly priceTicks: number;
    readonly sizeLots: number;
  }): Promise<Result<PaperReceipt>>;
  inspectPaperOrder(question: {
    readonly instrument: InstrumentId;
    readonly id: PaperOrderId;
  }): Promise<Result<OrderStory>>;
  /** Sends the instrument's group to Pre-Open for so long, so that its auction can be watched. Globex instruments only. */
  interruptMarket(question: {
    readonly instrument: InstrumentId;
    readonly seconds: number;
  }): Promise<Result<null>>;
}
