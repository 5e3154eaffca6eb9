/** The state of a cascade run as plain data: a keyframe. */
import type { ClearingSnapshot } from '../../accounting/ledger/clearing-house.ts';
import type { QueueSnapshot } from '../../venue/liquidation/deleveraging.ts';
import type { MarketSnapshot, PriceCause } from './cascade-market.ts';
import type { OpenOrders } from './order-desk.ts';
import type { ShockSnapshot } from './shock-desk.ts';
import type { TotalsSnapshot } from './wave-totals.ts';

/** A breached pool that waits for its liquidation. */
export interface QueuedPool {
  readonly pool: number;
  readonly breachId: number;
  readonly market: number;
  readonly wave: number;
}

/** Everything a run needs to go on, except the scenario it was made from. */
export interface CascadeSnapshot {
  readonly stepNumber: number;
  readonly stage: number;
  readonly nextId: number;
  readonly liquidationRoom: number;
  readonly queue: readonly QueuedPool[];
  readonly shocks: ShockSnapshot;
  readonly marginCauses: readonly (PriceCause | null)[];
  readonly collateralRate: number;
  readonly markTicks: Float64Array;
  readonly house: ClearingSnapshot;
  readonly markets: readonly MarketSnapshot[];
  readonly orders: OpenOrders;
  readonly queues: QueueSnapshot;
  readonly totals: TotalsSnapshot;
}
