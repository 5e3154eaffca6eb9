/** Margin after the order: the money for it, and the ratio it leaves. */

import { marginStatus } from '../../../margin/margin-status.ts';
import type { GuardConfiguration } from '../guard-configuration.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import { MARGIN_EVENTS, MARGIN_SEVERITIES } from '../margin-levels.ts';
import type { OrderTrial } from '../order-trial.ts';

/**
 * Judges the funds and the margin ratio of a pool under notional brackets.
 *
 * The funds are counted at the most leverage that is allowed, so choosing a higher leverage never buys an order its way past
 * the guard; whether the venue takes it at the leverage chosen is the venue's own answer.
 */
export function checkMargin(trial: OrderTrial, configuration: GuardConfiguration, sheet: GuardSheet): void {
  const { symbol, balance, funds } = trial;
  if (!(funds <= balance)) {
    sheet.add('margin/funds', 'funds-insufficient', 'danger', 'size', symbol, funds, balance);
  }
  checkRatio('margin/ratio', trial, configuration, sheet);
}

/** Judges equity and requirement by SPAN. */
export function checkSpan(trial: OrderTrial, configuration: GuardConfiguration, sheet: GuardSheet): void {
  const { symbol, balance, initialRequirement } = trial;
  if (!(initialRequirement <= balance)) {
    sheet.add('span/funds', 'funds-insufficient', 'danger', 'size', symbol, initialRequirement, balance);
  }
  checkRatio('span/ratio', trial, configuration, sheet);
}

function checkRatio(
  rule: 'margin/ratio' | 'span/ratio',
  { symbol, ratioAfter }: OrderTrial,
  { margin }: GuardConfiguration,
  sheet: GuardSheet,
): void {
  if (!(ratioAfter >= margin.blockRatio)) {
    // A ratio that is no number is the worst there is.
    const status = Number.isNaN(ratioAfter) ? 'LIQUIDATION' : marginStatus(ratioAfter);
    const severity = status === 'HEALTHY' ? 'warning' : MARGIN_SEVERITIES[status];
    const event = status === 'HEALTHY' ? 'margin-warning' : MARGIN_EVENTS[status];
    sheet.add(rule, event, severity, 'size', symbol, ratioAfter, margin.blockRatio);
  } else if (ratioAfter < margin.warnRatio) {
    sheet.add(rule, 'margin-warning', 'warning', 'note', symbol, ratioAfter, margin.warnRatio);
  }
}
