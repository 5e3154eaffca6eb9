/** Orders of the reader on the simulated venue: sending, cancelling, amending, and what was answered. */
import { create } from 'zustand';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { market } from '../../workers/client/market.ts';
import type { PaperOrder, PaperOrderId, PaperReceipt } from '../../workers/contract/paper.ts';
import { showDialog } from './dialogs.ts';
import { tell } from './notices.ts';
import { useSource } from './source-store.ts';
import { useVenue } from './venue-slice.ts';

/** How long an auction that the reader asks for collects orders. */
export const INTERRUPTION_SECONDS = 30;
/** Orders remembered after their end. */
const MOST_SENT = 60;

/** An order that was sent from this page. */
export interface SentOrder {
  readonly id: PaperOrderId;
  readonly instrument: InstrumentId;
  readonly order: PaperOrder;
  readonly sentence: string;
  readonly rejection: Extract<PaperReceipt, { kind: 'rejected' }> | null;
}

/** Newest first. */
export const usePaperOrders = create<{ readonly sent: readonly SentOrder[] }>(() => ({ sent: [] }));

/** Sends an order. A refusal comes back as the receipt; null when the question itself failed, which is told. */
export async function sendOrder(order: PaperOrder, sentence: string): Promise<PaperReceipt | null> {
  const result = await market.placePaperOrder(order);
  if (!result.ok) {
    tell('trouble', `Not sent: ${result.failure.message}`);
    return null;
  }
  const receipt = result.value;
  const sent: SentOrder = {
    id: receipt.id,
    instrument: order.instrument,
    order,
    sentence,
    rejection: receipt.kind === 'rejected' ? receipt : null,
  };
  // Numbers only grow: one that does not was given by a venue that began anew, and what it had before is gone.
  usePaperOrders.setState((state) => ({
    sent: [sent, ...state.sent.filter(({ id }) => id < sent.id)].slice(0, MOST_SENT),
  }));
  return receipt;
}

/** Tells a refusal to cancel or amend with its rule. */
function told(what: string, receipt: PaperReceipt): boolean {
  if (receipt.kind === 'accepted') return true;
  tell('trouble', `${what} was refused: ${receipt.rule} (${receipt.source})`);
  return false;
}

export async function cancelOrder(instrument: InstrumentId, id: PaperOrderId): Promise<void> {
  const result = await market.cancelPaperOrder({ instrument, id });
  if (!result.ok) tell('trouble', result.failure.message);
  else if (told(`Cancelling order ${id}`, result.value)) tell('news', `Order ${id} cancelled`);
}

/** Cancels every open paper order of the instrument in view, at once and without asking. */
export async function cancelAllOrders(): Promise<void> {
  const { instrument } = useSource.getState();
  const slice = useVenue.getState();
  const open = slice.instrument === instrument ? (slice.venue?.orders.length ?? 0) : 0;
  const result = await market.cancelAllPaperOrders({ instrument });
  if (!result.ok) tell('trouble', result.failure.message);
  else
    tell(
      'news',
      open === 0 ? 'There was no open paper order' : `All paper orders cancelled: there were ${open}`,
    );
}

/** Changes price and size of a resting order; true when the venue took the change. */
export async function amendOrder(question: {
  readonly instrument: InstrumentId;
  readonly id: PaperOrderId;
  readonly priceTicks: number;
  readonly sizeLots: number;
}): Promise<PaperReceipt | null> {
  const result = await market.amendPaperOrder(question);
  if (result.ok) return result.value;
  tell('trouble', result.failure.message);
  return null;
}

export function inspectOrder(instrument: InstrumentId, id: PaperOrderId): void {
  showDialog({ kind: 'order-story', instrument, id });
}

/** Sends the market in view to an auction for half a minute. */
export async function interruptMarket(): Promise<void> {
  const { instrument } = useSource.getState();
  const result = await market.interruptMarket({ instrument, seconds: INTERRUPTION_SECONDS });
  if (!result.ok) tell('trouble', result.failure.message);
}

/** Forgets what was sent when another source opens: its orders are gone with it. */
export function startPaperOrders(): void {
  useSource.subscribe((now, before) => {
    if (now.opened !== before.opened) usePaperOrders.setState({ sent: [] });
  });
}
