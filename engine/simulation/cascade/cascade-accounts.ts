/** Opens the accounts of a scenario in a clearing house: wallets, modes and positions, each bought from outside at its entry. */
import { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import { unitsOf } from '../../accounting/ledger/money-units.ts';
import { ok, type Result } from '../../core/result.ts';
import { increment } from '../../core/units.ts';
import { generatePopulation } from '../../risk/crowd/generate-population.ts';
import { type Population, WALLET_UNITS } from '../../risk/crowd/population.ts';
import { marketUnits, scheduleOf } from './cascade-market.ts';
import type { CascadeScenario, ScenarioMarket } from './cascade-scenario.ts';

/** Units of 1e-8 in a wallet unit of a population. */
const UNITS_PER_WALLET_UNIT = 100_000_000n / BigInt(WALLET_UNITS);
/** Populations of different markets draw from different seeds. */
const SEED_STEP = 7919;

/** Numbers of the traders of a run. */
export interface CascadeTraders {
  /** Traders 0 … crowd − 1 are the accounts of the scenario and of its populations. */
  readonly crowd: number;
  readonly makers: number;
  readonly outside: number;
  readonly fund: number;
}

/**
 * Draws the population of a market, or null where it has none.
 *
 * Fails: `crowd/parameter-out-of-range`.
 */
export function drawPopulation(
  market: ScenarioMarket,
  seed: number,
  index: number,
): Result<Population | null> {
  const { population } = market;
  const units = marketUnits(market);
  if (population === null || units === null) return ok(null);
  const { openInterest, ...rest } = population;
  const contract = {
    symbol: market.symbol,
    tickSize: increment(market.tickSize),
    lotSize: increment(market.lotSize),
    unitsPerTickLot: Number(units.unitsPerTickLot / UNITS_PER_WALLET_UNIT),
  };
  return generatePopulation(contract, scheduleOf(market.brackets), {
    ...rest,
    seed: (seed + index * SEED_STEP) >>> 0,
    openInterestLots: Math.floor(openInterest / units.valuePerLot),
    markTicks: units.startTicks,
  });
}

/** Number of the first trader of each market's population, and the traders after all of them. */
export function countTraders(
  scenario: CascadeScenario,
  populations: readonly (Population | null)[],
): { readonly firstOf: readonly number[]; readonly traders: CascadeTraders } {
  const firstOf: number[] = [];
  let next = scenario.accounts.length;
  let crowd = next;
  for (const population of populations) {
    firstOf.push(next);
    const end = next + (population?.count ?? 0);
    crowd = Math.max(crowd, end);
    if (!scenario.linkedAccounts) next = end;
  }
  return { firstOf, traders: { crowd, makers: crowd, outside: crowd + 1, fund: crowd + 2 } };
}

/** The clearing house of a scenario at its start. */
export function openAccounts(
  scenario: CascadeScenario,
  populations: readonly (Population | null)[],
): { readonly house: ClearingHouse; readonly traders: CascadeTraders } {
  const { firstOf, traders } = countTraders(scenario, populations);
  const house = new ClearingHouse({
    traders: traders.fund + 1,
    unitsPerTickLot: scenario.markets.map((market) => marketUnits(market)?.unitsPerTickLot ?? 1n),
  });
  house.deposit(traders.fund, unitsOf(scenario.fund.cash));
  // Those outside the crowd are never short of money: they stand for the rest of the world.
  const deep = unitsOf(scenario.markets.reduce((sum, m) => sum + 2 * (m.population?.openInterest ?? 0), 1e8));
  house.deposit(traders.makers, deep);
  house.deposit(traders.outside, deep);
  const opener = new Opener(scenario, house, traders);
  for (const account of scenario.accounts.keys()) opener.openGiven(account);
  populations.forEach((population, market) => {
    if (population !== null) opener.openPopulation(population, market, firstOf[market] as number);
  });
  return { house, traders };
}

/** Opens accounts one by one, with the interventions of the scenario. */
class Opener {
  readonly #scenario: CascadeScenario;
  readonly #house: ClearingHouse;
  readonly #traders: CascadeTraders;

  constructor(scenario: CascadeScenario, house: ClearingHouse, traders: CascadeTraders) {
    this.#scenario = scenario;
    this.#house = house;
    this.#traders = traders;
  }

  openGiven(account: number): void {
    const given = this.#scenario.accounts[account];
    if (given === undefined) return;
    const { isolated } = given;
    this.#house.setModes(account, { isolated, hedge: given.hedge });
    this.#house.deposit(account, unitsOf(given.wallet));
    if (given.collateral > 0) this.#house.depositCollateral(account, unitsOf(given.collateral));
    for (const { market, side, sizeLots, entryTicks, margin } of given.positions) {
      const slot = this.#house.slotOf(account, market, given.hedge && side === 'short' ? 1 : 0);
      const own = unitsOf(margin);
      this.#house.deposit(account, own);
      this.#open(slot, side === 'long' ? 1 : -1, sizeLots, entryTicks, isolated ? own : 0n);
    }
  }

  openPopulation(population: Population, market: number, first: number): void {
    const house = this.#house;
    const { marginMode } = this.#scenario.rules;
    for (let row = 0; row < population.count; row++) {
      const account = first + row;
      const sizeLots = population.sizeLots[row] as number;
      const entryTicks = population.entryTicks[row] as number;
      const wallet = BigInt(population.walletUnits[row] as number) * UNITS_PER_WALLET_UNIT;
      const given = population.isolated[row] === 1;
      const isolated = marginMode === 'as-given' ? given : marginMode === 'isolated';
      // A linked account has the mode it got from the first market.
      const seen = this.#scenario.linkedAccounts && market > 0 && house.isIsolated(account);
      const mode = this.#scenario.linkedAccounts && market > 0 ? seen : isolated;
      house.setModes(account, { isolated: mode, hedge: false });
      house.deposit(account, wallet);
      const unit = house.unitsPerTickLot[market] as bigint;
      const initial =
        (BigInt(sizeLots) * BigInt(entryTicks) * unit) / BigInt(population.leverage[row] as number);
      const margin = initial < wallet && !given ? initial : wallet;
      const slot = house.slotOf(account, market, 0);
      this.#open(slot, population.side[row] as 1 | -1, sizeLots, entryTicks, mode ? margin : 0n);
    }
  }

  /** Buys or sells a position at its entry from outside, less what an intervention cuts, with its margin and extra. */
  #open(slot: number, side: 1 | -1, sizeLots: number, entryTicks: number, margin: bigint): void {
    const house = this.#house;
    const account = house.traderOf(slot);
    const market = house.marketOf(slot);
    let lots = sizeLots;
    let extra = 0n;
    for (const change of this.#scenario.interventions) {
      if (change.account !== account || change.market !== market) continue;
      lots = Math.max(0, lots - change.cutLots);
      extra += unitsOf(change.extraMargin);
    }
    house.deposit(account, extra);
    const pool = house.poolOf(slot);
    if (pool !== account) house.transfer(account, pool, margin + extra);
    if (lots === 0) return;
    const outside = house.slotOf(this.#traders.outside, market, 0);
    if (side === 1) house.trade(slot, outside, lots, entryTicks);
    else house.trade(outside, slot, lots, entryTicks);
  }
}
