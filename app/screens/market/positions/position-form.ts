/** What a person typed about a position or an account, checked; exact decimal text stays as typed. */
import type {
  Account,
  MarginMode,
  Portfolio,
  Position,
  PositionSide,
} from '../../../../engine/accounting/portfolio.ts';
import { parseMultiple } from '../../../../engine/core/units.ts';
import type { ContractSpec, Venue } from '../../../../engine/reference/instruments/contract-spec.ts';
import { newId, positionInTheWay } from '../../../state/portfolio-edits.ts';

/** Digits of an amount, before and after the point together; more is a slip of the hand. */
const MOST_DIGITS = 24;
const DECIMAL = /^\d+(\.\d+)?$/;
/** The rules of position files: a symbol may be written in any letters, a name is not endless. */
const SYMBOL = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{1,63}$/u;
const MOST_NAME_LETTERS = 64;
/** Contracts of this venue settle in what their symbol ends with, a delivery date aside. */
const SETTLES_IN_USDT = /USDT(_\d{6})?$/;

/** Product, letter of the month, one or two digits of the year. */
const FUTURE = /^[A-Z0-9]{2,3}[FGHJKMNQUVXZ]\d{1,2}$/;

/** The form of a position, every field as typed. */
export interface PositionFields {
  readonly accountId: string;
  readonly symbol: string;
  readonly side: PositionSide;
  readonly size: string;
  readonly entryPrice: string;
  readonly marginMode: MarginMode;
  readonly leverage: string;
  readonly isolatedWallet: string;
  readonly givenMarkPrice: string;
}

export interface AccountFields {
  readonly name: string;
  readonly currency: Account['currency'];
  readonly crossWalletBalance: string;
  readonly positionMode: Account['positionMode'];
}

export type FieldErrors<Fields> = Partial<Record<keyof Fields, string>>;

export type Checked<Fields, T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: FieldErrors<Fields> };

/** Says what is wrong with an amount; null when it can be used. */
function amountProblem(text: string, what: string, zeroAllowed: boolean): string | null {
  if (text === '') return `expected ${what}, found nothing`;
  if (!DECIMAL.test(text)) {
    return `expected ${what} as a decimal number such as 1234.5 (digits and one point), found "${text.slice(0, 40)}"`;
  }
  if (text.replace('.', '').length > MOST_DIGITS) {
    return `expected at most ${MOST_DIGITS} digits, found ${text.replace('.', '').length}`;
  }
  if (!zeroAllowed && !/[1-9]/.test(text)) return `expected ${what} above zero, found ${text}`;
  return null;
}

function symbolProblem(symbol: string, venue: Venue): string | null {
  if (symbol === '') return 'expected a symbol such as BTCUSDT, found nothing';
  if (!SYMBOL.test(symbol)) {
    return `expected a symbol of letters, digits and _, found "${symbol.slice(0, 40)}"`;
  }
  if (venue === 'cme-globex') {
    return FUTURE.test(symbol)
      ? null
      : `expected a contract such as ESZ6 (product, month, year), found "${symbol.slice(0, 40)}"`;
  }
  return SETTLES_IN_USDT.test(symbol)
    ? null
    : `expected a symbol that settles in USDT, such as BTCUSDT, found "${symbol.slice(0, 40)}"`;
}

function nameProblem(name: string): string | null {
  if (name === '') return 'expected a name, found nothing';
  return name.length <= MOST_NAME_LETTERS
    ? null
    : `expected at most ${MOST_NAME_LETTERS} letters, found ${name.length}`;
}

function sizeProblem(text: string, spec: ContractSpec | undefined, venue: Venue): string | null {
  const problem = amountProblem(text, 'a size', false);
  if (problem !== null) return problem;
  if (spec === undefined) {
    return venue !== 'cme-globex' || /^\d+(\.0+)?$/.test(text)
      ? null
      : `expected whole contracts, found ${text}`;
  }
  const lots = parseMultiple(text, spec.lotSize);
  return lots.ok ? null : lots.failure.message;
}

function leverageProblem(text: string): string | null {
  const problem = amountProblem(text, 'a leverage', false);
  if (problem !== null) return problem;
  const leverage = Number(text);
  return leverage >= 1 && leverage <= 150 ? null : `expected a leverage from 1 to 150, found ${text}`;
}

/** Futures and perpetuals stand in accounts of their own: collateral of one covers nothing of the other. */
function currencyProblem(symbol: string, venue: Venue, account: Account | undefined): string | null {
  if (account === undefined) return null;
  const settles = settlementOf(venue);
  return settles === account.currency
    ? null
    : `${symbol} settles in ${settles}; ${account.name} is an account in ${account.currency}`;
}

/** The currency of the accounts in which contracts of a venue stand. */
export function settlementOf(venue: Venue): Account['currency'] {
  return venue === 'cme-globex' ? 'USD' : 'USDT';
}

/** The venue of what was typed: as listed, as before where the open source does not list it, else that of the account. */
function venueOf(
  symbol: string,
  spec: ContractSpec | undefined,
  before: Position | undefined,
  account: Account | undefined,
): Venue {
  if (spec !== undefined) return spec.venue;
  if (before?.symbol === symbol) return before.venue;
  return account?.currency === 'USD' ? 'cme-globex' : 'binance-usdm';
}

/** Checks a position form. `positionId` is the position being edited, null for a new one. */
export function checkPosition(
  typed: PositionFields,
  context: {
    readonly portfolio: Portfolio;
    readonly positionId: string | null;
    readonly instruments: readonly ContractSpec[];
  },
): Checked<PositionFields, Position> {
  const fields = trimmed(typed);
  const symbol = fields.symbol.toUpperCase();
  const spec = context.instruments.find((candidate) => candidate.symbol === symbol);
  const before = context.portfolio.accounts
    .flatMap(({ positions }) => positions)
    .find(({ id }) => id === context.positionId);
  const account = context.portfolio.accounts.find(({ id }) => id === fields.accountId);
  const venue = venueOf(symbol, spec, before, account);
  const id = context.positionId ?? newId('position');
  const inTheWay =
    account === undefined ? null : positionInTheWay(account, { id, venue, symbol, side: fields.side });
  // Futures share their account's collateral, whatever was chosen before the account was.
  const isolated = fields.marginMode === 'isolated' && venue !== 'cme-globex';
  const problems: readonly (readonly [keyof PositionFields, string | null])[] = [
    ['accountId', account === undefined ? 'expected an account, found none' : null],
    ['symbol', symbolProblem(symbol, venue) ?? currencyProblem(symbol, venue, account)],
    ['size', sizeProblem(fields.size, spec, venue)],
    ['entryPrice', amountProblem(fields.entryPrice, 'an entry price', false)],
    ['leverage', leverageProblem(fields.leverage)],
    ['isolatedWallet', isolated ? amountProblem(fields.isolatedWallet, 'an isolated wallet', true) : null],
    [
      'givenMarkPrice',
      fields.givenMarkPrice === '' ? null : amountProblem(fields.givenMarkPrice, 'a mark price', false),
    ],
    [
      'side',
      inTheWay === null
        ? null
        : `${account?.name ?? 'the account'} already holds ${symbol} ${inTheWay.side}; edit that position` +
          (account?.positionMode === 'one-way' ? ', or give the account hedge mode' : ''),
    ],
  ];
  const errors = collect(problems);
  if (errors !== null) return { ok: false, errors };
  return {
    ok: true,
    value: {
      id,
      venue,
      symbol,
      side: fields.side,
      size: fields.size,
      entryPrice: fields.entryPrice,
      marginMode: isolated ? 'isolated' : 'cross',
      leverage: Number(fields.leverage),
      isolatedWallet: isolated ? fields.isolatedWallet : null,
      givenMarkPrice: fields.givenMarkPrice === '' ? null : fields.givenMarkPrice,
    },
  };
}

/** Checks an account form. `account` is the one being edited, null for a new one. */
export function checkAccount(typed: AccountFields, account: Account | null): Checked<AccountFields, Account> {
  const fields = trimmed(typed);
  const twice =
    fields.positionMode === 'one-way' && account !== null
      ? (account.positions.find(
          (position, at) =>
            account.positions.findIndex(
              (other) => other.symbol === position.symbol && other.venue === position.venue,
            ) !== at,
        ) ?? null)
      : null;
  const foreign = account?.positions.find(({ venue }) => settlementOf(venue) !== fields.currency);
  const errors = collect<AccountFields>([
    ['name', nameProblem(fields.name)],
    [
      'currency',
      foreign === undefined
        ? null
        : `the account holds ${foreign.symbol}, which settles in ${settlementOf(foreign.venue)}`,
    ],
    ['crossWalletBalance', amountProblem(fields.crossWalletBalance, 'a wallet balance', true)],
    [
      'positionMode',
      twice === null ? null : `one-way mode holds a symbol once; ${twice.symbol} is held long and short`,
    ],
  ]);
  if (errors !== null) return { ok: false, errors };
  return {
    ok: true,
    value: {
      id: account?.id ?? newId('account'),
      demo: account?.demo ?? false,
      currency: fields.currency,
      positions: account?.positions ?? [],
      name: fields.name,
      crossWalletBalance: fields.crossWalletBalance,
      positionMode: fields.positionMode,
    },
  };
}

function trimmed<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]),
  ) as Fields;
}

function collect<Fields>(
  problems: readonly (readonly [keyof Fields, string | null])[],
): FieldErrors<Fields> | null {
  const errors: FieldErrors<Fields> = {};
  let any = false;
  for (const [field, problem] of problems) {
    if (problem === null) continue;
    errors[field] = problem;
    any = true;
  }
  return any ? errors : null;
}
