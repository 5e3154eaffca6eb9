/** Trust: how far a number may be believed. It travels with every number from the feed to the screen. */

/** Where the run's inputs come from. */
export type SourceKind = 'SIMULATED' | 'REPLAY' | 'LIVE';

/**
 * State of one instrument's feed, from best to worst:
 * - `LIVE`: in sequence, not crossed, young.
 * - `DEGRADED`: usable but impaired (repeated resyncs, a side stream silent, a substitute in use).
 * - `STALE`: connected but silent for too long, or the machine slept; the last values are shown with their age.
 * - `RESYNCING`: sequence lost; a snapshot is awaited.
 * - `OFFLINE`: no connection.
 */
export type TrustState = 'LIVE' | 'DEGRADED' | 'STALE' | 'RESYNCING' | 'OFFLINE';

const RANK: Readonly<Record<TrustState, number>> = {
  LIVE: 0,
  DEGRADED: 1,
  STALE: 2,
  RESYNCING: 3,
  OFFLINE: 4,
};

/** The worse of two states: an answer is never better than its worst input. */
export function worstTrust(a: TrustState, b: TrustState): TrustState {
  return RANK[a] >= RANK[b] ? a : b;
}

/** True while a book in this state is in sequence and young: LIVE or DEGRADED. */
export function isUsable(state: TrustState): boolean {
  return RANK[state] <= RANK.DEGRADED;
}
