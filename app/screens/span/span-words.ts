/** Sets, classes and amounts in words. */
import type { SpanClass } from '../../../engine/margin/span/parameter-set.ts';
import type { SetCard } from '../../../workers/contract/span-api.ts';
import { formatNumber, formatSigned } from '../../format/number.ts';

const ACCOUNTS: Readonly<Record<string, string>> = {
  M: 'member',
  H: 'hedger',
  S: 'speculator',
  R: 'heightened risk',
  X: 'not heightened risk',
  O: 'omnibus',
  Q: 'omnibus hedge',
};

export function classWords({ accountType, isMaintenance, tier, isCustomer }: SpanClass): string {
  const account = ACCOUNTS[accountType] ?? accountType;
  const who = isCustomer ? '' : ', clearing';
  return `${isMaintenance ? 'Maintenance' : 'Initial'}, ${account}${who}${tier === 'CORE' || tier === '' ? '' : ` (${tier})`}`;
}

export function setWords({ id, date, origin }: SetCard): string {
  if (origin.kind === 'file') return id.includes(date) ? id : `${id} ${date}`;
  return `${id}, ${origin.spreads === 'assumed' ? 'spreads assumed' : 'outrights only'}`;
}

/** Decimals that show an amount: whole units, but for small ones. */
export function amountDecimals(value: number): number {
  return Math.abs(value) < 100 && !Number.isInteger(value) ? 2 : 0;
}

export function amountWords(value: number): string {
  return formatNumber(value, amountDecimals(value));
}

export function signedWords(value: number): string {
  return formatSigned(value, amountDecimals(value));
}

export function moneyWords(value: number, currency: string): string {
  return `${amountWords(value)} ${currency}`;
}
