/** The crowd of the fast approximation: drawn once, asked at every move of a slider. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { stepValue } from '../../engine/core/units.ts';
import { findListing } from '../../engine/reference/instruments/listings.ts';
import { aggregateCascade } from '../../engine/risk/crowd/aggregate-cascade.ts';
import { forcedFlow, tippingPrice } from '../../engine/risk/crowd/forced-flow.ts';
import { generatePopulation } from '../../engine/risk/crowd/generate-population.ts';
import { liquidationColumns } from '../../engine/risk/crowd/liquidation-columns.ts';
import { LiquidationIndex } from '../../engine/risk/crowd/liquidation-index.ts';
import { kyleCurve, kyleLotsPerTick, reachSign } from '../../engine/risk/crowd/liquidity-curve.ts';
import { maintenanceColumns } from '../../engine/risk/crowd/maintenance-columns.ts';
import { crowdContract } from '../../engine/risk/crowd/population.ts';
import type { PopulationParameters } from '../../engine/risk/crowd/population-parameters.ts';
import { scheduleOf } from '../../engine/simulation/cascade/cascade-market.ts';
import { BTC_BRACKETS_2026 } from '../../engine/simulation/cascade/scenarios/scenario-parts.ts';
import type { CrowdAnswer, CrowdQuestion } from '../contract/lab-api.ts';

/** R is taken over this share of the price. */
const RATIO_REACH = 0.05;
/** The tipping price is looked for within this share of the price. */
const TIPPING_REACH = 0.25;
/** A run of at least this share of the price is told as tipping. */
const TIPPING_RUN = 0.002;
const ROWS = 60;
const ROWS_REACH = 0.3;

/** Holds the two indexes of one population. */
export class CrowdDesk {
  #markTicks = 0;
  #indexes: Readonly<Record<'fall' | 'rise', LiquidationIndex>> | null = null;

  /** Draws a population. Fails: `crowd/parameter-out-of-range`. */
  open(parameters: PopulationParameters): Result<{ readonly accounts: number }> {
    const listing = findListing('binance-usdm:BTCUSDT');
    if (listing === null) return fail('reference/instrument-unknown', 'expected BTCUSDT among the listings');
    const brackets = scheduleOf(BTC_BRACKETS_2026);
    const population = generatePopulation(crowdContract(listing), brackets, parameters);
    if (!population.ok) return population;
    const columns = maintenanceColumns(brackets);
    this.#markTicks = parameters.markTicks;
    this.#indexes = {
      fall: new LiquidationIndex(population.value, columns, 'fall'),
      rise: new LiquidationIndex(population.value, columns, 'rise'),
    };
    return ok({ accounts: population.value.count });
  }

  /** What a shock comes to. Fails: `scenario/not-open` before a crowd was drawn. */
  whatIf(question: CrowdQuestion): Result<CrowdAnswer> {
    const index = this.#indexes?.[question.direction];
    if (index === undefined) return fail('scenario/not-open', 'expected a crowd, found none drawn yet');
    const { contract } = index;
    const markTicks = this.#markTicks;
    const tick = stepValue(contract.tickSize);
    const perLot = (markTicks * contract.unitsPerTickLot) / 1e6;
    const perTick = kyleLotsPerTick(question.lambdaBps, markTicks, contract.unitsPerTickLot);
    const curve = kyleCurve(question.direction, markTicks, perTick);
    const fallen = aggregateCascade(index, curve, Math.round(question.shockNotional / perLot), 0);
    const flow = forcedFlow(index, curve, markTicks, Math.round(markTicks * RATIO_REACH));
    const tipping = tippingPrice(
      index,
      curve,
      Math.round(markTicks * TIPPING_RUN),
      Math.round(markTicks * TIPPING_REACH),
    );
    const ticksPerRow = Math.max(1, Math.round((markTicks * ROWS_REACH) / ROWS));
    const fromTicks = reachSign(question.direction) === -1 ? markTicks - ROWS * ticksPerRow : markTicks;
    const columns = liquidationColumns(index, { fromTicks, ticksPerRow, rows: ROWS });
    const rows = new Float64Array(ROWS * 2);
    for (let row = 0; row < ROWS; row++) {
      rows[2 * row] = (fromTicks + row * ticksPerRow) * tick;
      rows[2 * row + 1] = columns.notional[row] as number;
    }
    return ok({
      waves: fallen.waves,
      accounts: fallen.accounts,
      notional: fallen.lots * perLot,
      lastPrice: fallen.lastTicks * tick,
      startPrice: markTicks * tick,
      ratio: flow.ratio,
      tippingPrice: tipping === null ? null : tipping.ticks * tick,
      tippingRunsTo: tipping === null ? null : tipping.runsToTicks * tick,
      rows,
      rowWidth: ticksPerRow * tick,
    });
  }
}
