// Seeded cases of "what would have saved me": liquidated accounts of random cascades, the answers proved by re-runs.
import { CascadeRun } from '../simulation/cascade/cascade-run.ts';
import type { CascadeScenario } from '../simulation/cascade/cascade-scenario.ts';
import { isLiquidated, whatWouldHaveSaved, withIntervention } from '../simulation/cascade/saved-me.ts';
import { randomCascade } from './random-cascade.ts';

/** How the cases went. */
export interface SavedMeTally {
  cases: number;
  savedByMargin: number;
  savedByCut: number;
  runs: number;
}

function firstLiquidated(scenario: CascadeScenario): { account: number; market: number } | null {
  const run = new CascadeRun(scenario);
  for (let told = run.step(); told !== null; told = run.step()) {
    for (const event of told) {
      if (event.kind === 'liquidated') return { account: event.account, market: event.market };
    }
  }
  return null;
}

/** Plays cases from a seed on until there are enough. Throws where an answer does not save, or a step less would too. */
export function savedMeCases(firstSeed: number, cases: number): SavedMeTally {
  const tally: SavedMeTally = { cases: 0, savedByMargin: 0, savedByCut: 0, runs: 0 };
  const step = 1;
  for (let seed = firstSeed; tally.cases < cases; seed++) {
    const scenario = randomCascade(seed);
    const who = firstLiquidated(scenario);
    if (who === null) continue;
    const answer = whatWouldHaveSaved(scenario, { ...who, marginStep: step });
    if (!answer.ok) throw new Error(`seed ${seed}: ${answer.failure.message}`);
    const { extraMargin, cutLots, runs } = answer.value;
    const dies = (extra: number, cut: number): boolean =>
      isLiquidated(withIntervention(scenario, { ...who, extraMargin: extra, cutLots: cut }), who.account);
    const proof = (what: string, saves: boolean, border: boolean): void => {
      if (!saves || !border) throw new Error(`seed ${seed}: ${what} saves ${saves}, is a border ${border}`);
    };
    if (extraMargin !== null) {
      proof(`extra margin ${extraMargin}`, !dies(extraMargin, 0), dies(extraMargin - step, 0));
      tally.savedByMargin++;
    }
    if (cutLots !== null) {
      proof(`cut of ${cutLots}`, !dies(0, cutLots), dies(0, cutLots - 1));
      tally.savedByCut++;
    }
    tally.runs += runs;
    tally.cases++;
  }
  return tally;
}
