/** Whether an input from outside may be believed at this moment. */
import { isUsable } from '../../market/trust.ts';
import type { GuardFact } from './guard-input.ts';
import type { GuardEvent } from './guard-vocabulary.ts';

/** Clocks of two machines may differ by this much; what is further ahead is not an input of now. */
export const AHEAD_MICROS = 5_000_000;

/** Largest order that is looked at, in lots; beyond it no sum is exact. */
export const MOST_LOTS: number = 2 ** 50;

/** First instant at which a value of a time is not too far ahead, a microsecond inside so that rounding never counts for it. */
export function firstInstant(atMicros: number): number {
  return atMicros - AHEAD_MICROS + 1;
}

/** Last instant at which a value of a time is not too old, likewise a microsecond inside. */
export function lastInstant(atMicros: number, oldestSeconds: number): number {
  return atMicros + Math.floor(oldestSeconds * 1e6) - 1;
}

/** Age of a value in seconds; 0 for one that is slightly ahead, NaN for one that is far ahead or has no time. */
export function ageSeconds(nowMicros: number, atMicros: number): number {
  const age = (nowMicros - atMicros) / 1e6;
  return age >= 0 ? age : age >= -AHEAD_MICROS / 1e6 ? 0 : Number.NaN;
}

/** Whether an instant lies too far ahead of the clock to be believed. */
export function isAhead(nowMicros: number, atMicros: number): boolean {
  return !(atMicros - nowMicros <= AHEAD_MICROS);
}

/** Whether a value is there, trusted and finite; its age is judged by the rules, when the order comes. */
export function isSound(fact: GuardFact<number> | null): fact is GuardFact<number> {
  return fact !== null && isUsable(fact.trust) && Number.isFinite(fact.value);
}

/** What to say of an input whose age is too great, or is none. */
export function lateEvent(age: number): GuardEvent {
  return Number.isNaN(age) ? 'input-missing' : 'input-stale';
}
