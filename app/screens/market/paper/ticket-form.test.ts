/** Tests of the order ticket: which fields an order has, what is refused in words, and the sentence that is read before sending. */
import { describe, expect, it } from 'vitest';
import { parseMultiple } from '../../../../engine/core/units.ts';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import { LISTINGS } from '../../../../engine/reference/instruments/listings.ts';
import { conditionalRefusal, orderRefusal } from '../../../../engine/venue/crypto-perp/perp-rules.ts';
import { orderRefusal as globexRefusal } from '../../../../engine/venue/globex/globex-rules.ts';
import { changeTicket, fillTicket, type TicketFields, useTicket } from '../../../state/ticket-store.ts';
import { isConditional, orderSentence } from './order-words.ts';
import { fieldsFor, readAmendment, readTicket, timesFor, typesFor } from './ticket-form.ts';

function listed(start: string): ContractSpec {
  const spec = LISTINGS.find(({ symbol }) => symbol.startsWith(start));
  if (spec === undefined) throw new Error(`${start} is not listed`);
  return spec;
}

const BTC = listed('BTC');
const ES = listed('ES');
/** 2024-08-08 14:00:00 UTC. */
const NOW = 1_723_125_600_000_000;
const FIELDS: TicketFields = {
  ...useTicket.getState().fields,
  price: '63,120.5',
  trigger: '63,000.0',
  size: '0.5',
};
const ES_FIELDS: TicketFields = {
  ...FIELDS,
  price: '7,000.25',
  trigger: '6,990',
  size: '2',
  timeInForce: 'DAY',
};

const sentence = (part: Partial<TicketFields>, spec = BTC): string =>
  orderSentence(readTicket({ ...(spec === ES ? ES_FIELDS : FIELDS), ...part }, spec, NOW).order, spec);

describe('the sentence', () => {
  it.each([
    [{}, 'Buy 0.500 BTC limit 63,120.5, until cancelled'],
    [{ timeInForce: 'GTX' }, 'Buy 0.500 BTC limit 63,120.5, post-only'],
    [{ side: 'sell', type: 'market', reduceOnly: true }, 'Sell 0.500 BTC at market, reduce-only'],
    [
      { priceMatch: 'opponent-5', selfTrade: 'expire-maker' },
      'Buy 0.500 BTC limit at the 5th best price of the other side, until cancelled, ends an own order that it meets',
    ],
    [{ timeInForce: 'GTD', goodForMinutes: '15' }, 'Buy 0.500 BTC limit 63,120.5, until 14:15:00 UTC'],
    [
      { type: 'stop', workingPrice: 'mark' },
      'Buy 0.500 BTC limit 63,120.5 once the mark price rises to 63,000.0, until cancelled',
    ],
    [
      { type: 'take-profit-market', closePosition: true, priceProtect: true },
      'Buy to close the whole position at market once the last price falls to 63,000.0, price-protected',
    ],
    [
      { type: 'trailing-stop-market', side: 'sell', trigger: '', callback: '0.5' },
      'Sell 0.500 BTC at market once the last price falls 0.5 % from its highest',
    ],
    [{ price: '', size: 'x' }, 'Buy ? BTC limit ?, until cancelled'],
  ] as const)('says %o on the perpetual venue', (part, words) => expect(sentence(part)).toBe(words));

  it.each([
    [{}, 'Buy 2 ESZ6 limit 7,000.25, for the session'],
    [{ type: 'market' }, 'Buy 2 ESZ6 at market with protection, for the session'],
    [
      { type: 'stop-limit', side: 'sell', display: '1' },
      'Sell 2 ESZ6 limit 7,000.25 once the last price falls to 6,990.00, for the session, showing 1 at a time',
    ],
    [
      { timeInForce: 'IOC', minimum: '1', selfMatch: 'cancel-aggressing' },
      'Buy 2 ESZ6 limit 7,000.25, at once or cancelled, at least 1 of it at once, cancelled rather than meet an own order',
    ],
  ] as const)('says %o on Globex', (part, words) =>
    expect(sentence(part, ES)).toBe(words.replaceAll('ESZ6', ES.symbol)),
  );
});

describe('what was typed', () => {
  const errors = (part: Partial<TicketFields>, spec = BTC) =>
    readTicket({ ...FIELDS, ...part }, spec, NOW).errors;

  it('is exact and may carry the commas of our own figures', () => {
    const { order, errors: none } = readTicket(FIELDS, BTC, NOW);
    expect(none).toEqual({});
    expect(order.priceTicks).toBe(631_205);
    expect(order.sizeLots).toBe(500);
  });

  it('is refused in words: off tick with the nearest price, off lot, zero, nothing', () => {
    expect(errors({ price: '63120.57' }).price).toBe('off tick: prices move by 0.1; the nearest is 63,120.6');
    expect(errors({ size: '0.0005' }).size).toMatch(/off lot: .*0\.001/);
    expect(errors({ size: '0' }).size).toMatch(/above zero/);
    expect(errors({ price: '' }).price).toBe('expected a price, found nothing');
    expect(errors({ price: '-5' }).price).toMatch(/above zero/);
    expect(errors({ price: '6e4' }).price).toMatch(/expected a decimal number/);
    expect(errors({ timeInForce: 'GTD', goodForMinutes: '10' }).goodForMinutes).toMatch(/from 11/);
    expect(errors({ type: 'trailing-stop-market', callback: '10.5' }).callback).toMatch(/0\.1 to 10/);
    expect(errors({ ...ES_FIELDS, display: '3' }, ES).display).toMatch(/at most the whole size/);
  });

  it('of a field that the order does not have says nothing', () => {
    const { order, errors: none } = readTicket(
      { ...FIELDS, type: 'market', price: 'x', trigger: 'y', callback: 'z', timeInForce: 'GTD' },
      BTC,
      NOW,
    );
    expect(none).toEqual({});
    expect(order).toMatchObject({
      priceTicks: null,
      triggerTicks: null,
      timeInForce: 'GTC',
      goodTillMicros: null,
    });
  });

  it('of an amendment is read alike', () => {
    expect(readAmendment({ price: '63,000.1', size: '0.2' }, BTC)).toEqual({
      priceTicks: 630_001,
      sizeLots: 200,
      errors: {},
    });
    expect(readAmendment({ price: '1.01', size: '' }, BTC).errors).toHaveProperty('price');
  });
});

describe('every order that the ticket can make', () => {
  it('is one that the venue does not refuse for its combination', () => {
    let made = 0;
    for (const { value: type } of typesFor('crypto-perp')) {
      for (const timeInForce of timesFor('crypto-perp', type)) {
        for (const flags of [
          {},
          { reduceOnly: true },
          { closePosition: true },
          { priceMatch: 'queue' as const },
        ]) {
          const part = { ...FIELDS, ...flags, type, timeInForce, priceProtect: true };
          const { order, errors } = readTicket(part, BTC, NOW);
          expect(errors, JSON.stringify(part)).toEqual({});
          if (order.venue !== 'crypto-perp') throw new Error('expected the perpetual venue');
          const sent = { ...order, account: 0, tag: 0 };
          // No price yet: what depends on it is the venue's to say.
          const refusal = isConditional(order.type)
            ? conditionalRefusal({ ...sent, type: order.type as 'stop' }, null)
            : orderRefusal(sent, NOW);
          expect([null, 'order/no-market'], JSON.stringify(part)).toContain(refusal);
          made += 1;
        }
      }
    }
    for (const { value: type } of typesFor('globex')) {
      for (const timeInForce of timesFor('globex', type)) {
        const part = { ...ES_FIELDS, type, timeInForce, minimum: '1', display: '1' };
        const { order, errors } = readTicket(part, ES, NOW);
        expect(errors, JSON.stringify(part)).toEqual({});
        if (order.venue !== 'globex') throw new Error('expected Globex');
        const sent = { ...order, account: 0, tag: 0, selfMatchId: 1, makerPercent: 0 };
        expect(globexRefusal(sent, 'open', NOW), JSON.stringify(part)).toBeNull();
        made += 1;
      }
    }
    expect(made).toBeGreaterThan(60);
  });

  it('shows price and trigger exactly where they are sent', () => {
    for (const [venue, spec, fields] of [
      ['crypto-perp', BTC, FIELDS],
      ['globex', ES, ES_FIELDS],
    ] as const) {
      for (const { value: type } of typesFor(venue)) {
        const has = fieldsFor(venue, { ...fields, type });
        const { order } = readTicket({ ...fields, type }, spec, NOW);
        expect(has.has('price'), type).toBe(order.priceTicks !== null);
        expect(has.has('trigger'), type).toBe(order.triggerTicks !== null);
      }
    }
  });
});

describe('a price picked on the ladder', () => {
  it('fills the limit, or the trigger of what has none, with the side of the column', () => {
    fillTicket(BTC.id, '62,000.1', 'sell');
    expect(useTicket.getState().fields).toMatchObject({ price: '62,000.1', side: 'sell', type: 'limit' });
    changeTicket({ type: 'stop-market' });
    fillTicket(BTC.id, '61,900.0', null);
    expect(useTicket.getState().fields).toMatchObject({
      trigger: '61,900.0',
      price: '62,000.1',
      side: 'sell',
    });
    changeTicket({ type: 'market' });
    fillTicket(BTC.id, '61,950.0', 'buy');
    expect(useTicket.getState().fields).toMatchObject({ price: '61,950.0', type: 'limit', side: 'buy' });
  });

  it('of another instrument starts the ticket afresh', () => {
    changeTicket({ size: '3', trigger: '1' });
    fillTicket(ES.id, '7,000.25', null);
    expect(useTicket.getState().fields).toMatchObject({
      price: '7,000.25',
      size: '',
      trigger: '',
      side: 'buy',
    });
    expect(parseMultiple('7000.25', ES.tickSize).ok).toBe(true);
  });
});
