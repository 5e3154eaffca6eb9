// The crowd at full size: cascades, what-ifs and margin of a million accounts, in ratios: `npm run bench:cascade`.
import { Rng } from '../engine/core/rng.ts';
import { LISTINGS } from '../engine/reference/instruments/listings.ts';
import { aggregateCascade } from '../engine/risk/crowd/aggregate-cascade.ts';
import { CrossAccounts } from '../engine/risk/crowd/cross-accounts.ts';
import { FastCascade } from '../engine/risk/crowd/fast-cascade.ts';
import { tippingPrice } from '../engine/risk/crowd/forced-flow.ts';
import { liquidationColumns } from '../engine/risk/crowd/liquidation-columns.ts';
import { LiquidationIndex } from '../engine/risk/crowd/liquidation-index.ts';
import { LiquidityCurve } from '../engine/risk/crowd/liquidity-curve.ts';
import { maintenanceColumns } from '../engine/risk/crowd/maintenance-columns.ts';
import { crowdContract, emptyPopulation } from '../engine/risk/crowd/population.ts';
import { DEFAULT_POPULATION } from '../engine/risk/crowd/population-parameters.ts';
import { crossAccounts, crossMarks, crossSymbols } from '../engine/testkit/random-cross-accounts.ts';
import { btcBrackets, crowdOf } from '../engine/testkit/small-crowd.ts';
import { DecimalMargin } from './cascade/decimal-margin.ts';
import { naiveRescan } from './cascade/naive-rescan.ts';

const ROUNDS = 5;
const SMALL = 10_000;
const LARGE = 1_000_000;
const brackets = btcBrackets();
const columns = maintenanceColumns(brackets);
const { markTicks, openInterestLots } = DEFAULT_POPULATION;
/** Nanoseconds for each account liquidated by a bare walk over typed arrays without fees, fund or totals. */
const PROTOTYPE_NS = 12;

/** Milliseconds of processor time, so that other programs on the machine do not count. */
function timed(work: () => void, repeats = 1): number {
  const before = process.cpuUsage();
  for (let n = 0; n < repeats; n++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / repeats;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function must(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}

/** Isolated accounts behind a book that deepens away from the mark, so that a shock of 2 % of them dies out halfway. */
function crowd(accounts: number) {
  const population = crowdOf(crowdContract(LISTINGS.find(({ symbol }) => symbol === 'BTCUSDT')!), brackets, {
    accounts,
    isolatedShare: 1,
    sizeConcentrationEighths: 4,
  });
  let index = new LiquidationIndex(population, columns, 'fall');
  const builds = Array.from({ length: ROUNDS }, () =>
    timed(() => {
      index = new LiquidationIndex(population, columns, 'fall');
    }),
  );
  return { population, index, buildMs: median(builds) };
}

const DEPTH = [
  [0, 60],
  [0.02, 90],
  [0.05, 120],
  [0.09, 600],
] as const;
const curve = new LiquidityCurve(
  'fall',
  markTicks,
  DEPTH.map(([away, lotsPerTick]) => ({ fromTicks: Math.round(markTicks * (1 - away)), lotsPerTick })),
);
const shock = {
  lots: Math.round(openInterestLots * 0.02),
  gapTicks: 0,
  liquidationFeeRate: 0.0125,
  fundUnits: 20_000_000 * 1e6,
};

const small = crowd(SMALL);
const large = crowd(LARGE);
console.log(
  `index build: ${small.buildMs.toFixed(1)} ms for ${SMALL}, ${large.buildMs.toFixed(0)} ms for ${LARGE} accounts`,
);

/** Full cascade against the rescan, taking turns. */
function benchCascade(): { million_vs_naive: number; ns_per_liquidation: number } {
  const { population, index } = large;
  const fast = new FastCascade(index);
  const fills = new Float64Array(LARGE);
  let totals = fast.run(curve, shock);
  let slow = naiveRescan(population, columns, curve, shock, fills);
  const fastMs: number[] = [];
  const slowMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    fastMs.push(
      timed(() => {
        totals = fast.run(curve, shock);
      }, 10),
    );
    slowMs.push(
      timed(() => {
        slow = naiveRescan(population, columns, curve, shock, fills);
      }),
    );
  }
  const { accounts, lots, lastTicks, waves } = totals;
  must(
    slow.accounts === accounts && slow.lots === lots && slow.lastTicks === lastTicks,
    'the rescan differs',
  );
  const move = (100 * (lastTicks / markTicks - 1)).toFixed(1);
  console.log(`cascade of ${LARGE}: ${accounts} liquidated in ${waves.length} waves, price ${move} %`);
  console.log(`  fast ${median(fastMs).toFixed(2)} ms, rescan ${median(slowMs).toFixed(0)} ms`);
  return {
    million_vs_naive: median(slowMs) / median(fastMs),
    ns_per_liquidation: (median(fastMs) * 1e6) / accounts,
  };
}

/** The same market in a hundred times as many hands, so that both answers are the same and only the number differs. */
function splitCrowd(parts: number): LiquidationIndex {
  const whole = crowdOf(small.population.contract, brackets, {
    accounts: SMALL,
    isolatedShare: 1,
    sizeConcentrationEighths: 4,
    openInterestLots: Math.floor(openInterestLots / 100),
  });
  const split = emptyPopulation(whole.contract, SMALL * parts);
  for (let row = 0; row < split.count; row++) {
    const from = Math.floor(row / parts);
    split.side[row] = whole.side[from]!;
    split.entryTicks[row] = whole.entryTicks[from]!;
    split.sizeLots[row] = (whole.sizeLots[from]! * 100) / parts;
    split.walletUnits[row] = (whole.walletUnits[from]! * 100) / parts;
  }
  const flat = { number: 1, floor: 0, cap: null, maintenanceMarginRate: 0.005, maxLeverage: null };
  return new LiquidationIndex(split, maintenanceColumns([{ ...flat, maintenanceAmount: 0 }]), 'fall');
}

/** A slider from nothing to 4 % of the open interest, on both sizes in turn. */
function benchWhatIf(): { whatif_1m_over_10k: number } {
  const slider = Array.from({ length: 200 }, (_, i) => Math.round((openInterestLots * 0.04 * i) / 199));
  const sweep = (index: LiquidationIndex): number =>
    slider.reduce((sum, lots) => sum + aggregateCascade(index, curve, lots, 0).waves, 0);
  const compare = (few: LiquidationIndex, many: LiquidationIndex): readonly [number, number] => {
    const times = [[], []] as [number[], number[]];
    for (let round = 0; round <= ROUNDS; round++) {
      const fewMs = timed(() => sweep(few), 100);
      const manyMs = timed(() => sweep(many), 100);
      if (round === 0) continue;
      times[0].push((fewMs * 1e3) / slider.length);
      times[1].push((manyMs * 1e3) / slider.length);
    }
    return [median(times[0]), median(times[1])];
  };
  const [few, many] = [splitCrowd(1), splitCrowd(LARGE / SMALL)];
  for (const lots of slider) {
    const [a, b] = [aggregateCascade(few, curve, lots, 0), aggregateCascade(many, curve, lots, 0)];
    must(
      a.lots === b.lots && a.lastTicks === b.lastTicks && a.waves === b.waves,
      'splitting changed the answer',
    );
  }
  const [fewUs, manyUs] = compare(few, many);
  const [smallUs, largeUs] = compare(small.index, large.index);
  const waves = (index: LiquidationIndex): string => (sweep(index) / slider.length).toFixed(1);
  console.log(
    `what-if, the same market in ${SMALL} and ${LARGE} hands: ${fewUs.toFixed(2)} and ${manyUs.toFixed(2)} us`,
  );
  console.log(
    `  drawn anew: ${smallUs.toFixed(2)} us in ${waves(small.index)} waves, ${largeUs.toFixed(2)} us in ${waves(large.index)} waves`,
  );
  const frameMs = timed(() => {
    aggregateCascade(large.index, curve, shock.lots, 0);
    liquidationColumns(large.index, { fromTicks: markTicks - 100_000, ticksPerRow: 1_000, rows: 100 });
    tippingPrice(large.index, curve, 1_000, 100_000);
  }, 20);
  console.log(
    `  with 100 ladder rows and the tipping price: ${frameMs.toFixed(2)} ms for a frame of ${LARGE}`,
  );
  return { whatif_1m_over_10k: manyUs / fewUs };
}

/** 100,000 cross accounts of 10 positions: all of them, one tick, one liquidation price; and with decimals. */
function benchMargin(): { remargin_vs_decimal: number; liquidation_price_over_maintenance: number } {
  const rng = new Rng(8);
  const symbols = crossSymbols(50);
  const marks = crossMarks(rng, 50);
  const rows = crossAccounts(rng, { accounts: 100_000, positions: 10, markTicks: marks });
  const accounts = new CrossAccounts(symbols, rows, marks);
  const sample = 5_000;
  const exact = new DecimalMargin(symbols, rows.slice(0, sample), marks);
  for (const [account, { balance, maintenance }] of exact.remargin().entries()) {
    const off =
      Math.abs(accounts.marginBalanceUnits[account]! / 1e6 - balance) +
      Math.abs(accounts.accountMaintenanceUnits[account]! / 1e6 - maintenance);
    must(off < 1e-9 * (1 + Math.abs(balance) + maintenance), `account ${account} differs from decimals`);
  }
  const positions = accounts.symbol.length;
  const times = { all: [] as number[], tick: [] as number[], decimal: [] as number[] };
  const prices: number[] = [];
  const maintenances: number[] = [];
  let touched = 0;
  let move = 0.0025;
  let sum = 0;
  accounts.remarginAll();
  for (let round = 0; round < ROUNDS; round++) {
    times.all.push(
      timed(() => {
        // Every mark moves by half a per cent from pass to pass.
        move = -move;
        for (const [symbol, mark] of marks.entries())
          accounts.markTicks[symbol] = Math.round(mark * (1 + move));
        accounts.remarginAll();
      }, 4),
    );
    times.decimal.push(timed(() => exact.remargin()) * (rows.length / sample));
    times.tick.push(
      timed(() => {
        touched = accounts.setMark(7, marks[7]! + round);
      }, 10),
    );
    accounts.setMark(7, marks[7]!);
    prices.push(
      timed(() => {
        for (let p = 0; p < positions; p++) sum += accounts.liquidationTicks(p);
      }),
    );
    maintenances.push(
      timed(() => {
        for (let p = 0; p < positions; p++) sum += accounts.positionMaintenance(p);
      }),
    );
  }
  must(Number.isFinite(sum), 'a price is not a number');
  const each = (values: readonly number[]): string => ((median(values) * 1e6) / positions).toFixed(0);
  console.log(
    `re-margin of ${rows.length} x 10: ${median(times.all).toFixed(1)} ms, decimal ${median(times.decimal).toFixed(0)} ms`,
  );
  console.log(`  one tick of one symbol: ${median(times.tick).toFixed(2)} ms for ${touched} positions`);
  console.log(`  one liquidation price ${each(prices)} ns, one maintenance margin ${each(maintenances)} ns`);
  return {
    remargin_vs_decimal: median(times.decimal) / median(times.all),
    liquidation_price_over_maintenance: median(prices) / median(maintenances),
  };
}

const figures = { ...benchCascade(), ...benchWhatIf(), ...benchMargin() };
console.log(`\n| | measured | wanted |\n| --- | --- | --- |`);
const wanted: Readonly<Record<keyof typeof figures, string>> = {
  million_vs_naive: '>= 30',
  ns_per_liquidation: `<= ${PROTOTYPE_NS * 2.5}`,
  whatif_1m_over_10k: '<= 1.5',
  remargin_vs_decimal: '>= 100',
  liquidation_price_over_maintenance: '<= 4',
};
for (const [name, value] of Object.entries(figures)) {
  console.log(`| ${name} | ${value.toFixed(2)} | ${wanted[name as keyof typeof figures]} |`);
}
console.log(
  JSON.stringify(Object.fromEntries(Object.entries(figures).map(([k, v]) => [k, Number(v.toFixed(2))]))),
);
