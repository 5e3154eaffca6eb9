/** Daily settlement in words: one line a day, and what the open lots count from. */
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { PaperClearing, SettlementLine } from '../../../../workers/contract/paper.ts';
import { tickText } from '../../../charts/tick-text.ts';
import { formatSigned } from '../../../format/number.ts';
import { formatDateTime, type Zone } from '../../../format/time.ts';
import { priceWords } from './order-words.ts';

/** How a settlement price was found. */
const TIERS: Readonly<Record<SettlementLine['tier'], string>> = {
  vwap: 'average of the trades of the window, by volume',
  middle: 'middle of bid and ask at the end of the window',
  last: 'the last trade of the day',
  prior: 'the settlement before',
  carry: 'index and interest to expiry',
};

/** One line of the statement: the price, and the variation margin in the currency of the contract. */
export function settledWords({ tradingDay, priceTicks, amount }: SettlementLine, spec: ContractSpec): string {
  return `Settled ${tradingDay} at ${priceWords(priceTicks, spec)}: ${formatSigned(Number(amount), 2)} ${spec.currency}`;
}

/** What was settled, and how its price was found. */
export function settledTitle({ lots, tier }: SettlementLine, spec: ContractSpec): string {
  const size =
    lots === 0 ? 'flat' : `${tickText(Math.abs(lots), spec.lotSize)} ${lots > 0 ? 'long' : 'short'}`;
  return `${size}; price: ${TIERS[tier]}`;
}

/** The settlement price in force and when the next is made. */
export function settlementWords(
  { settlementTicks, nextMicros }: PaperClearing,
  spec: ContractSpec,
  zone: Zone,
): string {
  const price = settlementTicks === null ? '' : `Settlement ${priceWords(settlementTicks, spec)} · `;
  return `${price}next ${formatDateTime(nextMicros, zone)}`;
}
