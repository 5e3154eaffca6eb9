/** What was typed into the order ticket, checked: which fields an order of this type has, and what is wrong with them. */
import { parseMultiple } from '../../../../engine/core/units.ts';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { TimeInForce } from '../../../../engine/venue/matching/order-terms.ts';
import type { GlobexPaperOrder, PaperOrder, PerpPaperOrder } from '../../../../workers/contract/paper.ts';
import { priceToTicks, tickText } from '../../../charts/tick-text.ts';
import type { TicketFields } from '../../../state/ticket-store.ts';
import { GLOBEX_TYPES, isConditional, PERP_TYPES } from './order-words.ts';

/** Fields that only some orders have; the rest are on every ticket. */
export type OptionalField =
  | 'price'
  | 'trigger'
  | 'timeInForce'
  | 'goodForMinutes'
  | 'priceMatch'
  | 'reduceOnly'
  | 'closePosition'
  | 'selfTrade'
  | 'workingPrice'
  | 'priceProtect'
  | 'callback'
  | 'minimum'
  | 'display'
  | 'selfMatch';

export type TicketErrors = Partial<Record<keyof TicketFields, string>>;

/** The ticket as an order. Where something is wrong its size is 0 or its price null, and `errors` says what. */
export interface ReadTicket {
  readonly order: PaperOrder;
  readonly errors: TicketErrors;
}

/** GTD orders of the perpetual venue live at least this long. Source: Binance New Order, goodTillDate: now plus 600 s. */
const LEAST_MINUTES = 10;
const MOST_MINUTES = 24 * 60;
const MINUTE_MICROS = 60_000_000;

export function venueFor(spec: ContractSpec): PaperOrder['venue'] {
  return spec.venue === 'cme-globex' ? 'globex' : 'crypto-perp';
}

/** The type that stays when another venue's ticket opens. */
export function typesFor(venue: PaperOrder['venue']): typeof PERP_TYPES | typeof GLOBEX_TYPES {
  return venue === 'globex' ? GLOBEX_TYPES : PERP_TYPES;
}

/** How long an order of this type may live, the usual one first. */
export function timesFor(venue: PaperOrder['venue'], type: PaperOrder['type']): readonly TimeInForce[] {
  if (venue === 'globex') {
    return isConditional(type) ? ['DAY', 'GTC', 'GTD'] : ['DAY', 'GTC', 'GTD', 'IOC', 'FOK'];
  }
  if (type === 'limit') return ['GTC', 'GTX', 'IOC', 'FOK', 'GTD'];
  return type === 'stop' || type === 'take-profit' ? ['GTC', 'GTX', 'IOC', 'FOK'] : ['GTC'];
}

/** The time in force that is sent: the chosen one where the type allows it, else the usual one. */
export function timeInForce(venue: PaperOrder['venue'], fields: TicketFields): TimeInForce {
  const times = timesFor(venue, fields.type);
  return times.includes(fields.timeInForce) ? fields.timeInForce : (times[0] ?? 'GTC');
}

function perpFields(fields: TicketFields): readonly OptionalField[] {
  const { type } = fields;
  const takes = type === 'market' || type.endsWith('-market');
  const conditional = isConditional(type);
  const trails = type === 'trailing-stop-market';
  const closes = type === 'stop-market' || type === 'take-profit-market';
  const ends = timeInForce('crypto-perp', fields) === 'GTD';
  return [
    ...(takes ? [] : (['priceMatch', 'timeInForce'] as const)),
    ...(takes || fields.priceMatch !== 'none' ? [] : (['price'] as const)),
    ...(ends ? (['goodForMinutes'] as const) : []),
    ...(conditional ? (['trigger', 'workingPrice'] as const) : []),
    ...(conditional && !trails ? (['priceProtect'] as const) : []),
    ...(trails ? (['callback'] as const) : []),
    ...(closes ? (['closePosition'] as const) : []),
    ...(closes && fields.closePosition ? [] : (['reduceOnly'] as const)),
    'selfTrade',
  ];
}

function globexFields(fields: TicketFields): readonly OptionalField[] {
  const { type } = fields;
  const conditional = isConditional(type);
  const time = timeInForce('globex', fields);
  const rests = time !== 'IOC' && time !== 'FOK';
  return [
    'timeInForce',
    ...(time === 'GTD' ? (['goodForMinutes'] as const) : []),
    ...(type === 'limit' || type === 'stop-limit' ? (['price'] as const) : []),
    ...(conditional ? (['trigger'] as const) : []),
    ...(conditional || time === 'FOK' ? [] : (['minimum'] as const)),
    ...(rests && (type === 'limit' || type === 'stop-limit') ? (['display'] as const) : []),
    'selfMatch',
  ];
}

/** The fields that this order has beside side, type and size. */
export function fieldsFor(venue: PaperOrder['venue'], fields: TicketFields): ReadonlySet<OptionalField> {
  return new Set(venue === 'globex' ? globexFields(fields) : perpFields(fields));
}

/** Digits as people and our own ladder write them: commas and spaces between groups say nothing. */
function plain(text: string): string {
  return text.replaceAll('\u2212', '-').replace(/[,\s\u202f]/g, '');
}

type ReadNumber =
  | { readonly value: number; readonly error: null }
  | { readonly value: null; readonly error: string };

function readPrice(text: string, what: string, spec: ContractSpec): ReadNumber {
  const typed = plain(text);
  if (typed === '') return { value: null, error: `expected ${what}, found nothing` };
  const ticks = parseMultiple(typed, spec.tickSize);
  if (ticks.ok) {
    return ticks.value > 0
      ? { value: ticks.value, error: null }
      : { value: null, error: `expected ${what} above zero, found ${text.trim()}` };
  }
  if (ticks.failure.code !== 'core/number-not-a-multiple')
    return { value: null, error: ticks.failure.message };
  const nearest = tickText(priceToTicks(Number(typed), spec.tickSize), spec.tickSize);
  return { value: null, error: `off tick: prices move by ${spec.tickSize.text}; the nearest is ${nearest}` };
}

function readSize(text: string, what: string, spec: ContractSpec): ReadNumber {
  const typed = plain(text);
  if (typed === '') return { value: null, error: `expected ${what}, found nothing` };
  const lots = parseMultiple(typed, spec.lotSize);
  if (lots.ok) {
    return lots.value > 0
      ? { value: lots.value, error: null }
      : { value: null, error: `expected ${what} above zero, found ${text.trim()}` };
  }
  if (lots.failure.code !== 'core/number-not-a-multiple') return { value: null, error: lots.failure.message };
  return { value: null, error: `off lot: sizes are multiples of ${spec.lotSize.text}, found ${text.trim()}` };
}

/** Reads an amount of the form and notes what is wrong with it. */
type Take = (field: keyof TicketFields, read: ReadNumber) => number | null;

/** What both venues' orders say. */
function commonTerms(fields: TicketFields, spec: ContractSpec, nowMicros: number, take: Take) {
  const venue = venueFor(spec);
  const has = fieldsFor(venue, fields);
  const closes = has.has('closePosition') && fields.closePosition;
  // A trailing stop may begin at once: its activation price can be left out.
  const mayWait = has.has('trigger') && !(has.has('callback') && plain(fields.trigger) === '');
  const triggerName = has.has('callback') ? 'an activation price' : 'a trigger price';
  return {
    instrument: spec.id,
    side: fields.side,
    sizeLots: closes ? 0 : (take('size', readSize(fields.size, 'a size', spec)) ?? 0),
    priceTicks: has.has('price') ? take('price', readPrice(fields.price, 'a price', spec)) : null,
    triggerTicks: mayWait ? take('trigger', readPrice(fields.trigger, triggerName, spec)) : null,
    timeInForce: timeInForce(venue, fields),
    goodTillMicros: has.has('goodForMinutes')
      ? untilMicros(take('goodForMinutes', readMinutes(fields.goodForMinutes, venue)), nowMicros)
      : null,
  };
}

function untilMicros(minutes: number | null, nowMicros: number): number | null {
  return minutes === null ? null : nowMicros + minutes * MINUTE_MICROS;
}

function readMinutes(text: string, venue: PaperOrder['venue']): ReadNumber {
  const least = venue === 'crypto-perp' ? LEAST_MINUTES + 1 : 1;
  const minutes = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return minutes >= least && minutes <= MOST_MINUTES
    ? { value: minutes, error: null }
    : { value: null, error: `expected whole minutes from ${least} to ${MOST_MINUTES}, found "${text}"` };
}

/** A callback in percent, as thousandths. Source: Binance New Algo Order, callbackRate 0.1 to 10. */
function readCallback(text: string): ReadNumber {
  const typed = plain(text).replace('%', '');
  const permille = /^\d{1,2}(\.\d)?$/.test(typed) ? Math.round(Number(typed) * 10) : Number.NaN;
  return permille >= 1 && permille <= 100
    ? { value: permille, error: null }
    : { value: null, error: `expected 0.1 to 10 percent in steps of 0.1, found "${text}"` };
}

/** A part of the size that may be left out; 0 where it is. */
function partLots(
  field: 'minimum' | 'display',
  fields: TicketFields,
  spec: ContractSpec,
  take: Take,
): number {
  if (!fieldsFor('globex', fields).has(field) || plain(fields[field]) === '') return 0;
  const part = readSize(fields[field], 'a size', spec);
  const whole = readSize(fields.size, 'a size', spec);
  const tooLarge = part.value !== null && whole.value !== null && part.value > whole.value;
  const error = `expected at most the whole size, found ${fields[field].trim()}`;
  return take(field, tooLarge ? { value: null, error } : part) ?? 0;
}

/** Reads the ticket for a contract at the run's time. */
export function readTicket(fields: TicketFields, spec: ContractSpec, nowMicros: number): ReadTicket {
  const errors: TicketErrors = {};
  const take: Take = (field, { value, error }) => {
    if (error !== null) errors[field] = error;
    return value;
  };
  const terms = commonTerms(fields, spec, nowMicros, take);
  if (venueFor(spec) === 'globex') {
    const order: GlobexPaperOrder = {
      ...terms,
      venue: 'globex',
      type: fields.type as GlobexPaperOrder['type'],
      minimumLots: partLots('minimum', fields, spec, take),
      displayLots: partLots('display', fields, spec, take),
      selfMatch: fields.selfMatch,
    };
    return { order, errors };
  }
  const has = fieldsFor('crypto-perp', fields);
  const order: PerpPaperOrder = {
    ...terms,
    venue: 'crypto-perp',
    type: fields.type as PerpPaperOrder['type'],
    reduceOnly: has.has('reduceOnly') && fields.reduceOnly,
    closePosition: has.has('closePosition') && fields.closePosition,
    priceMatch: has.has('priceMatch') && fields.priceMatch !== 'none' ? fields.priceMatch : null,
    selfTrade: fields.selfTrade,
    workingPrice: fields.workingPrice,
    priceProtect: has.has('priceProtect') && fields.priceProtect,
    callbackPermille: has.has('callback') ? (take('callback', readCallback(fields.callback)) ?? 0) : 0,
  };
  return { order, errors };
}

/** Reads the new price and size of a resting order; null where one is wrong, and `errors` says how. */
export function readAmendment(
  typed: Pick<TicketFields, 'price' | 'size'>,
  spec: ContractSpec,
): {
  readonly priceTicks: number | null;
  readonly sizeLots: number | null;
  readonly errors: Pick<TicketErrors, 'price' | 'size'>;
} {
  const price = readPrice(typed.price, 'a price', spec);
  const size = readSize(typed.size, 'a size', spec);
  return {
    priceTicks: price.value,
    sizeLots: size.value,
    errors: {
      ...(price.error === null ? {} : { price: price.error }),
      ...(size.error === null ? {} : { size: size.error }),
    },
  };
}
