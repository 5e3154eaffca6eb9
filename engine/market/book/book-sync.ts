/** Keeps a depth book in step with Binance futures diffs: buffer, splice a snapshot, follow `pu`, resync when lost. */
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import { type Micros, SECOND_MICROS } from '../../core/units.ts';
import type { DepthSnapshot, DepthUpdate } from '../feed/binance/binance-message.ts';
import { DepthBook, type DepthBookSnapshot } from './depth-book.ts';
import { applyHeld, type HeldSnapshot, type HeldUpdate, holdSnapshot, holdUpdate } from './held-levels.ts';
import { ResyncPacer, type ResyncPacerSnapshot } from './resync-pacer.ts';
import { UpdateBuffer } from './update-buffer.ts';

/** What happens to the book. Levels of messages are read at once and not kept. */
export type SyncInput =
  | { readonly kind: 'update'; readonly update: DepthUpdate; readonly receivedAtMicros: Micros }
  | { readonly kind: 'snapshot'; readonly snapshot: DepthSnapshot; readonly receivedAtMicros: Micros }
  | {
      readonly kind: 'snapshot-failed';
      readonly reason: string;
      readonly retryAfterMs: number | null;
      readonly atMicros: Micros;
    }
  /** The connection is new or gone: what was buffered leads nowhere. */
  | { readonly kind: 'restart'; readonly reason: string; readonly atMicros: Micros }
  /** Another stream contradicts the book. */
  | { readonly kind: 'doubt'; readonly reason: string; readonly atMicros: Micros }
  | { readonly kind: 'clock'; readonly nowMicros: Micros };

/** What came of it. */
export type SyncOutput =
  /** The book moved on to a newer update. */
  | { readonly kind: 'applied' }
  | { readonly kind: 'snapshot-needed'; readonly delayMs: number; readonly reason: string };

/** Counts since the machine was made. */
export interface SyncCounters {
  /** Diffs applied to the book. */
  readonly applied: number;
  /** Diffs dropped because a snapshot already held them. */
  readonly dropped: number;
  /** Diffs dropped because they, or later ones, had been seen. */
  readonly duplicates: number;
  /** Breaks in the chain of `pu`. */
  readonly gaps: number;
  /** Snapshots needed again: the book was lost, or a snapshot did not fit. */
  readonly resyncs: number;
}

/** A saved machine. */
export interface BookSyncSnapshot {
  readonly book: DepthBookSnapshot;
  readonly isSynced: boolean;
  readonly reason: string;
  readonly updateId: number;
  readonly eventMicros: Micros | null;
  readonly receivedMicros: Micros | null;
  readonly held: readonly HeldUpdate[];
  readonly waiting: HeldSnapshot | null;
  readonly pacer: ResyncPacerSnapshot;
  readonly counters: SyncCounters;
}

/** How far a snapshot may be ahead of the diffs; beyond it the ids must have started again. */
const SNAPSHOT_LEAD_MICROS: number = 5 * SECOND_MICROS;
const NOTHING: readonly SyncOutput[] = [];
const APPLIED: readonly SyncOutput[] = [{ kind: 'applied' }];

/**
 * The machine.
 *
 * Rules: diffs are buffered until a snapshot with id L is there; those with u < L are dropped; the first applied has
 * U ≤ L ≤ u or pu = L; then each one's pu is the u of the one before. Sizes are absolute. Diffs seen before are
 * dropped. A break of the chain, a crossed book after a complete message, ids that start again, or a doubt from
 * outside lose the book: it stays as it was, not live, until the next snapshot is spliced, in one input.
 *
 * Requests are paced by {@link ResyncPacer}; a snapshot that does not fit is asked for again, never in a loop.
 *
 * Assumes: a venue that starts its ids again on an open connection does not at once reuse the ids of the last seconds.
 *
 * Source: Binance USDT-M Futures, "How to manage a local order book correctly"; pu = L as first diff is accepted in
 * addition, because a snapshot may end exactly where a diff begins.
 */
export class BookSync implements Machine<SyncInput, SyncOutput, BookSyncSnapshot> {
  readonly book: DepthBook = new DepthBook();
  readonly #buffer: UpdateBuffer = new UpdateBuffer();
  readonly #pacer: ResyncPacer = new ResyncPacer();
  #isSynced = false;
  #reason = 'no snapshot yet';
  #updateId = 0;
  #eventMicros: Micros | null = null;
  #receivedMicros: Micros | null = null;
  /** A snapshot newer than every diff seen so far. */
  #waiting: HeldSnapshot | null = null;
  #applied = 0;
  #dropped = 0;
  #duplicates = 0;
  #gaps = 0;
  #resyncs = 0;

  /** True while the book is the venue's book as of {@link updateId}. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Why the book is not in step; empty when it is. */
  get reason(): string {
    return this.#isSynced ? '' : this.#reason;
  }

  /** `u` of the last applied diff; 0 before the first. */
  get updateId(): number {
    return this.#updateId;
  }

  /** Event time of the last applied diff. */
  get eventMicros(): Micros | null {
    return this.#eventMicros;
  }

  /** When the last applied diff was received. */
  get receivedMicros(): Micros | null {
    return this.#receivedMicros;
  }

  /** Diffs dropped because they had been seen: the one counter that is read per message. */
  get duplicates(): number {
    return this.#duplicates;
  }

  get counters(): SyncCounters {
    return {
      applied: this.#applied,
      dropped: this.#dropped,
      duplicates: this.#duplicates,
      gaps: this.#gaps,
      resyncs: this.#resyncs,
    };
  }

  /** True while resyncs come too often to call the feed sound. */
  isUnstable(nowMicros: Micros): boolean {
    return this.#pacer.isUnstable(nowMicros);
  }

  apply(input: SyncInput): readonly SyncOutput[] {
    switch (input.kind) {
      case 'update':
        return this.#isSynced
          ? this.#follow(input.update, input.receivedAtMicros)
          : this.#gather(holdUpdate(input.update, input.receivedAtMicros), NOTHING);
      case 'snapshot':
        if (this.#isSynced) return NOTHING;
        this.#pacer.noteAnswer();
        this.#waiting = holdSnapshot(input.snapshot, input.receivedAtMicros);
        return this.#splice(input.receivedAtMicros);
      case 'snapshot-failed':
        if (this.#isSynced) return NOTHING;
        this.#pacer.noteFailure(input.atMicros, input.retryAfterMs ?? 0);
        this.#reason = `the snapshot failed: ${input.reason}`;
        return this.#ask(input.atMicros, this.#reason);
      case 'restart':
        return this.#restart(input.reason, input.atMicros);
      case 'doubt':
        return this.#isSynced ? this.#lose(input.reason, input.atMicros) : NOTHING;
      case 'clock':
        if (this.#isSynced || !this.#pacer.isOverdue(input.nowMicros)) return NOTHING;
        this.#pacer.noteFailure(input.nowMicros, 0);
        return this.#ask(input.nowMicros, 'the snapshot did not come');
    }
  }

  /** In step: the diff continues the chain, is old, or breaks it. */
  #follow(update: DepthUpdate, receivedAtMicros: Micros): readonly SyncOutput[] {
    const isOld = update.lastId <= this.#updateId;
    if (isOld && (this.#eventMicros === null || update.eventMicros <= this.#eventMicros)) {
      this.#duplicates++;
      return NOTHING;
    }
    if (isOld || update.previousId !== this.#updateId) {
      const reason = isOld
        ? `update ids start again: ${update.lastId} after ${this.#updateId}`
        : `gap: expected the update after ${this.#updateId}, found the one after ${update.previousId}`;
      if (!isOld) this.#gaps++;
      const lost = this.#lose(reason, receivedAtMicros);
      return this.#gather(holdUpdate(update, receivedAtMicros), lost);
    }
    this.book.setAll('bid', update.bids.priceTicks, update.bids.sizeLots, update.bids.count);
    this.book.setAll('ask', update.asks.priceTicks, update.asks.sizeLots, update.asks.count);
    this.#advance(update, receivedAtMicros);
    return this.book.isCrossed ? this.#lose(this.#crossed(), receivedAtMicros) : APPLIED;
  }

  /** Out of step: the diff waits for a snapshot, or completes one that waits. */
  #gather(update: HeldUpdate, before: readonly SyncOutput[]): readonly SyncOutput[] {
    const waiting = this.#waiting;
    if (waiting !== null && update.lastId < waiting.lastId) {
      if (update.receivedAtMicros - waiting.receivedAtMicros <= SNAPSHOT_LEAD_MICROS) {
        this.#dropped++;
        return before;
      }
      this.#waiting = null;
      this.#reason = `snapshot ${waiting.lastId} is ahead of the updates for too long`;
      this.#noteResync(update.receivedAtMicros);
    }
    const verdict = this.#buffer.add(update);
    if (verdict === 'dropped-as-old') {
      this.#duplicates++;
      return before;
    }
    if (verdict === 'kept-after-gap') this.#gaps++;
    if (this.#waiting !== null) return [...before, ...this.#splice(update.receivedAtMicros)];
    return [...before, ...this.#ask(update.receivedAtMicros, this.#reason)];
  }

  /** Puts the waiting snapshot in force if the buffered diffs continue it. */
  #splice(atMicros: Micros): readonly SyncOutput[] {
    const snapshot = this.#waiting;
    if (snapshot === null) return NOTHING;
    const held = this.#buffer.held.length;
    this.#buffer.dropBefore(snapshot.lastId);
    this.#dropped += held - this.#buffer.held.length;
    const first = this.#buffer.held[0];
    if (first === undefined) return NOTHING;
    const fits = first.firstId <= snapshot.lastId || first.previousId === snapshot.lastId;
    if (!fits) {
      this.#waiting = null;
      this.#reason = `snapshot ${snapshot.lastId} is older than the first update kept, ${first.firstId}`;
      this.#noteResync(atMicros);
      return this.#ask(atMicros, this.#reason);
    }
    this.book.clear();
    applyHeld(this.book, snapshot);
    for (const update of this.#buffer.held) {
      applyHeld(this.book, update);
      this.#advance(update, update.receivedAtMicros);
    }
    this.#waiting = null;
    this.#buffer.clear();
    this.#isSynced = true;
    return this.book.isCrossed ? this.#lose(this.#crossed(), atMicros) : APPLIED;
  }

  #advance(update: DepthUpdate | HeldUpdate, receivedAtMicros: Micros): void {
    this.#updateId = update.lastId;
    this.#eventMicros = update.eventMicros;
    this.#receivedMicros = receivedAtMicros;
    this.#applied++;
  }

  #crossed(): string {
    return `crossed: bid ${this.book.bestBid} at or above ask ${this.book.bestAsk}`;
  }

  #lose(reason: string, atMicros: Micros): readonly SyncOutput[] {
    this.#isSynced = false;
    this.#reason = reason;
    this.#waiting = null;
    this.#buffer.clear();
    this.#noteResync(atMicros);
    return this.#ask(atMicros, reason);
  }

  #restart(reason: string, atMicros: Micros): readonly SyncOutput[] {
    if (this.#isSynced) this.#noteResync(atMicros);
    this.#isSynced = false;
    this.#reason = reason;
    this.#waiting = null;
    this.#buffer.clear();
    // The next request waits for the first diff of the new connection: only what comes after can be spliced.
    this.#pacer.noteRestart();
    return NOTHING;
  }

  #noteResync(atMicros: Micros): void {
    this.#resyncs++;
    this.#pacer.noteResync(atMicros);
  }

  #ask(atMicros: Micros, reason: string): readonly SyncOutput[] {
    if (this.#pacer.isAsking) return NOTHING;
    return [{ kind: 'snapshot-needed', delayMs: this.#pacer.ask(atMicros), reason }];
  }

  snapshot(): BookSyncSnapshot {
    return {
      book: this.book.snapshot(),
      isSynced: this.#isSynced,
      reason: this.#reason,
      updateId: this.#updateId,
      eventMicros: this.#eventMicros,
      receivedMicros: this.#receivedMicros,
      held: [...this.#buffer.held],
      waiting: this.#waiting,
      pacer: this.#pacer.snapshot(),
      counters: this.counters,
    };
  }

  /** Puts a saved state back in place. */
  restore(saved: BookSyncSnapshot): void {
    this.book.restore(saved.book);
    this.#isSynced = saved.isSynced;
    this.#reason = saved.reason;
    this.#updateId = saved.updateId;
    this.#eventMicros = saved.eventMicros;
    this.#receivedMicros = saved.receivedMicros;
    this.#buffer.restore(saved.held);
    this.#waiting = saved.waiting;
    this.#pacer.restore(saved.pacer);
    this.#applied = saved.counters.applied;
    this.#dropped = saved.counters.dropped;
    this.#duplicates = saved.counters.duplicates;
    this.#gaps = saved.counters.gaps;
    this.#resyncs = saved.counters.resyncs;
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.book.stateHash());
    hash.integer(this.#isSynced ? 1 : 0);
    hash.integer(this.#updateId);
    hash.integer(this.#eventMicros ?? -1);
    for (const update of this.#buffer.held) hash.integer(update.lastId);
    hash.integer(this.#waiting?.lastId ?? -1);
    return hash.value();
  }
}
