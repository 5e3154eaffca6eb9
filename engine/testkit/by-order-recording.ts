// The order-by-order recording (ES March 2024, the opening hour of 2023-12-25) as messages.
import { gunzipSync } from 'node:zlib';
import { increment } from '../core/units.ts';
import { ByOrderCsvReader } from '../market/by-order/by-order-csv.ts';
import type { ByOrderMessage } from '../market/by-order/by-order-message.ts';
import { readSharedBytes } from './shared-data.ts';

/** Bytes of the recording as CSV. */
export function recordedByOrderBytes(): Uint8Array {
  return gunzipSync(readSharedBytes('cme/esh4_mbo_20231225.csv.gz'));
}

/** Its messages; throws when a line is broken. */
export function recordedByOrderMessages(): ByOrderMessage[] {
  const reader = new ByOrderCsvReader(increment('0.25'));
  const messages: ByOrderMessage[] = [];
  reader.push(recordedByOrderBytes(), (message) => messages.push(message));
  reader.end((message) => messages.push(message));
  if (reader.brokenLines > 0) throw new Error(`broken lines: ${JSON.stringify(reader.broken)}`);
  return messages;
}
