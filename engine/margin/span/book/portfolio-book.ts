/** A portfolio book: many named portfolios of one parameter set as flat columns, and the draft that builds it row by row. */
import type { Failure } from '../../../core/failure.ts';

/** What a portfolio holds, without its name: all that a calculation needs, cheap to hand to another thread. */
export interface BookRows {
  /** First row of each portfolio, and one more for the end: one longer than there are portfolios. */
  readonly starts: Int32Array;
  /** Contract of each row, an index into the set's contracts; rows of one contract are netted when they are margined. */
  readonly contracts: Int32Array;
  /** Signed whole contracts of each row. */
  readonly lots: Float64Array;
  /** Portfolios of which some row could not be read, and why: without it the others would be another portfolio. */
  readonly unread: ReadonlyMap<number, Failure>;
}

/** Portfolios in the order in which they were first named. */
export interface PortfolioBook extends BookRows {
  readonly names: readonly string[];
}

const FIRST_CAPACITY = 1_024;

/** Collects rows in any order; {@link build} groups them by portfolio. */
export class BookDraft {
  readonly #names: string[] = [];
  readonly #index = new Map<string, number>();
  readonly #unread = new Map<number, Failure>();
  #portfolios = new Int32Array(FIRST_CAPACITY);
  #contracts = new Int32Array(FIRST_CAPACITY);
  #lots = new Float64Array(FIRST_CAPACITY);
  #rowCount = 0;

  get portfolioCount(): number {
    return this.#names.length;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Index of a portfolio by its name; a new name makes a new portfolio. */
  portfolio(name: string): number {
    let index = this.#index.get(name);
    if (index === undefined) {
      index = this.#names.push(name) - 1;
      this.#index.set(name, index);
    }
    return index;
  }

  /** Adds a row. */
  add(portfolio: number, contract: number, lots: number): void {
    if (this.#rowCount === this.#lots.length) this.#grow();
    const row = this.#rowCount++;
    this.#portfolios[row] = portfolio;
    this.#contracts[row] = contract;
    this.#lots[row] = lots;
  }

  /** Says that a row of a portfolio could not be read; of several the first stays. */
  miss(portfolio: number, why: Failure): void {
    if (!this.#unread.has(portfolio)) this.#unread.set(portfolio, why);
  }

  /** The book of all rows so far; those of one portfolio stay in their order. */
  build(): PortfolioBook {
    const rowCount = this.#rowCount;
    const starts = new Int32Array(this.#names.length + 1);
    for (let row = 0; row < rowCount; row++) {
      const next = (this.#portfolios[row] as number) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let p = 0; p < this.#names.length; p++) {
      starts[p + 1] = (starts[p + 1] as number) + (starts[p] as number);
    }
    const ends = starts.slice();
    const contracts = new Int32Array(rowCount);
    const lots = new Float64Array(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const portfolio = this.#portfolios[row] as number;
      const at = ends[portfolio] as number;
      ends[portfolio] = at + 1;
      contracts[at] = this.#contracts[row] as number;
      lots[at] = this.#lots[row] as number;
    }
    return { names: this.#names, starts, contracts, lots, unread: this.#unread };
  }

  #grow(): void {
    const capacity = this.#lots.length * 2;
    const grown = <T extends Int32Array | Float64Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.#portfolios = grown(new Int32Array(capacity), this.#portfolios);
    this.#contracts = grown(new Int32Array(capacity), this.#contracts);
    this.#lots = grown(new Float64Array(capacity), this.#lots);
  }
}
