// Guards: one order over a mixed portfolio of 50 positions, against a recomputation and against a bare check: `npm run bench:guards`.
import { PerformanceObserver } from 'node:perf_hooks';
import { Rng } from '../engine/core/rng.ts';
import { lots } from '../engine/core/units.ts';
import type { InstrumentId } from '../engine/reference/instruments/contract-spec.ts';
import { guardProfile } from '../engine/risk/guards/guard-configuration.ts';
import type { GuardInput, GuardInstrument, GuardPosition } from '../engine/risk/guards/guard-input.ts';
import { UnifiedGuard } from '../engine/risk/guards/unified-guard.ts';
import {
  cmeInstrument,
  cryptoInstrument,
  fresh,
  guardInput,
  position,
} from '../engine/testkit/guard-cases.ts';
import { publishedBrackets } from '../engine/testkit/published-brackets.ts';
import { BareCheck } from './guards/prototype.ts';

const CRYPTO = 38;
const CONTRACTS = [
  ['ESH2', 4_400],
  ['ESM2', 4_395],
  ['NQH2', 14_500],
  ['YMH2', 34_300],
  ['RTYH2', 2_000],
  ['GCJ2', 1_840],
  ['SIH2', 24],
  ['CLH2', 85],
  ['CLJ2', 84],
  ['NGH2', 4],
  ['6EH2', 1.13],
  ['ZNH2', 128],
] as const;
const ORDERS = 4096;
/** Many short rounds: one that another process interrupts is left out by the median. */
const ROUNDS = 300;
const WARM_UP = 150;
const PASSES = 1;
const NONE = Number.NaN;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const quantile = (values: Float64Array, q: number): number =>
  values.toSorted()[Math.floor(q * (values.length - 1))] ?? Number.NaN;
const round = (value: number, places = 1): number => Number(value.toFixed(places));

interface World {
  readonly input: GuardInput;
  readonly slots: Int32Array;
  readonly changes: Int32Array;
  readonly leverages: Int32Array;
}

function world(withFutures: boolean): World {
  const rng = new Rng(5);
  const table = publishedBrackets('2022-02-12');
  const symbols = [...table.symbols].filter(([symbol]) => /^[A-Z]+USDT$/.test(symbol)).slice(0, CRYPTO);
  const base = cryptoInstrument('BTCUSDT', 50_000);
  const instruments: GuardInstrument[] = symbols.map(([symbol, brackets]) => ({
    ...base,
    spec: { ...base.spec, id: `binance-usdm:${symbol}` as InstrumentId, symbol },
    brackets,
    group: `group ${symbol.length}`,
    mark: fresh(100 + rng.below(50_000)),
  }));
  if (withFutures) instruments.push(...CONTRACTS.map(([symbol, mark]) => cmeInstrument(symbol, mark)));
  const positions = instruments.map((instrument): GuardPosition => {
    const mark = instrument.mark?.value ?? 1;
    const side = rng.below(2) === 0 ? 1 : -1;
    const size =
      instrument.kind === 'cme' ? 1 + rng.below(5) : Math.ceil((1000 + rng.below(40_000)) / (mark * 0.001));
    return position(instrument.spec.id, side * size, mark, { leverage: 5, bidLots: lots(0) });
  });
  const slots = Int32Array.from({ length: ORDERS }, () => rng.below(instruments.length));
  return {
    input: guardInput({
      instruments,
      positions,
      wallets: [
        { venue: 'binance-usdm', currency: 'USDT', balance: fresh(1e6) },
        { venue: 'cme-globex', currency: 'USD', balance: fresh(2e6) },
      ],
    }),
    slots,
    changes: Int32Array.from(slots, (slot) => {
      // In the direction of what is held, so that every rule is asked.
      const held = positions[slot]?.sizeLots ?? 1;
      return Math.sign(held) * Math.max(1, Math.round(Math.abs(held) * 0.02));
    }),
    leverages: Int32Array.from({ length: ORDERS }, () => 1 + rng.below(5)),
  };
}

const CONFIGURATION = guardProfile('default');

function checkAll(guard: UnifiedGuard, { slots, changes, leverages }: World): number {
  let sum = 0;
  for (let i = 0; i < ORDERS; i++) {
    sum += guard.check(slots[i] as number, changes[i] as number, NONE, leverages[i] as number);
  }
  return sum;
}

function timed(passes: number, run: () => number): { readonly ns: number; readonly sum: number } {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < passes; i++) sum += run();
  return { ns: ((performance.now() - start) * 1e6) / (passes * ORDERS), sum };
}

function bareOf({ input }: World): { bare: BareCheck; marks: Float64Array } {
  const crypto = input.instruments.flatMap((one) => (one.kind === 'crypto' ? [one] : []));
  const each = Math.max(...crypto.map(({ brackets }) => brackets?.length ?? 0));
  const column = (
    of: (b: NonNullable<(typeof crypto)[number]['brackets']>[number]) => number,
    filler: number,
  ) =>
    Float64Array.from(
      crypto.flatMap(({ brackets }) =>
        Array.from({ length: each }, (_, i) => {
          const bracket = brackets?.[i];
          return bracket === undefined ? filler : of(bracket);
        }),
      ),
    );
  const marks = Float64Array.from(crypto, ({ mark }) => mark?.value ?? 1);
  const held = Float64Array.from(input.positions, ({ sizeLots }) => sizeLots);
  const brackets = {
    floors: column((b) => b.floor, Number.POSITIVE_INFINITY),
    rates: column((b) => b.maintenanceMarginRate, 1),
    amounts: column((b) => b.maintenanceAmount, 0),
    each,
  };
  return { bare: new BareCheck(crypto.length, marks, held, brackets, 1e6), marks };
}

/** Bytes allocated per check; a collection in between would hide some, so runs with one do not count. */
async function bytesPerCheck(guard: UnifiedGuard, orders: World): Promise<number> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  const found: number[] = [];
  // So many that the few kilobytes which measuring itself leaves behind do not count.
  const passes = 200;
  // The compiler needs its time: half-optimised code boxes numbers.
  for (let pass = 0; pass < 500; pass++) checkAll(guard, orders);
  for (let run = 0; run < 9; run++) {
    globalThis.gc?.();
    await new Promise((done) => setTimeout(done, 5));
    collections = 0;
    const before = process.memoryUsage().heapUsed;
    for (let pass = 0; pass < passes; pass++) checkAll(guard, orders);
    const grown = process.memoryUsage().heapUsed - before;
    await new Promise((done) => setTimeout(done, 5));
    if (collections === 0) found.push(grown / (passes * ORDERS));
  }
  observer.disconnect();
  return median(found);
}

const mixed = world(true);
const crypto = world(false);
const mixedGuard = new UnifiedGuard(CONFIGURATION, mixed.input);
const cryptoGuard = new UnifiedGuard(CONFIGURATION, crypto.input);
const { bare, marks } = bareOf(crypto);
const times = {
  mixed: [] as number[],
  recompute: [] as number[],
  crypto: [] as number[],
  bare: [] as number[],
};
let sink = 0;
let seconds = 0;
for (let r = 0; r < WARM_UP + ROUNDS; r++) {
  const a = timed(PASSES, () => checkAll(mixedGuard, mixed));
  const b = timed(PASSES, () => checkAll(cryptoGuard, crypto));
  const c = timed(PASSES, () => {
    let sum = 0;
    for (let i = 0; i < ORDERS; i++) {
      const slot = crypto.slots[i] as number;
      sum += bare.check(
        slot,
        crypto.changes[i] as number,
        marks[slot] as number,
        crypto.leverages[i] as number,
        seconds++,
      );
    }
    return sum;
  });
  const few = 2;
  const start = performance.now();
  for (let k = 0; k < few; k++) {
    const i = (r * few + k) % ORDERS;
    const once = new UnifiedGuard(CONFIGURATION, mixed.input);
    sink += once.check(
      mixed.slots[i] as number,
      mixed.changes[i] as number,
      NONE,
      mixed.leverages[i] as number,
    );
  }
  const d = ((performance.now() - start) * 1e6) / few;
  sink += a.sum + b.sum + c.sum;
  if (r < WARM_UP) continue;
  times.mixed.push(a.ns);
  times.crypto.push(b.ns);
  times.bare.push(c.ns);
  times.recompute.push(d);
}
const single = Float64Array.from({ length: 20_000 }, (_, i) => {
  const at = i % ORDERS;
  const start = performance.now();
  sink += mixedGuard.check(
    mixed.slots[at] as number,
    mixed.changes[at] as number,
    NONE,
    mixed.leverages[at] as number,
  );
  return (performance.now() - start) * 1e6;
});
const bytesMixed = await bytesPerCheck(mixedGuard, mixed);
const bytesCrypto = await bytesPerCheck(cryptoGuard, crypto);
const verdicts = [0, 0, 0];
for (let i = 0; i < ORDERS; i++) {
  const number = mixedGuard.check(
    mixed.slots[i] as number,
    mixed.changes[i] as number,
    NONE,
    mixed.leverages[i] as number,
  );
  verdicts[number] = (verdicts[number] ?? 0) + 1;
}
const futures = new Int32Array(ORDERS).filter((_, i) => (mixed.slots[i] as number) >= CRYPTO).length;
console.log(
  `50 positions: ${CRYPTO} perpetuals and ${CONTRACTS.length} futures under SPAN; ${ORDERS} orders, ${futures} of them in futures`,
);
console.log(`verdicts ${verdicts.join(' / ')} ALLOW / REDUCE / BLOCK, checksum ${sink}`);
console.log(
  `one check: median ${round(median(times.mixed))} ns; recomputed from the input: ${round(median(times.recompute))} ns`,
);
console.log(
  `with a timer around each: p50 ${round(quantile(single, 0.5))} ns, p99 ${round(quantile(single, 0.99))} ns`,
);
console.log(
  `crypto only: ${round(median(times.crypto))} ns; bare check of twelve: ${round(median(times.bare))} ns`,
);
console.log(
  JSON.stringify({
    incremental_vs_recompute: round(median(times.recompute.map((t, i) => t / (times.mixed[i] ?? 1)))),
    bytes_per_check: round(Math.max(bytesMixed, bytesCrypto), 2),
    bytes_per_crypto_check: round(bytesCrypto, 2),
    crypto_ns: round(median(times.crypto)),
    bare_ns: round(median(times.bare)),
    crypto_vs_bare: round(median(times.crypto.map((t, i) => t / (times.bare[i] ?? 1))), 2),
    mixed_ns: round(median(times.mixed)),
    p50_ns: round(quantile(single, 0.5)),
    p99_ns: round(quantile(single, 0.99)),
  }),
);
