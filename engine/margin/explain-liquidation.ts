/** Derivations of the liquidation price and of the distance to it. */
import { distanceTo, type LiquidationPrice } from './brackets/liquidation-price.ts';
import type { NotionalBracket } from './brackets/notional-bracket.ts';
import {
  amountTerm,
  bracketTerm,
  computed,
  type ExplainContext,
  entryTerm,
  input,
  maintenanceMarginTerm,
  markTerm,
  noFigure,
  pnlTerm,
  rateTerm,
  SUM_FORMULA,
  sideTerm,
  sizeTerm,
  walletTerm,
} from './explain-terms.ts';
import type { DerivationTerm } from './margin-report.ts';
import { positionLiquidation } from './portfolio-margin.ts';
import { type AccountState, groupOf, type ValuedPosition } from './portfolio-state.ts';

/**
 * The liquidation price: the exchange's formula over the bracket in force at that price, the other cross positions as
 * frozen sums with one line for each.
 */
export function liquidationTerm(
  state: AccountState,
  valued: ValuedPosition,
  context: ExplainContext,
): DerivationTerm {
  const liquidation = positionLiquidation(state, valued);
  const legs = groupOf(state.cross, valued)?.legs ?? [valued];
  const others = valued.isolatedWallet === null ? otherPositions(state, valued) : [];
  const collateral = collateralTerms(state, valued, others, context);
  const brackets = liquidation?.brackets ?? legs.map((leg) => leg.bracket);
  const rows = legs.flatMap((leg, i) => legTerms(leg, brackets[i] ?? leg.bracket, legs.length > 1, context));
  const terms = [...collateral, ...rows];
  if (liquidation === null) return noFigure('liquidation price', 'USDT', noneBecause(legs), terms);
  const formula = legs.length > 1 ? hedgeFormula(legs) : ONE_LEG_FORMULA;
  return computed('liquidation price', liquidation.price, 'USDT', formula, terms);
}

const COLLATERAL = 'wallet balance − maintenance of other positions + unrealised PnL of other positions';
const ONE_LEG_FORMULA = `(${COLLATERAL} + maintenance amount − side × size × entry price) ÷ (size × maintenance margin rate − side × size)`;

function hedgeFormula(legs: readonly ValuedPosition[]): string {
  const sides = legs.map((leg) => leg.position.side);
  const away = (side: string): string => (side === 'long' ? '−' : '+');
  const amounts = sides.map((side) => `+ ${side} maintenance amount`).join(' ');
  const entries = sides.map((side) => `${away(side)} ${side} size × ${side} entry price`).join(' ');
  const rates = sides.map((side) => `${side} size × ${side} maintenance margin rate`).join(' + ');
  const sizes = sides.map((side) => `${away(side)} ${side} size`).join(' ');
  return `(${COLLATERAL} ${amounts} ${entries}) ÷ (${rates} ${sizes})`;
}

function noneBecause(legs: readonly ValuedPosition[]): string {
  const [only] = legs;
  if (legs.length > 1)
    return 'None: no price within reach brings both sides together down to their maintenance margin';
  return only?.position.side === 'short'
    ? 'None: the margin is below maintenance at every positive price'
    : 'None: the margin covers a fall to zero';
}

function otherPositions(state: AccountState, valued: ValuedPosition): readonly ValuedPosition[] {
  return (state.cross?.positions ?? []).filter((p) => p.instrument !== valued.instrument);
}

function collateralTerms(
  state: AccountState,
  valued: ValuedPosition,
  others: readonly ValuedPosition[],
  context: ExplainContext,
): readonly DerivationTerm[] {
  const group = groupOf(state.cross, valued);
  const { currency } = context;
  const wallet =
    valued.isolatedWallet === null
      ? walletTerm('wallet balance', state.walletBalance, currency, `${state.account.name}, cross`)
      : walletTerm('wallet balance', valued.isolatedWallet, currency, `${valued.position.id}, isolated`);
  const named = (term: DerivationTerm, of: ValuedPosition): DerivationTerm => ({
    ...term,
    label: `${term.label} of ${of.position.symbol} ${of.position.side}`,
  });
  if (others.length === 0) {
    const none = 'no other cross position';
    return [
      wallet,
      input('maintenance of other positions', 0, currency, none),
      input('unrealised PnL of other positions', 0, currency, none),
    ];
  }
  return [
    wallet,
    computed(
      'maintenance of other positions',
      group?.otherMaintenanceMargin ?? 0,
      currency,
      SUM_FORMULA,
      others.map((other) => named(maintenanceMarginTerm(other, context), other)),
    ),
    computed(
      'unrealised PnL of other positions',
      group?.otherUnrealisedPnl ?? 0,
      currency,
      SUM_FORMULA,
      others.map((other) => named(pnlTerm(other, context), other)),
    ),
  ];
}

function legTerms(
  leg: ValuedPosition,
  bracket: NotionalBracket,
  hedge: boolean,
  context: ExplainContext,
): readonly DerivationTerm[] {
  const prefix = hedge ? `${leg.position.side} ` : '';
  const terms = [
    ...(hedge ? [] : [sideTerm(leg)]),
    sizeTerm(leg),
    entryTerm(leg),
    rateTerm('maintenance margin rate', leg, bracket, context),
    amountTerm('maintenance amount', leg, bracket, context),
    bracketTerm(leg, bracket, context),
  ];
  return terms.map((term) => ({ ...term, label: `${prefix}${term.label}` }));
}

/** Distance to liquidation as a fraction of the mark, in the direction of the loss. */
export function distanceTerm(
  state: AccountState,
  valued: ValuedPosition,
  context: ExplainContext,
): DerivationTerm {
  const liquidation: LiquidationPrice | null = positionLiquidation(state, valued);
  const terms = [markTerm(valued), liquidationTerm(state, valued, context)];
  if (liquidation === null)
    return noFigure('distance to liquidation', 'fraction', 'None: no liquidation price', terms);
  const value = distanceTo(liquidation, valued.mark.price) / valued.mark.price;
  const formula =
    liquidation.move === 'fall'
      ? '(mark price − liquidation price) ÷ mark price'
      : '(liquidation price − mark price) ÷ mark price';
  return computed('distance to liquidation', value, 'fraction', formula, terms);
}
