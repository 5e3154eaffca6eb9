/** What a SPAN run is known by anywhere: one hash over what was asked and what came out. */
import { StateHash } from '../../core/state-hash.ts';
import type { SpanReport } from './span-margin.ts';
import type { SpanPosition } from './span-portfolio.ts';

/** Amounts are hashed in millionths of their currency. */
const MICROS = 1_000_000;

/**
 * Eight hex digits over the set, the class, the positions in the order of their ids, and every figure of the report. The same
 * case margined again, on any machine, has the same hash.
 */
export function runHash(positions: readonly SpanPosition[], report: SpanReport): string {
  const hash = new StateHash();
  const amount = (value: number): void => hash.integer(Math.round(value * MICROS));
  hash.text(report.setHash);
  hash.text(JSON.stringify(report.class));
  hash.text(report.baseCurrency);
  const ordered = positions
    .filter(({ lots }) => lots !== 0)
    .toSorted((a, b) => (a.contract < b.contract ? -1 : 1));
  for (const { contract, lots } of ordered) {
    hash.text(contract);
    hash.integer(lots);
  }
  amount(report.requirement);
  for (const commodity of report.commodities) {
    hash.text(commodity.commodity);
    hash.integer(commodity.activeScenario);
    for (const loss of commodity.losses) amount(loss);
    const { scanRisk, calendarCharge, spotCharge, interCredit, shortOptionMinimum, netOptionValue, risk } =
      commodity;
    for (const value of [
      scanRisk,
      calendarCharge,
      spotCharge,
      interCredit,
      shortOptionMinimum,
      netOptionValue,
      risk,
    ]) {
      amount(value);
    }
  }
  return hash.value().toString(16).padStart(8, '0');
}
