// Defects of an earlier implementation and facts it had wrong, each by name: limits, levels and breakers.
import { describe, expect, it } from 'vitest';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import { sessionOf } from '../../reference/calendar/sessions.ts';
import type { BreakerInput, BreakerOutput, BreakerState } from './breaker-inputs.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import { fixingTicks } from './fixing.ts';

const MINUTE = 60_000_000;
/** Fixing and settlement 5000.00 in ticks, index 5000. */
const FIXING = 20_000;

/** Breakers of three months of a product on a day, told the references of the day before. */
class Desk {
  readonly breakers: CircuitBreakers;
  readonly #day;
  #now = 0;

  constructor(product: 'ES' | 'CL' | 'GC' = 'ES', day = '2026-03-04', prices = FIXING) {
    this.#day = dayOf(day);
    const instruments = ['H6', 'M6', 'U6'].map((month, i) => ({
      symbol: `${product}${month}`,
      isLead: i === 0,
    }));
    this.breakers = new CircuitBreakers({ product, instruments });
    const session = sessionOf(product === 'ES' ? 'equity' : 'commodity', this.#day)!;
    this.#apply({ kind: 'clock', atMicros: session.opensAtMicros - MINUTE });
    this.refer(prices);
    this.#apply({ kind: 'clock', atMicros: session.opensAtMicros });
  }

  /** The instant of a time of the trading day; times from 17:00 on belong to the evening before. */
  at(time: string): number {
    const evening = clockTime(time) >= clockTime('17:00');
    return chicagoInstant(this.#day, clockTime(time) - (evening ? clockTime('24:00') : 0));
  }

  refer(prices: number, index = '5000.00'): void {
    this.#apply({
      kind: 'references',
      atMicros: this.#now,
      references: {
        contracts: [0, 1, 2].map(() => ({ fixingTicks: prices, settlementTicks: prices })),
        indexClose: index,
        marketClose: index,
      },
    });
  }

  clock(time: string | number): readonly BreakerOutput[] {
    return this.#apply({ kind: 'clock', atMicros: typeof time === 'number' ? time : this.at(time) });
  }

  trade(time: string, priceTicks: number, instrument = 0): readonly BreakerOutput[] {
    return this.#apply({ kind: 'trade', atMicros: this.at(time), instrument, priceTicks });
  }

  reach(time: string, priceTicks: number): readonly BreakerOutput[] {
    return this.#apply({
      kind: 'reaching-order',
      atMicros: this.at(time),
      instrument: 0,
      side: 'buy',
      priceTicks,
    });
  }

  market(time: string, level: string): readonly BreakerOutput[] {
    return this.#apply({ kind: 'market-index', atMicros: this.at(time), level });
  }

  get state(): BreakerState {
    return this.breakers.view().state;
  }

  limits(instrument = 0): (number | null)[] {
    const limits = this.breakers.view().contracts[instrument]?.limits;
    return [limits?.lowTicks ?? null, limits?.highTicks ?? null];
  }

  #apply(input: BreakerInput): readonly BreakerOutput[] {
    this.#now = input.atMicros;
    return this.breakers.apply(input);
  }
}

const stops = (outputs: readonly BreakerOutput[]): BreakerState[] =>
  outputs.flatMap((o) => (o.kind === 'group-state' && o.state.kind === 'stopped' ? [o.state] : []));

describe('regressions', () => {
  it('the overnight limit of stock indices is 7 % both ways, not 5 %', () => {
    const desk = new Desk();
    desk.clock('20:00');
    expect(desk.limits()).toEqual([FIXING - 1400, FIXING + 1400]);
  });

  it('before 2020-10-12 it was 5 %, and there was no dynamic breaker', () => {
    const desk = new Desk('ES', '2020-03-09');
    expect(desk.limits()).toEqual([FIXING - 1000, FIXING + 1000]);
    desk.trade('17:30', FIXING);
    expect(stops(desk.trade('17:31', FIXING - 900))).toEqual([]);
  });

  it('the market stays open at the overnight limit', () => {
    const desk = new Desk();
    for (let minute = 0; minute < 8; minute++) desk.trade(`0${minute}:30`, FIXING - 200 * minute);
    // One trade an hour: nothing is left in the window but the last one.
    expect(desk.breakers.view().contracts[0]).toMatchObject({ at: 'limit-down', lastTicks: FIXING - 1400 });
    expect(desk.state.kind).toBe('open');
  });

  it('within the hours of stocks only falls are limited: 7, 13 and 20 %, each giving way to the next', () => {
    const desk = new Desk();
    desk.clock('08:30');
    expect(desk.limits()).toEqual([FIXING - 1400, null]);
    desk.market('09:00', '4650.00');
    expect(desk.limits()).toEqual([FIXING - 2600, null]);
    desk.market('10:00', '4350.00');
    expect(desk.limits()).toEqual([FIXING - 4000, null]);
  });

  it('levels 1 and 2 halt for 15 minutes from 08:30 to 14:25 in Chicago, each once a day, and the halts end', () => {
    const desk = new Desk();
    expect(stops(desk.market('08:29:59', '4600.00'))).toEqual([]);
    expect(stops(desk.market('08:30', '4650.01'))).toEqual([]);
    expect(stops(desk.market('08:31', '4650.00'))).toMatchObject([
      { cause: 'level-1', untilMicros: desk.at('08:46') },
    ]);
    expect(stops(desk.market('08:32', '4649.00'))).toEqual([]);
    desk.clock('08:46');
    expect(desk.state.kind).toBe('open');
    expect(stops(desk.market('08:50', '4600.00'))).toEqual([]);
    expect(stops(desk.market('14:24:59', '4350.00'))).toMatchObject([
      { cause: 'level-2', untilMicros: desk.at('14:39:59') },
    ]);
    desk.clock('14:40');
    expect(desk.state.kind).toBe('open');
  });

  it('from 14:25 to 15:00 only level 3 halts, and a breaker does exist after 15:25 in New York', () => {
    const desk = new Desk();
    desk.clock('14:25');
    expect(desk.limits()).toEqual([FIXING - 4000, null]);
    expect(stops(desk.market('14:25', '4600.00'))).toEqual([]);
    expect(stops(desk.market('14:26', '4340.00'))).toEqual([]);
    expect(stops(desk.market('14:27', '4000.00'))).toMatchObject([
      { cause: 'level-3', untilMicros: desk.at('16:00') },
    ]);
    desk.clock('16:00');
    expect(desk.state.kind).toBe('closed');
    desk.clock(desk.at('16:00') + 61 * MINUTE);
    expect(desk.state.kind).toBe('open');
    expect(desk.breakers.view().marketLevels.every((level) => level.reachedMicros === null)).toBe(true);
  });

  it('a fall through two levels at once halts once, at the deeper one', () => {
    const desk = new Desk();
    expect(stops(desk.market('10:00', '4300.00'))).toMatchObject([{ cause: 'level-2' }]);
    desk.clock('10:15');
    expect(stops(desk.market('10:20', '4640.00'))).toEqual([]);
  });

  it('after 15:00 the nearer of −7 % from the new fixing and −20 % of the day holds', () => {
    const near = new Desk();
    near.clock('15:00');
    expect(near.limits()).toEqual([FIXING - 4000, null]);
    near.refer(FIXING - 400, '4900.00');
    expect(near.limits()).toEqual([FIXING - 400 - 1372, FIXING - 400 + 1372]);
    const far = new Desk();
    far.clock('15:00:01');
    far.refer(FIXING - 3000, '4250.00');
    // 7 % of 4250 is 297.50: 3935.00, below the −20 % of the day at 4000.00.
    expect(far.limits()).toEqual([FIXING - 4000, FIXING - 3000 + 1190]);
    far.clock(far.at('16:00') + 60 * MINUTE);
    expect(far.limits()).toEqual([FIXING - 3000 - 1190, FIXING - 3000 + 1190]);
  });

  it('the reference is the average by volume of 14:59:30 to 15:00:00, not what a caller likes', () => {
    const desk = new Desk();
    const trades = [
      ['14:59:29', 30_000, 100],
      ['14:59:30', 19_800, 3],
      ['14:59:59', 19_806, 1],
      ['15:00', 10_000, 100],
    ] as const;
    const fixing = fixingTicks(
      trades.map(([time, priceTicks, sizeLots]) => ({ atMicros: desk.at(time), priceTicks, sizeLots })),
      dayOf('2026-03-04'),
      FIXING,
    );
    // 19801.5 lies between two ticks; the fixing before was higher.
    expect(fixing).toBe(19_802);
    desk.clock('15:00:01');
    desk.refer(fixing!, '4950.00');
    expect(desk.breakers.view().contracts[0]?.hard).toEqual({
      lowTicks: 19_802 - 1386,
      highTicks: 19_802 + 1386,
    });
    expect(
      fixingTicks([{ atMicros: desk.at('14:59:45'), priceTicks: 1, sizeLots: 1 }], dayOf('2026-04-03'), null),
    ).toBeNull();
  });

  it('half days of stocks move the hours: levels to 11:25, the new fixing from 12:00', () => {
    const desk = new Desk('ES', '2026-11-27');
    desk.clock('11:25');
    expect(desk.breakers.view().phase).toBe('level-3-only');
    desk.clock('12:00');
    expect(desk.breakers.view()).toMatchObject({
      phase: 'after-close',
      next: { kind: 'closes', inMicros: 15 * MINUTE },
    });
  });

  it('outside the hours of stocks 3.5 % within an hour stop the group for two minutes, and the stop ends', () => {
    const desk = new Desk();
    desk.trade('18:00', FIXING);
    expect(desk.limits()).toEqual([FIXING - 700, FIXING + 700]);
    expect(stops(desk.trade('18:30', FIXING - 699))).toEqual([]);
    expect(stops(desk.trade('18:40', FIXING - 700))).toMatchObject([
      { cause: 'dynamic', untilMicros: desk.at('18:42') },
    ]);
    expect(desk.breakers.view().next).toMatchObject({ kind: 'resumes', inMicros: 2 * MINUTE });
    desk.clock('18:41:59');
    expect(desk.state.kind).toBe('stopped');
    desk.clock('18:42');
    expect(desk.state.kind).toBe('open');
  });

  it('the window restarts with trading, so that a pause is not followed by a second at the same price', () => {
    const desk = new Desk();
    desk.trade('18:00', FIXING);
    desk.trade('18:40', FIXING - 700);
    expect(stops(desk.trade('18:43', FIXING - 720))).toEqual([]);
    expect(desk.limits()).toEqual([FIXING - 1400, FIXING - 20]);
  });

  it('the window moves: what is an hour old no longer counts', () => {
    const desk = new Desk();
    desk.trade('18:00', FIXING);
    desk.trade('18:59', FIXING - 400);
    expect(stops(desk.trade('19:00', FIXING - 1000))).toEqual([]);
    expect(stops(desk.trade('19:01', FIXING - 1100))).toHaveLength(1);
  });

  it('within the hours of stocks there is no dynamic breaker', () => {
    const desk = new Desk();
    desk.trade('09:00', FIXING);
    expect(stops(desk.trade('09:01', FIXING - 1300))).toEqual([]);
  });

  it('an order beyond the dynamic limit stops the group before it trades, one at the limit does not', () => {
    const desk = new Desk();
    desk.trade('18:00', FIXING);
    expect(stops(desk.reach('18:01', FIXING + 700))).toEqual([]);
    expect(stops(desk.reach('18:02', FIXING + 701))).toMatchObject([{ cause: 'dynamic' }]);
  });

  it('a month that is not the lead month stops alone', () => {
    const desk = new Desk();
    desk.trade('18:00', FIXING, 1);
    const outputs = desk.trade('18:01', FIXING + 700, 1);
    expect(outputs[0]).toMatchObject({ kind: 'contract-state', instrument: 1, state: { kind: 'stopped' } });
    expect(desk.state.kind).toBe('open');
    expect(desk.breakers.view().contracts.map((one) => one.state.kind)).toEqual(['open', 'stopped', 'open']);
    expect(desk.clock('18:03')).toMatchObject([
      { kind: 'contract-state', instrument: 1, state: { kind: 'open' } },
    ]);
  });

  it('in the last five minutes the pause lasts five seconds, and none outlasts the session', () => {
    const desk = new Desk('CL', '2026-03-04', 7000);
    desk.trade('15:54:59', 7000);
    expect(stops(desk.trade('15:55', 7700))).toMatchObject([{ untilMicros: desk.at('15:55:05') }]);
    desk.trade('15:59:50', 7000);
    expect(stops(desk.trade('15:59:57', 7700))).toMatchObject([{ untilMicros: desk.at('16:00') }]);
    desk.clock('16:00');
    expect(desk.state.kind).toBe('closed');
  });

  it('crude oil has a dynamic breaker, 7 % until 2020-03-19 and 15 % from then, and no expanding limits', () => {
    const widths = ['2020-03-18', '2020-03-19'].map((day) => {
      const desk = new Desk('CL', day, 2000);
      desk.trade('18:00', 2000);
      return desk.limits();
    });
    expect(widths).toEqual([
      [1860, 2140],
      [1700, 2300],
    ]);
  });

  it('the steps of gold until 2019: two minutes of monitoring, two of halt, the next step, none after the fourth', () => {
    const desk = new Desk('GC', '2015-06-03', 12_000);
    expect(desk.limits()).toEqual([11_000, 13_000]);
    desk.trade('09:00', 11_000);
    expect(desk.state).toMatchObject({ kind: 'monitoring', untilMicros: desk.at('09:02') });
    desk.clock('09:02');
    expect(desk.state).toMatchObject({ kind: 'stopped', cause: 'stepped', untilMicros: desk.at('09:04') });
    desk.clock('09:04');
    expect(desk.limits()).toEqual([10_000, 14_000]);
    desk.trade('09:10', 10_000);
    desk.trade('09:11', 10_500);
    desk.clock('09:12');
    expect(desk.state.kind).toBe('open');
    for (const [time, price, end] of [
      ['09:20', 10_000, '09:24'],
      ['09:30', 9000, '09:34'],
      ['09:40', 8000, '09:44'],
    ] as const) {
      desk.trade(time, price);
      desk.clock(end);
    }
    expect(desk.limits()).toEqual([null, null]);
  });

  it('rates have no limits that are known, which is said and not made up', () => {
    const breakers = new CircuitBreakers({ product: 'ZN', instruments: [{ symbol: 'ZNM6', isLead: true }] });
    breakers.apply({ kind: 'clock', atMicros: chicagoInstant(dayOf('2026-03-04'), clockTime('10:00')) });
    expect(breakers.view()).toMatchObject({ regime: 'none', state: { kind: 'open' } });
    expect(breakers.view().regimeSource).toContain('not found');
  });
});
