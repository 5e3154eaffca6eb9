// A forked market: the scenario has its price and depth, is read without a fault, and leaves the fork as it was.
import { describe, expect, it } from 'vitest';
import { CascadeRun } from '../cascade/cascade-run.ts';
import { parseScenario } from '../cascade/parse-scenario.ts';
import { BTC_BRACKETS_2026, crowd } from '../cascade/scenarios/scenario-parts.ts';
import { forkScenario, type MarketFork } from './fork-scenario.ts';

/** A book with `lots` on every tick of 200 levels, `gap` ticks wide. */
function forkOf(priceTicks: number, lots: number, gap: number, steps: Partial<MarketFork> = {}): MarketFork {
  const side = (sign: 1 | -1): number[] =>
    Array.from({ length: 200 }, (_, i) => [priceTicks + sign * (gap + i), lots]).flat();
  return {
    symbol: 'BTCUSDT',
    origin: 'SIMULATED, seed 2',
    atMicros: 1_777_903_200_000_000,
    tickSize: '0.1',
    lotSize: '0.001',
    multiplier: '1',
    priceTicks,
    fundingRate: 0.0001,
    bids: side(-1),
    asks: side(1),
    ...steps,
  };
}

const ASSUMED = { seed: 1, population: crowd(500, 1e8), brackets: BTC_BRACKETS_2026 };

describe('a fork', () => {
  it('becomes a scenario that is read and runs', () => {
    for (const fork of [
      forkOf(620_000, 900, 1),
      forkOf(30_000, 50, 3, { tickSize: '0.25', lotSize: '1', multiplier: '50', fundingRate: null }),
      forkOf(1_500_000, 3, 40, { tickSize: '0.01', lotSize: '0.001' }),
    ]) {
      const before = structuredClone(fork);
      const scenario = parseScenario(forkScenario(fork, ASSUMED));
      expect(scenario.ok ? '' : scenario.failure.message).toBe('');
      expect(fork).toEqual(before);
      if (!scenario.ok) continue;
      const run = new CascadeRun({ ...scenario.value, durationSeconds: 5 });
      expect(run.markets[0]?.lastTicks).toBe(fork.priceTicks);
      run.runUntil(Number.POSITIVE_INFINITY);
      expect(run.eventCount).toBeGreaterThan(5);
    }
  });

  it('has the depth of the book it came from, within a maker level', () => {
    const fork = forkOf(620_000, 900, 1);
    const [market] = forkScenario(fork, ASSUMED).markets;
    const value = (ticks: number): number => ticks * 900 * 0.001 * 620_000 * 0.1;
    for (const { distanceBps, notional } of market?.book.depth ?? []) {
      const ticks = (620_000 * distanceBps) / 10_000;
      if (ticks <= 200) expect(notional / value(Math.floor(ticks))).toBeCloseTo(1, 1);
    }
  });
});
