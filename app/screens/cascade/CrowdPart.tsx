/** The crowd of a scenario as sliders. */
import type {
  CascadeScenario,
  ScenarioMarket,
  ScenarioPopulation,
} from '../../../engine/simulation/cascade/cascade-scenario.ts';
import { formatCount, formatNumber, formatPercent } from '../../format/number.ts';
import { moneyText } from './chart-axes.ts';
import { meanLeverage, mixWithMean } from './leverage-mix.ts';
import { NumberSlider } from './NumberSlider.tsx';

/** What the parts of the dialog are given. */
export interface ScenarioPartProps {
  readonly scenario: CascadeScenario;
  readonly onChange: (scenario: CascadeScenario) => void;
}

interface CrowdSlider {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly show: (value: number) => string;
  readonly read: (population: ScenarioPopulation) => number;
  readonly write: (value: number, population: ScenarioPopulation) => Partial<ScenarioPopulation>;
}

const percent = (value: number): string => formatPercent(value, 0);
const millions = (value: number): string => moneyText(value * 1e6);

/** A parameter that is one number and is shown as it is. */
function plain(
  name: Exclude<keyof ScenarioPopulation, 'leverageMix'>,
  rest: Pick<CrowdSlider, 'label' | 'from' | 'to' | 'step' | 'show'>,
): CrowdSlider {
  return { ...rest, read: (population) => population[name], write: (value) => ({ [name]: value }) };
}

const SLIDERS: readonly CrowdSlider[] = [
  plain('accounts', { label: 'Accounts', from: 100, to: 20_000, step: 100, show: formatCount }),
  {
    label: 'Open interest, millions',
    from: 10,
    to: 5_000,
    step: 10,
    show: millions,
    read: (population) => population.openInterest / 1e6,
    write: (value) => ({ openInterest: value * 1e6 }),
  },
  plain('longAccountShare', {
    label: 'Accounts that are long',
    from: 0.05,
    to: 0.95,
    step: 0.01,
    show: percent,
  }),
  {
    label: 'Mean leverage',
    from: 2,
    to: 60,
    step: 1,
    show: (value) => `${formatNumber(value, 0)}×`,
    read: ({ leverageMix }) => meanLeverage(leverageMix),
    write: (value, { leverageMix }) => ({ leverageMix: mixWithMean(leverageMix, value) }),
  },
  plain('entryMoveRate', { label: 'Rise on the way in', from: -0.5, to: 0.5, step: 0.01, show: percent }),
  plain('entrySpreadRate', {
    label: 'Spread of entries',
    from: 0,
    to: 0.2,
    step: 0.005,
    show: (value) => formatPercent(value, 1),
  }),
  plain('sizeConcentrationEighths', {
    label: 'Inequality of sizes, eighths',
    from: 0,
    to: 12,
    step: 1,
    show: formatCount,
  }),
  plain('isolatedShare', { label: 'Isolated accounts', from: 0, to: 1, step: 0.01, show: percent }),
  plain('crossCushionRate', {
    label: 'Cushion of cross accounts, × initial margin',
    from: 0,
    to: 4,
    step: 0.1,
    show: (value) => formatNumber(value, 1),
  }),
];

export function CrowdPart({ scenario, onChange }: ScenarioPartProps): React.ReactElement {
  const [market, ...others] = scenario.markets;
  const population = market?.population ?? null;
  if (market === undefined || population === null) {
    return <p className="muted">The accounts of this scenario are given one by one: change them as JSON.</p>;
  }
  const set = (change: Partial<ScenarioPopulation>): void => {
    const first: ScenarioMarket = { ...market, population: { ...population, ...change } };
    onChange({ ...scenario, markets: [first, ...others] });
  };
  return (
    <div className="slider-grid">
      {SLIDERS.map(({ label, from, to, step, show, read, write }) => (
        <NumberSlider
          key={label}
          label={label}
          value={read(population)}
          from={from}
          to={to}
          step={step}
          show={show}
          onChange={(value) => set(write(value, population))}
        />
      ))}
      <NumberSlider
        label="Seed"
        value={scenario.seed}
        from={0}
        to={0xffff_ffff}
        step={1}
        show={String}
        onChange={(seed) => onChange({ ...scenario, seed })}
      />
    </div>
  );
}
