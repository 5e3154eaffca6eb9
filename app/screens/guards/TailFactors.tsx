/** How the held factors move together, and what becomes of the pools when one of them is struck. */
import type { TailFigures, TailReport } from '../../../workers/contract/tail-risk.ts';
import { formatNumber, formatPercent, formatRatio, formatSignedPercent } from '../../format/number.ts';
import { useGuardSettings } from '../../state/guard-settings.ts';
import { askTail, type readTailDraft, useTail } from '../../state/tail-store.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { shortName } from './tail-words.ts';

interface FactorsProps {
  readonly report: TailReport;
  readonly figures: TailFigures;
}

function Correlation({ report, figures }: FactorsProps): React.ReactElement {
  const spikeFrom = useGuardSettings((state) => state.configuration?.concentration.correlationSpike);
  const { correlation, meanCorrelation, shrinkage } = figures;
  const factors = report.exposures.map(({ factor }) => factor);
  const isSpike = spikeFrom !== undefined && meanCorrelation >= spikeFrom;
  if (factors.length < 2) return <p className="muted">One factor: nothing it could move with.</p>;
  return (
    <>
      <table className="tail-table" data-testid="tail-correlation">
        <thead>
          <tr>
            <th scope="col">Correlation</th>
            {factors.map((factor) => (
              <th key={factor} scope="col">
                {shortName(factor)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {factors.map((factor, row) => (
            <tr key={factor}>
              <th scope="row">{shortName(factor)}</th>
              {factors.map((other, column) => (
                <td key={other} className={row === column ? 'muted' : ''}>
                  {formatNumber(correlation[row]?.[column] ?? 0, 2)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Mean |ρ| {formatNumber(meanCorrelation, 2)}
        {isSpike ? <strong className="tail-spike"> spike: they move almost as one</strong> : null}
        <span className="muted">
          {' '}
          · drawn {formatPercent(shrinkage, 1)} toward none, for the noise of so few returns
        </span>
      </p>
    </>
  );
}

function Stress({
  report,
  figures,
  errors,
}: FactorsProps & { readonly errors: ReturnType<typeof readTailDraft>['errors'] }): React.ReactElement {
  const { shock, spike } = useTail();
  const { factor, returns, weakest, fallen, pools } = figures.stress;
  return (
    <>
      <fieldset className="tail-stress">
        <legend>One is struck, the others follow</legend>
        <SelectField
          label="Factor"
          value={factor}
          choices={report.exposures.map((exposure) => ({
            value: exposure.factor,
            label: shortName(exposure.factor),
          }))}
          error={undefined}
          onChange={(value) => askTail({ factor: value })}
        />
        <TextField
          label="Moves by"
          unit="%"
          numeric
          value={shock}
          error={errors.shock}
          onChange={(value) => askTail({ shock: value })}
        />
        <TextField
          label="Correlation rises"
          unit="% to 1"
          numeric
          value={spike}
          error={errors.spike}
          onChange={(value) => askTail({ spike: value })}
        />
      </fieldset>
      <p data-testid="tail-stress">
        {weakest === null ? (
          'No pool has a requirement.'
        ) : (
          <>
            Weakest after it: {weakest.pool} {formatRatio(weakest.before)} → {formatRatio(weakest.after)}{' '}
            <StatusMark status={weakest.statusAfter} />, {fallen} of {pools} fall.
          </>
        )}{' '}
        <span className="muted">
          {returns
            .map(({ factor: one, move }) => `${shortName(one)} ${formatSignedPercent(move, 1)}`)
            .join(' · ')}
        </span>
      </p>
    </>
  );
}

export function TailFactors(
  props: FactorsProps & { readonly errors: ReturnType<typeof readTailDraft>['errors'] },
): React.ReactElement {
  return (
    <>
      <Correlation report={props.report} figures={props.figures} />
      <Stress {...props} />
    </>
  );
}
