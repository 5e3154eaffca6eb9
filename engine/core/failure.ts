/** Failures as values: what went wrong, said so that a person can act on it. */

/**
 * The four kinds of failure that may travel as a value (a defect is thrown instead, see `assert.ts`).
 *
 * - `rejected`: a rule said no; change the request.
 * - `invalid`: the input cannot be understood; fix the input.
 * - `unavailable`: something is missing right now (socket down, stale book, worker lost); try again.
 */
export type FailureKind = 'rejected' | 'invalid' | 'unavailable';

/** Every failure code of the engine and its shells, with its kind. Codes are `room/reason`. */
export const FAILURE_CODES = {
  'core/number-malformed': 'invalid',
  'core/number-not-a-multiple': 'invalid',
  'core/number-too-large': 'invalid',
  'reference/instrument-unknown': 'invalid',
  'reference/date-malformed': 'invalid',
  'reference/symbol-malformed': 'invalid',
  'reference/contract-unknown': 'invalid',
  'settlement/price-missing': 'unavailable',
  'settlement/roll-impossible': 'invalid',
  'settlement/price-malformed': 'invalid',
  'settlement/already-settled': 'rejected',
  'settlement/day-wrong': 'rejected',
  'settlement/contract-ended': 'rejected',
  'feed/message-malformed': 'invalid',
  'feed/message-unknown': 'invalid',
  'feed/id-not-safe': 'invalid',
  'feed/price-off-tick': 'invalid',
  'feed/size-off-lot': 'invalid',
  'feed/stream-unknown': 'invalid',
  'feed/limit-exceeded': 'invalid',
  'tape/line-malformed': 'invalid',
  'tape/empty': 'invalid',
  'portfolio/file-malformed': 'invalid',
  'portfolio/field-invalid': 'invalid',
  'portfolio/limit-exceeded': 'invalid',
  'portfolio/position-unknown': 'invalid',
  'portfolio/rate-missing': 'unavailable',
  'portfolio/history-missing': 'unavailable',
  'portfolio/history-too-short': 'unavailable',
  'portfolio/history-still': 'unavailable',
  'portfolio/history-malformed': 'invalid',
  'margin/bracket-table-malformed': 'invalid',
  'margin/bracket-missing': 'unavailable',
  'margin/leverage-too-high': 'rejected',
  'margin/mark-missing': 'unavailable',
  'margin/table-missing': 'unavailable',
  'span/parameters-malformed': 'invalid',
  'span/parameters-missing': 'unavailable',
  'span/limit-exceeded': 'invalid',
  'span/contract-missing': 'unavailable',
  'span/array-missing': 'unavailable',
  'span/conversion-missing': 'unavailable',
  'span/position-malformed': 'invalid',
  'span/set-missing': 'unavailable',
  'span/book-missing': 'unavailable',
  'order/price-off-tick': 'rejected',
  'order/price-out-of-range': 'rejected',
  'order/size-not-positive': 'rejected',
  'order/unknown': 'rejected',
  'order/post-only-would-take': 'rejected',
  'order/limit-exceeded': 'rejected',
  'order/too-large': 'rejected',
  'order/minimum-out-of-range': 'rejected',
  'order/display-out-of-range': 'rejected',
  'order/account-unknown': 'rejected',
  'order/reduce-only': 'rejected',
  'order/combination-not-allowed': 'rejected',
  'order/would-trigger-at-once': 'rejected',
  'order/callback-out-of-range': 'rejected',
  'order/good-till-too-early': 'rejected',
  'order/no-market': 'rejected',
  'order/state-forbids': 'rejected',
  'order/price-outside-band': 'rejected',
  'order/instrument-unknown': 'rejected',
  'venue/index-unavailable': 'unavailable',
  'venue/funding-terms-missing': 'unavailable',
  'scenario/malformed': 'invalid',
  'scenario/not-liquidated': 'rejected',
  'scenario/file-malformed': 'invalid',
  'scenario/not-open': 'unavailable',
  'costs/table-missing': 'unavailable',
  'costs/touch-missing': 'unavailable',
  'costs/volume-missing': 'unavailable',
  'worker/lost': 'unavailable',
  'worker/deadline': 'unavailable',
  'worker/cancelled': 'unavailable',
  'worker/request-malformed': 'invalid',
  'source/not-open': 'unavailable',
  'source/snapshot-unavailable': 'unavailable',
  'storage/unavailable': 'unavailable',
  'paper/not-simulated': 'unavailable',
  'paper/not-a-group': 'rejected',
  'paper/not-open': 'rejected',
  'paper/not-amendable': 'rejected',
  'paper/order-unknown': 'rejected',
  'crowd/parameter-out-of-range': 'invalid',
  'crowd/file-malformed': 'invalid',
  'guard/configuration-malformed': 'invalid',
  'alerts/rules-malformed': 'invalid',
} as const;

/** A code from the registry. */
export type FailureCode = keyof typeof FAILURE_CODES;

/** What went wrong. `message` says what was expected and what was found; `context` names where. */
export interface Failure {
  readonly kind: FailureKind;
  readonly code: FailureCode;
  readonly message: string;
  readonly context: Readonly<Record<string, string | number>>;
}

/** Builds a failure; its kind follows from its code. */
export function failure(
  code: FailureCode,
  message: string,
  context: Readonly<Record<string, string | number>> = {},
): Failure {
  return { kind: FAILURE_CODES[code], code, message, context };
}
