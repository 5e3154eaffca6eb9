/** Whether the market trades: halts stop everything, the rest stops only what adds risk. */
import { isUsable } from '../../../market/trust.ts';
import type { GuardConfiguration } from '../guard-configuration.ts';
import { ageSeconds, lateEvent } from '../guard-facts.ts';
import type { GuardFact, TradingFacts } from '../guard-input.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { GuardEvent } from '../guard-vocabulary.ts';

const HALT_EVENTS: Readonly<Record<NonNullable<TradingFacts['cause']>, GuardEvent>> = {
  'level-1': 'circuit-breaker-level-1',
  'level-2': 'circuit-breaker-level-2',
  'level-3': 'circuit-breaker-level-3',
  velocity: 'velocity-pause',
  limit: 'market-halted',
  other: 'market-halted',
};

/**
 * Judges the state of the market. A halt that is known blocks reductions too, since nothing trades; a state that is missing
 * or old blocks only what adds risk, because a reduction sent into a halt does no harm and one held back may.
 */
export function checkTrading(
  fact: GuardFact<TradingFacts> | null,
  nowMicros: number,
  symbol: string,
  { oldest, breaker }: GuardConfiguration,
  sheet: GuardSheet,
): void {
  if (fact === null) {
    sheet.add('trading/state', 'input-missing', 'danger', 'stop', symbol, Number.NaN, Number.NaN);
    return;
  }
  const { state, cause, fallRate } = fact.value;
  if (state === 'halted') {
    const event = cause === null ? 'market-halted' : HALT_EVENTS[cause];
    sheet.add('trading/state', event, 'emergency', 'halt', symbol, fallRate ?? Number.NaN, Number.NaN);
    return;
  }
  const age = ageSeconds(nowMicros, fact.atMicros);
  if (!isUsable(fact.trust) || !(age <= oldest.tradingSeconds)) {
    sheet.add('trading/state', lateEvent(age), 'danger', 'stop', symbol, age, oldest.tradingSeconds);
  } else if (state === 'closed') {
    sheet.add('trading/state', 'market-closed', 'warning', 'stop', symbol, Number.NaN, Number.NaN);
  } else if (state === 'monitoring') {
    sheet.add('trading/state', 'circuit-breaker-near', 'critical', 'stop', symbol, Number.NaN, Number.NaN);
  } else if (state !== 'open') {
    sheet.add('trading/state', 'input-malformed', 'danger', 'stop', symbol, Number.NaN, Number.NaN);
  } else if (fallRate !== null && !(fallRate < breaker.warnFallRate)) {
    sheet.add(
      'trading/state',
      'circuit-breaker-near',
      'warning',
      'note',
      symbol,
      fallRate,
      breaker.warnFallRate,
    );
  }
}

/** When the state of a market was told in which {@link checkTrading} finds nothing but age to speak of; NaN for all others. */
export function quietAt(fact: GuardFact<TradingFacts> | null, { breaker }: GuardConfiguration): number {
  if (fact === null || !isUsable(fact.trust) || fact.value.state !== 'open') return Number.NaN;
  const { fallRate } = fact.value;
  return fallRate === null || fallRate < breaker.warnFallRate ? fact.atMicros : Number.NaN;
}
