/** What a field of a position or an account may hold: one rule for each, shared by every way in. */
import { decimalSign, isDecimalText } from '../core/money.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { InstrumentId, Venue } from '../reference/instruments/contract-spec.ts';
import { LISTINGS } from '../reference/instruments/listings.ts';
import type { Account, Portfolio, Position, PositionSide } from './portfolio.ts';

/** A rule in the words of an error message, and the test itself. */
export interface FieldRule {
  readonly expected: string;
  accepts(text: string): boolean;
}

/** Longest account name or symbol, in characters. */
export const NAME_LIMIT = 64;

/** Longest account or position id, in characters. */
export const ID_LIMIT = 200;

/** Most leverage a file may state; brackets decide what is allowed. */
export const LEVERAGE_LIMIT = 1000;

// Letters, digits and the signs exchanges use; some symbols are written in Chinese characters.
const SYMBOL = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u;
const CONTROL = /\p{Cc}/u;

const positive: FieldRule = {
  expected: 'a positive decimal number such as 0.25',
  accepts: (text) => isDecimalText(text) && decimalSign(text) > 0,
};

/** Fields with a rule. */
export type RuledField =
  | 'id'
  | 'name'
  | 'symbol'
  | 'venue'
  | 'side'
  | 'size'
  | 'entryPrice'
  | 'marginMode'
  | 'leverage'
  | 'isolatedWallet'
  | 'crossWalletBalance'
  | 'positionMode'
  | 'markPrice'
  | 'currency';

function oneOf(...values: readonly string[]): FieldRule {
  return { expected: values.join(' or '), accepts: (text) => values.includes(text) };
}

/** The rules. An empty text never passes; whether a field may be left out is said where it is read. */
export const FIELD_RULES: Readonly<Record<RuledField, FieldRule>> = {
  id: {
    expected: `1 to ${ID_LIMIT} characters without control characters`,
    accepts: (text) => text.length > 0 && text.length <= ID_LIMIT && !CONTROL.test(text),
  },
  name: {
    expected: `1 to ${NAME_LIMIT} characters without control characters`,
    accepts: (text) => text.length > 0 && text.length <= NAME_LIMIT && !CONTROL.test(text),
  },
  symbol: {
    expected: 'a symbol such as BTCUSDT, in capitals',
    accepts: (text) => text.length <= NAME_LIMIT && SYMBOL.test(text) && text === text.toUpperCase(),
  },
  venue: oneOf('binance-usdm', 'cme-globex'),
  side: oneOf('long', 'short'),
  size: positive,
  entryPrice: positive,
  marginMode: oneOf('cross', 'isolated'),
  leverage: {
    expected: `a leverage from 1 to ${LEVERAGE_LIMIT}`,
    accepts: (text) => isDecimalText(text) && Number(text) >= 1 && Number(text) <= LEVERAGE_LIMIT,
  },
  isolatedWallet: {
    expected: 'a decimal number such as 125.5, not negative',
    accepts: (text) => isDecimalText(text) && decimalSign(text) >= 0,
  },
  crossWalletBalance: { expected: 'a decimal number such as 1000', accepts: isDecimalText },
  positionMode: oneOf('one-way', 'hedge'),
  markPrice: positive,
  currency: oneOf('USDT', 'USD'),
};

/** The venue of a bare symbol: that of the listing with this symbol, else Binance USDT-M. */
export function venueOfSymbol(symbol: string): Venue {
  return LISTINGS.find((listing) => listing.symbol === symbol)?.venue ?? 'binance-usdm';
}

/** The currency of an account for which none is stated: dollars where it holds futures of CME alone. */
export function currencyOfPositions(positions: readonly Pick<Position, 'venue'>[]): Account['currency'] {
  return positions.length > 0 && positions.every(({ venue }) => venue === 'cme-globex') ? 'USD' : 'USDT';
}

/** The instrument of a position. */
export function instrumentOf(position: Pick<Position, 'venue' | 'symbol'>): InstrumentId {
  return `${position.venue}:${position.symbol}`;
}

/**
 * Whether a Binance symbol settles in `currency`: it ends with it, a delivery date such as `_260626` aside. Its
 * figures would otherwise be added up across currencies.
 */
export function settlesIn(position: Pick<Position, 'venue' | 'symbol'>, currency: string): boolean {
  if (position.venue !== 'binance-usdm') return true;
  return currency !== 'USD' && position.symbol.replace(/_\d{6}$/, '').endsWith(currency);
}

/** The first field of a position that breaks its rule, or null. */
export function brokenField(
  position: Position,
  currency: string,
): { field: string; expected: string } | null {
  for (const field of ['symbol', 'venue', 'side', 'size', 'entryPrice', 'marginMode'] as const) {
    if (!FIELD_RULES[field].accepts(position[field])) return { field, expected: FIELD_RULES[field].expected };
  }
  if (!FIELD_RULES.leverage.accepts(String(position.leverage))) {
    return { field: 'leverage', expected: FIELD_RULES.leverage.expected };
  }
  if (position.givenMarkPrice !== null && !FIELD_RULES.markPrice.accepts(position.givenMarkPrice)) {
    return { field: 'givenMarkPrice', expected: FIELD_RULES.markPrice.expected };
  }
  const { isolatedWallet } = position;
  if (position.marginMode === 'cross' && isolatedWallet !== null) {
    return { field: 'isolatedWallet', expected: 'nothing for a cross position' };
  }
  if (position.marginMode === 'isolated' && !FIELD_RULES.isolatedWallet.accepts(isolatedWallet ?? '')) {
    return { field: 'isolatedWallet', expected: FIELD_RULES.isolatedWallet.expected };
  }
  if (!settlesIn(position, currency)) {
    return { field: 'symbol', expected: `a symbol that settles in ${currency}` };
  }
  return null;
}

/**
 * Why a position cannot stand beside those an account already holds in its symbol, or null.
 *
 * @param held - sides already held in the symbol
 */
export function sideClash(
  positionMode: Account['positionMode'],
  held: readonly PositionSide[],
  side: PositionSide,
): string | null {
  if (held.includes(side)) return 'one position on each side of a symbol';
  return held.length > 0 && positionMode === 'one-way' ? 'one side of a symbol in one-way mode' : null;
}

/**
 * Checks a whole portfolio as the risk engine needs it: every field by its rule, ids unique, one side of a symbol in
 * one-way mode.
 *
 * Fails: `portfolio/field-invalid`, naming the first field that breaks a rule.
 */
export function checkPortfolio(portfolio: Portfolio): Result<Portfolio> {
  const ids = new Set<string>();
  for (const account of portfolio.accounts) {
    const problem = accountProblem(account, ids);
    if (problem !== null) {
      return fail('portfolio/field-invalid', `account ${account.id}: ${problem}`, { account: account.id });
    }
  }
  return ok(portfolio);
}

function accountProblem(account: Account, ids: Set<string>): string | null {
  if (ids.has(`account ${account.id}`)) return 'expected an account id used once';
  ids.add(`account ${account.id}`);
  const { crossWalletBalance } = account;
  if (!FIELD_RULES.crossWalletBalance.accepts(crossWalletBalance)) {
    return `expected a decimal crossWalletBalance, found "${crossWalletBalance}"`;
  }
  const held = new Map<InstrumentId, PositionSide[]>();
  for (const position of account.positions) {
    if (ids.has(`position ${position.id}`))
      return `expected a position id used once, found "${position.id}" again`;
    ids.add(`position ${position.id}`);
    const broken = brokenField(position, account.currency);
    if (broken !== null) return `position ${position.id}: expected ${broken.expected} as ${broken.field}`;
    const sides = held.get(instrumentOf(position)) ?? [];
    const clash = sideClash(account.positionMode, sides, position.side);
    if (clash !== null) return `position ${position.id}: expected ${clash}`;
    held.set(instrumentOf(position), [...sides, position.side]);
  }
  return null;
}
