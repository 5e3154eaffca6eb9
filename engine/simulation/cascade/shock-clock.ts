/** How far each shock of a scenario has come at a time: functions of time alone, so nothing has to be remembered. */
import type { ScenarioShock } from './cascade-scenario.ts';

const SECOND = 1_000_000;

/** A shock of one kind. */
export type ShockOf<K extends ScenarioShock['kind']> = Extract<ScenarioShock, { readonly kind: K }>;

/** True in the step that ends at `now` and began after `before` if the shock begins in it. */
export function beginsIn(shock: ScenarioShock, before: number, now: number): boolean {
  const at = shock.atSeconds * SECOND;
  return at > before && at <= now;
}

/** Share of a shock that is over at a time; a shock without duration is over at once. */
function progress(shock: { readonly atSeconds: number; readonly overSeconds: number }, now: number): number {
  const since = now - shock.atSeconds * SECOND;
  if (since < 0) return 0;
  const over = shock.overSeconds * SECOND;
  return over === 0 || since >= over ? 1 : since / over;
}

/** Whole steps of an amount that fall into the time from `before` (exclusive) to `now`, micros since the start. */
export function stepOf(
  shock: { readonly atSeconds: number; readonly overSeconds: number },
  amount: number,
  before: number,
  now: number,
): number {
  const upTo = (time: number): number => Math.round(amount * progress(shock, time));
  return upTo(now) - upTo(before);
}

/** Share of full depth that withdrawals leave at a time, in thousandths. */
export function withdrawnPermille(shocks: readonly ScenarioShock[], market: number, now: number): number {
  let left = 1000;
  for (const shock of shocks) {
    if (shock.kind !== 'maker-withdrawal' || shock.market !== market) continue;
    const since = now - shock.atSeconds * SECOND;
    if (since >= 0 && since < shock.forSeconds * SECOND) left = Math.floor(left * (1 - shock.share));
  }
  return left;
}
