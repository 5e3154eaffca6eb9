/** Everything a guard looks at, as plain data: instrument facts, the account, market inputs with their trust and age, the clock. */
import type { Account, PositionSide } from '../../accounting/portfolio.ts';
import type { Lots, Micros, Ticks } from '../../core/units.ts';
import type { NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';
import type { SpanPlan } from '../../margin/span/plan.ts';
import type { TrustState } from '../../market/trust.ts';
import type { CmeContract } from '../../reference/instruments/cme-contracts.ts';
import type { ContractSpec, InstrumentId, Venue } from '../../reference/instruments/contract-spec.ts';

/** A value from outside with what it takes to believe it. */
export interface GuardFact<T> {
  readonly value: T;
  readonly trust: TrustState;
  readonly atMicros: Micros;
}

/** Whether a market trades. */
export interface TradingFacts {
  /** `closed`: between sessions, orders may rest. `halted`: nothing trades and nothing may be sent. */
  readonly state: 'open' | 'monitoring' | 'closed' | 'halted';
  /** What halted it; null where it is not halted, or the venue does not say. */
  readonly cause: 'level-1' | 'level-2' | 'level-3' | 'velocity' | 'limit' | 'other' | null;
  /** Fall of the price below its reference as a fraction, e.g. 0.051; null where there is no reference. */
  readonly fallRate: number | null;
}

/** Funding of a perpetual. Rates are those of one interval; positive means that longs pay. */
export interface FundingFacts {
  readonly rate: number;
  readonly predictedRate: number;
  readonly intervalHours: number;
}

/** The place of the account's own position in the deleveraging queue of its side; of two legs the one nearer to the front. */
export interface AdlFacts {
  /** k of n, 1 is reduced first. */
  readonly rank: number;
  readonly of: number;
}

/** What a crypto contract is guarded by. */
export interface CryptoInstrument {
  readonly kind: 'crypto';
  readonly spec: ContractSpec;
  /** Null where the table in force has none for it: orders are blocked, never margined at 0. */
  readonly brackets: NotionalBrackets | null;
  /** Date and origin of the brackets. */
  readonly bracketSource: string;
  /** Fee of a taker as a fraction of notional. */
  readonly takerFeeRate: number;
  /** Symbols of one group move together, e.g. `crypto-majors`. */
  readonly group: string;
  readonly mark: GuardFact<number> | null;
  readonly trading: GuardFact<TradingFacts> | null;
  /** Null for contracts without funding, or where it is not known. */
  readonly funding: GuardFact<FundingFacts> | null;
  /** Null where no position is held, or the place is not known. */
  readonly adl: GuardFact<AdlFacts> | null;
}

/** What a CME contract is guarded by. */
export interface CmeInstrument {
  readonly kind: 'cme';
  readonly spec: ContractSpec;
  readonly contract: CmeContract;
  readonly mark: GuardFact<number> | null;
  readonly trading: GuardFact<TradingFacts> | null;
}

/** Either kind. */
export type GuardInstrument = CryptoInstrument | CmeInstrument;

/** Money of the account at one venue. No money of one venue ever covers a requirement of another. */
export interface GuardWallet {
  readonly venue: Venue;
  readonly currency: string;
  /** Without unrealised PnL and without isolated wallets. */
  readonly balance: GuardFact<number>;
}

/** One position, or one leg of a position in hedge mode, with the resting orders for it. */
export interface GuardPosition {
  readonly instrument: InstrumentId;
  /** Leg of a crypto position in hedge mode; absent in one-way mode and at CME, which knows no legs. */
  readonly leg?: PositionSide;
  /** Signed, as its leg says where it has one; 0 where only orders rest. */
  readonly sizeLots: Lots;
  readonly entryPrice: number;
  /** Chosen leverage; 1 where the venue has none. */
  readonly leverage: number;
  /** Isolated margin without unrealised PnL; null for cross. */
  readonly isolatedWallet: number | null;
  readonly bidLots: Lots;
  readonly askLots: Lots;
}

/** One account and all that is known about its markets. */
export interface GuardInput {
  readonly atMicros: Micros;
  readonly accountId: string;
  /** One-way mode where it is absent. */
  readonly positionMode?: Account['positionMode'];
  readonly wallets: readonly GuardWallet[];
  readonly instruments: readonly GuardInstrument[];
  readonly positions: readonly GuardPosition[];
  /** The parameter set in force for both requirements; null blocks what is margined by it. */
  readonly span: { readonly initial: SpanPlan; readonly maintenance: SpanPlan } | null;
  /** Mean absolute correlation of the crypto group's returns, 0 to 1; null counts as 1. */
  readonly meanCorrelation: GuardFact<number> | null;
  /** One-day value at risk of the whole portfolio as a fraction of its equity. */
  readonly valueAtRisk: GuardFact<number> | null;
}

/** An order to be judged before it is sent. */
export interface GuardOrder {
  readonly instrument: InstrumentId;
  /** The leg it opens or closes, as a crypto order in hedge mode must say; absent in one-way mode and at CME. */
  readonly leg?: PositionSide;
  readonly side: 'buy' | 'sell';
  readonly sizeLots: Lots;
  /** Limit price; null for a market order, judged at the mark. */
  readonly priceTicks: Ticks | null;
  /** Leverage to be chosen with it; null keeps the one in force (1 without a position). */
  readonly leverage: number | null;
  /** Whether the venue would cut it to the position. */
  readonly reduceOnly: boolean;
}
