/** The figures of tail risk: a few large ones, how they came about, whether they kept their promise, what the guards take. */
import type { TailBacktest, TailFigures, TailReport } from '../../../workers/contract/tail-risk.ts';
import { ABSENT, formatCount, formatNumber, formatPercent } from '../../format/number.ts';
import { useTail } from '../../state/tail-store.ts';
import { LIGHTS, scaleWords } from './tail-words.ts';

interface TailProps {
  readonly report: TailReport;
  readonly figures: TailFigures;
}

const FROM_WHOLE = 1_000;

function Total({
  name,
  value,
  report,
}: {
  readonly name: string;
  readonly value: number;
  readonly report: TailReport;
}) {
  const { currency, isJoined, equity } = report;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{formatNumber(value, value >= FROM_WHOLE ? 0 : 2)}</strong>{' '}
        <span className="muted">{isJoined ? 'USD' : currency}</span>
        <span className="tail-share">
          {equity > 0 ? `${formatPercent(value / equity, 1)} of equity` : 'no equity behind it'}
        </span>
      </dd>
    </div>
  );
}

const SHAPES: Readonly<Record<TailBacktest['light'], React.ReactElement>> = {
  green: <circle cx="5" cy="5" r="3.6" />,
  yellow: <path d="M5 1.4 9 8.6H1Z" className="shape-open" />,
  red: <path d="M1 1h8v8H1Z" />,
};
const COLOURS = { green: 'status-healthy', yellow: 'status-warning', red: 'status-critical' } as const;

function Light({ light }: Pick<TailBacktest, 'light'>): React.ReactElement {
  const { word, means } = LIGHTS[light];
  return (
    <span className={`status-mark ${COLOURS[light]}`} title={means}>
      <svg className="status-shape" viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[light]}
      </svg>
      {word}
    </span>
  );
}

function Backtests({ report, figures }: TailProps): React.ReactElement {
  const { backtests, leastTestable } = figures;
  const [first] = backtests;
  if (first === undefined) {
    const seen = report.histories.find(({ origin }) => origin === report.origin)?.observations ?? 0;
    return (
      <p className="muted" data-testid="tail-backtest">
        Not tested yet: {formatCount(seen)} of {formatCount(leastTestable)} returns.
      </p>
    );
  }
  return (
    <>
      <table className="tail-table" data-testid="tail-backtest">
        <thead>
          <tr>
            <th scope="col">Backtest</th>
            <th scope="col">Exceeded / expected</th>
            <th scope="col" title="Probability of as odd a number of exceedances if the model were right">
              Kupiec p
            </th>
            <th scope="col" title="Probability of such clusters if exceedances were independent">
              Christoffersen p
            </th>
            <th scope="col">Zone</th>
          </tr>
        </thead>
        <tbody>
          {backtests.map(({ method, exceedances, expected, coverage, independence, light }) => (
            <tr key={method}>
              <th scope="row">{method}</th>
              <td>
                {formatCount(exceedances)} / {formatNumber(expected, 1)}
              </td>
              <td>{formatNumber(coverage.pValue, 3)}</td>
              <td>{formatNumber(independence.pValue, 3)}</td>
              <td>
                <Light light={light} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">
        Present exposures over {formatCount(first.days)} past returns, each forecast from the{' '}
        {formatCount(first.window)} before it.
      </p>
    </>
  );
}

function Guarded({ report }: { readonly report: TailReport }): React.ReactElement {
  const { valueAtRisk, meanCorrelation } = report.guarded;
  return (
    <p className="muted" data-testid="tail-guarded">
      {valueAtRisk === null
        ? 'The guards are told no value at risk: a position without figures, or a history that ended over 30 days ago. Their rule on it, where on, blocks.'
        : `The guards are told ${formatPercent(valueAtRisk, 1)} of equity: 99 %, all accounts, the larger of both methods.`}{' '}
      {meanCorrelation === null
        ? 'Correlation counts as 1 for them.'
        : `Mean |ρ| of all perpetuals for them: ${formatNumber(meanCorrelation, 2)}.`}
    </p>
  );
}

export function TailTotals({ report, figures }: TailProps): React.ReactElement {
  const confidence = useTail((state) => state.confidence);
  const { historical, parametric, scale } = figures;
  const source = report.histories.find(({ origin }) => origin === report.origin);
  const interval = source?.intervalMicros ?? null;
  const days = confidence === '0.95' ? 20 : 100;
  return (
    <>
      <dl className="tail-totals" data-testid="tail-totals">
        <Total name="Value at risk, one day" value={historical.valueAtRisk} report={report} />
        <Total name="Expected shortfall" value={historical.expectedShortfall} report={report} />
      </dl>
      <p>
        One day in {days} loses more than the first; the second is the mean of those days.{' '}
        <span className="muted">
          Historical, {interval === null ? ABSENT : scaleWords(interval, scale)}; exposures as they are now.
        </span>
      </p>
      <p className="muted">
        With normal returns: {formatNumber(parametric.valueAtRisk, 0)} and{' '}
        {formatNumber(parametric.expectedShortfall, 0)}.
        {report.isJoined ? ' One USD is counted as one USDT.' : ''}
        {report.left === 0 ? '' : ` ${report.left} positions without figures are left out.`}
        {report.trust === 'LIVE' ? '' : ` Marks are ${report.trust}.`}
      </p>
      <Guarded report={report} />
      <Backtests report={report} figures={figures} />
    </>
  );
}
