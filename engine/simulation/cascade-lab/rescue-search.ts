/** The search for what would have saved an account, run by run, so that it can be watched and given up. */
import type { CascadeEvent } from '../cascade/cascade-events.ts';
import { CascadeRun } from '../cascade/cascade-run.ts';
import type { CascadeScenario } from '../cascade/cascade-scenario.ts';
import { withIntervention } from '../cascade/saved-me.ts';

/** What the search found. Each figure was run: with it the account lives, with one step less it does not. */
export interface Rescue {
  readonly account: number;
  readonly market: number;
  /** Least extra margin from the start, currency; null where none was found. */
  readonly extraMargin: number | null;
  readonly marginStep: number;
  /** Smallest cut of the position from the start, lots; null where none was found. */
  readonly cutLots: number | null;
  readonly cutStep: number;
  readonly sizeLots: number;
  readonly runs: number;
}

/** Steps between nothing and the first guess: the answer is this fine. */
const FINENESS = 64;
/** Events run between two looks at the clock. */
const SLICE_EVENTS = 200;

/** A search in progress: yields the number of runs begun, again and again; returns null where the account is not liquidated. */
export function* searchRescue(
  scenario: CascadeScenario,
  events: readonly CascadeEvent[],
  account: number,
  market: number,
): Generator<number, Rescue | null> {
  const breach = events.find((event) => event.kind === 'margin-breached' && event.account === account);
  const order = events.find((event) => event.kind === 'liquidation-order' && event.account === account);
  if (breach?.kind !== 'margin-breached' || order?.kind !== 'liquidation-order') return null;
  const side = order.side === 'sell' ? 1 : -1;
  const { house } = new CascadeRun(scenario);
  const sizeOf = (leg: 0 | 1): number => Math.abs(house.positions.size(house.slotOf(account, market, leg)));
  const sizeLots = Math.max(sizeOf(0), sizeOf(1));
  let worst = breach.markTicks;
  for (const event of events) {
    if (event.kind !== 'mark-moved' || event.market !== market || event.id < breach.id) continue;
    worst = side === 1 ? Math.min(worst, event.markTicks) : Math.max(worst, event.markTicks);
  }
  const perTick = (sizeLots * Number(house.unitsPerTickLot[market] ?? 0n)) / 1e8;
  // What the worst mark would have asked for, if nothing else had changed.
  const guess = Math.max(
    0.01,
    breach.maintenance - breach.equity + Math.abs(worst - breach.markTicks) * perTick,
  );
  let runs = 0;
  const saves = function* (extraMargin: number, cutLots: number): Generator<number, boolean> {
    runs++;
    const changed = withIntervention(scenario, { account, market, extraMargin, cutLots });
    return yield* livesThrough(changed, account, () => runs);
  };
  const marginStep = niceStep(guess / FINENESS);
  const steps = yield* least(Math.ceil(guess / marginStep) + 1, 1e9, (n) => saves(n * marginStep, 0));
  const cutStep = Math.max(1, Math.floor(sizeLots / FINENESS));
  const most = Math.ceil(sizeLots / cutStep);
  const lotsOf = (n: number): number => Math.min(sizeLots, n * cutStep);
  const cuts = sizeLots === 0 ? null : yield* least(Math.ceil(most / 2), most, (n) => saves(0, lotsOf(n)));
  return {
    account,
    market,
    extraMargin: steps === null ? null : Math.round(steps * marginStep * 100) / 100,
    marginStep,
    cutLots: cuts === null ? null : lotsOf(cuts),
    cutStep,
    sizeLots,
    runs,
  };
}

/** 1, 2 or 5 times a power of ten, at least a hundredth. */
function niceStep(value: number): number {
  let unit = 0.01;
  while (unit * 10 <= value) unit *= 10;
  const step = unit * 5 <= value ? unit * 5 : unit * 2 <= value ? unit * 2 : unit;
  return Math.round(step * 100) / 100;
}

function* livesThrough(
  scenario: CascadeScenario,
  account: number,
  count: () => number,
): Generator<number, boolean> {
  const run = new CascadeRun(scenario);
  while (!run.ended) {
    yield count();
    const told = run.runUntil(Number.POSITIVE_INFINITY, SLICE_EVENTS);
    if (told.some((event) => event.kind === 'liquidated' && event.account === account)) return false;
  }
  return true;
}

/** The least whole number from 1 to `limit` that saves, near a guess: doubling up from it, then halving. */
function* least(
  guess: number,
  limit: number,
  saves: (n: number) => Generator<number, boolean>,
): Generator<number, number | null> {
  let fails = 0;
  let works = Math.max(1, Math.min(guess, limit));
  while (!(yield* saves(works))) {
    if (works >= limit) return null;
    fails = works;
    works = Math.min(limit, works * 2);
  }
  // The guess is mostly near: look just below it before halving.
  const near = Math.floor(works * 0.9);
  if (near > fails && works - fails > 4) {
    if (yield* saves(near)) works = near;
    else fails = near;
  }
  while (works - fails > 1) {
    const middle = Math.floor((works + fails) / 2);
    if (yield* saves(middle)) works = middle;
    else fails = middle;
  }
  return works;
}
