/** The scenario table on paper, a few commodities at a time. */
import type { SetCard, SpanAnswer } from '../../../workers/contract/span-api.ts';
import { heatStep } from './heat.ts';
import { amountWords } from './span-words.ts';

/** Columns that fit on a sheet. */
const A_TABLE = 7;

export function PackScenarios({
  answer,
  card,
}: {
  readonly answer: SpanAnswer;
  readonly card: SetCard;
}): React.ReactElement {
  const { commodities } = answer.report;
  const tables = Array.from({ length: Math.ceil(commodities.length / A_TABLE) }, (_, i) =>
    commodities.slice(i * A_TABLE, (i + 1) * A_TABLE),
  );
  return (
    <>
      <p>
        Loss of each commodity's positions, gains negative. The worst scenario of each is marked ▶ and is its
        scan risk.
      </p>
      {tables.map((part) => (
        <table key={part[0]?.commodity} className="pack-table pack-scenarios">
          <thead>
            <tr>
              <th scope="col">Scenario</th>
              {part.map((c) => (
                <th key={c.commodity} scope="col">
                  {c.commodity}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {card.scenarios.map(({ words, paired }, s) => (
              <tr key={words} className={paired > s ? 'pack-pair' : undefined}>
                <th scope="row">{words}</th>
                {part.map((c) => {
                  const loss = c.losses[s] ?? 0;
                  const most = Math.max(1, ...Array.from(c.losses, Math.abs));
                  return (
                    <td key={c.commodity} className={heatStep(loss, most)}>
                      {c.activeScenario === s + 1 && loss > 0 ? '▶ ' : ''}
                      {amountWords(loss)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </>
  );
}
