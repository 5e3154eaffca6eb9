/** Keeps a depth book in step with Binance futures diffs: buffer, splice a snapshot, follow `pu`, resync when lost. */
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import { type Micros, SECOND_MICROS } from '../../core/units.ts';
import type { DepthUpdate } from '../feed/binance/binance-message.ts';
import { DepthBook, type DepthBookSnapshot } from './depth-book.ts';
import { applyHeld, type HeldSnapshot, type HeldUpdate, holdSnapshot, holdUpdate } from './held-levels.ts';
import { ResyncPacer, type ResyncPacerSnapshot } from './resync-pacer.ts';
import type { SyncCounters, SyncInput, SyncOutput } from './sync-input.ts';
import { UpdateBuffer } from './update-buffer.ts';
import { layOver, VerifiedDepth, type VerifiedDepthSnapshot, type VerifiedRange } from './verified-depth.ts';

/** A saved machine. */
export interface BookSyncSnapshot {
  readonly book: DepthBookSnapshot;
  readonly isSynced: boolean;
  readonly reason: string;
  readonly updateId: number;
  readonly eventMicros: Micros | null;
  readonly newestEventMicros: Micros | null;
  readonly receivedMicros: Micros | null;
  readonly held: readonly HeldUpdate[];
  readonly waiting: HeldSnapshot | null;
  readonly verified: VerifiedDepthSnapshot;
  readonly isDeepening: boolean;
  readonly deepenedMicros: Micros | null;
  readonly pacer: ResyncPacerSnapshot;
  readonly counters: SyncCounters;
}

/** How far a snapshot may be ahead of the diffs; beyond it the ids must have started again. */
const SNAPSHOT_LEAD_MICROS: number = 5 * SECOND_MICROS;
/** Least time between two snapshots fetched only to see deeper. */
const DEEPEN_MICROS: number = 10 * SECOND_MICROS;
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
 * A snapshot ends at an edge. When the touch comes near it, another one is fetched and laid over the book in one
 * input, while the book stays in step: see {@link VerifiedDepth}. A source that answers no request is never asked.
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
  readonly #verified: VerifiedDepth = new VerifiedDepth();
  readonly #deepens: boolean;
  #isSynced = false;
  #reason = 'no snapshot yet';
  #updateId = 0;
  #eventMicros: Micros | null = null;
  #newestEventMicros: Micros | null = null;
  #receivedMicros: Micros | null = null;
  /** A snapshot newer than every diff seen so far. */
  #waiting: HeldSnapshot | null = null;
  /** In step, and diffs are kept as well as applied until a deeper snapshot is there. */
  #isDeepening = false;
  #deepenedMicros: Micros | null = null;
  #applied = 0;
  #dropped = 0;
  #duplicates = 0;
  #gaps = 0;
  #resyncs = 0;

  /** @param options.deepens - whether snapshots may be asked for only to see deeper: not of a recording */
  constructor(options: { readonly deepens: boolean } = { deepens: true }) {
    this.#deepens = options.deepens;
  }

  /** True while the book is the venue's book as of {@link updateId}, within {@link verified}. */
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

  /** Prices between which every level is known. */
  get verified(): VerifiedRange {
    return this.#verified.range;
  }

  /** Newest event time of the applied diffs of this connection: where the venue's clock steps back, it waits. */
  get eventMicros(): Micros | null {
    return this.#newestEventMicros;
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
        if (this.#isSynced && !this.#isDeepening) return NOTHING;
        this.#pacer.noteAnswer();
        this.#waiting = holdSnapshot(input.snapshot, input.receivedAtMicros);
        return this.#splice(input.receivedAtMicros);
      case 'snapshot-failed':
        if (this.#isSynced && !this.#isDeepening) return NOTHING;
        this.#pacer.noteFailure(input.atMicros, input.retryAfterMs ?? 0);
        if (this.#isSynced) return this.#endDeepening();
        this.#reason = `the snapshot failed: ${input.reason}`;
        return this.#ask(input.atMicros, this.#reason);
      case 'restart':
        return this.#restart(input.reason, input.atMicros);
      case 'doubt':
        return this.#isSynced ? this.#lose(input.reason, input.atMicros) : NOTHING;
      case 'clock':
        if (!this.#pacer.isOverdue(input.nowMicros)) return NOTHING;
        this.#pacer.noteFailure(input.nowMicros, 0);
        if (this.#isSynced) return this.#endDeepening();
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
    if (this.book.isCrossed) return this.#lose(this.#crossed(), receivedAtMicros);
    return this.#deepen(update, receivedAtMicros);
  }

  /** In step: asks for a deeper snapshot where one is due, and keeps the diffs that it must be joined to. */
  #deepen(update: DepthUpdate, atMicros: Micros): readonly SyncOutput[] {
    if (this.#isDeepening) {
      this.#buffer.add(holdUpdate(update, atMicros));
      const joined = this.#splice(atMicros);
      return joined.length > 0 ? joined : APPLIED;
    }
    if (!this.#deepens || !this.#verified.isShort(this.book)) return APPLIED;
    if (this.#deepenedMicros !== null && atMicros - this.#deepenedMicros < DEEPEN_MICROS) return APPLIED;
    this.#isDeepening = true;
    this.#deepenedMicros = atMicros;
    this.#buffer.clear();
    this.#buffer.add(holdUpdate(update, atMicros));
    return [...APPLIED, ...this.#ask(atMicros, 'the price nears the edge of the snapshot')];
  }

  #endDeepening(): readonly SyncOutput[] {
    this.#isDeepening = false;
    this.#waiting = null;
    this.#buffer.clear();
    return NOTHING;
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
    if (!this.#isSynced) this.#dropped += held - this.#buffer.held.length;
    const first = this.#buffer.held[0];
    if (first === undefined) {
      const waitedMicros = atMicros - snapshot.receivedAtMicros;
      return this.#isSynced && waitedMicros > SNAPSHOT_LEAD_MICROS ? this.#endDeepening() : NOTHING;
    }
    const fits = first.firstId <= snapshot.lastId || first.previousId === snapshot.lastId;
    if (this.#isSynced) return fits ? this.#layOver(snapshot, atMicros) : this.#endDeepening();
    if (!fits) {
      this.#waiting = null;
      this.#reason = `snapshot ${snapshot.lastId} is older than the first update kept, ${first.firstId}`;
      this.#noteResync(atMicros);
      return this.#ask(atMicros, this.#reason);
    }
    this.book.clear();
    // A new session may tell another time; what the last one told bounds nothing.
    this.#newestEventMicros = null;
    applyHeld(this.book, snapshot);
    for (const update of this.#buffer.held) {
      applyHeld(this.book, update);
      this.#advance(update, update.receivedAtMicros);
    }
    this.#waiting = null;
    this.#buffer.clear();
    this.#isSynced = true;
    this.#verified.replace(snapshot, this.book);
    return this.book.isCrossed ? this.#lose(this.#crossed(), atMicros) : APPLIED;
  }

  /** Lays a snapshot over the book in step, with the diffs that came after it: the same update, known deeper. */
  #layOver(snapshot: HeldSnapshot, atMicros: Micros): readonly SyncOutput[] {
    layOver(this.book, snapshot);
    for (const update of this.#buffer.held) applyHeld(this.book, update);
    this.#verified.extend(snapshot, this.book);
    this.#endDeepening();
    return this.book.isCrossed ? this.#lose(this.#crossed(), atMicros) : APPLIED;
  }

  #advance(update: DepthUpdate | HeldUpdate, receivedAtMicros: Micros): void {
    this.#updateId = update.lastId;
    this.#eventMicros = update.eventMicros;
    if (this.#newestEventMicros === null || update.eventMicros > this.#newestEventMicros)
      this.#newestEventMicros = update.eventMicros;
    this.#receivedMicros = receivedAtMicros;
    this.#applied++;
  }

  #crossed(): string {
    return `crossed: bid ${this.book.bestBid} at or above ask ${this.book.bestAsk}`;
  }

  #lose(reason: string, atMicros: Micros): readonly SyncOutput[] {
    this.#isSynced = false;
    this.#reason = reason;
    this.#endDeepening();
    this.#noteResync(atMicros);
    return this.#ask(atMicros, reason);
  }

  #restart(reason: string, atMicros: Micros): readonly SyncOutput[] {
    if (this.#isSynced) this.#noteResync(atMicros);
    this.#isSynced = false;
    this.#reason = reason;
    this.#endDeepening();
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
      newestEventMicros: this.#newestEventMicros,
      receivedMicros: this.#receivedMicros,
      held: [...this.#buffer.held],
      waiting: this.#waiting,
      verified: this.#verified.snapshot(),
      isDeepening: this.#isDeepening,
      deepenedMicros: this.#deepenedMicros,
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
    this.#newestEventMicros = saved.newestEventMicros;
    this.#receivedMicros = saved.receivedMicros;
    this.#buffer.restore(saved.held);
    this.#waiting = saved.waiting;
    this.#verified.restore(saved.verified);
    this.#isDeepening = saved.isDeepening;
    this.#deepenedMicros = saved.deepenedMicros;
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
