/**
 * Colours of the depth heatmap: one perceptual ramp per ground, in the family of cividis (dull blue to yellow).
 *
 * The ramp is a straight line in OKLab. Its lightness L is linear in the input, so equal steps look equal; its
 * a component stays near 0, so readers with red-green colour blindness see the same order; its b component goes
 * from blue to yellow. OKLab to sRGB: B. Ottosson, "A perceptual color space for image processing" (2020),
 * https://bottosson.github.io/posts/oklab/, and the sRGB transfer curve of IEC 61966-2-1.
 */

/** A colour in OKLab: lightness 0…1, green-red, blue-yellow. */
export interface Oklab {
  readonly l: number;
  readonly a: number;
  readonly b: number;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** How sizes become colour. */
export type HeatScaleKind = 'log' | 'linear';

/** Steps of a ramp. */
export const RAMP_STEPS = 256;

const toGamma = (u: number): number => (u <= 0.0031308 ? 12.92 * u : 1.055 * u ** (1 / 2.4) - 0.055);
const toLinear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const toByte = (u: number): number => Math.round(Math.min(1, Math.max(0, toGamma(u))) * 255);

export function oklabToRgb({ l, a, b }: Oklab): Rgb {
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    toByte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    toByte(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

export function rgbToOklab([red, green, blue]: Rgb): Oklab {
  const r = toLinear(red / 255);
  const g = toLinear(green / 255);
  const u = toLinear(blue / 255);
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * u);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * u);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * u);
  return {
    l: 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    a: 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    b: 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  };
}

/** Where a ramp goes from the ground it lies on: up to a pale yellow on dark, down to a deep ochre on light. */
const DARK_END: Oklab = { l: 0.83, a: -0.018, b: 0.115 };
const LIGHT_END: Oklab = { l: 0.68, a: 0.004, b: 0.13 };
/** Part of the blue that the low end takes on, so that thin depth reads cool before it reads warm. */
const LOW_BLUE = -0.05;
/** A trace of green through the middle keeps the passage from blue to yellow from going grey. */
const MIDDLE_GREEN = -0.016;
/** OKLab lightness is all but black below this, so a ramp on pure black begins here to keep its steps visible. */
const LOWEST_LIGHTNESS = 0.16;

/**
 * The ramp over a ground colour: step 0 is the ground itself (nothing rests there), the last step the most.
 * Packed RGB bytes, {@link RAMP_STEPS} × 3.
 */
export function heatRamp(ground: Rgb): Uint8ClampedArray {
  const from = rgbToOklab(ground);
  const end = from.l < 0.5 ? DARK_END : LIGHT_END;
  const low = Math.max(from.l, LOWEST_LIGHTNESS);
  const bytes = new Uint8ClampedArray(RAMP_STEPS * 3);
  bytes.set(ground, 0);
  for (let step = 1; step < RAMP_STEPS; step++) {
    const t = step / (RAMP_STEPS - 1);
    // Zero blue pull at both ends, most in the lower third; it touches hue only, never lightness.
    const blue = LOW_BLUE * 6.75 * t * (1 - t) ** 2;
    const rgb = oklabToRgb({
      l: low + (end.l - low) * t,
      a: from.a + (end.a - from.a) * t + MIDDLE_GREEN * 4 * t * (1 - t),
      b: from.b + (end.b - from.b) * t + blue,
    });
    bytes.set(rgb, step * 3);
  }
  return bytes;
}

/** The same ramp without hue: what is shown while the data is not live. */
export function greyRamp(ground: Rgb): Uint8ClampedArray {
  const bytes = heatRamp(ground);
  for (let step = 0; step < RAMP_STEPS; step++) {
    const at = step * 3;
    const lab = rgbToOklab([bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0]);
    bytes.set(oklabToRgb({ l: lab.l, a: 0, b: 0 }), at);
  }
  return bytes;
}

/** Range of sizes that the ramp spreads over, in lots. */
export interface HeatScale {
  readonly kind: HeatScaleKind;
  /** Sizes at or below are drawn in the lowest colour (log only; linear starts at 0). */
  readonly lowLots: number;
  /** Sizes at or above are drawn in the highest colour. */
  readonly highLots: number;
}

/** Step of the ramp for a size: 0 for nothing, at least 1 for anything. */
export function heatStep(sizeLots: number, scale: HeatScale): number {
  if (!(sizeLots > 0)) return 0;
  const share =
    scale.kind === 'linear'
      ? sizeLots / scale.highLots
      : Math.log(sizeLots / scale.lowLots) / Math.log(scale.highLots / scale.lowLots);
  return Math.max(1, Math.min(RAMP_STEPS - 1, Math.round(share * (RAMP_STEPS - 1))));
}

/** Rounds up to 1, 2 or 5 times a power of ten, so that a scale is readable and changes rarely. */
export function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((f) => f * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/**
 * Shares of the sample at which a scale begins and ends. In a recorded BTCUSDT book (345 s, 192 rows of 5 USDT) half
 * of the rows hold over 5 BTC, 4 % over 40 and 2 %, two standing walls, over 500: a scale up to the walls would show
 * nothing else.
 */
const LOW_SHARE = 0.15;
const HIGH_SHARE = 0.96;
/** A log scale spans 20 to 60 fold: less shows noise as drama, more makes everything alike. */
const MOST_SPAN = 60;
const MIDDLING_SPAN = 25;

/**
 * Chooses a scale from a sample of sizes, zeros left out: the top is a high percentile, the bottom a low one within
 * a set distance of the top, both rounded up to 1, 2 or 5. Null when nothing rests anywhere.
 */
export function chooseScale(kind: HeatScaleKind, sample: Float32Array): HeatScale | null {
  const sizes = sample.filter((size) => size > 0).sort();
  if (sizes.length === 0) return null;
  const at = (share: number): number => sizes[Math.floor((sizes.length - 1) * share)] ?? 1;
  const highLots = niceAbove(at(HIGH_SHARE));
  const least = niceAbove(highLots / MOST_SPAN);
  const most = niceAbove(highLots / MIDDLING_SPAN);
  const lowLots = Math.min(Math.max(niceAbove(at(LOW_SHARE) / 2), least), most);
  return { kind, lowLots, highLots };
}
