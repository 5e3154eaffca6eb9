// The obvious second implementation of the depth book: two maps, sorted whenever they are read.

/** Market by price in two maps. */
export class NaiveDepthBook {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  unknownDeletes = 0;

  set(side: 'bid' | 'ask', priceTicks: number, sizeLots: number): void {
    const levels = side === 'bid' ? this.bids : this.asks;
    if (sizeLots > 0) levels.set(priceTicks, sizeLots);
    else if (!levels.delete(priceTicks)) this.unknownDeletes++;
  }

  /** Levels best first. */
  levels(side: 'bid' | 'ask'): readonly (readonly [number, number])[] {
    return side === 'bid'
      ? [...this.bids].sort((a, b) => b[0] - a[0])
      : [...this.asks].sort((a, b) => a[0] - b[0]);
  }

  /** Rows of price, size and size from the touch, best first; bids by floor, asks by ceil. */
  grouped(side: 'bid' | 'ask', groupTicks: number, rows: number): readonly number[] {
    const bySlot = new Map<number, number>();
    for (const [price, size] of this.levels(side)) {
      const slot = side === 'bid' ? Math.floor(price / groupTicks) : Math.ceil(price / groupTicks);
      bySlot.set(slot * groupTicks + 0, (bySlot.get(slot * groupTicks + 0) ?? 0) + size);
    }
    let cumulative = 0;
    return [...bySlot].slice(0, rows).flatMap(([price, size]) => {
      cumulative += size;
      return [price, size, cumulative];
    });
  }

  /** Sizes of both sides per price row, lowest first. */
  rows(baseTicks: number, rowTicks: number, rows: number): readonly number[] {
    return Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (const [price, size] of [...this.bids, ...this.asks]) {
        if (price >= baseTicks + row * rowTicks && price < baseTicks + (row + 1) * rowTicks) sum += size;
      }
      return sum;
    });
  }
}
