/** The order ticket as typed. Filling it sends nothing: only the ticket's own button does. */
import { create } from 'zustand';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { PriceMatch } from '../../engine/venue/crypto-perp/perp-orders.ts';
import type { OrderSide, SelfTradeMode, TimeInForce } from '../../engine/venue/matching/order-terms.ts';
import type { GlobexPaperOrder, PaperOrder, PerpPaperOrder } from '../../workers/contract/paper.ts';
import { prefer, usePreferences } from './preferences.ts';

/** Every field of every order; numbers as typed. Those that do not apply keep what was typed and are not sent. */
export interface TicketFields {
  readonly side: OrderSide;
  readonly type: PaperOrder['type'];
  readonly price: string;
  readonly trigger: string;
  readonly size: string;
  readonly timeInForce: TimeInForce;
  /** Life of a GTD order from now on, in minutes. */
  readonly goodForMinutes: string;
  readonly priceMatch: PriceMatch | 'none';
  readonly reduceOnly: boolean;
  readonly closePosition: boolean;
  readonly selfTrade: SelfTradeMode;
  readonly workingPrice: PerpPaperOrder['workingPrice'];
  readonly priceProtect: boolean;
  /** In percent. */
  readonly callback: string;
  readonly minimum: string;
  readonly display: string;
  readonly selfMatch: GlobexPaperOrder['selfMatch'];
}

const FIRST_FIELDS: TicketFields = {
  side: 'buy',
  type: 'limit',
  price: '',
  trigger: '',
  size: '',
  timeInForce: 'GTC',
  goodForMinutes: '15',
  priceMatch: 'none',
  reduceOnly: false,
  closePosition: false,
  selfTrade: 'none',
  workingPrice: 'contract',
  priceProtect: false,
  callback: '1',
  minimum: '',
  display: '',
  selfMatch: 'cancel-resting',
};

interface TicketState {
  readonly fields: TicketFields;
  /** The instrument that the prices were typed for. */
  readonly instrument: InstrumentId | null;
  /** Grows whenever the ticket is asked to take the focus. */
  readonly focusAsked: number;
}

export const useTicket = create<TicketState>(() => ({
  fields: FIRST_FIELDS,
  instrument: null,
  focusAsked: 0,
}));

export function changeTicket(part: Partial<TicketFields>): void {
  useTicket.setState(({ fields }) => ({ fields: { ...fields, ...part } }));
}

/** The ticket of another instrument starts afresh: its prices and sizes mean nothing here. The side stays. */
export function ticketFor(instrument: InstrumentId): void {
  const before = useTicket.getState();
  if (before.instrument === instrument) return;
  const timeInForce = instrument.startsWith('cme-globex:') ? 'DAY' : 'GTC';
  useTicket.setState({ instrument, fields: { ...FIRST_FIELDS, timeInForce, side: before.fields.side } });
}

/** Takes a price that was picked on the ladder: the limit of an order that has one, else its trigger. */
export function fillTicket(
  instrument: InstrumentId,
  price: string,
  side: OrderSide | null,
): { readonly field: 'price' | 'trigger' } {
  ticketFor(instrument);
  const { type } = useTicket.getState().fields;
  const withTrigger =
    type === 'stop-market' || type === 'take-profit-market' || type === 'trailing-stop-market';
  const stops = withTrigger || (type === 'stop' && instrument.startsWith('cme-globex:'));
  const field = stops ? 'trigger' : 'price';
  changeTicket({
    [field]: price,
    ...(side === null ? {} : { side }),
    // A price was picked, so it is a limit that is wanted and no price of the book.
    ...(field === 'price' ? { priceMatch: 'none' } : {}),
    ...(type === 'market' || type === 'market-limit' ? { type: 'limit' } : {}),
  });
  return { field };
}

/** Opens the ticket and puts the focus into it. */
export function openTicket(): void {
  prefer({ ticketOpen: true });
  useTicket.setState(({ focusAsked }) => ({ focusAsked: focusAsked + 1 }));
}

export function toggleTicket(): void {
  prefer({ ticketOpen: !usePreferences.getState().ticketOpen });
}
