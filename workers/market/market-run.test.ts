// What a run makes of its feeds: whose word a mark's trust is, and what no chart may show.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../engine/core/rng.ts';
import { type Micros, micros } from '../../engine/core/units.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import { BTCUSDT } from '../../engine/testkit/recorded-session.ts';
import { SmallVenue } from '../../engine/testkit/small-venue.ts';
import { MarketRun } from './market-run.ts';
import type { MarketSource } from './source.ts';

const T = 1_700_000_000_000;
const utf8 = new TextEncoder();

/** A run over a venue whose every message is sent by hand. */
class Desk {
  readonly venue = new SmallVenue(new Rng(3));
  readonly run: MarketRun;
  ms = T;
  readonly #sequences = new Map<string, number>();

  constructor(kind: 'LIVE' | 'REPLAY' = 'LIVE') {
    const source: MarketSource = {
      kind,
      label: '',
      instruments: [BTCUSDT],
      busy: false,
      start: async () => {},
      nowMicros: () => this.at,
      pump: () => {},
      requestSnapshot: () => {},
      reconnect: () => {},
      transport: async () => {},
      paper: null,
      transportState: () => {
        throw new Error('not asked');
      },
      close: () => {},
    };
    this.run = new MarketRun(source);
  }

  get at(): Micros {
    return micros(this.ms * 1_000);
  }

  get mark(): MarkInput | undefined {
    return this.run.marks()[0];
  }

  frame(name: string, json: string): void {
    const stream = `btcusdt@${name}`;
    const sequence = this.#sequences.get(stream) ?? 0;
    this.#sequences.set(stream, sequence + 1);
    this.run.frame({ stream, sequence, receivedAtMicros: this.at, payload: utf8.encode(json) });
  }

  diff(): void {
    this.frame('depth@100ms', this.venue.nextDiff(this.ms).json);
  }

  markPrice(price = '60000.5', atMs = this.ms): void {
    this.frame(
      'markPrice@1s',
      `{"e":"markPriceUpdate","E":${atMs},"s":"BTCUSDT","p":"${price}","i":"1","r":"0","T":0}`,
    );
  }

  open(): this {
    this.run.link(null, true, '', this.at);
    this.diff();
    this.frame('depth-snapshot', this.venue.restBook(this.ms, 0));
    this.diff();
    return this;
  }

  /** Lets time pass: the clock five times a second, with what else is named. */
  pass(ms: number, what: { readonly diffs?: boolean; readonly marks?: boolean | string }): this {
    for (const until = this.ms + ms; this.ms < until; ) {
      this.ms += 100;
      if (what.diffs === true) this.diff();
      if (what.marks === true && this.ms % 1_000 === 0) this.markPrice();
      if (typeof what.marks === 'string' && this.ms % 1_000 === 0) this.frame('markPrice@1s', what.marks);
      if (this.ms % 200 === 0) this.run.clock(0);
    }
    return this;
  }
}

describe('trust of a mark', () => {
  it('is its own: the book going on does not keep a mark alive that stopped', () => {
    const desk = new Desk().open().pass(5_000, { diffs: true, marks: true });
    expect(desk.mark).toMatchObject({ origin: 'mark', trust: 'LIVE', price: 60_000.5 });
    desk.pass(3_400, { diffs: true });
    expect(desk.mark?.trust).toBe('LIVE');
    desk.pass(200, { diffs: true });
    expect(desk.mark).toMatchObject({ origin: 'mark', trust: 'STALE', price: 60_000.5 });
    expect(desk.run.viewed.feed.trust).toBe('LIVE');
    desk.markPrice('60001');
    expect(desk.mark).toMatchObject({ trust: 'LIVE', price: 60_001 });
  });

  it('is not kept alive by messages that carry no mark that can be read', () => {
    const desk = new Desk().open().pass(5_000, { diffs: true, marks: true });
    desk.pass(5_000, { diffs: true, marks: '{"e":"markPriceUpdate","p":"broken"' });
    expect(desk.mark).toMatchObject({ trust: 'STALE', price: 60_000.5 });
  });

  it('is not kept alive by what a closed connection still delivers', () => {
    const desk = new Desk().open().pass(5_000, { diffs: true, marks: true });
    desk.run.link(null, false, 'gone', desk.at);
    desk.pass(2_000, { marks: true });
    expect(desk.mark).toMatchObject({ trust: 'OFFLINE' });
    desk.run.link(null, true, '', desk.at);
    desk.pass(2_000, { diffs: true });
    expect(desk.mark).toMatchObject({ trust: 'STALE', price: 60_000.5 });
  });

  it('is worse while marks come later than they did', () => {
    const desk = new Desk().open();
    for (let i = 0; i < 20; i++) {
      desk.pass(1_000, { diffs: true });
      desk.markPrice('60000', desk.ms - 100);
    }
    expect(desk.mark?.trust).toBe('LIVE');
    for (let i = 0; i < 12; i++) {
      desk.pass(1_000, { diffs: true });
      desk.markPrice('60000', desk.ms - 9_000 + i * 1_000 + i);
    }
    desk.pass(1_000, { diffs: true });
    desk.markPrice('60000', desk.ms - 100);
    expect(desk.mark?.trust).toBe('LIVE');
    for (let i = 0; i < 20; i++) {
      desk.pass(1_000, { diffs: true });
      desk.markPrice('60000', desk.ms - 4_100);
    }
    expect(desk.mark).toMatchObject({ trust: 'DEGRADED' });
  });

  it('of a book that stands in for it is never better than DEGRADED, nor than the book', () => {
    const desk = new Desk('REPLAY').open().pass(2_000, { diffs: true });
    expect(desk.mark).toMatchObject({ origin: 'mid', trust: 'DEGRADED' });
    desk.pass(4_000, {});
    expect(desk.mark).toMatchObject({ origin: 'mid', trust: 'STALE' });
  });

  it('knows a sleep by the time that passed', () => {
    const desk = new Desk().open().pass(5_000, { diffs: true, marks: true });
    desk.ms += 8 * 3_600_000;
    desk.run.clock(8 * 3_600_000_000);
    expect(desk.mark).toMatchObject({ trust: 'STALE' });
    expect(desk.run.viewed.feed.trust).toBe('STALE');
  });
});

describe('chart', () => {
  const seconds = (desk: Desk): number[] =>
    desk.run.viewed.history.map(({ startMicros }) => startMicros / 1_000_000 - T / 1_000);

  it('has no second in which the book was not to be believed', () => {
    const desk = new Desk().open().pass(5_000, { diffs: true, marks: true });
    desk.run.link(null, false, 'gone', desk.at);
    desk.pass(20_000, {});
    desk.run.link(null, true, '', desk.at);
    desk.pass(3_000, { diffs: true });
    desk.frame('depth-snapshot', desk.venue.restBook(desk.ms, 0));
    desk.pass(3_000, { diffs: true });
    expect(desk.run.viewed.feed.trust).toBe('LIVE');
    expect(seconds(desk)).toEqual([0, 1, 2, 3, 4, 28, 29, 30]);
  });

  it('ends a few seconds into a silence, and takes no return over it', () => {
    const desk = new Desk().open();
    for (let i = 0; i < 100; i++) desk.pass(1_000, { diffs: true, marks: true });
    const before = desk.run.viewed.chart.dailyVolatility;
    const last = seconds(desk).at(-1) ?? 0;
    desk.pass(60_000, {});
    expect((seconds(desk).at(-1) ?? 0) - last).toBeLessThanOrEqual(4);
    desk.pass(900, { diffs: true });
    desk.markPrice('90000');
    desk.pass(1_200, { diffs: true });
    const after = desk.run.viewed.chart.dailyVolatility ?? 0;
    expect(after / (before ?? 0)).toBeGreaterThan(0.95);
    expect(after / (before ?? 0)).toBeLessThan(1.05);
  });

  it('is the same for a silence in a recording, however the clock strides over it', () => {
    const charts = [200, 5_000, 60_000].map((stride) => {
      const desk = new Desk('REPLAY').open();
      const play = (ms: number): void => {
        for (const until = desk.ms + ms; desk.ms < until; ) {
          desk.ms += 100;
          desk.diff();
        }
      };
      play(5_000);
      const end = desk.ms + 60_000;
      while (desk.ms + stride < end) {
        desk.ms += stride;
        desk.run.clock(0);
      }
      desk.ms = end;
      play(5_000);
      return { seconds: seconds(desk), trust: desk.run.viewed.feed.trust };
    });
    expect(charts[1]).toEqual(charts[0]);
    expect(charts[2]).toEqual(charts[0]);
    expect(charts[0]?.seconds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 65, 66, 67, 68, 69]);
  });
});
