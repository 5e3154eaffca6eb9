/** The reader's accounts as pools of margin, and what moves of prices and volatility do to the weakest of them. */
import type { MarginReport, PositionMargin } from '../../engine/margin/margin-report.ts';
import { heatGrid } from '../../engine/risk/portfolio/heat-grid.ts';
import { smallestCommonShock } from '../../engine/risk/portfolio/reverse-stress.ts';
import type { PoolPosition, RiskPool } from '../../engine/risk/portfolio/risk-pool.ts';
import type { StressReport } from '../contract/guard-board.ts';
import type { GuardWorld } from './guard-inputs.ts';

const PRICE_MOVES = [0.2, 0.1, 0.05, 0.02, 0.01, 0, -0.01, -0.02, -0.05, -0.1, -0.2];
const VOLATILITY_FACTORS = [0.5, 1, 2, 3];

/** Heat and reverse stress at the marks of a report. */
export function stressReport(report: MarginReport, world: GuardWorld): StressReport {
  const pools = riskPools(report, world);
  const broken = smallestCommonShock(pools);
  return {
    atMicros: report.atMicros,
    grid: heatGrid(pools, PRICE_MOVES, VOLATILITY_FACTORS),
    breaking: broken === null ? null : { pool: broken.pool, move: broken.size },
    pools: pools.length,
    left: report.positions.filter(({ figures }) => figures === null).length,
  };
}

/** Cross sides and isolated positions with figures; the others are counted and told. */
export function riskPools(
  { accounts, positions }: MarginReport,
  world: Pick<GuardWorld, 'table'>,
): readonly RiskPool[] {
  return accounts.flatMap((account): RiskPool[] => {
    const own = positions.filter(({ accountId }) => accountId === account.accountId);
    const isFutures = account.futures !== null;
    const cross = own.filter(({ marginMode }) => marginMode === 'cross');
    const venue = isFutures ? 'cme-globex' : 'binance-usdm';
    const currency = isFutures ? 'USD' : 'USDT';
    const pools = own.flatMap((position): RiskPool[] => {
      const { figures } = position;
      if (position.marginMode === 'cross' || figures === null) return [];
      const id = `${position.symbol} ${position.side}, ${account.name}`;
      const balance = figures.marginRatio * figures.maintenanceMargin;
      const held = [poolPosition(position, world, false)];
      return [{ id, venue, currency, balance, fixedRequirement: 0, positions: held }];
    });
    const { marginBalance, maintenanceMargin } = account;
    if (cross.length === 0 || marginBalance === null || maintenanceMargin === null) return pools;
    const id = `${account.name}, cross`;
    const fixedRequirement = isFutures ? maintenanceMargin : 0;
    const held = cross.map((position) => poolPosition(position, world, isFutures));
    return [{ id, venue, currency, balance: marginBalance, fixedRequirement, positions: held }, ...pools];
  });
}

function poolPosition(
  { symbol, instrument, side, figures }: PositionMargin,
  { table }: Pick<GuardWorld, 'table'>,
  isFutures: boolean,
): PoolPosition {
  const notional = figures?.notional ?? 0;
  return {
    factor: instrument,
    signedNotional: side === 'long' ? notional : -notional,
    brackets: isFutures ? null : (table.symbols.get(symbol) ?? null),
  };
}
