/** The tape: the last trades, forced ones marked and never filtered away; it stands still under pointer and focus. */
import { useEffect, useRef } from 'react';
import './charts.css';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import { formatCount } from '../format/number.ts';
import { Panel } from '../ui/Panel.tsx';
import { sizeUnit } from './size-unit.ts';
import { filterChoices } from './tape/tape-filter.ts';
import { type TapePainted, TapePainter } from './tape/tape-painter.ts';
import { tickText } from './tick-text.ts';
import { showBanner } from './trust-banner.ts';

export interface TapeProps {
  /** Null while no source is open. */
  readonly spec: ContractSpec | null;
  /** Trades below this are left out; forced ones never. */
  readonly minLots: number;
  readonly onMinLotsChange: (minLots: number) => void;
  readonly density?: 'ladder' | 'comfortable';
}

const ROW_PX = { ladder: 22, comfortable: 28 } as const;

export function Tape(props: TapeProps): React.ReactElement {
  const { spec, minLots, density = 'ladder' } = props;
  const box = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const banner = useRef<HTMLDivElement>(null);
  const state = useRef<HTMLParagraphElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const painter = useRef<TapePainter | null>(null);
  const shown = useRef(props);
  shown.current = props;

  useEffect(() => {
    if (box.current === null || body.current === null) return;
    const made = new TapePainter(box.current, body.current, (painted) => {
      if (banner.current !== null) showBanner(banner.current, painted.trust);
      box.current?.classList.toggle('is-stale', painted.trust?.live === false);
      setText(state.current, stateText(shown.current, painted));
      setText(note.current, noteText(painted));
    });
    painter.current = made;
    return () => {
      made.dispose();
      painter.current = null;
    };
  }, []);
  useEffect(() => painter.current?.setSpec(spec), [spec]);
  useEffect(() => painter.current?.setFilter(minLots), [minLots]);
  useEffect(() => painter.current?.setRowHeight(ROW_PX[density]), [density]);

  return (
    <Panel
      id="tape"
      title="Tape"
      actions={
        <>
          <span ref={note} className="chart-figure" />
          <SizeFilter {...props} />
        </>
      }
    >
      <div
        ref={box}
        className={`chart-host chart-tape chart-tape-${density}`}
        onPointerEnter={() => painter.current?.hold(true)}
        onPointerLeave={() => painter.current?.hold(false)}
      >
        <table className="chart-tape-table">
          <colgroup>
            <col className="chart-tape-time" />
            <col />
            <col className="chart-tape-price" />
            <col className="chart-tape-size" />
          </colgroup>
          <thead className="visually-hidden">
            <tr>
              <th scope="col">Time UTC</th>
              <th scope="col">Kind</th>
              <th scope="col">Price</th>
              <th scope="col">{`Size ${spec === null ? '' : sizeUnit(spec)}`}</th>
            </tr>
          </thead>
          <tbody ref={body} />
        </table>
        <p ref={state} className="chart-state" hidden />
        <div ref={banner} className="chart-banner chart-banner-end" hidden />
      </div>
    </Panel>
  );
}

function SizeFilter({ spec, minLots, onMinLotsChange }: TapeProps): React.ReactElement | null {
  if (spec === null) return null;
  const choices = filterChoices(spec.lotSize);
  const all = choices.includes(minLots) ? choices : [...choices, minLots].sort((a, b) => a - b);
  return (
    <select
      className="chart-choice"
      aria-label="Smallest size shown"
      value={minLots}
      onChange={(event) => onMinLotsChange(Number(event.target.value))}
    >
      {all.map((lots) => (
        <option key={lots} value={lots}>
          {lots === 0 ? 'all sizes' : `≥ ${tickText(lots, spec.lotSize)}`}
        </option>
      ))}
    </select>
  );
}

function setText(element: HTMLElement | null, text: string): void {
  if (element === null || element.textContent === text) return;
  element.textContent = text;
  element.hidden = text === '';
}

function stateText({ spec, minLots }: TapeProps, { trust, shown, kept }: TapePainted): string {
  if (spec === null) return 'No market is open yet';
  if (trust === null) return 'Waiting for the first trades …';
  if (shown > 0) return '';
  if (kept === 0) return 'No trade yet';
  return `None of the last trades is ${tickText(minLots, spec.lotSize)} ${sizeUnit(spec)} or more`;
}

function noteText({ waiting, dropped }: TapePainted): string {
  const parts: string[] = [];
  if (waiting !== null) parts.push(waiting === 0 ? 'held' : `held · ${formatCount(waiting)} new`);
  if (dropped > 0) parts.push(`${formatCount(dropped)} not shown`);
  return parts.join(' · ');
}
