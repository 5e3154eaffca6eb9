/** The alert watch: evaluates rules over samples, with dwell time, hysteresis, cooldown and snooze. */
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import { type Micros, micros, SECOND_MICROS } from '../../core/units.ts';
import type { GuardSeverity } from '../guards/guard-vocabulary.ts';
import type { AlertMetric, AlertRule } from './alert-rules.ts';

/** What the watch is told. Times never go back. */
export type AlertInput =
  /** A figure; null where it is not known any more. */
  | {
      readonly kind: 'sample';
      readonly atMicros: Micros;
      readonly subject: string;
      readonly metric: AlertMetric;
      readonly value: number | null;
    }
  /** There is nothing of that name any more: what stood raised on it is over without having recovered. */
  | { readonly kind: 'gone'; readonly atMicros: Micros; readonly subject: string }
  /** Time goes on; figures stand. */
  | { readonly kind: 'clock'; readonly atMicros: Micros }
  /** Silences a rule for a while; refused for rules that must be seen. */
  | {
      readonly kind: 'snooze';
      readonly atMicros: Micros;
      readonly rule: string;
      readonly untilMicros: Micros;
    }
  /** A person has seen it: no more reminders until it is over. */
  | {
      readonly kind: 'acknowledge';
      readonly atMicros: Micros;
      readonly rule: string;
      readonly subject: string;
    };

/** What the watch answers. */
export type AlertOutput =
  | {
      readonly kind: 'alert';
      /** `blind`: a rule that must be seen has lost its figure. `gone`: its subject is no more, e.g. a closed position. */
      readonly phase: 'raised' | 'reminder' | 'cleared' | 'blind' | 'gone';
      readonly atMicros: Micros;
      readonly rule: string;
      readonly subject: string;
      readonly metric: AlertMetric;
      readonly severity: GuardSeverity;
      readonly value: number | null;
      readonly threshold: number;
      readonly mustSee: boolean;
    }
  | { readonly kind: 'snooze-refused'; readonly atMicros: Micros; readonly rule: string };

/** State of one rule on one subject. */
export interface WatchedAlert {
  readonly rule: string;
  readonly subject: string;
  readonly value: number | null;
  /** Since when the figure stands beyond the threshold; null while it does not. */
  readonly beyondMicros: Micros | null;
  readonly isRaised: boolean;
  readonly isBlind: boolean;
  readonly isAcknowledged: boolean;
  /** When it was last told. */
  readonly toldMicros: Micros | null;
}

/** The watch as plain data. */
export interface AlertSnapshot {
  readonly alerts: readonly WatchedAlert[];
  readonly snoozes: readonly { readonly rule: string; readonly untilMicros: Micros }[];
}

interface Watched {
  readonly rule: AlertRule;
  readonly subject: string;
  value: number | null;
  beyondMicros: Micros | null;
  isRaised: boolean;
  isBlind: boolean;
  isAcknowledged: boolean;
  toldMicros: Micros | null;
}

/** Most subjects of all rules together; beyond it new ones are not watched. */
const MOST_WATCHED = 20_000;

/** Evaluates rules. Alerts of one input come in the order of the rules. */
export class AlertWatch implements Machine<AlertInput, AlertOutput, AlertSnapshot> {
  readonly #rules: readonly AlertRule[];
  readonly #watched = new Map<string, Watched>();
  readonly #snoozes = new Map<string, Micros>();

  constructor(rules: readonly AlertRule[], from: AlertSnapshot | null = null) {
    this.#rules = rules;
    for (const { rule: id, subject, ...state } of from?.alerts ?? []) {
      const rule = rules.find((r) => r.id === id);
      if (rule !== undefined) this.#watched.set(keyOf(id, subject), { rule, subject, ...state });
    }
    for (const { rule, untilMicros } of from?.snoozes ?? []) this.#snoozes.set(rule, untilMicros);
  }

  apply(input: AlertInput): readonly AlertOutput[] {
    switch (input.kind) {
      case 'sample':
        return this.#sample(input);
      case 'clock':
        return [...this.#watched.values()].flatMap((watched) => this.#evaluate(watched, input.atMicros));
      case 'gone':
        return this.#forget(input.subject, input.atMicros);
      case 'snooze':
        return this.#snooze(input.rule, input.untilMicros, input.atMicros);
      case 'acknowledge': {
        const watched = this.#watched.get(keyOf(input.rule, input.subject));
        if (watched !== undefined) watched.isAcknowledged = true;
        return [];
      }
    }
  }

  snapshot(): AlertSnapshot {
    return {
      alerts: [...this.#watched.values()].map(({ rule, ...state }) => ({ rule: rule.id, ...state })),
      snoozes: [...this.#snoozes].map(([rule, untilMicros]) => ({ rule, untilMicros })),
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    for (const {
      rule,
      subject,
      isRaised,
      isBlind,
      isAcknowledged,
      beyondMicros,
      toldMicros,
    } of this.#watched.values()) {
      hash.text(rule.id);
      hash.text(subject);
      hash.integer((isRaised ? 1 : 0) + (isBlind ? 2 : 0) + (isAcknowledged ? 4 : 0));
      hash.integer(beyondMicros ?? -1);
      hash.integer(toldMicros ?? -1);
    }
    for (const [rule, until] of this.#snoozes) {
      hash.text(rule);
      hash.integer(until);
    }
    return hash.value();
  }

  #sample({ subject, metric, value, atMicros }: AlertInput & { kind: 'sample' }): readonly AlertOutput[] {
    return this.#rules.flatMap((rule) => {
      if (rule.metric !== metric || (rule.subject !== '*' && rule.subject !== subject)) return [];
      const key = keyOf(rule.id, subject);
      let watched = this.#watched.get(key);
      if (watched === undefined) {
        if (this.#watched.size >= MOST_WATCHED) return [];
        watched = {
          rule,
          subject,
          value: null,
          beyondMicros: null,
          isRaised: false,
          isBlind: false,
          isAcknowledged: false,
          toldMicros: null,
        };
        this.#watched.set(key, watched);
      }
      watched.value = value !== null && Number.isNaN(value) ? null : value;
      return this.#evaluate(watched, atMicros);
    });
  }

  #evaluate(watched: Watched, atMicros: Micros): readonly AlertOutput[] {
    const { rule, value } = watched;
    if (value === null) return this.#goBlind(watched, atMicros);
    watched.isBlind = false;
    if (watched.isRaised) {
      if (isBack(rule, value)) {
        watched.isRaised = false;
        watched.beyondMicros = null;
        watched.isAcknowledged = false;
        return this.#tell(watched, 'cleared', atMicros);
      }
      const isDue = !watched.isAcknowledged && this.#isCool(watched, atMicros);
      return isDue ? this.#tell(watched, 'reminder', atMicros) : [];
    }
    if (!isBeyond(rule, value)) {
      watched.beyondMicros = null;
      return [];
    }
    watched.beyondMicros ??= atMicros;
    const lasted = atMicros - watched.beyondMicros >= rule.forSeconds * SECOND_MICROS;
    // The worst class does not wait for a cooldown: it was over, and it is there again.
    if (!lasted || !(rule.mustSee || this.#isCool(watched, atMicros))) return [];
    watched.isRaised = true;
    return this.#tell(watched, 'raised', atMicros);
  }

  /** A figure that is gone neither raises nor clears; a rule that must be seen says so once. */
  #goBlind(watched: Watched, atMicros: Micros): readonly AlertOutput[] {
    if (watched.isBlind || !watched.rule.mustSee) return [];
    watched.isBlind = true;
    return this.#tell(watched, 'blind', atMicros);
  }

  #forget(subject: string, atMicros: Micros): readonly AlertOutput[] {
    return [...this.#watched].flatMap(([key, watched]) => {
      if (watched.subject !== subject) return [];
      this.#watched.delete(key);
      return watched.isRaised ? this.#tell(watched, 'gone', atMicros) : [];
    });
  }

  #isCool({ rule, toldMicros }: Watched, atMicros: Micros): boolean {
    return toldMicros === null || atMicros - toldMicros >= rule.cooldownSeconds * SECOND_MICROS;
  }

  #tell(
    watched: Watched,
    phase: (AlertOutput & { kind: 'alert' })['phase'],
    atMicros: Micros,
  ): readonly AlertOutput[] {
    const { rule, subject, value } = watched;
    const until = this.#snoozes.get(rule.id);
    if (until !== undefined && atMicros < until) return [];
    watched.toldMicros = atMicros;
    const { id, metric, severity, threshold, mustSee } = rule;
    return [
      { kind: 'alert', phase, atMicros, rule: id, subject, metric, severity, value, threshold, mustSee },
    ];
  }

  #snooze(id: string, untilMicros: Micros, atMicros: Micros): readonly AlertOutput[] {
    const rule = this.#rules.find((r) => r.id === id);
    if (rule === undefined || rule.mustSee) return [{ kind: 'snooze-refused', atMicros, rule: id }];
    if (untilMicros <= atMicros) this.#snoozes.delete(id);
    else this.#snoozes.set(id, micros(untilMicros));
    return [];
  }
}

function keyOf(rule: string, subject: string): string {
  return `${rule}\n${subject}`;
}

/** At the threshold counts: a margin ratio of exactly 1 is liquidation. */
function isBeyond({ when, threshold }: AlertRule, value: number): boolean {
  return when === 'below' ? value <= threshold : value >= threshold;
}

/** Whether a figure came back beyond the threshold by the hysteresis. */
function isBack({ when, threshold, hysteresis }: AlertRule, value: number): boolean {
  return when === 'below' ? value > threshold + hysteresis : value < threshold - hysteresis;
}
