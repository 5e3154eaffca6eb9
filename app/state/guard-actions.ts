/** What a reader does about a line of the board: reduce a position, or put margin behind it. */
import { showDialog } from './dialogs.ts';
import { showPocket } from './dock.ts';
import { useGuards } from './guard-slice.ts';
import { tell } from './notices.ts';
import { isPaperAccount } from './paper-names.ts';
import { showScreen } from './screen.ts';
import { viewInstrument } from './source-store.ts';
import { changeTicket, openTicket, ticketFor } from './ticket-store.ts';

/** Opens what reduces a position: the ticket, filled and not sent, for paper; else the booking of a reduction. */
export function showReduction(rowId: string): void {
  const row = useGuards.getState().frame?.rows.find(({ id }) => id === rowId);
  if (row === undefined || row.instrument === null) return;
  if (!isPaperAccount(row.accountId)) {
    showDialog({ kind: 'reduce', rowId });
    return;
  }
  viewInstrument(row.instrument);
  ticketFor(row.instrument);
  changeTicket({
    side: row.side === 'long' ? 'sell' : 'buy',
    type: 'market',
    size: row.advice?.amount ?? row.size ?? '',
    reduceOnly: true,
  });
  showScreen('market');
  showPocket('trade');
  openTicket();
}

/** Reduces the position in most danger that can be reduced. */
export function reduceWorst(): void {
  const rows = useGuards.getState().frame?.rows ?? [];
  const worst = rows.find(({ kind, marginRatio }) => kind === 'position' && marginRatio !== null);
  if (worst === undefined) tell('news', 'There is no position to reduce');
  else showReduction(worst.id);
}
