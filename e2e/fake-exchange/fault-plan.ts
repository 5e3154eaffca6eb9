/** Kinds of fault, and seeded plans of when each begins and ends. */

/**
 * What can go wrong on the way:
 * - `drop`, `duplicate`, `reorder`, `delay`: single messages;
 * - `silence`: depth messages stop, the rest goes on; `silence-all`: nothing is sent on open connections;
 * - `cut-abrupt` (1006), `cut-clean` (1000): all connections end, new ones are welcome;
 * - `outage`: all connections end and new ones are refused; REST too;
 * - `half-open`: connections of the moment neither read nor send any more, and stay open;
 * - `day-cut`: connections end when they reach the age limit, which for the time of the fault is short;
 * - `bad-json`, `truncated`, `off-tick`: single depth messages are spoilt;
 * - `snapshot-late`, `snapshot-stale`: the REST book comes late, or is one of the past;
 * - `ban`: REST answers 418 with Retry-After.
 */
export const FAULT_KINDS = [
  'drop',
  'duplicate',
  'reorder',
  'delay',
  'silence',
  'silence-all',
  'cut-abrupt',
  'cut-clean',
  'outage',
  'half-open',
  'day-cut',
  'bad-json',
  'truncated',
  'off-tick',
  'snapshot-late',
  'snapshot-stale',
  'ban',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** One change of a plan. */
export interface FaultStep {
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly on: boolean;
}

/** Small seeded generator (mulberry32); the same seed gives the same faults. Uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A mix of faults over `durationMs`, each on for a while and then off, several at once; all are off at the end. */
export function planMix(
  seed: number,
  durationMs: number,
  kinds: readonly FaultKind[] = FAULT_KINDS,
): readonly FaultStep[] {
  const random = seeded(seed);
  const steps: FaultStep[] = [];
  const count = Math.max(1, Math.round(durationMs / 2_000));
  for (let i = 0; i < count; i++) {
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'drop';
    const from = Math.floor(random() * durationMs * 0.8);
    const until = Math.min(durationMs, from + 200 + Math.floor(random() * Math.min(5_000, durationMs * 0.3)));
    steps.push({ atMs: from, kind, on: true }, { atMs: until, kind, on: false });
  }
  return steps.sort((a, b) => a.atMs - b.atMs || Number(a.on) - Number(b.on));
}
