/** The crowd assumed behind a listed perpetual: the documented default, drawn around a mark and scaled to one open interest. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { findListing } from '../../engine/reference/instruments/listings.ts';
import { generatePopulation } from '../../engine/risk/crowd/generate-population.ts';
import { LiquidationIndex } from '../../engine/risk/crowd/liquidation-index.ts';
import { type MaintenanceColumns, maintenanceColumns } from '../../engine/risk/crowd/maintenance-columns.ts';
import { crowdContract, type Population } from '../../engine/risk/crowd/population.ts';
import { DEFAULT_POPULATION } from '../../engine/risk/crowd/population-parameters.ts';
import { scheduleOf } from '../../engine/simulation/cascade/cascade-market.ts';
import { BTC_BRACKETS_2026 } from '../../engine/simulation/cascade/scenarios/scenario-parts.ts';

/** Open interest of the documented default, quote currency: 27,353 BTC at 77,562. */
const OPEN_INTEREST = 2.1216e9;
/** The crowd stays where it is until the mark has moved this far. */
const REDRAW_SHARE = 0.05;

/** A crowd with both of its fall orders. */
export interface AssumedCrowd {
  readonly instrument: string;
  /** Mark around which it was drawn. */
  readonly markTicks: number;
  readonly population: Population;
  readonly columns: MaintenanceColumns;
  /** Longs in the order in which they fall, and shorts. */
  readonly fall: LiquidationIndex;
  readonly rise: LiquidationIndex;
}

/** Whether a crowd still stands for an instrument at a mark. */
export function standsFor(crowd: AssumedCrowd, instrument: string, markTicks: number): boolean {
  return crowd.instrument === instrument && Math.abs(markTicks / crowd.markTicks - 1) < REDRAW_SHARE;
}

/** Draws the crowd of an instrument. Fails: `reference/instrument-unknown`, `crowd/parameter-out-of-range`. */
export function assumedCrowd(instrument: string, markTicks: number): Result<AssumedCrowd> {
  const listing = findListing(instrument as Parameters<typeof findListing>[0]);
  if (listing === null) {
    return fail('reference/instrument-unknown', `expected a listed instrument, found ${instrument}`);
  }
  const contract = crowdContract(listing);
  const openInterestLots = Math.floor(OPEN_INTEREST / ((markTicks * contract.unitsPerTickLot) / 1e6));
  const accounts = Math.max(2, Math.min(DEFAULT_POPULATION.accounts, Math.floor(openInterestLots / 4)));
  const brackets = scheduleOf(BTC_BRACKETS_2026);
  const wanted = { ...DEFAULT_POPULATION, markTicks, openInterestLots, accounts };
  const drawn = generatePopulation(contract, brackets, wanted);
  if (!drawn.ok) return drawn;
  const population = drawn.value;
  const columns = maintenanceColumns(brackets);
  return ok({
    instrument,
    markTicks,
    population,
    columns,
    fall: new LiquidationIndex(population, columns, 'fall'),
    rise: new LiquidationIndex(population, columns, 'rise'),
  });
}
