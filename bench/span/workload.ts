// The portfolio book of the SPAN bench: 80 contracts in 20 products, calendar charges, 24 credits, seeded positions.
import { Rng } from '../../engine/core/rng.ts';
import { BookDraft, type PortfolioBook } from '../../engine/margin/span/book/portfolio-book.ts';
import type { CommoditySpread, SpanParameterSet } from '../../engine/margin/span/parameter-set.ts';
import { planSpan, type SpanPlan } from '../../engine/margin/span/plan.ts';
import { buildSet, commodity, deltaSpread, future, leg } from '../../engine/testkit/span-sets.ts';

export const PRODUCTS = 20;
export const MONTHS = ['202003', '202006', '202009', '202012'] as const;
export const CONTRACTS: number = PRODUCTS * MONTHS.length;
/** Five families of four products, as equity indices, metals, energy, currencies and rates are. */
const FAMILY = 4;
const SPREADS_A_FAMILY = 5;
const CREDITS = 24;

/**
 * The set. `ranges`: 'shared' gives the months of a product one scan range, as files of futures do; 'own' gives every
 * contract an array of its own, as options have.
 */
export function benchSet(ranges: 'shared' | 'own'): SpanParameterSet {
  const rng = new Rng(2020);
  const between = (low: number, high: number): number => low + rng.below(high - low);
  const commodities = Array.from({ length: PRODUCTS }, (_, p) =>
    commodity(`P${p}`, {
      intraTiers: MONTHS.map((month, m) => ({
        number: m + 1,
        startPeriod: month,
        endPeriod: month,
        rates: [],
      })),
      // Three calendar spreads a product: neighbouring months.
      calendarSpreads: [1, 2, 3].map((tier) =>
        deltaSpread(tier, between(40, 400), [leg(p, 'A', 1, { tier }), leg(p, 'B', 1, { tier: tier + 1 })], {
          charge: 'flat',
        }),
      ),
    }),
  );
  const contracts = commodities.flatMap((_, p) => {
    const shared = between(500, 12_000);
    return MONTHS.map((period) => {
      const priceScan = ranges === 'shared' ? shared : between(500, 12_000);
      const made = future({ product: `P${p}`, commodity: p, period, priceScan });
      if (ranges === 'shared') return made;
      return { ...made, losses: made.losses.map((loss, s) => loss + ((s * 37 + priceScan) % 90)) };
    });
  });
  const inter: CommoditySpread[] = [];
  for (let n = 0; n < CREDITS; n++) {
    const first = Math.floor(n / SPREADS_A_FAMILY) * FAMILY;
    const a = first + rng.below(FAMILY);
    const b = first + ((a - first + 1 + rng.below(FAMILY - 1)) % FAMILY);
    const legs = [leg(a, 'A', between(1, 4)), leg(b, 'B', between(1, 4))];
    inter.push(deltaSpread(n + 1, between(30, 90) / 100, legs));
  }
  return buildSet(commodities, contracts, { inter });
}

export function benchPlan(set: SpanParameterSet): SpanPlan {
  return planSpan(set, set.classes[0]!, 'USD');
}

/** `count` portfolios, one row of signed lots each; about half the contracts are held. */
export function benchPortfolios(count: number, seed: number): Float64Array {
  const rng = new Rng(seed);
  return Float64Array.from({ length: count * CONTRACTS }, () =>
    rng.below(2) === 0 ? 0 : rng.below(101) - 50,
  );
}

/** The same portfolios as a book: what is held, by name. */
export function benchBook(portfolios: Float64Array): PortfolioBook {
  const draft = new BookDraft();
  for (let p = 0; p < portfolios.length / CONTRACTS; p++) {
    const index = draft.portfolio(`P${p}`);
    for (let c = 0; c < CONTRACTS; c++) {
      const lots = portfolios[p * CONTRACTS + c]!;
      if (lots !== 0) draft.add(index, c, lots);
    }
  }
  return draft.build();
}
