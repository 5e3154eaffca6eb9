// The fitted coefficients against the recorded book they were fitted to, and against the half they never saw.
import { describe, expect, it } from 'vitest';
import { BTCUSDT, btcusdtSession } from '../../../testkit/recorded-session.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../../../testkit/shared-data.ts';
import {
  collectSamples,
  errorsOf,
  fitCoefficients,
  meanPredictor,
  medianDisplayedShare,
  predictedBps,
  type Sample,
  SIZES_USD,
} from '../../../testkit/slippage-score.ts';
import { BINANCE_USDM_SLIPPAGE, coefficientsOf } from './crypto-coefficients.ts';

describe.skipIf(!HAS_SHARED_DATA)(`slippage of 344 s of BTCUSDT of 2024-08-08${SHARED_DATA_NOTE}`, () => {
  it('is within a basis point of the walked book, by half of the session on the other half', () => {
    const shipped = coefficientsOf(BINANCE_USDM_SLIPPAGE, 'BTCUSDT');
    const { bandBps, exponent, referenceShare } = shipped.displayedDepth.value;
    const session = collectSamples(btcusdtSession(), BTCUSDT, { bandBps, everyNth: 10 });
    const { first, second, dailyVolumeLots } = session;
    const last = first.at(-1)?.atMicros ?? Number.NaN;
    expect(second.every((sample) => sample.atMicros > last)).toBe(true);
    expect(second.length).toBeGreaterThan(3500);

    // The first half alone gives the coefficients.
    expect(medianDisplayedShare(first, dailyVolumeLots) / referenceShare).toBeCloseTo(1, 1);
    const fit = fitCoefficients(
      shipped,
      {
        participationExponents: [0.7, shipped.participationExponent.value, 0.8],
        depthExponents: [exponent - 0.1, exponent, exponent + 0.1],
        imbalanceStrengths: [shipped.imbalanceStrength.value, 0.15],
        everyNth: 1,
      },
      first,
      dailyVolumeLots,
    );
    expect(fit.coefficients.participationExponent.value).toBe(shipped.participationExponent.value);
    expect(fit.coefficients.imbalanceStrength.value).toBe(shipped.imbalanceStrength.value);
    expect(Math.abs(fit.coefficients.impact.value / shipped.impact.value - 1)).toBeLessThan(0.05);

    // The second half is as well met, size by size in the median.
    const predict = (sample: Sample): number => predictedBps(shipped, sample, dailyVolumeLots);
    for (const size of SIZES_USD) {
      const ofSize = second.filter((sample) => sample.sizeUsd === size);
      expect(errorsOf(ofSize, predict).median, `${size} USD`).toBeLessThan(1);
    }
    const all = errorsOf(second, predict);
    expect(all.p95).toBeLessThan(3);
    // And better than saying what each size cost on average in the first half.
    const constant = errorsOf(second, meanPredictor(first));
    expect(all.median).toBeLessThan(0.8 * constant.median);
    expect(all.p95).toBeLessThan(0.9 * constant.p95);
  });
});
