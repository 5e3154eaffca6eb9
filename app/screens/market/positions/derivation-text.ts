/** A derivation as lines of text: for the clipboard, and the same words as on screen. */
import type { DerivationTerm } from '../../../../engine/margin/margin-report.ts';
import { ABSENT, formatDecimalText, formatNumber } from '../../../format/number.ts';

/** Decimals that show a number fully enough to check it by hand, without noise. */
function decimalsOf(value: number): number {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return 0;
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
export function termValue({ value, unit }: Pick<DerivationTerm, 'value' | 'unit'>): string {
  if (value === null) return 'None';
  const text =
    typeof value === 'number'
      ? withoutTrailingZeros(formatNumber(value, decimalsOf(value)))
      : formatDecimalText(value);
  return unit === '' ? text : `${text} ${unit}`;
}

/** The whole tree, one term a line, indented by depth. */
export function derivationText(term: DerivationTerm, depth = 0): string {
  const indent = '  '.repeat(depth);
  const lines = [`${indent}${term.label}: ${termValue(term) === '' ? ABSENT : termValue(term)}`];
  if (term.formula !== null) lines.push(`${indent}  = ${term.formula}`);
  if (term.source !== null) lines.push(`${indent}  source: ${term.source}`);
  return [...lines, ...term.terms.map((part) => derivationText(part, depth + 1))].join('\n');
}
