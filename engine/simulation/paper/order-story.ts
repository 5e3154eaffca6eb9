/** The words of an order's story: one sentence for each event, and the verdict. */
import { formatMultiple } from '../../core/units.ts';
import type { ContractSpec } from '../../reference/instruments/contract-spec.ts';
import type { Cancellation } from '../../venue/matching/order-terms.ts';
import type { PaperEntry } from './paper-entry.ts';
import type { OrderStory, PaperOrder } from './paper-orders.ts';
import type { StoryNote } from './story-log.ts';

/** Why an order ended, as the end of a sentence. */
const ENDED: Readonly<Record<Cancellation, string>> = {
  requested: 'withdrawn by you',
  'nothing-to-take': 'nothing more could be taken within its limit, and it may not rest',
  'not-filled-whole': 'it could not be filled whole at once (fill or kill)',
  'minimum-not-filled': 'its minimum quantity could not be filled at once',
  'self-trade': 'it met an order of your own (self-trade prevention)',
  'reduce-only': 'there was no position left to reduce',
  expired: 'its date came',
  'day-ended': 'the trading day ended (DAY order)',
  'velocity-logic': 'it would have moved the price too far too fast (Velocity Logic)',
  'price-protect': 'mark and contract price were too far apart when it was triggered (price protection)',
  'no-position': 'there was no position to close when it was triggered',
};

/** Why an order ended, in words. */
export function endedWords(reason: Cancellation): string {
  return ENDED[reason];
}

/** The turn that a trailing stop waits for, as the end of a sentence; empty for other orders. */
export function turnWords(order: PaperOrder): string {
  if (order.venue !== 'crypto-perp' || order.type !== 'trailing-stop-market') return '';
  const from = order.side === 'sell' ? 'falls' : 'rises';
  const extreme = order.side === 'sell' ? 'highest' : 'lowest';
  return `${from} by ${order.callbackPermille / 10} % from its ${extreme} since then`;
}

/** The story of an order as it stands. */
export function orderStory(entry: PaperEntry, spec: ContractSpec): OrderStory {
  const size = (lots: number): string => formatMultiple(lots, spec.lotSize);
  const price = (ticks: number | null): string =>
    ticks === null ? 'the market' : formatMultiple(ticks, spec.tickSize);
  const events = entry.log.notes().map((note) => {
    const { detail, ...event } = note;
    return { ...event, text: noteWords(note, size, price) };
  });
  return { order: entry.order, id: entry.id, events, verdict: verdict(entry, size, price) };
}

type Say<T> = (value: T) => string;

function noteWords(note: StoryNote, size: Say<number>, price: Say<number | null>): string {
  const { kind, lots, priceTicks, aheadLots, detail } = note;
  const ahead =
    aheadLots === null ? '' : aheadLots === 0 ? ', it is first in line' : `, ${size(aheadLots)} ahead`;
  switch (kind) {
    case 'sent':
      return `Sent: ${detail}.`;
    case 'accepted':
      return `Taken by the venue for ${size(lots)}.`;
    case 'rejected':
      return `Refused: ${detail}`;
    case 'armed':
      return detail === '' ? `Waits for ${price(priceTicks)}.` : `Waits until the price ${detail}.`;
    case 'triggered':
      return `Triggered at ${price(priceTicks)}; it enters now.`;
    case 'rested':
      return `${size(lots)} rest at ${price(priceTicks)}${ahead}.`;
    case 'ahead-traded':
      return `${size(lots)} before it traded${ahead}.`;
    case 'ahead-cancelled':
      return `${size(lots)} before it were cancelled or changed${ahead}.`;
    case 'filled':
      return `${size(lots)} filled at ${price(priceTicks)} ${detail}.`;
    case 'amended':
      return `Changed to ${size(lots)} at ${price(priceTicks)}: ${detail}.`;
    case 'cancelled':
      return lots === 0 ? `Ended: ${detail}.` : `${size(lots)} ended: ${detail}.`;
  }
}

/** In one sentence: why it filled, waits, or ended. */
function verdict(entry: PaperEntry, size: Say<number>, price: Say<number | null>): string {
  const { state, sizeLots, filledLots, queue, priceTicks, end, traded, cancelled, makerLots, auctionLots } =
    entry;
  const part = `${size(filledLots)} of ${size(sizeLots)}`;
  const wayThere = `${size(traded)} before it traded and ${size(cancelled)} were cancelled`;
  if (state === 'rejected') return `Refused: ${end}`;
  if (state === 'waiting') {
    const turn = turnWords(entry.order);
    const trigger = price(entry.order.triggerTicks);
    return turn === ''
      ? `Waits: its trigger at ${trigger} was not met yet.`
      : `Waits until the price ${turn}.`;
  }
  if (state === 'resting') {
    const lots = queue?.lots ?? 0;
    const place = lots === 0 ? 'first in line' : `behind ${size(lots)}`;
    const filled = filledLots === 0 ? 'Not filled' : `Filled ${part}`;
    return `${filled}: it rests at ${price(priceTicks)} ${place}; since it joined, ${wayThere}.`;
  }
  if (state === 'filled') {
    if (auctionLots === filledLots) return 'Filled in the auction, at the price at which the market opened.';
    const how =
      makerLots + auctionLots === 0
        ? 'at once, by taking what was there'
        : makerLots + auctionLots === filledLots
          ? auctionLots === 0
            ? 'while resting'
            : 'partly in an auction, the rest while resting'
          : 'partly at once, the rest while resting';
    return makerLots + auctionLots === 0
      ? `Filled ${how}.`
      : `Filled ${how}: ${wayThere} until its turn came.`;
  }
  if (state === 'ended') return `${filledLots === 0 ? 'Not filled' : `Filled ${part}`}: ${end}.`;
  return 'On its way into the book.';
}
