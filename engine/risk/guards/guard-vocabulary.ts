/** The words every guard speaks: verdicts, severities, events, and the rules with what they measure and where they come from. */

/**
 * What becomes of an order: `ALLOW` it may be sent; `REDUCE` not at this size, a smaller one would pass; `BLOCK` not at
 * any size. Strictest last.
 */
export type GuardVerdictKind = 'ALLOW' | 'REDUCE' | 'BLOCK';

/** How much a reason matters, mildest first: see {@link GUARD_SEVERITIES}. */
export type GuardSeverity = 'info' | 'warning' | 'danger' | 'critical' | 'emergency';

/** All verdicts, strictest last. */
export const GUARD_VERDICTS: readonly GuardVerdictKind[] = ['ALLOW', 'REDUCE', 'BLOCK'];

/** All severities, mildest first. */
export const GUARD_SEVERITIES: readonly GuardSeverity[] = [
  'info',
  'warning',
  'danger',
  'critical',
  'emergency',
];

/** The rank of a severity, 0 for `info`. */
export function severityRank(severity: GuardSeverity): number {
  return GUARD_SEVERITIES.indexOf(severity);
}

/** Everything a guard, a notifier or an alert may report: the one vocabulary of events. */
export type GuardEvent =
  | 'margin-warning'
  | 'margin-danger'
  | 'margin-critical'
  | 'margin-liquidation'
  | 'margin-recovered'
  | 'funds-insufficient'
  | 'leverage-warning'
  | 'leverage-exceeded'
  | 'concentration-warning'
  | 'concentration-exceeded'
  | 'correlation-spike'
  | 'funding-excessive'
  | 'funding-extreme'
  | 'adl-warning'
  | 'adl-critical'
  | 'position-accountability'
  | 'position-limit-warning'
  | 'position-limit-exceeded'
  | 'circuit-breaker-near'
  | 'circuit-breaker-level-1'
  | 'circuit-breaker-level-2'
  | 'circuit-breaker-level-3'
  | 'velocity-pause'
  | 'market-halted'
  | 'market-closed'
  | 'settlement-approaching'
  | 'settlement-imminent'
  | 'rollover-warning'
  | 'rollover-imminent'
  | 'rollover-required'
  | 'value-at-risk-warning'
  | 'value-at-risk-critical'
  | 'instrument-unknown'
  | 'asset-class-disabled'
  | 'order-malformed'
  | 'input-missing'
  | 'input-stale'
  | 'input-malformed'
  | 'check-failed';

/** One rule: what it measures, in which unit, and the document or table behind its limits. */
export interface GuardRule {
  readonly id: GuardRuleId;
  readonly title: string;
  readonly unit: string;
  readonly source: string;
}

/** Names of the rules. */
export type GuardRuleId =
  | 'guard/check'
  | 'order/well-formed'
  | 'instrument/known'
  | 'trading/state'
  | 'input/mark'
  | 'input/account'
  | 'input/table'
  | 'leverage/symbol'
  | 'leverage/bracket'
  | 'leverage/cap'
  | 'leverage/account'
  | 'margin/funds'
  | 'margin/ratio'
  | 'concentration/symbol'
  | 'concentration/group'
  | 'funding/rate'
  | 'funding/day'
  | 'adl/rank'
  | 'span/funds'
  | 'span/ratio'
  | 'position/limit'
  | 'position/accountability'
  | 'settlement/window'
  | 'rollover/deadline'
  | 'portfolio/value-at-risk';

const CONFIGURATION = 'guard configuration';
const CONTRACT = 'contract specification';

/** The rules in the order in which they are checked and, within a severity, reported. */
export const GUARD_RULES: readonly GuardRule[] = [
  { id: 'guard/check', title: 'All checks ran', unit: '', source: 'fails closed by design' },
  { id: 'order/well-formed', title: 'Order is well formed', unit: 'lots', source: CONTRACT },
  { id: 'instrument/known', title: 'Instrument is known', unit: '', source: CONTRACT },
  {
    id: 'trading/state',
    title: 'Market trades',
    unit: 'fraction',
    source: 'state of the venue; Rule 80B and price limits at CME',
  },
  { id: 'input/mark', title: 'Mark price is fresh', unit: 's', source: CONFIGURATION },
  { id: 'input/account', title: 'Account figures are whole and fresh', unit: 's', source: CONFIGURATION },
  {
    id: 'input/table',
    title: 'Margin parameters are in force',
    unit: '',
    source: 'bracket table or SPAN set',
  },
  { id: 'leverage/symbol', title: 'Leverage of the symbol', unit: 'x', source: CONFIGURATION },
  { id: 'leverage/bracket', title: 'Leverage of the bracket', unit: 'x', source: 'bracket table in force' },
  { id: 'leverage/cap', title: 'Largest notional', unit: 'currency', source: 'bracket table in force' },
  { id: 'leverage/account', title: 'Leverage of the account', unit: 'x', source: CONFIGURATION },
  { id: 'margin/funds', title: 'Funds for the position', unit: 'currency', source: 'bracket table in force' },
  { id: 'margin/ratio', title: 'Margin ratio after the order', unit: '', source: CONFIGURATION },
  {
    id: 'concentration/symbol',
    title: 'Share of the symbol in what the account may carry',
    unit: 'fraction',
    source: CONFIGURATION,
  },
  {
    id: 'concentration/group',
    title: 'Share of correlated symbols in what the account may carry',
    unit: 'fraction',
    source: CONFIGURATION,
  },
  {
    id: 'funding/rate',
    title: 'Funding rate to be paid, per 8 hours',
    unit: 'fraction',
    source: CONFIGURATION,
  },
  { id: 'funding/day', title: 'Funding of 24 hours over equity', unit: 'fraction', source: CONFIGURATION },
  { id: 'adl/rank', title: 'Place in the deleveraging queue', unit: 'fraction', source: CONFIGURATION },
  { id: 'span/funds', title: 'Initial requirement by SPAN', unit: 'currency', source: 'SPAN set in force' },
  { id: 'span/ratio', title: 'Equity over the SPAN requirement', unit: '', source: CONFIGURATION },
  { id: 'position/limit', title: 'Position limit', unit: 'contracts', source: 'table of position limits' },
  {
    id: 'position/accountability',
    title: 'Accountability level',
    unit: 'contracts',
    source: 'table of position limits',
  },
  {
    id: 'settlement/window',
    title: 'Time to settlement',
    unit: 'minutes',
    source: 'settlement windows of the exchange',
  },
  {
    id: 'rollover/deadline',
    title: 'Business days to the end of the contract',
    unit: 'business days',
    source: 'last trading and first notice days of the exchange',
  },
  {
    id: 'portfolio/value-at-risk',
    title: 'Value at risk over equity',
    unit: 'fraction',
    source: CONFIGURATION,
  },
];

/** Place of a rule in the fixed order. */
export function ruleOrder(id: GuardRuleId): number {
  return GUARD_RULES.findIndex((rule) => rule.id === id);
}
