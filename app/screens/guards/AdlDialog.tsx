/** What is behind a place in the deleveraging queue: the score and its parts, who is ahead, and what would have to happen. */
import type { AdlJump, BoardAdl } from '../../../workers/contract/board-adl.ts';
import type { BoardRow } from '../../../workers/contract/guard-board.ts';
import {
  ABSENT,
  formatCount,
  formatNumber,
  formatPercent,
  formatSignedPercent,
} from '../../format/number.ts';
import { useGuards } from '../../state/guard-slice.ts';
import { AppDialog } from '../../ui/AppDialog.tsx';
import { TrustMark } from '../../ui/TrustMark.tsx';
import { ADL_ESTIMATE, AdlLights } from './AdlLights.tsx';

/** Scores are small: four digits that count. */
function scoreText(score: number): string {
  return score === 0 ? '0' : score.toPrecision(4);
}

/** The crowd is an assumption: its sums are told to a tenth of a million. */
function millions(value: number): string {
  return `${formatNumber(value / 1e6, 1)} M`;
}

function turnWords({ turn, notionalAhead }: BoardAdl, side: BoardRow['side']): string {
  const losers = side === 'long' ? 'shorts' : 'longs';
  const ahead = millions(notionalAhead);
  const before = `Its turn comes when forced closes of ${losers} worth more than ${ahead} USDT are taken neither by the book nor by the insurance fund.`;
  if (turn === null) {
    return `${before} All the modelled ${losers} that any mark can liquidate are worth less: the queue ends before this position.`;
  }
  const way = side === 'long' ? 'rise' : 'fall';
  return `${before} So much falls after a ${way} of ${formatPercent(Math.abs(turn.move), 2)}, at ${formatNumber(turn.price, 1)}, with the queue as it stands now.`;
}

function Jumps({ jumps }: { readonly jumps: readonly AdlJump[] }): React.ReactElement {
  return (
    <table className="plain-table">
      <caption>
        If the mark jumped, what falls on the way met neither book nor fund, and closed positions got the mark
        of now
      </caption>
      <thead>
        <tr>
          <th scope="col">Jump</th>
          <th scope="col" className="number">
            Mark
          </th>
          <th scope="col" className="number">
            Falls
          </th>
          <th scope="col" className="number">
            Closed of it
          </th>
          <th scope="col" className="number">
            Gain missed
          </th>
        </tr>
      </thead>
      <tbody>
        {jumps.map(({ move, price, need, closedShare, missed }) => (
          <tr key={move}>
            <th scope="row">{formatSignedPercent(move, 0)}</th>
            <td className="number">{formatNumber(price, 1)}</td>
            <td className="number">{millions(need)}</td>
            <td className="number">{formatPercent(closedShare, 0)}</td>
            <td className="number">{closedShare === 0 ? ABSENT : formatNumber(missed, 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Behind({ row, adl }: { readonly row: BoardRow; readonly adl: BoardAdl }): React.ReactElement {
  const { rank, of, winners, level, score, profitOnWallet, marginUse, profitRate, effectiveLeverage } = adl;
  return (
    <div className="dialog-form adl-detail" data-testid="adl-detail">
      <p className="adl-place">
        <AdlLights level={level} />
        <strong>
          {formatCount(rank)} of {formatCount(of)}
        </strong>
        <span>{level + 1} of 5 lights</span>
        <TrustMark trust={adl.trust} />
      </p>
      <p className="muted">
        Place in the queue of {row.side}s, {ADL_ESTIMATE}. {formatCount(winners)} of them are in profit.
        {score === 0 ? ' This one is not: it stands behind everybody who is.' : ''}
      </p>
      <dl className="board-facts">
        <dt>Score: profit ÷ wallet × maintenance ÷ margin balance</dt>
        <dd>
          {scoreText(score)} = {formatPercent(profitOnWallet, 2)} × {formatPercent(marginUse, 2)}
        </dd>
        <dt>Profit on the entry value</dt>
        <dd>{formatSignedPercent(profitRate, 2)}</dd>
        <dt>Effective leverage: notional ÷ margin balance</dt>
        <dd>{effectiveLeverage === null ? ABSENT : `${formatNumber(effectiveLeverage, 1)}×`}</dd>
        <dt>Ahead in the queue</dt>
        <dd>
          {millions(adl.notionalAhead)} USDT, {formatPercent(adl.shareAhead, 1)} of its lots
        </dd>
      </dl>
      <p>{turnWords(adl, row.side)}</p>
      <Jumps jumps={adl.jumps} />
      <p className="muted">
        A venue tells a place to the holder of the position alone, and as a level from 0 to 4. Here the others
        are the crowd of the liquidation columns: leverage, entries and wallets are assumed, and your other
        positions are not among them. Lights: one more than the level; levels are fifths of place ÷ total.
        Rule: {adl.rule}.
      </p>
    </div>
  );
}

export function AdlDialog({ rowId }: { readonly rowId: string }): React.ReactElement {
  const row = useGuards((state) => state.frame?.rows.find(({ id }) => id === rowId) ?? null);
  const title = row === null ? 'Deleveraging queue' : `Deleveraging queue: ${row.title}`;
  return (
    <AppDialog title={title} width="wide">
      {row === null || row.adl === null ? (
        <p className="dialog-form muted">This position is gone, or has no mark to be ranked at.</p>
      ) : (
        <Behind row={row} adl={row.adl} />
      )}
    </AppDialog>
  );
}
