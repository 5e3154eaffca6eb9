// The small parts of the proxy, each against its rule.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../engine/core/units.ts';
import { backoffMs } from './backoff.ts';
import { ClientOutbox } from './client-outbox.ts';
import { readControlRequest } from './control-request.ts';
import { replyOf, streamOf } from './envelope.ts';
import { FrameTracker } from './frame-tracker.ts';
import { PROXY_LIMITS } from './limits.ts';
import { RateWindow } from './rate-window.ts';
import { Splice } from './splice.ts';
import { WeightBudget } from './weight-budget.ts';

describe('backoff', () => {
  it('is spread over the whole range, grows with the time it failed, is capped, and never ends', () => {
    const most = (goneMs: number): number => backoffMs(goneMs, 500, 30_000, () => 0.999_999);
    expect([0, 500, 700, 2_000, 29_000, 60_000, 1e9].map(most)).toEqual([
      500, 500, 700, 2_000, 29_000, 30_000, 30_000,
    ]);
    expect(backoffMs(60_000, 500, 30_000, () => 0.5)).toBe(15_000);
    expect(backoffMs(60_000, 500, 30_000, () => 0)).toBe(50);
  });
});

describe('rate window', () => {
  it('never lets more than the limit through in any window (property)', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 4 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const window = new RateWindow(10, 1_000);
        const taken: [number, number][] = [];
        let now = 0;
        for (const [passed, weight] of all) {
          now += passed;
          const wait = window.waitMs(now, weight);
          const took = window.take(now, weight);
          if (took !== (wait === 0)) return false;
          if (took) taken.push([now, weight]);
          else if (wait <= 0) return false;
        }
        return taken.every(([start]) => {
          const inside = taken.filter(([at]) => at >= start && at < start + 1_000);
          return inside.reduce((sum, [, weight]) => sum + weight, 0) <= 10;
        });
      }),
    );
  });

  it('says when there is room again', () => {
    const window = new RateWindow(2, 1_000);
    window.take(0);
    window.take(300);
    expect(window.waitMs(400)).toBe(600);
    expect(window.waitMs(400, 2)).toBe(900);
    expect(window.waitMs(400, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(window.take(999)).toBe(false);
    expect(window.take(1_000)).toBe(true);
  });
});

describe('weight budget', () => {
  it('uses at most half of the allowance in any minute', () => {
    const budget = new WeightBudget(2_400);
    let taken = 0;
    while (budget.take(1_000, 20) === null) taken += 20;
    expect(taken).toBe(1_200);
    expect(budget.take(1_000, 20)?.retryAfterMs).toBe(60_000);
    expect(budget.take(60_999, 20)).not.toBeNull();
    expect(budget.take(61_000, 20)).toBeNull();
  });

  it('counts what other programs on the same address used', () => {
    const budget = new WeightBudget(2_400);
    expect(budget.take(0, 20)).toBeNull();
    budget.venueCounted(0, 1_190);
    expect(budget.take(0, 20)).not.toBeNull();
    expect(budget.take(0, 10)).toBeNull();
    budget.venueCounted(0, 9_999);
    expect(budget.used(0)).toBe(1_200);
  });

  it('sends nothing until the venue allows', () => {
    const budget = new WeightBudget(2_400);
    expect(budget.stop(0, 418, 7)).toBe(7_000);
    expect(budget.take(6_999, 20)).toEqual({ reason: expect.stringContaining('418'), retryAfterMs: 1 });
    expect(budget.take(7_000, 20)).toBeNull();
    expect(budget.stop(10_000, 429, null)).toBe(60_000);
    // A shorter word does not shorten a longer one.
    expect(budget.stop(10_000, 429, 1)).toBe(60_000);
    expect(budget.stop(10_000, 418, null)).toBe(120_000);
    expect(budget.take(129_999, 20)).not.toBeNull();
    expect(budget.take(130_000, 20)).toBeNull();
  });
});

describe('weight budget at the edge', () => {
  it('holds still for a moment when told to stop for no time', () => {
    const budget = new WeightBudget(2_400);
    expect(budget.stop(0, 429, 0)).toBe(1_000);
    expect(budget.take(999, 20)).toMatchObject({ retryAfterMs: 1 });
    expect(budget.take(1_000, 20)).toBeNull();
  });
});

describe('client outbox', () => {
  it('gives up a page that asks and asks and reads no answer', () => {
    const limits = { ...PROXY_LIMITS, bufferedCeilingBytes: 10_000, bufferedCeilingMs: 0 };
    const socket = {
      readyState: 1,
      bufferedAmount: 0,
      send(text: string) {
        this.bufferedAmount += text.length;
      },
    };
    const reasons: string[] = [];
    const outbox = new ClientOutbox(
      socket as never,
      limits,
      () => micros(0),
      (reason) => reasons.push(reason),
    );
    const pong = { op: 'pong', sentAtMicros: 1, serverAtMicros: 2 } as const;
    for (let n = 0; n < 100; n++) outbox.tell(pong);
    outbox.report();
    expect(reasons).toEqual([]);
    for (let n = 0; n < 200; n++) outbox.tell(pong);
    const end = performance.now() + 5;
    while (performance.now() < end);
    outbox.report();
    expect(reasons).toEqual(['reads too slowly']);
  });
});

describe('envelope', () => {
  const bytes = (text: string): Buffer => Buffer.from(text);

  it('names the stream of a combined message without reading the rest', () => {
    expect(streamOf(bytes('{"stream":"btcusdt@depth@100ms","data":{"e":1}}'))).toBe('btcusdt@depth@100ms');
    expect(streamOf(bytes('{"stream":"btcusdt@trade","data":{"e'))).toBe('btcusdt@trade');
  });

  it.each([
    '',
    '{',
    '{"stream":"',
    '{"stream":"x',
    '{"data":{},"stream":"x"}',
    `{"stream":"${'x'.repeat(65)}"`,
    '[]',
    'null',
  ])('finds none in %s', (text) => expect(streamOf(bytes(text))).toBeNull());

  it('never throws (property)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (raw) => {
        streamOf(Buffer.from(raw));
        replyOf(Buffer.from(raw));
        readControlRequest(Buffer.from(raw).toString());
      }),
    );
  });

  it('reads replies', () => {
    expect(replyOf(bytes('{"result":null,"id":7}'))).toEqual({ id: 7, refusal: null });
    for (const text of [
      '{"error":{"code":2,"msg":"<script>"},"id":7}',
      '{"code":2,"msg":"x","id":7}',
      '{"result":[],"id":7}',
      '{"result":null,"code":3,"id":7}',
    ]) {
      // The venue's words are not repeated to the page.
      expect(replyOf(bytes(text))).toEqual({ id: 7, refusal: 'the venue refused the stream' });
    }
    for (const text of [
      '{"result":null}',
      '{"id":"7"}',
      'null',
      '7',
      '',
      `{"id":7,"x":"${'y'.repeat(5_000)}"}`,
    ]) {
      expect(replyOf(bytes(text))).toBeNull();
    }
  });
});

describe('control request', () => {
  it('takes what the page may ask and drops the rest of the object', () => {
    expect(readControlRequest('{"op":"subscribe","venue":"v","stream":"s","url":"http://10.0.0.1"}')).toEqual(
      {
        op: 'subscribe',
        venue: 'v',
        stream: 's',
      },
    );
    expect(readControlRequest('{"op":"ping","sentAtMicros":5}')).toEqual({ op: 'ping', sentAtMicros: 5 });
  });

  it.each([
    '',
    '{}',
    '[]',
    'null',
    '"subscribe"',
    '{"op":"connect","venue":"v","stream":"s"}',
    '{"op":"__proto__"}',
    '{"op":"subscribe"}',
    '{"op":"subscribe","venue":"v"}',
    '{"op":"subscribe","venue":"","stream":"s"}',
    '{"op":"subscribe","venue":1,"stream":"s"}',
    '{"op":"subscribe","venue":["v"],"stream":"s"}',
    `{"op":"subscribe","venue":"v","stream":"${'s'.repeat(65)}"}`,
    '{"op":"snapshot","venue":"v","stream":"s"}',
    '{"op":"ping","sentAtMicros":"5"}',
    '{"op":"ping","sentAtMicros":1.5}',
    '{"op":"ping","sentAtMicros":9007199254740993}',
    '{"op":"ping"} trailing',
  ])('refuses %s', (text) => expect(readControlRequest(text)).toBeNull());
});

/** Builds a masked client frame as RFC 6455 lays it out. */
function frame(opcode: number, payload: number, final = true): Uint8Array {
  const extended = payload < 126 ? [] : payload < 65_536 ? [payload >> 8, payload & 0xff] : null;
  const long = extended ?? [
    0,
    0,
    0,
    0,
    (payload >>> 24) & 0xff,
    (payload >>> 16) & 0xff,
    (payload >>> 8) & 0xff,
    payload & 0xff,
  ];
  const short = payload < 126 ? payload : extended === null ? 127 : 126;
  return Uint8Array.from([
    (final ? 0x80 : 0) | opcode,
    0x80 | short,
    ...long,
    1,
    2,
    3,
    4,
    ...new Array<number>(payload).fill(0x81),
  ]);
}

describe('frame tracker', () => {
  it('is open exactly between the first byte and the last of a message (property)', () => {
    const message = fc.record({
      parts: fc.array(fc.constantFrom(0, 1, 5, 125, 126, 300, 70_000), { minLength: 1, maxLength: 4 }),
      pings: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 40_000 }),
        (messages, chunk) => {
          const tracker = new FrameTracker();
          for (const { parts, pings } of messages) {
            const frames = parts.flatMap((size, i) => {
              const data = frame(i === 0 ? 1 : 0, size, i === parts.length - 1);
              return pings && i < parts.length - 1 ? [data, frame(9, 4)] : [data];
            });
            const all = Buffer.concat(frames);
            for (let at = 0; at < all.length; at += chunk) {
              const piece = all.subarray(at, at + chunk);
              tracker.push(piece, at);
              const done = at + piece.length === all.length;
              if ((tracker.openSinceMs === null) !== done) return false;
              if (!done && tracker.openSinceMs !== 0) return false;
            }
          }
          return true;
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is not closed by pings between the fragments', () => {
    const tracker = new FrameTracker();
    tracker.push(frame(1, 3, false), 10);
    tracker.push(frame(9, 0), 20);
    tracker.push(frame(10, 5), 30);
    expect(tracker.openSinceMs).toBe(10);
    tracker.push(frame(0, 3, true), 40);
    expect(tracker.openSinceMs).toBeNull();
  });
});

describe('splice', () => {
  /** Two connections of which each delivers every message from its start on, each at its own pace. */
  const interleavings = fc.record({
    total: fc.integer({ min: 5, max: 60 }),
    overlapFrom: fc.integer({ min: 0, max: 4 }),
    newFrom: fc.integer({ min: 0, max: 8 }),
    turns: fc.array(fc.boolean(), { minLength: 60, maxLength: 200 }),
  });

  it('loses nothing and repeats nothing once both connections have said the same message (property)', () => {
    let joined = 0;
    fc.assert(
      fc.property(interleavings, ({ total, overlapFrom, newFrom, turns }) => {
        const message = (n: number): Buffer => Buffer.from(`{"stream":"s","data":{"u":${n}}}`);
        const out: number[] = [];
        const splice = new Splice((_stream, payload) =>
          out.push(Number(/\d+/.exec(payload.toString())?.[0])),
        );
        // The old connection has forwarded everything before the overlap.
        for (let n = 0; n < overlapFrom; n++) out.push(n);
        let [old, fresh] = [overlapFrom, newFrom];
        for (const isOld of turns) {
          if (splice.joinedAll(['s'])) break;
          if (isOld && old < total) splice.fromOld('s', message(old++));
          if (!isOld && fresh < total) splice.fromNew('s', message(fresh++));
        }
        const complete = splice.joinedAll(['s']);
        if (complete) {
          joined += 1;
          while (fresh < total) splice.fromNew('s', message(fresh++));
        } else {
          while (old < total) splice.fromOld('s', message(old++));
        }
        return out.length === total && out.every((n, i) => n === i);
      }),
      { numRuns: 2_000 },
    );
    expect(joined).toBeGreaterThan(1_000);
  });

  it('forwards what is held when the old connection ends first', () => {
    const out: string[] = [];
    const splice = new Splice((stream, payload) => out.push(`${stream} ${payload.toString()}`));
    splice.fromOld('a', Buffer.from('1'));
    splice.fromNew('a', Buffer.from('2'));
    splice.fromNew('b', Buffer.from('9'));
    expect(out).toEqual(['a 1']);
    splice.finish();
    expect(out).toEqual(['a 1', 'a 2', 'b 9']);
    splice.fromOld('a', Buffer.from('2'));
    expect(out).toHaveLength(3);
  });

  it('says when it holds too much', () => {
    const splice = new Splice(() => {});
    for (let n = 0; n < 5; n++) splice.fromNew('a', Buffer.alloc(1024 * 1024, n));
    expect(splice.overfull).toBe(true);
  });
});
