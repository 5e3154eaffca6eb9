/** A guard's reason in words: what was found, what the limit is, in units a person reads. */
import type { GuardReason } from '../../../workers/contract/guard-board.ts';
import { formatNumber, formatPercent, formatRatio } from '../../format/number.ts';

const DAYS = 'business days';

function amount(value: number, unit: string, rule: GuardReason['rule']): string {
  if (rule === 'funding/rate') return formatPercent(value, 4);
  switch (unit) {
    case 'fraction':
      return formatPercent(value, 1);
    case 's':
      return `${formatNumber(value, 1)} s`;
    case 'x':
      return `${formatNumber(value, 1)}×`;
    case 'minutes':
      return `${formatNumber(value, 0)} min`;
    case DAYS:
      return `${formatNumber(value, 0)} ${DAYS}`;
    case 'currency':
      return formatNumber(value, 2);
    case '':
      return formatRatio(value);
    default:
      return `${formatNumber(value, 0)} ${unit}`;
  }
}

/** Words of an event: `margin-critical` → `margin critical`. */
export function eventWords(event: GuardReason['event']): string {
  return event.replaceAll('-', ' ');
}

/** `BTCUSDT: margin critical, 1.03; limit 1.20` */
export function reasonWords({ subject, event, value, limit, unit, rule }: GuardReason): string {
  const about = subject === '' ? '' : `${subject}: `;
  const found = value === null ? '' : `, ${amount(value, unit, rule)}`;
  const at = limit === null ? '' : `; limit ${amount(limit, unit, rule)}`;
  return `${about}${eventWords(event)}${found}${at}`;
}
