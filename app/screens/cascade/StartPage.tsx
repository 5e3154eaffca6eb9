/** Before anything runs: the library as cards, a fork of the market, a file, and the crowd's quick look. */

import type { ScenarioCard } from '../../../workers/contract/lab-api.ts';
import { formatPercent } from '../../format/number.ts';
import { importRunFile } from '../../state/cascade-files.ts';
import { forkMarket } from '../../state/cascade-fork.ts';
import { loadLibrary, runScenario, useCascade } from '../../state/cascade-store.ts';
import { showDialog } from '../../state/dialogs.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';

function Card({ card }: { readonly card: ScenarioCard }): React.ReactElement {
  const fall = card.published.find(({ measure }) => measure === 'price-fall');
  return (
    <li className="scenario-card">
      <span className="tag">{card.kind === 'calibrated' ? 'SYNTHETIC, CALIBRATED' : 'TEACHING'}</span>
      <h3>{card.title}</h3>
      <p className="muted">{card.about}</p>
      <p className="scenario-foot">
        {fall === undefined ? (
          <span className="muted">{card.scenario.markets.map(({ symbol }) => symbol).join(', ')}</span>
        ) : (
          <span className="muted">published fall {formatPercent(fall.value, 1)}</span>
        )}
        <button
          type="button"
          className="button button-main"
          aria-label={`Run: ${card.title}`}
          onClick={() => void runScenario(card.scenario)}
        >
          Run
        </button>
      </p>
    </li>
  );
}

export function StartPage(): React.ReactElement {
  const library = useCascade((state) => state.library);
  const failure = useCascade((state) => state.failure);
  return (
    <main className="cascade-start" tabIndex={-1}>
      <header>
        <h2>Play a cascade, stop it, ask why</h2>
        <p className="muted">
          Every run is computed event by event: book, mark, margin, liquidation, fund, deleveraging. The
          scenarios are synthetic; those that resemble a documented event show the published figures beside
          ours.
        </p>
        <p className="start-actions">
          <button type="button" className="button" onClick={() => void forkMarket()}>
            Fork this market into the lab
          </button>
          <button type="button" className="button" onClick={() => showDialog({ kind: 'crowd' })}>
            A crowd of a million…
          </button>
          <button type="button" className="button" onClick={() => void importRunFile()}>
            Open a scenario file…
          </button>
        </p>
      </header>
      {failure === null ? null : (
        <FailureNote
          title="The lab gave no answer"
          failure={failure}
          action={
            <button type="button" className="button" onClick={() => void loadLibrary()}>
              Try again
            </button>
          }
        />
      )}
      <ul className="scenario-cards" aria-busy={library === null}>
        {(library ?? []).map((card) => (
          <Card key={card.id} card={card} />
        ))}
      </ul>
    </main>
  );
}
