// Positions through settlement days to their ends: in cash at an opening quotation, by delivery, and by a roll.
import { describe, expect, it } from 'vitest';
import { parseUnits } from '../../accounting/ledger/money-units.ts';
import { increment } from '../../core/units.ts';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { type CivilDay, dayOf } from '../../reference/calendar/civil-day.ts';
import { parseContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import { SettlementDesk } from './settlement-desk.ts';
import type { SettlementInput, SettlementOutput } from './settlement-inputs.ts';

const [LONG, SHORT, MAKER] = [0, 1, 2] as const;
const dollars = (text: string): bigint => parseUnits(text)!;

/** A desk of some contracts with words for its inputs. */
class Days {
  readonly desk: SettlementDesk;

  constructor(...listed: readonly (readonly [symbol: string, tick: string])[]) {
    const contracts = listed.map(([symbol, tick]) => {
      const parsed = parseContractSymbol(symbol, dayOf('2026-03-02'));
      if (!parsed.ok) throw new Error(parsed.failure.message);
      return { contract: parsed.value, tickSize: increment(tick) };
    });
    this.desk = new SettlementDesk({ contracts, accounts: 3 });
  }

  trade(
    at: string,
    buyer: number,
    seller: number,
    lots: number,
    priceTicks: number,
  ): readonly SettlementOutput[] {
    const [day = '', time = ''] = at.split(' ');
    const atMicros = chicagoInstant(dayOf(day), clockTime(time));
    return this.#apply({ kind: 'traded', atMicros, contract: 0, buyer, seller, lots, priceTicks });
  }

  settle(day: string, price: string, contract = 0): readonly SettlementOutput[] {
    return this.#apply({ kind: 'daily-price', contract, tradingDay: dayOf(day), price });
  }

  end(day: string, price: string): readonly SettlementOutput[] {
    return this.#apply({ kind: 'final-price', contract: 0, tradingDay: dayOf(day), price });
  }

  roll(onDay: CivilDay, account: number, lots: number, nearPrice: string, spreadPrice: string) {
    const legs = { from: 0, to: 1, account, counterparty: MAKER };
    return this.#apply({ kind: 'rolled', onDay, lots, nearPrice, spreadPrice, ...legs });
  }

  #apply(input: SettlementInput): readonly SettlementOutput[] {
    const outputs = this.desk.apply(input);
    expect(this.desk.breach()).toBeNull();
    return outputs;
  }
}

const refusal = (code: string) => [{ kind: 'refused', failure: { code } }];

describe('a position', () => {
  it('in ES ends in cash at an opening quotation that is no multiple of a tick', () => {
    const days = new Days(['ESH6', '0.25']);
    days.trade('2026-03-18 10:00', LONG, SHORT, 2, 20_001);
    const [settled] = days.settle('2026-03-18', '5012.25');
    // 2 × 50 × (5012.25 − 5000.25)
    expect(settled).toMatchObject({
      payments: [
        { account: LONG, lots: 2, units: dollars('1200') },
        { account: SHORT, lots: -2, units: dollars('-1200') },
      ],
    });
    expect(days.end('2026-03-19', '4990.13')).toMatchObject(refusal('settlement/day-wrong'));
    expect(days.settle('2026-03-20', '4990.00')).toMatchObject(refusal('settlement/day-wrong'));
    expect(days.end('2026-03-20', '4990.13')).toMatchObject([
      { isFinal: true, tradingDay: dayOf('2026-03-20') },
    ]);
    expect(days.desk.booked(LONG)).toBe(dollars('-1012'));
    expect(days.desk.booked(SHORT)).toBe(dollars('1012'));
    expect([days.desk.lots(0, LONG), days.desk.lots(0, SHORT)]).toEqual([0, 0]);
    expect(days.trade('2026-03-20 09:00', LONG, SHORT, 1, 20_000)).toMatchObject(
      refusal('settlement/contract-ended'),
    );
    expect(days.end('2026-03-20', '4990.13')).toMatchObject(refusal('settlement/contract-ended'));
  });

  it('in crude oil ends with a delivery, also below a price of zero', () => {
    const days = new Days(['CLK6', '0.01']);
    days.trade('2026-04-20 10:00', LONG, SHORT, 3, 1_827);
    days.trade('2026-04-20 11:00', MAKER, LONG, 1, 100);
    days.settle('2026-04-20', '-0.10');
    const outputs = days.end('2026-04-21', '-37.63');
    expect(outputs.slice(1)).toEqual([
      {
        kind: 'delivery-due',
        contract: 0,
        account: LONG,
        delivery: { takesDelivery: true, lots: 2, price: '-37.63' },
      },
      {
        kind: 'delivery-due',
        contract: 0,
        account: SHORT,
        delivery: { takesDelivery: false, lots: 3, price: '-37.63' },
      },
      {
        kind: 'delivery-due',
        contract: 0,
        account: MAKER,
        delivery: { takesDelivery: true, lots: 1, price: '-37.63' },
      },
    ]);
    // 1000 barrels: bought 3 at 18.27, sold 1 at 1.00, 2 left at −37.63.
    expect(days.desk.booked(LONG)).toBe(dollars(String(-3 * 18_270 + 1_000 - 2 * 37_630)));
  });

  it('in 2-year notes moves by 7.8125 dollars a tick without rounding', () => {
    const days = new Days(['ZTM6', '0.00390625']);
    days.trade('2026-03-04 10:00', LONG, SHORT, 1, 26_500);
    // 26,501 and 26,503 ticks.
    days.settle('2026-03-04', '103.51953125');
    expect(days.desk.booked(LONG)).toBe(dollars('7.8125'));
    days.settle('2026-03-05', '103.52734375');
    expect(days.desk.booked(LONG)).toBe(dollars('23.4375'));
    expect(days.settle('2026-03-06', '103.527343751234')).toMatchObject(
      refusal('settlement/price-malformed'),
    );
    expect(days.settle('2026-03-06', 'about 103')).toMatchObject(refusal('settlement/price-malformed'));
  });

  it('rolls into the next month and keeps its result to the unit', () => {
    const days = new Days(['ESH6', '0.25'], ['ESM6', '0.25']);
    days.trade('2026-03-13 10:00', LONG, SHORT, 5, 20_000);
    days.settle('2026-03-13', '4987.75');
    expect(days.roll(dayOf('2026-03-16'), LONG, 6, '5000.00', '-50.55')).toMatchObject(
      refusal('settlement/roll-impossible'),
    );
    expect(days.roll(dayOf('2026-03-16'), LONG, 5, '5000.00', '-50.55')).toEqual([]);
    expect([days.desk.lots(0, LONG), days.desk.lots(1, LONG)]).toEqual([0, 5]);
    expect([days.desk.lots(0, MAKER), days.desk.lots(1, MAKER)]).toEqual([5, -5]);
    days.settle('2026-03-16', '5001.00');
    days.settle('2026-03-16', '5060.00', 1);
    // Bought at 5000.00, rolled at 5000.00, opened at 5050.55, settled at 5060.00: 5 × 50 × 9.45.
    expect(days.desk.booked(LONG)).toBe(dollars('2362.5'));
    expect(days.desk.booked(LONG) + days.desk.booked(SHORT) + days.desk.booked(MAKER)).toBe(0n);
    expect(days.roll(dayOf('2026-03-23'), SHORT, -5, '5000.00', '-50.55')).toMatchObject(
      refusal('settlement/roll-impossible'),
    );
  });
});
