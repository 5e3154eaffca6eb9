// Every published example of matching, opening prices and price bands, played to a Globex group.
import { describe, expect, it } from 'vitest';
import { code, Floor, fills, group } from '../../testkit/globex-floor.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { GLOBEX_ALGORITHMS } from '../matching/allocation.ts';
import type { OrderSide } from '../matching/order-terms.ts';
import { interCommodityPrice } from './implied-prices.ts';

interface SharedOrder {
  readonly qty: number;
  readonly top?: boolean;
}

type Pair = readonly [number, number];

interface Example {
  readonly id: string;
  readonly [field: string]: unknown;
}

interface Examples {
  readonly indicative_opening_price: readonly {
    readonly levels: readonly (readonly [price: number, bid: number, ask: number])[];
    readonly iop: number;
    readonly qty: number;
  }[];
  readonly matching: readonly Example[];
  readonly price_limits: {
    readonly rows: readonly {
      readonly c: string;
      readonly hi?: number;
      readonly lo?: number;
      readonly pbv?: number;
    }[];
  };
}

const [FRONT, BACK, SPREAD] = [0, 1, 2];
const calendar = () =>
  new Floor(
    group(
      { symbol: 'U' },
      { symbol: 'V', isLead: false },
      { symbol: 'U-V', isLead: false, legs: { front: FRONT, back: BACK } },
    ),
  );

/** The file writes a bid as lots and price, an ask as price and lots. */
const rest = (floor: Floor, to: number, side: OrderSide, pair: unknown): void => {
  const [sizeLots, priceTicks] =
    side === 'buy' ? (pair as Pair) : ([...(pair as Pair)].reverse() as never as Pair);
  floor.send({ account: 2, side, priceTicks, sizeLots }, to);
};

/** Sells into what is implied and expects the price and lots that the example says. */
const takeImpliedBid = (floor: Floor, at: number, pair: unknown): void => {
  const [priceTicks, lots] = pair as Pair;
  expect(floor.venue.implied(at)).toEqual({ bid: { priceTicks, lots }, ask: null });
  const outputs = floor.send({ side: 'sell', priceTicks, sizeLots: lots + 1 }, at);
  const got = outputs.flatMap((o) =>
    o.kind === 'implied' ? [[o.instrument, o.priceTicks, o.sizeLots]] : [],
  );
  expect(got).toEqual([[at, priceTicks, lots]]);
  expect(outputs.some((o) => o.kind === 'rested' && o.sizeLots === 1)).toBe(true);
};

/** What each example of `matching` must come to, by its name. */
const PLAYS: Readonly<Record<string, (example: Example) => void>> = {
  prorata_top_2005: (example) => {
    const orders = example['orders'] as readonly SharedOrder[];
    const allocation = { ...GLOBEX_ALGORITHMS.O, topMinimumLots: 1, proRataMinimumLots: 2 };
    const floor = new Floor(group({ allocation }));
    expect(orders.map((o) => o.top === true)).toEqual(orders.map((_, i) => i === 0));
    // The first order betters the market, so it is the top order.
    for (const [i, { qty }] of orders.entries()) {
      floor.send({ account: 2, tag: i, side: 'buy', priceTicks: 100, sizeLots: qty });
    }
    const outputs = floor.send({ side: 'sell', priceTicks: 100, sizeLots: example['aggr'] as number });
    const filled = outputs.flatMap((o) => (o.kind === 'traded' ? [[o.maker.tag, o.sizeLots]] : []));
    expect(filled).toEqual((example['fills'] as readonly number[]).map((lots, i) => [i, lots]));
  },
  mkt_with_protection_offer: (example) => {
    const floor = new Floor(group({ protectionTicks: example['pp'] as number }));
    for (const [price, lots] of example['bids'] as readonly Pair[]) floor.quote('buy', [price], lots);
    const expected = example['fills'] as readonly Pair[];
    const outputs = floor.send({ side: 'sell', type: 'market', sizeLots: 15 });
    expect(fills(outputs)).toEqual(expected);
    const left = 15 - expected.reduce((sum, [, lots]) => sum + lots, 0);
    expect(example['rests_at']).toBe(example['limit']);
    expect(outputs.at(-1)).toMatchObject({ kind: 'rested', priceTicks: example['rests_at'], sizeLots: left });
  },
  implied_in: (example) => {
    const floor = calendar();
    rest(floor, FRONT, 'buy', example['U_bid']);
    rest(floor, BACK, 'sell', example['V_ask']);
    takeImpliedBid(floor, SPREAD, example['UV_implied_bid']);
  },
  implied_out: (example) => {
    const floor = calendar();
    rest(floor, FRONT, 'buy', example['U_bid']);
    rest(floor, SPREAD, 'sell', example['UV_ask']);
    takeImpliedBid(floor, BACK, example['V_implied_bid']);
  },
  FYT_price: (example) => {
    const [front, back, ratio, price] = ['fv_net32', 'ty_net32', 'price_ratio', 'spread_price'].map(
      (field) => example[field] as number,
    ) as [number, number, number, number];
    expect(interCommodityPrice(front, back, ratio)).toBeCloseTo(price, 4);
  },
};

describe.skipIf(!HAS_SHARED_DATA)(`published examples${SHARED_DATA_NOTE}`, () => {
  const examples = HAS_SHARED_DATA
    ? (JSON.parse(readSharedText('vectors/cme.json')) as Examples)
    : { indicative_opening_price: [], matching: [], price_limits: { rows: [] } };

  for (const example of examples.matching) {
    it(`of matching: ${example.id}`, () => {
      const play = PLAYS[example.id];
      if (play === undefined) throw new Error('nothing plays this example');
      play(example);
    });
  }

  for (const [i, { levels, iop, qty }] of examples.indicative_opening_price.entries()) {
    it(`of opening prices: ${i + 1}, told beforehand and traded at`, () => {
      const floor = new Floor(group({}), 'pre-open');
      const told: unknown[] = [];
      for (const [priceTicks, bid, ask] of levels) {
        const outputs = [
          ...floor.send({ account: 2, side: 'buy', priceTicks, sizeLots: bid }),
          ...floor.send({ account: 3, side: 'sell', priceTicks, sizeLots: ask }),
        ];
        for (const o of outputs) if (o.kind === 'indicative') told.push([o.priceTicks, o.matchedLots]);
      }
      expect(told.at(-1)).toEqual([iop, qty]);
      const outputs = floor.state('open');
      const traded = fills(outputs);
      expect(new Set(traded.map(([price]) => price))).toEqual(new Set([iop]));
      expect(traded.reduce((sum, [, lots]) => sum + lots, 0)).toBe(qty);
    });
  }

  for (const { c, hi, lo, pbv } of examples.price_limits.rows) {
    if (hi === undefined || lo === undefined || pbv === undefined) continue;
    it(`of price bands and daily limits: ${c}`, () => {
      const ticks = (points: number): number => points / 0.25;
      const floor = new Floor(group({ bandTicks: ticks(pbv) }));
      const middle = ticks((hi + lo) / 2);
      floor.settle(middle);
      const limits = { lowTicks: ticks(lo), highTicks: ticks(hi) };
      floor.venue.apply({ kind: 'limits', atMicros: floor.now, instrument: 0, ...limits });
      const refusal = (side: OrderSide, priceTicks: number): string | null =>
        code(floor.send({ side, priceTicks, sizeLots: 1 }));
      const outside = 'order/price-outside-band';
      expect(refusal('buy', middle + ticks(pbv) + 1)).toBe(outside);
      expect(refusal('buy', middle + ticks(pbv))).toBeNull();
      expect(refusal('sell', middle + ticks(pbv) + 1)).toBeNull();
      // Around the settlement of another day, the daily limits come first.
      const edge = new Floor(group({ bandTicks: ticks(pbv) }));
      edge.settle(limits.lowTicks);
      edge.venue.apply({ kind: 'limits', atMicros: edge.now, instrument: 0, ...limits });
      expect(code(edge.send({ side: 'sell', priceTicks: limits.lowTicks, sizeLots: 1 }))).toBeNull();
      expect(code(edge.send({ side: 'sell', priceTicks: limits.lowTicks - 1, sizeLots: 1 }))).toBe(outside);
    });
  }
});
