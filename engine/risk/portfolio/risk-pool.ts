/** Pools of margin: what stands behind what, at one venue in one currency, and how it looks after prices have moved. */
import { maintenanceMargin } from '../../margin/brackets/maintenance-margin.ts';
import { bracketAt, type NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';

/** One position of a pool as an exposure to one factor. */
export interface PoolPosition {
  /** What moves it, e.g. `BTC` or `ES`; positions of one factor move by the same fraction. */
  readonly factor: string;
  /** Notional at the mark, negative for short, in the currency of the pool. */
  readonly signedNotional: number;
  /** Brackets that margin it; null where the pool's fixed requirement covers it. */
  readonly brackets: NotionalBrackets | null;
}

/** Positions that share collateral: an account's cross side, one isolated position, or a clearing account. */
export interface RiskPool {
  readonly id: string;
  readonly venue: string;
  readonly currency: string;
  /** Wallet and unrealised PnL at the marks. */
  readonly balance: number;
  /** Requirement that does not follow from brackets: by SPAN, at today's parameters. It grows with volatility, not with price. */
  readonly fixedRequirement: number;
  readonly positions: readonly PoolPosition[];
}

/** A move of the world: the return of each factor, and today's volatility as a multiple. */
export interface MarketMove {
  readonly returnOf: (factor: string) => number;
  /** 1 leaves scan ranges as they are; 2 doubles them, as a clearing house does when volatility doubles. */
  readonly volatilityFactor: number;
}

/** Nothing moves. */
export const NO_MOVE: MarketMove = { returnOf: () => 0, volatilityFactor: 1 };

/** A pool after a move. Estimates in its currency. */
export interface PoolFigures {
  readonly balance: number;
  readonly requirement: number;
  /** Balance ÷ requirement; infinite where nothing is required. */
  readonly ratio: number;
  readonly profit: number;
}

/** Values a pool after a move: entry prices, wallets and sizes stay; brackets are those of the moved notional. */
export function poolFigures(pool: RiskPool, move: MarketMove): PoolFigures {
  let profit = 0;
  let requirement = pool.fixedRequirement * move.volatilityFactor;
  for (const { factor, signedNotional, brackets } of pool.positions) {
    // A price may fall to nothing, not below.
    const change = Math.max(-1, move.returnOf(factor));
    profit += signedNotional * change;
    if (brackets === null) continue;
    const notional = Math.abs(signedNotional) * (1 + change);
    if (notional > 0) requirement += maintenanceMargin(notional, bracketAt(brackets, notional));
  }
  const balance = pool.balance + profit;
  return {
    balance,
    requirement,
    profit,
    ratio: requirement > 0 ? balance / requirement : Number.POSITIVE_INFINITY,
  };
}
