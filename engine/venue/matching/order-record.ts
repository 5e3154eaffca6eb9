/** The layout of a resting order in memory, as types: files on the hot path repeat the numbers as typed local constants. */

/**
 * Where each field lies in the 16-byte record of an order, which begins at `slot << 2` in the records.
 *
 * The numbers are types and not exported constants on purpose: an engine reads an exported constant of another module
 * through a cell on every use, which made matching several times slower where modules are not bundled. A local constant
 * of the field's type folds into the code, and a wrong number does not compile.
 *
 * Queues and levels need these four alone. Kept apart from the facts, half a million of them fit twice as well into the
 * caches, and cancelling touches nothing else.
 */
export interface OrderField {
  /** Lots that can be matched now; of an iceberg, what is displayed. */
  readonly remaining: 0;
  /** Slot of the order behind in the queue, or 0; in the free list, the next free slot. */
  readonly next: 1;
  /** Slot of the order before in the queue, or 0. */
  readonly previous: 2;
  /** Level and marks, see {@link PlaceBit}. */
  readonly place: 3;
}

/** Bits of the place field. */
export interface PlaceBit {
  /** Index of the price level in the ladder of its side; 0 while the slot is free. */
  readonly level: 0xf_ffff;
  /** Set where a plain fill does not do the order justice: iceberg, reduce-only or member of a self-trade group. */
  readonly special: 0x10_0000;
  readonly sell: 0x20_0000;
  /** Ten bits that count how often the slot was reused. */
  readonly generation: -0x40_0000;
  /** One step of the generation. */
  readonly nextGeneration: 0x40_0000;
}

/** Where each fact about an order lies, from `slot << 2` in the facts. */
export interface OrderFact {
  readonly account: 0;
  readonly tag: 1;
  readonly serial: 2;
  /** Bits of {@link OrderBit}. */
  readonly flags: 3;
}

/** Bits of the flags. */
export interface OrderBit {
  /** Set for a sell order. */
  readonly sell: 1;
  readonly postOnly: 2;
  readonly iceberg: 4;
  readonly reduceOnly: 8;
  readonly grouped: 16;
  readonly marketMaker: 32;
  readonly day: 64;
  readonly goodTillDate: 128;
}

/** Where each detail of an order lies, from `slot << 3` in the details; they count only where the flags say so. */
export interface OrderDetail {
  /** Lots of an iceberg that are not displayed yet. */
  readonly hidden: 0;
  /** Largest slice of an iceberg. */
  readonly display: 1;
  /** Self-trade group of the order. */
  readonly group: 2;
  /** End of a good-till-date order in seconds since 1970 (unsigned). */
  readonly goodTill: 3;
  /** Share of every taker that this market maker's order is allocated first, in percent. */
  readonly makerPercent: 4;
}
