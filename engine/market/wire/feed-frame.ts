/** Feed frames: the one shape in which the outside world enters, on the socket, on disk and in the simulator. */

import { fail, ok, type Result } from '../../core/result.ts';
import type { Micros } from '../../core/units.ts';
import { micros } from '../../core/units.ts';

/** One message of one stream, exactly as the venue sent it, with the time at which it was received. */
export interface FeedFrame {
  /** Stream name in the venue's words (`btcusdt@depth@100ms`), or `<symbol>@depth-snapshot` for a REST book. */
  readonly stream: string;
  /** Counts the frames of this stream since it was opened, from 0: a jump means that frames were not relayed. */
  readonly sequence: number;
  readonly receivedAtMicros: Micros;
  /** The venue's bytes (UTF-8 JSON). Not to be changed or kept beyond the call that receives it. */
  readonly payload: Uint8Array;
}

/** Bytes before the payload in a relayed frame. */
export const FRAME_HEADER_BYTES = 16;

/**
 * Writes a frame for the relay: channel (uint32), sequence (uint32), received-at microseconds (float64), payload;
 * little-endian. The channel number stands for the stream name and was told in the acknowledgement.
 */
export function encodeRelayFrame(
  channel: number,
  sequence: number,
  receivedAt: Micros,
  payload: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, channel, true);
  view.setUint32(4, sequence, true);
  view.setFloat64(8, receivedAt, true);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** A relayed frame before its channel is resolved to a stream name. */
export interface RelayFrame {
  readonly channel: number;
  readonly sequence: number;
  readonly receivedAtMicros: Micros;
  readonly payload: Uint8Array;
}

/**
 * Reads a relayed frame. The payload is a view, not a copy.
 *
 * Fails: `feed/message-malformed` when shorter than its header or stamped with no safe integer time.
 */
export function decodeRelayFrame(bytes: Uint8Array): Result<RelayFrame> {
  if (bytes.length < FRAME_HEADER_BYTES) {
    return fail(
      'feed/message-malformed',
      `expected at least ${FRAME_HEADER_BYTES} bytes, found ${bytes.length}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stamp = view.getFloat64(8, true);
  if (!Number.isSafeInteger(stamp)) {
    return fail('feed/message-malformed', `expected integer microseconds, found ${stamp}`);
  }
  return ok({
    channel: view.getUint32(0, true),
    sequence: view.getUint32(4, true),
    receivedAtMicros: micros(stamp),
    payload: bytes.subarray(FRAME_HEADER_BYTES),
  });
}
