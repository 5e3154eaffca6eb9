/** The figures that alert rules watch, read from a board and the markets behind it. */
import { isUsable } from '../../engine/market/trust.ts';
import type { AlertMetric } from '../../engine/risk/alerts/alert-rules.ts';
import type { AlertInput } from '../../engine/risk/alerts/alert-watch.ts';
import { isSound } from '../../engine/risk/guards/guard-facts.ts';
import type { BoardRow } from '../contract/guard-board.ts';
import type { FundingMeter } from './funding-meter.ts';
import type { GuardWorld } from './guard-inputs.ts';
import { isPool, subjectOf } from './incidents.ts';

const MINUTE_MICROS = 60_000_000;
/** What figures of all accounts together are called in a rule. */
const PORTFOLIO = 'portfolio';

/**
 * What a watch is told at the instant of a world: every figure that a rule can watch, then the time. A figure that a source
 * does not tell is absent; one that may come and go is null while it is not known.
 *
 * @param funding - follows the same run
 */
export function alertInputs(
  rows: readonly BoardRow[],
  world: GuardWorld,
  funding: FundingMeter,
): readonly AlertInput[] {
  const { nowMicros, markets, valueAtRisk, meanCorrelation } = world;
  const inputs: AlertInput[] = [];
  const add = (subject: string, metric: AlertMetric, value: number | null): void => {
    inputs.push({ kind: 'sample', atMicros: nowMicros, subject, metric, value });
  };
  for (const row of rows) addRow(row, nowMicros, add);
  for (const [account, paid] of funding.take(rows, world)) add(account, 'funding-paid-day', paid);
  for (const { instrument, fundingRate, atMicros, breaker } of markets.values()) {
    const symbol = instrument.slice(instrument.indexOf(':') + 1);
    if (fundingRate !== null) add(symbol, 'funding-rate', Math.abs(fundingRate));
    if (breaker?.limitDistance != null) add(symbol, 'breaker-distance', breaker.limitDistance);
    if (atMicros !== null) add(symbol, 'feed-age', Math.max(0, (nowMicros - atMicros) / 1e6));
  }
  // Always told, known or not: a rule on them must notice when it loses its figure.
  add(PORTFOLIO, 'value-at-risk-share', isSound(valueAtRisk) ? valueAtRisk.value : null);
  add(PORTFOLIO, 'mean-correlation', isSound(meanCorrelation) ? meanCorrelation.value : null);
  inputs.push({ kind: 'clock', atMicros: nowMicros });
  return inputs;
}

function addRow(
  row: BoardRow,
  nowMicros: number,
  add: (subject: string, metric: AlertMetric, value: number | null) => void,
): void {
  const { failure, marginRatio, distanceRate, adl, funding, contract } = row;
  const subject = subjectOf(row);
  if (isPool(row) && !(failure === null && marginRatio === null)) {
    add(subject, 'margin-ratio', failure === null ? marginRatio : null);
  }
  if (distanceRate !== null) add(subject, 'liquidation-distance', distanceRate);
  if (funding !== null) add(subject, 'funding-day-cost', funding.dayCost);
  if (contract === null) {
    if (row.kind === 'position')
      add(subject, 'adl-share', adl !== null && isUsable(adl.trust) ? adl.share : null);
    return;
  }
  const { settlementMicros, businessDaysLeft } = contract;
  add(subject, 'rollover-days', businessDaysLeft);
  if (settlementMicros !== null) {
    add(subject, 'settlement-minutes', (settlementMicros - nowMicros) / MINUTE_MICROS);
  }
}
