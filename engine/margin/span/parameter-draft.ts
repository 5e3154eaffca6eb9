/** A parameter set while it is read: collects contracts and their arrays, checks the whole, then freezes it with its hash. */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { StateHash } from '../../core/state-hash.ts';
import {
  type CommoditySpread,
  SCENARIO_COUNT,
  type SpanCommodity,
  type SpanContract,
  type SpanParameterSet,
} from './parameter-set.ts';

/** Most of everything in one set; beyond it a file is refused. */
export const SPAN_LIMITS = {
  contracts: 2_000_000,
  commodities: 20_000,
  spreads: 100_000,
  problems: 1_000,
} as const;

const FIRST_CAPACITY = 1_024;
const NUMBERS_A_CONTRACT = 7;

/** All of a set but what the draft itself keeps. */
export type SetHead = Omit<
  SpanParameterSet,
  'hash' | 'contracts' | 'arrays' | 'problems' | 'commodities' | 'superSpreads' | 'interSpreads'
>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Collects what a reader finds. */
export class ParameterDraft {
  readonly #contracts: Writable<SpanContract>[] = [];
  readonly #ids = new Map<string, number>();
  readonly #problems: { place: number; message: string }[] = [];
  #arrays = new Float64Array(FIRST_CAPACITY * SCENARIO_COUNT);

  /**
   * Adds a contract with its array, or without where none is known (`hasArray` says so): such a contract is listed but
   * cannot be margined.
   *
   * Fails: `span/limit-exceeded`. A second contract of one id is a problem of the set; the first stays.
   */
  addContract(contract: SpanContract, losses: ArrayLike<number> | null): Result<null> {
    if (this.#contracts.length >= SPAN_LIMITS.contracts) {
      return fail('span/limit-exceeded', `expected at most ${SPAN_LIMITS.contracts} contracts`);
    }
    if (this.#ids.has(contract.id)) {
      this.addProblem(contract.place, `${contract.id} appears twice; the first is used`);
      return ok(null);
    }
    const at = this.#contracts.length * SCENARIO_COUNT;
    if (at + SCENARIO_COUNT > this.#arrays.length) {
      const grown = new Float64Array(this.#arrays.length * 2);
      grown.set(this.#arrays);
      this.#arrays = grown;
    }
    assert(contract.hasArray === (losses !== null), `${contract.id}: hasArray says whether losses are given`);
    if (losses !== null) {
      for (let i = 0; i < SCENARIO_COUNT; i++) this.#arrays[at + i] = losses[i] ?? 0;
    }
    this.#ids.set(contract.id, this.#contracts.length);
    this.#contracts.push(contract);
    return ok(null);
  }

  /**
   * Gives every contract its commodity, where contracts are read before commodities: until then `commodity` counted what
   * `homeOf` knows. Contracts without a home are left out, as a problem.
   */
  settleContracts(
    homeOf: (provisional: number) => { readonly commodity: number; readonly deltaScaling: number } | null,
  ): void {
    let kept = 0;
    this.#contracts.forEach((contract, i) => {
      const home = homeOf(contract.commodity);
      if (home === null) {
        this.addProblem(contract.place, `${contract.id}: no combined commodity lists its product`);
        return;
      }
      contract.commodity = home.commodity;
      contract.deltaScaling *= home.deltaScaling;
      if (kept !== i) {
        this.#contracts[kept] = contract;
        this.#arrays.copyWithin(kept * SCENARIO_COUNT, i * SCENARIO_COUNT, (i + 1) * SCENARIO_COUNT);
      }
      kept++;
    });
    this.#contracts.length = kept;
  }

  /** Notes what was read but cannot be used; beyond the limit only their number grows. */
  addProblem(place: number, message: string): void {
    if (this.#problems.length < SPAN_LIMITS.problems) this.#problems.push({ place, message });
  }

  /**
   * Checks the whole and freezes it.
   *
   * Fails: `span/parameters-malformed` when a number is not finite, a spread names no commodity or a ratio is not
   * positive; `span/limit-exceeded`.
   */
  finish(
    head: SetHead,
    commodities: readonly SpanCommodity[],
    superSpreads: readonly CommoditySpread[],
    interSpreads: readonly CommoditySpread[],
  ): Result<SpanParameterSet> {
    if (commodities.length > SPAN_LIMITS.commodities) {
      return fail('span/limit-exceeded', `expected at most ${SPAN_LIMITS.commodities} commodities`);
    }
    const spreads = [...superSpreads, ...interSpreads, ...commodities.flatMap((c) => c.calendarSpreads)];
    if (spreads.length > SPAN_LIMITS.spreads) {
      return fail('span/limit-exceeded', `expected at most ${SPAN_LIMITS.spreads} spreads`);
    }
    const arrays = this.#arrays.slice(0, this.#contracts.length * SCENARIO_COUNT);
    const wrong =
      wrongHead(head) ??
      wrongSpread(spreads, commodities.length) ??
      wrongContract(this.#contracts, arrays, commodities.length);
    if (wrong !== null) return fail('span/parameters-malformed', wrong.message, { place: wrong.place });
    const set = {
      ...head,
      commodities,
      superSpreads,
      interSpreads,
      contracts: this.#contracts,
      arrays,
      problems: this.#problems,
    };
    return ok({ ...set, hash: hashOf(set) });
  }
}

interface Wrong {
  readonly place: number;
  readonly message: string;
}

function wrongHead(head: SetHead): Wrong | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(head.date)) {
    return { place: 0, message: `expected a business date, found "${head.date}"` };
  }
  if (head.scenarios.length !== SCENARIO_COUNT) {
    return { place: 0, message: `expected ${SCENARIO_COUNT} scenarios, found ${head.scenarios.length}` };
  }
  if (head.classes.length === 0) return { place: 0, message: 'expected at least one rate class' };
  return null;
}

function wrongSpread(spreads: readonly CommoditySpread[], commodities: number): Wrong | null {
  for (const spread of spreads) {
    const { place } = spread;
    if (spread.legs.length === 0) return { place, message: 'expected a spread to have legs, found none' };
    if (spread.kind === 'scan' && spread.target >= commodities) {
      return { place, message: 'expected a spread to have a target commodity' };
    }
    for (const leg of spread.legs) {
      if (!(leg.commodity >= 0 && leg.commodity < commodities)) {
        return { place, message: 'expected every leg of a spread to name a commodity of the set' };
      }
      if (!(leg.ratio > 0 && Number.isFinite(leg.ratio))) {
        return { place, message: `expected a positive delta ratio, found ${leg.ratio}` };
      }
    }
  }
  return null;
}

function wrongContract(
  contracts: readonly SpanContract[],
  arrays: Float64Array,
  commodities: number,
): Wrong | null {
  for (let i = 0; i < contracts.length; i++) {
    const contract = contracts[i] as SpanContract;
    const { place, id } = contract;
    if (!(contract.commodity >= 0 && contract.commodity < commodities)) {
      return { place, message: `${id}: expected a combined commodity of the set` };
    }
    // Anything not finite makes the sum so.
    let sum = contract.multiplier + contract.deltaScaling + contract.compositeDelta;
    sum += (contract.price ?? 0) + (contract.option === null ? 0 : contract.option.strike);
    for (let s = i * SCENARIO_COUNT; s < (i + 1) * SCENARIO_COUNT; s++) sum += arrays[s] as number;
    if (!Number.isFinite(sum)) return { place, message: `${id}: expected finite numbers` };
  }
  return null;
}

function hashOf(set: Omit<SpanParameterSet, 'hash'>): string {
  const hash = new StateHash();
  const { id, source, problems, arrays, contracts, ...meaning } = set;
  hash.text(JSON.stringify(meaning));
  const numbers = new Float64Array(contracts.length * NUMBERS_A_CONTRACT);
  contracts.forEach((contract, i) => {
    const { option } = contract;
    hash.text(contract.id);
    hash.text(contract.period);
    const sort = option === null ? 0 : option.premiumStyle ? 1 : 2;
    const flags = sort + (contract.hasArray ? 4 : 0) + (contract.price === null ? 8 : 0);
    const at = i * NUMBERS_A_CONTRACT;
    numbers[at] = flags + (contract.priceScan === null ? 16 : 0);
    numbers[at + 1] = contract.commodity;
    numbers[at + 2] = contract.price ?? 0;
    numbers[at + 3] = contract.multiplier;
    numbers[at + 4] = contract.deltaScaling;
    numbers[at + 5] = contract.compositeDelta;
    numbers[at + 6] = contract.priceScan ?? 0;
  });
  hashNumbers(hash, numbers);
  hashNumbers(hash, arrays);
  return hash.value().toString(16).padStart(8, '0');
}

/** Parsed decimals are the same bits everywhere, so their words stand for their meaning; −0 is 0. */
function hashNumbers(hash: StateHash, numbers: Float64Array): void {
  const words = new Int32Array(2);
  const view = new Float64Array(words.buffer);
  for (let i = 0; i < numbers.length; i++) {
    view[0] = (numbers[i] as number) + 0;
    hash.integer(words[0] as number);
    hash.integer(words[1] as number);
  }
}
