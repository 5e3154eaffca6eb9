// Widths and limits against published ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { increment } from '../../core/units.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { hardLimits, type LimitBasis } from './contract-limits.ts';
import { limitRegime } from './limit-regimes.ts';
import { dynamicVariantTicks, fallenLevel, limitWidthTicks, nearerLimits } from './price-limits.ts';
import type { TradingPhase } from './trading-phases.ts';

interface Row {
  readonly c: string;
  readonly date?: string;
  readonly ref?: number;
  readonly index?: number;
  readonly limits?: readonly number[];
  readonly def?: string;
  readonly hi?: number;
  readonly lo?: number;
}

const basis = (part: Partial<LimitBasis>): LimitBasis => ({
  regime: limitRegime('ES', dayOf('2026-03-02')).value,
  tickSize: increment('0.25'),
  phase: 'overnight',
  references: null,
  nextReferences: null,
  levelsReached: 0,
  stepsPassed: 0,
  ...part,
});

const referencesOf = (fixingTicks: number, indexClose: string) => ({
  contracts: [{ fixingTicks, settlementTicks: fixingTicks }],
  indexClose,
  marketClose: indexClose,
});

describe.skipIf(!HAS_SHARED_DATA)(`published price limits${SHARED_DATA_NOTE}`, () => {
  const rows = HAS_SHARED_DATA
    ? (JSON.parse(readSharedText('vectors/cme.json')) as { price_limits: { rows: Row[] } }).price_limits.rows
    : [];

  it('of 2014 follow from fixing and index: 5 % up and down, then 7, 13 and 20 % down', () => {
    const full = rows.filter((row) => row.limits !== undefined);
    expect(full.length).toBe(2);
    for (const row of full) {
      const code = row.c.slice(0, 2) as 'ES' | 'YM';
      const tick = code === 'ES' ? 0.25 : 1;
      const regime = limitRegime(code, dayOf(row.date!)).value;
      const references = referencesOf(row.ref! / tick, String(row.index));
      const at = (phase: TradingPhase, levelsReached = 0) =>
        hardLimits(basis({ regime, references, phase, levelsReached, tickSize: increment(String(tick)) }), 0);
      const { highTicks, lowTicks } = at('overnight');
      const levels = [0, 1, 2].map((reached) => at('all-levels', reached).lowTicks);
      const ours = [highTicks, lowTicks, ...levels].map((ticks) => (ticks ?? Number.NaN) * tick);
      expect(ours).toEqual(row.limits);
      expect(at('all-levels').highTicks).toBeNull();
      expect(at('level-3-only').lowTicks).toBe(levels[2]);
    }
  });

  it('of 2024 to 2026 have a width that 7 % of an index give, and no index a tick of width beyond it does', () => {
    const pairs = rows.filter((row) => row.hi !== undefined && row.lo !== undefined);
    expect(pairs.length).toBe(4);
    for (const { c, def, hi = 0, lo = 0 } of pairs) {
      const fixing = (hi + lo) / 2;
      const width = hi - fixing;
      const regime = limitRegime('ES', dayOf(def!)).value;
      const limits = (index: number) =>
        hardLimits(basis({ regime, references: referencesOf(fixing * 4, index.toFixed(4)) }), 0);
      // From the width back to the range of indices that it stands for.
      const from = Math.ceil((width / 0.07) * 100) / 100;
      const to = Math.ceil(((width + 0.25) / 0.07) * 100) / 100;
      expect([c, limits(from)]).toEqual([c, { highTicks: hi * 4, lowTicks: lo * 4 }]);
      expect([c, limits(to - 0.01)]).toEqual([c, { highTicks: hi * 4, lowTicks: lo * 4 }]);
      expect(limits(from - 0.01).highTicks).toBe(hi * 4 - 1);
      expect(limits(to).highTicks).toBe(hi * 4 + 1);
    }
  });
});

describe('widths', () => {
  it('are exact where floating point is not', () => {
    // 0.07 × 6300 is 441.00000000000006 in floating point, 0.035 × 20 is 0.7000000000000001.
    expect(limitWidthTicks('0.07', '6300', increment('0.25'), increment('0.25'))).toBe(1764);
    expect(limitWidthTicks('0.29', '100', increment('1'), increment('1'))).toBe(29);
    expect(dynamicVariantTicks('0.035', 20_000)).toBe(700);
    expect(dynamicVariantTicks('0.1', -3763)).toBe(376);
    expect(dynamicVariantTicks('0.1', 0)).toBe(1);
    expect(fallenLevel('0.07', '6827.41')).toBe('6349.4913');
  });

  it('are whole ticks, nested by level and never wider than the fraction', () => {
    const ticks = ['0.25', '1', '0.1', '0.005', '0.015625'].map(increment);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.constantFrom(...ticks),
        fc.integer({ min: -100_000, max: 400_000 }),
        (hundredths, tickSize, fixing) => {
          const index = (hundredths / 100).toFixed(2);
          const width = (rate: string): number => limitWidthTicks(rate, index, tickSize, tickSize);
          const widths = ['0.07', '0.13', '0.20'].map(width);
          expect(widths.every(Number.isSafeInteger)).toBe(true);
          expect(widths[0]).toBeLessThanOrEqual(widths[1]!);
          expect(widths[1]).toBeLessThanOrEqual(widths[2]!);
          const exact = (0.07 * Number(index)) / Number(tickSize.text);
          expect(widths[0]! - exact).toBeLessThan(1e-6);
          expect(exact - widths[0]!).toBeLessThan(1 + 1e-6);
          const references = referencesOf(fixing, index);
          const lows = [0, 1, 2].map(
            (levelsReached) =>
              hardLimits(basis({ references, tickSize, phase: 'all-levels', levelsReached }), 0).lowTicks!,
          );
          expect(lows[0]).toBeGreaterThanOrEqual(lows[1]!);
          expect(lows[1]).toBeGreaterThanOrEqual(lows[2]!);
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  it('of two limits leave the nearer one', () => {
    const none = { lowTicks: null, highTicks: null };
    expect(nearerLimits({ lowTicks: 5, highTicks: null }, { lowTicks: 7, highTicks: 9 })).toEqual({
      lowTicks: 7,
      highTicks: 9,
    });
    expect(nearerLimits(none, none)).toEqual(none);
  });
});
