/** The legs in the scenario in view: move of the price, price, result. */

import { contractWords } from '../../format/contract-words.ts';
import { formatNumber, formatPercent, formatSigned } from '../../format/number.ts';
import { Panel } from '../../ui/Panel.tsx';
import { legsInScenario } from './legs.ts';
import { ScrollRegion } from './ScrollRegion.tsx';
import { signedWords } from './span-words.ts';
import { useCase, useScenario } from './use-case.ts';

/** Digits that show a price or its move without noise. */
function pointDecimals(value: number): number {
  const size = Math.abs(value);
  return size >= 10 || size === 0 ? 2 : size >= 0.1 ? 4 : 6;
}

export function LegsPanel(): React.ReactElement {
  const { answer, card, waiting } = useCase();
  const scenario = useScenario(answer);
  const legs = answer === null || card === null ? [] : legsInScenario(answer, card, scenario);
  const largest = Math.max(1, ...legs.map((leg) => Math.abs(leg.result)));
  const { cover = 1 } = card?.scenarios[scenario] ?? {};
  return (
    <Panel
      id="legs"
      title={`Legs in scenario ${scenario + 1}`}
      choices={
        <span className="panel-choice">
          {cover === 1 ? '' : `${formatPercent(cover, 0)} of the result counts`}
          {legs.length > 0 && legs.every((leg) => leg.price === null) ? ' the set holds no prices' : ''}
        </span>
      }
    >
      <ScrollRegion label="Legs in the scenario in view">
        <table className={waiting ? 'span-table span-stale' : 'span-table'} data-testid="span-legs">
          <thead>
            <tr>
              <th scope="col">Contract</th>
              <th scope="col">Contracts</th>
              <th scope="col">Price move</th>
              <th scope="col">Price</th>
              <th scope="col">Result</th>
              <th scope="col" className="span-wide">
                <span className="visually-hidden">Share</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {legs.map(({ contract, lots, price, move, result, currency }) => (
              <tr key={contract}>
                <th scope="row">{contractWords(contract)}</th>
                <td>{formatSigned(lots, 0)}</td>
                <td>{move === null ? '–' : formatSigned(move, pointDecimals(move))}</td>
                <td>
                  {price === null || move === null ? '–' : formatNumber(price + move, pointDecimals(price))}
                </td>
                <td className={result < 0 ? 'loss' : result > 0 ? 'gain' : undefined}>
                  {signedWords(result)} {currency === card?.baseCurrency ? '' : currency}
                </td>
                <td className="span-wide" aria-hidden="true">
                  <span className="span-result">
                    <span
                      className={result < 0 ? 'span-result-loss' : 'span-result-gain'}
                      style={{ inlineSize: `${(Math.abs(result) / largest) * 50}%` }}
                    />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  );
}
