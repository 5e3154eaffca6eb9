// First in, first out against a recorded hour: every testable level judged, every mismatch named, and the rule ablated.
import { describe, expect, it } from 'vitest';
import { recordedByOrderMessages } from '../../testkit/by-order-recording.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { ByOrderBook } from './by-order-book.ts';
import type { ByOrderMessage } from './by-order-message.ts';
import { FifoAudit, judgeLevel, type LevelCheck } from './fifo-audit.ts';
import { globexModifyRule, type ModifyRule } from './modify-rule.ts';

const queue = [
  { orderId: 1, sizeLots: 2 },
  { orderId: 2, sizeLots: 3 },
  { orderId: 3, sizeLots: 1 },
];

const verdict = (fills: [number, number][], withdrawn: number[] = []): string =>
  judgeLevel(queue, new Map(fills), new Set(withdrawn)).verdict;

describe('the verdict on one level', () => {
  it('is front only for exactly the lots that the front of the queue owes', () => {
    expect(verdict([[1, 2]])).toBe('front');
    expect(
      verdict([
        [2, 1],
        [1, 2],
      ]),
    ).toBe('front'); // in which order the feed lists fills says nothing
    expect(verdict([[1, 1]])).toBe('front');
    expect(
      verdict([
        [1, 1],
        [2, 2],
      ]),
    ).toBe('out-of-order');
    expect(verdict([[2, 1]])).toBe('out-of-order');
  });

  it('forgives an order passed over only when it was withdrawn unfilled in the same event', () => {
    expect(verdict([[2, 3]], [1])).toBe('self-match');
    expect(verdict([[3, 1]], [1])).toBe('out-of-order');
    expect(verdict([[3, 1]], [1, 2])).toBe('self-match');
  });

  it('believes in hidden lots only behind the whole displayed queue', () => {
    const sweep: [number, number][] = [
      [1, 2],
      [2, 9],
      [3, 1],
    ];
    expect(judgeLevel(queue, new Map(sweep), new Set())).toMatchObject({ verdict: 'refresh', hiddenLots: 6 });
    expect(verdict(sweep.slice(0, 2))).toBe('out-of-order');
    expect(verdict(sweep.slice(1), [1])).toBe('self-match-and-refresh');
  });

  it('names a fill of an order that is not there', () => {
    expect(verdict([[9, 1]])).toBe('order-unknown');
  });
});

interface Tally {
  readonly verdicts: Record<string, number>;
  readonly checks: LevelCheck[];
  readonly notes: Record<string, number>;
}

function audit(messages: readonly ByOrderMessage[], rule: ModifyRule): Tally {
  const subject = new FifoAudit(new ByOrderBook(rule));
  const tally: Tally = { verdicts: {}, checks: [], notes: {} };
  for (const message of messages) {
    for (const output of subject.apply(message)) {
      if (output.kind === 'level-checked') {
        tally.checks.push(output);
        tally.verdicts[output.verdict] = (tally.verdicts[output.verdict] ?? 0) + 1;
      } else {
        const name = output.kind === 'place-lost' ? `place lost: ${output.reason}` : output.kind;
        tally.notes[name] = (tally.notes[name] ?? 0) + 1;
      }
    }
  }
  return tally;
}

const priceMoved: ModifyRule = (c) => (c.priceTicksAfter !== c.priceTicksBefore ? 'price' : null);
/** Rules that ask about price and size alone, without knowing of refilled displays. */
const sizeRule =
  (loses: (before: number, after: number) => boolean): ModifyRule =>
  (c) =>
    priceMoved(c) ?? (loses(c.sizeLotsBefore, c.sizeLotsAfter) ? 'increase' : null);

describe.skipIf(!HAS_SHARED_DATA)(`the recorded hour${SHARED_DATA_NOTE}`, () => {
  const messages = HAS_SHARED_DATA ? recordedByOrderMessages() : [];

  it('is explained level by level', () => {
    const { verdicts, checks, notes } = audit(messages, globexModifyRule);
    const table = Object.entries(verdicts)
      .map(
        ([name, n]) =>
          `${name.padEnd(24)}${String(n).padStart(6)}  ${((100 * n) / checks.length).toFixed(1)} %`,
      )
      .join('\n');
    const contested = checks.filter((c) => c.queuedOrders > 1);
    const front = contested.filter((c) => c.verdict === 'front').length;
    console.log(
      `${checks.length} testable levels\n${table}\n` +
        `with more than one order queued: ${front} of ${contested.length} front, the rest as above`,
    );
    expect(checks).toHaveLength(2_882);
    expect(verdicts).toEqual({
      front: 2_770,
      'self-match': 85,
      refresh: 25,
      'self-match-and-refresh': 2,
    });
    expect(notes).toEqual({
      'auction-skipped': 1,
      'place lost: price': 9_897,
      'place lost: increase': 7,
      'place lost: refresh': 83,
    });
    // 6,371 fill messages: 6,229 of resting orders, 35 of the opening auction, 107 of aggressors that had rested.
    expect(checks.reduce((sum, c) => sum + c.filledLots, 0)).toBe(restingLots(messages));
  });

  it('never traded through a better price', () => {
    expect(audit(messages, globexModifyRule).checks.filter((c) => c.betterLotsLeft > 0)).toEqual([]);
  });

  it('has self-match cancels at the front, not scattered over the queue as chance would', () => {
    const places = withdrawnPlaces(messages);
    console.log(`cancelled unfilled on a traded level, same event: ${JSON.stringify(places)}`);
    expect(places.passedOver).toBeGreaterThanOrEqual(87);
    expect(places.behindTheFills).toBeLessThanOrEqual(places.passedOver / 10);
  });

  it('tells the documented rule from its rivals', () => {
    const front = (rule: ModifyRule): number | undefined => audit(messages, rule).verdicts['front'];
    // An independent replay of the same file found the same five counts.
    expect(front(sizeRule((before, after) => after > before))).toBe(2_743);
    expect(front(sizeRule((before, after) => after >= before))).toBe(2_770);
    expect(front(sizeRule((before, after) => after !== before))).toBe(2_157);
    expect(front(priceMoved)).toBe(2_742);
    expect(front(() => 'price')).toBe(2_176);
    for (const rule of [priceMoved, sizeRule((before, after) => after > before)]) {
      expect(audit(messages, rule).verdicts['out-of-order']).toBeGreaterThanOrEqual(28);
    }
  });

  it('has its opening snapshot in queue order', () => {
    const snapshot = messages.filter((m) => m.fromSnapshot);
    const rest = messages.filter((m) => !m.fromSnapshot);
    expect(snapshot).toHaveLength(8_725);
    const byId = [...snapshot].sort((a, b) => a.orderId - b.orderId);
    for (const [order, least] of [
      [snapshot.toReversed(), 30],
      [byId, 10],
    ] as const) {
      expect(audit([...order, ...rest], globexModifyRule).verdicts['out-of-order']).toBeGreaterThan(least);
    }
  });
});

function restingLots(messages: readonly ByOrderMessage[]): number {
  let aggressor: string = 'none';
  let lots = 0;
  for (const { kind, side, sizeLots } of messages) {
    if (kind === 'trade') aggressor = side;
    if (kind === 'fill' && aggressor !== 'none' && side !== aggressor) lots += sizeLots;
  }
  return lots;
}

/** Orders cancelled unfilled within a trading event on a traded level: ahead of its last filled order, or behind. */
function withdrawnPlaces(messages: readonly ByOrderMessage[]): {
  passedOver: number;
  behindTheFills: number;
} {
  const book = new ByOrderBook();
  const places = { passedOver: 0, behindTheFills: 0 };
  let event: ByOrderMessage[] = [];
  for (const message of messages) {
    event.push(message);
    if (!message.endsEvent && !message.fromSnapshot) continue;
    const filled = new Set(event.filter((m) => m.kind === 'fill').map((m) => m.orderId));
    const traded = new Set(
      event.filter((m) => m.kind === 'fill' && m.side !== 'none').map((m) => `${m.side}${m.priceTicks}`),
    );
    for (const { kind, orderId, side, priceTicks } of event) {
      if (kind !== 'cancel' || filled.has(orderId) || !traded.has(`${side}${priceTicks}`)) continue;
      const ids = book.queueAt(side as 'bid' | 'ask', priceTicks).map((o) => o.orderId);
      const last = ids.findLastIndex((id) => filled.has(id));
      if (ids.indexOf(orderId) < last) places.passedOver++;
      else places.behindTheFills++;
    }
    for (const m of event) book.apply(m);
    event = [];
  }
  return places;
}
