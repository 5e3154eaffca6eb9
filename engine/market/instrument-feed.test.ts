// What the feed says of its own trust, and what it makes of each stream.
import { describe, expect, it } from 'vitest';
import { Rng } from '../core/rng.ts';
import { micros } from '../core/units.ts';
import { BTCUSDT } from '../testkit/recorded-session.ts';
import { SmallVenue } from '../testkit/small-venue.ts';
import type { FeedInput, FeedOutput } from './feed-input.ts';
import { InstrumentFeed } from './instrument-feed.ts';

const utf8 = new TextEncoder();
const START_MS = 1_700_000_000_000;

/** One feed, one venue and a clock that ticks four times a second. */
class Desk {
  readonly feed: InstrumentFeed;
  readonly venue = new SmallVenue(new Rng(7));
  readonly outputs: FeedOutput[] = [];
  readonly #sequences = new Map<string, number>();
  ms = START_MS;

  constructor(expects: 'live' | 'recorded' = 'live') {
    this.feed = new InstrumentFeed(BTCUSDT, { expects });
  }

  get at() {
    return micros(this.ms * 1000);
  }

  get trust(): string {
    return `${this.feed.trust} ${this.feed.trustReason}`.trim();
  }

  input(input: FeedInput): readonly FeedOutput[] {
    const outputs = this.feed.apply(input);
    this.outputs.push(...outputs);
    return outputs;
  }

  link(up: boolean, reason = ''): readonly FeedOutput[] {
    return this.input({ kind: 'link', up, reason, atMicros: this.at });
  }

  frame(name: string, json: string, skip = 0): readonly FeedOutput[] {
    const stream = `btcusdt@${name}`;
    const sequence = (this.#sequences.get(stream) ?? -1) + 1 + skip;
    this.#sequences.set(stream, sequence);
    return this.input({
      kind: 'frame',
      frame: { stream, sequence, receivedAtMicros: this.at, payload: utf8.encode(json) },
    });
  }

  diff(): readonly FeedOutput[] {
    return this.frame('depth@100ms', this.venue.nextDiff(this.ms).json);
  }

  mark(): readonly FeedOutput[] {
    return this.frame(
      'markPrice@1s',
      `{"e":"markPriceUpdate","E":${this.ms},"s":"BTCUSDT","p":"60000.12345678","i":"60001.5","r":"-0.00010000","T":${START_MS + 1000}}`,
    );
  }

  clock(lateMs = 0): readonly FeedOutput[] {
    return this.input({ kind: 'clock', nowMicros: this.at, lateMicros: lateMs * 1000 });
  }

  /** Lets time pass with a clock four times a second and, unless silent, diffs and marks. */
  pass(ms: number, silent: 'no' | 'diffs' | 'marks' | 'all' = 'no'): void {
    for (const until = this.ms + ms; this.ms < until; ) {
      this.ms += 250;
      if (silent !== 'diffs' && silent !== 'all') this.diff();
      if (silent !== 'marks' && silent !== 'all') this.mark();
      this.clock();
    }
  }

  /** Up, in step and with a mark. */
  open(): this {
    this.link(true);
    this.mark();
    this.diff();
    this.frame('depth-snapshot', this.venue.restBook(this.ms, 0));
    this.diff();
    return this;
  }

  count(kind: FeedOutput['kind']): number {
    return this.outputs.filter((o) => o.kind === kind).length;
  }
}

describe('trust', () => {
  it('goes from offline over resyncing to live, and says each step once', () => {
    const desk = new Desk();
    expect(desk.trust).toBe('OFFLINE not connected');
    desk.open();
    expect(desk.trust).toBe('LIVE');
    expect(desk.outputs.filter((o) => o.kind === 'trust-changed')).toEqual([
      { kind: 'trust-changed', from: 'OFFLINE', to: 'RESYNCING', reason: 'waiting for the first snapshot' },
      { kind: 'trust-changed', from: 'RESYNCING', to: 'LIVE', reason: '' },
    ]);
    expect(desk.count('snapshot-needed')).toBe(1);
  });

  it('is offline while the link is down, with the reason, and takes no frame', () => {
    const desk = new Desk().open();
    desk.link(false, 'the venue closed the connection');
    expect(desk.trust).toBe('OFFLINE the venue closed the connection');
    const { messages } = desk.feed.counters;
    expect(desk.diff()).toEqual([]);
    expect(desk.feed.counters.messages).toBe(messages);
    expect(desk.feed.book.bidLevels).toBeGreaterThan(0);
    desk.link(true);
    expect(desk.feed.trust).toBe('RESYNCING');
  });

  it('takes a source that never speaks of its link as connected', () => {
    const desk = new Desk('recorded');
    desk.diff();
    desk.frame('depth-snapshot', desk.venue.restBook(desk.ms, 0));
    desk.diff();
    expect(desk.trust).toBe('LIVE');
  });

  it('keeps the book when a second connection takes over without a break', () => {
    const desk = new Desk().open();
    desk.link(true, 'a new connection took over');
    expect(desk.trust).toBe('LIVE');
    desk.diff();
    expect(desk.trust).toBe('LIVE');
  });

  it('is stale when diffs stop for three seconds although the link is up, and live with the next', () => {
    const desk = new Desk().open();
    desk.pass(3000, 'diffs');
    expect(desk.trust).toBe('LIVE');
    desk.pass(250, 'diffs');
    expect(desk.trust).toBe('STALE no book update for more than 3 s');
    desk.diff();
    expect(desk.trust).toBe('LIVE');
  });

  it('is stale when nothing but old diffs comes', () => {
    const desk = new Desk().open();
    const { json } = desk.venue.nextDiff(desk.ms);
    for (let i = 0; i < 20; i++) {
      desk.frame('depth@100ms', json);
      desk.pass(250, 'diffs');
    }
    expect(desk.feed.trust).toBe('STALE');
  });

  it('asks for a new connection after ten seconds without a diff, not more often than that', () => {
    const desk = new Desk().open();
    desk.pass(10_000, 'diffs');
    expect(desk.count('reconnect-needed')).toBe(0);
    desk.pass(250, 'diffs');
    expect(desk.outputs.filter((o) => o.kind === 'reconnect-needed')).toEqual([
      { kind: 'reconnect-needed', reason: 'no book update for 10 s' },
    ]);
    desk.pass(30_000, 'diffs');
    expect(desk.count('reconnect-needed')).toBe(3);
  });

  it('asks for a new connection when the first diff never comes', () => {
    const desk = new Desk();
    desk.link(true);
    desk.pass(10_500, 'diffs');
    expect(desk.count('reconnect-needed')).toBe(1);
    expect(desk.feed.trust).toBe('RESYNCING');
  });

  it('does not believe a clock that was late itself', () => {
    const desk = new Desk().open();
    desk.ms += 4000;
    desk.clock(3000);
    expect(desk.trust).toBe('LIVE');
    // The messages that had queued up meanwhile arrive before the next clock.
    desk.diff();
    desk.mark();
    desk.ms += 250;
    desk.clock();
    expect(desk.trust).toBe('LIVE');
    expect(desk.count('reconnect-needed')).toBe(0);
  });

  it('judges at the next punctual clock when the messages did not come', () => {
    const desk = new Desk().open();
    desk.ms += 4000;
    desk.clock(3000);
    desk.ms += 250;
    desk.clock();
    expect(desk.feed.trust).toBe('STALE');
  });

  it('is stale at once after a sleep and asks for a new connection, whatever seems to come', () => {
    for (const asleepMs of [5001, 60_000, 8 * 3_600_000]) {
      const desk = new Desk().open();
      desk.pass(1000);
      desk.ms += asleepMs;
      expect(desk.clock(asleepMs)).toEqual([
        { kind: 'reconnect-needed', reason: `slept for ${Math.round(asleepMs / 1000)} s` },
        { kind: 'trust-changed', from: 'LIVE', to: 'STALE', reason: 'the machine slept' },
      ]);
      desk.link(false, 'reconnecting');
      desk.link(true);
      desk.diff();
      desk.frame('depth-snapshot', desk.venue.restBook(desk.ms, 0));
      desk.mark();
      desk.diff();
      expect(desk.trust).toBe('LIVE');
    }
  });

  it('is live again when the connection turns out to have survived the sleep', () => {
    const desk = new Desk().open();
    desk.ms += 6000;
    desk.clock(6000);
    expect(desk.feed.trust).toBe('STALE');
    desk.ms += 100;
    desk.diff();
    desk.mark();
    expect(desk.trust).toBe('LIVE');
  });

  it('stays stale after a sleep when the stream is subscribed anew, until a diff comes; the sleep is no pace of the book', () => {
    const desk = new Desk().open();
    desk.pass(1000);
    desk.ms += 6000;
    desk.clock(6000);
    desk.link(true);
    expect(desk.trust).toBe('STALE the machine slept');
    desk.ms += 100;
    desk.diff();
    expect(desk.feed.trust).not.toBe('STALE');
    desk.pass(3_250, 'diffs');
    expect(desk.trust).toBe('STALE no book update for more than 3 s');
    desk.link(true);
    expect(desk.feed.trust).toBe('STALE');
  });

  it('is degraded while a live mark price is silent for ten seconds; a recording may have none', () => {
    const desk = new Desk().open();
    desk.pass(10_250, 'marks');
    expect(desk.trust).toBe('DEGRADED no mark price for more than 10 s');
    desk.mark();
    expect(desk.trust).toBe('LIVE');
    const recorded = new Desk('recorded').open();
    recorded.pass(20_000, 'marks');
    expect(recorded.trust).toBe('LIVE');
  });

  it('never asks a recording to connect again', () => {
    const desk = new Desk('recorded').open();
    desk.pass(60_000, 'all');
    desk.ms += 60_000;
    desk.clock(60_000);
    expect(desk.count('reconnect-needed')).toBe(0);
    expect(desk.feed.trust).toBe('STALE');
  });

  it('is degraded for a minute by the third message refused within a minute', () => {
    const desk = new Desk().open();
    for (let i = 0; i < 3; i++) {
      expect(desk.trust).toBe('LIVE');
      desk.pass(5000);
      expect(desk.frame('trade', '{"e":"trade"')).toMatchObject([
        { kind: 'refused' },
        ...(i === 2 ? [{}] : []),
      ]);
    }
    expect(desk.trust).toBe(
      'DEGRADED 3 or more messages refused within a minute, the last: expected "," at e, found the end',
    );
    expect(desk.feed.counters).toMatchObject({ refused: 3 });
    expect(desk.feed.counters.lastRefusal).toMatch(/^btcusdt@trade: expected/);
    desk.pass(61_000);
    expect(desk.trust).toBe('LIVE');
  });

  it('says in the state itself when prices are off the tick that the contract is known with', () => {
    const desk = new Desk().open();
    const offTick = (): string =>
      desk.venue.nextDiff(desk.ms).json.replace(/"([ba])":\[\["(\d+\.\d)0"/, '"$1":[["$25"');
    for (let i = 0; i < 4; i++) {
      desk.ms += 100;
      desk.frame('depth@100ms', offTick());
    }
    // Diffs that are refused are missing from the chain, and a book off the tick is refused as well.
    desk.diff();
    expect(desk.feed.trust).toBe('RESYNCING');
    desk.frame('depth-snapshot', desk.venue.restBook(desk.ms, 0).replace(/(\[\["\d+\.\d)0"/, '$15"'));
    expect(desk.trust).toContain('the snapshot failed: expected a price that is a multiple of 0.1');
    desk.diff();
    desk.frame('depth-snapshot', desk.venue.restBook(desk.ms, 0));
    desk.diff();
    expect(desk.trust).toContain(
      'DEGRADED 3 or more messages refused within a minute, the last: expected a price',
    );
  });

  it('asks again at once, and then ever more slowly, for a book that could not be read', () => {
    const desk = new Desk();
    desk.link(true);
    desk.diff();
    const delays = [0, 1, 2, 3, 4].map(() => {
      const outputs = desk.frame('depth-snapshot', '{"lastUpdateId":1,"bids":[[');
      const asked = outputs.find((output) => output.kind === 'snapshot-needed');
      return asked?.kind === 'snapshot-needed' ? asked.delayMs : null;
    });
    expect(delays).toEqual([1_000, 2_000, 3_000, 3_000, 3_000]);
    desk.frame('depth-snapshot', desk.venue.restBook(desk.ms, 0));
    desk.diff();
    expect(desk.feed.trust).toBe('DEGRADED');
  });

  it('gives a thin book the time that its own pace needs, and a lively one no more than three seconds', () => {
    const thin = new Desk().open();
    for (let i = 0; i < 60; i++) {
      thin.pass(2_000, 'diffs');
      thin.diff();
      expect(thin.trust, `after diff ${i}`).toBe('LIVE');
    }
    expect(thin.count('reconnect-needed')).toBe(0);
    thin.pass(15_000, 'diffs');
    expect(thin.trust).toBe('LIVE');
    thin.pass(2_000, 'diffs');
    expect(thin.feed.trust).toBe('STALE');
    thin.pass(25_000, 'diffs');
    expect(thin.count('reconnect-needed')).toBe(1);
    // One long silence does not make a lively book thin.
    const lively = new Desk().open();
    lively.pass(30_000);
    lively.pass(60_000, 'diffs');
    lively.pass(10_000);
    lively.pass(3_500, 'diffs');
    expect(lively.trust).toBe('STALE no book update for more than 3 s');
  });

  it('is degraded while events come later than they did, and not by a clock that is off', () => {
    for (const skewMs of [0, 600_000, -600_000]) {
      const desk = new Desk().open();
      const late = (ms: number, lateMs: number): void => {
        for (const until = desk.ms + ms; desk.ms < until; ) {
          desk.ms += 100;
          desk.frame('depth@100ms', desk.venue.nextDiff(desk.ms + skewMs - lateMs).json);
          desk.mark();
          desk.clock();
        }
      };
      desk.link(false, 'again');
      desk.link(true);
      late(1_000, 80);
      desk.frame('depth-snapshot', desk.venue.restBook(desk.ms, 0));
      late(20_000, 80);
      expect(desk.trust).toBe('LIVE');
      expect(desk.feed.eventLagMicros).toBe((80 - skewMs) * 1_000);
      late(10_200, 5_080);
      expect(desk.trust).toBe('DEGRADED book events come 5 s later than at best');
      late(100, 80);
      expect(desk.trust).toBe('LIVE');
    }
  });

  it('goes on judging silence when the clock of this machine is set back', () => {
    const desk = new Desk().open();
    desk.pass(5_000);
    desk.ms -= 600_000;
    desk.clock();
    desk.pass(3_500, 'all');
    expect(desk.feed.trust).toBe('STALE');
    const again = new Desk().open();
    again.ms += 60_000;
    again.clock(60_000);
    expect(again.trust).toBe('STALE the machine slept');
    again.ms -= 600_000;
    again.pass(1_000);
    expect(again.trust).toBe('LIVE');
  });

  it('is degraded for a minute when frames of a side stream were not relayed, not for those of the book', () => {
    const desk = new Desk().open();
    desk.frame('depth@100ms', desk.venue.nextDiff(desk.ms).json, 5);
    expect(desk.trust).toBe('LIVE');
    desk.frame(
      'markPrice@1s',
      '{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1","i":"1","r":"0","T":0}',
      2,
    );
    expect(desk.trust).toBe('DEGRADED 2 frames of btcusdt@markPrice@1s were not relayed');
    desk.pass(61_000);
    expect(desk.trust).toBe('LIVE');
  });

  it('is the worst of what holds', () => {
    const desk = new Desk().open();
    for (let i = 0; i < 3; i++) desk.frame('trade', '');
    desk.pass(11_000, 'marks');
    expect(desk.feed.trust).toBe('DEGRADED');
    desk.pass(3250, 'all');
    expect(desk.feed.trust).toBe('STALE');
    desk.venue.nextDiff(desk.ms);
    desk.diff();
    expect(desk.feed.trust).toBe('RESYNCING');
    desk.link(false, 'gone');
    expect(desk.feed.trust).toBe('OFFLINE');
  });
});

describe('streams', () => {
  it('refuses other symbols, unknown streams and messages that do not belong to their stream', () => {
    const desk = new Desk().open();
    const refusal = (stream: string, json: string): unknown =>
      desk.input({
        kind: 'frame',
        frame: { stream, sequence: 0, receivedAtMicros: desk.at, payload: utf8.encode(json) },
      })[0];
    const { json } = desk.venue.nextDiff(desk.ms);
    expect(refusal('ethusdt@trade', '{}')).toMatchObject({ failure: { code: 'feed/stream-unknown' } });
    expect(refusal('btcusdt@depth20@100ms', json)).toMatchObject({
      failure: { code: 'feed/stream-unknown' },
    });
    expect(refusal('btcusdt@trade', json)).toMatchObject({
      failure: { code: 'feed/message-malformed', message: 'expected trade, found depth-update' },
    });
    expect(desk.feed.trust).toBe('DEGRADED');
    expect(refusal('btcusdt@kline_1m', 'anything')).toBeUndefined();
  });

  it('keeps mark, index, funding and the next funding time', () => {
    const desk = new Desk().open();
    expect(desk.feed).toMatchObject({
      markPrice: 60000.12345678,
      indexPrice: 60001.5,
      fundingRate: -0.0001,
      nextFundingMicros: (START_MS + 1000) * 1000,
    });
  });

  it('takes no mark that is older than the one it has, nor one that cannot be read', () => {
    const desk = new Desk().open();
    desk.pass(5_000);
    const receivedMicros = desk.feed.markReceivedMicros;
    expect(receivedMicros).toBe(desk.at);
    desk.ms += 500;
    const mark = (atMs: number, price: string): string =>
      `{"e":"markPriceUpdate","E":${atMs},"s":"BTCUSDT","p":"${price}","i":"1","r":"0","T":0}`;
    desk.frame('markPrice@1s', mark(desk.ms - 2_000, '50000'));
    desk.frame('markPrice@1s', mark(desk.ms, '0'));
    desk.frame('markPrice@1s', mark(desk.ms, 'NaN'));
    expect(desk.feed).toMatchObject({ markPrice: 60000.12345678, markReceivedMicros: receivedMicros });
    desk.frame('markPrice@1s', mark(desk.ms, '50001'));
    expect(desk.feed).toMatchObject({ markPrice: 50001, markReceivedMicros: desk.at });
    // A new connection is believed, whatever time its venue tells.
    desk.link(false, 'gone');
    desk.link(true);
    desk.frame('markPrice@1s', mark(desk.ms - 3_600_000, '50002'));
    expect(desk.feed.markPrice).toBe(50002);
  });

  const trade = (id: number, x: string, q = '0.002', m = true): string =>
    `{"e":"trade","E":${START_MS},"T":${START_MS + id},"s":"BTCUSDT","t":${id},"p":"60000.${id % 10}","q":"${q}","X":"${x}","m":${m}}`;
  const rows = (numbers: Float64Array) =>
    Array.from({ length: numbers.length / 5 }, (_, i) => [...numbers.slice(i * 5, i * 5 + 5)]);

  it('hands out each trade once, with its taker side and kind; only market trades are the last price', () => {
    const desk = new Desk().open();
    desk.frame('trade', trade(1, 'MARKET'));
    desk.frame('trade', trade(2, 'MARKET', '0.003', false));
    desk.frame('trade', trade(2, 'MARKET', '0.003', false));
    desk.frame('trade', trade(3, 'ADL'));
    desk.frame('trade', trade(4, 'INSURANCE_FUND'));
    desk.frame('trade', '{"e":"trade","E":1,"T":1,"s":"BTCUSDT","t":5,"p":"0","q":"0","X":"NA","m":true}');
    desk.frame('trade', trade(6, 'NA'));
    expect(desk.feed.lastTrade).toEqual({ priceTicks: 600_002, side: 'buy' });
    const at = (id: number): number => (START_MS + id) * 1000;
    expect(rows(desk.feed.takeTrades())).toEqual([
      [at(1), 600_001, 2, 1, 0],
      [at(2), 600_002, 3, 0, 0],
      [at(3), 600_003, 2, 1, 2],
      [at(4), 600_004, 2, 1, 1],
      [at(6), 600_006, 2, 1, 3],
    ]);
    expect(desk.feed.takeTrades()).toHaveLength(0);
  });

  it('shows a sell liquidation order as selling, at its average price, and does not move the last price', () => {
    const desk = new Desk().open();
    desk.frame(
      'forceOrder',
      `{"e":"forceOrder","E":${START_MS},"o":{"s":"BTCUSDT","S":"SELL","q":"0.010","z":"0.004","p":"59000.0","ap":"59500.26","T":${START_MS}}}`,
    );
    expect(rows(desk.feed.takeTrades())).toEqual([[START_MS * 1000, 595_003, 4, 1, 4]]);
    expect(desk.feed.lastTrade).toBeNull();
  });

  it('takes aggregate trades only where there is no trade stream', () => {
    const aggregate = (id: number): string =>
      `{"e":"aggTrade","E":${START_MS},"a":${id},"s":"BTCUSDT","p":"60000.5","q":"0.002","f":${id},"l":${id},"T":${START_MS + id},"m":true}`;
    const desk = new Desk().open();
    desk.frame('aggTrade', aggregate(1));
    desk.frame('aggTrade', aggregate(1));
    expect(desk.feed.takeTrades()).toHaveLength(5);
    desk.frame('trade', trade(2, 'MARKET'));
    desk.frame('aggTrade', aggregate(3));
    expect(desk.feed.takeTrades()).toHaveLength(5);
  });

  it('gives up the oldest trades beyond 2,048, and counts them', () => {
    const desk = new Desk().open();
    for (let id = 1; id <= 2060; id++) desk.frame('trade', trade(id, 'MARKET'));
    const taken = rows(desk.feed.takeTrades());
    expect(taken).toHaveLength(2048);
    expect(taken[0]?.[0]).toBe((START_MS + 13) * 1000);
    expect(taken.at(-1)?.[0]).toBe((START_MS + 2060) * 1000);
    expect(desk.feed.counters.tradesDropped).toBe(12);
  });

  it('compares the touch where both streams tell of one update, and drops the book that differs', () => {
    const desk = new Desk().open();
    expect(desk.frame('bookTicker', desk.venue.touch(desk.ms))).toEqual([]);
    expect(desk.feed.touchesCompared).toBe(1);
    // The touch first, then the diff that ends on the same id.
    const { json } = desk.venue.nextDiff(desk.ms);
    desk.frame('bookTicker', desk.venue.touch(desk.ms));
    desk.frame('depth@100ms', json);
    expect([desk.feed.touchesCompared, desk.feed.touchMismatches, desk.feed.trust]).toEqual([2, 0, 'LIVE']);

    const touch = JSON.parse(desk.venue.touch(desk.ms)) as Record<string, unknown>;
    const outputs = desk.frame('bookTicker', JSON.stringify({ ...touch, B: '123.456' }));
    expect(outputs.map((o) => o.kind)).toEqual(['snapshot-needed', 'trust-changed']);
    expect(desk.trust).toMatch(/^RESYNCING the venue's best bid is 123456 lots/);
    expect(desk.feed.touchMismatches).toBe(1);
  });
});

describe('saved states', () => {
  it('restore to an equal feed in every state', () => {
    const desk = new Desk();
    const check = (): void => {
      const saved = structuredClone(desk.feed.snapshot());
      const restored = new InstrumentFeed(BTCUSDT, { expects: 'live' });
      restored.restore(saved);
      expect(restored.snapshot()).toEqual(saved);
      expect(restored.stateHash()).toBe(desk.feed.stateHash());
      expect([restored.trust, restored.trustReason, restored.counters]).toEqual([
        desk.feed.trust,
        desk.feed.trustReason,
        desk.feed.counters,
      ]);
    };
    check();
    desk.link(true);
    check();
    desk.diff();
    check();
    desk.open();
    desk.frame(
      'trade',
      '{"e":"trade","E":1,"T":1,"s":"BTCUSDT","t":5,"p":"1.0","q":"1","X":"MARKET","m":true}',
    );
    desk.frame('bookTicker', desk.venue.touch(desk.ms));
    check();
    desk.pass(4000, 'all');
    check();
    desk.venue.nextDiff(desk.ms);
    desk.diff();
    desk.frame('depth-snapshot', '{');
    check();
    desk.link(false, 'gone');
    check();
  });
});
