/** The 16 scenarios by commodity as a heat strip: pairs bracketed, the worst of each commodity pinned, every cell explained. */
import type { SetCard, SpanAnswer } from '../../../workers/contract/span-api.ts';
import { explainTerms, lookAtScenario } from '../../state/span-store.ts';
import { heatStep } from './heat.ts';
import { amountWords } from './span-words.ts';
import { hasOneCurrency, totalLosses, useScenario } from './use-case.ts';

interface MatrixProps {
  readonly answer: SpanAnswer;
  readonly card: SetCard;
}

export function Matrix({ answer, card }: MatrixProps): React.ReactElement {
  const scenario = useScenario(answer);
  const { commodities } = answer.report;
  const totals = hasOneCurrency(answer) && commodities.length > 1 ? totalLosses(answer) : null;
  const mosts = commodities.map((c) => Math.max(1, ...Array.from(c.losses, Math.abs)));
  const totalMost = Math.max(1, ...(totals ?? []).map(Math.abs));
  const totalWorst = totals?.indexOf(Math.max(...totals)) ?? -1;
  return (
    <div className="table-scroll">
      <table className="span-matrix" data-testid="span-matrix">
        <thead>
          <tr>
            <th scope="col">Scenario</th>
            {commodities.map((c) => (
              <th key={c.commodity} scope="col" title={`${c.name}, ${c.currency}`}>
                {c.commodity}
              </th>
            ))}
            {totals === null ? null : (
              <th
                scope="col"
                title="All commodities in the same scenario. SPAN takes the worst of each commodity."
              >
                All at once
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {card.scenarios.map(({ words, paired }, s) => (
            <tr
              key={words}
              className={pairClass(paired, s)}
              aria-current={s === scenario ? 'true' : undefined}
            >
              <th scope="row">
                <button type="button" className="span-row" onClick={() => lookAtScenario(s)}>
                  {words}
                </button>
              </th>
              {commodities.map((c, i) => {
                const loss = c.losses[s] ?? 0;
                const worst = c.activeScenario === s + 1 && loss > 0;
                return (
                  <td key={c.commodity} className={heatStep(loss, mosts[i] ?? 1)}>
                    <button
                      type="button"
                      className={worst ? 'span-cell span-worst' : 'span-cell'}
                      onClick={() =>
                        explainTerms(['risk', `risk of ${c.commodity}`, 'scan risk', 'scan', words])
                      }
                    >
                      {amountWords(loss)}
                      {worst ? <span className="visually-hidden">, the worst of {c.commodity}</span> : null}
                    </button>
                  </td>
                );
              })}
              {totals === null ? null : (
                <td className={heatStep(totals[s] ?? 0, totalMost)}>
                  <span className={s === totalWorst ? 'span-cell span-worst' : 'span-cell'}>
                    {amountWords(totals[s] ?? 0)}
                  </span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Scan risk: worst of each</th>
            {commodities.map((c) => (
              <td key={c.commodity}>{amountWords(c.scanRisk)}</td>
            ))}
            {totals === null ? null : (
              <td>{amountWords(commodities.reduce((sum, c) => sum + c.scanRisk, 0))}</td>
            )}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function pairClass(paired: number, s: number): string {
  if (paired === s) return 'span-unpaired';
  return paired > s ? 'span-pair-top' : 'span-pair-end';
}
