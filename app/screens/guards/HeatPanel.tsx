/** Portfolio heat: the weakest pool for every move of prices and every multiple of volatility; and the smallest move that breaks one. */
import { useQuery } from '@tanstack/react-query';
import type { StressReport } from '../../../workers/contract/guard-board.ts';
import { formatNumber, formatRatio, formatSignedPercent } from '../../format/number.ts';
import { stressQuery } from '../../state/guard-queries.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { StatusShape } from '../../ui/StatusMark.tsx';
import { leftWords } from './regime-words.ts';

function Grid({ grid }: Pick<StressReport, 'grid'>): React.ReactElement {
  return (
    <table className="heat" data-testid="heat">
      <thead>
        <tr>
          <th scope="col">Prices</th>
          {grid.volatilityFactors.map((factor) => (
            <th key={factor} scope="col">
              σ × {formatNumber(factor, 1)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {grid.priceMoves.map((move, row) => (
          <tr key={move}>
            <th scope="row">{formatSignedPercent(move, 0)}</th>
            {grid.cells[row]?.map(({ volatilityFactor, ratio, status, weakest, fallen }) => (
              <td
                key={volatilityFactor}
                className={status === null ? '' : `heat-cell status-${status.toLowerCase()}`}
                title={status === null ? '' : `${status}: ${weakest}; ${fallen} fallen`}
              >
                {ratio === null || status === null ? (
                  '–'
                ) : (
                  <>
                    <StatusShape status={status} /> {formatRatio(ratio)}
                  </>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function HeatPanel(): React.ReactElement {
  const { data, error } = useQuery(stressQuery);
  if (error !== null) return <FailureNote title="No heat" failure={error.failure} />;
  if (data === undefined) return <EmptyNote title="Reckoning …" />;
  if (data.pools === 0) {
    return <EmptyNote title="Nothing to stress" text="No position has figures." />;
  }
  const { breaking, left } = data;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="heat-scroll" aria-label="Portfolio heat" tabIndex={0}>
      <p data-testid="reverse-stress">
        {breaking === null ? (
          'No common move within reach breaks anything.'
        ) : (
          <>
            <strong className="heat-break">{formatSignedPercent(breaking.move, 2)}</strong> of all prices
            breaks {breaking.pool} first: the smallest common move that does.
          </>
        )}
      </p>
      <Grid grid={data.grid} />
      <p className="muted">
        Weakest margin ratio after the move. Volatility widens the scan ranges of futures; brackets of
        perpetuals do not follow it.
        {` ${leftWords(left)}`}
      </p>
    </section>
  );
}
