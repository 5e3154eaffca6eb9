// The library: every scenario is valid text, runs, and shows what it says; one hash is kept so that no change goes unseen.
import { describe, expect, it } from 'vitest';
import { CascadeMeasures } from '../cascade-measures.ts';
import { CascadeRun } from '../cascade-run.ts';
import type { CascadeMeasure, CascadeScenario } from '../cascade-scenario.ts';
import { viewCascade } from '../cascade-view.ts';
import { parseScenario } from '../parse-scenario.ts';
import { CASCADE_LIBRARY } from './library.ts';
import { COLLATERAL, CONTAGION, DOMINO, FUND_RUNS_DRY, MARK_IS_LAST } from './teaching.ts';

const GOLDEN_DOMINO = 2_929_502_956;

interface Outcome {
  readonly hash: number;
  readonly liquidated: number;
  readonly measures: Readonly<Record<CascadeMeasure, number | null>>;
  readonly run: CascadeRun;
}

function play(scenario: CascadeScenario): Outcome {
  const run = new CascadeRun(scenario);
  const measures = new CascadeMeasures(run);
  let liquidated = 0;
  for (let told = run.step(); told !== null; told = run.step()) {
    for (const event of told) {
      measures.add(event);
      if (event.kind === 'liquidated') liquidated++;
    }
  }
  return { hash: run.stateHash(), liquidated, measures: measures.read(run), run };
}

describe('the scenario library', () => {
  it('reads back from its own text', () => {
    for (const scenario of CASCADE_LIBRARY) {
      const parsed = parseScenario(JSON.stringify(scenario));
      expect(parsed.ok ? parsed.value : parsed.failure.message).toEqual(scenario);
    }
    expect(new Set(CASCADE_LIBRARY.map(({ id }) => id)).size).toBe(CASCADE_LIBRARY.length);
  });

  it('says of every documented event that it is synthetic, and where its figures are from', () => {
    const documented = CASCADE_LIBRARY.filter(({ kind }) => kind === 'calibrated');
    expect(documented.length).toBe(3);
    for (const { about, published } of documented) {
      expect(about).toMatch(/^Synthetic, calibrated/);
      expect(published.length).toBeGreaterThan(0);
      for (const { source } of published) expect(source.length).toBeGreaterThan(10);
    }
  });

  it('dominoes: liquidations bring about liquidations, and the run keeps its hash', () => {
    const { hash, liquidated, run } = play(DOMINO);
    expect(liquidated).toBeGreaterThan(100);
    expect(run.totals.waves.filter(({ liquidated: n }) => n > 0).length).toBeGreaterThan(5);
    expect(run.totals.fates[0]).toBeGreaterThan(0);
    // The same on every host. A change of this number is a change of behaviour and has to be meant.
    expect(hash).toBe(GOLDEN_DOMINO);
  });

  it('marks by the last price liquidate ten times as many as marks by the median', () => {
    const last = play(MARK_IS_LAST).liquidated;
    const median = play({ ...MARK_IS_LAST, rules: { ...MARK_IS_LAST.rules, mark: 'median' } }).liquidated;
    expect(last).toBeGreaterThan(10 * median);
  });

  it('a fund that runs dry leaves most of it to the queue', () => {
    const { measures, run } = play(FUND_RUNS_DRY);
    expect(measures['adl-share'] ?? 0).toBeGreaterThan(0.8);
    expect(run.house.cash(run.traders.fund)).toBeGreaterThanOrEqual(0n);
  });

  it('contagion needs the shared wallet', () => {
    const inSecond = (scenario: CascadeScenario): number => {
      const run = new CascadeRun(scenario);
      let orders = 0;
      for (let told = run.step(); told !== null; told = run.step()) {
        for (const event of told) if (event.kind === 'liquidation-order' && event.market === 1) orders++;
      }
      return orders;
    };
    const shared = { ...CONTAGION, durationSeconds: 60 };
    const isolated: CascadeScenario = { ...shared, rules: { ...shared.rules, marginMode: 'isolated' } };
    const calm = (scenario: CascadeScenario): CascadeScenario => ({ ...scenario, shocks: [] });
    // Isolated, the shock of the first market changes nothing in the second.
    expect(inSecond(isolated)).toBe(inSecond(calm(isolated)));
    expect(inSecond(shared)).toBeGreaterThan(inSecond(calm(shared)) + 5);
  });

  it('collateral that loses its value liquidates those who hold it, and not the one with cash', () => {
    const { run } = play(COLLATERAL);
    expect(run.totals.fates[0]).toBe(0);
    expect(run.totals.fates.subarray(1, 10).filter((fate) => fate > 0).length).toBeGreaterThan(4);
  });

  it('gives a view with rows, columns and queues that agree with the run', () => {
    const run = new CascadeRun(FUND_RUNS_DRY);
    run.runUntil(4_000_000);
    const view = viewCascade(run, { market: 0, bookRows: 10, queuePlaces: 5, ratioBps: 100 });
    expect(view.bids.length).toBe(10);
    expect((view.bids[0]?.priceTicks ?? 0) < (view.asks[0]?.priceTicks ?? 0)).toBe(true);
    expect(view.accounts.sizeLots.length).toBe(run.traders.crowd);
    const long = view.accounts.sizeLots.reduce((sum, size) => sum + Math.max(0, size), 0);
    expect(long).toBeLessThanOrEqual(view.openInterestLots);
    expect(view.shortQueue.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    expect(view.shortQueue[0]?.lights).toBe(4);
    expect(view.eventCount).toBe(run.eventCount);
    const before = run.stateHash();
    viewCascade(run, { market: 0, bookRows: 10, queuePlaces: 5, ratioBps: 100 });
    expect(run.stateHash()).toBe(before);
  });
});
