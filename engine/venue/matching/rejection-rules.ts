/** The rule behind every refusal and where it is written, for people. */
import type { Rejection } from './order-terms.ts';

/** A rule in one sentence and its source. */
export interface RejectionRule {
  readonly rule: string;
  readonly source: string;
}

const OWN_LIMIT = 'a limit of this venue model';
const BINANCE_ORDER = 'Binance USDT-M Futures, New Order (POST /fapi/v1/order)';
const BINANCE_ALGO = 'Binance USDT-M Futures, New Algo Order (POST /fapi/v1/algoOrder)';
const GLOBEX_TYPES = 'CME Globex, Order Types';

/** Rule and source by code. */
export const REJECTION_RULES: Readonly<Record<Rejection, RejectionRule>> = {
  'order/size-not-positive': {
    rule: 'A size is a whole number of lots, from 1 to 1,000,000,000.',
    source: OWN_LIMIT,
  },
  'order/price-out-of-range': {
    rule: 'A price is a whole number of ticks within the range of the book.',
    source: OWN_LIMIT,
  },
  'order/post-only-would-take': {
    rule: 'A post-only (GTX) order may not take.',
    source: `${BINANCE_ORDER}, timeInForce GTX`,
  },
  'order/unknown': { rule: 'The order is not open.', source: `${BINANCE_ORDER}, error -2011` },
  'order/limit-exceeded': { rule: 'The book is full, or its events are not read.', source: OWN_LIMIT },
  'order/minimum-out-of-range': {
    rule: 'A minimum quantity is between 1 and the size.',
    source: 'CME Globex, Order Qualifiers (wiki page 46465381)',
  },
  'order/display-out-of-range': {
    rule: 'A display quantity is at least 1 and not too small a part of the size.',
    source: 'CME Globex, iLink Order Qualifiers (largest display ratio)',
  },
  'order/account-unknown': { rule: 'The account has no place in this venue.', source: OWN_LIMIT },
  'order/reduce-only': {
    rule: 'A reduce-only order needs a position that it would bring nearer to zero.',
    source: `${BINANCE_ORDER}, error -2022`,
  },
  'order/combination-not-allowed': {
    rule: 'These qualifiers exclude one another.',
    source: `${BINANCE_ALGO}, parameters; CME Globex, Order Qualifiers`,
  },
  'order/would-trigger-at-once': {
    rule: 'The price already meets the trigger.',
    source: `${BINANCE_ALGO}, error -2021; ${GLOBEX_TYPES}, Stop Order Notes (wiki page 46727472)`,
  },
  'order/callback-out-of-range': {
    rule: 'A callback is between 0.1 % and 10 %.',
    source: `${BINANCE_ALGO}, callbackRate`,
  },
  'order/good-till-too-early': {
    rule: 'A good-till-date order ends in the future: on Binance at least 600 seconds from now.',
    source: `${BINANCE_ORDER}, goodTillDate`,
  },
  'order/no-market': {
    rule: 'There is no order on the side from which the price is taken.',
    source: `${GLOBEX_TYPES} (wiki page 457227032); ${BINANCE_ORDER}, priceMatch`,
  },
  'order/state-forbids': {
    rule: 'The state of the market does not allow this.',
    source: 'CME Globex, Market and Instrument States (wiki page 46141400)',
  },
  'order/price-outside-band': {
    rule: 'A bid may not be above and an offer not below the price band or the daily limit.',
    source: 'CME Globex, GCC Price Banding (wiki page 457320464)',
  },
  'order/instrument-unknown': { rule: 'The instrument is not listed here.', source: OWN_LIMIT },
};
