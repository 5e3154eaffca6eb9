/** The source badge, and the menu behind it: simulation by seed, a recording, or the live market. */
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { askForRecording } from '../commands/commands.ts';
import { formatCount } from '../format/number.ts';
import { openLive, openSimulated, seedFailure, useSource } from '../state/source-store.ts';

function SimulatedChoice({ close }: { readonly close: () => void }): React.ReactElement {
  const [text, setText] = useState(() => String(useSource.getState().seed));
  const failure = seedFailure(text);
  return (
    <form
      className="source-choice"
      onSubmit={(event) => {
        event.preventDefault();
        if (failure !== null) return;
        close();
        void openSimulated(Number(text));
      }}
    >
      <h3 className="source-name source-simulated">SIMULATED</h3>
      <p className="muted">
        A market inside this page. The same seed gives the same market, to the last digit.
      </p>
      <div className="field-row">
        <label className="field-inline">
          Seed
          <input
            className="input input-short"
            inputMode="numeric"
            value={text}
            aria-invalid={failure !== null}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={failure !== null}>
          Start
        </button>
      </div>
      {failure === null ? null : <p className="field-error">{failure.message}</p>}
    </form>
  );
}

function OpenedFacts(): React.ReactElement | null {
  const { status, label, failure, replay } = useSource();
  if (status === 'opening') return <p className="muted">Opening {label}…</p>;
  return (
    <>
      <p>
        <span className="muted">Open now:</span> {label}
      </p>
      {replay === null ? null : (
        <p className="muted">
          {formatCount(replay.lines)} lines, {formatCount(replay.brokenLines)} broken
        </p>
      )}
      {failure === null ? null : <p className="field-error">{failure.message}</p>}
    </>
  );
}

export function SourceMenu(): React.ReactElement {
  const kind = useSource((state) => state.kind);
  const status = useSource((state) => state.status);
  return (
    <DialogTrigger>
      <Button
        className={`source-badge source-${kind.toLowerCase()}`}
        data-testid="source-badge"
        aria-label={`Source: ${kind}. Change the source`}
      >
        {status === 'opening' ? <span className="source-opening" aria-hidden="true" /> : null}
        {kind}
      </Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="popover-body source-menu" aria-label="Source">
          {({ close }) => (
            <>
              <OpenedFacts />
              <SimulatedChoice close={close} />
              <section className="source-choice">
                <h3 className="source-name source-replay">REPLAY</h3>
                <p className="muted">A recorded session. Open a file, or drop one anywhere on the page.</p>
                <button
                  type="button"
                  className="button"
                  onClick={() => {
                    close();
                    askForRecording();
                  }}
                >
                  Open a recording…
                </button>
              </section>
              <section className="source-choice">
                <h3 className="source-name source-live">LIVE</h3>
                <p className="muted">
                  Public market data through the relay of this page's own server. Positions never leave the
                  page.
                </p>
                <button
                  type="button"
                  className="button"
                  onClick={() => {
                    close();
                    void openLive();
                  }}
                >
                  Go live
                </button>
              </section>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
