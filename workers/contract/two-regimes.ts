/** One portfolio under crypto brackets and under SPAN side by side: what the page asks and is told. */
export type { GapStep } from '../../engine/risk/portfolio/side-by-side.ts';
export type {
  RegimeChoices,
  TwoRegimes,
} from '../../engine/risk/portfolio/side-by-side-report.ts';
export type { ScanRate } from '../../engine/risk/portfolio/side-by-side-scan.ts';
