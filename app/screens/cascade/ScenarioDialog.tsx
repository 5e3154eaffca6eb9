/** Changes the scenario: its crowd and rules by sliders and choices, or all of it as JSON; then runs it again. */
import { useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import type {
  CascadeScenario,
  ScenarioPopulation,
  ScenarioRules,
} from '../../../engine/simulation/cascade/cascade-scenario.ts';
import { lab } from '../../../workers/client/lab.ts';
import { formatCount, formatNumber, formatPercent } from '../../format/number.ts';
import { runScenario, useCascade } from '../../state/cascade-store.ts';
import { ADL_RULE_NAMES } from '../../state/cascade-variants.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { AppDialog } from '../../ui/AppDialog.tsx';
import { ChoiceField, SelectField } from '../../ui/fields.tsx';
import { moneyText } from './chart-axes.ts';
import { NumberSlider } from './NumberSlider.tsx';

interface PartProps {
  readonly scenario: CascadeScenario;
  readonly onChange: (scenario: CascadeScenario) => void;
}

function CrowdPart({ scenario, onChange }: PartProps): React.ReactElement {
  const market = scenario.markets[0];
  const population = market?.population ?? null;
  if (market === undefined || population === null) {
    return <p className="muted">The accounts of this scenario are given one by one: change them as JSON.</p>;
  }
  const set = (change: Partial<ScenarioPopulation>): void => {
    const [first, ...rest] = scenario.markets;
    if (first === undefined) return;
    onChange({ ...scenario, markets: [{ ...first, population: { ...population, ...change } }, ...rest] });
  };
  const percent = (value: number): string => formatPercent(value, 0);
  return (
    <div className="slider-grid">
      <NumberSlider
        label="Accounts"
        value={population.accounts}
        from={100}
        to={20_000}
        step={100}
        show={formatCount}
        onChange={(accounts) => set({ accounts })}
      />
      <NumberSlider
        label="Open interest"
        value={population.openInterest / 1e6}
        from={10}
        to={5_000}
        step={10}
        show={(value) => moneyText(value * 1e6)}
        onChange={(value) => set({ openInterest: value * 1e6 })}
      />
      <NumberSlider
        label="Accounts that are long"
        value={population.longAccountShare}
        from={0.05}
        to={0.95}
        step={0.01}
        show={percent}
        onChange={(longAccountShare) => set({ longAccountShare })}
      />
      <NumberSlider
        label="Rise on the way in"
        value={population.entryMoveRate}
        from={-0.5}
        to={0.5}
        step={0.01}
        show={percent}
        onChange={(entryMoveRate) => set({ entryMoveRate })}
      />
      <NumberSlider
        label="Spread of entries"
        value={population.entrySpreadRate}
        from={0}
        to={0.2}
        step={0.005}
        show={(value) => formatPercent(value, 1)}
        onChange={(entrySpreadRate) => set({ entrySpreadRate })}
      />
      <NumberSlider
        label="Inequality of sizes, eighths"
        value={population.sizeConcentrationEighths}
        from={0}
        to={12}
        step={1}
        show={formatCount}
        onChange={(sizeConcentrationEighths) => set({ sizeConcentrationEighths })}
      />
      <NumberSlider
        label="Isolated accounts"
        value={population.isolatedShare}
        from={0}
        to={1}
        step={0.01}
        show={percent}
        onChange={(isolatedShare) => set({ isolatedShare })}
      />
      <NumberSlider
        label="Cushion of cross accounts, × initial margin"
        value={population.crossCushionRate}
        from={0}
        to={4}
        step={0.1}
        show={(value) => formatNumber(value, 1)}
        onChange={(crossCushionRate) => set({ crossCushionRate })}
      />
      <NumberSlider
        label="Leverage: shift of the mix"
        value={meanLeverage(population)}
        from={2}
        to={60}
        step={1}
        show={(value) => `${formatNumber(value, 0)}× mean`}
        onChange={(mean) => set({ leverageMix: mixWithMean(population, mean) })}
      />
      <NumberSlider
        label="Seed"
        value={scenario.seed}
        from={0}
        to={Math.max(1000, scenario.seed)}
        step={1}
        show={String}
        onChange={(seed) => onChange({ ...scenario, seed })}
      />
    </div>
  );
}

function meanLeverage({ leverageMix }: ScenarioPopulation): number {
  const weight = leverageMix.reduce((sum, one) => sum + one.weight, 0);
  return weight === 0 ? 2 : leverageMix.reduce((sum, one) => sum + one.leverage * one.weight, 0) / weight;
}

/** Tilts the weights by a power of leverage until the mean fits: the shape of the mix stays. */
function mixWithMean(population: ScenarioPopulation, mean: number): ScenarioPopulation['leverageMix'] {
  let low = -4;
  let high = 4;
  const tilted = (power: number): ScenarioPopulation['leverageMix'] =>
    population.leverageMix.map(({ leverage, weight }) => ({
      leverage,
      weight: Math.round(weight * leverage ** power * 1e6) / 1e6,
    }));
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (meanLeverage({ ...population, leverageMix: tilted(middle) }) < mean) low = middle;
    else high = middle;
  }
  return tilted(low);
}

function RulesPart({ scenario, onChange }: PartProps): React.ReactElement {
  const { rules, fund } = scenario;
  const set = (change: Partial<ScenarioRules>): void =>
    onChange({ ...scenario, rules: { ...rules, ...change } });
  const adlChoices = (Object.keys(ADL_RULE_NAMES) as ScenarioRules['adlRule'][]).map((value) => ({
    value,
    label: ADL_RULE_NAMES[value],
  }));
  return (
    <div className="slider-grid">
      <SelectField
        label="ADL rule"
        value={rules.adlRule}
        choices={adlChoices}
        error={undefined}
        onChange={(adlRule) => set({ adlRule })}
      />
      <ChoiceField
        label="ADL at"
        value={rules.adlPrice}
        choices={[
          { value: 'bankruptcy', label: 'bankruptcy price' },
          { value: 'mark', label: 'mark' },
        ]}
        error={undefined}
        onChange={(adlPrice) => set({ adlPrice })}
      />
      <ChoiceField
        label="Mark price"
        value={rules.mark}
        choices={[
          { value: 'median', label: 'median of three' },
          { value: 'last', label: 'last price' },
        ]}
        error={undefined}
        onChange={(mark) => set({ mark })}
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
        onChange={(marginMode) => set({ marginMode })}
      />
      <ChoiceField
        label="Breaker"
        value={rules.breaker === null ? 'off' : 'on'}
        choices={[
          { value: 'off', label: 'off' },
          { value: 'on', label: '5 % in 30 s halts 60 s' },
        ]}
        error={undefined}
        onChange={(value) =>
          set({ breaker: value === 'off' ? null : { moveBps: 500, windowSeconds: 30, haltSeconds: 60 } })
        }
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
        label="Insurance fund"
        value={fund.cash / 1e6}
        from={0}
        to={200}
        step={0.5}
        show={(value) => moneyText(value * 1e6)}
        onChange={(value) => onChange({ ...scenario, fund: { ...fund, cash: value * 1e6 } })}
      />
      {scenario.shocks.map((shock, i) =>
        shock.kind === 'market-order' ? (
          <NumberSlider
            key={`order-${shock.atSeconds}-${shock.market}`}
            label={`Shock ${i + 1}: ${shock.side} at market`}
            value={shock.notional / 1e6}
            from={0}
            to={500}
            step={1}
            show={(value) => moneyText(value * 1e6)}
            onChange={(value) =>
              onChange({ ...scenario, shocks: scenario.shocks.with(i, { ...shock, notional: value * 1e6 }) })
            }
          />
        ) : shock.kind === 'index-move' ? (
          <NumberSlider
            key={`index-${shock.atSeconds}-${shock.market}`}
            label={`Shock ${i + 1}: the index moves`}
            value={shock.bps / 100}
            from={-60}
            to={60}
            step={0.5}
            show={(value) => `${formatNumber(value, 1)} %`}
            onChange={(value) =>
              onChange({
                ...scenario,
                shocks: scenario.shocks.with(i, { ...shock, bps: Math.round(value * 100) }),
              })
            }
          />
        ) : null,
      )}
    </div>
  );
}

export function ScenarioDialog(): React.ReactElement | null {
  const running = useCascade((state) => state.main?.scenario ?? null);
  const [scenario, setScenario] = useState(running);
  const [text, setText] = useState(() => JSON.stringify(running, null, 2));
  const [failure, setFailure] = useState('');
  const [tab, setTab] = useState('crowd');
  if (scenario === null) return null;
  const change = (next: CascadeScenario): void => {
    setScenario(next);
    setText(JSON.stringify(next, null, 2));
    setFailure('');
  };
  const check = async (): Promise<CascadeScenario | null> => {
    const read = await lab.readScenario(text);
    setFailure(read.ok ? '' : read.failure.message);
    return read.ok ? read.value : null;
  };
  const run = async (): Promise<void> => {
    const read = await check();
    if (read === null) {
      setTab('json');
      return;
    }
    closeDialog();
    void runScenario(read);
  };
  return (
    <AppDialog title={`Change: ${scenario.title}`} width="wide">
      <form
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Tabs selectedKey={tab} onSelectionChange={(key) => setTab(String(key))}>
          <TabList className="dock-tabs scenario-tabs" aria-label="Parts of the scenario">
            <Tab id="crowd" className="dock-tab">
              Crowd
            </Tab>
            <Tab id="rules" className="dock-tab">
              Rules and shocks
            </Tab>
            <Tab id="json" className="dock-tab">
              JSON
            </Tab>
          </TabList>
          <TabPanel id="crowd">
            <CrowdPart scenario={scenario} onChange={change} />
          </TabPanel>
          <TabPanel id="rules">
            <RulesPart scenario={scenario} onChange={change} />
          </TabPanel>
          <TabPanel id="json">
            <textarea
              className="input scenario-json"
              aria-label="Scenario as JSON"
              aria-invalid={failure !== ''}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onBlur={() => {
                void check().then((read) => {
                  if (read !== null) setScenario(read);
                });
              }}
            />
          </TabPanel>
        </Tabs>
        <p className="field-error" role="alert">
          {failure}
        </p>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={closeDialog}>
            Leave as it is
          </button>
          <button type="submit" className="button button-main">
            Run
          </button>
        </footer>
      </form>
    </AppDialog>
  );
}
