/** The path on paper: March 2020, as chart and as table. */

import { PathChart } from './PathChart.tsx';
import { changesOf, usePath } from './PathPanel.tsx';
import { amountWords, signedWords } from './span-words.ts';

export function PackPath(): React.ReactElement {
  const { points, to, marked } = usePath('march-2020');
  const known = points.filter((p) => p.requirement !== null);
  if (known.length === 0) {
    return (
      <p>No built-in set of March 2020 knows all contracts of this portfolio, so there is no path to show.</p>
    );
  }
  return (
    <>
      <p>
        What the same contracts need under the built-in sets of the days on which a margin changed, 2020-02-28
        to {to}. Only the parameters differ; prices and positions stand still.
      </p>
      <PathChart points={points} to={to} marked={marked} />
      <table className="pack-table">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Set</th>
            <th scope="col">Requirement</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {changesOf(points).map(({ date, setHash, requirement, change, reason }) => (
            <tr key={date}>
              <th scope="row">{date}</th>
              <td>
                <code>{setHash}</code>
              </td>
              <td>{requirement === null ? reason : amountWords(requirement)}</td>
              <td>{change === null ? '' : signedWords(change)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
