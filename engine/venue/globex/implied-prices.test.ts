// Implied prices against the exchange's examples, and against building the same trade from its parts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import {
  impliedBack,
  impliedFront,
  impliedSpread,
  interCommodityPrice,
  type Quotes,
} from './implied-prices.ts';

interface Vector {
  readonly id: string;
  readonly fv_net32: number;
  readonly ty_net32: number;
  readonly price_ratio: number;
  readonly spread_price: number;
  readonly [name: string]: unknown;
}

const NONE: Quotes = { bid: null, ask: null };
const quote = (priceTicks: number, lots: number) => ({ priceTicks, lots });

describe.skipIf(!HAS_SHARED_DATA)(`published implied prices${SHARED_DATA_NOTE}`, () => {
  const { matching } = HAS_SHARED_DATA
    ? (JSON.parse(readSharedText('vectors/cme.json')) as { matching: Vector[] })
    : { matching: [] };
  const vector = (id: string): Vector => matching.find((v) => v.id === id)!;
  /** The file writes a bid as lots and price, an ask as price and lots. */
  const bid = (pair: unknown): Quotes => {
    const [lots, price] = pair as [number, number];
    return { bid: quote(price, lots), ask: null };
  };
  const ask = (pair: unknown): Quotes => {
    const [price, lots] = pair as [number, number];
    return { bid: null, ask: quote(price, lots) };
  };

  it('implies a spread by its legs', () => {
    const v = vector('implied_in');
    const [price, lots] = v['UV_implied_bid'] as [number, number];
    const found = impliedSpread(bid(v['U_bid']), ask(v['V_ask']));
    expect(found).toEqual({ bid: quote(price, lots), ask: null });
  });

  it('implies a leg by the spread and the other leg', () => {
    const v = vector('implied_out');
    const [price, lots] = v['V_implied_bid'] as [number, number];
    const found = impliedBack(ask(v['UV_ask']), bid(v['U_bid']));
    expect(found).toEqual({ bid: quote(price, lots), ask: null });
  });

  it('prices a treasury spread by the price ratio', () => {
    const v = vector('FYT_price');
    expect(interCommodityPrice(v.fv_net32, v.ty_net32, v.price_ratio)).toBeCloseTo(v.spread_price, 4);
  });
});

describe('implied prices', () => {
  const quotes: fc.Arbitrary<Quotes> = fc
    .tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 40 }), fc.nat(90), fc.nat(90))
    .map(([middle, width, bidLots, askLots]) => ({
      bid: bidLots === 0 ? null : quote(middle, bidLots),
      ask: askLots === 0 ? null : quote(middle + width, askLots),
    }));

  it('implies an ask where the front is offered and the back is bid', () => {
    const found = impliedSpread({ bid: null, ask: quote(9500, 10) }, { bid: quote(9450, 5), ask: null });
    expect(found).toEqual({ bid: null, ask: quote(50, 5) });
  });

  it('needs two orders', () => {
    fc.assert(
      fc.property(quotes, (one) => {
        expect([impliedSpread(one, NONE), impliedFront(NONE, one), impliedBack(one, NONE)]).toEqual([
          NONE,
          NONE,
          NONE,
        ]);
      }),
    );
  });

  it('never crosses itself where the books are not crossed', () => {
    fc.assert(
      fc.property(quotes, quotes, (a, b) => {
        for (const { bid, ask } of [impliedSpread(a, b), impliedFront(a, b), impliedBack(a, b)]) {
          if (bid !== null && ask !== null) expect(bid.priceTicks).toBeLessThan(ask.priceTicks);
        }
      }),
    );
  });

  it('gives a leg back: the front implied by a spread that the front itself implied', () => {
    fc.assert(
      fc.property(quotes, quotes, (front, back) => {
        // Buying the spread and the back leg at one price each is buying the front.
        const level = { bid: back.bid, ask: back.bid };
        const again = impliedFront(impliedSpread(front, level), level);
        expect(again.bid?.priceTicks ?? null).toBe(back.bid && front.bid ? front.bid.priceTicks : null);
        expect(again.ask?.priceTicks ?? null).toBe(back.bid && front.ask ? front.ask.priceTicks : null);
      }),
    );
  });
});
