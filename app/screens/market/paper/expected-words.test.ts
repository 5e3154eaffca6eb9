// An estimate reads as what would happen, line by line.
import { describe, expect, it } from 'vitest';
import { LISTINGS } from '../../../../engine/reference/instruments/listings.ts';
import type { OrderEstimate } from '../../../../workers/contract/paper.ts';
import { expectedWords } from './expected-words.ts';

const BTC = LISTINGS.find(({ symbol }) => symbol === 'BTCUSDT')!;
const ES = LISTINGS.find(({ symbol }) => symbol === 'ESZ6')!;
const NOTHING: OrderEstimate = {
  filledLots: 0,
  averagePrice: null,
  worstTicks: null,
  touchTicks: 620_115,
  fee: 0,
  restingLots: 0,
  restingTicks: null,
  restingFee: 0,
};

describe('an estimate in words', () => {
  it('names price, distance and fee of what is taken, and what is left over', () => {
    const taken = { ...NOTHING, filledLots: 1_500, averagePrice: 62_013.25, fee: 46.509_937 };
    expect(expectedWords(taken, 1_500, BTC)).toEqual([
      'Takes 1.500 BTC at 62,013.25, 1.75 past the best; fee 46.51 USDT',
    ]);
    expect(expectedWords({ ...taken, averagePrice: 62_011.5 }, 2_000, BTC)).toEqual([
      'Takes 1.500 BTC at 62,011.50, the best price; fee 46.51 USDT',
      '0.500 BTC would end unfilled',
    ]);
  });

  it('names what rests with its fee, which waits until it is filled', () => {
    const rests = { ...NOTHING, restingLots: 3, restingTicks: 27_983, restingFee: 4.05 };
    expect(expectedWords(rests, 3, ES)).toEqual(['3 ESZ6 rests at 6,995.75; fee 4.05 USD when filled']);
  });
});
