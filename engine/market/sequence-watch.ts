/** Counts frames that a relay did not pass on, stream by stream. */

/** Most streams watched; a feed has about six. */
const MAX_STREAMS = 64;

/** A saved watch: stream names with the last sequence seen. */
export type SequenceWatchSnapshot = readonly (readonly [stream: string, sequence: number])[];

/** Watches the sequence numbers of frames. */
export class SequenceWatch {
  readonly #last: Map<string, number> = new Map();

  /** Frames missing between the last one of this stream and this one; 0 for the first and after a lower number. */
  missingBefore(stream: string, sequence: number): number {
    const last = this.#last.get(stream);
    if (last === undefined && this.#last.size >= MAX_STREAMS) return 0;
    this.#last.set(stream, sequence);
    return last === undefined || sequence <= last ? 0 : sequence - last - 1;
  }

  /** Streams are opened anew: their numbers start again. */
  restart(): void {
    this.#last.clear();
  }

  snapshot(): SequenceWatchSnapshot {
    return [...this.#last];
  }

  restore(saved: SequenceWatchSnapshot): void {
    this.#last.clear();
    for (const [stream, sequence] of saved) this.#last.set(stream, sequence);
  }
}
