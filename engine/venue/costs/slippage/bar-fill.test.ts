// Resting orders against bars: filled at the limit or not at all.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restingFill } from './bar-fill.ts';

const bar = { highTicks: 5020, lowTicks: 4950, volumeLots: 1000 };
const buy = { side: 'buy', limitTicks: 4999, sizeLots: 5 } as const;
const sell = { side: 'sell', limitTicks: 5010, sizeLots: 5 } as const;
const touching = { evidence: 'touch', volumeShare: 0.1 } as const;

describe('resting fill', () => {
  it('is at the limit when the bar went through it', () => {
    expect(restingFill(buy, bar)).toEqual({ priceTicks: 4999, filledLots: 5 });
    expect(restingFill(sell, bar)).toEqual({ priceTicks: 5010, filledLots: 5 });
  });

  it('does not count a touch as a fill unless told to', () => {
    expect(restingFill({ ...buy, limitTicks: 4950 }, bar)).toBeNull();
    expect(restingFill({ ...buy, limitTicks: 4950 }, bar, touching)).toEqual({
      priceTicks: 4950,
      filledLots: 5,
    });
    expect(restingFill({ ...sell, limitTicks: 5020 }, bar)).toBeNull();
    expect(restingFill({ ...sell, limitTicks: 5021 }, bar, touching)).toBeNull();
    expect(restingFill({ ...buy, limitTicks: 4949 }, bar, touching)).toBeNull();
  });

  it('gives no more than a share of the volume, in whole lots', () => {
    expect(restingFill({ ...buy, sizeLots: 5000 }, bar)?.filledLots).toBe(100);
    expect(restingFill(buy, { ...bar, volumeLots: 9 })).toBeNull();
    expect(() => restingFill(buy, { ...bar, highTicks: 4000 })).toThrow('below its low');
  });

  it('has a price that the depth of the fall cannot change', () => {
    void fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (a, b) => {
        const priceAt = (fall: number) =>
          restingFill(buy, { ...bar, lowTicks: buy.limitTicks - 1 - fall })?.priceTicks;
        expect(priceAt(a)).toBe(priceAt(b));
      }),
    );
  });
});
