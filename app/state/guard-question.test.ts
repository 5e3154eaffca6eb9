/** Tests of the question a paper order puts to the guards: nothing about it may look safer than it is. */
import { describe, expect, it } from 'vitest';
import type { PerpPaperOrder } from '../../workers/contract/paper.ts';
import { growthQuestion, guardQuestion } from './guard-question.ts';

const order: PerpPaperOrder = {
  venue: 'crypto-perp',
  instrument: 'binance-usdm:BTCUSDT',
  side: 'buy',
  type: 'limit',
  sizeLots: 500,
  priceTicks: 620_000,
  triggerTicks: null,
  timeInForce: 'GTC',
  goodTillMicros: null,
  reduceOnly: false,
  closePosition: false,
  priceMatch: null,
  selfTrade: 'none',
  workingPrice: 'contract',
  priceProtect: false,
  callbackPermille: 0,
};

describe('the question of a paper order', () => {
  it('names the account of its venue, size and price', () => {
    expect(guardQuestion(order, 0)).toMatchObject({
      accountId: 'paper',
      order: { side: 'buy', sizeLots: 500, priceTicks: 620_000, reduceOnly: false },
    });
  });

  it('takes the trigger as the price of a stop, and asks nothing while there is no size', () => {
    const stop = { ...order, type: 'stop-market', priceTicks: null, triggerTicks: 630_000 } as const;
    expect(guardQuestion(stop, 0)?.order.priceTicks).toBe(630_000);
    expect(guardQuestion({ ...order, sizeLots: 0 }, 0)).toBeNull();
  });

  it('a larger resting order is judged by what it adds, a smaller one not at all', () => {
    const resting = {
      id: 1,
      side: 'buy',
      type: 'limit',
      timeInForce: 'GTC',
      state: 'resting',
      priceTicks: 620_000,
      triggerTicks: null,
      sizeLots: 500,
      filledLots: 0,
      aheadLots: 0,
      behindLots: 0,
    } as const;
    const grown = growthQuestion(order.instrument, resting, { priceTicks: 619_000, sizeLots: 800 });
    expect(grown?.order).toMatchObject({ sizeLots: 300, priceTicks: 619_000, side: 'buy' });
    expect(growthQuestion(order.instrument, resting, { priceTicks: 619_000, sizeLots: 500 })).toBeNull();
  });

  it('an order that closes is judged with what is held', () => {
    const close = { ...order, side: 'sell', sizeLots: 0, closePosition: true } as const;
    expect(guardQuestion(close, 700)?.order).toMatchObject({ sizeLots: 700, reduceOnly: true });
    expect(guardQuestion(close, 0)).toBeNull();
  });
});
