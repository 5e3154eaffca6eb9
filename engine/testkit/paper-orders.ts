/** Orders of a reader for tests: a plain one of each venue, with what a test wants said otherwise. */
import type { GlobexPaperOrder, PerpPaperOrder } from '../simulation/paper/paper-orders.ts';

const TERMS = {
  side: 'buy',
  sizeLots: 1,
  type: 'limit',
  priceTicks: null,
  triggerTicks: null,
  timeInForce: 'GTC',
  goodTillMicros: null,
} as const;

/** An order for BTCUSDT. */
export function perpOrder(says: Partial<PerpPaperOrder>): PerpPaperOrder {
  return {
    ...TERMS,
    venue: 'crypto-perp',
    instrument: 'binance-usdm:BTCUSDT',
    reduceOnly: false,
    closePosition: false,
    priceMatch: null,
    selfTrade: 'none',
    workingPrice: 'contract',
    priceProtect: false,
    callbackPermille: 0,
    ...says,
  };
}

/** An order for ESZ6. */
export function futureOrder(says: Partial<GlobexPaperOrder>): GlobexPaperOrder {
  return {
    ...TERMS,
    venue: 'globex',
    instrument: 'cme-globex:ESZ6',
    minimumLots: 0,
    displayLots: 0,
    selfMatch: 'cancel-resting',
    ...says,
  };
}
