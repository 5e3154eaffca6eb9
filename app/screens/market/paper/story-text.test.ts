/** Tests of an order's life as text, of its queue in words and of what it is worth. */
import { describe, expect, it } from 'vitest';
import { micros } from '../../../../engine/core/units.ts';
import { LISTINGS } from '../../../../engine/reference/instruments/listings.ts';
import type { OrderStory, OwnOrder, PaperOrder } from '../../../../workers/contract/paper.ts';
import { useTicket } from '../../../state/ticket-store.ts';
import { estimatedValue } from './estimated-value.ts';
import { queueWords } from './order-words.ts';
import { queueSteps, storyText } from './story-text.ts';
import { readTicket } from './ticket-form.ts';

const [btc] = LISTINGS.filter(({ symbol }) => symbol === 'BTCUSDT');
const [es] = LISTINGS.filter(({ symbol }) => symbol.startsWith('ES'));
if (btc === undefined || es === undefined) throw new Error('BTCUSDT and ES are listed');
const BTC = btc;
const ES = es;
const AT = micros(1_723_125_787_125_000);

const { order } = readTicket(
  { ...useTicket.getState().fields, price: '62000', size: '0.5', timeInForce: 'GTX' },
  BTC,
  AT,
);

const STORY: OrderStory = {
  id: 7,
  order,
  verdict: 'It waits.',
  events: [
    { atMicros: AT, kind: 'accepted', lots: 500, priceTicks: 620_000, aheadLots: null, text: 'taken' },
    { atMicros: AT, kind: 'rested', lots: 500, priceTicks: 620_000, aheadLots: 1_200, text: 'at the end' },
  ],
};

describe('the story of an order', () => {
  it('is text with day, milliseconds and the queue', () => {
    expect(storyText(STORY, BTC)).toBe(
      [
        'Paper order 7, BTCUSDT, 2024-08-08 UTC',
        'Buy 0.500 BTC limit 62,000.0, post-only',
        'It waits.',
        '',
        '14:03:07.125 accepted: taken',
        '14:03:07.125 rested: at the end [1.200 ahead]',
      ].join('\n'),
    );
    expect(queueSteps(STORY.events)).toHaveLength(1);
  });

  it('says where an open order stands', () => {
    const own = { state: 'resting', aheadLots: 0, behindLots: 0 } as OwnOrder;
    expect(queueWords(own, BTC)).toBe('first in the queue, none behind');
    expect(queueWords({ ...own, aheadLots: 1_200, behindLots: 30 }, BTC)).toBe('1.200 ahead, 0.030 behind');
    expect(queueWords({ ...own, state: 'waiting' }, BTC)).toBe('waits for its trigger');
  });
});

describe('the value of an order', () => {
  const touch = { bestBidTicks: 28_000, bestAskTicks: 28_001 };
  const on = (part: Partial<PaperOrder>): PaperOrder => ({ ...order, ...part }) as PaperOrder;

  it('is price × size × multiplier, at the best price it would meet where it names none', () => {
    expect(estimatedValue(order, BTC, touch)).toBeCloseTo(31_000, 9);
    const market = on({ type: 'market', priceTicks: null, sizeLots: 2, side: 'sell' });
    // 28,000 quarters are 7,000 points of 50 dollars.
    expect(estimatedValue(market, ES, touch)).toBeCloseTo(700_000, 9);
    expect(estimatedValue(on({ ...market, side: 'buy' }), ES, { ...touch, bestAskTicks: null })).toBeNull();
    expect(estimatedValue(on({ sizeLots: 0 }), BTC, touch)).toBeNull();
  });
});
