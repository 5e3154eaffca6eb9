/** The what-if: a big number, a slider, and before → after in words. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { InstrumentId } from '../../../../engine/reference/instruments/contract-spec.ts';
import { formatNumber, formatSigned, formatSignedPercent, parsePercent } from '../../../format/number.ts';
import { instrumentOf } from '../../../state/portfolio-edits.ts';
import { usePortfolio } from '../../../state/portfolio-store.ts';
import type { FailureError, WhatIfAnswer } from '../../../state/queries.ts';
import {
  chooseInstrument,
  chooseShift,
  nextRange,
  resetWhatIf,
  useWhatIf,
} from '../../../state/what-if-store.ts';
import { ArrowIcon } from '../../../ui/icons.tsx';
import { StatusMark } from '../../../ui/StatusMark.tsx';
import { ChangesButton } from './ChangesButton.tsx';
import { type StatusChange, statusChanges } from './slider-marks.ts';
import { useWhatIfAnswer } from './use-what-if.ts';
import { WhatIfSlider } from './WhatIfSlider.tsx';
import { fallenWords, nearestChange, shiftDecimals, spokenAnswer, worstRow } from './what-if-words.ts';

const ALL = 'all';
/** A move that stands this long is spoken. */
const REST_MS = 1_000;
const NO_CHANGES: readonly StatusChange[] = [];

function InstrumentChoice(): React.ReactElement {
  const instrument = useWhatIf((state) => state.instrument);
  const portfolio = usePortfolio((state) => state.portfolio);
  const held = new Set<InstrumentId>(
    portfolio.accounts.flatMap(({ positions }) => positions.map(instrumentOf)),
  );
  if (instrument !== null) held.add(instrument);
  return (
    <label className="what-if-of">
      <span className="muted">What if</span>
      <select
        className="select-quiet"
        value={instrument ?? ALL}
        onChange={(event) =>
          chooseInstrument(event.target.value === ALL ? null : (event.target.value as InstrumentId))
        }
      >
        <option value={ALL}>every mark</option>
        {[...held].map((id) => (
          <option key={id} value={id}>
            {id.split(':')[1]}
          </option>
        ))}
      </select>
      <span className="muted">moves</span>
    </label>
  );
}

/** The move as a number that can be typed; what is typed stays until it is left. */
function ShiftBox(): React.ReactElement {
  const shift = useWhatIf((state) => state.shift);
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? formatSigned(shift * 100, shiftDecimals(shift));
  const wrong = typed !== null && parsePercent(typed) === null;
  return (
    <span className={`what-if-number ${wrong ? 'field-wrong' : ''}`}>
      <input
        data-testid="what-if-input"
        aria-label="Move of the mark in percent"
        aria-invalid={wrong}
        inputMode="decimal"
        autoComplete="off"
        title={wrong ? `expected percent such as -6.4, found "${typed}"` : 'Percent; at most ±50'}
        value={shown}
        style={{ inlineSize: `${Math.max(3, shown.length)}ch` }}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          const parsed = parsePercent(event.target.value);
          if (parsed !== null) chooseShift(parsed);
        }}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            setTyped(null);
            chooseShift(Math.round((shift * 100 + step * (event.shiftKey ? 1 : 0.1)) * 10) / 1_000);
          } else if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <span aria-hidden="true">%</span>
    </span>
  );
}

function Summary({
  answer,
  error,
  changes,
}: {
  readonly answer: WhatIfAnswer | null;
  readonly error: FailureError | null;
  readonly changes: readonly StatusChange[];
}): React.ReactElement {
  if (answer === null) {
    return <span className={error === null ? 'muted' : 'row-failure'}>{error?.message ?? 'computing…'}</span>;
  }
  const { report, shift } = answer;
  const worst = worstRow(report);
  if (worst === null) return <span className="muted">No position has figures to move.</span>;
  const nearest = nearestChange(changes);
  if (shift === 0) {
    return nearest === null ? (
      <span className="muted">No move of up to 50 % changes a status.</span>
    ) : (
      <>
        <span className="muted">
          First to change, at {formatSignedPercent(nearest.shift, Math.abs(nearest.shift) < 0.01 ? 2 : 1)}:
        </span>
        <span className="what-if-name">{nearest.label}</span>
        <StatusMark status={nearest.status} />
      </>
    );
  }
  return (
    <>
      <span className="what-if-name">{worst.label}</span>
      <StatusMark status={worst.before.status} ratio={worst.before.marginRatio} />
      <ArrowIcon />
      <span className="visually-hidden">becomes</span>
      <StatusMark status={worst.after.status} ratio={worst.after.marginRatio} />
      <span className={report.fallen > 0 ? 'status-liquidation what-if-fallen' : 'muted what-if-fallen'}>
        {fallenWords(report)}
      </span>
    </>
  );
}

/** Speaks the answer to a chosen move once, when the hand rests; figures that move with the market stay silent. */
function Spoken({ answer }: { readonly answer: WhatIfAnswer | null }): React.ReactElement {
  const [text, setText] = useState('');
  const newest = useRef(answer);
  newest.current = answer;
  const shift = answer?.shift ?? 0;
  const instrument = answer?.instrument ?? null;
  useEffect(() => {
    const timer = setTimeout(() => {
      const rested = newest.current;
      const still = rested?.shift === shift && rested.instrument === instrument;
      if (still) setText(spokenAnswer(rested.report, shift));
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [shift, instrument]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  );
}

export function WhatIfStrip({ price }: { readonly price: string | null }): React.ReactElement {
  const { shift, range } = useWhatIf();
  const { answer, error, pending } = useWhatIfAnswer();
  const report = answer?.report ?? null;
  const changes = useMemo(() => (report === null ? NO_CHANGES : statusChanges(report)), [report]);
  const stale = pending || (report !== null && report.trust !== 'LIVE');
  return (
    <section className="what-if" aria-label="What if">
      <div className="what-if-lead">
        <InstrumentChoice />
        <div className="what-if-value">
          <ShiftBox />
          {price === null ? null : <span className="muted what-if-price">{price}</span>}
        </div>
      </div>
      <WhatIfSlider changes={changes} />
      <div className="what-if-tools">
        <button type="button" className="panel-action" title="Range of the slider" onClick={nextRange}>
          ±{formatNumber(range * 100, 0)} %
        </button>
        <button type="button" className="panel-action" disabled={shift === 0} onClick={resetWhatIf}>
          Reset
        </button>
        <ChangesButton changes={changes} />
      </div>
      <div className={`what-if-summary ${stale ? 'is-stale' : ''}`} data-testid="what-if-summary">
        <Summary answer={answer} error={error} changes={changes} />
      </div>
      <Spoken answer={answer} />
    </section>
  );
}
