/** One position in the table. */
import { memo } from 'react';
import type { Position } from '../../../../engine/accounting/portfolio.ts';
import type { PositionFigures, PositionMargin } from '../../../../engine/margin/margin-report.ts';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import { formatCount, formatDecimalText, formatNumber, formatRatio } from '../../../format/number.ts';
import type { PositionColumn } from '../../../state/preferences.ts';
import { HeadroomBar } from '../../../ui/HeadroomBar.tsx';
import { MoreIcon } from '../../../ui/icons.tsx';
import { StatusMark } from '../../../ui/StatusMark.tsx';
import {
  bankruptcyPrice,
  distance,
  distanceDetail,
  Figure,
  liquidationPrice,
  money,
  priceDecimals,
  sigmas,
  signedMoney,
} from './figures.tsx';

interface PositionRowProps {
  readonly position: Position;
  readonly margin: PositionMargin | null;
  readonly spec: ContractSpec | undefined;
  readonly columns: readonly PositionColumn[];
  /** Why the figures cannot be believed now, for people; null while they can. */
  readonly staleNote: string | null;
}

/** What is to be known about the mark, in one word: it is a substitute, or it is not live. */
function markTag({
  markOrigin,
  staleNote,
}: {
  readonly markOrigin: PositionFigures['markOrigin'];
  readonly staleNote: string | null;
}): { readonly text: string; readonly title: string } | null {
  if (markOrigin === 'mid' && (staleNote === null || staleNote.startsWith('DEGRADED'))) {
    return { text: 'mid', title: 'This source has no mark price: the middle of the book stands in for it' };
  }
  if (markOrigin === 'given')
    return { text: 'given', title: 'Mark price typed in by hand: no feed marks it' };
  return staleNote === null ? null : { text: staleNote, title: 'The mark is not live' };
}

/** Where the requirement of the row comes from. */
function maintenanceTitle({ bracket }: PositionFigures): string {
  return bracket === null
    ? 'By itself, SPAN-type calculation; the account is margined as a whole'
    : `bracket ${bracket}`;
}

function Identity({ position }: { readonly position: Position }): React.ReactElement {
  return (
    <>
      <strong>{position.symbol}</strong>{' '}
      <span className={position.side === 'long' ? 'gain' : 'loss'}>{position.side}</span>{' '}
      <span className="muted">{position.marginMode}</span>
    </>
  );
}

function Mark({
  figures,
  decimals,
  staleNote,
}: {
  readonly figures: PositionFigures;
  readonly decimals: number;
  readonly staleNote: string | null;
}): React.ReactElement {
  const tag = markTag({ markOrigin: figures.markOrigin, staleNote });
  return (
    <>
      {tag === null ? null : (
        <span className="tag tag-stale" title={tag.title}>
          {tag.text}
        </span>
      )}
      {formatNumber(figures.markPrice, decimals)}
    </>
  );
}

/** Cells between the mark and the row's end, with figures. */
function FigureCells({
  figures,
  margin,
  decimals,
  columns,
}: {
  readonly figures: PositionFigures;
  readonly margin: PositionMargin;
  readonly decimals: number;
  readonly columns: readonly PositionColumn[];
}): React.ReactElement {
  const { unrealisedPnl, marginRatio, status } = figures;
  return (
    <>
      <td>
        <Figure
          figure="unrealisedPnl"
          label="unrealised PnL"
          className={unrealisedPnl < 0 ? 'loss' : unrealisedPnl > 0 ? 'gain' : ''}
        >
          {signedMoney(unrealisedPnl)}
        </Figure>
      </td>
      {columns.includes('notional') ? (
        <td>
          <Figure figure="notional" label="notional">
            {money(figures.notional)}
          </Figure>
        </td>
      ) : null}
      {columns.includes('initialMargin') ? (
        <td>
          <Figure figure="initialMargin" label="initial margin">
            {money(figures.initialMargin)}
          </Figure>
        </td>
      ) : null}
      <td>
        <Figure figure="maintenanceMargin" label="maintenance margin" title={maintenanceTitle(figures)}>
          {money(figures.maintenanceMargin)}
        </Figure>
      </td>
      <td className="cell-headroom">
        <Figure figure="marginRatio" label="margin ratio" className="figure-headroom">
          <HeadroomBar ratio={marginRatio} status={status} />
          <strong>{formatRatio(marginRatio)}</strong>
        </Figure>
      </td>
      <td className="cell-status">
        <StatusMark status={status} />
      </td>
      <td>
        <Figure figure="liquidationPrice" label="liquidation price">
          {liquidationPrice(figures, decimals)}
        </Figure>
      </td>
      {columns.includes('bankruptcy') ? (
        <td>
          <Figure figure="bankruptcyPrice" label="bankruptcy price">
            {bankruptcyPrice(figures, decimals)}
          </Figure>
        </td>
      ) : null}
      <td>
        <Figure figure="distance" label="distance to liquidation" title={distanceDetail(figures)}>
          {distance({ figures, side: margin.side })}
        </Figure>
      </td>
      {columns.includes('ticks') ? (
        <td>{figures.distanceTicks === null ? 'None' : formatCount(Math.round(figures.distanceTicks))}</td>
      ) : null}
      {columns.includes('sigma') ? <td>{sigmas(figures)}</td> : null}
    </>
  );
}

export const PositionRow = memo(function PositionRow({
  position,
  margin,
  spec,
  columns,
  staleNote,
}: PositionRowProps): React.ReactElement {
  const figures = margin?.figures ?? null;
  const decimals = priceDecimals(spec, position.entryPrice);
  const wide = columns.filter((column) => column !== 'leverage').length + 6;
  return (
    <tr
      className={`position-row ${staleNote === null ? '' : 'is-stale'}`}
      data-testid={`position-row-${position.id}`}
      data-position={position.id}
    >
      <th scope="row">
        <Identity position={position} />
      </th>
      {columns.includes('leverage') ? <td>{position.leverage}×</td> : null}
      <td>{formatDecimalText(position.size)}</td>
      <td>{formatDecimalText(position.entryPrice)}</td>
      <td>
        {figures === null ? null : <Mark figures={figures} decimals={decimals} staleNote={staleNote} />}
      </td>
      {figures === null || margin === null ? (
        <td className="cell-failure" colSpan={wide}>
          {margin?.failure == null ? (
            <span className="muted">waiting for the first mark…</span>
          ) : (
            <span className="row-failure" title={margin.failure.message}>
              {margin.failure.message}
            </span>
          )}
        </td>
      ) : (
        <FigureCells figures={figures} margin={margin} decimals={decimals} columns={columns} />
      )}
      <td className="cell-more">
        <button
          type="button"
          className="icon-button"
          data-more=""
          aria-haspopup="menu"
          aria-label={`More for ${position.symbol} ${position.side}`}
        >
          <MoreIcon />
        </button>
      </td>
    </tr>
  );
});
