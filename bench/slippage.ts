// Slippage: how fast a book is walked, and how far the model is from walks of a recorded book: `npm run bench:slippage`.
import { Rng } from '../engine/core/rng.ts';
import { DepthBook } from '../engine/market/book/depth-book.ts';
import { BTCUSDT, btcusdtSession } from '../engine/testkit/recorded-session.ts';
import { HAS_SHARED_DATA } from '../engine/testkit/shared-data.ts';
import {
  collectSamples,
  type ErrorFigures,
  errorsOf,
  fitCoefficients,
  meanPredictor,
  medianDisplayedShare,
  predictedBps,
  type Sample,
  SIZES_USD,
} from '../engine/testkit/slippage-score.ts';
import { BookWalk } from '../engine/venue/costs/book-walk.ts';
import { CumulativeDepth } from '../engine/venue/costs/cumulative-depth.ts';
import {
  BINANCE_USDM_SLIPPAGE,
  type CryptoCoefficients,
  coefficientsOf,
} from '../engine/venue/costs/slippage/crypto-coefficients.ts';
import {
  type CryptoConditions,
  estimateCryptoSlippage,
} from '../engine/venue/costs/slippage/crypto-slippage.ts';

const ROUNDS = 41;
const WARM_UP_ROUNDS = 10;
const CALLS = 20_000;
const LEVELS = 100;
const TAKER_RATE = 0.0005;
const GRID = {
  participationExponents: [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8],
  depthExponents: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
  imbalanceStrengths: [0, 0.15, 0.3],
  everyNth: 10,
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const round = (value: number, places = 3): number => Number(value.toFixed(places));

/** A hundred levels of 1 to 200 lots with gaps of 1 to 3 ticks, and orders that take about ten of them. */
function randomBook(): { readonly book: DepthBook; readonly orders: Float64Array } {
  const rng = new Rng(1);
  const book = new DepthBook();
  for (let i = 0, price = 616_000; i < LEVELS; i++, price += 1 + rng.below(3)) {
    book.set('ask', price, 1 + rng.below(200));
    book.set('bid', 1_231_999 - price, 1 + rng.below(200));
  }
  return { book, orders: Float64Array.from({ length: CALLS }, () => 800 + rng.below(400)) };
}

/** What one writes first: sorted pairs, price × size summed up. Cost with fee in bps of the best price. */
function plainWalk(levels: readonly (readonly [number, number])[], sizeLots: number): number {
  let left = sizeLots;
  let value = 0;
  for (const [price, size] of levels) {
    const taken = Math.min(left, size);
    value += taken * price;
    left -= taken;
    if (left <= 0) break;
  }
  const touch = levels[0]?.[0] ?? Number.NaN;
  return (value / (sizeLots - left) / touch - 1) * 10_000 + TAKER_RATE * 10_000;
}

function timings(): Readonly<Record<string, number>> {
  const { book, orders } = randomBook();
  const walk = new BookWalk();
  const depth = new CumulativeDepth();
  depth.read(book, 'buy');
  const pairs: [number, number][] = [];
  book.eachLevel('ask', (price, size) => {
    pairs.push([price, size]);
    return true;
  });
  const now: CryptoConditions = {
    touch: { bidTicks: 615_999, askTicks: 616_000, bidLots: 50, askLots: 50 },
    dailyVolumeLots: 2.5e8,
    displayedLots: { bid: 140_000, ask: 150_000 },
    imbalance: 0.1,
    dailyVolatility: 0.03,
    volatilityRegime: 'normal',
    fundingRate: 0.0001,
    liquidatedLots: 1e5,
    openInterestLots: 8e7,
    btcCorrelation: 1,
    recentReturn: -0.001,
    hourUtc: 12,
  };
  const coefficients = coefficientsOf(BINANCE_USDM_SLIPPAGE, 'BTCUSDT');
  const runs: Readonly<Record<string, (sizeLots: number) => number>> = {
    walk: (size) => (walk.walk(book, 'buy', size).touchSlippageBps ?? 0) + TAKER_RATE * 10_000,
    sums: (size) => (depth.walk(size).touchSlippageBps ?? 0) + TAKER_RATE * 10_000,
    plain: (size) => plainWalk(pairs, size),
    model: (sizeLots) => {
      const estimate = estimateCryptoSlippage(coefficients, { side: 'buy', sizeLots }, now);
      return estimate.ok ? estimate.value.totalBps : 0;
    },
    read: () => {
      depth.read(book, 'buy');
      return depth.levels;
    },
  };
  const sums = new Map<string, number>();
  const times = new Map<string, number[]>(Object.keys(runs).map((name) => [name, []]));
  for (let k = 0; k < WARM_UP_ROUNDS + ROUNDS; k++) {
    for (const [name, run] of Object.entries(runs)) {
      const calls = name === 'read' ? CALLS / 10 : CALLS;
      const start = performance.now();
      let sum = 0;
      for (let i = 0; i < calls; i++) sum += run(orders[i] as number);
      if (k >= WARM_UP_ROUNDS) times.get(name)?.push(((performance.now() - start) * 1000) / calls);
      sums.set(name, sum);
    }
  }
  for (const name of ['sums', 'plain']) {
    const difference = Math.abs((sums.get(name) ?? 0) / (sums.get('walk') ?? 0) - 1);
    if (!(difference < 1e-9)) throw new Error(`${name} and walk give different costs`);
  }
  const levels = median([...orders].map((size) => walk.walk(book, 'buy', size).levels));
  return { levels, ...Object.fromEntries([...times].map(([name, list]) => [name, median(list)])) };
}

function scoreTable(second: readonly Sample[], models: Readonly<Record<string, (s: Sample) => number>>) {
  console.log(`\n| Order | side | walked, mean | ${Object.keys(models).join(' | ')} |`);
  console.log(`| --- | --- | --- |${' --- |'.repeat(Object.keys(models).length)}`);
  const cell = ({ median: middle, p95, bias }: ErrorFigures): string =>
    `${middle.toFixed(2)} / ${p95.toFixed(2)} (${bias >= 0 ? '+' : '−'}${Math.abs(bias).toFixed(2)})`;
  const row = (name: string, side: string, samples: readonly Sample[]): void => {
    const mean = samples.reduce((sum, sample) => sum + sample.actualBps, 0) / samples.length;
    const cells = Object.values(models).map((predict) => cell(errorsOf(samples, predict)));
    console.log(`| ${name} | ${side} | ${mean.toFixed(2)} | ${cells.join(' | ')} |`);
  };
  for (const size of SIZES_USD) {
    for (const side of ['sell', 'buy'] as const) {
      row(
        `$${size.toLocaleString('en-US')}`,
        side,
        second.filter((sample) => sample.sizeUsd === size && sample.side === side),
      );
    }
  }
  row('all', 'both', second);
}

function score(): Record<string, unknown> {
  const shipped = coefficientsOf(BINANCE_USDM_SLIPPAGE, 'BTCUSDT');
  const { general } = BINANCE_USDM_SLIPPAGE;
  const { bandBps } = shipped.displayedDepth.value;
  const { first, second, dailyVolumeLots } = collectSamples(btcusdtSession(), BTCUSDT, {
    bandBps,
    everyNth: 1,
  });
  const fit = fitCoefficients(shipped, GRID, first, dailyVolumeLots);
  const rootOnly = {
    participationExponents: [0.5],
    depthExponents: [0],
    imbalanceStrengths: [0.3],
    everyNth: 10,
  };
  const root = fitCoefficients(general, rootOnly, first, dailyVolumeLots);
  const usual: CryptoCoefficients = {
    ...general,
    impact: { ...general.impact, value: 0.1 },
    isTouchFree: { ...general.isTouchFree, value: false },
  };
  const by = (c: CryptoCoefficients) => (sample: Sample) => predictedBps(c, sample, dailyVolumeLots);
  const models = {
    'usual 0.1': by(usual),
    general: by(general),
    'root, k fitted': by(root.coefficients),
    'fitted (shipped)': by(shipped),
    'mean of first half': meanPredictor(first),
    'whole book before': (sample: Sample) => sample.wholeBookBps,
  };
  console.log('\nRecorded BTCUSDT of 2024-08-08: fitted on the first half, scored on the second.');
  console.log(
    'Cells: median / p95 of |predicted − walked at the next message| in bps, and mean of the difference.',
  );
  scoreTable(second, models);
  const fitted = fit.coefficients;
  console.log(
    `\nFit of the first half (${first.length} samples): impact ${round(fitted.impact.value, 4)}, exponent ` +
      `${fitted.participationExponent.value}, depth exponent ${fitted.displayedDepth.value.exponent}, imbalance ` +
      `${fitted.imbalanceStrength.value}, mean absolute error ${round(fit.meanAbsoluteBps)} bps; reference share ` +
      `${medianDisplayedShare(first, dailyVolumeLots).toPrecision(2)}; square root alone: impact ` +
      `${round(root.coefficients.impact.value, 4)}, ${round(root.meanAbsoluteBps)} bps`,
  );
  console.log(
    `Shipped: impact ${shipped.impact.value}, exponent ${shipped.participationExponent.value}, depth exponent ` +
      `${shipped.displayedDepth.value.exponent}, reference share ${shipped.displayedDepth.value.referenceShare}`,
  );
  const bySize = Object.fromEntries(
    SIZES_USD.map((size) => {
      const { median: middle, p95 } = errorsOf(
        second.filter((sample) => sample.sizeUsd === size),
        models['fitted (shipped)'],
      );
      return [size, { median: round(middle), p95: round(p95) }];
    }),
  );
  const all = errorsOf(second, models['fitted (shipped)']);
  return {
    samples: all.count,
    error_median_bps: round(all.median),
    error_p95_bps: round(all.p95),
    by_size_usd: bySize,
    fit: { impact: round(fitted.impact.value, 4), exponent: fitted.participationExponent.value },
  };
}

const t = timings();
const time = (name: string): number => t[name] ?? Number.NaN;
console.log(
  `Book of ${LEVELS} levels, orders that take ${t['levels']} of them (median), average price, bps and fee; ` +
    `microseconds per order, medians of ${ROUNDS} rounds in turns (Node ${process.version})`,
);
console.log(`walk of the depth book          ${time('walk').toFixed(3)}`);
console.log(`running sums, once read         ${time('sums').toFixed(3)}`);
console.log(`plain loop over sorted pairs    ${time('plain').toFixed(3)}`);
console.log(`reading the running sums        ${time('read').toFixed(3)} per book side`);
console.log(`parametric model, all factors   ${time('model').toFixed(3)}`);
const scored = HAS_SHARED_DATA ? score() : null;
if (scored === null) console.log('No recorded data beside this checkout: the model is not scored.');
console.log(
  JSON.stringify({
    walk_us: round(time('walk')),
    running_sums_us: round(time('sums')),
    plain_loop_us: round(time('plain')),
    model_us: round(time('model')),
    score: scored,
  }),
);
