// The settlement desk against margins worked out in decimal text, position by position: nothing is lost, whatever comes in whatever order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitsText } from '../../accounting/ledger/money-units.ts';
import { compareDecimals, multiplyDecimals, sumDecimals } from '../../core/money.ts';
import { increment } from '../../core/units.ts';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { addDays, type CivilDay, dayOf } from '../../reference/calendar/civil-day.ts';
import { lastTradingDay } from '../../reference/calendar/contract-dates.ts';
import { isBusinessDay } from '../../reference/calendar/holidays.ts';
import { parseContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import { SettlementDesk, type SettlementLayout } from './settlement-desk.ts';
import type { SettlementInput, SettlementOutput } from './settlement-inputs.ts';
import { type BookedTrade, variationMargin } from './variation-margin.ts';

const FIRST = dayOf('2026-02-23');
const ACCOUNTS = 4;
/** ES near and far, crude oil, and 2-year notes, whose tick of 7.8125 dollars has more decimals than cents. */
const LISTED = [
  ['ESH6', '0.25'],
  ['ESM6', '0.25'],
  ['CLK6', '0.01'],
  ['ZTM6', '0.00390625'],
] as const;
const LAYOUT: SettlementLayout = {
  accounts: ACCOUNTS,
  contracts: LISTED.map(([symbol, tick]) => {
    const parsed = parseContractSymbol(symbol, FIRST);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    return { contract: parsed.value, tickSize: increment(tick) };
  }),
};

const noon = (day: CivilDay) => chicagoInstant(day, clockTime('12:00'));
const priceOf = (contract: number, ticks: number): string =>
  multiplyDecimals(String(ticks), LISTED[contract]![1]);

interface Step {
  readonly what: 'trade' | 'trade-more' | 'settle' | 'again' | 'final' | 'roll';
  readonly contract: number;
  readonly buyer: number;
  readonly seller: number;
  readonly lots: number;
  readonly ticks: number;
  /** Hundredths that a price lies beside the tick. */
  readonly beside: number;
  readonly days: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom<Step['what'][]>(
    'trade',
    'trade-more',
    'trade',
    'settle',
    'settle',
    'again',
    'final',
    'roll',
  ),
  contract: fc.nat(LISTED.length - 1),
  buyer: fc.nat(ACCOUNTS - 1),
  seller: fc.nat(ACCOUNTS - 1),
  lots: fc.integer({ min: 1, max: 40 }),
  ticks: fc.integer({ min: -500, max: 30_000 }),
  beside: fc.integer({ min: 0, max: 24 }),
  days: fc.nat(4),
});

/** Each position as a list of trades, settled in decimal text. */
class DecimalBooks {
  readonly #positions = LISTED.map(() =>
    Array.from({ length: ACCOUNTS }, () => ({
      lots: 0,
      price: null as string | null,
      trades: [] as BookedTrade[],
    })),
  );
  readonly cash: string[] = new Array<string>(ACCOUNTS).fill('0');

  trade(contract: number, account: number, lots: number, price: string): void {
    this.#positions[contract]![account]!.trades.push({ lots, price });
  }

  lots(contract: number, account: number): number {
    const { lots, trades } = this.#positions[contract]![account]!;
    return trades.reduce((sum, one) => sum + one.lots, lots);
  }

  settle(contract: number, price: string, isFinal: boolean): void {
    for (const [account, position] of this.#positions[contract]!.entries()) {
      const { multiplier } = LAYOUT.contracts[contract]!.contract.product;
      const { lots: carriedLots, price: carriedPrice, trades } = position;
      const margin = variationMargin({ carriedLots, carriedPrice, trades }, price, multiplier);
      if (!margin.ok) throw new Error(margin.failure.message);
      this.cash[account] = sumDecimals([this.cash[account]!, margin.value.amount]);
      position.lots = isFinal ? 0 : margin.value.carriedLots;
      position.price = price;
      position.trades = [];
    }
  }
}

/** Inputs from steps; the day only goes forward. */
function inputsOf(steps: readonly Step[]): readonly SettlementInput[] {
  let day = FIRST;
  let last: SettlementInput | null = null;
  const inputs: SettlementInput[] = [];
  for (const { what, contract, buyer, seller, lots, ticks, beside, days } of steps) {
    const price = sumDecimals([priceOf(contract, ticks), (beside / 100).toFixed(2)]);
    if (what === 'again') {
      if (last !== null) inputs.push(last);
      continue;
    }
    if (what === 'settle') {
      day = addDays(day, days);
      last = { kind: 'daily-price', contract, tradingDay: day, price };
      inputs.push(last);
    } else if (what === 'final') {
      const end = lastTradingDay(LAYOUT.contracts[contract]!.contract);
      const tradingDay = days === 0 || day > end ? day : end;
      last = { kind: 'final-price', contract, tradingDay, price };
      inputs.push(last);
    } else if (what === 'roll') {
      const [nearPrice, spreadPrice] = [priceOf(0, ticks), (-50 - beside / 20).toFixed(2)];
      const moved = seller % 2 === 0 ? lots : -lots;
      const roll = {
        kind: 'rolled',
        onDay: day,
        from: 0,
        to: 1,
        account: buyer,
        counterparty: seller,
      } as const;
      inputs.push({ ...roll, lots: moved, nearPrice, spreadPrice });
    } else {
      inputs.push({ kind: 'traded', atMicros: noon(day), contract, buyer, seller, lots, priceTicks: ticks });
    }
  }
  return inputs;
}

/** Tells the decimal books what the desk did, not what it was told. */
function follow(books: DecimalBooks, input: SettlementInput, outputs: readonly SettlementOutput[]): void {
  if (outputs.some(({ kind }) => kind === 'refused')) return;
  if (input.kind === 'traded') {
    const price = priceOf(input.contract, input.priceTicks);
    books.trade(input.contract, input.buyer, input.lots, price);
    books.trade(input.contract, input.seller, -input.lots, price);
  } else if (input.kind === 'rolled') {
    const farPrice = sumDecimals([input.nearPrice, multiplyDecimals(input.spreadPrice, '-1')]);
    for (const [account, sign] of [
      [input.account, 1],
      [input.counterparty, -1],
    ] as const) {
      books.trade(input.from, account, -sign * input.lots, input.nearPrice);
      books.trade(input.to, account, sign * input.lots, farPrice);
    }
  } else books.settle(input.contract, input.price, input.kind === 'final-price');
}

describe('the settlement desk', () => {
  it('pays what decimal text says, sums to zero after every input, and settles no day twice', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), fc.nat(59), (steps, cut) => {
        const desk = new SettlementDesk(LAYOUT);
        let resumed = SettlementDesk.restore(LAYOUT, desk.snapshot());
        const books = new DecimalBooks();
        const days = LISTED.map(() => new Set<number>());
        for (const [i, input] of inputsOf(steps).entries()) {
          const hash = desk.stateHash();
          const outputs = desk.apply(input);
          if (i <= cut) resumed = SettlementDesk.restore(LAYOUT, desk.snapshot());
          else expect(resumed.apply(input)).toEqual(outputs);
          expect(desk.breach()).toBeNull();
          follow(books, input, outputs);
          for (const output of outputs) {
            seen.add(output.kind === 'refused' ? output.failure.code : output.kind);
            if (output.kind === 'refused') expect(desk.stateHash()).toBe(hash);
            if (output.kind !== 'settled') continue;
            expect(output.payments.reduce((sum, { units }) => sum + units, 0n)).toBe(0n);
            expect(isBusinessDay(output.tradingDay)).toBe(true);
            expect(days[output.contract]!.has(output.tradingDay)).toBe(false);
            days[output.contract]!.add(output.tradingDay);
          }
          for (let account = 0; account < ACCOUNTS; account++) {
            expect(compareDecimals(unitsText(desk.booked(account)), books.cash[account]!)).toBe(0);
            for (const c of LISTED.keys()) expect(desk.lots(c, account)).toBe(books.lots(c, account));
          }
        }
        expect(resumed.stateHash()).toBe(desk.stateHash());
      }),
      { numRuns: 60, seed: 8 },
    );
    const codes = ['settlement/already-settled', 'settlement/day-wrong', 'settlement/contract-ended'];
    expect([...seen]).toEqual(
      expect.arrayContaining(['settled', 'delivery-due', 'settlement/roll-impossible', ...codes]),
    );
  });

  it('pays over a life what was sold for less what was bought for, whatever days lie between', () => {
    const trades = fc.array(
      fc.record({
        day: fc.nat(24),
        lots: fc.integer({ min: -30, max: 30 }).filter((n) => n !== 0),
        ticks: fc.integer({ min: 20_000, max: 28_000 }),
      }),
      { minLength: 1, maxLength: 25 },
    );
    const marks = fc.array(fc.option(fc.integer({ min: 2_000_000, max: 2_800_000 })), {
      minLength: 25,
      maxLength: 25,
    });
    fc.assert(
      fc.property(
        trades,
        marks,
        marks,
        fc.integer({ min: 500_000, max: 700_000 }),
        (list, some, others, end) => {
          const finalPrice = (end / 100).toFixed(2);
          const last = lastTradingDay(LAYOUT.contracts[0]!.contract);
          const live = (settles: readonly (number | null)[]): bigint => {
            const desk = new SettlementDesk(LAYOUT);
            for (const [i, settled] of settles.entries()) {
              const day = addDays(FIRST, i);
              for (const { lots, ticks } of list.filter((one) => one.day === i)) {
                const [buyer, seller] = lots > 0 ? [0, 1] : [1, 0];
                const sides = { buyer, seller, lots: Math.abs(lots), priceTicks: ticks };
                desk.apply({ kind: 'traded', atMicros: noon(day), contract: 0, ...sides });
              }
              // Weekends and the last trading day are refused, which is as good as never told.
              if (settled !== null) {
                desk.apply({
                  kind: 'daily-price',
                  contract: 0,
                  tradingDay: day,
                  price: (settled / 400).toFixed(4),
                });
              }
            }
            desk.apply({ kind: 'final-price', contract: 0, tradingDay: last, price: finalPrice });
            expect(desk.lots(0, 0)).toBe(0);
            return desk.booked(0);
          };
          const direct = list.map(({ lots, ticks }) => {
            const move = sumDecimals([finalPrice, multiplyDecimals(priceOf(0, ticks), '-1')]);
            return multiplyDecimals(multiplyDecimals(move, String(lots)), '50');
          });
          const paid = live(some);
          expect(compareDecimals(unitsText(paid), sumDecimals(direct))).toBe(0);
          expect(live(others)).toBe(paid);
          expect(live(some.map(() => null))).toBe(paid);
        },
      ),
      { numRuns: 60, seed: 9 },
    );
  });
});
