/** Numbers for people: grouping, signs, ratios and percent. With `time.ts` the only place for Intl and for percent. */

/** One notation everywhere, the one the exchanges and our files use, so that a figure read here can be typed there. */
const LOCALE = 'en-US';
/** Shown where a figure is absent. */
export const ABSENT = '–';
const MINUS = '\u2212';
const THIN_SPACE = '\u202f';

const formats = new Map<number, Intl.NumberFormat>();

function fixed(decimals: number): Intl.NumberFormat {
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALE, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(decimals, format);
  }
  return format;
}

/** A true minus sign, and no minus on a figure that rounds to zero. */
function withMinus(text: string): string {
  if (!text.startsWith('-')) return text;
  return /[1-9]/.test(text) ? `${MINUS}${text.slice(1)}` : text.slice(1);
}

/** A number with exactly this many decimals, grouped by thousands. */
export function formatNumber(value: number, decimals: number): string {
  return withMinus(fixed(decimals).format(value));
}

/** Like {@link formatNumber}, with a plus on gains. */
export function formatSigned(value: number, decimals: number): string {
  const text = formatNumber(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A count. */
export function formatCount(value: number): string {
  return formatNumber(value, 0);
}

/** Exact decimal text with its digits grouped; no digit is added, dropped or rounded. */
export function formatDecimalText(text: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text);
  if (match === null) return text;
  const whole = (match[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',');
  return `${match[1] === '-' ? MINUS : ''}${whole}${match[3] ?? ''}`;
}

/** A fraction as percent: 0.0625 with 1 decimal → `6.3 %`. */
export function formatPercent(rate: number, decimals: number): string {
  return `${formatNumber(rate * 100, decimals)}${THIN_SPACE}%`;
}

/** Like {@link formatPercent}, with a plus on rises. */
export function formatSignedPercent(rate: number, decimals: number): string {
  return `${formatSigned(rate * 100, decimals)}${THIN_SPACE}%`;
}

/** A margin ratio. Two decimals, cut and not rounded: a ratio below an edge never reads as the edge. */
export function formatRatio(ratio: number): string {
  if (ratio >= 100) return '100+';
  if (ratio <= -100) return `under ${MINUS}100`;
  return formatNumber(Math.floor(ratio * 100 + 1e-9) / 100, 2);
}

/** A 32-bit state hash as eight hexadecimal digits. */
export function formatHash(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Percent text as a person types it into a number box, as a fraction; null when it is no number. */
export function parsePercent(text: string): number | null {
  const trimmed = text.replaceAll(MINUS, '-').replace(/[%\s\u202f]/g, '');
  if (!/^[+-]?\d+(\.\d+)?$/.test(trimmed)) return null;
  return Number(trimmed) / 100;
}
