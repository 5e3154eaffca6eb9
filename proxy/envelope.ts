/** Reads the little that the proxy needs from a venue's message: whose it is. The rest passes unread. */

const OPENING = Buffer.from('{"stream":"');
const LONGEST_NAME = 64;
const QUOTE = 0x22;

/** The stream named by a combined-stream message (`{"stream":"btcusdt@trade","data":{...}}`), or null. */
export function streamOf(bytes: Buffer): string | null {
  if (bytes.length <= OPENING.length || OPENING.compare(bytes, 0, OPENING.length) !== 0) return null;
  const end = bytes.indexOf(QUOTE, OPENING.length);
  if (end === -1 || end - OPENING.length > LONGEST_NAME) return null;
  return bytes.toString('latin1', OPENING.length, end);
}

/** A venue's answer to a SUBSCRIBE or UNSUBSCRIBE. */
export interface VenueReply {
  readonly id: number;
  /** Null when it was accepted. */
  readonly refusal: string | null;
}

/** Reads `{"result":null,"id":1}` or its refusal; null for anything else. */
export function replyOf(bytes: Buffer): VenueReply | null {
  if (bytes.length > 4096) return null;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'number') {
    return null;
  }
  const accepted = 'result' in value && value.result === null && !('error' in value) && !('code' in value);
  return { id: value.id, refusal: accepted ? null : 'the venue refused the stream' };
}
