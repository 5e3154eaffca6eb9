/** The place of a position in its deleveraging queue: five lights in a row of bars, one more than the level, and k of n. */
import './adl.css';
import type { BoardAdl } from '../../../workers/contract/board-adl.ts';
import type { BoardRow } from '../../../workers/contract/guard-board.ts';
import { ABSENT, formatCount } from '../../format/number.ts';
import { showDialog } from '../../state/dialogs.ts';
import { TrustMark } from '../../ui/TrustMark.tsx';

/** Said wherever a place is shown. */
export const ADL_ESTIMATE = 'estimated against the modelled crowd';

const LIGHTS = [0, 1, 2, 3, 4];

/** The lights alone: lit ones are filled, the others hollow. */
export function AdlLights({ level }: Pick<BoardAdl, 'level'>): React.ReactElement {
  return (
    <span className="adl-lights" data-level={level} aria-hidden="true">
      {LIGHTS.map((light) => (
        <i key={light} className={light <= level ? 'adl-lit' : undefined} />
      ))}
    </span>
  );
}

/** Deleveraging of one line of the board; opens what is behind the place. */
export function AdlCell({ row }: { readonly row: BoardRow }): React.ReactElement {
  const { id, adl, kind, contract, title } = row;
  if (kind === 'account' || contract !== null) return <span className="muted">{ABSENT}</span>;
  if (adl === null) {
    return (
      <span className="muted" title="No mark, or no crowd is modelled behind this contract">
        not known
      </span>
    );
  }
  const { rank, of, level, trust } = adl;
  const place = `${formatCount(rank)} of ${formatCount(of)}`;
  return (
    <button
      type="button"
      className="adl adl-button"
      title={`Place ${place} in the deleveraging queue, ${ADL_ESTIMATE}`}
      aria-label={`Deleveraging of ${title}: place ${place}, ${level + 1} of 5 lights, ${ADL_ESTIMATE}`}
      onClick={() => showDialog({ kind: 'adl', rowId: id })}
    >
      <AdlLights level={level} /> <span className="adl-place-text">{place}</span>
      {trust === 'DEGRADED' ? null : <TrustMark trust={trust} />}
    </button>
  );
}
