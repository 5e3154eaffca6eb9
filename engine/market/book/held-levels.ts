/** Depth messages that must outlive the decoder's buffers: diffs that wait for a snapshot, and a snapshot that waits. */
import type { Micros } from '../../core/units.ts';
import type { DepthSnapshot, DepthUpdate } from '../feed/binance/binance-message.ts';
import type { LevelBuffer } from '../feed/binance/level-buffer.ts';
import type { DepthBook, SideLevels } from './depth-book.ts';

/** A diff with its own copy of its levels. */
export interface HeldUpdate {
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number;
  readonly eventMicros: Micros;
  readonly receivedAtMicros: Micros;
  readonly bids: SideLevels;
  readonly asks: SideLevels;
}

/** A REST book with its own copy of its levels. */
export interface HeldSnapshot {
  readonly lastId: number;
  readonly receivedAtMicros: Micros;
  readonly bids: SideLevels;
  readonly asks: SideLevels;
}

/** Copies a decoded diff. */
export function holdUpdate(update: DepthUpdate, receivedAtMicros: Micros): HeldUpdate {
  const { firstId, lastId, previousId, eventMicros } = update;
  const bids = copy(update.bids);
  const asks = copy(update.asks);
  return { firstId, lastId, previousId, eventMicros, receivedAtMicros, bids, asks };
}

/** Copies a decoded REST book. */
export function holdSnapshot(snapshot: DepthSnapshot, receivedAtMicros: Micros): HeldSnapshot {
  return { lastId: snapshot.lastId, receivedAtMicros, bids: copy(snapshot.bids), asks: copy(snapshot.asks) };
}

/** Sets all held levels of both sides. */
export function applyHeld(
  book: DepthBook,
  held: { readonly bids: SideLevels; readonly asks: SideLevels },
): void {
  book.setAll('bid', held.bids.priceTicks, held.bids.sizeLots, held.bids.priceTicks.length);
  book.setAll('ask', held.asks.priceTicks, held.asks.sizeLots, held.asks.priceTicks.length);
}

function copy(levels: LevelBuffer): SideLevels {
  return {
    priceTicks: levels.priceTicks.slice(0, levels.count),
    sizeLots: levels.sizeLots.slice(0, levels.count),
  };
}
