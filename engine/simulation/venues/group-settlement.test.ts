// Daily settlement of the simulated futures: the price against the public trades, the payments against every account.
import { describe, expect, it } from 'vitest';
import { unitsText } from '../../accounting/ledger/money-units.ts';
import { compareDecimals } from '../../core/money.ts';
import { type Micros, micros } from '../../core/units.ts';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import { futureOrder } from '../../testkit/paper-orders.ts';
import { EmbeddedMarket } from '../embedded-market.ts';
import type { VenueView } from '../paper/paper-orders.ts';
import type { FutureVenue } from './future-venue.ts';
import { FuturesGroup } from './futures-group.ts';

const SECOND = 1_000_000;
const ES = 'cme-globex:ESZ6';
const INDEX = 2;
const START_TICKS = 28_000;
/** Dollars of a tick of ES, and of a point. */
const [TICK, POINT] = [12.5, 50] as const;
const at = (day: string, time: string): Micros => chicagoInstant(dayOf(day), clockTime(time));

/** A group without agents: what is traded is what the test sends. */
class QuietGroup {
  readonly group: FuturesGroup;
  readonly es: FutureVenue;
  now: Micros;

  constructor(start: Micros) {
    this.group = new FuturesGroup(['ESZ6', 'NQZ6'], start);
    this.es = this.group.member('ESZ6');
    this.now = start;
    this.es.setReference(start, START_TICKS);
    this.group.member('NQZ6').setReference(start, 4 * START_TICKS);
    this.group.begin(start);
  }

  runTo(until: Micros): this {
    while (this.group.dueMicros <= until) {
      this.group.advance(micros(Math.max(this.now, this.group.dueMicros)));
    }
    this.now = until;
    return this;
  }

  /** Account 0 sells to account 1. */
  trade(priceTicks: number, sizeLots = 1): void {
    const order = { tag: 0, priceTicks, sizeLots };
    this.es.join(this.now, { ...order, account: 0, side: 'sell' });
    this.es.join(this.now, { ...order, account: 1, side: 'buy' });
  }

  get prices(): readonly number[] {
    return this.es.settlement.days.map(({ priceTicks }) => priceTicks);
  }

  get paid(): readonly number[] {
    return [0, 1].map((account) => Number(unitsText(this.es.settlement.booked(account))));
  }
}

describe('settlement of a quiet group', () => {
  it('pays trades from their price, then what was carried from the settlement before', () => {
    const quiet = new QuietGroup(at('2026-05-04', '14:00'));
    expect(quiet.es.settlement.priceTicks).toBe(START_TICKS);
    quiet.trade(START_TICKS, 3);
    quiet.runTo(at('2026-05-04', '14:59:45')).trade(START_TICKS + 10);
    quiet.runTo(micros(at('2026-05-04', '15:00') - 1));
    expect(quiet.prices).toEqual([]);
    quiet.runTo(at('2026-05-04', '15:00'));
    expect(quiet.prices).toEqual([START_TICKS + 10]);
    expect(quiet.paid).toEqual([-30 * TICK, 30 * TICK]);
    quiet.runTo(at('2026-05-04', '15:30')).trade(START_TICKS + 4, 2);
    quiet.runTo(at('2026-05-05', '14:59:59')).trade(START_TICKS + 2);
    quiet.runTo(at('2026-05-05', '15:00'));
    expect(quiet.prices).toEqual([START_TICKS + 10, START_TICKS + 2]);
    // Four lots from 10 to 2, two from 4 to 2, one at 2.
    expect(quiet.paid).toEqual([(32 + 4 - 30) * TICK, (30 - 32 - 4) * TICK]);
  });

  it('takes the middle of the quotes where nothing trades in the window', () => {
    const quiet = new QuietGroup(at('2026-05-04', '14:00'));
    const order = { tag: 0, sizeLots: 1 };
    quiet.es.join(quiet.now, { ...order, account: 0, side: 'buy', priceTicks: START_TICKS + 27 });
    quiet.es.join(quiet.now, { ...order, account: 1, side: 'sell', priceTicks: START_TICKS + 33 });
    quiet.runTo(at('2026-05-04', '15:01'));
    expect(quiet.es.settlement.days).toMatchObject([{ priceTicks: START_TICKS + 30, tier: 'middle' }]);
    // The dynamic breaker of the evening is 3.5 % of it: 981.05 ticks, where the price of the morning gave 980.
    quiet.runTo(at('2026-05-04', '17:00:01')).trade(START_TICKS);
    expect(quiet.es.breakers?.contracts[0]?.dynamic.lowTicks).toBe(START_TICKS - 981);
  });

  it('has none on holidays, and that of half days at noon', () => {
    const quiet = new QuietGroup(at('2026-11-25', '15:30'));
    quiet.runTo(at('2026-11-26', '11:59:45')).trade(START_TICKS);
    quiet.runTo(at('2026-11-27', '11:59:45')).trade(START_TICKS + 8);
    quiet.runTo(at('2026-11-27', '16:00'));
    expect(quiet.es.settlement.days).toMatchObject([
      { tradingDay: dayOf('2026-11-27'), atMicros: at('2026-11-27', '12:00'), priceTicks: START_TICKS + 8 },
    ]);
    expect(quiet.es.settlement.nextMicros).toBe(at('2026-11-30', '15:00'));
    expect(quiet.paid).toEqual([-8 * TICK, 8 * TICK]);
  });

  it('pays a day without a price, here one that was halted, with the next', () => {
    const quiet = new QuietGroup(at('2026-05-04', '14:00'));
    quiet.trade(START_TICKS, 2);
    quiet.es.setIndex(quiet.now, 5_600);
    expect(quiet.es.state).toBe('pause');
    quiet.runTo(at('2026-05-04', '15:10'));
    expect(quiet.prices).toEqual([]);
    quiet.runTo(at('2026-05-05', '14:59:45')).trade(START_TICKS - 6);
    quiet.runTo(at('2026-05-05', '15:10'));
    expect(quiet.prices).toEqual([START_TICKS - 6]);
    expect(quiet.paid).toEqual([12 * TICK, -12 * TICK]);
  });
});

/** Volume and value of the public trades of ES from 14:59:30 to 15:00. */
class PublicTrades {
  lots = 0;
  tickLots = 0;

  take(market: EmbeddedMarket, begin: Micros, end: Micros): void {
    for (const frame of market.takeFrames()) {
      if (!frame.stream.startsWith('esz6@') || !frame.stream.includes('rade')) continue;
      const { data } = JSON.parse(new TextDecoder().decode(frame.payload)) as {
        readonly data: { readonly T: number; readonly p: string; readonly q: string };
      };
      if (data.T * 1_000 < begin || data.T * 1_000 >= end) continue;
      this.lots += Number(data.q);
      this.tickLots += Number(data.q) * Number(data.p) * 4;
    }
  }
}

describe('settlement in the embedded market', () => {
  const DAY = '2026-05-04';
  const end = at(DAY, '15:00');
  const begin = at(DAY, '14:59:30');
  const open = (): EmbeddedMarket => new EmbeddedMarket({ seed: 12, startMicros: at(DAY, '14:59:10') });
  const view = (market: EmbeddedMarket): VenueView => market.venueView(ES)!;
  const buy = futureOrder({ type: 'market', sizeLots: 3, timeInForce: 'IOC' });

  it('is the average of the public trades, pays every account, and comes to the reader as a line of a statement', () => {
    const market = open();
    const trades = new PublicTrades();
    market.advance(micros(begin - 15 * SECOND), Number.MAX_SAFE_INTEGER);
    market.submit({ kind: 'place', order: buy });
    market.submit({ kind: 'place', order: { ...buy, side: 'sell', sizeLots: 1 } });
    while (market.nowMicros < end - SECOND) {
      market.advance(micros(market.nowMicros + SECOND), Number.MAX_SAFE_INTEGER);
      trades.take(market, begin, end);
    }
    const before = view(market);
    expect(before.clearing).toMatchObject({ variationMargin: '0.00000000', statement: [], nextMicros: end });
    market.advance(end, Number.MAX_SAFE_INTEGER);
    trades.take(market, begin, end);
    const after = view(market);

    const listed = market.contracts[INDEX]!.market;
    const { settlement } = listed.venue;
    const [settled] = settlement!.days;
    expect(settled).toMatchObject({ tradingDay: dayOf(DAY), atMicros: end, tier: 'vwap', lots: trades.lots });
    expect(trades.lots).toBeGreaterThan(50);
    expect(Math.abs(settled!.priceTicks - trades.tickLots / trades.lots)).toBeLessThanOrEqual(0.5);

    const lots = new Map(settled!.payments.map((payment) => [payment.account, payment.lots]));
    for (const [account, held] of listed.positionsLots().entries()) expect(lots.get(account) ?? 0).toBe(held);
    expect(settled!.payments.length).toBeGreaterThan(3);
    expect(settled!.payments.reduce((sum, { units }) => sum + units, 0n)).toBe(0n);

    const cash = after.fills.reduce(
      (sum, { side, priceTicks, sizeLots }) => sum + (side === 'buy' ? -1 : 1) * priceTicks * sizeLots,
      0,
    );
    const amount = (cash + 2 * settled!.priceTicks) * TICK;
    const { clearing } = after;
    expect(clearing).toMatchObject({
      settlementTicks: settled!.priceTicks,
      closedResult: '0.00000000',
      statement: [{ tradingDay: DAY, atMicros: end, lots: 2, priceTicks: settled!.priceTicks }],
    });
    expect(Number(clearing!.entryPrice)).toBe(settled!.priceTicks / 4);
    expect(compareDecimals(clearing!.variationMargin, amount.toFixed(8))).toBe(0);
    expect(clearing!.statement[0]?.amount).toBe(clearing!.variationMargin);
    // What the reader sees as its own result is not touched by settlement.
    expect([after.averagePrice, after.realised]).toEqual([before.averagePrice, before.realised]);
    // Before and after, the account is worth the same at any price.
    const worth = ({ clearing: own, positionLots }: VenueView, price: number): number =>
      Number(own!.variationMargin) +
      Number(own!.closedResult) +
      positionLots * (price - Number(own!.entryPrice)) * POINT;
    for (const price of [6_000, 7_012.25]) expect(worth(after, price)).toBeCloseTo(worth(before, price), 6);
  });

  it('lets lots traded after it count from their own price, beside those that were carried', () => {
    const market = open();
    market.advance(micros(begin - 10 * SECOND), Number.MAX_SAFE_INTEGER);
    market.submit({ kind: 'place', order: buy });
    market.advance(micros(end + SECOND), Number.MAX_SAFE_INTEGER);
    // Nobody looked in between.
    market.submit({ kind: 'place', order: { ...buy, sizeLots: 1 } });
    const { clearing, fills, positionLots } = view(market);
    expect(positionLots).toBe(4);
    const carried = 3 * (clearing?.settlementTicks ?? 0);
    expect(Number(clearing?.entryPrice)).toBe((carried + fills.at(-1)!.priceTicks) / 16);
    expect(clearing?.closedResult).toBe('0.00000000');
  });

  it('is the same in whatever slices the market is advanced', () => {
    const hashes = [7_919, 333_333_333].map((slice) => {
      const market = open();
      market.advance(micros(begin - 10 * SECOND), Number.MAX_SAFE_INTEGER);
      market.submit({ kind: 'place', order: buy });
      while (market.nowMicros < end + 2 * SECOND) {
        market.advance(micros(Math.min(end + 2 * SECOND, market.nowMicros + slice)), 997);
      }
      return [market.stateHash(), view(market).clearing?.variationMargin];
    });
    expect(hashes[1]).toEqual(hashes[0]);
    expect(hashes[0]?.[1]).not.toBe('0.00000000');
  });
});
