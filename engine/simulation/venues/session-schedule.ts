/** The day of the simulated futures: open, closed, and the minutes in which orders collect before the open. */
import type { Micros } from '../../core/units.ts';
import { nextSession, sessionAt } from '../../reference/calendar/sessions.ts';
import type { GroupState } from '../../venue/globex/market-states.ts';

/** A state of the schedule and when it ends; null where the calendar knows no further session. */
export interface ScheduledState {
  readonly state: GroupState;
  readonly untilMicros: number | null;
}

const MINUTE = 60_000_000;
/** Orders are taken from a quarter of an hour before the open: 16:45 in Chicago on the days after a trading day. */
const PRE_OPEN_MICROS = 15 * MINUTE;
/**
 * Nothing may be cancelled in the last half minute. Source: CME status messages of December 2020, no-cancel at 21:29:30 and
 * the next state at 21:30:00 UTC.
 */
const NO_CANCEL_MICROS = MINUTE / 2;

/**
 * What the schedule of the stock index group says of an instant.
 *
 * Sessions, holidays and early closes are those of the calendar. Simplified: on Sundays the pre-open is as short as on other
 * days, and between close and pre-open there is one closed state.
 */
export function scheduledState(atMicros: Micros): ScheduledState {
  const session = sessionAt('equity', atMicros);
  if (session !== null) return { state: 'open', untilMicros: session.closesAtMicros };
  const next = nextSession('equity', atMicros);
  if (next === null) return { state: 'close-final', untilMicros: null };
  const opens = next.opensAtMicros;
  if (atMicros >= opens - NO_CANCEL_MICROS) return { state: 'pre-open-no-cancel', untilMicros: opens };
  if (atMicros >= opens - PRE_OPEN_MICROS)
    return { state: 'pre-open', untilMicros: opens - NO_CANCEL_MICROS };
  return { state: 'close-final', untilMicros: opens - PRE_OPEN_MICROS };
}
