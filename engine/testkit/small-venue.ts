// A tiny venue whose true book is known after every single update: diffs, REST books and touches as it would send them.
import type { Rng } from '../core/rng.ts';
import { formatMultiple, increment } from '../core/units.ts';
import { DepthBook } from '../market/book/depth-book.ts';

const TICK = increment('0.1');
const LOT = increment('0.001');
const MID = 600_000;

interface Change {
  readonly id: number;
  readonly side: 'bid' | 'ask';
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** A diff as sent, with its ids. */
export interface SmallDiff {
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number;
  readonly json: string;
}

const level = (priceTicks: number, sizeLots: number): readonly [string, string] => [
  `${formatMultiple(priceTicks, TICK)}0`,
  formatMultiple(sizeLots, LOT),
];

/** Makes up changes one by one; ids have holes, as the venue counts over all symbols. */
export class SmallVenue {
  readonly #rng: Rng;
  readonly #truth = new DepthBook();
  readonly #changes: Change[] = [];
  readonly #hashes = new Map<number, number>();
  #id: number;
  #sentId: number;
  #sentChanges = 0;

  /** @param firstId - ids start above it */
  constructor(rng: Rng, firstId = 1000) {
    this.#rng = rng;
    this.#id = firstId;
    this.#sentId = firstId;
    for (let i = 0; i < 20; i++) this.#change();
    this.nextDiff(0);
  }

  /** Hash of the true book after the update with this id; undefined where no diff ended. */
  truthAt(id: number): number | undefined {
    return this.#hashes.get(id);
  }

  /** Hash of the true book now. */
  get truth(): number {
    return this.#truth.stateHash();
  }

  /** Lets the market move and returns the diff of what moved. */
  nextDiff(atMillis: number): SmallDiff {
    const count = 1 + this.#rng.below(6);
    for (let i = 0; i < count; i++) this.#change();
    const changes = this.#changes.slice(this.#sentChanges);
    this.#sentChanges = this.#changes.length;
    const previousId = this.#sentId;
    this.#sentId = this.#id;
    this.#hashes.set(this.#id, this.#truth.stateHash());
    const firstId = changes[0]?.id ?? this.#id;
    const side = (name: 'bid' | 'ask') => {
      const net = new Map<number, number>();
      for (const c of changes) if (c.side === name) net.set(c.priceTicks, c.sizeLots);
      return [...net].map(([price, size]) => level(price, size));
    };
    const json = JSON.stringify({
      e: 'depthUpdate',
      E: atMillis,
      T: atMillis,
      s: 'BTCUSDT',
      U: firstId,
      u: this.#id,
      pu: previousId,
      b: side('bid'),
      a: side('ask'),
    });
    return { firstId, lastId: this.#id, previousId, json };
  }

  /** The REST book as of `behind` single updates ago (0 is now). */
  restBook(atMillis: number, behind: number): string {
    const upTo = Math.max(1, this.#changes.length - behind);
    const book = new DepthBook();
    for (const c of this.#changes.slice(0, upTo)) book.set(c.side, c.priceTicks, c.sizeLots);
    const side = (name: 'bid' | 'ask') => {
      const levels: (readonly [string, string])[] = [];
      book.eachLevel(name, (price, size) => {
        levels.push(level(price, size));
        return true;
      });
      return levels;
    };
    const lastUpdateId = this.#changes[upTo - 1]?.id;
    return JSON.stringify({ lastUpdateId, E: atMillis, T: atMillis, bids: side('bid'), asks: side('ask') });
  }

  /** The touch now. */
  touch(atMillis: number): string {
    const { bestBid, bestAsk } = this.#truth;
    const [b, B] = level(bestBid ?? 0, bestBid === null ? 0 : this.#truth.sizeAt('bid', bestBid));
    const [a, A] = level(bestAsk ?? 0, bestAsk === null ? 0 : this.#truth.sizeAt('ask', bestAsk));
    return JSON.stringify({
      e: 'bookTicker',
      u: this.#id,
      s: 'BTCUSDT',
      b,
      B,
      a,
      A,
      T: atMillis,
      E: atMillis,
    });
  }

  #change(): void {
    this.#id += 1 + this.#rng.below(4);
    const side = this.#rng.below(2) === 0 ? 'bid' : 'ask';
    const away = 1 + this.#rng.below(40);
    const priceTicks = side === 'bid' ? MID - away : MID + away;
    const sizeLots = this.#rng.below(3) === 0 ? 0 : 1 + this.#rng.below(5000);
    this.#changes.push({ id: this.#id, side, priceTicks, sizeLots });
    this.#truth.set(side, priceTicks, sizeLots);
  }
}
