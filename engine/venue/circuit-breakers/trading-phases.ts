/** The parts of a session of stock index futures that differ in their limits. */
import { type Micros, micros } from '../../core/units.ts';
import { cashHoursOn, type Session } from '../../reference/calendar/sessions.ts';

/**
 * - `overnight`: outside the hours of stocks, before them and on days without them.
 * - `all-levels`: 08:30 to 14:25, all three levels.
 * - `level-3-only`: 14:25 to 15:00.
 * - `after-close`: 15:00 to the end.
 */
export type TradingPhase = 'overnight' | 'all-levels' | 'level-3-only' | 'after-close';

/** A phase and when it begins. */
export interface PhaseStart {
  readonly atMicros: Micros;
  readonly phase: TradingPhase;
}

/** Levels 1 and 2 end this long before stocks close. Source: CME FAQ on price limits (14:25 CT); on half days 11:25 CT. */
const LEVELS_END_BEFORE = 35 * 60_000_000;

/**
 * The phases of a session, in order.
 *
 * Source: CME FAQ on U.S. equity index price limits.
 */
export function phasesOf(session: Session): readonly PhaseStart[] {
  const overnight: PhaseStart = { atMicros: session.opensAtMicros, phase: 'overnight' };
  const cash = cashHoursOn(session.tradingDay);
  if (cash === null) return [overnight];
  const starts: readonly PhaseStart[] = [
    overnight,
    { atMicros: cash.opensAtMicros, phase: 'all-levels' },
    { atMicros: micros(cash.closesAtMicros - LEVELS_END_BEFORE), phase: 'level-3-only' },
    { atMicros: cash.closesAtMicros, phase: 'after-close' },
  ];
  return starts.filter((start) => start.atMicros < session.closesAtMicros);
}

/** The phase at an instant of a session. */
export function phaseAt(phases: readonly PhaseStart[], atMicros: number): TradingPhase {
  let phase: TradingPhase = 'overnight';
  for (const start of phases) if (start.atMicros <= atMicros) phase = start.phase;
  return phase;
}
