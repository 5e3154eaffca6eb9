// A halt by the breakers really halts the venue, and trading resumes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import type { GlobexConfig, GlobexOrder } from '../globex/globex-orders.ts';
import { FIFO } from '../matching/allocation.ts';
import { GuardedGlobex, type GuardedInput, type GuardedOutput } from './guarded-globex.ts';

const FIXING = 20_000;
const SECOND = 1_000_000;

const SYMBOLS = ['ESH6', 'ESM6'];
const GLOBEX: GlobexConfig = {
  instruments: SYMBOLS.map((symbol, i) => ({
    symbol,
    isLead: i === 0,
    allocation: FIFO,
    protectionTicks: 12,
    bandTicks: null,
    velocity: null,
    stopRangeTicks: null,
    settlesAt: null,
  })),
  limits: { orders: 2000, pagesPerSide: 64, events: 8192 },
  stopOrders: 100,
  stopsTogether: true,
  pauseMicros: 5 * SECOND,
  reserveMicros: 10 * SECOND,
  prolongations: 0,
};
const BREAKERS = {
  product: 'ES' as const,
  instruments: SYMBOLS.map((symbol, i) => ({ symbol, isLead: i === 0 })),
};

const at = (time: string): number => {
  const evening = clockTime(time) >= clockTime('17:00') ? clockTime('24:00') : 0;
  return chicagoInstant(dayOf('2026-03-04'), clockTime(time) - evening);
};

const order = (side: 'buy' | 'sell', priceTicks: number, sizeLots = 1, account = 1): GlobexOrder => ({
  account,
  tag: 0,
  side,
  type: 'limit',
  priceTicks,
  triggerTicks: null,
  sizeLots,
  timeInForce: 'DAY',
  goodTillMicros: null,
  minimumLots: 0,
  displayLots: 0,
  selfMatchId: 0,
  selfMatch: 'cancel-resting',
  makerPercent: 0,
});

class Floor {
  readonly guarded = new GuardedGlobex(GLOBEX, BREAKERS);

  constructor() {
    const price = { fixingTicks: FIXING, settlementTicks: FIXING };
    const references = { contracts: [price, price], indexClose: '5000', marketClose: '5000' };
    this.tell({ kind: 'references', atMicros: at('17:00') - SECOND, references });
  }

  tell(input: GuardedInput): readonly GuardedOutput[] {
    return this.guarded.apply(input);
  }

  send(time: string, side: 'buy' | 'sell', priceTicks: number, sizeLots = 1, instrument = 0): string[] {
    return kinds(
      this.tell({ kind: 'order', atMicros: at(time), instrument, order: order(side, priceTicks, sizeLots) }),
    );
  }

  trade(time: string, priceTicks: number, instrument = 0): string[] {
    return [
      ...this.send(time, 'sell', priceTicks, 1, instrument),
      ...this.send(time, 'buy', priceTicks, 1, instrument),
    ];
  }

  clock(time: string): readonly GuardedOutput[] {
    return this.tell({ kind: 'clock', atMicros: at(time) });
  }
}

const kinds = (outputs: readonly GuardedOutput[]): string[] =>
  outputs.map(({ output }) => (output.kind === 'rejected' ? output.code : output.kind));

describe('a Globex group under its breakers', () => {
  it('opens with its session and closes with it', () => {
    const floor = new Floor();
    expect(floor.guarded.venue.state).toBe('close-final');
    floor.clock('17:00');
    expect(floor.guarded.venue.state).toBe('open');
    floor.clock('16:00');
    expect(floor.guarded.venue.state).toBe('close-final');
  });

  it('is halted by a dynamic breaker of its lead month: orders gather, nothing trades, and an auction ends it', () => {
    const floor = new Floor();
    floor.trade('18:00', FIXING);
    expect(floor.trade('18:10', FIXING - 700)).toContain('traded');
    expect(floor.guarded.venue.state).toBe('pre-open');
    expect(floor.guarded.venue.stateOf(1)).toBe('pre-open');
    expect(floor.trade('18:11', FIXING - 650)).not.toContain('traded');
    expect(floor.send('18:11:30', 'buy', FIXING - 600, 1, 1)).toEqual(expect.arrayContaining(['rested']));
    expect(floor.clock('18:11:59').filter(({ from }) => from === 'venue')).toEqual([]);
    const resumed = floor.clock('18:12');
    expect(kinds(resumed)).toContain('uncrossed');
    expect(floor.guarded.venue.state).toBe('open');
    expect(floor.trade('18:13', FIXING - 640)).toContain('traded');
  });

  it('is halted with the whole market for fifteen minutes, and trades afterwards', () => {
    const floor = new Floor();
    floor.trade('09:00', FIXING - 1000);
    floor.tell({ kind: 'market-index', atMicros: at('09:01'), level: '4649.99' });
    expect(floor.guarded.venue.state).toBe('pre-open');
    expect(floor.trade('09:10', FIXING - 1200)).not.toContain('traded');
    expect(kinds(floor.clock('09:16'))).toContain('uncrossed');
    expect(floor.trade('09:17', FIXING - 1210)).toContain('traded');
  });

  it('is stopped before an order trades beyond the dynamic limit; the order waits for the auction', () => {
    const floor = new Floor();
    floor.trade('18:00', FIXING);
    floor.send('18:01', 'sell', FIXING + 690, 2);
    floor.send('18:01', 'sell', FIXING + 700, 2);
    // Two lots within the limit fill the order whatever its price; four lots beyond it would not be filled.
    expect(floor.send('18:02', 'buy', FIXING + 900, 2)).toContain('traded');
    const outputs = floor.send('18:03', 'buy', FIXING + 900, 4);
    expect(outputs).not.toContain('traded');
    expect(floor.guarded.venue.state).toBe('pre-open');
    expect(kinds(floor.clock('18:05'))).toContain('uncrossed');
  });

  it('only cancels after level 3, until the day ends, and trades on the next', () => {
    const floor = new Floor();
    floor.send('09:00', 'buy', FIXING - 1300);
    floor.tell({ kind: 'market-index', atMicros: at('14:59'), level: '3999' });
    expect(floor.guarded.venue.state).toBe('pause');
    expect(floor.send('15:30', 'buy', FIXING - 1300)).toEqual(['order/state-forbids']);
    floor.clock('16:30');
    expect(floor.guarded.venue.state).toBe('close-final');
    const next = at('16:00') + 3600 * SECOND;
    floor.tell({ kind: 'clock', atMicros: next });
    expect(floor.guarded.venue.state).toBe('open');
  });

  it('takes no order beyond a price limit, and goes on at the limit', () => {
    const floor = new Floor();
    floor.clock('17:30');
    expect(floor.send('17:30', 'buy', FIXING + 1401)).toEqual(['order/price-outside-band']);
    expect(floor.send('17:30', 'sell', FIXING - 1401)).toEqual(['order/price-outside-band']);
    expect(floor.trade('17:31', FIXING + 1400)).toContain('traded');
    expect(floor.guarded.venue.state).toBe('open');
  });

  it('stops a month that is not the lead month alone', () => {
    const floor = new Floor();
    floor.trade('18:00', FIXING, 1);
    floor.trade('18:01', FIXING + 700, 1);
    expect(floor.guarded.venue.state).toBe('open');
    expect(floor.guarded.venue.stateOf(1)).toBe('reserved');
    expect(floor.trade('18:02', FIXING + 650, 1)).not.toContain('traded');
    expect(floor.trade('18:02', FIXING)).toContain('traded');
    expect(kinds(floor.clock('18:03'))).toContain('uncrossed');
    expect(floor.trade('18:03:01', FIXING + 600, 1)).toContain('traded');
  });

  it('never trades while halted nor beyond its limits, always trades again, and goes on from a snapshot', () => {
    const move = fc.record({
      wait: fc.integer({ min: 0, max: 40 }),
      side: fc.constantFrom('buy', 'sell' as const),
      drift: fc.integer({ min: -300, max: 300 }),
      edge: fc.integer({ min: -40, max: 40 }),
      instrument: fc.constantFrom(0, 0, 0, 1),
    });
    let halts = 0;
    fc.assert(
      fc.property(fc.array(move, { minLength: 40, maxLength: 160 }), fc.nat(), (moves, cut) => {
        const floor = new Floor();
        let copy: GuardedGlobex | null = null;
        let now = at('17:00');
        const limits = [0, 1].map((): [number, number] => [-Infinity, Infinity]);
        let halted = false;
        let centre = 0;
        for (const [i, { wait, side, drift, edge, instrument }] of moves.entries()) {
          now += wait * SECOND;
          centre = Math.max(-1350, Math.min(1350, centre + drift));
          const input: GuardedInput = {
            kind: 'order',
            atMicros: now,
            instrument,
            order: order(side, FIXING + centre + edge, 1, i % 5),
          };
          const outputs = floor.tell(input);
          if (copy !== null) expect(copy.apply(input)).toEqual(outputs);
          for (const { from, output } of outputs) {
            if (from === 'breakers' && output.kind === 'group-state') {
              halted = output.state.kind === 'stopped';
              if (halted) halts++;
            }
            if (from === 'breakers' && output.kind === 'dynamic-limits') {
              limits[output.instrument] = [output.lowTicks ?? -Infinity, output.highTicks ?? Infinity];
            }
            if (output.kind !== 'traded') continue;
            expect(halted).toBe(false);
            const [low, high] = limits[output.instrument] ?? [0, 0];
            expect(output.takerSide === 'buy' ? output.priceTicks <= high : output.priceTicks >= low).toBe(
              true,
            );
          }
          if (i === cut % moves.length) {
            copy = new GuardedGlobex(GLOBEX, BREAKERS, JSON.parse(JSON.stringify(floor.guarded.snapshot())));
            expect(copy.stateHash()).toBe(floor.guarded.stateHash());
          }
        }
        floor.tell({ kind: 'clock', atMicros: now + 120 * SECOND });
        expect(floor.guarded.venue.state).toBe('open');
      }),
      { seed: 21, numRuns: 25 },
    );
    expect(halts).toBeGreaterThan(10);
  });
});
