/** What came of it: our figures beside the published ones, the run compared with, and how unequally losses fell. */
import type { CascadeMeasure, PublishedFigure } from '../../../engine/simulation/cascade/cascade-scenario.ts';
import type { CursorView } from '../../../workers/contract/lab-api.ts';
import { ABSENT, formatCount, formatNumber, formatPercent } from '../../format/number.ts';
import { endComparison, useCascade } from '../../state/cascade-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { moneyText } from './chart-axes.ts';
import { useOtherView } from './use-cascade-data.ts';

function figure(value: number | null, unit: string): string {
  if (value === null) return ABSENT;
  if (unit === 'fraction') return formatPercent(value, 1);
  return `${formatNumber(value, Math.abs(value) < 100 ? 1 : 0)} ${unit}`;
}

function Published({
  published,
  measures,
}: {
  readonly published: readonly PublishedFigure[];
  readonly measures: Readonly<Record<CascadeMeasure, number | null>> | null;
}): React.ReactElement | null {
  if (published.length === 0) return null;
  return (
    <table className="cascade-table">
      <caption className="cascade-caption">Published beside ours, at the end of the run</caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col" className="number">
            ◯ published
          </th>
          <th scope="col" className="number">
            ● ours
          </th>
        </tr>
      </thead>
      <tbody>
        {published.map((one) => (
          <tr key={one.what}>
            <td title={one.source}>{one.what}</td>
            <td className="number">{figure(one.value, one.unit)}</td>
            <td className="number">
              {one.measure === null ? ABSENT : figure(measures?.[one.measure] ?? null, one.unit)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DeltaRow {
  readonly what: string;
  readonly read: (view: CursorView) => number;
  readonly show: (value: number) => string;
}

const deleveragedLots = (view: CursorView): number =>
  view.waves.reduce((sum, wave) => sum + wave.deleveragedLots, 0);

const DELTAS: readonly DeltaRow[] = [
  { what: 'Accounts liquidated', read: (view) => view.liquidated + view.partly, show: formatCount },
  { what: 'Accounts deleveraged', read: (view) => view.deleveraged, show: formatCount },
  { what: 'Lots deleveraged', read: deleveragedLots, show: formatCount },
  { what: 'Lost in liquidation', read: (view) => view.liquidationLoss, show: moneyText },
  { what: 'Lost to ADL, − gained', read: (view) => view.adlLoss, show: moneyText },
  { what: 'Fund', read: (view) => view.fundCash, show: moneyText },
  { what: 'Waves', read: (view) => Math.max(0, view.waves.length - 1), show: formatCount },
  { what: 'Gini of losses', read: (view) => view.gini, show: (value) => formatNumber(value, 2) },
];

function Figures({ view }: { readonly view: CursorView }): React.ReactElement {
  const other = useCascade((state) => state.other);
  const otherView = useOtherView();
  return (
    <table className="cascade-table delta-table">
      <caption className="cascade-caption">
        At the cursor
        {other === null ? null : (
          <>
            , against <strong className="status-warning">{other.label}</strong>{' '}
            <button type="button" className="link-button" onClick={endComparison}>
              End comparison
            </button>
          </>
        )}
      </caption>
      <thead className={other === null ? 'visually-hidden' : ''}>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col" className="number">
            this run
          </th>
          {other === null ? null : (
            <>
              <th scope="col" className="number">
                other
              </th>
              <th scope="col" className="number">
                other − this
              </th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {DELTAS.map(({ what, read, show }) => {
          const ours = read(view);
          const theirs = otherView === null ? null : read(otherView);
          return (
            <tr key={what}>
              <td>{what}</td>
              <td className="number">{show(ours)}</td>
              {other === null ? null : (
                <>
                  <td className="number status-warning">{theirs === null ? '…' : show(theirs)}</td>
                  <td className="number">
                    {theirs === null
                      ? '…'
                      : theirs === ours
                        ? '='
                        : `${theirs > ours ? '+' : ''}${show(theirs - ours)}`}
                  </td>
                </>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const SIZE = 150;

function lorenzPath(points: Float64Array): string {
  let path = '';
  for (let i = 0; i < points.length; i += 2) {
    const x = ((points[i] as number) * SIZE).toFixed(1);
    const y = ((1 - (points[i + 1] as number)) * SIZE).toFixed(1);
    path += `${i === 0 ? 'M' : 'L'}${x} ${y}`;
  }
  return path;
}

function Lorenz({ view }: { readonly view: CursorView }): React.ReactElement | null {
  const otherView = useOtherView();
  if (view.lorenz.length === 0) return null;
  const half = view.lorenz[view.lorenz.length - 1] === undefined ? 0 : topShare(view.lorenz);
  return (
    <figure className="lorenz">
      <svg
        viewBox={`-1 -1 ${SIZE + 2} ${SIZE + 2}`}
        role="img"
        aria-label={`Lorenz curve of losses, Gini ${view.gini.toFixed(2)}`}
      >
        <path className="lorenz-frame" d={`M0 0H${SIZE}V${SIZE}H0Z`} />
        <path className="lorenz-equal" d={`M0 ${SIZE}L${SIZE} 0`} />
        {otherView === null ? null : <path className="lorenz-other" d={lorenzPath(otherView.lorenz)} />}
        <path className="lorenz-line" d={lorenzPath(view.lorenz)} />
      </svg>
      <figcaption>
        <strong>Losses by account</strong>
        <span className="muted">
          Lorenz curve over the accounts that lost: the tenth that lost most bears {formatPercent(half, 0)}.
          Gini {formatNumber(view.gini, 2)}; on the diagonal all would lose alike.
        </span>
      </figcaption>
    </figure>
  );
}

/** Share of the losses of the tenth that lost most. */
function topShare(points: Float64Array): number {
  for (let i = 0; i < points.length; i += 2) {
    if ((points[i] as number) >= 0.9) return 1 - (points[i + 1] as number);
  }
  return 0;
}

export function OutcomePanel({ view }: { readonly view: CursorView | null }): React.ReactElement {
  const published = useCascade((state) => state.main?.scenario.published ?? NONE);
  const measures = useCascade((state) => state.main?.series.measures ?? null);
  return (
    <Panel id="cascade-outcome" title="Outcome">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="cascade-scroll" aria-label="Outcome in figures" tabIndex={0}>
        {view === null ? (
          <p className="cascade-note muted">Known when the run is computed.</p>
        ) : (
          <Figures view={view} />
        )}
        {view === null ? null : <Lorenz view={view} />}
        <Published published={published} measures={measures} />
      </section>
    </Panel>
  );
}

const NONE: readonly PublishedFigure[] = [];
