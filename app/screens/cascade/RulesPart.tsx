/** The rules and shocks of a scenario as choices and sliders. */
import type { CascadeScenario, ScenarioRules } from '../../../engine/simulation/cascade/cascade-scenario.ts';
import { formatNumber } from '../../format/number.ts';
import { ADL_RULE_NAMES } from '../../state/cascade-variants.ts';
import { ChoiceField, SelectField } from '../../ui/fields.tsx';
import type { ScenarioPartProps } from './CrowdPart.tsx';
import { moneyText } from './chart-axes.ts';
import { NumberSlider } from './NumberSlider.tsx';

type Shock = CascadeScenario['shocks'][number];

/** The size of a shock as a slider; shocks of other kinds are changed as JSON. */
function ShockSlider(props: {
  readonly shock: Shock;
  readonly number: number;
  readonly onChange: (shock: Shock) => void;
}): React.ReactElement | null {
  const { shock, number, onChange } = props;
  if (shock.kind === 'market-order') {
    return (
      <NumberSlider
        label={`Shock ${number}: ${shock.side} at market, millions`}
        value={shock.notional / 1e6}
        from={0}
        to={500}
        step={1}
        show={(value) => moneyText(value * 1e6)}
        onChange={(value) => onChange({ ...shock, notional: value * 1e6 })}
      />
    );
  }
  if (shock.kind !== 'index-move') return null;
  return (
    <NumberSlider
      label={`Shock ${number}: the index moves, %`}
      value={shock.bps / 100}
      from={-60}
      to={60}
      step={0.5}
      show={(value) => `${formatNumber(value, 1)} %`}
      onChange={(value) => onChange({ ...shock, bps: Math.round(value * 100) })}
    />
  );
}

const ADL_CHOICES = (Object.keys(ADL_RULE_NAMES) as ScenarioRules['adlRule'][]).map((value) => ({
  value,
  label: ADL_RULE_NAMES[value],
}));
const BREAKER = { moveBps: 500, windowSeconds: 30, haltSeconds: 60 } as const;

function Choices(props: {
  readonly rules: ScenarioRules;
  readonly onChange: (change: Partial<ScenarioRules>) => void;
}): React.ReactElement {
  const { rules, onChange } = props;
  return (
    <>
      <SelectField
        label="ADL rule"
        value={rules.adlRule}
        choices={ADL_CHOICES}
        error={undefined}
        onChange={(adlRule) => onChange({ adlRule })}
      />
      <ChoiceField
        label="ADL at"
        value={rules.adlPrice}
        choices={[
          { value: 'bankruptcy', label: 'bankruptcy price' },
          { value: 'mark', label: 'mark' },
        ]}
        error={undefined}
        onChange={(adlPrice) => onChange({ adlPrice })}
      />
      <ChoiceField
        label="Mark price"
        value={rules.mark}
        choices={[
          { value: 'median', label: 'median of three' },
          { value: 'last', label: 'last price' },
        ]}
        error={undefined}
        onChange={(mark) => onChange({ mark })}
      />
      <ChoiceField
        label="Margin"
        value={rules.marginMode}
        choices={[
          { value: 'as-given', label: 'as drawn' },
          { value: 'isolated', label: 'isolated' },
          { value: 'cross', label: 'cross' },
        ]}
        error={undefined}
        onChange={(marginMode) => onChange({ marginMode })}
      />
    </>
  );
}

export function RulesPart({ scenario, onChange }: ScenarioPartProps): React.ReactElement {
  const { rules, fund, shocks } = scenario;
  const set = (change: Partial<ScenarioRules>): void =>
    onChange({ ...scenario, rules: { ...rules, ...change } });
  return (
    <div className="slider-grid">
      <Choices rules={rules} onChange={set} />
      <ChoiceField
        label="Breaker"
        value={rules.breaker === null ? 'off' : 'on'}
        choices={[
          { value: 'off', label: 'off' },
          { value: 'on', label: '5 % in 30 s halts 60 s' },
        ]}
        error={undefined}
        onChange={(value) => set({ breaker: value === 'off' ? null : BREAKER })}
      />
      <ChoiceField
        label="Liquidation"
        value={rules.partialLiquidation ? 'partial' : 'whole'}
        choices={[
          { value: 'partial', label: 'partial first' },
          { value: 'whole', label: 'whole position' },
        ]}
        error={undefined}
        onChange={(value) => set({ partialLiquidation: value === 'partial' })}
      />
      <NumberSlider
        label="Insurance fund, millions"
        value={fund.cash / 1e6}
        from={0}
        to={200}
        step={0.5}
        show={(value) => moneyText(value * 1e6)}
        onChange={(value) => onChange({ ...scenario, fund: { ...fund, cash: value * 1e6 } })}
      />
      {[...shocks.entries()].map(([place, shock]) => (
        <ShockSlider
          key={place}
          shock={shock}
          number={place + 1}
          onChange={(next) => onChange({ ...scenario, shocks: shocks.with(place, next) })}
        />
      ))}
    </div>
  );
}
