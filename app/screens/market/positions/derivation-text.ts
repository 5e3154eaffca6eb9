/** A derivation as lines of text: for the clipboard, and the same words as on screen. */
import type { DerivationTerm } from '../../../../engine/margin/margin-report.ts';
import { ABSENT, formatDecimalText, formatNumber } from '../../../format/number.ts';
import { formatDateTime, type Zone, zoneName } from '../../../format/time.ts';

/** Decimals of an input: as many as a venue prints, so that the formula can be worked out again by hand. */
const INPUT_DECIMALS = 8;

/** Decimals that show a computed number fully enough, without noise. */
function decimalsOf(value: number): number {
  const size = Math.abs(value);
  if (size >= 1_000) return 2;
  if (size >= 1) return 4;
  return 6;
}

/** Zeros at the end of a computed fraction say nothing; those of typed text were typed. */
function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Every source of a derivation once, in the order of the terms: footnotes. */
export function sourcesOf(term: DerivationTerm): readonly string[] {
  const own = term.source === null ? [] : [term.source];
  return [...new Set([...own, ...term.terms.flatMap(sourcesOf)])];
}

/** The value of a term. */
export function termValue({ value, unit, formula }: DerivationTerm): string {
  if (value === null) return 'None';
  if (unit === 'fraction' && typeof value === 'number') {
    return `${withoutTrailingZeros(formatNumber(value * 100, INPUT_DECIMALS - 2))} %`;
  }
  const text =
    typeof value === 'number'
      ? withoutTrailingZeros(formatNumber(value, formula === null ? INPUT_DECIMALS : decimalsOf(value)))
      : formatDecimalText(value);
  return unit === '' ? text : `${text} ${unit}`;
}

/** A source in words for people: the instants of the engine as date and time. */
export function sourceWords(source: string, zone: Zone): string {
  return source.replace(/\b(\d{16}) µs/g, (_, digits: string) => {
    const atMicros = Number(digits);
    return `${formatDateTime(atMicros, zone)} ${zoneName(atMicros, zone)}`;
  });
}

/** The whole tree, one term a line, indented by depth. */
export function derivationText(term: DerivationTerm, zone: Zone, depth = 0): string {
  const indent = '  '.repeat(depth);
  const lines = [`${indent}${term.label}: ${termValue(term) === '' ? ABSENT : termValue(term)}`];
  if (term.formula !== null) lines.push(`${indent}  = ${term.formula}`);
  if (term.source !== null) lines.push(`${indent}  source: ${sourceWords(term.source, zone)}`);
  return [...lines, ...term.terms.map((part) => derivationText(part, zone, depth + 1))].join('\n');
}
