// No look-ahead: whatever happens to the record after the decision, the estimate at the decision stays what it was.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BINANCE_USDM_SLIPPAGE, coefficientsOf } from './crypto-coefficients.ts';
import { type CryptoHistory, cryptoConditionsAt, type HistoryBar } from './crypto-history.ts';
import { estimateCryptoSlippage } from './crypto-slippage.ts';

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const START = 20_000 * 24 * HOUR;
const BARS = 60;

const positive = (max: number) => fc.integer({ min: 1, max });
const instant = fc.integer({ min: 0, max: BARS * 5 }).map((minutes) => START + minutes * MINUTE);

/** Five-minute bars with random closes and volumes. */
const bars = fc
  .array(fc.record({ closeTicks: fc.integer({ min: 90_000, max: 110_000 }), volumeLots: positive(1e6) }), {
    minLength: BARS,
    maxLength: BARS,
  })
  .map((list) =>
    list.map((bar, i): HistoryBar => {
      const openMicros = START + i * 5 * MINUTE;
      return { ...bar, openMicros, closeMicros: openMicros + 5 * MINUTE };
    }),
  );

const touch = fc
  .record({
    bidTicks: positive(200_000),
    spread: positive(9),
    bidLots: positive(1e5),
    askLots: positive(1e5),
  })
  .map(({ spread, ...rest }) => ({ ...rest, askTicks: rest.bidTicks + spread }));

/** A list of records ascending in time. */
function recordsOf<T extends object>(
  record: fc.Arbitrary<T>,
): fc.Arbitrary<readonly (T & { atMicros: number })[]> {
  return fc
    .array(fc.tuple(instant, record), { maxLength: 30 })
    .map((list) =>
      list.map(([atMicros, rest]) => ({ ...rest, atMicros })).sort((a, b) => a.atMicros - b.atMicros),
    );
}

const histories: fc.Arbitrary<CryptoHistory> = fc.record({
  bars,
  touches: recordsOf(fc.record({ touch })).map((list) => [
    { atMicros: START, touch: { bidTicks: 100_000, askTicks: 100_001, bidLots: 10, askLots: 10 } },
    ...list,
  ]),
  displayed: recordsOf(fc.record({ bid: fc.nat(3), ask: fc.nat(1e6) })),
  fundingRates: recordsOf(fc.record({ rate: fc.double({ min: -0.01, max: 0.01, noNaN: true }) })),
  liquidations: fc.option(recordsOf(fc.record({ lots: positive(1e6) })), { nil: null }),
  openInterest: recordsOf(fc.record({ lots: positive(1e8) })),
});

/** The past of one record and the future of another. */
function spliced(past: CryptoHistory, future: CryptoHistory, atMicros: number): CryptoHistory {
  const join = <T extends { readonly atMicros: number }>(a: readonly T[], b: readonly T[]): readonly T[] => [
    ...a.filter((record) => record.atMicros <= atMicros),
    ...b.filter((record) => record.atMicros > atMicros),
  ];
  return {
    bars: [
      ...past.bars.filter((bar) => bar.closeMicros <= atMicros),
      ...future.bars.filter((bar) => bar.closeMicros > atMicros),
    ],
    touches: join(past.touches, future.touches),
    displayed: join(past.displayed, future.displayed),
    fundingRates: join(past.fundingRates, future.fundingRates),
    // Whether liquidations are recorded at all is a fact of the past.
    liquidations: past.liquidations === null ? null : join(past.liquidations, future.liquidations ?? []),
    openInterest: join(past.openInterest, future.openInterest),
  };
}

const coefficients = coefficientsOf(BINANCE_USDM_SLIPPAGE, 'BTCUSDT');
const order = { side: 'sell', sizeLots: 5000 } as const;

function answerAt(history: CryptoHistory, atMicros: number): unknown {
  const now = cryptoConditionsAt(history, atMicros);
  if (!now.ok) return now.failure;
  return { now: now.value, estimate: estimateCryptoSlippage(coefficients, order, now.value) };
}

describe('conditions at an instant', () => {
  it('do not change with anything that comes after it', () => {
    let changed = 0;
    void fc.assert(
      fc.property(histories, histories, instant, (past, future, atMicros) => {
        const before = answerAt(past, atMicros);
        expect(answerAt(spliced(past, future, atMicros), atMicros)).toEqual(before);
        // The same edit made one bar and one record earlier is seen, or the test could not fail.
        const earlier = answerAt(spliced(past, future, atMicros - 5 * MINUTE), atMicros);
        if (JSON.stringify(earlier) !== JSON.stringify(before)) changed++;
      }),
      { numRuns: 300 },
    );
    expect(changed).toBeGreaterThan(200);
  });

  it('are what the record says, worked out by hand', () => {
    const quiet: HistoryBar[] = Array.from({ length: 22 }, (_, i) => ({
      openMicros: START + i * HOUR,
      closeMicros: START + (i + 1) * HOUR,
      // Up and down by the same log return, then flat.
      closeTicks: i % 2 === 0 || i === 21 ? 100_000 : 101_000,
      volumeLots: 1000,
    }));
    const history: CryptoHistory = {
      bars: quiet,
      touches: [
        { atMicros: START, touch: { bidTicks: 1, askTicks: 2, bidLots: 1, askLots: 1 } },
        { atMicros: START + HOUR, touch: { bidTicks: 3, askTicks: 4, bidLots: 1, askLots: 1 } },
      ],
      displayed: [{ atMicros: START, bid: 300, ask: 100 }],
      fundingRates: [],
      liquidations: [
        { atMicros: START + 20 * HOUR, lots: 7 },
        { atMicros: START + 21.5 * HOUR, lots: 11 },
      ],
      openInterest: [{ atMicros: START, lots: 5 }],
    };
    const now = cryptoConditionsAt(history, START + 22 * HOUR);
    if (!now.ok) throw new Error(now.failure.message);
    const step = Math.log(1.01);
    expect(now.value).toMatchObject({
      touch: { bidTicks: 3 },
      dailyVolumeLots: 24_000,
      displayedLots: { bid: 300, ask: 100 },
      imbalance: 0.5,
      volatilityRegime: 'calm',
      fundingRate: null,
      liquidatedLots: 11,
      openInterestLots: 5,
      recentReturn: expect.closeTo(100_000 / 101_000 - 1, 12) as number,
      hourUtc: 22,
    });
    // 19 moves of one step and one of none, by the hour.
    expect(now.value.dailyVolatility).toBeCloseTo(Math.sqrt((19 / 20) * step * step * 24), 12);
    const before = cryptoConditionsAt(history, START - 1);
    expect(before.ok ? null : before.failure.code).toBe('costs/touch-missing');
    const early = cryptoConditionsAt(history, START + 10 * HOUR);
    expect(early).toMatchObject({
      ok: true,
      value: { volatilityRegime: null, dailyVolatility: null, recentReturn: null, liquidatedLots: 0 },
    });
  });
});
