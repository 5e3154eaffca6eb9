/** Follows WebSocket frame headers in the raw bytes of a client, to know when a message was begun and not ended. */

const CONTINUATION = 0;
const FIRST_CONTROL_OPCODE = 8;

/**
 * The WebSocket library tells only of whole messages. A client that begins one and then sends a byte now and then
 * holds memory for ever; this tracker sees the beginning. Frame layout: RFC 6455 section 5.2.
 */
export class FrameTracker {
  #header: number[] = [];
  #payloadLeft = 0;
  #final = false;
  #opcode = 0;
  /** A data message was begun in an earlier frame and not ended. */
  #fragmented = false;
  #openSince: number | null = null;

  /** When the unfinished frame or message began, or null when all is complete. */
  get openSinceMs(): number | null {
    return this.#openSince;
  }

  /** Takes the bytes that arrived at `nowMs`. */
  push(bytes: Uint8Array, nowMs: number): void {
    let at = 0;
    while (at < bytes.length) {
      this.#openSince ??= nowMs;
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, bytes.length - at);
        this.#payloadLeft -= taken;
        at += taken;
        if (this.#payloadLeft === 0) this.#frameEnded();
        continue;
      }
      this.#header.push(bytes[at] ?? 0);
      at += 1;
      if (this.#header.length === this.#headerLength()) this.#headerEnded();
    }
  }

  #headerLength(): number {
    const second = this.#header[1];
    if (second === undefined) return 2;
    const length = second & 0x7f;
    const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
    return 2 + extended + ((second & 0x80) === 0 ? 0 : 4);
  }

  #headerEnded(): void {
    const [first = 0, second = 0] = this.#header;
    const short = second & 0x7f;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    this.#payloadLeft =
      extended === 0
        ? short
        : this.#header.slice(2, 2 + extended).reduce((value, byte) => value * 256 + byte, 0);
    this.#final = (first & 0x80) !== 0;
    this.#opcode = first & 0x0f;
    this.#header = [];
    if (this.#payloadLeft === 0) this.#frameEnded();
  }

  #frameEnded(): void {
    // Control frames may stand between the fragments of a message and do not end it.
    if (this.#opcode < FIRST_CONTROL_OPCODE) {
      this.#fragmented = !this.#final && (this.#fragmented || this.#opcode !== CONTINUATION);
    }
    if (!this.#fragmented) this.#openSince = null;
  }
}
