/** What the account would be after an order: the numbers the rules look at, filled anew for every check. */
import { type Micros, micros } from '../../core/units.ts';

/**
 * One order tried on the account. Reused: a check writes its fields and makes no garbage. Estimates (float64) in the
 * currency of the pool; NaN where a number is not known, which every rule reads as a breach.
 */
export class OrderTrial {
  /** Symbol of the contract. */
  symbol = '';
  /** +1 buys, −1 sells. */
  side: 1 | -1 = 1;
  nowMicros: Micros = micros(0);
  /** Price at which it may trade at worst; NaN for the mark. */
  price: number = Number.NaN;
  /** Signed lots held, and held after the order and the resting orders of its side. */
  heldLots: number = Number.NaN;
  afterLots: number = Number.NaN;
  /** Leverage that would be in force. */
  chosenLeverage: number = Number.NaN;
  /** Most leverage the bracket of the new notional allows; infinite where the table does not say. */
  bracketLeverage: number = Number.NaN;
  /** Last cap of the brackets; infinite where there is none. */
  notionalCap: number = Number.NaN;
  /** Fee, and loss at once where the limit lies beyond the mark. */
  cost: number = Number.NaN;
  /** Funds for the position after the order, at the most leverage allowed. */
  addedFunds: number = Number.NaN;
  /** Maintenance margin of the position after the order. */
  maintenance: number = Number.NaN;
  /** Notional after the order: of its position, and of its symbol, which in hedge mode has a second leg. */
  notional: number = Number.NaN;
  symbolNotional: number = Number.NaN;
  /** Notional of all symbols after it. */
  accountNotional: number = Number.NaN;
  /** Notional of the symbol's group after it, weighted by how much the group moves as one. */
  groupNotional: number = Number.NaN;
  /** Equity of the whole venue account after the order's costs. */
  equity: number = Number.NaN;
  /** Money behind the cross pool after it, and what the pool must set aside at the most leverage allowed. */
  balance: number = Number.NaN;
  funds: number = Number.NaN;
  /** Margin ratio of the pool that leans on the order, before and after. */
  ratioBefore: number = Number.NaN;
  ratioAfter: number = Number.NaN;
  /** Funding per 8 hours and the one predicted, signed so that positive is paid by the position after the order. */
  fundingPaidRate: number = Number.NaN;
  fundingPredictedRate: number = Number.NaN;
  fundingAtMicros: number = Number.NaN;
  /** Funding of 24 hours that the account would pay after the order; negative is earned. */
  fundingDayCost: number = Number.NaN;
  /** Share of the deleveraging queue behind the held position; NaN where not known. */
  adlShare: number = Number.NaN;
  adlAtMicros: number = Number.NaN;
  /** Requirements by SPAN after the order. */
  initialRequirement: number = Number.NaN;
  /** Signed contracts of the product after the order, all months and sizes added in the product's own contracts. */
  productContracts: number = Number.NaN;
  /** Instant of the oldest mark that counts, and of the wallet; NaN where there is none. */
  markAtMicros: number = Number.NaN;
  walletAtMicros: number = Number.NaN;
}
