// The liquidation price of a million random positions against a root finder that knows no closed form.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import {
  type Band,
  bandedRequirement,
  excessAt,
  farPrice,
  type OraclePosition,
  signChange,
} from '../../testkit/margin-oracle.ts';
import { bandsOf, publishedBrackets } from '../../testkit/published-brackets.ts';
import { BRACKET_TABLE_DATES } from './bracket-table.ts';
import { type LiquidationPrice, liquidationPrice } from './liquidation-price.ts';
import { maintenanceMargin } from './maintenance-margin.ts';
import { bracketAt, type NotionalBrackets } from './notional-bracket.ts';

const COUNT = 1_000_000;

interface Symbol {
  readonly brackets: NotionalBrackets;
  readonly bands: readonly Band[];
}

/** Every distinct schedule of all four tables. */
function schedules(): readonly Symbol[] {
  return BRACKET_TABLE_DATES.flatMap((date) =>
    [...new Set(publishedBrackets(date).symbols.values())].map((brackets) => ({
      brackets,
      bands: bandsOf(brackets),
    })),
  );
}

interface Case {
  readonly legs: readonly OraclePosition[];
  readonly symbol: Symbol;
  readonly mark: number;
  readonly wallet: number;
  readonly otherMaintenance: number;
  readonly otherPnl: number;
}

const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.fraction();
const logBetween = (rng: Rng, low: number, high: number): number =>
  Math.exp(between(rng, Math.log(low), Math.log(high)));

/** One, or in hedge mode two, legs of one symbol; cross ones beside up to three other positions. */
function randomCase(rng: Rng, symbols: readonly Symbol[]): Case {
  const symbol = symbols[rng.below(symbols.length)] as Symbol;
  const mark = logBetween(rng, 1e-5, 1e5);
  const lastFloor = symbol.brackets.at(-1)?.floor ?? 0;
  const notional = logBetween(rng, 5, Math.max(lastFloor * 2, 1000));
  const leg = (sign: 1 | -1, size: number): OraclePosition => ({
    sign,
    size,
    entryPrice: mark * between(rng, 0.6, 1.6),
    bands: symbol.bands,
  });
  const kind = rng.below(4);
  const size = notional / mark;
  const legs =
    kind === 3
      ? [leg(1, size), leg(-1, size * between(rng, 0.05, 2))]
      : [leg(rng.below(2) === 0 ? 1 : -1, size)];
  let otherMaintenance = 0;
  let otherPnl = 0;
  for (let n = kind < 2 ? 0 : rng.below(4); n > 0; n--) {
    const other = symbols[rng.below(symbols.length)] as Symbol;
    const otherNotional = notional * logBetween(rng, 0.01, 100);
    otherMaintenance += bandedRequirement(otherNotional, other.bands);
    otherPnl += otherNotional * between(rng, -0.3, 0.3);
  }
  // Margin ratios from hopeless to fifty, most of them near the ladder; now and then an empty wallet.
  const required =
    otherMaintenance + legs.reduce((sum, l) => sum + bandedRequirement(l.size * mark, l.bands), 0);
  const pnl = otherPnl + legs.reduce((sum, l) => sum + l.sign * l.size * (mark - l.entryPrice), 0);
  const wallet = rng.below(50) === 0 ? 0 : required * logBetween(rng, 0.5, 50) - pnl;
  return { legs, symbol, mark, wallet, otherMaintenance, otherPnl };
}

function solve(c: Case): LiquidationPrice | null {
  return liquidationPrice(
    { walletBalance: c.wallet, otherMaintenanceMargin: c.otherMaintenance, otherUnrealisedPnl: c.otherPnl },
    c.legs.map((l) => ({ side: l.sign === 1 ? 'long' : 'short', size: l.size, entryPrice: l.entryPrice })),
    c.symbol.brackets,
    c.mark,
  );
}

/** What is wrong with the answer to one case, or null. */
function verdict(c: Case, found: LiquidationPrice | null, seen: Record<string, number>): string | null {
  const collateral = c.wallet + c.otherPnl - c.otherMaintenance;
  const excess = (price: number): number => excessAt(price, collateral, c.legs);
  const count = (what: string): void => {
    seen[what] = (seen[what] ?? 0) + 1;
  };
  if (found !== null) {
    const tick = 10 ** (Math.floor(Math.log10(found.price)) - 5);
    const [worse, better] = found.move === 'fall' ? [-tick, tick] : [tick, -tick];
    if (!(excess(found.price + better) > 0)) return `ratio is not above 1 one tick before ${found.price}`;
    if (!(excess(found.price + worse) < 0)) return `ratio is not below 1 one tick beyond ${found.price}`;
    c.legs.forEach((leg, i) => {
      if (found.brackets[i] !== bracketAt(c.symbol.brackets, leg.size * c.mark)) count('bracket re-selected');
    });
  }
  const alive = excess(c.mark) > 0;
  count(
    `${c.legs.length === 2 ? 'hedge' : c.legs[0]?.sign === 1 ? 'long' : 'short'} ${found?.move ?? 'none'}`,
  );
  if (c.legs.length === 1) {
    const root = signChange(excess, 0, farPrice(collateral, c.legs));
    return sameRoot(root, found);
  }
  if (!alive) return found === null ? null : sameSide(c, found);
  const fall = signChange(excess, 0, c.mark);
  const rise = signChange(excess, c.mark, farPrice(collateral, c.legs));
  if (fall === null && rise !== null && rise >= 2 * c.mark && excess(c.mark * (1 + 1e-9)) >= excess(c.mark)) {
    count('far edge left out');
    return found === null ? null : `expected none, found ${found.price}`;
  }
  if (fall === null || rise === null) return sameRoot(fall ?? rise, found);
  count('two edges');
  const nearer = c.mark - fall <= rise - c.mark ? fall : rise;
  return sameRoot(nearer, found);
}

/** A hedge already in liquidation: the price must lie on the way back to health. */
function sameSide(c: Case, found: LiquidationPrice): string | null {
  const toward = found.price > c.mark ? 'fall' : 'rise';
  return found.move === toward
    ? null
    : `in liquidation at ${c.mark}, yet ${found.move} leads to ${found.price}`;
}

function sameRoot(root: number | null, found: LiquidationPrice | null): string | null {
  if (root === null || found === null) {
    return root === null && found === null ? null : `oracle ${root}, found ${found?.price ?? null}`;
  }
  const tick = 10 ** (Math.floor(Math.log10(root)) - 5);
  return Math.abs(root - found.price) <= tick ? null : `oracle ${root}, found ${found.price}`;
}

describe('liquidation price', () => {
  it(`is where the ratio is 1, within one tick, for ${COUNT.toLocaleString('en')} random positions`, () => {
    const symbols = schedules();
    const rng = new Rng(20210301);
    const seen: Record<string, number> = {};
    const wrong: string[] = [];
    for (let i = 0; i < COUNT && wrong.length < 5; i++) {
      const c = randomCase(rng, symbols);
      const why = verdict(c, solve(c), seen);
      if (why !== null) wrong.push(`case ${i}: ${why} ${JSON.stringify({ ...c, symbol: undefined })}`);
    }
    expect(wrong).toEqual([]);
    // The draw must reach every kind of answer, or the sweep proves less than it says.
    for (const kind of [
      'long fall',
      'short rise',
      'hedge fall',
      'hedge rise',
      'two edges',
      'bracket re-selected',
    ]) {
      expect(seen[kind], kind).toBeGreaterThan(COUNT / 100);
    }
    for (const kind of ['long none', 'short none', 'hedge none', 'far edge left out']) {
      expect(seen[kind], kind).toBeGreaterThan(COUNT / 1000);
    }
  });

  it('agrees with the banded requirement everywhere the cases draw from', () => {
    const symbols = schedules();
    const rng = new Rng(7);
    for (let i = 0; i < 20_000; i++) {
      const { brackets, bands } = symbols[rng.below(symbols.length)] as Symbol;
      const notional = logBetween(rng, 1, 3e9);
      const found = maintenanceMargin(notional, bracketAt(brackets, notional));
      const expected = bandedRequirement(notional, bands);
      expect(Math.abs(found - expected) / expected).toBeLessThan(1e-12);
    }
  });
});
