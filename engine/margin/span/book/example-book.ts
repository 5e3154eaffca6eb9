/** A made-up portfolio book over the contracts of a set, from a seed, to try a book without having one. */
import { Rng } from '../../../core/rng.ts';
import type { SpanPlan } from '../plan.ts';
import { marginableContract } from '../span-portfolio.ts';
import { BookDraft, type PortfolioBook } from './portfolio-book.ts';

const MOST_IDEAS = 3;
/** Of a commodity with more, so many contracts are traded, evenly spaced. */
const MOST_CONTRACTS = 40;
const MOST_LOTS = 40;
/** In a hundred. */
const SPREADERS = 45;

/** Draws the portfolios one after the other: an outright position or a spread between months, one to three of them. */
export class ExampleBook {
  readonly #draft = new BookDraft();
  readonly #rng: Rng;
  /** Contracts that can be margined, by commodity; commodities without one are left out. */
  readonly #commodities: readonly (readonly number[])[];

  /** @param seed - the same seed gives the same book under the same set */
  constructor(plan: SpanPlan, seed: number) {
    this.#rng = new Rng(seed);
    const members: number[][] = plan.commodities.map(() => []);
    plan.set.contracts.forEach(({ id }, index) => {
      if (!marginableContract(plan, { contract: id, lots: 1 }, 1).ok) return;
      members[plan.commodityOf[index] ?? -1]?.push(index);
    });
    this.#commodities = members.filter((contracts) => contracts.length > 0).map(spaced);
  }

  get portfolioCount(): number {
    return this.#draft.portfolioCount;
  }

  /** Draws `count` portfolios more. */
  draw(count: number): void {
    for (let p = 0; p < count; p++) {
      const number = String(this.#draft.portfolioCount + 1).padStart(6, '0');
      const portfolio = this.#draft.portfolio(`EXAMPLE-${number}`);
      const ideas = 1 + this.#rng.below(MOST_IDEAS);
      for (let idea = 0; idea < ideas; idea++) this.#drawIdea(portfolio);
    }
  }

  /** The book of what was drawn. */
  build(): PortfolioBook {
    return this.#draft.build();
  }

  #drawIdea(portfolio: number): void {
    const rng = this.#rng;
    if (this.#commodities.length === 0) return;
    const contracts = this.#commodities[rng.below(this.#commodities.length)] ?? [];
    const first = rng.below(contracts.length);
    const lots = (1 + rng.below(MOST_LOTS)) * (rng.below(2) === 0 ? 1 : -1);
    this.#draft.add(portfolio, contracts[first] ?? -1, lots);
    if (contracts.length === 1 || rng.below(100) >= SPREADERS) return;
    const other = (first + 1 + rng.below(contracts.length - 1)) % contracts.length;
    this.#draft.add(portfolio, contracts[other] ?? -1, -lots);
  }
}

function spaced(contracts: readonly number[]): readonly number[] {
  const step = Math.max(1, Math.ceil(contracts.length / MOST_CONTRACTS));
  return contracts.filter((_, i) => i % step === 0);
}
