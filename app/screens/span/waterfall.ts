/** The steps from scan risk to requirement, of one commodity or of all. */
import type { CommodityMargin, SpanReport } from '../../../engine/margin/span/span-margin.ts';

/** One step: what it adds, and where the sum stands after it. */
export interface WaterfallStep {
  readonly id: 'scan' | 'calendar' | 'spot' | 'credit' | 'minimum' | 'class' | 'option' | 'unused' | 'total';
  readonly label: string;
  /** Signed; for the total the sum itself. */
  readonly amount: number;
  readonly after: number;
  /** Label of the term that explains it. */
  readonly term: string;
}

type Parts = Pick<
  CommodityMargin,
  | 'scanRisk'
  | 'calendarCharge'
  | 'spotCharge'
  | 'interCredit'
  | 'shortOptionMinimum'
  | 'risk'
  | 'netOptionValue'
>;

/** The steps of one commodity; option value that nothing is left to set off against is shown as not used. */
export function commodityWaterfall(parts: Parts): readonly WaterfallStep[] {
  return steps([parts], Math.max(0, parts.risk - parts.netOptionValue), 'risk of');
}

/** The steps of a report, or null where it holds several currencies, which do not add up. */
export function reportWaterfall(report: SpanReport): readonly WaterfallStep[] | null {
  if (report.commodities.some((c) => c.currency !== report.baseCurrency)) return null;
  return steps(report.commodities, report.requirement, 'requirement');
}

function steps(all: readonly Parts[], requirement: number, total: string): readonly WaterfallStep[] {
  const sum = (of: (parts: Parts) => number): number => all.reduce((whole, parts) => whole + of(parts), 0);
  const charged = (p: Parts): number => p.scanRisk + p.calendarCharge + p.spotCharge - p.interCredit;
  const least = (p: Parts): number => Math.max(charged(p), p.shortOptionMinimum);
  const optionValue = sum((p) => p.netOptionValue);
  const rows: readonly (readonly [WaterfallStep['id'], string, number, string])[] = [
    ['scan', 'Scan risk', sum((p) => p.scanRisk), 'scan risk'],
    ['calendar', 'Calendar charge', sum((p) => p.calendarCharge), 'calendar charge'],
    ['spot', 'Delivery charge', sum((p) => p.spotCharge), 'delivery charge'],
    ['credit', 'Inter-commodity credit', -sum((p) => p.interCredit), 'credit'],
    ['minimum', 'Short option minimum', sum((p) => least(p) - charged(p)), 'short option minimum'],
    ['class', 'Class factor, rounding', sum((p) => p.risk - least(p)), 'class factor'],
    ['option', 'Net option value', -optionValue, 'net option value'],
    ['unused', 'Option value not used', requirement - (sum((p) => p.risk) - optionValue), 'net option value'],
  ];
  let after = 0;
  const walked = rows.map(([id, label, amount, term]): WaterfallStep => {
    after += amount;
    return { id, label, amount, after, term };
  });
  return [
    ...walked,
    { id: 'total', label: 'Requirement', amount: requirement, after: requirement, term: total },
  ];
}
