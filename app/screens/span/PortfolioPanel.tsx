/** The positions of the case: contracts can be changed, dropped, added and taken in from files. */
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { PositionAttribution } from '../../../engine/margin/span/attribution.ts';
import { contractWords } from '../../format/contract-words.ts';
import { formatCount } from '../../format/number.ts';
import { askForPositions, saveCase, savePositions } from '../../state/span-files.ts';
import { contractsQuery } from '../../state/span-queries.ts';
import { holdLots, replacePositions, takeBack, toggleKept, useSpan } from '../../state/span-store.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { signedWords } from './span-words.ts';
import { useCase } from './use-case.ts';

const WHOLE = /^[+−-]?\d{1,8}$/;
const lotsIn = (text: string): number | null =>
  WHOLE.test(text.trim()) ? Number(text.trim().replace('−', '-').replace('+', '')) : null;

interface LegProps {
  readonly contract: string;
  readonly lots: number;
  readonly part: PositionAttribution | null;
}

function Leg({ contract, lots, part }: LegProps): React.ReactElement {
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed !== null && lotsIn(typed) === null;
  const commit = (): void => {
    const next = typed === null ? null : lotsIn(typed);
    if (next !== null && next !== lots) holdLots(contract, next);
    setTyped(null);
  };
  return (
    <tr data-leg={contract}>
      <th scope="row" title={contract}>
        {contractWords(contract)}
      </th>
      <td>
        <input
          className="input span-lots"
          inputMode="numeric"
          aria-label={`Contracts of ${contractWords(contract)}`}
          aria-invalid={wrong}
          value={typed ?? String(lots)}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape') setTyped(null);
          }}
        />
      </td>
      <td title="Requirement less the requirement without this leg">
        {part === null ? '–' : signedWords(part.incremental)}
      </td>
      <td title="One contract more in its own direction">
        {part === null ? '–' : signedWords(part.marginal)}
      </td>
      <td>
        <button
          type="button"
          className="icon-button"
          aria-label={`Drop ${contractWords(contract)}`}
          onClick={() => holdLots(contract, 0)}
        >
          <CloseIcon />
        </button>
      </td>
    </tr>
  );
}

/** A contract by its words or id, and how many. */
function AddLeg({ setHash }: { readonly setHash: string }): React.ReactElement {
  const [words, setWords] = useState('');
  const [typed, setTyped] = useState('1');
  const listId = useId();
  const { data } = useQuery(contractsQuery(setHash, words));
  const found =
    data?.find(({ contract }) => contract === words) ?? (data?.length === 1 ? data[0] : undefined);
  const lots = lotsIn(typed);
  const add = (): void => {
    if (found === undefined || lots === null || lots === 0) return;
    holdLots(found.contract, lots);
    setWords('');
  };
  return (
    <form
      className="span-add"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <input
        className="input"
        list={listId}
        placeholder="Contract, e.g. ES 202006"
        aria-label="Contract to add"
        value={words}
        autoComplete="off"
        onChange={(event) => setWords(event.target.value)}
      />
      <datalist id={listId}>
        {data?.map(({ contract, name }) => (
          <option key={contract} value={contract}>
            {name} {contractWords(contract)}
          </option>
        ))}
      </datalist>
      <input
        className="input span-lots"
        inputMode="numeric"
        aria-label="Contracts to add, short with a minus"
        aria-invalid={lots === null}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="button" disabled={found === undefined || lots === null || lots === 0}>
        Add
      </button>
    </form>
  );
}

function Actions(): React.ReactElement {
  const { now, answer, waiting } = useCase();
  const empty = (now?.positions.length ?? 0) === 0;
  return (
    <>
      <button type="button" className="panel-action" onClick={askForPositions} disabled={now === null}>
        Import…
      </button>
      <button type="button" className="panel-action" onClick={savePositions} disabled={empty}>
        CSV
      </button>
      <button
        type="button"
        className="panel-action"
        disabled={answer === null || waiting}
        onClick={() => answer !== null && saveCase(answer.runHash, answer.report.requirement)}
      >
        Case file
      </button>
    </>
  );
}

export function PortfolioPanel(): React.ReactElement {
  const { now, answer, waiting } = useCase();
  const before = useSpan((state) => state.before);
  const parts = new Map(answer?.attribution.positions.map((part) => [part.contract, part]) ?? []);
  const largest = answer?.attribution.largestOffset ?? null;
  return (
    <Panel
      id="portfolio"
      title="Portfolio"
      choices={<span className="muted">{formatCount(now?.positions.length ?? 0)} legs</span>}
      actions={<Actions />}
    >
      <div className="table-scroll span-portfolio">
        <table className={waiting ? 'span-table span-stale' : 'span-table'}>
          <thead>
            <tr>
              <th scope="col">Contract</th>
              <th scope="col">Contracts</th>
              <th scope="col">With − without</th>
              <th scope="col">One more</th>
              <th scope="col">
                <span className="visually-hidden">Drop</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {now?.positions.map(({ contract, lots }) => (
              <Leg key={contract} contract={contract} lots={lots} part={parts.get(contract) ?? null} />
            ))}
          </tbody>
        </table>
        {now === null ? null : <AddLeg setHash={now.setHash} />}
        <p className="span-hint">
          {largest === null ? (
            'No leg offsets another.'
          ) : (
            <>
              Largest offset: <strong>{contractWords(largest.contract)}</strong>. Without it the others need{' '}
              {signedWords(largest.offsetLost)} more than they save now.
            </>
          )}
        </p>
        <div className="span-edit-actions">
          <button type="button" className="link-button" disabled={before === null} onClick={takeBack}>
            Take back
          </button>
          <button
            type="button"
            className="link-button"
            aria-pressed={before?.kept === true}
            onClick={toggleKept}
          >
            {before?.kept === true ? 'Let the kept case go' : 'Keep to compare'}
          </button>
          <button
            type="button"
            className="link-button"
            disabled={(now?.positions.length ?? 0) === 0}
            onClick={() => replacePositions([], 'before all legs were dropped')}
          >
            Clear
          </button>
        </div>
      </div>
    </Panel>
  );
}
