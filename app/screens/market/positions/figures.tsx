/** The figures of a position, each the same words and decimals wherever it is shown. */
import type {
  ExplainedFigure,
  PositionFigures,
  PositionMargin,
} from '../../../../engine/margin/margin-report.ts';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import { formatCount, formatNumber, formatSigned, formatSignedPercent } from '../../../format/number.ts';
import type { AccountFigure } from '../../../state/explain-store.ts';

/** Decimals of amounts in the settlement currency. */
const MONEY_DECIMALS = 2;

/** Decimals of prices of a contract: those of its tick, or of the entry price as typed where the contract is unknown. */
export function priceDecimals(spec: ContractSpec | undefined, entryPrice: string): number {
  return spec?.tickSize.scale ?? entryPrice.split('.')[1]?.length ?? 0;
}

export function money(value: number): string {
  return formatNumber(value, MONEY_DECIMALS);
}

export function signedMoney(value: number): string {
  return formatSigned(value, MONEY_DECIMALS);
}

/** Liquidation price in words: None where no price liquidates. */
export function liquidationPrice(figures: PositionFigures, decimals: number): string {
  return figures.liquidationPrice === null ? 'None' : formatNumber(figures.liquidationPrice, decimals);
}

/** Bankruptcy price in words: None for cross, where other collateral answers too. */
export function bankruptcyPrice(figures: PositionFigures, decimals: number): string {
  return figures.bankruptcyPrice === null ? 'None' : formatNumber(figures.bankruptcyPrice, decimals);
}

/** The move of the mark that liquidates, with its direction; a long usually dies of a fall, a short of a rise. */
export function distance({
  figures,
  side,
}: Pick<PositionMargin, 'side'> & { readonly figures: PositionFigures }): string {
  const { distanceRate, liquidationPrice: price, markPrice } = figures;
  if (distanceRate === null || price === null) return 'None';
  if (distanceRate < 0) return 'passed';
  const down = price === markPrice ? side === 'long' : price < markPrice;
  return formatSignedPercent(down ? -distanceRate : distanceRate, 1);
}

/** The same distance in ticks and in standard deviations of a day, for a second line or a tooltip. */
export function distanceDetail(figures: PositionFigures): string {
  const { distanceTicks, distanceSigma } = figures;
  if (distanceTicks === null) return 'no price liquidates this position';
  const ticks = `${formatCount(Math.round(distanceTicks))} ticks`;
  return distanceSigma === null
    ? `${ticks}, volatility not known yet`
    : `${ticks}, ${formatNumber(distanceSigma, 1)} standard deviations of a day`;
}

export function sigmas(figures: PositionFigures): string {
  return figures.distanceSigma === null ? 'unknown' : `${formatNumber(figures.distanceSigma, 1)} σ`;
}

/** A figure as a button that opens its derivation. The table listens for all its buttons at once. */
export function Figure({
  figure,
  label,
  className = '',
  title,
  children,
}: {
  readonly figure: ExplainedFigure | AccountFigure;
  readonly label: string;
  readonly className?: string;
  readonly title?: string;
  readonly children: React.ReactNode;
}): React.ReactElement {
  return (
    <button type="button" className={`figure ${className}`} data-figure={figure} title={title}>
      <span className="visually-hidden">{label} </span>
      {children}
    </button>
  );
}
