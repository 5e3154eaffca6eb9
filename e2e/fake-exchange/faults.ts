/** The fault switchboard: which faults are on, and what they do to each message. */

import { FAULT_KINDS, type FaultKind, type FaultStep, planMix, seeded } from './fault-plan.ts';

/** How strongly the faults bite; every value can be set for a test. */
export interface FaultTuning {
  /** Chance that one message is hit, for the kinds that hit single messages. */
  readonly chance: number;
  /** `delay` and `snapshot-late` wait between these. */
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  /** `ban` tells this many seconds. */
  readonly banSeconds: number;
  /** `day-cut` ends connections of this age. */
  readonly dayMs: number;
  /** Length of a seeded mix. */
  readonly mixMs: number;
}

export const FAULT_TUNING: FaultTuning = {
  chance: 0.05,
  delayMinMs: 300,
  delayMaxMs: 1_500,
  banSeconds: 2,
  dayMs: 1_000,
  mixMs: 20_000,
};

/** What becomes of one message: the texts to send now or later, in order. */
export interface Fate {
  readonly texts: readonly string[];
  readonly delayMs: number;
}

/** Keeps back one message per stream for `reorder`. */
export type HeldBack = Map<string, string>;

const SPOILERS: readonly (readonly [FaultKind, (text: string) => string])[] = [
  ['bad-json', (text) => text.replace('"b":[[', '"b":[[,')],
  ['truncated', (text) => text.slice(0, Math.floor(text.length / 2))],
  // Prices move in steps of 0.10, so a last digit other than 0 is off the tick.
  ['off-tick', (text) => text.replace(/("b":\[\["\d+\.\d)0"/, '$13"')],
];

export class Faults {
  readonly tuning: FaultTuning;
  readonly #on = new Map<FaultKind, number>();
  readonly #counts = new Map<FaultKind, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #onStart: (kind: FaultKind) => void;
  #random = seeded(1);

  /** @param onStart - told when a kind begins, for the faults that act at once */
  constructor(tuning: Partial<FaultTuning>, onStart: (kind: FaultKind) => void) {
    this.tuning = { ...FAULT_TUNING, ...tuning };
    this.#onStart = onStart;
  }

  /** Starts one kind, or with a number a seeded mix of all kinds that ends by itself after `mixMs`. */
  start(what: FaultKind | number): void {
    if (typeof what === 'number') void this.mix(what, this.tuning.mixMs);
    else this.#begin(what);
  }

  /** Starts a seeded mix of the given kinds; resolves when it is over and nothing of it is on any more. */
  mix(seed: number, durationMs: number, kinds: readonly FaultKind[] = FAULT_KINDS): Promise<void> {
    this.#random = seeded(seed ^ 0x9e3779b9);
    return this.schedule(planMix(seed, durationMs, kinds));
  }

  /** Turns faults on and off at their times from now; resolves after the last step. */
  schedule(steps: readonly FaultStep[]): Promise<void> {
    for (const step of steps) {
      this.#later(step.atMs, () => (step.on ? this.#begin(step.kind) : this.#end(step.kind)));
    }
    const last = steps.reduce((most, { atMs }) => Math.max(most, atMs), 0);
    return new Promise((resolve) => {
      this.#later(last + 1, resolve);
    });
  }

  /** Stops one kind, or everything including what is still planned. */
  stop(kind?: FaultKind): void {
    if (kind !== undefined) {
      this.#on.delete(kind);
      return;
    }
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#on.clear();
  }

  isOn(kind: FaultKind): boolean {
    return this.#on.has(kind);
  }

  active(): readonly FaultKind[] {
    return [...this.#on.keys()];
  }

  /** How often each kind has acted. */
  counts(): ReadonlyMap<FaultKind, number> {
    return this.#counts;
  }

  /** Notes that a kind acted. */
  acted(kind: FaultKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  delayMs(): number {
    const { delayMinMs, delayMaxMs } = this.tuning;
    return delayMinMs + this.#random() * (delayMaxMs - delayMinMs);
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #begin(kind: FaultKind): void {
    // Overlapping turns of one kind in a mix are counted, so that the first to end does not end the other.
    this.#on.set(kind, (this.#on.get(kind) ?? 0) + 1);
    this.#onStart(kind);
  }

  #end(kind: FaultKind): void {
    const turns = (this.#on.get(kind) ?? 0) - 1;
    if (turns > 0) this.#on.set(kind, turns);
    else this.#on.delete(kind);
  }

  #hits(kind: FaultKind): boolean {
    if (!this.#on.has(kind) || this.#random() >= this.tuning.chance) return false;
    this.acted(kind);
    return true;
  }

  #silenced(stream: string): boolean {
    for (const kind of ['silence-all', 'silence'] as const) {
      if (!this.#on.has(kind) || (kind === 'silence' && !stream.includes('@depth'))) continue;
      this.acted(kind);
      return true;
    }
    return false;
  }

  #spoil(stream: string, text: string): string {
    if (!stream.includes('@depth')) return text;
    for (const [kind, spoil] of SPOILERS) {
      if (!this.#on.has(kind) || this.#random() >= this.tuning.chance) continue;
      const spoilt = spoil(text);
      if (spoilt === text) continue;
      this.acted(kind);
      return spoilt;
    }
    return text;
  }

  /** Decides what happens to one message on one connection. */
  fate(stream: string, text: string, held: HeldBack): Fate {
    if (this.#silenced(stream) || this.#hits('drop')) return { texts: [], delayMs: 0 };
    const texts = [this.#spoil(stream, text)];
    const back = held.get(stream);
    if (back !== undefined) {
      held.delete(stream);
      texts.push(back);
    } else if (this.#hits('reorder')) {
      held.set(stream, texts.pop() ?? text);
    }
    if (texts.length > 0 && this.#hits('duplicate')) texts.push(texts[0] ?? text);
    let delayMs = 0;
    if (this.#on.has('delay')) {
      this.acted('delay');
      delayMs = this.delayMs();
    }
    return { texts, delayMs };
  }
}
