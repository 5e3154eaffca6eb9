/** The kernel's calendar: events in one total order of time, phase and sequence. */
import { assert } from '../core/assert.ts';

/**
 * What happens first at equal times. The venues change their states, the fair values move, then agents act on them, then
 * marks and funding are taken from the resulting books, then all is published.
 */
export const PHASES = ['session', 'latent-value', 'agents', 'mark', 'publish'] as const;

/** A phase of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/** One event: who acts, and when. */
export interface ScheduledEvent {
  readonly atMicros: number;
  readonly phase: number;
  readonly sequence: number;
  /** The owner's number of who acts. */
  readonly actor: number;
}

/** A binary heap of events; ties are broken by phase, then by the order in which they were scheduled. */
export class EventQueue {
  readonly #heap: ScheduledEvent[] = [];
  #sequence = 0;

  /** Number of events waiting. */
  get size(): number {
    return this.#heap.length;
  }

  /** The next event, or null. */
  peek(): ScheduledEvent | null {
    return this.#heap[0] ?? null;
  }

  /** Adds an event. */
  schedule(atMicros: number, phase: Phase, actor: number): void {
    assert(Number.isSafeInteger(atMicros), 'event times are integer microseconds');
    const event = { atMicros, phase: PHASES.indexOf(phase), sequence: this.#sequence++, actor };
    const heap = this.#heap;
    let i = heap.length;
    heap.push(event);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(event, heap[parent] as ScheduledEvent)) break;
      heap[i] = heap[parent] as ScheduledEvent;
      i = parent;
    }
    heap[i] = event;
  }

  /** Takes the next event out; there must be one. */
  pop(): ScheduledEvent {
    const heap = this.#heap;
    const first = heap[0];
    assert(first !== undefined, 'the queue is empty');
    const last = heap.pop() as ScheduledEvent;
    if (heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && isBefore(heap[right] as ScheduledEvent, heap[child] as ScheduledEvent)) {
        child = right;
      }
      if (!isBefore(heap[child] as ScheduledEvent, last)) break;
      heap[i] = heap[child] as ScheduledEvent;
      i = child;
    }
    heap[i] = last;
    return first;
  }

  /** All waiting events in order, for hashing. */
  sorted(): readonly ScheduledEvent[] {
    return [...this.#heap].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }
}

function isBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
  if (a.atMicros !== b.atMicros) return a.atMicros < b.atMicros;
  if (a.phase !== b.phase) return a.phase < b.phase;
  return a.sequence < b.sequence;
}
