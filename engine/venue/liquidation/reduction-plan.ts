/** The partial step of a liquidation: how much to close so that the rest fits a lower bracket. */
import { mostUnits } from '../../accounting/ledger/money-units.ts';
import { type ExactBracket, exactBracketAt, exactMaintenance } from './exact-maintenance.ts';
import { feeUnits, lotsOf } from './margin-desk.ts';

/** What the plan is made from. Money in units of 1e-8. */
export interface ReductionQuestion {
  readonly brackets: readonly ExactBracket[];
  readonly sizeLots: number;
  readonly markTicks: number;
  readonly unitsPerTickLot: bigint;
  /** Equity of the pool at its marks. */
  readonly equity: bigint;
  /** Maintenance of the other slots of the pool. */
  readonly otherMaintenance: bigint;
  /** Clearance fee in millionths of the notional closed. */
  readonly feeRate: bigint;
}

/**
 * Lots to close in one step, at the mark and with the clearance fee, so that the rest fits the highest lower bracket in
 * which equity exceeds maintenance; null where no lower bracket does, and the whole position has to go.
 *
 * The exchange does not publish its steps ("smart liquidation"); this is the deterministic reading of them.
 * Source: Binance FAQ 360033525271 (order of the steps); step sizes are ours.
 */
export function reductionLots(question: ReductionQuestion): number | null {
  const { brackets, sizeLots, markTicks, unitsPerTickLot, equity, otherMaintenance, feeRate } = question;
  const perLot = BigInt(markTicks) * unitsPerTickLot;
  const held = exactBracketAt(brackets, BigInt(sizeLots) * perLot);
  for (let lower = held - 1; lower >= 0; lower--) {
    const cap = brackets[lower]?.cap ?? null;
    if (cap === null) continue;
    const target = Math.min(sizeLots, lotsOf(cap, markTicks, unitsPerTickLot));
    const closing = sizeLots - target;
    if (closing === 0 || target === 0) continue;
    const left = mostUnits(0n, equity - feeUnits(BigInt(closing) * perLot, feeRate));
    if (left > exactMaintenance(brackets, BigInt(target) * perLot) + otherMaintenance) return closing;
  }
  return null;
}
