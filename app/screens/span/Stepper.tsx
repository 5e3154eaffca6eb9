/** Plays the 16 scenarios one by one: pairs bracketed, each dot coloured by what the portfolio loses or gains. */
import { useEffect, useState } from 'react';
import { lookAtScenario, useSpan } from '../../state/span-store.ts';
import { PauseIcon, PlayIcon } from '../../ui/icons.tsx';
import { heatStep } from './heat.ts';
import { signedWords } from './span-words.ts';
import { hasOneCurrency, totalLosses, useCase, useScenario, worstScenario } from './use-case.ts';

const STEP_MS = 1_200;
const LAST = 15;

export function Stepper(): React.ReactElement | null {
  const { answer, card } = useCase();
  const scenario = useScenario(answer);
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (scenario >= LAST) setPlaying(false);
      else lookAtScenario(scenario + 1);
    }, STEP_MS);
    return () => clearTimeout(timer);
  }, [playing, scenario]);
  const presenting = useSpan((state) => state.presenting);
  useEffect(() => {
    if (!presenting) return;
    const step = ({ key, target }: KeyboardEvent): void => {
      if (target instanceof Element && target.closest('input, select, [role="dialog"]') !== null) return;
      const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      if (by !== 0) lookAtScenario(Math.min(LAST, Math.max(0, scenario + by)));
    };
    window.addEventListener('keydown', step);
    return () => window.removeEventListener('keydown', step);
  }, [presenting, scenario]);
  if (answer === null || card === null) return null;
  const losses = totalLosses(answer);
  const worst = worstScenario(losses);
  const most = Math.max(1, ...losses.map(Math.abs));
  const go = (to: number): void => {
    setPlaying(false);
    lookAtScenario(Math.min(LAST, Math.max(0, to)));
  };
  const play = (): void => {
    if (!playing && scenario >= LAST) lookAtScenario(0);
    setPlaying(!playing);
  };
  const words = card.scenarios[scenario]?.words ?? '';
  const result = -(losses[scenario] ?? 0);
  return (
    <section className="span-stepper" aria-label="Scenarios one by one">
      <button
        type="button"
        className="icon-button"
        aria-label={playing ? 'Pause the scenarios' : 'Play the scenarios'}
        onClick={play}
      >
        {playing ? <PauseIcon /> : <PlayIcon />}
      </button>
      <button type="button" className="button" onClick={() => go(scenario - 1)} disabled={scenario === 0}>
        Back
      </button>
      <ol className="span-dots">
        {losses.map((loss, s) => {
          const { words: name = String(s), paired = s } = card.scenarios[s] ?? {};
          return (
            <li
              key={name}
              className={paired === s ? 'span-single' : paired > s ? 'span-pair-first' : 'span-pair-last'}
            >
              <button
                type="button"
                className={`span-dot ${heatStep(loss, most)}`}
                aria-label={`Scenario ${name}${s === worst ? ', the worst' : ''}`}
                aria-current={s === scenario ? 'step' : undefined}
                onClick={() => go(s)}
              >
                {s + 1}
                {s === worst ? <span className="span-pin" aria-hidden="true" /> : null}
              </button>
            </li>
          );
        })}
      </ol>
      <button type="button" className="button" onClick={() => go(scenario + 1)} disabled={scenario === LAST}>
        Next
      </button>
      <p className="span-scenario" aria-live="polite" data-testid="span-scenario">
        <strong>{words}</strong>
        {hasOneCurrency(answer) ? (
          <>
            {' '}
            <span className={result < 0 ? 'loss' : 'gain'}>{signedWords(result)}</span>
          </>
        ) : null}
        {scenario === worst ? <span className="tag">worst of all at once</span> : null}
      </p>
    </section>
  );
}
