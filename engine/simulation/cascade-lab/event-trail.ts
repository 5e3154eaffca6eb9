/** The identity of a run: a running hash over its events, kept at a few places so that two runs can be compared by a link. */
import { StateHash } from '../../core/state-hash.ts';
import type { CascadeEvent } from '../cascade/cascade-events.ts';

/** Version of the rules by which a scenario becomes events; raised when the same scenario gives other events. */
export const CASCADE_ENGINE_VERSION = 'cascade-1';

/** How many places of a run carry a hash, at most. */
const PLACES = 32;

/** The hash of all events before a place. */
export interface TrailMark {
  /** Number of events hashed. */
  readonly events: number;
  readonly hash: number;
}

/** Folds events into one hash in their order. Numbers count as their shortest decimal text, which every host writes alike. */
export class EventTrail {
  readonly #hash = new StateHash();
  #events = 0;
  #spacing = 1;
  #marks: TrailMark[] = [];

  /** Takes in one event; events come in their order. */
  add(event: CascadeEvent): void {
    this.#hash.text(JSON.stringify(event));
    this.#events++;
    if (this.#events % this.#spacing !== 0) return;
    this.#marks.push({ events: this.#events, hash: this.#hash.value() });
    if (this.#marks.length < 2 * PLACES) return;
    this.#spacing *= 2;
    this.#marks = this.#marks.filter(({ events }) => events % this.#spacing === 0);
  }

  /** Hashes at evenly spaced places and at the end; the spacing is a power of two, so that two runs share places. */
  marks(): readonly TrailMark[] {
    const end = { events: this.#events, hash: this.#hash.value() };
    return this.#marks.at(-1)?.events === this.#events ? [...this.#marks] : [...this.#marks, end];
  }
}

/** How two runs compare: alike to the end, or alike through `sameEvents` events and different by the `seenAt`-th. */
export type TrailComparison =
  | { readonly kind: 'identical' }
  | { readonly kind: 'differs'; readonly sameEvents: number; readonly seenAt: number };

/**
 * Compares the places of one run with the events of another.
 *
 * @param marks - places of the run compared with, as {@link EventTrail.marks} gave them
 */
export function compareTrail(marks: readonly TrailMark[], events: readonly CascadeEvent[]): TrailComparison {
  const hash = new StateHash();
  let hashed = 0;
  let same = 0;
  for (const mark of marks) {
    for (; hashed < mark.events && hashed < events.length; hashed++)
      hash.text(JSON.stringify(events[hashed]));
    if (hashed < mark.events) return { kind: 'differs', sameEvents: same, seenAt: events.length + 1 };
    if (hash.value() !== mark.hash) return { kind: 'differs', sameEvents: same, seenAt: mark.events };
    same = mark.events;
  }
  if (events.length > same) return { kind: 'differs', sameEvents: same, seenAt: same + 1 };
  return { kind: 'identical' };
}

/** Hash of a scenario: over its JSON text with sorted keys, so that the order in a file does not count. */
export function scenarioHash(scenario: unknown): number {
  const hash = new StateHash();
  hash.text(JSON.stringify(sorted(scenario)));
  return hash.value();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
