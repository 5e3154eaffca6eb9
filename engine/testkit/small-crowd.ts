// Small random populations, books and shocks on coarse ticks, so that a slow oracle can follow them.
import type { Rng } from '../core/rng.ts';
import { increment } from '../core/units.ts';
import type { NotionalBrackets } from '../margin/brackets/notional-bracket.ts';
import type { CascadeShock } from '../risk/crowd/fast-cascade.ts';
import { generatePopulation } from '../risk/crowd/generate-population.ts';
import type { LiquiditySegment, ShockDirection } from '../risk/crowd/liquidity-curve.ts';
import { type CrowdContract, crowdContract, type Population } from '../risk/crowd/population.ts';
import { DEFAULT_POPULATION, type PopulationParameters } from '../risk/crowd/population-parameters.ts';
import { publishedBrackets } from './published-brackets.ts';

/** Bitcoin in ticks of 10 and lots of 0.001: a price of 1,000 to 3,000 ticks. */
export const COARSE_BTC: CrowdContract = crowdContract({
  symbol: 'BTCUSDT',
  tickSize: increment('10'),
  lotSize: increment('0.001'),
  multiplier: '1',
});

/** The published brackets of BTCUSDT on 2026-05-01. */
export function btcBrackets(): NotionalBrackets {
  const brackets = publishedBrackets('2026-05-01').symbols.get('BTCUSDT');
  if (brackets === undefined) throw new Error('no BTCUSDT in the published table');
  return brackets;
}

/** A population from parameters; throws where they do not check. */
export function crowdOf(
  contract: CrowdContract,
  brackets: NotionalBrackets,
  parameters: Partial<PopulationParameters>,
): Population {
  const population = generatePopulation(contract, brackets, { ...DEFAULT_POPULATION, ...parameters });
  if (!population.ok) throw new Error(population.failure.message);
  return population.value;
}

/** Everything one random cascade needs. */
export interface SmallCascade {
  readonly population: Population;
  readonly direction: ShockDirection;
  readonly segments: readonly LiquiditySegment[];
  readonly shock: CascadeShock;
}

/** Draws a population of up to 300 accounts, a lumpy book and a shock; many of them run away, some do nothing. */
export function randomSmallCascade(rng: Rng, brackets: NotionalBrackets): SmallCascade {
  const accounts = 20 + rng.below(280);
  const markTicks = 1_000 + rng.below(2_000);
  const openInterestLots = accounts * (1 + rng.below(5_000));
  const population = crowdOf(COARSE_BTC, brackets, {
    seed: rng.below(1_000_000),
    accounts,
    markTicks,
    openInterestLots,
    longAccountShare: 0.1 + 0.8 * rng.fraction(),
    entryMoveRate: 0.4 * rng.fraction() - 0.2,
    entrySpreadRate: 0.1 * rng.fraction(),
    sizeConcentrationEighths: rng.below(13),
    isolatedShare: rng.fraction(),
    crossCushionRate: 2 * rng.fraction(),
  });
  const direction = rng.below(2) === 0 ? 'fall' : 'rise';
  const step = direction === 'fall' ? -1 : 1;
  const segments: LiquiditySegment[] = [];
  let fromTicks = markTicks;
  const depth = Math.max(2, Math.round((openInterestLots / markTicks) * 20 * rng.fraction()));
  for (let n = 1 + rng.below(5); n >= 0; n--) {
    const lotsPerTick = n === 0 ? 1 + rng.below(depth) : rng.below(depth);
    segments.push({ fromTicks, lotsPerTick });
    fromTicks += step * (1 + rng.below(60));
    if (fromTicks < 2) break;
  }
  const last = segments.at(-1) as LiquiditySegment;
  segments[segments.length - 1] = { ...last, lotsPerTick: Math.max(1, last.lotsPerTick) };
  return {
    population,
    direction,
    segments,
    shock: {
      lots: rng.below(4) === 0 ? 0 : rng.below(Math.ceil(openInterestLots / 3)),
      gapTicks: rng.below(2) === 0 ? 0 : rng.below(Math.ceil(markTicks / 10)),
      liquidationFeeRate: rng.below(3) === 0 ? 0 : 0.0125 * rng.fraction(),
      fundUnits: Math.floor(
        openInterestLots * markTicks * COARSE_BTC.unitsPerTickLot * 0.02 * rng.fraction(),
      ),
    },
  };
}
