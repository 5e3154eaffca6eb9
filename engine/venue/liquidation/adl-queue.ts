/** The auto-deleveraging queue of one side of a market: ranks, lights, and who gives up how much of a need. */
import { assert } from '../../core/assert.ts';
import type { AdlCandidate, AdlRule, AdlSpread } from './adl-rules.ts';

/** A candidate with a name. */
export interface NamedCandidate extends AdlCandidate {
  /** Number of the slot; ties are broken by it. */
  readonly slot: number;
  /** True for participants that stand outside the crowd: they come after everybody else. */
  readonly last: boolean;
}

/** One place in the queue. */
export interface AdlPlace {
  readonly slot: number;
  readonly score: number;
  /** k of n, from 1. */
  readonly rank: number;
  readonly of: number;
  /** Lots of those ahead. */
  readonly lotsAhead: number;
  readonly sizeLots: number;
  /** 0 (not in profit) to 4 (the first quarter of those in profit). */
  readonly lights: number;
}

/**
 * Ranks candidates by a rule, first to be reduced first: by score, then by slot number, those outside the crowd at the
 * end. Total, so equal scores never depend on the order given.
 */
export function rankCandidates(rule: AdlRule, candidates: readonly NamedCandidate[]): readonly AdlPlace[] {
  const scored = candidates.map((candidate) => ({ candidate, score: rule.score(candidate) }));
  scored.sort((a, b) => {
    if (a.candidate.last !== b.candidate.last) return a.candidate.last ? 1 : -1;
    return b.score - a.score || a.candidate.slot - b.candidate.slot;
  });
  const winners = scored.filter(({ candidate }) => candidate.unrealisedPnl > 0 && !candidate.last).length;
  let lotsAhead = 0;
  let winnersAhead = 0;
  return scored.map(({ candidate, score }, i) => {
    const wins = candidate.unrealisedPnl > 0 && !candidate.last;
    const lights = wins ? 4 - Math.floor((4 * winnersAhead) / winners) : 0;
    const place = {
      slot: candidate.slot,
      score,
      rank: i + 1,
      of: scored.length,
      lotsAhead,
      sizeLots: candidate.sizeLots,
      lights,
    };
    lotsAhead += candidate.sizeLots;
    if (wins) winnersAhead++;
    return place;
  });
}

/** What one candidate gives up. */
export interface AdlShare {
  readonly place: AdlPlace;
  readonly lots: number;
}

/**
 * Spreads a need over the queue. `ranked`: down the ranks, each as far as it can. `in-proportion`: to the score, by
 * largest remainder, what some cannot give going to the others in the order of the ranks.
 *
 * Never more than a candidate holds (`roomLots`, at most its size), and in all exactly the need or all the room there
 * is.
 *
 * @param roomLots - most lots that may be taken from a place
 */
export function spreadNeed(
  spread: AdlSpread,
  places: readonly AdlPlace[],
  needLots: number,
  roomLots: (place: AdlPlace) => number,
): readonly AdlShare[] {
  assert(Number.isSafeInteger(needLots) && needLots >= 0, `a need is whole lots, found ${needLots}`);
  if (spread === 'ranked') return downTheRanks(places, needLots, roomLots, new Map());
  const first = inProportion(places, needLots, roomLots);
  let left = needLots;
  for (const lots of first.values()) left -= lots;
  return downTheRanks(places, left, roomLots, first);
}

function downTheRanks(
  places: readonly AdlPlace[],
  needLots: number,
  roomLots: (place: AdlPlace) => number,
  given: ReadonlyMap<AdlPlace, number>,
): readonly AdlShare[] {
  const shares: AdlShare[] = [];
  let left = needLots;
  for (const place of places) {
    const already = given.get(place) ?? 0;
    if (left === 0 && given.size === 0) break;
    const more = left === 0 ? 0 : Math.min(left, Math.max(0, roomLots(place) - already));
    if (already + more > 0) shares.push({ place, lots: already + more });
    left -= more;
  }
  return shares;
}

function inProportion(
  places: readonly AdlPlace[],
  needLots: number,
  roomLots: (place: AdlPlace) => number,
): ReadonlyMap<AdlPlace, number> {
  let total = 0;
  for (const place of places) total += Math.max(0, place.score);
  const lots = new Map<AdlPlace, number>();
  if (total === 0) return lots;
  const remainders: { place: AdlPlace; remainder: number; room: number }[] = [];
  let left = needLots;
  for (const place of places) {
    if (place.score <= 0) continue;
    const exact = (needLots * place.score) / total;
    const room = roomLots(place);
    // Shares are float64: their sum may miss the need by a rounding, the lots handed out may not.
    const whole = Math.min(left, room, Math.floor(exact));
    lots.set(place, whole);
    left -= whole;
    remainders.push({ place, remainder: exact - Math.floor(exact), room });
  }
  remainders.sort((a, b) => b.remainder - a.remainder || a.place.rank - b.place.rank);
  for (const { place, room } of remainders) {
    if (left <= 0) break;
    const held = lots.get(place) ?? 0;
    if (held >= room) continue;
    lots.set(place, held + 1);
    left--;
  }
  return lots;
}

/**
 * What a place would give up of a need, and what that costs against closing at the mark: lots × (mark − price), turned
 * so that a positive figure is a loss. An estimate in currency.
 *
 * @param side - +1 for a long that is closed, −1 for a short
 */
export function expectedAdlLoss(
  place: Pick<AdlPlace, 'lotsAhead' | 'sizeLots'>,
  needLots: number,
  side: 1 | -1,
  price: number,
  markPrice: number,
  valuePerLot: number,
): { readonly lots: number; readonly loss: number } {
  const lots = Math.max(0, Math.min(place.sizeLots, needLots - place.lotsAhead));
  return { lots, loss: lots * side * (markPrice - price) * valuePerLot };
}
