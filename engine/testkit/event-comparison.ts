/** Compares the event log of a book with that of its oracle. */
import { BOOK_EVENT_KINDS, type BookEvents } from '../venue/matching/book-events.ts';
import { CANCELLATIONS, REJECTIONS } from '../venue/matching/order-terms.ts';

/** Outcomes that came up, by word, with their counts. */
export type Outcomes = Map<string, number>;

const STRIDE = 12;
const NAIVE = 9;
const TRADED = BOOK_EVENT_KINDS.indexOf('traded');
const UNCROSSED = BOOK_EVENT_KINDS.indexOf('uncrossed');

/** Adds one to the count of an outcome. */
export function countOutcome(outcomes: Outcomes, word: string): void {
  outcomes.set(word, (outcomes.get(word) ?? 0) + 1);
}

/** Throws at the first difference; else counts the outcomes and clears the events. `log` is the oracle's. */
export function compareEvents(events: BookEvents, log: readonly number[], outcomes: Outcomes): void {
  const { fields, count } = events;
  for (let i = 0; i < Math.max(count, log.length / NAIVE); i++) {
    if (i >= count || !isSameEvent(fields, i * STRIDE, log, i * NAIVE)) {
      const expected = inWords(log.slice(i * NAIVE, (i + 1) * NAIVE));
      const found = inWords(Array.from(fields.slice(i * STRIDE, Math.min(count, i + 1) * STRIDE)));
      throw new Error(`event ${i} of ${count}: expected ${expected}, found ${found}`);
    }
    noteOutcome(fields, i * STRIDE, outcomes);
  }
  events.clear();
}

function isSameEvent(fields: Int32Array, f: number, log: readonly number[], l: number): boolean {
  for (let n = 0; n < 7; n++) if (fields[f + n] !== log[l + n]) return false;
  const isTrade = fields[f] === TRADED || fields[f] === UNCROSSED;
  return (!isTrade || fields[f + 10] === log[l + 7]) && fields[f + 11] === log[l + 8];
}

function noteOutcome(fields: Int32Array, f: number, outcomes: Outcomes): void {
  const kind = BOOK_EVENT_KINDS[fields[f]!]!;
  countOutcome(outcomes, kind);
  const ended = kind === 'cancelled' || kind === 'disarmed';
  if (ended) countOutcome(outcomes, CANCELLATIONS[fields[f + 11]!]!);
  if (kind === 'rejected') countOutcome(outcomes, REJECTIONS[fields[f + 11]!]!);
}

function inWords(numbers: readonly number[]): string {
  return numbers.length === 0 ? 'nothing' : `${BOOK_EVENT_KINDS[numbers[0]!]} ${numbers.slice(1).join(' ')}`;
}
