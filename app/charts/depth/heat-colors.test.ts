// The ramp is perceptual: lightness strictly follows size on every ground, and hue survives colour blindness.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseScale,
  greyRamp,
  heatRamp,
  heatStep,
  niceAbove,
  oklabToRgb,
  RAMP_STEPS,
  type Rgb,
  rgbToOklab,
} from './heat-colors.ts';

const grounds: Readonly<Record<string, Rgb>> = {
  dark: [0x0d, 0x11, 0x17],
  light: [0xf4, 0xf6, 0xf9],
  contrast: [0, 0, 0],
};

/** CIE L* from relative luminance: an oracle for lightness that does not know OKLab. */
function lightness([r, g, b]: Rgb): number {
  const linear = (c: number): number =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
  const y = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y;
}

const stepOf = (ramp: Uint8ClampedArray, step: number): Rgb => [
  ramp[step * 3]!,
  ramp[step * 3 + 1]!,
  ramp[step * 3 + 2]!,
];

describe.each(Object.entries(grounds))('ramp on %s', (_, ground) => {
  const ramp = heatRamp(ground);

  it('starts at the ground', () => {
    expect(stepOf(ramp, 0)).toEqual(ground);
  });

  it.each([['colour', ramp] as const, ['grey', greyRamp(ground)] as const])(
    '%s: lightness is monotonic and close to linear',
    (_kind, bytes) => {
      const all = Array.from({ length: RAMP_STEPS }, (_, i) => lightness(stepOf(bytes, i)));
      const sign = Math.sign(all.at(-1)! - all[0]!);
      // Sixteen stations of the ramp: far enough apart that rounding to bytes cannot hide a reversal.
      const stations = Array.from({ length: 16 }, (_, i) => all[i * 17]!);
      for (let i = 1; i < stations.length; i++) {
        expect(sign * (stations[i]! - stations[i - 1]!)).toBeGreaterThan(0.5);
      }
      const worst = all.map((l, i) => sign * (l - (all[i - 1] ?? l))).reduce((a, b) => Math.min(a, b), 0);
      expect(worst).toBeGreaterThan(-0.35);
    },
  );

  it('goes from blue to yellow and never through red or green', () => {
    const labs = Array.from({ length: RAMP_STEPS }, (_, i) => rgbToOklab(stepOf(ramp, i)));
    expect(labs.at(-1)!.b).toBeGreaterThan(0.08);
    expect(Math.min(...labs.map((lab) => lab.b))).toBeLessThan(-0.008);
    for (const lab of labs) expect(Math.abs(lab.a)).toBeLessThan(0.035);
  });
});

describe('colour space', () => {
  it('round-trips every sRGB colour within one byte', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), (rgb) => {
        const back = oklabToRgb(rgbToOklab(rgb));
        return back.every((c, i) => Math.abs(c - rgb[i]!) <= 1);
      }),
    );
  });

  it('agrees with the published value of red', () => {
    const red = rgbToOklab([255, 0, 0]);
    expect(red.l).toBeCloseTo(0.628, 3);
    expect(red.a).toBeCloseTo(0.2249, 3);
    expect(red.b).toBeCloseTo(0.1258, 3);
  });
});

describe('scale', () => {
  it('is monotonic in size, 0 only for nothing, full at the top', () => {
    const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.constantFrom('log', 'linear'), (a, b, kind) => {
        const scale = { kind, lowLots: 2, highLots: 2_000 } as const;
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        return heatStep(small, scale) <= heatStep(large, scale) && heatStep(small, scale) >= 1;
      }),
    );
    expect(heatStep(0, { kind: 'log', lowLots: 1, highLots: 10 })).toBe(0);
    expect(heatStep(1e9, { kind: 'log', lowLots: 1, highLots: 10 })).toBe(RAMP_STEPS - 1);
  });

  it('rounds up to 1, 2, 5', () => {
    expect([0.011, 0.02, 3, 51, 100, 1_001].map(niceAbove).map((n) => Number(n.toPrecision(6)))).toEqual([
      0.02, 0.02, 5, 100, 100, 2_000,
    ]);
  });

  it('spans between 20 and 60 fold, and its top is no less than nearly all sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 1, max: 1e6, noNaN: true }), { minLength: 1 }), (sizes) => {
        const scale = chooseScale('log', Float32Array.from(sizes));
        if (scale === null) return false;
        const span = scale.highLots / scale.lowLots;
        const above = sizes.filter((size) => size > scale.highLots).length;
        return span > 19.9 && span < 60.1 && above <= Math.ceil(sizes.length * 0.04) + 1;
      }),
    );
    expect(chooseScale('log', new Float32Array(10))).toBeNull();
  });
});
