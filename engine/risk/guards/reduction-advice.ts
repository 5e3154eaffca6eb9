/** What to close so that the margin ratio of a pool really comes back to its target, fees included. */
import { assert } from '../../core/assert.ts';
import { maintenanceMargin } from '../../margin/brackets/maintenance-margin.ts';
import { bracketAt, type NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';

/** One position of the pool at its mark. */
export interface ReductionPosition {
  readonly instrument: string;
  /** Whole lots held, whichever side; above 0. */
  readonly sizeLots: number;
  /** Notional of one lot at the mark, quote currency. */
  readonly lotNotional: number;
  readonly brackets: NotionalBrackets;
}

/** A pool and where it should be led. */
export interface ReductionQuestion {
  /** Margin balance: wallet and unrealised PnL. */
  readonly balance: number;
  readonly targetRatio: number;
  /** Fee of a closing order as a fraction of notional. */
  readonly feeRate: number;
  readonly positions: readonly ReductionPosition[];
}

/** Close this much of one position, at the market. */
export interface ReductionStep {
  readonly instrument: string;
  readonly closeLots: number;
}

/** The advice and what it leads to. */
export interface ReductionAdvice {
  /** In the order of the positions; empty where the pool stands at its target already. */
  readonly steps: readonly ReductionStep[];
  /** False where even closing everything leaves no money. */
  readonly reachesTarget: boolean;
  /** Infinite where nothing is required. */
  readonly ratioBefore: number;
  readonly ratioAfter: number;
  readonly closedNotional: number;
  readonly fee: number;
}

/**
 * Finds the least notional to close. Closing at the mark turns unrealised into realised profit and leaves the balance alone but
 * for the fee, while the requirement falls at the rate of the bracket the position stands in; so the position in the highest
 * bracket rate is cut first, bracket by bracket, until balance ≥ target × maintenance.
 *
 * @param question - target at least 1; a fee rate below every maintenance rate × target
 * Assumes: fills at the mark. A worse fill needs more; ask again with what is left.
 */
export function reductionAdvice(question: ReductionQuestion): ReductionAdvice {
  const { targetRatio, feeRate, positions } = question;
  assert(targetRatio >= 1, `a target is at least 1, found ${targetRatio}`);
  const left = positions.map(({ sizeLots }) => sizeLots);
  const before = maintenanceOf(positions, left);
  let closed = 0;
  for (;;) {
    const balance = question.balance - feeRate * closed;
    const maintenance = maintenanceOf(positions, left);
    if (balance >= targetRatio * maintenance && (balance > 0 || maintenance > 0)) break;
    const at = steepest(positions, left);
    const position = positions[at];
    if (position === undefined) break;
    const lots = left[at] ?? 0;
    const { lotNotional, brackets } = position;
    const { floor, maintenanceMarginRate } = bracketAt(brackets, lots * lotNotional);
    const gain = lotNotional * (targetRatio * maintenanceMarginRate - feeRate);
    const toTarget = gain > 0 ? Math.ceil((targetRatio * maintenance - balance) / gain) : lots;
    const toFloor = lots - Math.floor(floor / lotNotional);
    const close = Math.min(lots, Math.max(1, Math.min(toTarget, toFloor)));
    left[at] = lots - close;
    closed += close * lotNotional;
  }
  const fee = feeRate * closed;
  const balance = question.balance - fee;
  const maintenance = maintenanceOf(positions, left);
  return {
    steps: positions.flatMap(({ instrument, sizeLots }, i) => {
      const closeLots = sizeLots - (left[i] ?? 0);
      return closeLots > 0 ? [{ instrument, closeLots }] : [];
    }),
    reachesTarget: balance > 0 && balance >= targetRatio * maintenance,
    ratioBefore: ratioOf(question.balance, before),
    ratioAfter: ratioOf(balance, maintenance),
    closedNotional: closed,
    fee,
  };
}

function maintenanceOf(positions: readonly ReductionPosition[], lots: readonly number[]): number {
  return positions.reduce((sum, { lotNotional, brackets }, i) => {
    const notional = (lots[i] ?? 0) * lotNotional;
    return notional === 0 ? sum : sum + maintenanceMargin(notional, bracketAt(brackets, notional));
  }, 0);
}

function ratioOf(balance: number, maintenance: number): number {
  return maintenance > 0 ? balance / maintenance : Number.POSITIVE_INFINITY;
}

/** The open position in the highest bracket rate; of equals the larger, then the earlier. −1 for none. */
function steepest(positions: readonly ReductionPosition[], lots: readonly number[]): number {
  let found = -1;
  let best = -1;
  let size = -1;
  for (const [i, { lotNotional, brackets }] of positions.entries()) {
    const notional = (lots[i] ?? 0) * lotNotional;
    if (notional === 0) continue;
    const rate = bracketAt(brackets, notional).maintenanceMarginRate;
    if (rate > best || (rate === best && notional > size)) [found, best, size] = [i, rate, notional];
  }
  return found;
}
