// An estimate is what the order then gets when it is sent at once: lots, average price, worst price, fee, and what rests.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { futureOrder, perpOrder } from '../../testkit/paper-orders.ts';
import { EmbeddedMarket, SIMULATION_START } from '../embedded-market.ts';
import type { GlobexPaperOrder, PaperOrder, PerpPaperOrder } from './paper-orders.ts';

/** Says the distance of a limit from the touch, in ticks, positive when it takes. */
interface Wish {
  readonly order: PaperOrder;
  readonly through: number;
}

const common = {
  side: fc.constantFrom('buy' as const, 'sell' as const),
  through: fc.integer({ min: -4, max: 12 }),
};
const perpWish: fc.Arbitrary<Wish> = fc
  .record({
    ...common,
    type: fc.constantFrom('limit' as const, 'market' as const),
    sizeLots: fc.oneof(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 300_000 })),
    timeInForce: fc.constantFrom<PerpPaperOrder['timeInForce'][]>('GTC', 'IOC', 'FOK', 'GTX'),
    selfTrade: fc.constantFrom<PerpPaperOrder['selfTrade'][]>(
      'none',
      'expire-taker',
      'expire-maker',
      'expire-both',
    ),
    reduceOnly: fc.boolean(),
    priceMatch: fc.constantFrom<PerpPaperOrder['priceMatch'][]>(
      null,
      null,
      'opponent',
      'opponent-5',
      'queue',
    ),
  })
  .map(({ through, ...says }) => {
    const takes = says.type === 'market';
    return {
      order: perpOrder({
        ...says,
        timeInForce: takes ? 'GTC' : says.timeInForce,
        priceMatch: takes ? null : says.priceMatch,
      }),
      through,
    };
  });
const futureWish: fc.Arbitrary<Wish> = fc
  .record({
    ...common,
    type: fc.constantFrom<GlobexPaperOrder['type'][]>('limit', 'market', 'market-limit'),
    sizeLots: fc.integer({ min: 1, max: 1_500 }),
    timeInForce: fc.constantFrom<GlobexPaperOrder['timeInForce'][]>('DAY', 'IOC', 'FOK'),
    selfMatch: fc.constantFrom<GlobexPaperOrder['selfMatch'][]>('cancel-resting', 'cancel-aggressing'),
    minimum: fc.constantFrom(0, 0, 5, 400),
    displayLots: fc.constantFrom(0, 0, 3),
  })
  .map(({ through, minimum, displayLots, ...says }) => {
    const mayShow = says.type === 'limit' && says.timeInForce === 'DAY' && minimum === 0;
    const minimumLots = says.timeInForce === 'FOK' ? 0 : Math.min(minimum, says.sizeLots);
    return {
      order: futureOrder({
        ...says,
        minimumLots,
        displayLots: mayShow ? Math.min(displayLots, says.sizeLots) : 0,
      }),
      through,
    };
  });

/** Puts the limit of an order where its wish says. */
function priced({ order, through }: Wish, bid: number, ask: number): PaperOrder {
  const match = order.venue === 'crypto-perp' ? order.priceMatch : null;
  if (order.type !== 'limit' || match !== null) return order;
  return { ...order, priceTicks: order.side === 'buy' ? ask + through : bid - through };
}

/** Sends orders to a market that is at rest and compares each with its estimate; returns how many were compared. */
function compare(seed: number, wishes: readonly Wish[]): number {
  const market = new EmbeddedMarket({ seed, startMicros: SIMULATION_START });
  let compared = 0;
  for (const [i, wish] of wishes.entries()) {
    market.advance(micros(SIMULATION_START + (i + 1) * 300_000), Number.MAX_SAFE_INTEGER);
    market.takeFrames();
    const listed = market.contracts.find((one) => one.market.spec.id === wish.order.instrument)!.market;
    if (!listed.isMatching) continue;
    const order = priced(wish, listed.bidTicks, listed.askTicks);
    const estimate = market.estimate(order);
    if (!estimate.ok) throw new Error(estimate.failure.message);
    const answer = market.submit({ kind: 'place', order });
    if (!answer.ok || answer.value === null) throw new Error('no receipt');
    const { id } = answer.value;
    if (estimate.value === null) {
      expect(answer.value.kind, 'what cannot be estimated is refused').toBe('rejected');
      continue;
    }
    const story = market.orderStory(order.instrument, id);
    if (!story.ok) throw new Error(story.failure.message);
    // Velocity Logic is not foreseen.
    if (story.value.verdict.includes('Velocity') || !listed.isMatching) continue;
    const view = market.venueView(order.instrument)!;
    const fills = story.value.events.filter(({ kind }) => kind === 'filled');
    const lots = fills.reduce((sum, fill) => sum + fill.lots, 0);
    const { filledLots, averagePrice, worstTicks, fee, restingLots } = estimate.value;
    expect({ answer: answer.value.kind, lots }).toEqual({ answer: 'accepted', lots: filledLots });
    const own = view.orders.find((one) => one.id === id);
    expect(own === undefined ? 0 : own.sizeLots - own.filledLots, 'rests').toBe(restingLots);
    if (own !== undefined) expect(own.priceTicks).toBe(estimate.value.restingTicks);
    compared++;
    // The account keeps 200 fills, and the story joins some from 500 on.
    const taken = view.fills.filter((fill) => fill.id === id && fill.role === 'taker');
    if (filledLots === 0 || taken.reduce((sum, fill) => sum + fill.sizeLots, 0) !== filledLots) continue;
    const tick = Number(listed.spec.tickSize.text);
    const value = taken.reduce((sum, fill) => sum + fill.priceTicks * fill.sizeLots, 0);
    expect(averagePrice).toBeCloseTo((value / filledLots) * tick, 6);
    expect(worstTicks).toBe(taken.at(-1)!.priceTicks);
    expect(fee).toBeCloseTo(
      taken.reduce((sum, fill) => sum + fill.fee, 0),
      5,
    );
  }
  return compared;
}

describe('the estimate of an order', () => {
  it('is what the order gets when it is sent: perpetuals, own orders among the others', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.nat(1_000), fc.array(perpWish, { minLength: 12, maxLength: 12 }), (seed, wishes) => {
        compared += compare(seed, wishes);
      }),
      { numRuns: 6, seed: 20_261_122, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(30);
  });

  it('is what the order gets when it is sent: futures with protection, minimum, iceberg', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.nat(1_000), fc.array(futureWish, { minLength: 12, maxLength: 12 }), (seed, wishes) => {
        compared += compare(seed, wishes);
      }),
      { numRuns: 6, seed: 20_261_122, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(30);
  });

  it('says nothing of an order that waits, and changes nothing', () => {
    const market = new EmbeddedMarket({ seed: 5, startMicros: SIMULATION_START });
    const before = market.stateHash();
    const waiting = market.estimate(perpOrder({ type: 'stop-market', triggerTicks: 900_000 }));
    expect(waiting).toEqual({ ok: true, value: null });
    expect(market.estimate(perpOrder({ type: 'market', sizeLots: 50 }))).toMatchObject({
      value: { filledLots: 50 },
    });
    expect(market.estimate(perpOrder({ sizeLots: 1.5 })).ok).toBe(false);
    expect(market.stateHash()).toBe(before);
  });
});
