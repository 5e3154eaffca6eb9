/** The crowd assumed behind a market in view: drawn around its mark, drawn anew when the market has moved far away. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { findListing } from '../../engine/reference/instruments/listings.ts';
import { tippingPrice } from '../../engine/risk/crowd/forced-flow.ts';
import { generatePopulation } from '../../engine/risk/crowd/generate-population.ts';
import { liquidationColumns } from '../../engine/risk/crowd/liquidation-columns.ts';
import { LiquidationIndex } from '../../engine/risk/crowd/liquidation-index.ts';
import { kyleCurve, kyleLotsPerTick } from '../../engine/risk/crowd/liquidity-curve.ts';
import { maintenanceColumns } from '../../engine/risk/crowd/maintenance-columns.ts';
import { crowdContract } from '../../engine/risk/crowd/population.ts';
import { DEFAULT_POPULATION } from '../../engine/risk/crowd/population-parameters.ts';
import { scheduleOf } from '../../engine/simulation/cascade/cascade-market.ts';
import { BTC_BRACKETS_2026 } from '../../engine/simulation/cascade/scenarios/scenario-parts.ts';
import type { MarketCrowdColumns, MarketCrowdQuestion } from '../contract/lab-api.ts';

/** Open interest of the documented default, quote currency: 27,353 BTC at 77,562. */
const OPEN_INTEREST = 2.1216e9;
/** Impact of a million in stress, basis points: ten times the calm measurement. */
const STRESS_LAMBDA_BPS = 6.7;
/** The crowd stays where it is until the mark has moved this far. */
const REDRAW_SHARE = 0.05;
const TIPPING_REACH = 0.25;
const TIPPING_RUN = 0.002;
const MOST_ROWS = 8_000;

interface Drawn {
  readonly instrument: string;
  readonly markTicks: number;
  readonly fall: LiquidationIndex;
  readonly rise: LiquidationIndex;
}

/** Holds the crowd of one market. */
export class MarketCrowd {
  #drawn: Drawn | null = null;

  /** Fails: `reference/instrument-unknown`, `worker/request-malformed`, `crowd/parameter-out-of-range`. */
  columns(question: MarketCrowdQuestion): Result<MarketCrowdColumns> {
    const { markTicks, fromTicks, ticksPerRow, rows } = question;
    const whole = [markTicks, fromTicks, ticksPerRow, rows].every((n) => Number.isSafeInteger(n) && n > 0);
    if (!whole || rows > MOST_ROWS) {
      return fail(
        'worker/request-malformed',
        `expected positive whole numbers and at most ${MOST_ROWS} rows`,
      );
    }
    const drawn = this.#draw(question);
    if (!drawn.ok) return drawn;
    const { fall, rise } = drawn.value;
    const { unitsPerTickLot } = fall.contract;
    const perTick = kyleLotsPerTick(STRESS_LAMBDA_BPS, markTicks, unitsPerTickLot);
    const tips = (index: LiquidationIndex): number | null =>
      tippingPrice(
        index,
        kyleCurve(index.direction, markTicks, perTick),
        Math.max(1, Math.round(markTicks * TIPPING_RUN)),
        Math.round(markTicks * TIPPING_REACH),
      )?.ticks ?? null;
    return ok({
      longs: liquidationColumns(fall, { fromTicks, ticksPerRow, rows }).notional,
      shorts: liquidationColumns(rise, { fromTicks, ticksPerRow, rows }).notional,
      tipsDownTicks: tips(fall),
      tipsUpTicks: tips(rise),
    });
  }

  #draw({ instrument, markTicks }: MarketCrowdQuestion): Result<Drawn> {
    const known = this.#drawn;
    if (known?.instrument === instrument && Math.abs(markTicks / known.markTicks - 1) < REDRAW_SHARE) {
      return ok(known);
    }
    const listing = findListing(instrument as Parameters<typeof findListing>[0]);
    if (listing === null) {
      return fail('reference/instrument-unknown', `expected a listed instrument, found ${instrument}`);
    }
    const contract = crowdContract(listing);
    const openInterestLots = Math.floor(OPEN_INTEREST / ((markTicks * contract.unitsPerTickLot) / 1e6));
    const accounts = Math.max(2, Math.min(DEFAULT_POPULATION.accounts, Math.floor(openInterestLots / 4)));
    const brackets = scheduleOf(BTC_BRACKETS_2026);
    const wanted = { ...DEFAULT_POPULATION, markTicks, openInterestLots, accounts };
    const population = generatePopulation(contract, brackets, wanted);
    if (!population.ok) return population;
    const columns = maintenanceColumns(brackets);
    this.#drawn = {
      instrument,
      markTicks,
      fall: new LiquidationIndex(population.value, columns, 'fall'),
      rise: new LiquidationIndex(population.value, columns, 'rise'),
    };
    return ok(this.#drawn);
  }
}
