/** The events of one order's life, bounded: long runs of the same kind become one. */
import type { OrderStoryEvent } from './paper-orders.ts';

/** From this many events on, equal ones are joined. */
export const STORY_EVENTS = 500;

/** What is written down; the text is made from lots and queue when it is read. */
export type StoryNote = Omit<OrderStoryEvent, 'text'> & { readonly detail: string };

/** Notes of one order, oldest first. */
export class StoryLog {
  readonly #notes: StoryNote[] = [];

  /**
   * Adds a note. One that says the same as the last one at the same instant is joined to it; when there are many, a
   * shrinking queue is joined to the last note of its kind among the last two, and a fill to the last fill.
   */
  add(note: StoryNote): void {
    const notes = this.#notes;
    const last = notes.length - 1;
    const isFull = notes.length >= STORY_EVENTS;
    for (let i = last; i >= Math.max(0, last - (isFull ? 2 : 0)); i--) {
      const other = notes[i] as StoryNote;
      if (other.kind !== note.kind || !isJoinable(note)) continue;
      const same = other.atMicros === note.atMicros && other.priceTicks === note.priceTicks;
      if (!isFull && !same) continue;
      notes[i] = { ...note, lots: other.lots + note.lots };
      return;
    }
    notes.push(note);
  }

  notes(): readonly StoryNote[] {
    return this.#notes;
  }
}

function isJoinable({ kind }: StoryNote): boolean {
  return kind === 'ahead-traded' || kind === 'ahead-cancelled' || kind === 'filled';
}
