/** Orders in words: every qualifier that is in force, in one sentence that can be read before sending. */
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { PriceMatch } from '../../../../engine/venue/crypto-perp/perp-orders.ts';
import type { SelfTradeMode, TimeInForce } from '../../../../engine/venue/matching/order-terms.ts';
import type {
  EndedOrder,
  GlobexPaperOrder,
  OrderStoryEvent,
  OwnOrder,
  PaperOrder,
  PerpPaperOrder,
} from '../../../../workers/contract/paper.ts';
import { sizeUnit } from '../../../charts/size-unit.ts';
import { tickText } from '../../../charts/tick-text.ts';
import { formatClock } from '../../../format/time.ts';

export type OrderType = PaperOrder['type'];

/** Names of order types on a perpetual venue. */
export const PERP_TYPES: readonly { readonly value: PerpPaperOrder['type']; readonly label: string }[] = [
  { value: 'limit', label: 'Limit' },
  { value: 'market', label: 'Market' },
  { value: 'stop', label: 'Stop limit' },
  { value: 'stop-market', label: 'Stop market' },
  { value: 'take-profit', label: 'Take profit limit' },
  { value: 'take-profit-market', label: 'Take profit market' },
  { value: 'trailing-stop-market', label: 'Trailing stop' },
];

/** Names of order types on Globex. */
export const GLOBEX_TYPES: readonly { readonly value: GlobexPaperOrder['type']; readonly label: string }[] = [
  { value: 'limit', label: 'Limit' },
  { value: 'market', label: 'Market with protection' },
  { value: 'market-limit', label: 'Market limit' },
  { value: 'stop', label: 'Stop with protection' },
  { value: 'stop-limit', label: 'Stop limit' },
];

/** What each time in force is called on a form; the sentence says what it means. On Globex IOC is FAK, fill and kill. */
export const TIME_LABELS: Readonly<Record<TimeInForce, string>> = {
  GTC: 'GTC',
  IOC: 'IOC',
  FOK: 'FOK',
  GTX: 'Post-only',
  GTD: 'GTD',
  DAY: 'DAY',
};

const MATCH_WORDS: Readonly<Record<PriceMatch, string>> = {
  opponent: 'the best price of the other side',
  'opponent-5': 'the 5th best price of the other side',
  'opponent-10': 'the 10th best price of the other side',
  'opponent-20': 'the 20th best price of the other side',
  queue: 'the best price of its own side',
  'queue-5': 'the 5th best price of its own side',
  'queue-10': 'the 10th best price of its own side',
  'queue-20': 'the 20th best price of its own side',
};

export const PRICE_MATCHES: readonly { readonly value: PriceMatch | 'none'; readonly label: string }[] = [
  { value: 'none', label: 'Price as typed' },
  { value: 'opponent', label: 'Best of the other side' },
  { value: 'opponent-5', label: '5th of the other side' },
  { value: 'opponent-10', label: '10th of the other side' },
  { value: 'opponent-20', label: '20th of the other side' },
  { value: 'queue', label: 'Best of its own side' },
  { value: 'queue-5', label: '5th of its own side' },
  { value: 'queue-10', label: '10th of its own side' },
  { value: 'queue-20', label: '20th of its own side' },
];

const SELF_TRADE_WORDS: Readonly<Record<SelfTradeMode, string>> = {
  none: '',
  'expire-taker': 'ends itself rather than meet an own order',
  'expire-maker': 'ends an own order that it meets',
  'expire-both': 'ends with an own order that it meets',
};

export const SELF_TRADE_MODES: readonly { readonly value: SelfTradeMode; readonly label: string }[] = [
  { value: 'none', label: 'None' },
  { value: 'expire-taker', label: 'Expire taker' },
  { value: 'expire-maker', label: 'Expire maker' },
  { value: 'expire-both', label: 'Expire both' },
];

const END_WORDS: Readonly<Record<TimeInForce, string>> = {
  GTC: 'until cancelled',
  IOC: 'at once or cancelled',
  FOK: 'all at once or not at all',
  GTX: 'post-only',
  GTD: 'until its date',
  DAY: 'for the session',
};

const WAITING_TYPES: readonly OrderType[] = [
  'stop',
  'stop-market',
  'stop-limit',
  'take-profit',
  'take-profit-market',
  'trailing-stop-market',
];

/** True for orders that wait for a price before they enter. */
export function isConditional(type: OrderType): boolean {
  return WAITING_TYPES.includes(type);
}

/** A type's name on its venue, e.g. `stop with protection`. */
export function typeWords(venue: PaperOrder['venue'], type: OrderType): string {
  const list: readonly { readonly value: OrderType; readonly label: string }[] =
    venue === 'globex' ? GLOBEX_TYPES : PERP_TYPES;
  return (list.find(({ value }) => value === type)?.label ?? type).toLowerCase();
}

export function priceWords(ticks: number | null, spec: ContractSpec): string {
  return ticks === null ? '?' : tickText(ticks, spec.tickSize);
}

/** A size with its unit: `0.500 BTC`, `2 ESZ6`. */
export function sizeWords(lots: number, spec: ContractSpec): string {
  const unit = spec.kind === 'dated-future' ? spec.symbol : sizeUnit(spec);
  return `${tickText(lots, spec.lotSize)} ${unit}`;
}

/** The limit of an order in words; its other half when it takes at any price. */
function priceOf(order: PaperOrder, spec: ContractSpec): string {
  const { type } = order;
  if (type === 'market-limit') return 'at the best price, what is left limit there';
  if (type === 'market' || type.endsWith('-market')) {
    return order.venue === 'globex' ? 'at market with protection' : 'at market';
  }
  if (order.venue === 'globex' && type === 'stop') return 'at market with protection';
  const match = order.venue === 'crypto-perp' ? order.priceMatch : null;
  return match === null ? `limit ${priceWords(order.priceTicks, spec)}` : `limit at ${MATCH_WORDS[match]}`;
}

/** What a conditional order waits for; empty for others. */
function waitOf(order: PaperOrder, spec: ContractSpec): string {
  if (!isConditional(order.type)) return '';
  const watched = order.venue === 'crypto-perp' && order.workingPrice === 'mark' ? 'mark' : 'last';
  const trigger = priceWords(order.triggerTicks, spec);
  if (order.venue === 'crypto-perp' && order.type === 'trailing-stop-market') {
    const turn = order.callbackPermille === 0 ? '?' : order.callbackPermille / 10;
    const way = order.side === 'sell' ? 'falls' : 'rises';
    const from = order.side === 'sell' ? 'highest' : 'lowest';
    const after = order.triggerTicks === null ? '' : ` seen after it reached ${trigger}`;
    return ` once the ${watched} price ${way} ${turn} % from its ${from}${after}`;
  }
  const takesProfit = order.type.startsWith('take-profit');
  const way = (order.side === 'buy') === takesProfit ? 'falls' : 'rises';
  return ` once the ${watched} price ${way} to ${trigger}`;
}

function endOf(order: PaperOrder): readonly string[] {
  const { type, timeInForce, goodTillMicros } = order;
  // What takes at any price is done at once on a perpetual venue; nothing is left to live.
  if (order.venue === 'crypto-perp' && (type === 'market' || type.endsWith('-market'))) return [];
  if (timeInForce === 'GTD') {
    return [goodTillMicros === null ? 'until ?' : `until ${formatClock(goodTillMicros, 'utc')} UTC`];
  }
  return [END_WORDS[timeInForce]];
}

function qualifiersOf(order: PaperOrder, spec: ContractSpec): readonly string[] {
  if (order.venue === 'crypto-perp') {
    return [
      order.reduceOnly ? 'reduce-only' : '',
      order.priceProtect ? 'price-protected' : '',
      SELF_TRADE_WORDS[order.selfTrade],
    ];
  }
  return [
    order.minimumLots === 0 ? '' : `at least ${tickText(order.minimumLots, spec.lotSize)} of it at once`,
    order.displayLots === 0 ? '' : `showing ${tickText(order.displayLots, spec.lotSize)} at a time`,
    order.selfMatch === 'cancel-aggressing' ? 'cancelled rather than meet an own order' : '',
  ];
}

/** `Buy 0.500 BTC limit 63,120.5, post-only`. What is missing reads as `?`. */
export function orderSentence(order: PaperOrder, spec: ContractSpec): string {
  const verb = order.side === 'buy' ? 'Buy' : 'Sell';
  const closes = order.venue === 'crypto-perp' && order.closePosition;
  const size =
    order.sizeLots === 0 ? `? ${sizeWords(0, spec).replace(/^\S+ /, '')}` : sizeWords(order.sizeLots, spec);
  const start = closes ? `${verb} to close the whole position` : `${verb} ${size}`;
  const tail = [...endOf(order), ...qualifiersOf(order, spec)].filter((words) => words !== '');
  return [`${start} ${priceOf(order, spec)}${waitOf(order, spec)}`, ...tail].join(', ');
}

/** What an open order is about: its size, or the whole position, whose size is known only once it is triggered. */
export function ownSizeWords({ sizeLots }: OwnOrder, spec: ContractSpec): string {
  return sizeLots === 0 ? 'the whole position' : sizeWords(sizeLots, spec);
}

/** How much of an open order is filled; empty where its size is not known yet. */
export function filledWords({ filledLots, sizeLots }: OwnOrder, spec: ContractSpec): string {
  if (sizeLots === 0) return '';
  return `filled ${tickText(filledLots, spec.lotSize)} of ${tickText(sizeLots, spec.lotSize)}`;
}

/** Where an open order stands in its queue: `12.3 ahead, 4 behind`, or what it waits for. */
export function queueWords(own: OwnOrder, spec: ContractSpec): string {
  if (own.state === 'waiting') return 'waits for its trigger';
  if (own.aheadLots === null) return 'rests';
  const lots = (count: number | null): string => tickText(count ?? 0, spec.lotSize);
  const ahead = own.aheadLots === 0 ? 'first in the queue' : `${lots(own.aheadLots)} ahead`;
  return `${ahead}, ${own.behindLots === 0 ? 'none' : lots(own.behindLots)} behind`;
}

/** How an order ended; that it was sent, until the venue has shown what became of it. */
export function endWords(
  rejection: { readonly rule: string } | null,
  end: EndedOrder | undefined,
  spec: ContractSpec,
): string {
  if (rejection !== null) return `rejected: ${rejection.rule}`;
  if (end === undefined) return 'sent';
  if (end.outcome === 'filled') return 'filled';
  if (end.outcome === 'rejected') return `rejected: ${end.why}`;
  return `${end.filledLots === 0 ? 'ended' : `ended, filled ${tickText(end.filledLots, spec.lotSize)}`}: ${end.why}`;
}

/** A story's kinds of event as a reader says them. */
export const EVENT_WORDS: Readonly<Record<OrderStoryEvent['kind'], string>> = {
  sent: 'sent',
  accepted: 'accepted',
  rejected: 'rejected',
  armed: 'armed',
  triggered: 'triggered',
  rested: 'rested',
  'ahead-traded': 'ahead traded',
  'ahead-cancelled': 'ahead cancelled',
  filled: 'filled',
  amended: 'amended',
  cancelled: 'ended',
};
