/** Portfolio: accounts and positions as a person enters them. Amounts are decimal text: exact, and the same after any round trip. */
import type { Venue } from '../reference/instruments/contract-spec.ts';

/** Side of a position. */
export type PositionSide = 'long' | 'short';

/** Which collateral stands behind a position: its own wallet, or the account's. */
export type MarginMode = 'cross' | 'isolated';

/** One open position. */
export interface Position {
  readonly id: string;
  readonly venue: Venue;
  readonly symbol: string;
  readonly side: PositionSide;
  /** Positive decimal text, base asset (contracts for dated futures). */
  readonly size: string;
  /** Positive decimal text, quote currency. */
  readonly entryPrice: string;
  readonly marginMode: MarginMode;
  /** Chosen leverage, at least 1. */
  readonly leverage: number;
  /** Isolated wallet (margin without unrealised PnL), decimal text; null for cross. */
  readonly isolatedWallet: string | null;
  /** A mark price given by hand, used, and shown as STALE, where no feed marks the symbol; null for none. */
  readonly givenMarkPrice: string | null;
}

/** One margin account in one currency: perpetuals in USDT, futures of CME in dollars. Neither covers the other. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** True for the account the product makes up at first start; the screen says so. */
  readonly demo: boolean;
  readonly currency: 'USDT' | 'USD';
  /** In hedge mode a symbol may be held long and short at once, and both cross sides share one liquidation price. */
  readonly positionMode: 'one-way' | 'hedge';
  /** Cross wallet balance (without isolated wallets and without unrealised PnL), decimal text. */
  readonly crossWalletBalance: string;
  readonly positions: readonly Position[];
}

/** Everything the risk engine is asked about. */
export interface Portfolio {
  readonly accounts: readonly Account[];
}
