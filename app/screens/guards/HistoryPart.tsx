/** Where the closes come from: the origins at hand with their interval, number and age; a choice; a file of the reader's own. */
import type { HistoryChoice, TailReport } from '../../../workers/contract/tail-risk.ts';
import { formatCount } from '../../format/number.ts';
import { askForHistory, chooseHistory, useTail } from '../../state/tail-store.ts';
import { historyWords, ORIGIN_NAMES } from './tail-words.ts';

const SHOWN_PROBLEMS = 3;

/** Rows of the file that were left out. */
function Problems(): React.ReactElement | null {
  const loaded = useTail((state) => state.loaded);
  if (loaded === null || loaded.problems.length === 0) return null;
  const { name, problems } = loaded;
  return (
    <details className="tail-problems">
      <summary>
        {name}: {problems.length === 1 ? '1 problem' : `${formatCount(problems.length)} problems`}, the rest
        was taken
      </summary>
      <ul>
        {problems.slice(0, SHOWN_PROBLEMS).map(({ line, column, expected, found }) => (
          <li key={`${line} ${column} ${found}`}>
            line {line}
            {column === '' ? '' : `, ${column}`}: expected {expected}, found “{found}”
          </li>
        ))}
      </ul>
      {problems.length > SHOWN_PROBLEMS ? (
        <p className="muted">and {formatCount(problems.length - SHOWN_PROBLEMS)} more</p>
      ) : null}
    </details>
  );
}

interface OriginProps {
  readonly choice: HistoryChoice;
  readonly inForce: HistoryChoice;
  readonly name: string;
  readonly words: string;
}

function Origin({ choice, inForce, name, words }: OriginProps): React.ReactElement {
  return (
    <label className="tail-origin" data-origin={choice}>
      <input
        type="radio"
        name="tail-origin"
        checked={inForce === choice}
        onChange={() => void chooseHistory(choice)}
      />
      <span>
        {name} <span className="muted">{words}</span>
      </span>
    </label>
  );
}

export function HistoryPart({ report }: { readonly report: TailReport }): React.ReactElement {
  const { histories, origin, atMicros, figures } = report;
  const choice = useTail((state) => state.choice);
  const isDrawn = choice === 'auto' && origin !== null && figures !== null;
  const preferred = isDrawn ? ` now: ${ORIGIN_NAMES[origin].toLowerCase()}` : '';
  return (
    <fieldset className="tail-history" data-testid="tail-history">
      <legend>History</legend>
      <Origin choice="auto" inForce={choice} name="The longest interval with 60 returns" words={preferred} />
      {histories.map((facts) => (
        <Origin
          key={facts.origin}
          choice={facts.origin}
          inForce={choice}
          name={facts.name ?? ORIGIN_NAMES[facts.origin]}
          words={historyWords(facts, atMicros)}
        />
      ))}
      <button
        type="button"
        className="link-button"
        title="time,instrument,close – or a column an instrument: date,BTCUSDT,ETHUSDT,ES"
        onClick={askForHistory}
      >
        Load closes (CSV) …
      </button>
      <Problems />
    </fieldset>
  );
}
