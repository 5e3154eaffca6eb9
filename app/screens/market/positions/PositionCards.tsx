/** Positions on a phone: one headroom card each, under the card of their account. */
import { formatDecimalText, formatNumber, formatRatio } from '../../../format/number.ts';
import { instrumentOf } from '../../../state/portfolio-edits.ts';
import { useSource } from '../../../state/source-store.ts';
import { HeadroomBar } from '../../../ui/HeadroomBar.tsx';
import { MoreIcon } from '../../../ui/icons.tsx';
import { StatusMark } from '../../../ui/StatusMark.tsx';
import { AccountName, AccountSums, FuturesTag } from './AccountRow.tsx';
import {
  bankruptcyPrice,
  distance,
  Figure,
  liquidationPrice,
  money,
  priceDecimals,
  signedMoney,
} from './figures.tsx';
import { listenToRows } from './on-row-press.ts';
import type { TableRow } from './position-rows.ts';
import { useStaleNote } from './use-stale-note.ts';

type PositionCardRow = Extract<TableRow, { kind: 'position' }>;

function More({ label }: { readonly label: string }): React.ReactElement {
  return (
    <button
      type="button"
      className="icon-button"
      data-more=""
      aria-haspopup="menu"
      aria-label={`More for ${label}`}
    >
      <MoreIcon />
    </button>
  );
}

function AccountCard({ row }: { readonly row: Extract<TableRow, { kind: 'account' }> }): React.ReactElement {
  const { account, margin } = row;
  const stale = useStaleNote(margin?.trust ?? null, null);
  return (
    <li className={`card-account ${stale === null ? '' : 'is-stale'}`} data-account={account.id}>
      <div className="card-line">
        <AccountName account={account} />
        <span className="panel-gap" />
        <More label={account.name} />
      </div>
      <AccountSums account={account} margin={margin} />
      {margin?.futures == null ? null : <FuturesTag futures={margin.futures} />}
    </li>
  );
}

function CardFigures({ row }: { readonly row: PositionCardRow }): React.ReactElement | null {
  const { position, margin } = row;
  const instrument = instrumentOf(position);
  const spec = useSource((state) => state.opened?.instruments.find(({ id }) => id === instrument));
  const figures = margin?.figures ?? null;
  if (margin === null) return <p className="muted">waiting for the first mark…</p>;
  if (figures === null) return <p className="row-failure">{margin.failure?.message}</p>;
  const decimals = priceDecimals(spec, position.entryPrice);
  const { unrealisedPnl, marginRatio, status } = figures;
  return (
    <>
      <div className="card-line">
        <Figure figure="marginRatio" label="margin ratio" className="figure-headroom">
          <HeadroomBar ratio={marginRatio} status={status} />
          <strong>{formatRatio(marginRatio)}</strong>
        </Figure>
        <span className="panel-gap" />
        <StatusMark status={status} />
      </div>
      <dl className="card-figures">
        <div>
          <dt>Mark</dt>
          <dd>{formatNumber(figures.markPrice, decimals)}</dd>
        </div>
        <div>
          <dt>Liq. price</dt>
          <dd>
            <Figure figure="liquidationPrice" label="">
              {liquidationPrice(figures, decimals)}
            </Figure>
          </dd>
        </div>
        <div>
          <dt>Distance</dt>
          <dd>
            <Figure figure="distance" label="">
              {distance({ figures, side: margin.side })}
            </Figure>
          </dd>
        </div>
        <div>
          <dt>PnL</dt>
          <dd>
            <Figure
              figure="unrealisedPnl"
              label=""
              className={unrealisedPnl < 0 ? 'loss' : unrealisedPnl > 0 ? 'gain' : ''}
            >
              {signedMoney(unrealisedPnl)}
            </Figure>
          </dd>
        </div>
        <div>
          <dt>Maint. margin</dt>
          <dd>
            <Figure figure="maintenanceMargin" label="">
              {money(figures.maintenanceMargin)}
            </Figure>
          </dd>
        </div>
        <div>
          <dt>Entry</dt>
          <dd>{formatDecimalText(position.entryPrice)}</dd>
        </div>
        {figures.bankruptcyPrice === null ? null : (
          <div>
            <dt>Bankr. price</dt>
            <dd>
              <Figure figure="bankruptcyPrice" label="">
                {bankruptcyPrice(figures, decimals)}
              </Figure>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

function PositionCard({ row }: { readonly row: PositionCardRow }): React.ReactElement {
  const { position, margin } = row;
  const note = useStaleNote(margin?.trust ?? null, instrumentOf(position));
  return (
    <li
      className={`card ${note === null ? '' : 'is-stale'}`}
      data-position={position.id}
      data-testid={`position-row-${position.id}`}
    >
      <div className="card-line">
        <strong>{position.symbol}</strong>
        <span className={position.side === 'long' ? 'gain' : 'loss'}>{position.side}</span>
        <span className="muted">
          {formatDecimalText(position.size)} {position.marginMode} {position.leverage}×
        </span>
        {note === null ? null : <span className="tag tag-stale">{note}</span>}
        <span className="panel-gap" />
        <More label={`${position.symbol} ${position.side}`} />
      </div>
      <CardFigures row={row} />
    </li>
  );
}

export function PositionCards({ rows }: { readonly rows: readonly TableRow[] }): React.ReactElement {
  return (
    <ul className="cards" data-testid="positions-table" ref={listenToRows}>
      {rows.map((row) =>
        row.kind === 'account' ? (
          <AccountCard key={row.account.id} row={row} />
        ) : (
          <PositionCard key={row.position.id} row={row} />
        ),
      )}
    </ul>
  );
}
