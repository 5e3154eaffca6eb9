/** The price ladder: static prices, the book moving through them, usable by pointer, keyboard and screen reader. */
import { useEffect, useId, useRef, useState } from 'react';
import './charts.css';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import type { OrderSide } from '../../engine/venue/matching/order-terms.ts';
import { Panel } from '../ui/Panel.tsx';
import { LadderTable } from './LadderTable.tsx';
import type { LadderFalls } from './ladder/ladder-falls.ts';
import { GROUPINGS, nextGrouping } from './ladder/ladder-geometry.ts';
import { type LadderAction, ladderAction } from './ladder/ladder-keys.ts';
import type { LadderPainter } from './ladder/ladder-painter.ts';
import { describeCursor } from './ladder/ladder-voice.ts';
import { type LadderParts, useLadderPainter, useLadderParts } from './ladder/use-ladder-painter.ts';
import type { PriceLine } from './price-line.ts';

/** A price of the ladder that was picked. */
export interface LadderPick {
  readonly ticks: number;
  /** The side whose column was pressed or whose key was used; null for the price alone. */
  readonly side: OrderSide | null;
  /** `trade`: the key asked for an order at this price. */
  readonly by: 'pointer' | 'key' | 'trade';
}

export interface LadderProps {
  /** Null while no source is open. */
  readonly spec: ContractSpec | null;
  readonly lines: readonly PriceLine[];
  /** Ticks per row; the market worker has to be told the same. */
  readonly groupTicks: number;
  readonly onGroupChange: (groupTicks: number) => void;
  readonly cumulative: boolean;
  readonly onCumulativeChange: (shown: boolean) => void;
  readonly onPick?: (pick: LadderPick) => void;
  readonly density?: 'ladder' | 'comfortable';
  /** Liquidation columns; null or absent while they are not shown. */
  readonly falls?: LadderFalls | null;
  /** More actions in the head line. */
  readonly actions?: React.ReactNode;
}

/** Width in CSS pixels from which cumulative sizes and changes both have room. */
const ROOMY_PX = 440;
const ROW_PX = { ladder: 21, comfortable: 28 } as const;
const CURSOR_CELLS = ['price', 'bid', 'ask', 'lines'] as const;

export function Ladder(props: LadderProps): React.ReactElement {
  const { spec, lines, groupTicks, cumulative, density = 'ladder' } = props;
  const parts = useLadderParts();
  const [deltas, setDeltas] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const painter = useLadderPainter(parts, spec);

  useEffect(() => painter.current?.setSpec(spec), [painter, spec]);
  useEffect(() => painter.current?.setLines(lines), [painter, lines]);
  useEffect(() => painter.current?.setFalls(props.falls ?? null), [painter, props.falls]);
  useEffect(() => {
    painter.current?.setChoices({ rowHeight: ROW_PX[density], cumulative, deltas });
  }, [painter, density, cumulative, deltas]);

  const pick = (ticks: number | null, side: OrderSide | null, by: LadderPick['by']): void => {
    if (ticks !== null && spec !== null) props.onPick?.({ ticks, side, by });
  };
  const pickCursor = (side: OrderSide | null, by: LadderPick['by']): void =>
    pick(painter.current?.cursorTicks() ?? null, side, by);
  const recentre = (): void => painter.current?.recentre();
  // A narrow ladder has room for one of the two columns.
  const fitsOne = (): boolean => (parts.canvas.current?.clientWidth ?? 0) < ROOMY_PX;
  const showCumulative = (shown: boolean): void => {
    if (shown && fitsOne()) setDeltas(false);
    props.onCumulativeChange(shown);
  };
  const showDeltas = (shown: boolean): void => {
    if (shown && cumulative && fitsOne()) props.onCumulativeChange(false);
    setDeltas(shown);
  };
  const act = (action: LadderAction): void => {
    if (action.kind === 'cursor') painter.current?.moveCursor(action.rows);
    else if (action.kind === 'group') props.onGroupChange(nextGrouping(groupTicks, action.step));
    else if (action.kind === 'pick') pickCursor(null, 'key');
    else if (action.kind === 'buy' || action.kind === 'sell') pickCursor(action.kind, 'trade');
    else if (action.kind === 'cumulative') showCumulative(!cumulative);
    else if (action.kind === 'deltas') showDeltas(!deltas);
    else recentre();
  };

  return (
    <Panel
      id="ladder"
      title="Ladder"
      choices={
        <Choices {...props} onCumulativeChange={showCumulative} deltas={deltas} onDeltasChange={showDeltas} />
      }
      actions={
        <>
          <button
            type="button"
            className="chart-choice chart-quiet"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            Show as table
          </button>
          <span ref={parts.spread} className="chart-figure" />
          <button
            type="button"
            className="chart-choice"
            title="Put the market on the middle row: Space"
            onClick={recentre}
          >
            centre
          </button>
          {props.actions}
        </>
      }
    >
      <div className="chart-host">
        <canvas ref={parts.canvas} className="chart-canvas" hidden={asTable} />
        {asTable ? null : <LadderGrid parts={parts} painter={painter} onAct={act} onPress={pick} />}
        {asTable && spec !== null ? <LadderTable spec={spec} /> : null}
        <button
          ref={parts.back}
          type="button"
          className="chart-back"
          title="Space"
          hidden
          onClick={recentre}
        />
        <p ref={parts.state} className="chart-state" hidden />
        <div ref={parts.banner} className="chart-banner" hidden />
      </div>
    </Panel>
  );
}

interface LadderGridProps {
  readonly parts: LadderParts;
  readonly painter: React.RefObject<LadderPainter | null>;
  readonly onAct: (action: LadderAction) => void;
  readonly onPress: (ticks: number | null, side: OrderSide | null, by: 'pointer') => void;
}

/** What takes pointer and keyboard over the canvas: to a screen reader a grid whose one row is the cursor's. */
function LadderGrid({ parts, painter, onAct, onPress }: LadderGridProps): React.ReactElement {
  const id = useId();
  const cursorRow = useRef<HTMLTableRowElement>(null);
  const heightOver = (event: React.MouseEvent): number =>
    event.clientY - event.currentTarget.getBoundingClientRect().top;
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const action = ladderAction(event);
    if (action === null) return;
    onAct(action);
    event.preventDefault();
    // The row in words, once the cursor has been painted.
    requestAnimationFrame(() => {
      const texts = describeCursor(painter.current);
      for (const [i, cell] of [...(cursorRow.current?.children ?? [])].entries()) {
        cell.textContent = texts[i] ?? '';
      }
    });
  };
  return (
    <table
      ref={parts.grid}
      className="chart-cover"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with moving focus is what a grid is
      role="grid"
      aria-label="Price ladder"
      aria-readonly="true"
      aria-activedescendant={id}
      tabIndex={0}
      onFocus={() => painter.current?.focusInside(true)}
      onBlur={() => painter.current?.focusInside(false)}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => painter.current?.pointerAt(heightOver(event))}
      onPointerLeave={() => painter.current?.pointerAt(null)}
      onWheel={(event) => painter.current?.scroll(Math.sign(event.deltaY) * 3)}
      onMouseDown={(event) => {
        // A middle button held down would start the browser's own scrolling.
        if (event.button === 1) event.preventDefault();
      }}
      onAuxClick={(event) => {
        if (event.button === 1) painter.current?.recentre();
      }}
      onClick={(event) => {
        const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
        const ladder = painter.current;
        onPress(ladder?.ticksAt(heightOver(event)) ?? null, ladder?.sideAt(x) ?? null, 'pointer');
      }}
    >
      <tbody className="visually-hidden">
        <tr ref={cursorRow} id={id}>
          {CURSOR_CELLS.map((cell) => (
            <td key={cell} />
          ))}
        </tr>
      </tbody>
    </table>
  );
}

interface ChoicesProps extends LadderProps {
  readonly deltas: boolean;
  readonly onDeltasChange: (shown: boolean) => void;
}

function Choices(props: ChoicesProps): React.ReactElement {
  const { groupTicks, cumulative, deltas } = props;
  return (
    <>
      <select
        className="chart-choice"
        aria-label="Ticks per row"
        title="Ticks per row: + and −"
        value={groupTicks}
        onChange={(event) => props.onGroupChange(Number(event.target.value))}
      >
        {GROUPINGS.map((grouping) => (
          <option key={grouping} value={grouping}>{`×${grouping}`}</option>
        ))}
      </select>
      <button
        type="button"
        className="chart-choice"
        aria-pressed={cumulative}
        title="Cumulative size from the best price: C"
        onClick={() => props.onCumulativeChange(!cumulative)}
      >
        cum
      </button>
      <button
        type="button"
        className="chart-choice"
        aria-pressed={deltas}
        title="Change of size over the last second: D"
        onClick={() => props.onDeltasChange(!deltas)}
      >
        Δ
      </button>
    </>
  );
}
