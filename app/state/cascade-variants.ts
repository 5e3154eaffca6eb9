/** What a run can be compared with: the same scenario under one other rule. */
import type { CascadeScenario, ScenarioRules } from '../../engine/simulation/cascade/cascade-scenario.ts';

/** The ADL rules with their names for people; a test holds them equal to the engine's. */
export const ADL_RULE_NAMES: Readonly<Record<ScenarioRules['adlRule'], string>> = {
  binance: 'Binance: profit × margin ratio',
  bybit: 'Bybit, BitMEX: profit × leverage',
  hyperliquid: 'Hyperliquid: price gain × leverage',
  'pro-rata': 'Pro-rata',
  'largest-first': 'Largest first',
  'risk-aware-pro-rata': 'Risk-aware pro-rata',
};

/** A change of one rule. */
export interface RuleVariant {
  readonly id: string;
  readonly group: 'ADL rule' | 'Margin' | 'Breaker' | 'Mark' | 'Liquidation';
  readonly title: string;
  readonly rules: Partial<ScenarioRules>;
}

/** A breaker like those of stock exchanges: 5 % within half a minute halts for a minute. */
const BREAKER = { moveBps: 500, windowSeconds: 30, haltSeconds: 60 } as const;

/** The variants that differ from the rules in force. */
export function variantsOf(rules: ScenarioRules): readonly RuleVariant[] {
  const adl = (Object.keys(ADL_RULE_NAMES) as ScenarioRules['adlRule'][])
    .filter((name) => name !== rules.adlRule)
    .map(
      (name): RuleVariant => ({
        id: `adl-${name}`,
        group: 'ADL rule',
        title: ADL_RULE_NAMES[name],
        rules: { adlRule: name },
      }),
    );
  const margin = (['isolated', 'cross'] as const)
    .filter((mode) => mode !== rules.marginMode)
    .map(
      (mode): RuleVariant => ({
        id: `margin-${mode}`,
        group: 'Margin',
        title: mode === 'isolated' ? 'All isolated' : 'All cross',
        rules: { marginMode: mode },
      }),
    );
  const on = rules.breaker !== null;
  return [
    ...adl,
    ...margin,
    {
      id: on ? 'breaker-off' : 'breaker-on',
      group: 'Breaker',
      title: on ? 'Breaker off' : 'Breaker on: 5 % in 30 s halts 60 s',
      rules: { breaker: on ? null : BREAKER },
    },
    {
      id: rules.mark === 'last' ? 'mark-median' : 'mark-last',
      group: 'Mark',
      title: rules.mark === 'last' ? 'Mark = median of three' : 'Mark = last price',
      rules: { mark: rules.mark === 'last' ? 'median' : 'last' },
    },
    {
      id: rules.partialLiquidation ? 'partial-off' : 'partial-on',
      group: 'Liquidation',
      title: rules.partialLiquidation ? 'Whole positions at once' : 'Partial liquidation',
      rules: { partialLiquidation: !rules.partialLiquidation },
    },
  ];
}

/** The scenario under a variant. */
export function underVariant(scenario: CascadeScenario, variant: RuleVariant): CascadeScenario {
  return { ...scenario, rules: { ...scenario.rules, ...variant.rules } };
}
