/** Reads what a page asks. Shape only: whether the venue and stream exist is decided by the table. */

import type { ProxyRequest } from '../engine/market/wire/proxy-control.ts';

/** Longest venue, stream or symbol name that is looked at. */
const NAME_MAX = 64;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= NAME_MAX;
}

/** The request in a text message, or null when it is none of ours. Unknown extra fields are not carried along. */
export function readControlRequest(text: string): ProxyRequest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { op, venue, stream, symbol, sentAtMicros } = value as Readonly<Record<string, unknown>>;
  switch (op) {
    case 'subscribe':
    case 'unsubscribe':
      return isName(venue) && isName(stream) ? { op, venue, stream } : null;
    case 'snapshot':
    case 'closes':
      return isName(venue) && isName(symbol) ? { op, venue, symbol } : null;
    case 'ping':
      return Number.isSafeInteger(sentAtMicros) ? { op, sentAtMicros: sentAtMicros as number } : null;
    default:
      return null;
  }
}
