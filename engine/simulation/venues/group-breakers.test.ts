// Daily limits, market-wide halts and dynamic breakers of the simulated futures: each stops trading, and each stop ends.
import { describe, expect, it } from 'vitest';
import { type Micros, micros } from '../../core/units.ts';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import { futureOrder } from '../../testkit/paper-orders.ts';
import { EmbeddedMarket, SIMULATION_START } from '../embedded-market.ts';
import type { FutureVenue } from './future-venue.ts';
import { FuturesGroup } from './futures-group.ts';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const DAY = '2026-05-04';
const at = (time: string, day = DAY): Micros => chicagoInstant(dayOf(day), clockTime(time));
/** 7,000 and 25,500 points. */
const ES_START = 28_000;
const NQ_START = 102_000;

/** A group without agents: what is traded is what the test sends. */
class QuietGroup {
  readonly group: FuturesGroup;
  readonly es: FutureVenue;
  readonly nq: FutureVenue;
  now: Micros;

  constructor(start: Micros) {
    this.group = new FuturesGroup(['ESZ6', 'NQZ6'], start);
    this.es = this.group.member('ESZ6');
    this.nq = this.group.member('NQZ6');
    this.now = start;
    this.es.setReference(start, ES_START);
    this.nq.setReference(start, NQ_START);
    this.group.begin(start);
  }

  /** Lets time pass; what is due happens at its own instant, as in the embedded market. */
  runTo(until: Micros): void {
    while (this.group.dueMicros <= until)
      this.group.advance(micros(Math.max(this.now, this.group.dueMicros)));
    this.now = until;
  }

  trade(priceTicks: number, sizeLots = 1): void {
    const order = { tag: 0, priceTicks, sizeLots };
    this.es.join(this.now, { ...order, account: 0, side: 'sell' });
    this.es.join(this.now, { ...order, account: 1, side: 'buy' });
  }

  /** Trades from one price to another, slowly enough for Velocity Logic; answers the last price that was traded. */
  walk(from: number, to: number): number {
    const step = Math.sign(to - from) * 20;
    let price = from;
    while (this.es.state === 'open') {
      this.trade(price);
      if (price === to || this.es.state !== 'open') break;
      price = step > 0 ? Math.min(to, price + step) : Math.max(to, price + step);
      this.runTo(micros(this.now + 4 * SECOND));
    }
    return price;
  }

  get states(): readonly string[] {
    return [this.es.state, this.nq.state];
  }
}

describe('market-wide halts', () => {
  it('level 1 for 15 minutes, once; level 2 the same; level 3 until the session ends', () => {
    const quiet = new QuietGroup(at('09:30'));
    expect(quiet.es.limits).toEqual({ lowTicks: ES_START - 1_960, highTicks: null });
    quiet.es.setIndex(quiet.now, 6_510.01);
    expect(quiet.states).toEqual(['open', 'open']);
    quiet.es.setIndex(quiet.now, 6_510);
    expect(quiet.states).toEqual(['pre-open', 'pre-open']);
    expect(quiet.nq.untilMicros).toBe(at('09:45'));
    expect(quiet.nq.timeline.at(-1)?.reason).toBe('market-wide halt: the index fell by 7 %');
    expect(quiet.es.limits.lowTicks).toBe(ES_START - 3_640);
    quiet.runTo(micros(at('09:45') - 1));
    expect(quiet.states).toEqual(['pre-open', 'pre-open']);
    quiet.runTo(at('09:45'));
    expect(quiet.states).toEqual(['open', 'open']);
    quiet.es.setIndex(quiet.now, 6_400);
    expect(quiet.states).toEqual(['open', 'open']);
    quiet.es.setIndex(quiet.now, 6_090);
    expect(quiet.es.untilMicros).toBe(at('10:00'));
    quiet.runTo(at('10:00'));
    quiet.es.setIndex(quiet.now, 5_600);
    expect(quiet.states).toEqual(['pause', 'pause']);
    expect(quiet.es.untilMicros).toBe(at('16:00'));
    quiet.runTo(at('16:00'));
    expect(quiet.states).toEqual(['close-final', 'close-final']);
    quiet.runTo(at('17:00'));
    expect(quiet.states).toEqual(['open', 'open']);
  });

  it('falls of NQ alone, small falls and falls outside the hours of stocks halt nothing', () => {
    const quiet = new QuietGroup(at('08:29:59'));
    quiet.es.setIndex(quiet.now, 5_000);
    expect(quiet.states).toEqual(['open', 'open']);
    quiet.runTo(at('08:30'));
    quiet.nq.setIndex(quiet.now, 5_000);
    expect(quiet.states).toEqual(['open', 'open']);
    quiet.es.setIndex(quiet.now, 6_510);
    expect(quiet.states).toEqual(['pre-open', 'pre-open']);
  });

  it('takes over from an interruption by hand, with its own reason and end', () => {
    const quiet = new QuietGroup(at('09:30'));
    expect(quiet.group.interrupt(quiet.now, 60)).toBe(true);
    quiet.runTo(at('09:30:30'));
    quiet.es.setIndex(quiet.now, 6_500);
    quiet.runTo(at('09:32'));
    expect(quiet.states).toEqual(['pre-open', 'pre-open']);
    expect(quiet.es.timeline.slice(-2).map(({ reason }) => reason)).toEqual([
      'interrupted by hand',
      'market-wide halt: the index fell by 7 %',
    ]);
    expect(quiet.group.interrupt(quiet.now, 60)).toBe(false);
    quiet.runTo(at('09:45:30'));
    expect(quiet.states).toEqual(['open', 'open']);
  });
});

describe('dynamic breakers', () => {
  it('3.5 % within an hour stops the group for two minutes outside the hours of stocks, from new extremes afterwards', () => {
    const quiet = new QuietGroup(at('02:00'));
    // The variant is 3.5 % of the settlement, cut to the tick: 980.
    expect(quiet.walk(ES_START, ES_START - 1_200)).toBe(ES_START - 980);
    expect(quiet.states).toEqual(['pre-open', 'pre-open']);
    expect(quiet.es.untilMicros).toBe(quiet.now + 2 * MINUTE);
    expect(quiet.es.timeline.at(-1)?.reason).toContain('circuit breaker of ESZ6');
    quiet.runTo(micros(quiet.now + 2 * MINUTE));
    expect(quiet.states).toEqual(['open', 'open']);
    expect(quiet.walk(ES_START - 960, ES_START - 600)).toBe(ES_START - 600);
    expect(quiet.states).toEqual(['open', 'open']);
  });

  it('five seconds in the last five minutes', () => {
    const quiet = new QuietGroup(at('15:56:00'));
    quiet.walk(ES_START, ES_START - 1_200);
    expect(quiet.now).toBeGreaterThan(at('15:55'));
    expect(quiet.es.untilMicros).toBe(quiet.now + 5 * SECOND);
    quiet.runTo(micros(quiet.now + 5 * SECOND));
    expect(quiet.states).toEqual(['open', 'open']);
  });

  it('an order that would trade beyond the limit stops trading before it is matched; one beyond the band is refused', () => {
    const quiet = new QuietGroup(at('02:00'));
    quiet.walk(ES_START, ES_START - 960);
    quiet.es.join(quiet.now, { account: 2, tag: 0, side: 'buy', priceTicks: ES_START - 985, sizeLots: 3 });
    const before = quiet.es.lastTicks;
    const sell = futureOrder({ side: 'sell', type: 'limit', sizeLots: 3, timeInForce: 'GTC' });
    quiet.es.place(quiet.now, 0, 1, { ...sell, priceTicks: ES_START - 5_000 });
    expect(quiet.states).toEqual(['open', 'open']);
    quiet.es.place(quiet.now, 0, 2, { ...sell, priceTicks: ES_START - 985 });
    expect(quiet.states).toEqual(['pre-open', 'pre-open']);
    expect(quiet.es.lastTicks).toBe(before);
    quiet.runTo(micros(quiet.now + 2 * MINUTE));
    expect(quiet.es.lastTicks).toBe(ES_START - 985);
  });

  it('nothing of that while stocks trade', () => {
    const quiet = new QuietGroup(at('09:30'));
    expect(quiet.walk(ES_START, ES_START - 1_200)).toBe(ES_START - 1_200);
    expect(quiet.states).toEqual(['open', 'open']);
  });
});

describe('daily limits', () => {
  it('no trade lies beyond them, the market stays open at them, and the range shows them', () => {
    const quiet = new QuietGroup(at('09:30'));
    const limit = ES_START - 1_960;
    expect(quiet.walk(ES_START, limit)).toBe(limit);
    expect(quiet.es.range?.lowTicks).toBe(limit);
    const sell = futureOrder({ side: 'sell', type: 'limit', sizeLots: 1, timeInForce: 'GTC' });
    const outputs = quiet.es.place(quiet.now, 0, 1, { ...sell, priceTicks: limit - 1 });
    expect(outputs).toMatchObject([{ kind: 'rejected', code: 'order/price-outside-band' }]);
    expect(quiet.states).toEqual(['open', 'open']);
  });

  it('follow the part of the session, and from 15:00 the new fixing and index close', () => {
    const quiet = new QuietGroup(at('08:29'));
    expect(quiet.es.limits).toEqual({ lowTicks: ES_START - 1_960, highTicks: ES_START + 1_960 });
    quiet.runTo(at('08:30'));
    expect(quiet.es.limits).toEqual({ lowTicks: ES_START - 1_960, highTicks: null });
    quiet.runTo(at('14:25'));
    expect(quiet.es.limits).toEqual({ lowTicks: ES_START - 5_600, highTicks: null });
    quiet.runTo(at('14:59:29'));
    quiet.trade(ES_START + 4);
    quiet.runTo(at('14:59:30'));
    quiet.trade(ES_START + 8);
    quiet.runTo(at('14:59:40'));
    quiet.trade(ES_START + 16, 3);
    quiet.es.setIndex(quiet.now, 7_003.5);
    quiet.runTo(at('15:00'));
    // Average 28,014; 7 % of 7,003.5 is 490.245, cut to 490 points.
    expect(quiet.es.limits).toEqual({ lowTicks: 28_014 - 1_960, highTicks: 28_014 + 1_960 });
    quiet.runTo(at('16:00'));
    expect(quiet.es.limits).toEqual({ lowTicks: null, highTicks: null });
    quiet.runTo(at('17:00'));
    expect(quiet.es.limits).toEqual({ lowTicks: 28_014 - 1_960, highTicks: 28_014 + 1_960 });
  });
});

describe('a halt in the embedded market', () => {
  /** From the open market into a halt of level 1. */
  const halted = (seed: number): EmbeddedMarket => {
    const market = new EmbeddedMarket({ seed, startMicros: SIMULATION_START });
    market.advance(micros(SIMULATION_START + SECOND), Number.MAX_SAFE_INTEGER);
    market.contracts[2]?.market.venue.setIndex(market.nowMicros, 6_300);
    return market;
  };

  it('is shown with reason, end and auction, collects orders, and leaves perpetuals alone', () => {
    const market = halted(1);
    market.advance(micros(SIMULATION_START + 4 * SECOND), Number.MAX_SAFE_INTEGER);
    for (const instrument of ['cme-globex:ESZ6', 'cme-globex:NQZ6'] as const) {
      expect(market.venueView(instrument)).toMatchObject({
        state: 'pre-open',
        reason: 'market-wide halt: the index fell by 7 %',
        sinceMicros: SIMULATION_START + SECOND,
        untilMicros: SIMULATION_START + SECOND + 15 * MINUTE,
      });
      expect(market.venueView(instrument)?.auction).not.toBeNull();
    }
    expect(market.venueView('binance-usdm:BTCUSDT')?.state).toBe('open');
    const priceTicks = market.contracts[2]?.market.bidTicks ?? 0;
    const receipt = market.submit({ kind: 'place', order: futureOrder({ priceTicks: priceTicks - 8 }) });
    expect(receipt).toMatchObject({ ok: true, value: { kind: 'accepted' } });
    expect(market.submit({ kind: 'interrupt', instrument: 'cme-globex:ESZ6', seconds: 5 })).toMatchObject({
      failure: { code: 'paper/not-open' },
    });
  });

  it.skipIf(process.env['HEADROOM_SWEEP'] === undefined)(
    'ends after 15 minutes in an auction',
    () => {
      const market = halted(2);
      const es = market.contracts[2]?.market;
      const end = SIMULATION_START + SECOND + 15 * MINUTE;
      market.advance(micros(end - 1), Number.MAX_SAFE_INTEGER);
      expect(es?.venue.state).toBe('pre-open');
      const before = es?.boughtLots ?? 0;
      market.advance(micros(end + 2 * MINUTE), Number.MAX_SAFE_INTEGER);
      expect(es?.venue.timeline.find(({ reason }) => reason === 'end of the halt')).toMatchObject({
        state: 'open',
        fromMicros: end,
      });
      expect(es?.boughtLots).toBeGreaterThan(before);
      for (const { market: future } of market.contracts.slice(2)) {
        expect(future.venue.state).toBe('open');
        expect(future.askTicks - future.bidTicks).toBeLessThan(20);
      }
    },
    120_000,
  );
});
