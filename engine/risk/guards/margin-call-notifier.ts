/** The margin-call notifier: says when an account changes its rung, reminds while it stands low, and never flutters. */

import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import { type Micros, SECOND_MICROS } from '../../core/units.ts';
import { MARGIN_STATUS_LEVELS, type MarginStatus, marginStatus } from '../../margin/margin-status.ts';
import type { GuardEvent, GuardSeverity } from './guard-vocabulary.ts';
import { MARGIN_EVENTS, MARGIN_SEVERITIES } from './margin-levels.ts';

/** How the notifier behaves. */
export interface NotifierSettings {
  /** Reminders come no faster than this, halved for each rung below WARNING; a recovery waits as long. */
  readonly cooldownSeconds: number;
  /** How far above the edge of a rung the ratio must stand before it counts as recovered. */
  readonly hysteresis: number;
  /** Samples over which the trend is taken, and the change of ratio that makes one. */
  readonly trendSamples: number;
  readonly trendChange: number;
}

/** Settings in use where nothing else is chosen. */
export const NOTIFIER_SETTINGS: NotifierSettings = {
  cooldownSeconds: 300,
  hysteresis: 0.02,
  trendSamples: 10,
  trendChange: 0.1,
};

/** What the notifier is told: the ratio now (null where nothing is required, NaN where it is not known), or that a person has seen it. */
export type NotifierInput =
  | { readonly kind: 'ratio'; readonly atMicros: Micros; readonly ratio: number | null }
  | { readonly kind: 'acknowledge'; readonly atMicros: Micros };

/** Where the ratio is heading. */
export type MarginTrend = 'improving' | 'worsening' | 'steady';

/** One notice. */
export interface MarginNotice {
  readonly kind: 'notice';
  readonly atMicros: Micros;
  readonly because: 'worse' | 'recovered' | 'reminder' | 'unknown';
  readonly event: GuardEvent;
  readonly severity: GuardSeverity;
  readonly was: MarginStatus;
  readonly status: MarginStatus;
  readonly ratio: number | null;
  readonly trend: MarginTrend;
}

/** The notifier as plain data. */
export interface NotifierSnapshot {
  readonly status: MarginStatus;
  /** When the last notice went out, and when the status last changed; null for never. */
  readonly noticeMicros: Micros | null;
  readonly changedMicros: Micros | null;
  readonly isAcknowledged: boolean;
  /** Ratios of the last samples, oldest first. */
  readonly samples: readonly number[];
}

const LADDER: readonly MarginStatus[] = [...MARGIN_STATUS_LEVELS.map(({ status }) => status), 'LIQUIDATION'];
const rankOf = (status: MarginStatus): number => LADDER.indexOf(status);

/**
 * Follows the ratio of one account or isolated position.
 *
 * A fall to a lower rung is told at once. A rise is believed only when the ratio stands above the edge by the hysteresis and the
 * cooldown since the last change is over, so a status can flap no more often than the cooldown allows. While an account stands
 * below HEALTHY and nobody has acknowledged it, it is told again after the cooldown, which halves with every rung below WARNING.
 */
export class MarginCallNotifier implements Machine<NotifierInput, MarginNotice, NotifierSnapshot> {
  readonly #settings: NotifierSettings;
  #status: MarginStatus;
  #noticeMicros: Micros | null;
  #changedMicros: Micros | null;
  #isAcknowledged: boolean;
  #samples: number[];

  constructor(settings: NotifierSettings = NOTIFIER_SETTINGS, from: NotifierSnapshot | null = null) {
    this.#settings = settings;
    this.#status = from?.status ?? 'HEALTHY';
    this.#noticeMicros = from?.noticeMicros ?? null;
    this.#changedMicros = from?.changedMicros ?? null;
    this.#isAcknowledged = from?.isAcknowledged ?? false;
    this.#samples = [...(from?.samples ?? [])];
  }

  apply(input: NotifierInput): readonly MarginNotice[] {
    if (input.kind === 'acknowledge') {
      this.#isAcknowledged = true;
      return [];
    }
    const { atMicros } = input;
    const ratio = input.ratio ?? Number.POSITIVE_INFINITY;
    if (Number.isNaN(ratio)) return this.#unknown(atMicros);
    this.#samples.push(ratio);
    if (this.#samples.length > this.#settings.trendSamples) this.#samples.shift();
    const was = this.#status;
    const now = marginStatus(ratio);
    if (rankOf(now) > rankOf(was)) return [this.#tell(atMicros, 'worse', now, input.ratio)];
    const recovered = marginStatus(ratio - this.#settings.hysteresis);
    if (rankOf(recovered) < rankOf(was) && this.#isOver(this.#changedMicros, atMicros, was)) {
      return [this.#tell(atMicros, 'recovered', recovered, input.ratio)];
    }
    if (was === 'HEALTHY' || this.#isAcknowledged || !this.#isOver(this.#noticeMicros, atMicros, was))
      return [];
    return [this.#tell(atMicros, 'reminder', was, input.ratio)];
  }

  snapshot(): NotifierSnapshot {
    return {
      status: this.#status,
      noticeMicros: this.#noticeMicros,
      changedMicros: this.#changedMicros,
      isAcknowledged: this.#isAcknowledged,
      samples: [...this.#samples],
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(rankOf(this.#status));
    hash.integer(this.#noticeMicros ?? -1);
    hash.integer(this.#changedMicros ?? -1);
    hash.integer(this.#isAcknowledged ? 1 : 0);
    return hash.value();
  }

  /** Cooldown of a rung in microseconds: halved for DANGER, again for CRITICAL, again for LIQUIDATION. */
  #cooldown(status: MarginStatus): number {
    const halvings = Math.max(0, rankOf(status) - rankOf('WARNING'));
    return (this.#settings.cooldownSeconds * SECOND_MICROS) / 2 ** halvings;
  }

  #isOver(since: Micros | null, now: Micros, status: MarginStatus): boolean {
    return since === null || now - since >= this.#cooldown(status);
  }

  #unknown(atMicros: Micros): readonly MarginNotice[] {
    if (!this.#isOver(this.#noticeMicros, atMicros, this.#status)) return [];
    this.#noticeMicros = atMicros;
    const status = this.#status;
    return [
      {
        kind: 'notice',
        atMicros,
        because: 'unknown',
        event: 'input-missing',
        severity: 'danger',
        was: status,
        status,
        ratio: null,
        trend: 'steady',
      },
    ];
  }

  #tell(
    atMicros: Micros,
    because: 'worse' | 'recovered' | 'reminder',
    status: MarginStatus,
    ratio: number | null,
  ): MarginNotice {
    const was = this.#status;
    if (because !== 'reminder') {
      this.#status = status;
      this.#changedMicros = atMicros;
      this.#isAcknowledged = false;
    }
    this.#noticeMicros = atMicros;
    return {
      kind: 'notice',
      atMicros,
      because,
      event: because === 'recovered' ? 'margin-recovered' : MARGIN_EVENTS[status],
      severity: because === 'recovered' ? 'info' : MARGIN_SEVERITIES[status],
      was,
      status,
      ratio,
      trend: this.#trend(),
    };
  }

  #trend(): MarginTrend {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || !Number.isFinite(last - first)) return 'steady';
    const { trendChange } = this.#settings;
    return last - first >= trendChange ? 'improving' : first - last >= trendChange ? 'worsening' : 'steady';
  }
}
