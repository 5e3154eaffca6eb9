/** Tests of the chosen move. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  chooseChange,
  chooseLiquidation,
  choosePrice,
  chooseShift,
  followMark,
  nextRange,
  resetWhatIf,
  useWhatIf,
} from './what-if-store.ts';

describe('what-if choice', () => {
  beforeEach(resetWhatIf);

  it('stays within half the price, and widens the slider where it must', () => {
    chooseShift(-0.064);
    expect(useWhatIf.getState()).toMatchObject({ shift: -0.064, range: 0.2 });
    chooseShift(0.31);
    expect(useWhatIf.getState()).toMatchObject({ shift: 0.31, range: 0.5 });
    chooseShift(-7);
    expect(useWhatIf.getState().shift).toBe(-0.5);
  });

  it('never takes a range that loses the move', () => {
    chooseShift(-0.1);
    const seen = [1, 2, 3, 4].map(() => {
      nextRange();
      return useWhatIf.getState().range;
    });
    expect(seen).toEqual([0.5, 0.2, 0.5, 0.2]);
  });

  it('goes a hair beyond the place where a status changes', () => {
    for (const shift of [-0.0963859, 0.2]) {
      chooseChange(shift);
      const chosen = useWhatIf.getState().shift;
      expect(Math.abs(chosen)).toBeGreaterThan(Math.abs(shift));
      expect(chosen).toBeCloseTo(shift, 8);
    }
    for (const [price, mark] of [
      [62_970.5, 62_000],
      [59_433.4, 62_000],
    ] as const) {
      chooseLiquidation('binance-usdm:BTCUSDT', price, mark);
      const reached = mark * (1 + useWhatIf.getState().shift);
      expect(Math.sign(reached - price)).toBe(Math.sign(price - mark));
      expect(reached).toBeCloseTo(price, 3);
    }
  });

  it('keeps a picked price in place while the mark moves', () => {
    choosePrice('binance-usdm:BTCUSDT', 57_000, 60_000);
    expect(useWhatIf.getState().shift).toBeCloseTo(-0.05, 12);
    followMark(62_000);
    expect(62_000 * (1 + useWhatIf.getState().shift)).toBeCloseTo(57_000, 6);
    chooseShift(-0.02);
    followMark(50_000);
    expect(useWhatIf.getState().shift).toBe(-0.02);
  });
});
