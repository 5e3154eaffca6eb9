// The day of the simulated futures: its states to the microsecond, and a depth feed that no auction confuses.
import { describe, expect, it } from 'vitest';
import { type Micros, micros } from '../../core/units.ts';
import { InstrumentFeed } from '../../market/instrument-feed.ts';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import { futureOrder } from '../../testkit/paper-orders.ts';
import { EmbeddedMarket, SIMULATION_START } from '../embedded-market.ts';

const SECOND = 1_000_000;
const ES = 'cme-globex:ESZ6';
const INDEX = 2;
const at = (day: string, time: string): Micros => chicagoInstant(dayOf(day), clockTime(time));

/** A market of ES with a feed that reads what it sends, as a page would. */
class WatchedMarket {
  readonly market: EmbeddedMarket;
  readonly feed: InstrumentFeed;
  readonly trusts = new Set<string>();
  readonly #symbol: string;

  constructor(market: EmbeddedMarket) {
    this.market = market;
    const { spec } = market.contracts[INDEX]!.market;
    this.#symbol = spec.symbol;
    this.feed = new InstrumentFeed(spec, { expects: 'recorded' });
    market.takeFrames();
    this.feed.apply({ kind: 'link', up: true, reason: '', atMicros: market.nowMicros });
  }

  runTo(until: Micros): void {
    while (this.market.nowMicros < until) {
      this.market.advance(
        micros(Math.min(until, this.market.nowMicros + SECOND / 10)),
        Number.MAX_SAFE_INTEGER,
      );
      for (const frame of this.market.takeFrames()) {
        if (frame.stream.startsWith(this.#symbol.toLowerCase())) this.#give({ kind: 'frame', frame });
      }
      this.#give({ kind: 'clock', nowMicros: this.market.nowMicros, lateMicros: 0 });
      if (this.feed.updateId > 0) this.trusts.add(this.feed.trust);
      expect(this.feed.book.isCrossed).toBe(false);
    }
  }

  #give(input: Parameters<InstrumentFeed['apply']>[0]): void {
    for (const { kind } of this.feed.apply(input)) {
      if (kind === 'snapshot-needed') {
        this.feed.apply({ kind: 'frame', frame: this.market.snapshotFrame(this.#symbol) });
      }
    }
  }

  /** Sizes of the best levels of the feed's book beside those of the market's. */
  compare(levels: number): void {
    const { book } = this.market.contracts[INDEX]!.market;
    for (const [side, name] of [
      ['buy', 'bid'],
      ['sell', 'ask'],
    ] as const) {
      const rows = new Float64Array(levels * 3);
      const count = this.feed.book.copyGrouped(name, 1, levels, rows);
      let price = side === 'buy' ? book.bestBidTicks : book.bestAskTicks;
      for (let i = 0; i < count; i++) {
        expect([rows[3 * i], rows[3 * i + 1]]).toEqual([price, book.sizeAt(side, price!)]);
        price = book.nextWorsePrice(side, price!);
      }
      expect(count).toBe(levels);
    }
  }
}

const stateOf = (market: EmbeddedMarket): string => market.venueView(ES)!.state;

describe('the day of the futures', () => {
  it('closes at 16:00, collects from 16:45, lets nobody cancel in the last half minute, opens at 17:00', () => {
    const states = (start: Micros, until: Micros): readonly (readonly [string, number])[] => {
      const market = new EmbeddedMarket({ seed: 1, startMicros: start });
      market.advance(until, Number.MAX_SAFE_INTEGER);
      return market.venueView(ES)!.timeline.map(({ state, fromMicros }) => [state, fromMicros] as const);
    };
    const day = '2026-05-04';
    expect(states(at(day, '15:59:58'), at(day, '16:00:02'))).toEqual([
      ['open', at(day, '15:59:58')],
      ['close-final', at(day, '16:00:00')],
    ]);
    expect(states(at(day, '16:44:58'), at(day, '16:45:02'))).toEqual([
      ['close-final', at(day, '16:44:58')],
      ['pre-open', at(day, '16:45:00')],
    ]);
    expect(states(at(day, '16:59:28'), at(day, '17:00:02'))).toEqual([
      ['pre-open', at(day, '16:59:28')],
      ['pre-open-no-cancel', at(day, '16:59:30')],
      ['open', at(day, '17:00:00')],
    ]);
    // A Saturday: closed until Sunday afternoon; New Year's Day: no session at all.
    const closed = new EmbeddedMarket({ seed: 1, startMicros: at('2026-05-02', '12:00') }).venueView(ES)!;
    expect([closed.state, closed.untilMicros]).toEqual(['close-final', at('2026-05-03', '16:45')]);
    const holiday = new EmbeddedMarket({ seed: 1, startMicros: at('2026-01-01', '12:00') }).venueView(ES)!;
    expect([holiday.state, holiday.untilMicros]).toEqual(['close-final', at('2026-01-01', '16:45')]);
  });

  it('ends orders for the day at the close and keeps the others through the night', () => {
    const day = '2026-05-04';
    const market = new EmbeddedMarket({ seed: 2, startMicros: at(day, '15:59:55') });
    market.advance(at(day, '15:59:58'), Number.MAX_SAFE_INTEGER);
    const priceTicks = market.contracts[INDEX]!.market.bidTicks - 30;
    market.submit({ kind: 'place', order: futureOrder({ priceTicks, timeInForce: 'DAY' }) });
    market.submit({ kind: 'place', order: futureOrder({ priceTicks, timeInForce: 'GTC' }) });
    market.advance(at(day, '16:00:05'), Number.MAX_SAFE_INTEGER);
    expect(market.venueView(ES)!.orders.map(({ id }) => id)).toEqual([2]);
    const story = market.orderStory(ES, 1);
    expect(story.ok && story.value.verdict).toBe('Not filled: the trading day ended (DAY order).');
    const receipt = market.submit({ kind: 'cancel', instrument: ES, id: 2 });
    expect(receipt).toMatchObject({ ok: true, value: { kind: 'rejected', code: 'order/state-forbids' } });
  });
});

describe('the feed over an auction', () => {
  it('is never crossed, has no gap, stays live, and knows the whole book afterwards', () => {
    const market = new EmbeddedMarket({ seed: 3, startMicros: SIMULATION_START });
    const watched = new WatchedMarket(market);
    watched.runTo(micros(SIMULATION_START + 3 * SECOND));
    market.submit({ kind: 'interrupt', instrument: ES, seconds: 15 });
    watched.runTo(micros(SIMULATION_START + 10 * SECOND));
    expect(market.venueView(ES)!.auction!.matchedLots).toBeGreaterThan(0);
    const { bestBidTicks, bestAskTicks } = market.contracts[INDEX]!.market.book;
    expect(bestBidTicks).toBeGreaterThanOrEqual(bestAskTicks!);
    // One who looks in while orders collect sees a book that is not crossed either.
    const late = new WatchedMarket(market);
    late.runTo(micros(SIMULATION_START + 11 * SECOND));
    expect(late.feed.updateId).toBeGreaterThan(0);
    const gap = late.market.nowMicros;
    expect(stateOf(market)).toBe('pre-open');
    late.runTo(micros(gap + 12 * SECOND));
    expect(stateOf(market)).toBe('open');
    late.compare(60);
    expect([late.feed.counters.gaps, late.feed.touchMismatches]).toEqual([0, 0]);
    expect([...late.trusts]).toEqual(['LIVE']);
  });

  it('says the same to one who watched all along', () => {
    const market = new EmbeddedMarket({ seed: 3, startMicros: SIMULATION_START });
    const watched = new WatchedMarket(market);
    watched.runTo(micros(SIMULATION_START + 3 * SECOND));
    market.submit({ kind: 'interrupt', instrument: ES, seconds: 15 });
    watched.runTo(micros(SIMULATION_START + 25 * SECOND));
    watched.compare(60);
    expect(watched.feed.counters.gaps).toBe(0);
    expect(watched.feed.touchMismatches).toBe(0);
    expect([...watched.trusts]).toEqual(['LIVE']);
    expect(stateOf(market)).toBe('open');
  });

  it('goes through the opening of a day', () => {
    const market = new EmbeddedMarket({ seed: 4, startMicros: at('2026-05-04', '16:59:20') });
    const watched = new WatchedMarket(market);
    watched.runTo(at('2026-05-04', '17:00:05'));
    watched.compare(60);
    expect([...watched.trusts]).toEqual(['LIVE']);
    expect(watched.feed.lastTrade).not.toBeNull();
  });
});
