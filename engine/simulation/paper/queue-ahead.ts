/** The orders before one resting order at its price, which can only grow fewer: whoever comes later stands behind. */
import type { RestingOrder } from '../../venue/matching/book-reader.ts';
import type { VenueOutput } from '../../venue/matching/venue-output.ts';

/** An order before ours. */
interface Before {
  shownLots: number;
  openLots: number;
  /** Largest slice of an iceberg; 0 for a plain order. */
  readonly displayLots: number;
}

/** Fewer lots before an order, by trades or by cancellations and changes. */
export interface Shrinkage {
  readonly by: 'traded' | 'cancelled';
  readonly lots: number;
}

/**
 * Exact lots before an order in a first-come queue, by the serial numbers of the orders there. What an iceberg hides stands
 * behind and does not count.
 */
export class QueueAhead {
  readonly #before = new Map<number, Before>();
  #lots = 0;

  /** @param queue - the queue at its price, first to be matched first, with the order itself in it */
  constructor(queue: readonly RestingOrder[], ownSerial: number) {
    for (const { serial, remainingLots, hiddenLots, displayLots } of queue) {
      if (serial === ownSerial) return;
      this.#before.set(serial, {
        shownLots: remainingLots,
        openLots: remainingLots + hiddenLots,
        displayLots,
      });
      this.#lots += remainingLots;
    }
  }

  /** Lots before the order now. */
  get lots(): number {
    return this.#lots;
  }

  /** Takes note of what happened in the book; what it did to the lots before ours, or null for nothing. */
  follow(output: VenueOutput): Shrinkage | null {
    switch (output.kind) {
      case 'traded':
        return shrinkage('traded', this.#traded(output.maker.serial, output.sizeLots));
      case 'uncrossed': {
        const { buyer, seller, sizeLots } = output;
        const lots = this.#uncrossed(buyer.serial, sizeLots) + this.#uncrossed(seller.serial, sizeLots);
        return shrinkage('traded', lots);
      }
      case 'reduced':
        return shrinkage('cancelled', this.#reduced(output.serial, output.sizeLots));
      case 'cancelled':
      case 'refreshed':
        return shrinkage('cancelled', this.#left(output.serial));
      default:
        return null;
    }
  }

  #traded(serial: number, lots: number): number {
    const one = this.#before.get(serial);
    if (one === undefined) return 0;
    one.openLots -= lots;
    // A slice that is used up goes to the end; an order that is served whole leaves.
    return this.#show(serial, one, Math.max(0, one.shownLots - lots));
  }

  /** In an auction an iceberg shows a full slice of what is left, in its place. */
  #uncrossed(serial: number, lots: number): number {
    const one = this.#before.get(serial);
    if (one === undefined) return 0;
    one.openLots -= lots;
    const shown = one.displayLots === 0 ? one.openLots : Math.min(one.openLots, one.displayLots);
    return this.#show(serial, one, shown);
  }

  /** Hidden lots go first; an order that gives up all gives up its place. */
  #reduced(serial: number, lots: number): number {
    const one = this.#before.get(serial);
    if (one === undefined) return 0;
    one.openLots -= lots;
    return this.#show(serial, one, Math.min(one.shownLots, one.openLots));
  }

  #left(serial: number): number {
    const one = this.#before.get(serial);
    return one === undefined ? 0 : this.#show(serial, one, 0);
  }

  #show(serial: number, one: Before, shownLots: number): number {
    const fewer = one.shownLots - shownLots;
    one.shownLots = shownLots;
    if (shownLots === 0) this.#before.delete(serial);
    this.#lots -= fewer;
    return fewer;
  }
}

function shrinkage(by: Shrinkage['by'], lots: number): Shrinkage | null {
  // An iceberg that an auction filled in part may show more than before: nothing that anyone gave up.
  return lots <= 0 ? null : { by, lots };
}
