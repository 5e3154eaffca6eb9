/** The crowd assumed behind a market in view: drawn around its mark, drawn anew when the market has moved far away. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { tippingPrice } from '../../engine/risk/crowd/forced-flow.ts';
import { liquidationColumns } from '../../engine/risk/crowd/liquidation-columns.ts';
import type { LiquidationIndex } from '../../engine/risk/crowd/liquidation-index.ts';
import { kyleCurve, kyleLotsPerTick } from '../../engine/risk/crowd/liquidity-curve.ts';
import type { MarketCrowdColumns, MarketCrowdQuestion } from '../contract/lab-api.ts';
import { type AssumedCrowd, assumedCrowd, standsFor } from '../shared/assumed-crowd.ts';

/** Impact of a million in stress, basis points: ten times the calm measurement. */
const STRESS_LAMBDA_BPS = 6.7;
const TIPPING_REACH = 0.25;
const TIPPING_RUN = 0.002;
const MOST_ROWS = 8_000;

/** Holds the crowd of one market. */
export class MarketCrowd {
  #drawn: AssumedCrowd | null = null;

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

  #draw({ instrument, markTicks }: MarketCrowdQuestion): Result<AssumedCrowd> {
    const known = this.#drawn;
    if (known !== null && standsFor(known, instrument, markTicks)) return ok(known);
    const drawn = assumedCrowd(instrument, markTicks);
    if (drawn.ok) this.#drawn = drawn.value;
    return drawn;
  }
}
