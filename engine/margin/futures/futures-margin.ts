/** Report of a futures account: its requirement, excess and ratio, and the figures of its positions. */
import { stepValue } from '../../core/units.ts';
import { factOn } from '../../reference/instruments/cme-product.ts';
import { distanceTo } from '../brackets/liquidation-price.ts';
import type { AccountMargin, FuturesMargin, PositionFigures, PositionMargin } from '../margin-report.ts';
import { marginStatus } from '../margin-status.ts';
import { SPAN_LABEL } from '../span/parameter-set.ts';
import {
  type FuturesPool,
  type FuturesPosition,
  type FuturesState,
  futuresLiquidation,
  lotsOf,
} from './futures-account.ts';

/** Margin of the account. */
export function futuresAccountMargin(state: FuturesState): AccountMargin {
  const { account, pool, failure, walletBalance } = state;
  const none = failure === null ? 0 : null;
  const marginBalance = pool?.marginBalance ?? (failure === null ? walletBalance : null);
  return {
    accountId: account.id,
    name: account.name,
    demo: account.demo,
    trust: state.trust,
    failure,
    crossWalletBalance: walletBalance,
    marginBalance,
    // A futures account has no isolated wallets beside its own.
    equity: marginBalance,
    initialMargin: pool?.initialMargin ?? none,
    maintenanceMargin: pool?.maintenanceMargin ?? none,
    marginRatio: pool?.marginRatio ?? null,
    status: pool === null ? null : marginStatus(pool.marginRatio),
    futures: pool === null ? null : factsOf(pool),
  };
}

function factsOf({ rules, marginBalance, maintenanceMargin }: FuturesPool): FuturesMargin {
  const { set, isOutdated } = rules;
  return {
    label: SPAN_LABEL,
    setId: set.id,
    setDate: set.date,
    setHash: set.hash,
    setSource: set.source,
    isOutdated,
    excess: marginBalance - maintenanceMargin,
  };
}

/** Margin of every position: none has figures while the account has a failure. */
export function futuresPositionMargins(state: FuturesState): readonly PositionMargin[] {
  const { account, pool } = state;
  const alone = pool === null ? [] : standAlone(pool);
  return state.positions.map((row, i): PositionMargin => {
    const { position, instrument } = row;
    const failure = row.failure ?? state.failure;
    return {
      positionId: position.id,
      accountId: account.id,
      instrument,
      symbol: position.symbol,
      side: position.side,
      marginMode: position.marginMode,
      size: position.size,
      entryPrice: position.entryPrice,
      leverage: position.leverage,
      trust: state.trust,
      failure,
      figures:
        pool === null || row.valued === null
          ? null
          : figuresOf(pool, row.valued, alone[i] ?? { initial: 0, maintenance: 0 }),
    };
  });
}

interface Alone {
  readonly initial: number;
  readonly maintenance: number;
}

/** What each position would require by itself, in the order of the account. */
function standAlone({ rules, positions }: FuturesPool): readonly Alone[] {
  const { initial, maintenance } = rules.calculators;
  return positions.map((position) => {
    const lots = lotsOf(rules.maintenance, [position]);
    // Positions of a pool have been read before.
    if (!lots.ok) return { initial: Number.NaN, maintenance: Number.NaN };
    return {
      initial: initial.margin(lots.value),
      maintenance: maintenance.margin(lots.value),
    };
  });
}

function figuresOf(pool: FuturesPool, valued: FuturesPosition, alone: Alone): PositionFigures {
  const { mark, instrument } = valued;
  const liquidation = futuresLiquidation(pool, instrument);
  const distance = liquidation === null ? null : distanceTo(liquidation, mark.price);
  const tick = factOn(valued.contract.product.tickSizes, pool.rules.day);
  const sigma = mark.dailyVolatility;
  return {
    markPrice: mark.price,
    markOrigin: mark.origin,
    notional: valued.notional,
    unrealisedPnl: valued.unrealisedPnl,
    initialMargin: alone.initial,
    maintenanceMargin: alone.maintenance,
    bracket: null,
    bracketMaxLeverage: null,
    marginRatio: pool.marginRatio,
    status: marginStatus(pool.marginRatio),
    liquidationPrice: liquidation?.price ?? null,
    bankruptcyPrice: null,
    distanceRate: distance === null ? null : distance / mark.price,
    distanceTicks: distance === null || tick === null ? null : Math.trunc(distance / stepValue(tick.value)),
    distanceSigma: distance === null || sigma === null || !(sigma > 0) ? null : distance / mark.price / sigma,
  };
}
