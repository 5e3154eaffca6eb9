/** Limits as rungs, the price as mercury rising or falling from the reference. */
import type { ContractView } from '../../../engine/venue/circuit-breakers/breaker-view.ts';
import { formatNumber, formatSignedPercent } from '../../format/number.ts';

const HEIGHT = 170;
const WIDTH = 190;
const TUBE_X = 28;
const TUBE = 10;
/** Labels nearer than this are moved apart. */
const LINE = 13;
/** Least range to each side that is shown, so that small moves look small. */
const LEAST_RANGE = 0.03;

interface Rung {
  readonly kind: 'hard' | 'dynamic' | 'reference';
  readonly ticks: number;
  readonly label: string;
}

function rungsOf({ hard, dynamic, referenceTicks }: ContractView): readonly Rung[] {
  const rungs: Rung[] = [];
  const add = (kind: Rung['kind'], ticks: number | null, label: string): void => {
    if (ticks !== null) rungs.push({ kind, ticks, label });
  };
  add('hard', hard.highTicks, 'limit');
  add('dynamic', dynamic.highTicks, 'dynamic');
  add('reference', referenceTicks, 'reference');
  add('dynamic', dynamic.lowTicks, 'dynamic');
  add('hard', hard.lowTicks, 'limit');
  return rungs.toSorted((a, b) => b.ticks - a.ticks);
}

interface ThermometerProps {
  readonly contract: ContractView;
  readonly tickSize: number;
  readonly decimals: number;
  /** Said where there are no limits. */
  readonly none: string;
}

export function Thermometer({ contract, tickSize, decimals, none }: ThermometerProps): React.ReactElement {
  const { lastTicks, referenceTicks, limits } = contract;
  const base = referenceTicks ?? lastTicks ?? 1;
  const rungs = rungsOf(contract);
  const far = Math.max(
    LEAST_RANGE,
    ...rungs.map((rung) => Math.abs(rung.ticks / base - 1)),
    lastTicks === null ? 0 : Math.abs(lastTicks / base - 1),
  );
  const y = (ticks: number): number => HEIGHT / 2 - ((ticks / base - 1) / (far * 1.12)) * (HEIGHT / 2);
  const mercury =
    lastTicks === null
      ? null
      : { from: Math.min(y(base), y(lastTicks)), to: Math.max(y(base), y(lastTicks)) };
  const price = (ticks: number | null): string =>
    ticks === null ? 'none' : formatNumber(ticks * tickSize, decimals);
  const words = `Price ${price(lastTicks)}, lower limit ${price(limits.lowTicks)}, upper limit ${price(limits.highTicks)}`;
  let below = -LINE;
  return (
    <svg className="thermometer" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <rect className="thermo-tube" x={TUBE_X} y={0} width={TUBE} height={HEIGHT} rx={TUBE / 2} />
      {mercury === null ? null : (
        <rect
          className={lastTicks !== null && lastTicks < base ? 'thermo-loss' : 'thermo-gain'}
          x={TUBE_X + 2}
          y={mercury.from}
          width={TUBE - 4}
          height={Math.max(1, mercury.to - mercury.from)}
        />
      )}
      {rungs.map((rung) => {
        const at = y(rung.ticks);
        const text = Math.min(HEIGHT - 3, Math.max(at + 4, below + LINE));
        below = text;
        return (
          <g key={`${rung.kind} ${rung.ticks}`} className={`thermo-${rung.kind}`}>
            <line x1={TUBE_X - 8} x2={TUBE_X + TUBE + 8} y1={at} y2={at} />
            <text x={TUBE_X + TUBE + 13} y={text}>
              {price(rung.ticks)} {rung.label}
              {rung.kind === 'reference' ? '' : ` ${formatSignedPercent(rung.ticks / base - 1, 1)}`}
            </text>
          </g>
        );
      })}
      {lastTicks === null ? null : (
        <path className="thermo-price" d={`M${TUBE_X - 9} ${y(lastTicks)}l-9 -5v10z`} />
      )}
      {limits.lowTicks === null && limits.highTicks === null ? (
        <text className="thermo-none" x={TUBE_X + TUBE + 13} y={16}>
          {none}
        </text>
      ) : null}
    </svg>
  );
}
