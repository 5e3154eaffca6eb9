/** Two regimes in words and in the bars of a waterfall, whose printed amounts add up to the last digit. */
import type { GapStep, TwoRegimes } from '../../../workers/contract/two-regimes.ts';
import { formatNumber, formatRatio } from '../../format/number.ts';

/** From here on cents are noise. */
const WHOLE_FROM = 10_000;

/** Decimals that all amounts of one comparison are shown with. */
export function decimalsOf({ byBrackets, bySpan }: Pick<TwoRegimes, 'byBrackets' | 'bySpan'>): number {
  return Math.max(byBrackets, bySpan) >= WHOLE_FROM ? 0 : 2;
}

/** One bar. */
export interface GapBar extends GapStep {
  readonly from: number;
  readonly to: number;
}

/** The steps as bars; each amount is the difference of the rounded sums before and after it, so that what is read adds up. */
export function gapBars(byBrackets: number, gap: readonly GapStep[], decimals: number): readonly GapBar[] {
  const scale = 10 ** decimals;
  const rounded = (value: number): number => Math.round(value * scale);
  let after = byBrackets;
  return gap.map((step): GapBar => {
    const before = after;
    after += step.amount;
    const [from, to] = [rounded(before), rounded(after)];
    return { ...step, amount: (to - from) / scale, from: from / scale, to: to / scale };
  });
}

/** How often the equity covers a requirement. */
export function coverWords(balance: number, requirement: number): string {
  if (requirement <= 0) return 'nothing is required';
  const ratio = balance / requirement;
  return `equity covers it ${formatRatio(ratio)} times`;
}

/** The gap in one sentence. */
export function gapSentence({ byBrackets, bySpan }: Pick<TwoRegimes, 'byBrackets' | 'bySpan'>): string {
  if (byBrackets <= 0 || bySpan <= 0) return 'One side requires nothing, so there is no ratio of the two.';
  const ratio = bySpan / byBrackets;
  if (Math.abs(ratio - 1) < 0.005) return 'Both ask for the same.';
  return ratio > 1
    ? `SPAN asks for ${formatNumber(ratio, 2)} times what the brackets ask.`
    : `The brackets ask for ${formatNumber(1 / ratio, 2)} times what SPAN asks.`;
}

/** Currency of the sums. */
export function unitOf({ positions }: Pick<TwoRegimes, 'positions'>): string {
  const hasFutures = positions.some(({ assumed }) => assumed === 'brackets');
  const hasPerpetuals = positions.some(({ assumed }) => assumed === 'span');
  if (hasFutures && hasPerpetuals) return 'USDT and USD at 1:1';
  return hasFutures ? 'USD' : 'USDT';
}

/** What is in no sum; empty where everything is. */
export function leftWords(left: number): string {
  if (left === 0) return '';
  return left === 1
    ? '1 position without figures is left out.'
    : `${left} positions without figures are left out.`;
}
