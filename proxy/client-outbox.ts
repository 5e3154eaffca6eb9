/** What leaves for one page, and what is left out when the page reads too slowly. */

import { WebSocket } from 'ws';
import type { Micros } from '../engine/core/units.ts';
import { encodeRelayFrame, FRAME_HEADER_BYTES } from '../engine/market/wire/feed-frame.ts';
import type { ProxyNotice } from '../engine/market/wire/proxy-control.ts';
import type { ProxyLimits } from './limits.ts';
import { buildsBook } from './venue-table.ts';

/** A named stream of frames to one page. */
export interface Channel {
  readonly venue: string;
  readonly stream: string;
  readonly number: number;
  /** Frames offered so far, sent or skipped. */
  sequence: number;
  /** Frames skipped that the page was not yet told of. */
  skipped: number;
}

/**
 * Slow readers, in three steps, all counted on the bytes already waiting plus the frame at hand:
 * above `bufferedSkipBytes` frames that do not build the book are left out; above `bufferedCeilingBytes` book frames
 * too, so the page will see a gap and resynchronise; a page that stays up there for `bufferedCeilingMs` is cut off.
 * A frame left out still takes its sequence number, and a `skipped` notice follows as soon as the page reads again.
 */
export class ClientOutbox {
  readonly #socket: WebSocket;
  readonly #limits: ProxyLimits;
  readonly #now: () => Micros;
  readonly #onHopeless: (reason: string) => void;
  readonly #behind = new Set<Channel>();
  #ceilingSinceMs: number | null = null;
  #sent = 0;
  #skipped = 0;

  constructor(
    socket: WebSocket,
    limits: ProxyLimits,
    now: () => Micros,
    onHopeless: (reason: string) => void,
  ) {
    this.#socket = socket;
    this.#limits = limits;
    this.#now = now;
    this.#onHopeless = onHopeless;
  }

  get framesSent(): number {
    return this.#sent;
  }

  get framesSkipped(): number {
    return this.#skipped;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Sends a notice. Notices are few and small and are never skipped, but a page that reads none is given up too. */
  tell(notice: ProxyNotice): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify(notice));
    if (this.#socket.bufferedAmount > this.#limits.bufferedCeilingBytes)
      this.#ceilingSinceMs ??= performance.now();
  }

  /** Sends one frame on its channel, or leaves it out; says whether it was sent. */
  frame(channel: Channel, payload: Buffer): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    const sequence = channel.sequence;
    channel.sequence += 1;
    const waiting = this.#socket.bufferedAmount + payload.length + FRAME_HEADER_BYTES;
    const ceiling = buildsBook(channel.stream)
      ? this.#limits.bufferedCeilingBytes
      : this.#limits.bufferedSkipBytes;
    if (waiting > ceiling) {
      channel.skipped += 1;
      this.#skipped += 1;
      this.#behind.add(channel);
      if (waiting > this.#limits.bufferedCeilingBytes) this.#ceilingSinceMs ??= performance.now();
      return false;
    }
    if (this.#behind.size > 0) this.report();
    this.#sent += 1;
    this.#socket.send(encodeRelayFrame(channel.number, sequence, this.#now(), payload));
    return true;
  }

  /** Tells of skipped frames once the page reads again, and gives up on a page that does not. */
  report(): void {
    const waiting = this.#socket.bufferedAmount;
    if (waiting < this.#limits.bufferedCeilingBytes / 2) this.#ceilingSinceMs = null;
    const since = this.#ceilingSinceMs;
    if (since !== null && performance.now() - since > this.#limits.bufferedCeilingMs) {
      this.#onHopeless('reads too slowly');
      return;
    }
    if (waiting > this.#limits.bufferedSkipBytes / 2) return;
    for (const channel of this.#behind) {
      const { venue, stream, skipped: frames } = channel;
      channel.skipped = 0;
      this.tell({ op: 'skipped', venue, stream, frames });
    }
    this.#behind.clear();
  }
}
