// Daily settlement by window and tier, variation margin, the end of a contract and rolls.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyDecimals, sumDecimals } from '../../core/money.ts';
import { increment } from '../../core/units.ts';
import { chicagoClock, chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { type CivilDay, dayOf } from '../../reference/calendar/civil-day.ts';
import { parseContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import type { ProductCode } from '../../reference/instruments/cme-product.ts';
import { findProduct } from '../../reference/instruments/cme-products.ts';
import { roundToTick, type SettlementTrade, vwap } from './average-price.ts';
import { type ContractMarket, type SettlementMarket, settleDay, settleLead } from './daily-settlement.ts';
import type { SpreadMarket } from './month-settlement.ts';
import { settlementWindow } from './settlement-rules.ts';
import { finalSettlement, rollPosition, variationMargin } from './variation-margin.ts';

const DAY = dayOf('2026-03-04');

const at = (time: string, day: CivilDay = DAY): number => chicagoInstant(day, clockTime(time));
const trade = (time: string, priceTicks: number, sizeLots = 1, day = DAY): SettlementTrade => ({
  atMicros: at(time, day),
  priceTicks,
  sizeLots,
});

const quiet = (
  symbol: string,
  year: number,
  month: number,
  part: Partial<ContractMarket> = {},
): ContractMarket => ({
  symbol,
  year,
  month,
  trades: [],
  bidTicks: null,
  askTicks: null,
  lowBidTicks: null,
  highAskTicks: null,
  priorTicks: null,
  ...part,
});

const market = (code: ProductCode, part: Partial<SettlementMarket>): SettlementMarket => ({
  product: findProduct(code)!,
  tradingDay: DAY,
  tickSize: increment('1'),
  contracts: [],
  lead: 0,
  spreads: [],
  spreadTicksPerTick: 1,
  carry: null,
  ...part,
});

const lead = (code: ProductCode, part: Partial<ContractMarket>, more: Partial<SettlementMarket> = {}) =>
  settleLead(market(code, { contracts: [quiet('lead', 2026, 3, part)], ...more }));

describe('settlement of the lead month', () => {
  it('is the average of the window by volume, the end of the window left out', () => {
    const trades = [
      trade('14:59:29', 9999),
      trade('14:59:30', 100, 3),
      trade('14:59:59', 110, 1),
      trade('15:00', 9999),
    ];
    expect(lead('ES', { trades })).toEqual({ ticks: 103, tier: 'vwap', lots: 4 });
  });

  it('exactly between two ticks is the one nearer to the settlement before', () => {
    const trades = [trade('13:29', 100), trade('13:29', 101)];
    expect(lead('CL', { trades, priorTicks: 90 })?.ticks).toBe(100);
    expect(lead('CL', { trades, priorTicks: 110 })?.ticks).toBe(101);
    expect(roundToTick(vwap([trade('13:29', -3), trade('13:29', -4)])!, -9)).toBe(-4);
  });

  it('of stock indices without a trade is the middle, then carry from the index', () => {
    expect(lead('ES', { bidTicks: 100, askTicks: 104 })).toMatchObject({ ticks: 102, tier: 'middle' });
    const carry = { index: '5000.00', rate: '0.0365', daysToExpiry: 100 };
    // 5000 × (1 + 0.0365 × 100 ÷ 365) = 5050, in quarter points.
    expect(lead('ES', { bidTicks: 100 }, { carry, tickSize: increment('0.25') })).toMatchObject({
      ticks: 20_200,
      tier: 'carry',
    });
  });

  it('of treasuries without a trade is the last trade or the settlement before, within low bid and high ask', () => {
    const early = [trade('10:00', 50)];
    expect(lead('ZN', { trades: early, lowBidTicks: 48, highAskTicks: 52 })).toMatchObject({
      ticks: 50,
      tier: 'last',
    });
    expect(lead('ZN', { trades: early, lowBidTicks: 53 })).toMatchObject({ ticks: 53, tier: 'last' });
    expect(lead('ZN', { priorTicks: 60, highAskTicks: 58 })).toMatchObject({ ticks: 58, tier: 'prior' });
    expect(lead('ZN', {})).toBeNull();
  });
});

describe('settlement of the other months', () => {
  /** Published example of gold: December 1322.2 is active; spreads are near less far, settlements before not told. */
  const gold = (): SettlementMarket => {
    const day = dayOf('2017-11-01');
    const months = [
      [2017, 12],
      [2018, 2],
      [2018, 4],
      [2018, 6],
    ] as const;
    const spread = (near: number, far: number, part: Partial<SpreadMarket>): SpreadMarket => ({
      near,
      far,
      trades: [],
      bidTicks: null,
      askTicks: null,
      ...part,
    });
    const traded = (ticks: number, lots: number): Partial<SpreadMarket> => ({
      trades: [trade('12:20', ticks, lots, day)],
    });
    return market('GC', {
      tradingDay: day,
      contracts: months.map(([year, month], i) =>
        quiet(`GC${i}`, year, month, {
          trades: i === 0 ? [trade('12:29:30', 13_222, 4052, day)] : [],
        }),
      ),
      spreads: [
        spread(0, 1, traded(-37, 218)),
        // An implied market of 1329.3 bid and 1329.4 offered in April.
        spread(1, 2, { bidTicks: -35, askTicks: -34 }),
        // A wider market of our own, which the better one hides.
        spread(0, 2, { bidTicks: -75, askTicks: -71 }),
        spread(1, 3, traded(-69, 151)),
        spread(0, 3, traded(-106, 117)),
      ],
    });
  };

  it('of gold is that of the published example', () => {
    const settled = settleDay(gold());
    expect(settled).toMatchObject({
      ok: true,
      value: [
        { ticks: 13_222, tier: 'vwap', lots: 4052 },
        { ticks: 13_259, tier: 'spread-vwap', lots: 218 },
        { ticks: 13_294, tier: 'implied-middle' },
        { ticks: 13_328, tier: 'spread-vwap', lots: 268 },
      ],
    });
  });

  it('of metals needs 25 lots of spreads, and takes over the net change where nothing is quoted', () => {
    const example = gold();
    const few = { ...example.spreads[0]!, trades: [trade('12:20', -37, 24, example.tradingDay)] };
    const contracts = example.contracts.map((one, i) => ({ ...one, priorTicks: 13_200 + 40 * i }));
    const settled = settleDay({ ...example, contracts, spreads: [few] });
    expect(settled.ok && settled.value.map(({ tier }) => tier)).toEqual([
      'vwap',
      'net-change',
      'net-change',
      'net-change',
    ]);
    expect(settled.ok && settled.value[1]?.ticks).toBe(13_240 + 22);
  });

  it('of energy weighs spreads by volume over the months between their legs', () => {
    const contracts = [1, 2, 3].map((month) => quiet(`NG${month}`, 2026, month + 3, { priorTicks: 0 }));
    const withLead = [{ ...contracts[0]!, trades: [trade('13:28', 3000, 1)] }, ...contracts.slice(1)];
    const spreads: SpreadMarket[] = [
      { near: 0, far: 1, trades: [trade('13:28', -10, 5)], bidTicks: null, askTicks: null },
      { near: 0, far: 2, trades: [trade('13:28', -30, 20)], bidTicks: null, askTicks: null },
      { near: 1, far: 2, trades: [trade('13:29', -8, 10)], bidTicks: null, askTicks: null },
    ];
    const settled = settleDay(market('NG', { contracts: withLead, spreads }));
    // May: 3010 + ... June: 3030 with 20 lots over 2 months, 3018 with 10 lots over 1: 3024.
    expect(settled.ok && settled.value.map(({ ticks }) => ticks)).toEqual([3000, 3010, 3024]);
  });

  it('of stock indices rounds the spread to its own tick, then the price to that of the contract', () => {
    const contracts = [
      quiet('ESH6', 2026, 3, { trades: [trade('14:59:45', 20_000)] }),
      quiet('ESM6', 2026, 6, { priorTicks: 20_200 }),
    ];
    const spreads: SpreadMarket[] = [
      {
        near: 0,
        far: 1,
        trades: [trade('14:59:50', -1012), trade('14:59:51', -1013)],
        bidTicks: null,
        askTicks: null,
      },
    ];
    const settled = settleDay(market('ES', { contracts, spreads, spreadTicksPerTick: 5 }));
    // −1012.5 spread ticks of 0.05 go to −1012: 20000 + 202.4 ticks of 0.25.
    expect(settled.ok && settled.value[1]).toMatchObject({ ticks: 20_202, tier: 'spread-vwap', lots: 2 });
  });

  it('is missing, and not made up, where no tier finds it or the day does not settle', () => {
    const contracts = [
      quiet('ESH6', 2026, 3, { trades: [trade('14:59:45', 20_000)] }),
      quiet('ESM6', 2026, 6),
    ];
    const failed = { ok: false, failure: { code: 'settlement/price-missing' } };
    expect(settleDay(market('ES', { contracts }))).toMatchObject(failed);
    expect(settleDay(market('ES', { contracts, tradingDay: dayOf('2026-04-03') }))).toMatchObject(failed);
  });
});

describe('regressions: settlement windows', () => {
  const window = (code: ProductCode, day: string): string[] => {
    const found = settlementWindow(findProduct(code)!, dayOf(day));
    if (found === null) return [];
    return [found.beginMicros, found.endMicros].map((micros) => {
      const seconds = chicagoClock(micros).timeMicros / 1_000_000;
      return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
        .map((n) => String(Math.floor(n)).padStart(2, '0'))
        .join(':');
    });
  };

  it('are those of the exchange, in Chicago time, in winter and summer', () => {
    for (const day of ['2026-01-14', '2026-07-15']) {
      expect(window('ES', day)).toEqual(['14:59:30', '15:00:00']);
      expect(window('GC', day)).toEqual(['12:29:00', '12:30:00']);
      expect(window('SI', day)).toEqual(['12:24:00', '12:25:00']);
      expect(window('CL', day)).toEqual(['13:28:00', '13:30:00']);
      expect(window('NG', day)).toEqual(['13:28:00', '13:30:00']);
      expect(window('6E', day)).toEqual(['13:59:30', '14:00:00']);
      expect(window('ZN', day)).toEqual(['13:59:30', '14:00:00']);
    }
  });

  it('of stock indices were 15:15 before 2020-10-26, and are 12:00 on half days', () => {
    expect(window('ES', '2020-10-23')).toEqual(['15:14:30', '15:15:00']);
    expect(window('ES', '2020-09-30')).toEqual(['14:59:30', '15:00:00']);
    expect(window('ES', '2020-10-26')).toEqual(['14:59:30', '15:00:00']);
    expect(window('ES', '2026-11-27')).toEqual(['11:59:30', '12:00:00']);
    expect(window('MES', '2026-11-27')).toEqual(window('ES', '2026-11-27'));
  });

  it('do not exist on holidays, also where part of a session is held', () => {
    expect(window('ES', '2026-01-19')).toEqual([]);
    expect(window('CL', '2026-12-25')).toEqual([]);
  });
});

describe('variation margin', () => {
  const booked = fc.record({
    lots: fc.integer({ min: -50, max: 50 }),
    cents: fc.integer({ min: -5000, max: 800_000 }),
  });
  const price = (cents: number): string => (cents / 100).toFixed(2);

  it('of all holders together is zero to the last digit', () => {
    fc.assert(
      fc.property(
        fc.array(booked, { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: 2, maxLength: 5 }),
        (trades, settlements) => {
          // Every trade has two sides, held by accounts 0 and 1.
          const accounts = [1, -1].map((sign) => ({
            sign,
            lots: 0,
            price: null as string | null,
            total: '0',
          }));
          const left = [...trades];
          for (const settlement of settlements) {
            const today = left.splice(0, 7);
            for (const account of accounts) {
              const position = {
                carriedLots: account.lots,
                carriedPrice: account.price,
                trades: today.map((one) => ({ lots: one.lots * account.sign, price: price(one.cents) })),
              };
              const margin = variationMargin(position, price(settlement), '12.5');
              if (!margin.ok) throw new Error(margin.failure.message);
              account.lots = margin.value.carriedLots;
              account.price = margin.value.carriedPrice;
              account.total = sumDecimals([account.total, margin.value.amount]);
            }
          }
          expect(sumDecimals(accounts.map((account) => account.total))).toBe('0');
          expect(accounts[0]!.lots + accounts[1]!.lots).toBe(0);
          // The days add up to what buying at the trades and selling at the last settlement gives.
          const done = trades.slice(0, trades.length - left.length);
          const last = price(settlements.at(-1)!);
          const direct = done.map(({ lots, cents }) =>
            multiplyDecimals(
              multiplyDecimals(sumDecimals([last, multiplyDecimals(price(cents), '-1')]), String(lots)),
              '12.5',
            ),
          );
          expect(accounts[0]!.total).toBe(sumDecimals(direct));
        },
      ),
      { seed: 31, numRuns: 60 },
    );
  });

  it('of two lots long in ES over 10.25 points is 1025 dollars', () => {
    const position = { carriedLots: 2, carriedPrice: '5000.25', trades: [] };
    expect(variationMargin(position, '5010.50', '50')).toEqual({
      ok: true,
      value: { amount: '1025', carriedLots: 2, carriedPrice: '5010.50' },
    });
  });

  it('needs the last price of lots that were carried', () => {
    expect(variationMargin({ carriedLots: 1, carriedPrice: null, trades: [] }, '1', '50')).toMatchObject({
      failure: { code: 'settlement/price-missing' },
    });
  });
});

describe('the end of a contract', () => {
  const contract = (symbol: string) => {
    const parsed = parseContractSymbol(symbol, DAY);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    return parsed.value;
  };

  it('pays the difference to the final price, which need be no tick, and delivers only what is physical', () => {
    const position = { carriedLots: -3, carriedPrice: '5000.00', trades: [] };
    expect(finalSettlement(contract('ESH6'), position, '4990.13')).toEqual({
      ok: true,
      value: { amount: '1480.5', delivery: null },
    });
    const crude = { carriedLots: 2, carriedPrice: '18.27', trades: [{ lots: -1, price: '1.00' }] };
    // A price below zero, as on 2020-04-20.
    expect(finalSettlement(contract('CLK6'), crude, '-37.63')).toEqual({
      ok: true,
      value: { amount: '-73170', delivery: { takesDelivery: true, lots: 1, price: '-37.63' } },
    });
  });

  it('may be rolled into a later month at the price of the spread until the last trading day', () => {
    const roll = {
      from: contract('ESH6'),
      to: contract('ESM6'),
      lots: 5,
      onDay: dayOf('2026-03-16'),
      nearPrice: '5000.00',
      spreadPrice: '-50.55',
    };
    expect(rollPosition(roll)).toEqual({
      ok: true,
      value: { near: { lots: -5, price: '5000.00' }, far: { lots: 5, price: '5050.55' } },
    });
    const refused = { ok: false, failure: { code: 'settlement/roll-impossible' } };
    expect(rollPosition({ ...roll, onDay: dayOf('2026-03-21') })).toMatchObject(refused);
    expect(rollPosition({ ...roll, to: roll.from })).toMatchObject(refused);
    expect(rollPosition({ ...roll, to: contract('NQM6') })).toMatchObject(refused);
    expect(rollPosition({ ...roll, lots: 0 })).toMatchObject(refused);
  });
});
