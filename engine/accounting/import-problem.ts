/** What an import found wrong, and the limits of what it reads. */
import type { Account } from './portfolio.ts';

/** One thing wrong in an imported file. */
export interface ImportProblem {
  /** Counted from 1. */
  readonly line: number;
  /** Column of a CSV file, path of a JSON file; empty for the whole row. */
  readonly column: string;
  readonly expected: string;
  readonly found: string;
}

/** What an import gave: the good rows as accounts, the bad rows named. */
export interface ImportedPortfolio {
  readonly accounts: readonly Account[];
  readonly positions: number;
  readonly problems: readonly ImportProblem[];
}

/** Most of everything an import reads; beyond it the file is refused. */
export const IMPORT_LIMITS = {
  characters: 4_000_000,
  rows: 10_000,
  fieldCharacters: 1_000,
  jsonDepth: 16,
} as const;

const PROBLEM_LIMIT = 1_000;
const FOUND_LIMIT = 80;

/** Collects problems in file order, up to a limit that is itself reported. */
export class ProblemList {
  readonly #problems: ImportProblem[] = [];
  #more = 0;

  /** Adds one; `found` is cut to a readable length. */
  add(problem: ImportProblem): void {
    if (this.#problems.length >= PROBLEM_LIMIT) {
      this.#more++;
      return;
    }
    const { found } = problem;
    this.#problems.push(
      found.length > FOUND_LIMIT ? { ...problem, found: `${found.slice(0, FOUND_LIMIT)}…` } : problem,
    );
  }

  /** All problems by line, with a last one for those beyond the limit. */
  list(): readonly ImportProblem[] {
    const sorted = this.#problems.toSorted((a, b) => a.line - b.line);
    if (this.#more === 0) return sorted;
    const expected = `at most ${PROBLEM_LIMIT} problems to list`;
    return [...sorted, { line: sorted.at(-1)?.line ?? 1, column: '', expected, found: `${this.#more} more` }];
  }
}
