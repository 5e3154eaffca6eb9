/** What would have saved an account: the least extra margin and the smallest cut, each found and proved by running again. */
import { fail, ok, type Result } from '../../core/result.ts';
import { CascadeRun } from './cascade-run.ts';
import type { CascadeScenario } from './cascade-scenario.ts';

/** What is asked: whose liquidation, and how finely. */
export interface SavedMeQuestion {
  readonly account: number;
  readonly market: number;
  /** The answer is within this much extra margin of one that does not save, currency. At least 0.01. */
  readonly marginStep: number;
}

/** The answers. Each was run: with it the account is not liquidated, with one step less it is. */
export interface SavedMeAnswer {
  /** Currency; null where not even the limit saves. */
  readonly extraMargin: number | null;
  /** Lots fewer from the start, the margin unchanged; null where not even closing the position saves. */
  readonly cutLots: number | null;
  /** Size of the position at the start, lots. */
  readonly sizeLots: number;
  /** Runs it took. */
  readonly runs: number;
}

/** Most extra margin tried, currency. */
const MARGIN_LIMIT = 1e9;

/**
 * Finds what would have kept an account from being liquidated, all else equal.
 *
 * The run is repeated with the change made at the start, so everything it alters (other accounts, the price path) is in
 * the answer. Between an amount that saves and one that does not the search halves the distance; where more of it could
 * hurt again, the answer is still a true border, only perhaps not the lowest.
 *
 * Fails: `scenario/not-liquidated` where the account is not liquidated in the first place.
 */
export function whatWouldHaveSaved(
  scenario: CascadeScenario,
  question: SavedMeQuestion,
): Result<SavedMeAnswer> {
  const { account, market } = question;
  let runs = 0;
  const saves = (extraMargin: number, cutLots: number): boolean => {
    runs++;
    return !isLiquidated(withIntervention(scenario, { account, market, extraMargin, cutLots }), account);
  };
  if (saves(0, 0)) {
    return fail('scenario/not-liquidated', `account ${account} is not liquidated in this run`, { account });
  }
  const step = Math.max(0.01, question.marginStep);
  const steps = leastThatSaves(Math.floor(MARGIN_LIMIT / step), (n) => saves(n * step, 0));
  const { house } = new CascadeRun(scenario);
  const sizeOf = (leg: 0 | 1): number => Math.abs(house.positions.size(house.slotOf(account, market, leg)));
  const sizeLots = Math.max(sizeOf(0), sizeOf(1));
  const cutLots = sizeLots === 0 ? null : leastThatSaves(sizeLots, (lots) => saves(0, lots));
  return ok({ extraMargin: steps === null ? null : steps * step, cutLots, sizeLots, runs });
}

/** The scenario with one more intervention. */
export function withIntervention(
  scenario: CascadeScenario,
  change: CascadeScenario['interventions'][number],
): CascadeScenario {
  return { ...scenario, interventions: [...scenario.interventions, change] };
}

/** Whether an account is liquidated, wholly or in part, at any time of the run. */
export function isLiquidated(scenario: CascadeScenario, account: number): boolean {
  const run = new CascadeRun(scenario);
  for (let told = run.step(); told !== null; told = run.step()) {
    if (told.some((event) => event.kind === 'liquidated' && event.account === account)) return true;
  }
  return false;
}

/** The least whole number from 1 to `limit` that saves, by doubling, then halving; 0 does not. Null where none was found. */
function leastThatSaves(limit: number, saves: (n: number) => boolean): number | null {
  let fails = 0;
  let works = Math.min(1, limit);
  while (!saves(works)) {
    if (works >= limit) return null;
    fails = works;
    works = Math.min(limit, works * 2);
  }
  while (works - fails > 1) {
    const middle = Math.floor((works + fails) / 2);
    if (saves(middle)) works = middle;
    else fails = middle;
  }
  return works;
}
