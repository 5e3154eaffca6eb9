// Cost to open: the published example, the assumed prices of market orders, and hedge mode.
import { describe, expect, it } from 'vitest';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { assumedOrderPrice, costToOpen, hedgeInitialMargin, type OrderPrices } from './cost-to-open.ts';
import { oneWayInitialMargin } from './initial-margin.ts';

const BTC = publishedBrackets('2026-05-01').symbols.get('BTCUSDT') ?? [];
const PRICES: OrderPrices = {
  limitPrice: 9253.3,
  lastPrice: 9255,
  markPrice: 9259.84,
  bestBid: 9254.9,
  bestAsk: 9255.1,
};

describe('cost to open', () => {
  it('1 BTC limit at 9,253.30, 20x, mark 9,259.84: long 462.66, short 469.20', () => {
    const cost = (side: 'long' | 'short'): number => {
      const found = costToOpen({ side, size: 1, leverage: 20 }, PRICES, BTC);
      // The page rounds the initial margin before it adds the loss.
      return found.ok ? Math.floor(found.value.initialMargin * 100) / 100 + found.value.openLoss : Number.NaN;
    };
    expect(cost('long')).toBeCloseTo(462.66, 9);
    expect(cost('short')).toBeCloseTo(469.2, 9);
  });

  it('assumes a market order to open at a price that will do', () => {
    const market = { ...PRICES, limitPrice: null };
    expect(assumedOrderPrice('long', market)).toBeCloseTo(9255.1 * 1.0005, 9);
    expect(assumedOrderPrice('short', market)).toBeCloseTo(9255 * 1.0015, 9);
    expect(assumedOrderPrice('short', { ...market, markPrice: 9300 })).toBe(9300);
    expect(assumedOrderPrice('short', { ...market, bestBid: 9301 })).toBe(9301);
  });

  it('refuses more leverage than the bracket allows', () => {
    const found = costToOpen({ side: 'long', size: 100, leverage: 150 }, PRICES, BTC);
    expect(found.ok ? found.value : found.failure.code).toBe('margin/leverage-too-high');
  });

  it('charges both sides of a hedge, where one-way mode charges the worse of two fills', () => {
    const found = hedgeInitialMargin(
      { longNotional: 1_000, shortNotional: 600, longOrders: 0, shortOrders: 200, leverage: 20 },
      BTC,
    );
    expect(found.ok && found.value).toBe(90);
    const oneWay = oneWayInitialMargin(
      { positionNotional: 1_000, bidNotional: 0, askNotional: 800, leverage: 20 },
      BTC,
    );
    expect(oneWay.ok && oneWay.value.total).toBe(50);
    const refused = hedgeInitialMargin(
      { longNotional: 1, shortNotional: 1, longOrders: 0, shortOrders: 400_000, leverage: 150 },
      BTC,
    );
    expect(refused.ok ? refused.value : refused.failure.code).toBe('margin/leverage-too-high');
  });
});
