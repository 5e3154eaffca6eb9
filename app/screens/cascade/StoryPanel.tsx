/** Why did this happen to an account? Its causal chain from left to right, and what would have saved it, proved by runs. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { CascadeEvent } from '../../../engine/simulation/cascade/cascade-events.ts';
import type { Rescue } from '../../../engine/simulation/cascade-lab/rescue-search.ts';
import { lab } from '../../../workers/client/lab.ts';
import { tickText } from '../../charts/tick-text.ts';
import { formatCount, formatNumber } from '../../format/number.ts';
import { moveToEvent, openAccount, runScenario, useCascade } from '../../state/cascade-store.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { elapsedText } from './chart-axes.ts';
import { eventWords } from './event-words.ts';
import { type MarketSteps, useMarketSteps } from './use-cascade-data.ts';

function Step({
  event,
  steps,
}: {
  readonly event: CascadeEvent;
  readonly steps: MarketSteps;
}): React.ReactElement {
  const start = useCascade((state) => state.main?.series.startMicros ?? 0);
  const { title, detail, tone } = eventWords(event, steps);
  return (
    <li className={`chain-step chain-${tone}`}>
      <button
        type="button"
        className="chain-card"
        title="Move the cursor here"
        onClick={() => moveToEvent(event.id + 1)}
      >
        <span className="chain-time">
          {elapsedText((event.atMicros - start) / 1e6)} · event {formatCount(event.id)}
        </span>
        <strong>{title}</strong>
        <span className="chain-detail">{detail}</span>
      </button>
    </li>
  );
}

const Gap = ({ count, what }: { readonly count: number; readonly what: string }): React.ReactElement => (
  <li className="chain-gap">
    … {formatCount(count)} {what} …
  </li>
);

/** Asks for the rescue on demand: it takes some dozen runs. */
function RescuePart({
  account,
  steps,
}: {
  readonly account: number;
  readonly steps: MarketSteps;
}): React.ReactElement {
  const market = useCascade((state) => state.market);
  const scenario = useCascade((state) => state.main?.scenario ?? null);
  const [runs, setRuns] = useState<number | null>(null);
  const [found, setFound] = useState<Rescue | null>(null);
  const [failure, setFailure] = useState('');
  const searching = useRef(false);
  useEffect(
    () => () => {
      if (searching.current) void lab.cancelRescue();
    },
    [],
  );
  const search = async (): Promise<void> => {
    searching.current = true;
    setRuns(0);
    setFailure('');
    const timer = setInterval(async () => {
      const progress = await lab.rescueProgress();
      if (progress.ok && searching.current) setRuns(progress.value);
    }, 400);
    const answer = await lab.rescue({ run: 'main', account, market });
    clearInterval(timer);
    searching.current = false;
    setRuns(null);
    if (answer.ok) setFound(answer.value);
    else if (answer.failure.code !== 'worker/cancelled') setFailure(answer.failure.message);
  };
  const again = (extraMargin: number, cutLots: number): void => {
    if (scenario === null) return;
    const change = { account, market, extraMargin, cutLots };
    // The story stays open: that nothing happens to the account any more is the proof.
    void runScenario({ ...scenario, interventions: [...scenario.interventions, change] }, account);
  };
  if (runs !== null) {
    return (
      <p className="rescue">
        <span>Trying run {runs}…</span>
        <button type="button" className="button" onClick={() => void lab.cancelRescue()}>
          Stop
        </button>
      </p>
    );
  }
  if (found === null) {
    return (
      <p className="rescue">
        <button type="button" className="button" onClick={() => void search()}>
          What would have saved it?
        </button>
        <span className="muted">
          {failure === '' ? 'The least margin and the smallest cut, found by running again.' : failure}
        </span>
      </p>
    );
  }
  const { extraMargin, cutLots, sizeLots, marginStep } = found;
  return (
    <div className="rescue">
      {extraMargin === null ? (
        <span>No extra margin would have saved it.</span>
      ) : (
        <span>
          <strong>{exactMoney(extraMargin)}</strong> more margin from the start saves it
          <span className="muted"> ({exactMoney(marginStep)} less does not)</span>{' '}
          <button type="button" className="button" onClick={() => again(extraMargin, 0)}>
            Run with it
          </button>
        </span>
      )}
      {cutLots === null ? (
        <span>No cut would have saved it.</span>
      ) : (
        <span>
          or a position smaller by <strong>{tickText(cutLots, steps.lotSize)}</strong>
          <span className="muted"> of {tickText(sizeLots, steps.lotSize)}</span>{' '}
          <button type="button" className="button" onClick={() => again(0, cutLots)}>
            Run with it
          </button>
        </span>
      )}
      <span className="muted">Proved by {found.runs} runs.</span>
    </div>
  );
}

/** Money as it was tried: to the cent where cents were tried. */
function exactMoney(value: number): string {
  return `$${formatNumber(value, Number.isInteger(value) ? 0 : 2)}`;
}

/** Back to the accounts, to the row it was opened from where that is in view. */
function closeStory(account: number): void {
  openAccount(null);
  requestAnimationFrame(() => {
    document.querySelector<HTMLButtonElement>(`[data-account="${account}"]`)?.focus();
  });
}

export function StoryPanel({ account }: { readonly account: number }): React.ReactElement {
  const turn = useCascade((state) => state.main?.turn ?? 0);
  const name = useCascade((state) => state.main?.scenario.accounts[account]?.name ?? `#${account}`);
  const done = useCascade((state) => state.main?.series.done ?? false);
  const changed = useCascade(
    (state) => state.main?.scenario.interventions.some((change) => change.account === account) ?? false,
  );
  const steps = useMarketSteps();
  const { data, isPending } = useQuery({
    queryKey: ['cascade-story', turn, account],
    queryFn: () => lab.story({ run: 'main', account }),
    enabled: done,
    gcTime: 3_000,
  });
  const close = useRef<HTMLButtonElement>(null);
  // Opened from a table: the focus comes along, and Escape leads back.
  useEffect(() => {
    close.current?.focus();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) closeStory(account);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [account]);
  const story = data?.ok === true ? data.value : null;
  const liquidated = story?.steps.some(
    ({ kind, ...rest }) => kind === 'liquidated' && 'account' in rest && rest.account === account,
  );
  return (
    <div className="story">
      <Panel
        id="cascade-story"
        title={`Why did it happen to ${name}?`}
        actions={
          <button
            ref={close}
            type="button"
            className="icon-button"
            aria-label="Back to the accounts"
            title="Back to the accounts (Esc)"
            onClick={() => closeStory(account)}
          >
            <CloseIcon />
          </button>
        }
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
        <section className="cascade-scroll story-body" aria-label={`Story of ${name}`} tabIndex={0}>
          {isPending || steps === null ? (
            <p className="cascade-note muted">Reading the events…</p>
          ) : story === null ? (
            <p className="cascade-note">
              {changed
                ? `Nothing happened to ${name}: with the change it was given it lives through this run.`
                : `Nothing happened to ${name}: it was neither liquidated nor deleveraged in this run.`}
            </p>
          ) : (
            <>
              {liquidated === true ? (
                <RescuePart key={`${turn} ${account}`} account={account} steps={steps} />
              ) : null}
              <ol className="chain" aria-label="Causal chain, first cause first">
                {story.causes.map((event, i) => (
                  <FragmentWithGap
                    key={event.id}
                    show={story.causesLeftOut > 0 && i === story.causes.length / 2}
                  >
                    <Gap count={story.causesLeftOut} what="links like these" />
                    <Step event={event} steps={steps} />
                  </FragmentWithGap>
                ))}
                {story.steps.map((event) => (
                  <Step key={event.id} event={event} steps={steps} />
                ))}
                {story.fillsLeftOut > 0 ? <Gap count={story.fillsLeftOut} what="more deleveragings" /> : null}
              </ol>
            </>
          )}
        </section>
      </Panel>
    </div>
  );
}

/** Its first child only where something was left out before the second. */
function FragmentWithGap(props: {
  readonly show: boolean;
  readonly children: readonly React.ReactNode[];
}): React.ReactElement {
  const [gap, step] = props.children;
  return (
    <>
      {props.show ? gap : null}
      {step}
    </>
  );
}
