// What the list of orders says of one that is open, and of one that is over.
import { describe, expect, it } from 'vitest';
import { LISTINGS } from '../../../../engine/reference/instruments/listings.ts';
import type { OwnOrder } from '../../../../workers/contract/paper.ts';
import { endWords, filledWords, ownSizeWords } from './order-words.ts';

const BTC = LISTINGS.find(({ symbol }) => symbol === 'BTCUSDT')!;
const order = { sizeLots: 1_500, filledLots: 250 } as OwnOrder;

describe('an order in the list', () => {
  it('has a size, or stands for the whole position', () => {
    expect([ownSizeWords(order, BTC), filledWords(order, BTC)]).toEqual([
      '1.500 BTC',
      'filled 0.250 of 1.500',
    ]);
    const closing = { ...order, sizeLots: 0, filledLots: 0 };
    expect([ownSizeWords(closing, BTC), filledWords(closing, BTC)]).toEqual(['the whole position', '']);
  });

  it('is only sent until the venue has shown it, and tells how and why it ended', () => {
    expect(endWords(null, undefined, BTC)).toBe('sent');
    expect(endWords({ rule: 'Too large.' }, undefined, BTC)).toBe('rejected: Too large.');
    const end = { id: 1, outcome: 'filled', filledLots: 1_500, why: '' } as const;
    expect(endWords(null, end, BTC)).toBe('filled');
    const withdrawn = { ...end, outcome: 'ended', filledLots: 250, why: 'withdrawn by you' } as const;
    expect(endWords(null, withdrawn, BTC)).toBe('ended, filled 0.250: withdrawn by you');
    expect(endWords(null, { ...withdrawn, filledLots: 0 }, BTC)).toBe('ended: withdrawn by you');
    expect(endWords(null, { ...withdrawn, outcome: 'rejected', why: 'no.' }, BTC)).toBe('rejected: no.');
  });
});
