// Every venue's liquidation price is where its own margin ratio is 1, within one tick, against a root finder with no formula.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { evaluateFormula } from '../../testkit/evaluate-formula.ts';
import { signChange } from '../../testkit/margin-oracle.ts';
import {
  excessOnBybit,
  excessOnOkx,
  excessOverBands,
  halvedLeverageBands,
  type OracleVenuePosition,
} from '../../testkit/naive-venue-margin.ts';
import { bandsOf, publishedBrackets } from '../../testkit/published-brackets.ts';
import type { DerivationTerm } from '../margin-report.ts';
import { marginForVenue, type VenueMarginRules } from './margin-for-venue.ts';
import type { SizeTier } from './okx-swap.ts';
import { type VenueFigure, type VenuePosition, venueMarginRatio } from './venue-margin.ts';

const COUNT = 20_000;
const SCHEDULES = [...new Set(publishedBrackets('2026-05-01').symbols.values())];

const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.fraction();
const logBetween = (rng: Rng, low: number, high: number): number =>
  Math.exp(between(rng, Math.log(low), Math.log(high)));

interface Case {
  readonly rules: VenueMarginRules;
  readonly position: VenuePosition;
  readonly mark: number;
  readonly oracle: OracleVenuePosition;
  readonly excess: (price: number) => number;
}

type Venue = VenueMarginRules['venue'];

/** Rules of the venue with the bands or tiers the oracle reads. */
function randomRules(
  rng: Rng,
  venue: Venue,
  takerFeeRate: number,
  size: number,
): { rules: VenueMarginRules; excess: (price: number, p: OracleVenuePosition) => number } {
  const brackets = SCHEDULES[rng.below(SCHEDULES.length)] ?? [];
  const bands = bandsOf(brackets);
  const tableSource = 'random table';
  switch (venue) {
    case 'binance-usdm':
      return {
        rules: { venue, brackets, tableSource },
        excess: (x, p) => excessOverBands(x, { ...p, bands }),
      };
    case 'bybit-linear':
      return {
        rules: { venue, brackets, takerFeeRate, tableSource },
        excess: (x, p) => excessOnBybit(x, { ...p, bands }),
      };
    case 'hyperliquid': {
      const top = 3 + rng.below(48);
      const tiers = [
        { lowerBound: 0, maxLeverage: top },
        { lowerBound: Math.round(logBetween(rng, 1e4, 1e8)), maxLeverage: Math.ceil(top / 2) },
      ];
      return {
        rules: { venue, tiers, tableSource },
        excess: (x, p) => excessOverBands(x, { ...p, bands: halvedLeverageBands(tiers) }),
      };
    }
    case 'okx-swap': {
      const tiers: readonly SizeTier[] = [0.3, 0.9, 2, null].map((share, i) => ({
        number: i + 1,
        maxSize: share === null ? null : share * size,
        maintenanceMarginRate: 0.004 * (i + 1),
        maxLeverage: 100 / (i + 1),
      }));
      const seen = tiers.map((t) => ({
        upTo: t.maxSize ?? Number.POSITIVE_INFINITY,
        rate: t.maintenanceMarginRate,
      }));
      return {
        rules: { venue, tiers, takerFeeRate, tableSource },
        excess: (x, p) => excessOnOkx(x, p, seen),
      };
    }
  }
}

function randomCase(rng: Rng, venue: Venue): Case {
  const mark = logBetween(rng, 1e-5, 1e5);
  const size = logBetween(rng, 5, 1e9) / mark;
  const side = rng.below(2) === 0 ? 'long' : 'short';
  const takerFeeRate = between(rng, 0, 0.001);
  const { rules, excess } = randomRules(rng, venue, takerFeeRate, size);
  const entryPrice = mark * between(rng, 0.6, 1.6);
  const leverage = 1 + rng.below(100);
  const isolated = venue === 'bybit-linear' || rng.below(2) === 0;
  const collateral = {
    walletBalance: size * mark * logBetween(rng, 0.002, 1.2),
    otherMaintenanceMargin: isolated ? 0 : size * mark * between(rng, 0, 0.1),
    otherUnrealisedPnl: isolated ? 0 : size * mark * between(rng, -0.1, 0.1),
  };
  const position: VenuePosition = { side, size, entryPrice, leverage, collateral };
  const oracle: OracleVenuePosition = {
    sign: side === 'long' ? 1 : -1,
    size,
    entryPrice,
    bands: [],
    leverage,
    behind: collateral.walletBalance - collateral.otherMaintenanceMargin + collateral.otherUnrealisedPnl,
    takerFeeRate,
  };
  return { rules, position, mark, oracle, excess: (price) => excess(price, oracle) };
}

const tickAt = (price: number): number => 10 ** (Math.floor(Math.log10(price)) - 5);

describe.each<Venue>(['binance-usdm', 'bybit-linear', 'okx-swap', 'hyperliquid'])('%s', (venue) => {
  it(`the ratio is 1 at the liquidation price within one tick, for ${COUNT} random positions`, () => {
    const rng = new Rng(20251010);
    let priced = 0;
    for (let i = 0; i < COUNT; i++) {
      const c = randomCase(rng, venue);
      const margin = marginForVenue(c.rules);
      const found = margin.liquidationPrice(c.position);
      const far = c.mark * 1e6;
      const root = signChange(c.excess, 0, far);
      if (found === null || root === null) {
        // A price beyond what the root finder searched is no disagreement.
        if (root !== null || (found !== null && found < far))
          throw new Error(`case ${i}: ${found}, oracle ${root}`);
        continue;
      }
      priced++;
      const tick = tickAt(root);
      if (!(Math.abs(found - root) <= tick)) throw new Error(`case ${i}: ${found}, oracle ${root}`);
      const away = c.position.side === 'long' ? tick : -tick;
      const before = venueMarginRatio(margin, c.position, found + away);
      const after = venueMarginRatio(margin, c.position, found - away);
      if (!(before > 1 && after < 1)) throw new Error(`case ${i}: ratio ${before} before, ${after} after`);
    }
    expect(priced).toBeGreaterThan(COUNT / 2);
  });

  it('more margin moves the price away, and bankruptcy lies beyond liquidation', () => {
    const rng = new Rng(3);
    for (let i = 0; i < 2_000; i++) {
      const { rules, position } = randomCase(rng, venue);
      const margin = marginForVenue(rules);
      const { collateral, side } = position;
      const walletBalance = collateral.walletBalance * 1.1;
      const richer = { ...position, collateral: { ...collateral, walletBalance } };
      const [poor, rich, gone] = [
        margin.liquidationPrice(position),
        margin.liquidationPrice(richer),
        margin.bankruptcyPrice({ ...position, collateral: { ...collateral, otherMaintenanceMargin: 0 } }),
      ];
      if (side === 'long') expect(rich ?? 0).toBeLessThanOrEqual(poor ?? 0);
      else expect(rich ?? 0).toBeGreaterThanOrEqual(poor ?? 0);
      if (side === 'short' && poor !== null && gone !== null) expect(gone).toBeGreaterThan(poor);
      if (side === 'long' && poor !== null) expect(gone ?? 0).toBeLessThan(poor);
    }
  });

  it('every figure re-evaluates from the words of its formula, down to sourced inputs', () => {
    const rng = new Rng(11);
    const figures: readonly VenueFigure[] = [
      'initialMargin',
      'maintenanceMargin',
      'feeToClose',
      'bankruptcyPrice',
      'liquidationPrice',
    ];
    let formulas = 0;
    for (let i = 0; i < 500; i++) {
      const { rules, position, mark } = randomCase(rng, venue);
      const margin = marginForVenue(rules);
      for (const figure of figures) formulas += checkTree(margin.explain(figure, position, mark));
    }
    expect(formulas).toBeGreaterThan(1_500);
  });
});

function checkTree(term: DerivationTerm): number {
  const below = term.terms.reduce((n, part) => n + checkTree(part), 0);
  if (term.formula === null) {
    expect(term.source).not.toBe('');
    return below;
  }
  if (term.value === null) {
    expect(term.formula).toMatch(/^None: /);
    return below;
  }
  const scale = Math.max(
    ...term.terms.map((part) => Math.abs(Number(part.value))),
    Math.abs(Number(term.value)),
  );
  expect(Math.abs(evaluateFormula(term) - Number(term.value))).toBeLessThanOrEqual(scale * 1e-9);
  return below + 1;
}
