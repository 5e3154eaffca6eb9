/** Axes of the run's charts: where a time and a value lie, and round numbers to write beside them. */

/** A straight scale between values and pixels. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** Pixel of a value. */
export function place({ from, to, start, end }: Scale, value: number): number {
  return to === from ? start : start + ((value - from) / (to - from)) * (end - start);
}

/** Value at a pixel, held within the scale. */
export function valueAt({ from, to, start, end }: Scale, pixel: number): number {
  const share = end === start ? 0 : (pixel - start) / (end - start);
  return from + Math.min(1, Math.max(0, share)) * (to - from);
}

/** The stretch of a run that is drawn: all of it, or `seconds` around the cursor, moved a quarter at a time. */
export function timeWindow(
  run: { readonly startMicros: number; readonly endMicros: number },
  seconds: number | null,
  atMicros: number,
): { readonly from: number; readonly to: number } {
  const { startMicros, endMicros } = run;
  const width = (seconds ?? Number.POSITIVE_INFINITY) * 1e6;
  if (width >= endMicros - startMicros) return { from: startMicros, to: endMicros };
  const quarters = Math.round((atMicros - startMicros) / (width / 4));
  const from = startMicros + quarters * (width / 4) - width / 2;
  const held = Math.min(endMicros - width, Math.max(startMicros, from));
  return { from: held, to: held + width };
}

/** 1, 2 or 5 times a power of ten: the step that makes at most `most` steps of a span. */
export function roundStep(span: number, most: number): number {
  if (!(span > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(span / most));
  return ([1, 2, 5, 10].find((n) => span / (n * unit) <= most) ?? 10) * unit;
}

const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

/** Seconds between marks of a time axis. */
export function timeStep(spanSeconds: number, most: number): number {
  return TIME_STEPS.find((step) => spanSeconds / step <= most) ?? 28_800;
}

/** Seconds from the start as `m:ss`, with hours where there are any. */
export function elapsedText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-9));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** An amount of currency in few signs: `$12.4M`. */
export function moneyText(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '\u2212' : '';
  if (size >= 1e9) return `${sign}$${(size / 1e9).toFixed(2)}B`;
  if (size >= 1e6) return `${sign}$${(size / 1e6).toFixed(size >= 1e8 ? 0 : 1)}M`;
  if (size >= 1e3) return `${sign}$${(size / 1e3).toFixed(size >= 1e5 ? 0 : 1)}k`;
  return `${sign}$${size.toFixed(0)}`;
}
