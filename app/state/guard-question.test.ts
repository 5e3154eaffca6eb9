/** Tests of the question a paper order puts to the guards: nothing about it may look safer than it is. */
import { describe, expect, it } from 'vitest';
import type { PerpPaperOrder } from '../../workers/contract/paper.ts';
import { guardQuestion } from './guard-question.ts';

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

  it('an order that closes is judged with what is held', () => {
    const close = { ...order, side: 'sell', sizeLots: 0, closePosition: true } as const;
    expect(guardQuestion(close, 700)?.order).toMatchObject({ sizeLots: 700, reduceOnly: true });
    expect(guardQuestion(close, 0)).toBeNull();
  });
});
