/** All pools of a person in one view: exposure by factor, venue and currency, and requirements that are never netted by accident. */
import { fail, ok, type Result } from '../../core/result.ts';
import { isUsable, type TrustState, worstTrust } from '../../market/trust.ts';
import { NO_MOVE, poolFigures, type RiskPool } from './risk-pool.ts';

/** Value of one unit of a currency in the base currency. */
export interface CurrencyRate {
  readonly currency: string;
  readonly toBase: number;
  readonly trust: TrustState;
}

/**
 * A credit that a rule set grants between two pools for positions that offset each other. Without such a rule nothing of one
 * venue covers anything of another.
 */
export interface NettingRule {
  readonly pools: readonly [string, string];
  /** Share of the smaller requirement on the offsetting part that is given back, 0 to 1. */
  readonly creditRate: number;
  readonly source: string;
}

/** Sums of one kind. Base currency. */
export interface ExposureSum {
  readonly key: string;
  readonly net: number;
  readonly gross: number;
}

/** The whole portfolio. Estimates in the base currency. */
export interface PortfolioSummary {
  readonly baseCurrency: string;
  readonly trust: TrustState;
  readonly equity: number;
  /** Sum over the pools, less the credits. */
  readonly requirement: number;
  readonly credits: readonly { readonly rule: NettingRule; readonly credit: number }[];
  readonly net: number;
  readonly gross: number;
  readonly byFactor: readonly ExposureSum[];
  readonly byVenue: readonly ExposureSum[];
  readonly byCurrency: readonly ExposureSum[];
  /** Every pool with its own ratio, nearest to liquidation first: pools fall one by one, whatever the sum says. */
  readonly pools: readonly {
    readonly id: string;
    readonly venue: string;
    readonly currency: string;
    readonly equity: number;
    readonly requirement: number;
    readonly ratio: number;
  }[];
}

/**
 * Adds up pools over venues and currencies.
 *
 * @param rates - of every currency that occurs; the base currency needs none
 * @param netting - rules that grant credits between pools; none by default
 *
 * Fails: `portfolio/rate-missing` for a currency without a usable rate; never a value of 0 for it.
 */
export function aggregatePools(
  pools: readonly RiskPool[],
  rates: readonly CurrencyRate[],
  baseCurrency: string,
  netting: readonly NettingRule[] = [],
): Result<PortfolioSummary> {
  let trust: TrustState = 'LIVE';
  const toBase = new Map<string, number>([[baseCurrency, 1]]);
  for (const { currency } of pools) {
    if (toBase.has(currency)) continue;
    const rate = rates.find((r) => r.currency === currency);
    if (rate === undefined || !isUsable(rate.trust) || !(rate.toBase > 0 && Number.isFinite(rate.toBase))) {
      return fail('portfolio/rate-missing', `no usable rate from ${currency} to ${baseCurrency}`, {
        currency,
      });
    }
    trust = worstTrust(trust, rate.trust);
    toBase.set(currency, rate.toBase);
  }
  const rows = pools.map((pool) => {
    const factor = toBase.get(pool.currency) ?? 0;
    const { balance, requirement, ratio } = poolFigures(pool, NO_MOVE);
    const { id, venue, currency } = pool;
    return { id, venue, currency, equity: balance * factor, requirement: requirement * factor, ratio };
  });
  const exposures = pools.flatMap(({ venue, currency, positions }) =>
    positions.map(({ factor, signedNotional }) => ({
      factor,
      venue,
      currency,
      value: signedNotional * (toBase.get(currency) ?? 0),
    })),
  );
  const credits = netting.map((rule) => ({ rule, credit: creditOf(rule, pools, toBase) }));
  const total = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0);
  return ok({
    baseCurrency,
    trust,
    equity: total((row) => row.equity),
    requirement: total((row) => row.requirement) - credits.reduce((sum, { credit }) => sum + credit, 0),
    credits,
    net: exposures.reduce((sum, { value }) => sum + value, 0),
    gross: exposures.reduce((sum, { value }) => sum + Math.abs(value), 0),
    byFactor: sumsOf(exposures, ({ factor }) => factor),
    byVenue: sumsOf(exposures, ({ venue }) => venue),
    byCurrency: sumsOf(exposures, ({ currency }) => currency),
    pools: rows.sort((a, b) => a.ratio - b.ratio || (a.id < b.id ? -1 : 1)),
  });
}

function sumsOf<T extends { readonly value: number }>(
  rows: readonly T[],
  keyOf: (row: T) => string,
): readonly ExposureSum[] {
  const sums = new Map<string, { net: number; gross: number }>();
  for (const row of rows) {
    const sum = sums.get(keyOf(row)) ?? { net: 0, gross: 0 };
    sum.net += row.value;
    sum.gross += Math.abs(row.value);
    sums.set(keyOf(row), sum);
  }
  return [...sums]
    .map(([key, { net, gross }]) => ({ key, net, gross }))
    .sort((a, b) => b.gross - a.gross || (a.key < b.key ? -1 : 1));
}

/** What a rule gives back: creditRate × Σ over factors held against each other of the smaller requirement on the smaller side. */
function creditOf(
  { pools: ids, creditRate }: NettingRule,
  pools: readonly RiskPool[],
  toBase: ReadonlyMap<string, number>,
): number {
  const [first, second] = ids.map((id) => pools.find((pool) => pool.id === id));
  if (first === undefined || second === undefined) return 0;
  const [a, b] = [sideOf(first, toBase), sideOf(second, toBase)];
  let credit = 0;
  for (const [factor, net] of a.nets) {
    const other = b.nets.get(factor) ?? 0;
    if (net * other >= 0) continue;
    credit += Math.min(Math.abs(net), Math.abs(other)) * Math.min(a.rate, b.rate);
  }
  return creditRate * credit;
}

/** Net notional by factor, and the pool's requirement per unit of gross notional, in the base currency. */
function sideOf(
  pool: RiskPool,
  toBase: ReadonlyMap<string, number>,
): { readonly nets: ReadonlyMap<string, number>; readonly rate: number } {
  const scale = toBase.get(pool.currency) ?? 0;
  const nets = new Map<string, number>();
  let gross = 0;
  for (const { factor, signedNotional } of pool.positions) {
    nets.set(factor, (nets.get(factor) ?? 0) + signedNotional * scale);
    gross += Math.abs(signedNotional) * scale;
  }
  return { nets, rate: gross > 0 ? (poolFigures(pool, NO_MOVE).requirement * scale) / gross : 0 };
}
