/** Who pays what a fund could not: winners closed one after the other by a queue, or all by the same share of their profit. */
import { assert } from '../../core/assert.ts';
import { type NamedCandidate, rankCandidates, spreadNeed } from '../../venue/liquidation/adl-queue.ts';
import type { AdlRule } from '../../venue/liquidation/adl-rules.ts';
import type { CascadeTotals, FastCascade } from './fast-cascade.ts';
import type { LiquidationIndex } from './liquidation-index.ts';
import { reachSign } from './liquidity-curve.ts';
import { type MaintenanceColumns, maintenanceUnits } from './maintenance-columns.ts';
import { type Population, WALLET_UNITS } from './population.ts';

/** One moment at which the winners of a side must make good what losers could not pay. */
export interface DeleveragingNeed {
  /** Side of the winners: −1, the shorts, after a fall. */
  readonly winners: 1 | -1;
  /** Lots of the losers that nobody else took over. Whole. */
  readonly lots: number;
  /** Money missing on them at the mark, wallet units. */
  readonly moneyUnits: number;
  /** Mark at the moment, and at the end of the episode, when it is known what closing early cost. */
  readonly markTicks: number;
  readonly endTicks: number;
}

/**
 * The moments of a cascade, one for each wave that left something unpaid: its losers' lots and the money missing, at the
 * mark the wave led to, seen from the last price.
 *
 * @param cascade - whose columns hold the run that gave `totals`
 */
export function deleveragingNeeds(
  index: LiquidationIndex,
  cascade: FastCascade,
  totals: CascadeTotals,
): readonly DeleveragingNeed[] {
  const needs: DeleveragingNeed[] = [];
  let i = 0;
  for (const [wave, { accounts }] of totals.waves.entries()) {
    let lots = 0;
    let moneyUnits = 0;
    for (const end = i + accounts; i < end; i++) {
      const missing = cascade.adlNeedUnits[i] as number;
      if (missing === 0) continue;
      lots += (index.lotsBefore[i + 1] as number) - (index.lotsBefore[i] as number);
      moneyUnits += missing;
    }
    const markTicks = totals.waves[wave + 1]?.markTicks ?? totals.lastTicks;
    const winners = reachSign(index.direction);
    if (lots > 0) needs.push({ winners, lots, moneyUnits, markTicks, endTicks: totals.lastTicks });
  }
  return needs;
}

/** What a policy took from the winners. Estimates (float64), wallet units. */
export interface DeleveragingOutcome {
  /** Accounts in profit, and their profit together, at the mark. */
  readonly winners: number;
  readonly profitUnits: number;
  /** Winners that gave something up. */
  readonly reduced: number;
  /** Money taken from them, seen from the end of the episode. */
  readonly takenUnits: number;
  /** Largest share of its profit that any winner lost at the moment itself, at most 1. */
  readonly largestShare: number;
}

/**
 * Closes winners at the losers' bankruptcy price by a venue's rule, in contracts: whoever is closed pays the money
 * missing on his lots, and has no part in what the price does until the end.
 *
 * @param rule - a ranked rule for a queue; one in proportion for shares of contracts
 * @returns figures over all who can be reduced: no position is turned round, losers are reduced only after all winners
 */
export function deleverage(
  population: Population,
  columns: MaintenanceColumns,
  need: DeleveragingNeed,
  rule: AdlRule,
): DeleveragingOutcome {
  const candidates = winnersOf(population, columns, need);
  const places = rankCandidates(rule, candidates);
  const shares = spreadNeed(rule.spread, places, need.lots, (place) => place.sizeLots);
  const { unitsPerTickLot } = population.contract;
  const missingPerLot = need.lots === 0 ? 0 : need.moneyUnits / need.lots;
  const afterwardsPerLot = need.winners * (need.endTicks - need.markTicks) * unitsPerTickLot;
  const profits = new Map(candidates.map(({ slot, unrealisedPnl }) => [slot, unrealisedPnl * WALLET_UNITS]));
  let takenUnits = 0;
  let largestShare = 0;
  for (const { place, lots } of shares) {
    const profit = profits.get(place.slot);
    assert(profit !== undefined && lots <= place.sizeLots, `slot ${place.slot} cannot give ${lots} lots`);
    takenUnits += lots * (missingPerLot + afterwardsPerLot);
    largestShare = Math.max(largestShare, Math.min(1, (lots * missingPerLot) / profit));
  }
  return { ...totalsOf(candidates), reduced: shares.length, takenUnits, largestShare };
}

/**
 * Takes the money missing from all winners by the same share of their profit, and closes nobody: pro-rata in money.
 *
 * Formula: share = money missing ÷ profit of all winners, at most 1.
 */
export function haircutProfits(
  population: Population,
  columns: MaintenanceColumns,
  need: DeleveragingNeed,
): DeleveragingOutcome {
  const totals = totalsOf(winnersOf(population, columns, need));
  const share = proRataShare(need.moneyUnits, totals.profitUnits);
  return {
    ...totals,
    reduced: share > 0 ? totals.winners : 0,
    takenUnits: share * totals.profitUnits,
    largestShare: share,
  };
}

/** The share of profit that every winner gives up under pro-rata; 0 where there is nothing to take or to pay. */
export function proRataShare(moneyUnits: number, profitUnits: number): number {
  return profitUnits > 0 ? Math.min(1, moneyUnits / profitUnits) : 0;
}

function winnersOf(
  population: Population,
  columns: MaintenanceColumns,
  need: DeleveragingNeed,
): readonly NamedCandidate[] {
  const { contract, count, side, sizeLots, entryTicks, walletUnits } = population;
  const toPrice = 1 / WALLET_UNITS;
  const candidates: NamedCandidate[] = [];
  for (let row = 0; row < count; row++) {
    if (side[row] !== need.winners) continue;
    const size = sizeLots[row] as number;
    const tickUnits = size * contract.unitsPerTickLot;
    const pnl = need.winners * tickUnits * (need.markTicks - (entryTicks[row] as number));
    if (pnl <= 0) continue;
    const wallet = walletUnits[row] as number;
    const notional = tickUnits * need.markTicks;
    candidates.push({
      slot: row,
      last: false,
      side: need.winners,
      sizeLots: size,
      entryPrice: entryTicks[row] as number,
      markPrice: need.markTicks,
      notional: notional * toPrice,
      unrealisedPnl: pnl * toPrice,
      walletBalance: wallet * toPrice,
      equity: (wallet + pnl) * toPrice,
      maintenanceMargin: maintenanceUnits(columns, notional) * toPrice,
    });
  }
  return candidates;
}

function totalsOf(candidates: readonly NamedCandidate[]): {
  readonly winners: number;
  readonly profitUnits: number;
} {
  const profitUnits = candidates.reduce((sum, { unrealisedPnl }) => sum + unrealisedPnl * WALLET_UNITS, 0);
  return { winners: candidates.length, profitUnits };
}
