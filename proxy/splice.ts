/** Joins two connections that carry the same streams, so that one can take over with no frame lost or repeated. */

/** Held frames of all streams together; past this the join is given up and the venue's own ids decide. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;

interface Seam {
  /** Frames of the old connection forwarded since the overlap began. */
  readonly seen: Buffer[];
  /** Frames of the new connection that the old one has not delivered yet. */
  readonly held: Buffer[];
  joined: boolean;
}

/**
 * The rule, for each stream alone: the old connection is forwarded and the new one is held back. The same message is
 * byte for byte the same on both, so as soon as one message is found on both sides, what the new connection has after
 * it is forwarded, and from then on only the new connection.
 */
export class Splice {
  readonly #seams = new Map<string, Seam>();
  readonly #forward: (stream: string, payload: Buffer) => void;
  #heldBytes = 0;

  constructor(forward: (stream: string, payload: Buffer) => void) {
    this.#forward = forward;
  }

  #seam(stream: string): Seam {
    let seam = this.#seams.get(stream);
    if (seam === undefined) {
      seam = { seen: [], held: [], joined: false };
      this.#seams.set(stream, seam);
    }
    return seam;
  }

  #join(stream: string, seam: Seam, from: number): void {
    seam.joined = true;
    seam.seen.length = 0;
    for (const payload of this.#drop(seam).slice(from)) this.#forward(stream, payload);
  }

  /** Empties what is held back and hands it over. */
  #drop(seam: Seam): readonly Buffer[] {
    for (const payload of seam.held) this.#heldBytes -= payload.length;
    return seam.held.splice(0);
  }

  fromOld(stream: string, payload: Buffer): void {
    const seam = this.#seam(stream);
    if (seam.joined) return;
    this.#forward(stream, payload);
    const at = seam.held.findIndex((frame) => frame.equals(payload));
    if (at !== -1) this.#join(stream, seam, at + 1);
    else seam.seen.push(payload);
  }

  fromNew(stream: string, payload: Buffer): void {
    const seam = this.#seam(stream);
    if (seam.joined) {
      this.#forward(stream, payload);
      return;
    }
    const at = seam.seen.findLastIndex((frame) => frame.equals(payload));
    if (at !== -1) {
      // The new connection is behind: this was already forwarded, and so was whatever it said before.
      this.#drop(seam);
      // At the last such frame it has caught up.
      if (at === seam.seen.length - 1) this.#join(stream, seam, 0);
      return;
    }
    seam.held.push(payload);
    this.#heldBytes += payload.length;
  }

  /** Whether every one of `streams` is joined. */
  joinedAll(streams: Iterable<string>): boolean {
    for (const stream of streams) {
      if (this.#seams.get(stream)?.joined !== true) return false;
    }
    return true;
  }

  /** Whether too much is held back to go on waiting. */
  get overfull(): boolean {
    return this.#heldBytes > HELD_BYTES_MAX;
  }

  /** Ends the overlap: what is held back is forwarded. A stream that was never joined may show a gap by its own ids. */
  finish(): void {
    for (const [stream, seam] of this.#seams) {
      if (!seam.joined) this.#join(stream, seam, 0);
    }
  }
}
