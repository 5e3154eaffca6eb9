// The indicative opening price against the exchange's examples and against trying every tick.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveOpeningPrice } from '../../testkit/naive-opening-price.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { indicativeOpeningPrice, type PriceLots } from './opening-price.ts';

/** Rows of price, bid lots, ask lots. */
type Ladder = readonly (readonly [number, number, number])[];

const bidsOf = (rows: Ladder): PriceLots[] => rows.map(([priceTicks, lots]) => ({ priceTicks, lots }));
const asksOf = (rows: Ladder): PriceLots[] => rows.map(([priceTicks, , lots]) => ({ priceTicks, lots }));
const only = (levels: PriceLots[]): PriceLots[] => levels.filter((l) => l.lots > 0);
const find = (rows: Ladder, settlement: number | null = null) =>
  indicativeOpeningPrice(only(bidsOf(rows)), only(asksOf(rows)), settlement);

interface OpeningVector {
  readonly levels: Ladder;
  readonly iop: number;
  readonly qty: number;
}

describe.skipIf(!HAS_SHARED_DATA)(`published opening prices${SHARED_DATA_NOTE}`, () => {
  it('finds the price and quantity of every example', () => {
    const file = JSON.parse(readSharedText('vectors/cme.json')) as {
      indicative_opening_price: OpeningVector[];
    };
    expect(file.indicative_opening_price.length).toBeGreaterThan(0);
    for (const v of file.indicative_opening_price) {
      expect(find(v.levels)).toMatchObject({ priceTicks: v.iop, matchedLots: v.qty });
    }
  });
});

// The exchange's page of examples varies one ladder (wiki page 457324962).
const BELOW = [
  [45, 100, 90],
  [44, 1, 4],
  [43, 30, 6],
] as const;
const ABOVE = [
  [51, 10, 30],
  [50, 20, 100],
  [49, 30, 1],
  [48, 40, 25],
] as const;

describe('indicative opening price', () => {
  it('takes the least unmatched of the prices that match most', () => {
    const rows: Ladder = [...ABOVE, [47, 50, 0], [46, 30, 50], ...BELOW];
    expect(find(rows)).toEqual({ priceTicks: 47, matchedLots: 150, residualLots: 0 });
  });

  it('takes the highest where all that is unmatched is bid', () => {
    const rows: Ladder = [...ABOVE, [47, 80, 0], [46, 0, 50], ...BELOW];
    expect(find(rows)).toEqual({ priceTicks: 47, matchedLots: 150, residualLots: 30 });
  });

  it('takes the lowest where all that is unmatched is offered', () => {
    expect(
      find([
        [50, 10, 0],
        [48, 0, 5],
        [46, 0, 20],
      ]),
    ).toEqual({ priceTicks: 46, matchedLots: 10, residualLots: -10 });
  });

  it('takes the price closest to the settlement where nothing is unmatched', () => {
    const rows: Ladder = [
      [50, 10, 0],
      [40, 0, 10],
    ];
    expect([39, 43, 55].map((settlement) => find(rows, settlement)?.priceTicks)).toEqual([40, 43, 50]);
  });

  it('has no price where no bid reaches an ask', () => {
    expect(
      find([
        [50, 0, 10],
        [49, 10, 0],
      ]),
    ).toBeNull();
    expect(indicativeOpeningPrice([], [{ priceTicks: 1, lots: 1 }], null)).toBeNull();
  });

  it('agrees with trying every tick, and leaves nothing crossed', () => {
    const levels = fc.array(
      fc.record({ price: fc.integer({ min: -30, max: 30 }), lots: fc.integer({ min: 1, max: 9 }) }),
      {
        maxLength: 14,
      },
    );
    fc.assert(
      fc.property(levels, levels, fc.option(fc.integer({ min: -40, max: 40 })), (bids, asks, settlement) => {
        const plain = (side: typeof bids): PriceLots[] =>
          side.map((l) => ({ priceTicks: l.price, lots: l.lots }));
        const found = indicativeOpeningPrice(plain(bids), plain(asks), settlement);
        expect(found?.priceTicks ?? null).toBe(naiveOpeningPrice(bids, asks, settlement));
        if (found === null) return;
        // No order better than the price is left on both sides, so nothing crossed remains.
        const better = (side: typeof bids, at: (price: number) => boolean): number =>
          side.filter((l) => at(l.price)).reduce((sum, l) => sum + l.lots, 0);
        const bidAbove = better(bids, (price) => price > found.priceTicks);
        const askBelow = better(asks, (price) => price < found.priceTicks);
        expect(found.matchedLots).toBeGreaterThanOrEqual(Math.min(bidAbove, askBelow));
      }),
      { numRuns: 3000 },
    );
  });
});
