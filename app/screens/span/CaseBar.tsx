/** Which set and class are in force, the requirement, and what can be done with the case: link, present, print, files. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount, formatPercent } from '../../format/number.ts';
import { tell } from '../../state/notices.ts';
import { askForFile } from '../../state/save-file.ts';
import { builtInDatesQuery } from '../../state/span-queries.ts';
import {
  cancelReading,
  chooseClass,
  chooseSet,
  explainTerms,
  openDate,
  readSetFile,
  useSpan,
} from '../../state/span-store.ts';
import { classWords, moneyWords, setWords } from './span-words.ts';
import { useCase } from './use-case.ts';

const SET_FILES = '.spn,.pa2,.zip,.xml,.txt';

function SetPicker(): React.ReactElement {
  const sets = useSpan((state) => state.sets);
  const { card } = useCase();
  return (
    <label className="span-choice">
      <span>Set</span>
      <select className="input" value={card?.hash ?? ''} onChange={(event) => chooseSet(event.target.value)}>
        {card === null ? <option value="">none</option> : null}
        {sets.map((one) => (
          <option key={one.hash} value={one.hash}>
            {setWords(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The built-in set of a day; a day that makes no sense is not asked for. */
function DayPicker(): React.ReactElement {
  const { data } = useQuery(builtInDatesQuery);
  const { card } = useCase();
  const [typed, setTyped] = useState<string | null>(null);
  const builtIn = card?.origin.kind === 'built-in' ? card.origin : null;
  const spreads = builtIn?.spreads ?? 'assumed';
  const date = typed ?? builtIn?.date ?? '';
  const choose = (text: string): void => {
    setTyped(text);
    if (data !== undefined && text >= data.from && text <= data.to && text.length === 10) {
      void openDate(text, spreads).then(() => setTyped(null));
    }
  };
  return (
    <>
      <label className="span-choice">
        <span>Built-in day</span>
        <input
          className="input"
          type="date"
          value={date}
          min={data?.from}
          max={data?.to}
          onChange={(event) => choose(event.target.value)}
        />
      </label>
      <label className="span-choice span-check">
        <input
          type="checkbox"
          checked={spreads === 'assumed'}
          disabled={builtIn === null}
          onChange={(event) => {
            if (builtIn !== null) void openDate(builtIn.date, event.target.checked ? 'assumed' : 'none');
          }}
        />
        <span>assumed spreads</span>
      </label>
    </>
  );
}

function ClassPicker(): React.ReactElement | null {
  const { card, now } = useCase();
  if (card === null || now === null) return null;
  return (
    <label className="span-choice">
      <span>Class</span>
      <select
        className="input"
        value={now.classIndex}
        onChange={(event) => chooseClass(Number(event.target.value))}
      >
        {card.classes.map((one, index) => (
          <option key={one.rateId} value={index}>
            {classWords(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Reading(): React.ReactElement | null {
  const reading = useSpan((state) => state.reading);
  if (reading === null) return null;
  const share = reading.bytes === 0 ? 0 : reading.readBytes / reading.bytes;
  return (
    <div className="span-reading" role="status">
      <span>
        Reading {reading.name}, {formatPercent(share, 0)} of {formatCount(Math.ceil(reading.bytes / 1e6))} MB
      </span>
      <progress value={share} max={1} aria-label="Reading" />
      <button type="button" className="link-button" onClick={cancelReading}>
        Cancel
      </button>
    </div>
  );
}

/** A failed opening, a link that waits for its file, a claim that a run is compared with. */
function Notes(): React.ReactElement | null {
  const { failure, wanted, claimedRun, now, isExample } = useSpan();
  const { answer, waiting, card } = useCase();
  const notes: React.ReactElement[] = [];
  if (failure !== null && now !== null) {
    notes.push(
      <p key="failure" className="span-note span-note-trouble" role="alert">
        <strong>The file was not taken; the set before stays in force.</strong> {failure.message}{' '}
        <button type="button" className="link-button" onClick={() => useSpan.setState({ failure: null })}>
          Close
        </button>
      </p>,
    );
  }
  if (wanted !== null && wanted.origin.kind === 'file') {
    notes.push(
      <p key="wanted" className="span-note" role="status">
        This case stands on <strong>{wanted.origin.name}</strong>, set {wanted.setHash ?? 'unknown'}: load
        that file to see it.
      </p>,
    );
  }
  if (claimedRun !== null && answer !== null && !waiting) {
    const same = claimedRun === answer.runHash;
    notes.push(
      <p
        key="claim"
        className={same ? 'span-note' : 'span-note span-note-trouble'}
        role="status"
        data-testid="span-claim"
      >
        {same
          ? `✔ Run again: the same figures as run ${claimedRun}`
          : `✘ Run again: run ${answer.runHash}, not ${claimedRun}: set, positions or rules differ`}
      </p>,
    );
  }
  if (isExample) {
    notes.push(
      <p key="example" className="span-note">
        <span className="tag tag-demo">EXAMPLE</span> An invented portfolio, margined by{' '}
        {card?.origin.kind === 'file'
          ? card.origin.name
          : `published outright margins of ${card?.date ?? ''}`}
        .
      </p>,
    );
  }
  return notes.length === 0 ? null : <div className="span-notes">{notes}</div>;
}

function copyLink(): void {
  navigator.clipboard?.writeText(location.href).then(
    () => tell('news', 'The link was copied: it opens this case and checks its run'),
    () => tell('trouble', 'The browser did not allow copying; the address of this page is the link'),
  );
}

export function CaseBar(): React.ReactElement {
  const { answer, card, waiting } = useCase();
  const { presenting, paper, title } = useSpan();
  return (
    <header className="span-bar">
      <div className="span-sum">
        <span className="muted">Requirement</span>
        <button
          type="button"
          className="figure span-total"
          data-testid="span-requirement"
          data-waiting={waiting || undefined}
          onClick={() => explainTerms(['requirement'])}
        >
          {answer === null ? '–' : moneyWords(answer.report.requirement, answer.report.baseCurrency)}
        </button>
        <span className="muted">
          run <code data-testid="span-run">{waiting ? '…' : (answer?.runHash ?? '–')}</code> · set{' '}
          <code data-testid="span-set">{card?.hash ?? '–'}</code>
        </span>
      </div>
      <div className="span-choices">
        <SetPicker />
        <DayPicker />
        <ClassPicker />
        <button
          type="button"
          className="button"
          onClick={() => askForFile(SET_FILES, (file) => void readSetFile(file))}
        >
          Load file…
        </button>
      </div>
      <div className="span-acts">
        <input
          className="input span-title"
          aria-label="Title of the pack"
          value={title}
          maxLength={120}
          onChange={(event) => useSpan.setState({ title: event.target.value })}
        />
        <button type="button" className="link-button" onClick={copyLink}>
          Copy link
        </button>
        <button
          type="button"
          className="link-button"
          aria-pressed={presenting}
          onClick={() => useSpan.setState({ presenting: !presenting })}
        >
          {presenting ? 'End presenting' : 'Present'}
        </button>
        <select
          className="select-quiet"
          aria-label="Paper"
          value={paper}
          onChange={(event) => useSpan.setState({ paper: event.target.value === 'letter' ? 'letter' : 'a4' })}
        >
          <option value="a4">A4</option>
          <option value="letter">Letter</option>
        </select>
        <button
          type="button"
          className="button button-main"
          disabled={answer === null}
          onClick={() => print()}
        >
          Print pack
        </button>
      </div>
      <Reading />
      <Notes />
    </header>
  );
}
