/** How long a venue's events take to get here, as far as two clocks can tell. */
import { type Micros, SECOND_MICROS } from '../core/units.ts';

/** Length of a short window: what holds over one or two of them is no accident of a single message. */
const RECENT_MICROS = 5 * SECOND_MICROS;
/** Length of a long window: after one or two of them a constant difference counts as the clocks'. */
const USUAL_MICROS = 300 * SECOND_MICROS;

/** The least of a window and of the one before it. */
interface Least {
  readonly sinceMicros: Micros | null;
  readonly now: number | null;
  readonly before: number | null;
}

/** A saved estimate. */
export interface EventLagSnapshot {
  readonly recent: Least;
  readonly usual: Least;
}

const NOTHING: Least = { sinceMicros: null, now: null, before: null };

/**
 * The least time from event to reception, over a short and a long while.
 *
 * A single pair of clocks cannot tell a slow way from a wrong clock. But the least of many is steady: what the short
 * while has above the long one is lateness that came up (messages pile up somewhere), and what the long one has
 * itself is the way plus the difference of the clocks, which cannot be negative while both clocks are right.
 */
export class EventLag {
  #recent: Least = NOTHING;
  #usual: Least = NOTHING;

  /** Least time from event to reception in the last minutes, in micros; negative when events lie ahead of our clock. */
  get leastMicros(): number | null {
    return least(this.#usual);
  }

  /** How much later events come now than at best in the last minutes, in micros; 0 while nothing is known. */
  get lateMicros(): number {
    const recent = least(this.#recent);
    const usual = least(this.#usual);
    return recent === null || usual === null ? 0 : Math.max(0, recent - usual);
  }

  add(eventMicros: Micros, receivedMicros: Micros): void {
    const lag = receivedMicros - eventMicros;
    this.#recent = lower(this.#recent, lag, receivedMicros, RECENT_MICROS);
    this.#usual = lower(this.#usual, lag, receivedMicros, USUAL_MICROS);
  }

  /** Starts over: the way is new, or a clock was set. */
  forget(): void {
    this.#recent = NOTHING;
    this.#usual = NOTHING;
  }

  snapshot(): EventLagSnapshot {
    return { recent: this.#recent, usual: this.#usual };
  }

  restore(saved: EventLagSnapshot): void {
    this.#recent = saved.recent;
    this.#usual = saved.usual;
  }
}

function lower(window: Least, lag: number, atMicros: Micros, lengthMicros: number): Least {
  const { sinceMicros, now, before } = window;
  const age = sinceMicros === null ? Number.POSITIVE_INFINITY : atMicros - sinceMicros;
  // A reception before the window's start means that our clock was set back: its figures are of another time.
  if (age < 0 || age >= 2 * lengthMicros) return { sinceMicros: atMicros, now: lag, before: null };
  if (age >= lengthMicros) return { sinceMicros: atMicros, now: lag, before: now };
  return now === null || lag < now ? { sinceMicros, now: lag, before } : window;
}

function least({ now, before }: Least): number | null {
  return now === null || before === null ? now : Math.min(now, before);
}
