/** Who is deleveraged first: the named rules, each a pure score of a candidate. Higher goes first. */

/** What a rule may look at: one open position and the money behind it, at the mark. Estimates (float64), in currency. */
export interface AdlCandidate {
  /** +1 long, −1 short. */
  readonly side: 1 | -1;
  readonly sizeLots: number;
  readonly entryPrice: number;
  readonly markPrice: number;
  /** Size × mark. */
  readonly notional: number;
  readonly unrealisedPnl: number;
  readonly walletBalance: number;
  /** Wallet balance plus the unrealised PnL of all that leans on it. */
  readonly equity: number;
  readonly maintenanceMargin: number;
}

/** How a rule spreads the need: down the ranks, each position whole, or over all in proportion to a weight. */
export type AdlSpread = 'ranked' | 'in-proportion';

/** A named rule with its version and source. */
export interface AdlRule {
  readonly name: AdlRuleName;
  readonly spread: AdlSpread;
  readonly score: (candidate: AdlCandidate) => number;
  readonly source: string;
}

/** The rules by name; the version stands in `source`. */
export type AdlRuleName =
  | 'binance'
  | 'bybit'
  | 'hyperliquid'
  | 'pro-rata'
  | 'largest-first'
  | 'risk-aware-pro-rata';

/** Leverage and returns are bounded, so that an empty wallet gives a large score instead of none. */
const BOUND = 1e9;
const bounded = (value: number): number => Math.max(-BOUND, Math.min(BOUND, value));

/** Notional ÷ equity; the bound where nothing is left. */
function effectiveLeverage(c: AdlCandidate): number {
  return c.equity <= 0 ? BOUND : bounded(c.notional / c.equity);
}

/** Profit as a share of what was paid for the position. */
function returnOnEntry(c: AdlCandidate): number {
  const cost = c.notional - c.side * c.unrealisedPnl;
  return cost <= 0 ? BOUND : bounded(c.unrealisedPnl / cost);
}

const BINANCE: AdlRule = {
  name: 'binance',
  spread: 'ranked',
  source: 'Binance ADL page: max(0, uPnL) ÷ max(1, wallet) × margin ratio (maintenance ÷ margin balance)',
  score: (c) => {
    const profit = Math.max(0, c.unrealisedPnl) / Math.max(1, c.walletBalance);
    return c.equity <= 0 ? 0 : bounded(profit * (c.maintenanceMargin / c.equity));
  },
};

const BYBIT: AdlRule = {
  name: 'bybit',
  spread: 'ranked',
  source: 'BitMEX and Bybit form: in profit PnL % × effective leverage, in loss PnL % ÷ effective leverage',
  score: (c) => {
    const profit = returnOnEntry(c);
    const leverage = effectiveLeverage(c);
    return bounded(profit >= 0 ? profit * leverage : profit / leverage);
  },
};

const HYPERLIQUID: AdlRule = {
  name: 'hyperliquid',
  spread: 'ranked',
  source:
    'Hyperliquid docs: (mark ÷ entry) × (notional ÷ account value); turned round for shorts, whose profit is a fall',
  score: (c) => {
    const gain = c.side === 1 ? c.markPrice / c.entryPrice : c.entryPrice / c.markPrice;
    return bounded(gain * effectiveLeverage(c));
  },
};

const PRO_RATA: AdlRule = {
  name: 'pro-rata',
  spread: 'in-proportion',
  source: 'every position in profit gives up the same share of its size',
  score: (c) => (c.unrealisedPnl > 0 ? c.notional : 0),
};

const LARGEST_FIRST: AdlRule = {
  name: 'largest-first',
  spread: 'ranked',
  source: 'by notional',
  score: (c) => c.notional,
};

const RISK_AWARE: AdlRule = {
  name: 'risk-aware-pro-rata',
  spread: 'in-proportion',
  source: 'every position in profit gives up a share in proportion to size × effective leverage',
  score: (c) => (c.unrealisedPnl > 0 ? c.notional * Math.min(1000, effectiveLeverage(c)) : 0),
};

/** All rules, in the order they are offered. */
export const ADL_RULES: readonly AdlRule[] = [
  BINANCE,
  BYBIT,
  HYPERLIQUID,
  PRO_RATA,
  LARGEST_FIRST,
  RISK_AWARE,
];

/** The rule of a name. */
export function adlRule(name: AdlRuleName): AdlRule {
  return ADL_RULES.find((rule) => rule.name === name) ?? BINANCE;
}
