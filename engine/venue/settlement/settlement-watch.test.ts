// The watch over the windows: each day settles once and at its own instant, whatever clock and connection did.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { increment, type Micros, micros } from '../../core/units.ts';
import { chicagoClock, chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { addDays, dayOf, formatDay } from '../../reference/calendar/civil-day.ts';
import { parseContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import { settleLead } from './daily-settlement.ts';
import { settlementWindow } from './settlement-rules.ts';
import {
  SettlementWatch,
  type SettlementWatchInput,
  type SettlementWatchOutput,
  type WatchedContract,
} from './settlement-watch.ts';

const HOUR = 3_600_000_000;

function watched(symbol: string, tick: string, onDay = '2026-03-02'): WatchedContract {
  const parsed = parseContractSymbol(symbol, dayOf(onDay));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return { contract: parsed.value, tickSize: increment(tick) };
}

const ES = watched('ESZ6', '0.25');
const at = (day: string, time: string): Micros => chicagoInstant(dayOf(day), clockTime(time));
const traded = (atMicros: Micros, priceTicks: number, sizeLots = 1): SettlementWatchInput => ({
  kind: 'traded',
  atMicros,
  priceTicks,
  sizeLots,
});
const passed = (atMicros: Micros): SettlementWatchInput => ({ kind: 'time-passed', atMicros });

function run(
  watch: SettlementWatch,
  inputs: readonly SettlementWatchInput[],
): readonly SettlementWatchOutput[] {
  return inputs.flatMap((input) => watch.apply(input));
}

describe('the watch over settlement windows', () => {
  it('settles by the trades of the window and by quotes of its last instant', () => {
    const day = '2026-03-04';
    const watch = new SettlementWatch(ES, at(day, '09:00'), 100);
    const begun = run(watch, [
      traded(at(day, '14:59:29'), 9_999, 50),
      traded(at(day, '14:59:30'), 100, 3),
      traded(at(day, '14:59:59'), 110),
      traded(at(day, '15:00'), 9_999, 50),
    ]);
    expect(begun).toEqual([]);
    const end = { tradingDay: dayOf(day), atMicros: at(day, '15:00') };
    // 102.5, which goes towards the settlement before.
    expect(run(watch, [passed(at(day, '15:00'))])).toEqual([
      { kind: 'price-found', ...end, ticks: 102, tier: 'vwap', lots: 4 },
    ]);
    expect(watch.snapshot()).toMatchObject({ trades: [], priorTicks: 102 });
    const next = at('2026-03-05', '15:00');
    const quoted = { kind: 'quoted', atMicros: next, bidTicks: 120, askTicks: 124 } as const;
    expect(run(watch, [passed(at('2026-03-05', '14:59:45')), quoted, passed(next)])).toMatchObject([
      { kind: 'price-found', ticks: 122, tier: 'middle' },
    ]);
  });

  it('settles treasuries without a trade by the last one of the day within the low bid and high ask of the window', () => {
    const watch = new SettlementWatch(watched('ZNM6', '0.015625'), at('2026-03-04', '09:00'), 7_000);
    const quoted = (time: string, bidTicks: number, askTicks: number): SettlementWatchInput => ({
      kind: 'quoted',
      atMicros: at('2026-03-04', time),
      bidTicks,
      askTicks,
    });
    // The quotes that stand when the window begins count; those before it do not.
    const quotes = [
      quoted('10:00', 7_000, 7_001),
      quoted('13:00', 7_010, 7_012),
      quoted('13:59:40', 7_020, 7_021),
    ];
    expect(
      run(watch, [traded(at('2026-03-04', '10:00'), 7_005), ...quotes, passed(at('2026-03-04', '14:00'))]),
    ).toMatchObject([{ kind: 'price-found', ticks: 7_010, tier: 'last' }]);
  });

  it('finds the window in winter and summer, on half days, and not on holidays', () => {
    const ends = (from: string, days: number): readonly string[] => {
      const watch = new SettlementWatch(ES, at(from, '00:00'), null);
      return watch
        .apply(passed(at(formatDay(addDays(dayOf(from), days)), '23:00')))
        .map(({ tradingDay, atMicros }) => {
          const { day, timeMicros } = chicagoClock(atMicros);
          expect(day).toBe(tradingDay);
          return `${formatDay(day)} ${timeMicros / HOUR} ${new Date(atMicros / 1_000).getUTCHours()}`;
        });
    };
    // Daylight saving time begins on 8 March 2026 and ends on 1 November.
    expect(ends('2026-03-06', 3)).toEqual(['2026-03-06 15 21', '2026-03-09 15 20']);
    expect(ends('2026-10-30', 3)).toEqual(['2026-10-30 15 20', '2026-11-02 15 21']);
    expect(ends('2026-11-25', 5)).toEqual(['2026-11-25 15 21', '2026-11-27 12 18', '2026-11-30 15 21']);
    expect(ends('2026-04-02', 4)).toEqual(['2026-04-02 15 20', '2026-04-06 15 20']);
    expect(ends('2026-12-24', 4)).toEqual(['2026-12-24 12 18', '2026-12-28 15 21']);
    expect(ends('2026-07-02', 4)).toEqual(['2026-07-02 15 20', '2026-07-06 15 20']);
  });

  it('settles each day once over a year of sleeps, jumps and repeated inputs, from a snapshot, too', () => {
    const start = dayOf('2026-01-02');
    const chunk = fc.record({
      hours: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 100, max: 400 })),
      minutes: fc.nat(59),
      what: fc.constantFrom('trade', 'quote', 'time', 'back', 'restore', 'at-end'),
    });
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 20, maxLength: 120 }), (chunks) => {
        const begin = chicagoInstant(start, 0);
        let watch = new SettlementWatch(ES, begin, 20_000);
        let now = begin;
        const seen: SettlementWatchOutput[] = [];
        for (const { hours, minutes, what } of chunks) {
          if (what === 'back') {
            const hash = watch.stateHash();
            expect(watch.apply(traded(micros(now - 1 - hours * HOUR), 1))).toEqual([]);
            expect(watch.stateHash()).toBe(hash);
            continue;
          }
          if (what === 'restore') {
            const again = SettlementWatch.restore(ES, watch.snapshot());
            expect(again.stateHash()).toBe(watch.stateHash());
            watch = again;
            continue;
          }
          const later = now + hours * HOUR + minutes * 60_000_000;
          now = micros(what === 'at-end' ? Math.max(now, watch.dueMicros) : later);
          const quoted = { kind: 'quoted', atMicros: now, bidTicks: 19_000, askTicks: 21_000 } as const;
          const input =
            what === 'trade' ? traded(now, 20_000 + minutes) : what === 'quote' ? quoted : passed(now);
          seen.push(...watch.apply(input));
        }
        const due: number[] = [];
        for (let day = start; ; day = addDays(day, 1)) {
          const window = settlementWindow(ES.contract.product, day);
          if (window !== null && window.endMicros >= watch.dueMicros) break;
          if (window !== null) due.push(day);
        }
        expect(seen.map(({ tradingDay }) => tradingDay)).toEqual(due);
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('makes no price of quotes from before a sleep', () => {
    const watch = new SettlementWatch(ES, at('2026-03-04', '09:00'), 100);
    const quoted = {
      kind: 'quoted',
      atMicros: at('2026-03-04', '10:00'),
      bidTicks: 99,
      askTicks: 101,
    } as const;
    const outputs = run(watch, [
      quoted,
      traded(at('2026-03-06', '14:59:50'), 130),
      passed(at('2026-03-06', '15:10')),
    ]);
    expect(outputs.map(({ kind }) => kind)).toEqual(['price-missing', 'price-missing', 'price-found']);
  });

  it('finds what the rules find from all trades of the day', () => {
    const trade = fc.record({
      second: fc.integer({ min: 53_900, max: 54_000 }),
      priceTicks: fc.integer({ min: 100, max: 140 }),
      sizeLots: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 20 }), fc.boolean(), (list, hasQuotes) => {
        const day = dayOf('2026-03-04');
        const watch = new SettlementWatch(ES, at('2026-03-04', '09:00'), 120);
        const trades = list
          .map(({ second, ...terms }) => ({ atMicros: chicagoInstant(day, second * 1_000_000), ...terms }))
          .sort((a, b) => a.atMicros - b.atMicros);
        const end = at('2026-03-04', '15:00');
        const [bidTicks, askTicks] = hasQuotes ? [117, 122] : [null, null];
        const outputs = [
          ...run(
            watch,
            trades
              .filter(({ atMicros }) => atMicros <= end)
              .map((one) => ({ kind: 'traded', ...one }) as const),
          ),
          ...run(watch, [{ kind: 'quoted', atMicros: end, bidTicks, askTicks }, passed(end)]),
        ];
        const contract = { symbol: 'ESZ6', year: 2026, month: 12, trades, bidTicks, askTicks };
        const whole = settleLead({
          product: ES.contract.product,
          tradingDay: day,
          tickSize: ES.tickSize,
          contracts: [{ ...contract, lowBidTicks: null, highAskTicks: null, priorTicks: 120 }],
          lead: 0,
          spreads: [],
          spreadTicksPerTick: 1,
          carry: null,
        });
        expect(outputs).toMatchObject([whole ?? { kind: 'price-missing' }]);
      }),
      { numRuns: 60, seed: 6 },
    );
  });
});
