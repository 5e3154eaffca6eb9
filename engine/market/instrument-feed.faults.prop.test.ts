// Faults on the way: dropped, doubled, swapped and late messages, stale and failing snapshots, broken links.
// Whatever happens, a book that is shown as in step is the venue's book; and when the faults end, it comes back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../core/rng.ts';
import { micros } from '../core/units.ts';
import { BTCUSDT } from '../testkit/recorded-session.ts';
import { SmallVenue } from '../testkit/small-venue.ts';
import type { FeedInput, FeedOutput } from './feed-input.ts';
import { InstrumentFeed } from './instrument-feed.ts';
import type { TrustState } from './trust.ts';

const utf8 = new TextEncoder();

type Fault = 'none' | 'drop' | 'double' | 'late' | 'mangle' | 'link' | 'restart-ids';
interface Step {
  readonly fault: Fault;
  readonly lateBy: number;
  readonly touch: boolean;
}
interface SnapshotServer {
  /** Time to an answer. */
  readonly latencyMillis: number;
  /** How old the book in the answer is, in single updates. */
  readonly behind: number;
  readonly failsEvery: number;
}

const MILLIS_PER_DIFF = 100;

/** Plays a venue into a feed over virtual time, with faults. */
class Session {
  readonly feed = new InstrumentFeed(BTCUSDT, { expects: 'recorded' });
  venue: SmallVenue;
  readonly requests: number[] = [];
  readonly trust: TrustState[] = [];
  readonly #rng: Rng;
  readonly #sequences = new Map<string, number>();
  #venues: SmallVenue[];
  #at = 1_700_000_000_000;
  #queue: { at: number; run: () => void }[] = [];
  #server: SnapshotServer;
  #answers = 0;

  constructor(seed: number, server: SnapshotServer) {
    this.#rng = new Rng(seed);
    this.#server = server;
    this.venue = new SmallVenue(this.#rng.stream('venue'), 2 ** 32);
    this.#venues = [this.venue];
    this.input({ kind: 'link', up: true, reason: '', atMicros: this.now });
  }

  get now() {
    return micros(this.#at * 1000);
  }

  set server(server: SnapshotServer) {
    this.#server = server;
  }

  input(input: FeedInput): readonly FeedOutput[] {
    const outputs = this.feed.apply(input);
    for (const output of outputs) {
      if (output.kind === 'trust-changed') this.trust.push(output.to);
      if (output.kind !== 'snapshot-needed') continue;
      this.requests.push(this.#at);
      this.#answer(this.#at + output.delayMs + this.#server.latencyMillis);
    }
    this.#check();
    return outputs;
  }

  frame(stream: string, json: string): readonly FeedOutput[] {
    const sequence = this.#sequences.get(stream) ?? 0;
    this.#sequences.set(stream, sequence + 1);
    const frame = { stream, sequence, receivedAtMicros: this.now, payload: utf8.encode(json) };
    return this.input({ kind: 'frame', frame });
  }

  step({ fault, lateBy, touch }: Step): void {
    if (fault === 'restart-ids') {
      // Counts that overlap could not be told apart by ids, so each begins at a place of its own, above or below.
      const place = this.#venues.length * 1_000_000;
      const firstId = this.#rng.below(2) === 0 ? 2 ** 32 - place : 2 ** 33 + place;
      this.venue = new SmallVenue(this.#rng.stream(`venue ${this.#at}`), firstId);
      this.#venues.push(this.venue);
    }
    const { json } = this.venue.nextDiff(this.#at);
    const send = () => this.frame('btcusdt@depth@100ms', json);
    if (fault === 'mangle') this.frame('btcusdt@depth@100ms', json.slice(0, json.length - 5));
    else if (fault === 'late') this.#queue.push({ at: this.#at + lateBy * MILLIS_PER_DIFF + 1, run: send });
    else if (fault !== 'drop') send();
    if (fault === 'double') this.#queue.push({ at: this.#at + lateBy * 7, run: send });
    if (fault === 'link') {
      this.input({ kind: 'link', up: false, reason: 'test', atMicros: this.now });
      this.input({ kind: 'link', up: true, reason: '', atMicros: this.now });
    }
    if (touch) this.frame('btcusdt@bookTicker', this.venue.touch(this.#at));
    this.pass(MILLIS_PER_DIFF);
  }

  pass(millis: number): void {
    const until = this.#at + millis;
    for (;;) {
      this.#queue.sort((a, b) => a.at - b.at);
      const next = this.#queue[0];
      if (next === undefined || next.at > until) break;
      this.#queue.shift();
      this.#at = Math.max(this.#at, next.at);
      next.run();
    }
    this.#at = until;
    this.input({ kind: 'clock', nowMicros: this.now, lateMicros: 0 });
  }

  #answer(at: number): void {
    this.#queue.push({
      at,
      run: () => {
        this.#answers++;
        const { failsEvery, behind } = this.#server;
        if (failsEvery > 0 && this.#answers % failsEvery === 0) {
          this.input({ kind: 'snapshot-failed', reason: 'busy', retryAfterMs: null, atMicros: this.now });
        } else this.frame('btcusdt@depth-snapshot', this.venue.restBook(this.#at, behind));
      },
    });
  }

  /** The invariant. */
  #check(): void {
    if (this.feed.trust === 'RESYNCING' || this.feed.trust === 'OFFLINE') return;
    // Plain comparisons: this runs after every input of every session.
    const found = this.feed.book.stateHash();
    const isTrue = this.#venues.some((venue) => venue.truthAt(this.feed.updateId) === found);
    if (!isTrue || this.feed.book.isCrossed) expect.fail(`a wrong book is shown as ${this.feed.trust}`);
  }
}

const NONE: Step = { fault: 'none', lateBy: 0, touch: true };
const HONEST: SnapshotServer = { latencyMillis: 150, behind: 0, failsEvery: 0 };

const step: fc.Arbitrary<Step> = fc.record({
  fault: fc.oneof(
    { weight: 12, arbitrary: fc.constant<Fault>('none') },
    { weight: 3, arbitrary: fc.constantFrom<Fault>('drop', 'double', 'late') },
    { weight: 1, arbitrary: fc.constantFrom<Fault>('mangle', 'link', 'restart-ids') },
  ),
  lateBy: fc.integer({ min: 0, max: 50 }),
  touch: fc.boolean(),
});
const server: fc.Arbitrary<SnapshotServer> = fc.record({
  latencyMillis: fc.constantFrom(0, 50, 300, 2000, 10_000),
  behind: fc.constantFrom(0, 0, 1, 3, 20, 500),
  failsEvery: fc.constantFrom(0, 0, 1, 2),
});

describe('a feed under faults', () => {
  it('never shows a wrong book as in step, and comes back', () => {
    const seen = { lost: 0, resyncs: 0 };
    fc.assert(
      fc.property(
        fc.integer(),
        server,
        fc.array(step, { minLength: 20, maxLength: 120 }),
        (seed, bad, steps) => {
          const session = new Session(seed, bad);
          for (const s of steps) session.step(s);
          seen.resyncs += session.feed.counters.resyncs;
          seen.lost += session.feed.trust === 'RESYNCING' ? 1 : 0;
          // The slowest answer is 10 s away and may be the last bad one; what then paces the next is shorter.
          session.server = HONEST;
          for (let i = 0; i < 1000; i++) session.step(NONE);
          expect(['LIVE', 'DEGRADED']).toContain(session.feed.trust);
          expect(session.feed.book.stateHash()).toBe(session.venue.truth);
          expect(session.feed.touchMismatches).toBe(0);
        },
      ),
      { numRuns: 120 },
    );
    expect(seen.resyncs).toBeGreaterThan(120);
    expect(seen.lost).toBeGreaterThan(10);
  });

  it('never asks in a tight loop while every snapshot is too old, and says DEGRADED when that ends', () => {
    const session = new Session(1, { latencyMillis: 0, behind: 1_000_000, failsEvery: 0 });
    for (let i = 0; i < 6000; i++) session.step(NONE);
    // Ten minutes: a few at once, then after 1 and 2 s, and from then on 3 s apart.
    const { requests } = session;
    expect(requests.length).toBeGreaterThan(180);
    expect(requests.length).toBeLessThan(210);
    const waits = requests.slice(7).map((at, i) => at - (requests[i + 6] ?? 0));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(3000);
    expect(session.feed.trust).toBe('RESYNCING');
    session.server = HONEST;
    for (let i = 0; i < 900; i++) session.step(NONE);
    expect(session.trust).toEqual(['RESYNCING', 'DEGRADED', 'LIVE']);
  });

  it('asks again when an answer never comes, ever more slowly', () => {
    const session = new Session(2, { latencyMillis: 3_600_000, behind: 0, failsEvery: 0 });
    for (let i = 0; i < 3000; i++) session.step(NONE);
    const waits = session.requests.slice(1).map((at, i) => at - (session.requests[i] ?? 0));
    expect(waits.length).toBeGreaterThan(5);
    for (const [i, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(waits[i - 1] ?? 10_000);
    expect(Math.max(...waits)).toBeLessThan(45_000);
  });

  it('waits as long as the source asks for', () => {
    const session = new Session(3, { latencyMillis: 1_000_000, behind: 0, failsEvery: 0 });
    session.step(NONE);
    const failed: FeedInput = {
      kind: 'snapshot-failed',
      reason: 'banned',
      retryAfterMs: 120_000,
      atMicros: session.now,
    };
    expect(session.input(failed)).toContainEqual({
      kind: 'snapshot-needed',
      delayMs: 120_000,
      reason: 'the snapshot failed: banned',
    });
    // A new connection does not shorten it.
    session.input({ kind: 'link', up: false, reason: 'gone', atMicros: session.now });
    session.input({ kind: 'link', up: true, reason: '', atMicros: session.now });
    const { json } = session.venue.nextDiff(session.now / 1000);
    const asked = session.frame('btcusdt@depth@100ms', json).find((o) => o.kind === 'snapshot-needed');
    expect(asked).toMatchObject({ delayMs: 120_000 });
  });

  it('loses the book in the very input that breaks the chain, for every kind of break', () => {
    const broken = (fault: Fault): { before: string; after: string } => {
      const session = new Session(4, HONEST);
      for (let i = 0; i < 20; i++) session.step(NONE);
      const before = session.feed.trust;
      session.step({ ...NONE, fault, touch: false });
      if (fault === 'drop' || fault === 'mangle') {
        const { json } = session.venue.nextDiff(session.now / 1000);
        session.frame('btcusdt@depth@100ms', json);
      }
      return { before, after: session.feed.trust };
    };
    expect(broken('none')).toEqual({ before: 'LIVE', after: 'LIVE' });
    expect(broken('double')).toEqual({ before: 'LIVE', after: 'LIVE' });
    for (const fault of ['drop', 'mangle', 'link', 'restart-ids'] as const) {
      expect(broken(fault)).toEqual({ before: 'LIVE', after: 'RESYNCING' });
    }
  });
});
