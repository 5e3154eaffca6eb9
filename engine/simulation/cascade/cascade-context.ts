/** What the parts of a cascade run share. */
import type { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import type { MarginDesk } from '../../venue/liquidation/margin-desk.ts';
import type { CascadeTraders } from './cascade-accounts.ts';
import type { MarketEvent } from './cascade-events.ts';
import type { CascadeMarket, PriceCause } from './cascade-market.ts';
import type { CascadeScenario } from './cascade-scenario.ts';
import type { OrderDesk } from './order-desk.ts';

/** The state that shocks and prices work on, and the way to tell what happened. */
export interface CascadeContext {
  readonly scenario: CascadeScenario;
  readonly house: ClearingHouse;
  readonly desk: MarginDesk;
  readonly traders: CascadeTraders;
  readonly markets: readonly CascadeMarket[];
  readonly orders: OrderDesk;
  /** What moved the margins of each market last. */
  readonly marginCauses: (PriceCause | null)[];
  /** Tells an event of the wave of its cause; returns its number. */
  readonly tell: (event: MarketEvent, cause: PriceCause | null, market: number) => number;
  /** Lets the queue take what the fund holds in a market, at the mark. */
  readonly handOverFund: (market: number, causeId: number) => void;
}
