/** The place of a position in the deleveraging queue of its side, as the risk board tells it. */
import type { TrustState } from '../../engine/market/trust.ts';

/**
 * A place, estimated against the modelled crowd: a venue tells a place to the holder of the position alone. Never better
 * than DEGRADED. Estimates (float64) in the account's currency.
 */
export interface BoardAdl {
  readonly trust: TrustState;
  /** k of n, 1 is closed first; how many of the n are in profit. */
  readonly rank: number;
  readonly of: number;
  readonly winners: number;
  /** 0 to 4 by fifths of the queue; 4 is the first. */
  readonly level: number;
  /** Share of the queue that would be closed after this position, itself included. */
  readonly share: number;
  readonly score: number;
  /** The two factors of the score: profit ÷ wallet (at least 1), and maintenance margin ÷ margin balance. */
  readonly profitOnWallet: number;
  readonly marginUse: number;
  /** Unrealised PnL ÷ entry value. */
  readonly profitRate: number;
  /** Notional ÷ margin balance; null where nothing is left. */
  readonly effectiveLeverage: number | null;
  /** Notional of those ahead, and their share of all lots of the side. */
  readonly notionalAhead: number;
  readonly shareAhead: number;
  /** Where it would be this position's turn, were nothing that falls on the way taken over; null where no mark does it. */
  readonly turn: AdlMove | null;
  /** What jumps of the mark in its favour would take from it. */
  readonly jumps: readonly AdlJump[];
  /** Name and source of the rule; how many accounts the crowd has on this side. */
  readonly rule: string;
}

/** A mark and the move to it from the one in force, as a fraction. */
export interface AdlMove {
  readonly price: number;
  readonly move: number;
}

/** What falls on the way of a jump, met neither by book nor by fund, and what this position gives up for it. */
export interface AdlJump extends AdlMove {
  /** Notional that falls, at the mark in force. */
  readonly need: number;
  /** Share of the position that is closed, and the gain it misses by being closed at the mark in force. */
  readonly closedShare: number;
  readonly missed: number;
}
