/** The difference between the venue's clock and ours, in words, where it is worth a word. */
import { formatAge } from '../format/time.ts';

/** Differences below a second may be the way of the messages. */
const WORTH_TELLING_MS = 1_000;

/**
 * @param eventLagMs - least time from a venue's event to its reception; negative when events lie ahead of our clock
 * @returns null where the clocks agree as far as can be told
 */
export function clockWords(
  eventLagMs: number | null,
): { readonly short: string; readonly long: string } | null {
  if (eventLagMs === null || Math.abs(eventLagMs) <= WORTH_TELLING_MS) return null;
  const by = formatAge(Math.abs(eventLagMs));
  return eventLagMs < 0
    ? { short: `−${by}`, long: `${by} ahead of ours` }
    : { short: `+${by}`, long: `${by} behind ours, or its messages take that long` };
}

/** The venue's time at our time: corrected only where the clocks clearly differ. */
export function venueMicros(nowMicros: number, eventLagMs: number | null): number {
  return clockWords(eventLagMs) === null ? nowMicros : nowMicros - (eventLagMs ?? 0) * 1_000;
}
