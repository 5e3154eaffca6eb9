/** The reused list into which rules write what they find, so that a check that finds nothing makes no garbage. */
import type { GuardEvent, GuardRuleId, GuardSeverity } from './guard-vocabulary.ts';

/**
 * What a finding means for the order: `note` it may pass; `size` it is too large; `stop` nothing that adds risk may pass;
 * `halt` nothing at all may pass, reductions included.
 */
export type FindingEffect = 'note' | 'size' | 'stop' | 'halt';

const EFFECTS: readonly FindingEffect[] = ['note', 'size', 'stop', 'halt'];

/** Most findings of one check; every rule speaks a few times at most. */
const MOST_FINDINGS = 64;

/** Findings of one check, by column. */
export class GuardSheet {
  /** Findings in use. */
  count = 0;
  /** Strictest effect so far as an index: 0 note, 1 size, 2 stop, 3 halt; −1 for none. */
  strictest = -1;
  readonly rules: GuardRuleId[] = new Array<GuardRuleId>(MOST_FINDINGS).fill('guard/check');
  readonly events: GuardEvent[] = new Array<GuardEvent>(MOST_FINDINGS).fill('check-failed');
  readonly severities: GuardSeverity[] = new Array<GuardSeverity>(MOST_FINDINGS).fill('info');
  readonly effects: FindingEffect[] = new Array<FindingEffect>(MOST_FINDINGS).fill('note');
  readonly subjects: string[] = new Array<string>(MOST_FINDINGS).fill('');
  /** NaN where there is no number. */
  readonly values: Float64Array = new Float64Array(MOST_FINDINGS);
  readonly limits: Float64Array = new Float64Array(MOST_FINDINGS);

  /** Forgets everything. */
  clear(): void {
    this.count = 0;
    this.strictest = -1;
  }

  /**
   * Adds a finding.
   *
   * @param subject - what it is about, in words that are already at hand: no text is built here
   */
  add(
    rule: GuardRuleId,
    event: GuardEvent,
    severity: GuardSeverity,
    effect: FindingEffect,
    subject: string,
    value: number,
    limit: number,
  ): void {
    const rank = EFFECTS.indexOf(effect);
    if (rank > this.strictest) this.strictest = rank;
    const at = this.count;
    // Beyond the room only the strictest effect is kept, so a full sheet can never allow more.
    if (at >= MOST_FINDINGS) return;
    this.rules[at] = rule;
    this.events[at] = event;
    this.severities[at] = severity;
    this.effects[at] = effect;
    this.subjects[at] = subject;
    this.values[at] = value;
    this.limits[at] = limit;
    this.count = at + 1;
  }

  /** The same findings in a sheet of their own. */
  copy(): GuardSheet {
    const other = new GuardSheet();
    for (let i = 0; i < this.count; i++) {
      other.add(
        this.rules[i] ?? 'guard/check',
        this.events[i] ?? 'check-failed',
        this.severities[i] ?? 'emergency',
        this.effects[i] ?? 'halt',
        this.subjects[i] ?? '',
        this.values[i] ?? Number.NaN,
        this.limits[i] ?? Number.NaN,
      );
    }
    return other;
  }

  /** For orders that only reduce: whatever is no halt becomes a note, so that nobody is trapped in a position. */
  keepHaltsOnly(): void {
    if (this.strictest > 0 && this.strictest < 3) this.strictest = 0;
    for (let i = 0; i < this.count; i++) if (this.effects[i] !== 'halt') this.effects[i] = 'note';
  }
}
