/** Explains one figure of a futures position: formula, terms, and the requirement down to the array cell and its table. */
import { unreachable } from '../../core/assert.ts';
import { ok, type Result } from '../../core/result.ts';
import { distanceTo } from '../brackets/liquidation-price.ts';
import { sideSign } from '../brackets/margin-balance.ts';
import { computed, input, markTerm, noFigure, SUM_FORMULA } from '../explain-terms.ts';
import type { DerivationTerm, ExplainedFigure } from '../margin-report.ts';
import { explainSpan } from '../span/explain-span.ts';
import { SPAN_LABEL } from '../span/parameter-set.ts';
import { type FuturesPool, type FuturesPosition, futuresLiquidation, lotsOf } from './futures-account.ts';
import type { RequirementClass } from './futures-rules.ts';

const DOLLARS = 'USD';

/** Derives one figure of a valued position; the root value is the reported one. Fails as `readPositions` does. */
export function explainFutures(
  figure: ExplainedFigure,
  pool: FuturesPool,
  valued: FuturesPosition,
): Result<DerivationTerm> {
  switch (figure) {
    case 'notional':
      return ok(notionalTerm(valued));
    case 'unrealisedPnl':
      return ok(pnlTerm(valued));
    case 'initialMargin':
      return requirementTerm('initial margin', 'initial', pool, [valued]);
    case 'maintenanceMargin':
      return requirementTerm('maintenance margin', 'maintenance', pool, [valued]);
    case 'marginRatio':
      return ratioTerm(pool);
    case 'liquidationPrice':
      return liquidationTerm(pool, valued);
    case 'bankruptcyPrice': {
      const why = 'None: futures share one account, no position has collateral of its own';
      return ok(noFigure('bankruptcy price', DOLLARS, why, []));
    }
    case 'distance':
      return distanceTerm(pool, valued);
    default:
      return unreachable(figure);
  }
}

function contractsTerm({ position, contracts }: FuturesPosition): DerivationTerm {
  return input('contracts', contracts, 'contracts', `entered position ${position.id}`);
}

function sideTerm({ position }: FuturesPosition): DerivationTerm {
  return input('side', sideSign(position.side), '', `entered position ${position.id}`);
}

function multiplierTerm({ multiplier, contract }: FuturesPosition): DerivationTerm {
  return input('multiplier', multiplier, 'USD for a price of 1', contract.product.source);
}

function entryTerm({ entryPrice, position }: FuturesPosition): DerivationTerm {
  return input('entry price', entryPrice, '', `entered position ${position.id}`);
}

function notionalTerm(valued: FuturesPosition): DerivationTerm {
  const terms = [contractsTerm(valued), multiplierTerm(valued), markTerm(valued, '')];
  return computed('notional', valued.notional, DOLLARS, 'contracts × multiplier × mark price', terms);
}

function pnlTerm(valued: FuturesPosition): DerivationTerm {
  return computed(
    'unrealised PnL',
    valued.unrealisedPnl,
    DOLLARS,
    'side × contracts × multiplier × (mark price − entry price)',
    [
      sideTerm(valued),
      contractsTerm(valued),
      multiplierTerm(valued),
      markTerm(valued, ''),
      entryTerm(valued),
    ],
  );
}

/** The requirement of some positions by themselves, with the set it stands on. */
function requirementTerm(
  label: string,
  of: RequirementClass,
  pool: FuturesPool,
  positions: readonly FuturesPosition[],
): Result<DerivationTerm> {
  const lots = lotsOf(pool.rules[of], positions);
  if (!lots.ok) return lots;
  const tree = explainSpan(pool.rules[of], pool.rules.calculators[of], lots.value);
  const value = typeof tree.value === 'number' ? tree.value : null;
  return ok(computed(label, value, DOLLARS, 'requirement', [tree, setTerm(pool)]));
}

function setTerm({ rules }: FuturesPool): DerivationTerm {
  const { set, isOutdated } = rules;
  const later = isOutdated ? '; no later margins are published here' : '';
  return {
    ...input('parameter set', set.id, '', SPAN_LABEL),
    terms: [
      input('margins of', set.date, '', `${set.source}${later}`),
      input('hash of the set', set.hash, '', set.id),
    ],
  };
}

function balanceTerm(pool: FuturesPool): DerivationTerm {
  const pnl = pool.positions.map((one) => {
    const { symbol, side } = one.position;
    return { ...pnlTerm(one), label: `unrealised PnL of ${symbol} ${side}` };
  });
  const formula = 'wallet balance + unrealised PnL of the account';
  return computed('margin balance', pool.marginBalance, DOLLARS, formula, [
    input('wallet balance', pool.walletBalance, DOLLARS, 'entered balance of the account'),
    computed('unrealised PnL of the account', pool.unrealisedPnl, DOLLARS, SUM_FORMULA, pnl),
  ]);
}

function ratioTerm(pool: FuturesPool): Result<DerivationTerm> {
  const required = requirementTerm('maintenance margin', 'maintenance', pool, pool.positions);
  if (!required.ok) return required;
  const terms = [balanceTerm(pool), required.value];
  if (pool.maintenanceMargin === 0) {
    return ok(noFigure('margin ratio', 'ratio', 'without bound: the positions require nothing', terms));
  }
  return ok(
    computed('margin ratio', pool.marginRatio, 'ratio', 'margin balance ÷ maintenance margin', terms),
  );
}

/** The line of the balance over one mark: from here, each point of it moves the balance by the net multiplier. */
function liquidationTerm(pool: FuturesPool, valued: FuturesPosition): Result<DerivationTerm> {
  const required = requirementTerm('maintenance margin', 'maintenance', pool, pool.positions);
  if (!required.ok) return required;
  const legs = pool.positions.filter((one) => one.instrument === valued.instrument);
  const net = legs.reduce(
    (sum, { position, contracts, multiplier }) => sum + sideSign(position.side) * contracts * multiplier,
    0,
  );
  const value = futuresLiquidation(pool, valued.instrument)?.price ?? null;
  const netTerms = legs.map((leg) => {
    const { side } = leg.position;
    const size = sideSign(side) * leg.contracts * leg.multiplier;
    return computed(`net size, ${side}`, size, 'USD for a price of 1', 'side × contracts × multiplier', [
      sideTerm(leg),
      contractsTerm(leg),
      multiplierTerm(leg),
    ]);
  });
  const terms = [
    markTerm(valued, ''),
    balanceTerm(pool),
    required.value,
    computed('net size', net, 'USD for a price of 1', SUM_FORMULA, netTerms),
  ];
  const label = 'liquidation price';
  if (value === null) {
    const why = 'None: no positive price brings the balance down to the maintenance margin';
    return ok(noFigure(label, '', why, terms));
  }
  const formula = 'mark price − (margin balance − maintenance margin) ÷ net size';
  return ok(computed(label, value, '', formula, terms));
}

function distanceTerm(pool: FuturesPool, valued: FuturesPosition): Result<DerivationTerm> {
  const price = liquidationTerm(pool, valued);
  if (!price.ok) return price;
  const terms = [markTerm(valued, ''), price.value];
  const label = 'distance to liquidation';
  const liquidation = futuresLiquidation(pool, valued.instrument);
  if (liquidation === null) return ok(noFigure(label, 'fraction', 'None: no liquidation price', terms));
  const value = distanceTo(liquidation, valued.mark.price) / valued.mark.price;
  const formula =
    liquidation.move === 'fall'
      ? '(mark price − liquidation price) ÷ mark price'
      : '(liquidation price − mark price) ÷ mark price';
  return ok(computed(label, value, 'fraction', formula, terms));
}
