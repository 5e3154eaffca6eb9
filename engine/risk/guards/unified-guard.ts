/** The unified guard: finds the asset class, asks the rules of its side in a fixed order, and merges what they find by severity. */

import { type Micros, stepValue } from '../../core/units.ts';
import type { Venue } from '../../reference/instruments/contract-spec.ts';
import { type AssetClass, assetClassOf } from './asset-class.ts';
import { CmePool } from './cme-pool.ts';
import { CryptoPool } from './crypto-pool.ts';
import { type GuardConfiguration, notChecked } from './guard-configuration.ts';
import { AHEAD_MICROS } from './guard-facts.ts';
import type {
  CmeInstrument,
  CryptoInstrument,
  GuardFact,
  GuardInput,
  GuardInstrument,
  GuardOrder,
} from './guard-input.ts';
import { GuardSheet } from './guard-sheet.ts';
import { cmeSources, cryptoSources, type GuardSources } from './guard-sources.ts';
import { type GuardRatios, type GuardVerdict, reasonsOf } from './guard-verdict.ts';
import { GUARD_VERDICTS } from './guard-vocabulary.ts';
import { brokenInput, correlationOf, unknownHeld } from './input-rules.ts';
import { OrderTrial } from './order-trial.ts';
import { checkAdl } from './rules/adl.ts';
import { checkConcentration, checkCorrelation } from './rules/concentration.ts';
import { checkPosition, checkRollover, checkSettlement } from './rules/contract.ts';
import { checkFunding } from './rules/funding.ts';
import { checkInputs } from './rules/inputs.ts';
import { checkLeverage } from './rules/leverage.ts';
import { checkMargin, checkSpan } from './rules/margin.ts';
import { isPlain, type PlainLimits, plainLimits } from './rules/plain.ts';
import { checkTrading, quietAt } from './rules/trading.ts';
import { checkValueAtRisk } from './rules/value-at-risk.ts';
import { type SlotLimits, slotLimits } from './slot-limits.ts';

/** Verdict of the fast check as a number, in the order of `GUARD_VERDICTS`: 0 ALLOW, 1 REDUCE, 2 BLOCK. */
export type VerdictNumber = 0 | 1 | 2;

/** Largest order that is looked at, in lots; beyond it no sum is exact. */
const MOST_LOTS = 2 ** 50;
const NOT_A_NUMBER = Number.NaN;

/** What is written where a check did not run to its end. */
const CHECK_FAILED = [
  'guard/check',
  'check-failed',
  'emergency',
  'halt',
  '',
  NOT_A_NUMBER,
  NOT_A_NUMBER,
] as const;

interface Slot {
  readonly instrument: GuardInstrument;
  readonly assetClass: AssetClass;
  readonly limits: SlotLimits;
  /** Index within its own pool. */
  readonly index: number;
  readonly tickValue: number;
  /** Signed lots held. */
  readonly held: number;
  /** Whether the market is open with nothing to report, and since when that is known; NaN for an unquiet one. */
  readonly quietAtMicros: number;
  /** Limits of the screen; null where something else than the order's own numbers has to be told. */
  readonly plain: PlainLimits | null;
}

/**
 * Guards one account. Built from one input; marks and the clock move it on, anything else takes a new one.
 *
 * Fails closed: whatever cannot be known, and whatever throws, blocks. It is the one place of the engine that catches, because
 * an order that nobody judged must not pass.
 */
export class UnifiedGuard {
  readonly #configuration: GuardConfiguration;
  readonly #input: GuardInput;
  readonly #slots: readonly Slot[];
  readonly #slotOf: ReadonlyMap<string, number>;
  readonly #crypto: CryptoPool;
  readonly #cme: CmePool;
  readonly #correlation: number;
  readonly #unknownHeld: Venue | 'both' | null;
  readonly #trial: OrderTrial = new OrderTrial();
  readonly #sheet: GuardSheet = new GuardSheet();
  #now: Micros;
  #hasFailed = false;

  /** Throws where the input is not what its type says; {@link guardOrder} turns that into a BLOCK. */
  constructor(configuration: GuardConfiguration, input: GuardInput) {
    const broken = brokenInput(input);
    if (broken !== null) throw new TypeError(broken);
    this.#configuration = configuration;
    this.#input = input;
    this.#now = input.atMicros;
    this.#trial.nowMicros = input.atMicros;
    this.#correlation = correlationOf(input, configuration);
    this.#unknownHeld = unknownHeld(input);
    const crypto: { instrument: CryptoInstrument; limits: SlotLimits }[] = [];
    const cme: { instrument: CmeInstrument; limits: SlotLimits }[] = [];
    this.#slots = input.instruments.map((instrument): Slot => {
      const head = {
        instrument,
        assetClass: assetClassOf(instrument),
        tickValue: stepValue(instrument.spec.tickSize),
        held: input.positions.find((p) => p.instrument === instrument.spec.id)?.sizeLots ?? 0,
        quietAtMicros: quietAt(instrument.trading, configuration),
      };
      if (instrument.kind === 'crypto') {
        const limits = slotLimits(configuration, instrument.spec.symbol);
        const plain = this.#isUsual(instrument) ? plainLimits(configuration, limits) : null;
        return { ...head, limits, plain, index: crypto.push({ instrument, limits }) - 1 };
      }
      const limits = slotLimits(configuration, instrument.contract.product.code);
      return { ...head, limits, plain: null, index: cme.push({ instrument, limits }) - 1 };
    });
    this.#slotOf = new Map(input.instruments.map(({ spec }, i) => [spec.id, i]));
    const walletOf = (venue: string): GuardFact<number> | null =>
      input.wallets.find((wallet) => wallet.venue === venue)?.balance ?? null;
    const { correlationWeight } = configuration.concentration;
    this.#crypto = new CryptoPool(
      crypto,
      input.positions,
      walletOf('binance-usdm'),
      1 + (correlationWeight - 1) * this.#correlation,
      input.atMicros,
    );
    this.#cme = new CmePool(cme, input.positions, walletOf('cme-globex'), input.span, input.atMicros);
  }

  /** Number of an instrument for {@link check}; −1 where it is unknown. */
  slotOf(instrument: string): number {
    return this.#slotOf.get(instrument) ?? -1;
  }

  /** Moves the clock on. Inputs grow older with it; times never go back. */
  clock(atMicros: Micros): void {
    this.#now = atMicros;
    this.#trial.nowMicros = atMicros;
    this.#cme.clock(atMicros);
  }

  /** Takes a new mark of one instrument. */
  mark(slot: number, fact: GuardFact<number> | null): void {
    const found = this.#slots[slot];
    if (found === undefined) return;
    if (found.instrument.kind === 'crypto') this.#crypto.mark(found.index, fact, this.#now);
    else this.#cme.mark(found.index, fact, this.#now);
  }

  /**
   * Judges an order without making garbage.
   *
   * @param slot - see {@link slotOf}
   * @param change - signed lots, + buys
   * @param priceTicks - limit price; NaN for a market order
   * @param leverage - chosen with the order; NaN keeps the one in force
   */
  check(slot: number, change: number, priceTicks: number, leverage: number): VerdictNumber {
    const strictest = this.#judge(slot, change, priceTicks, leverage, true);
    return this.#number(strictest, slot, change, priceTicks, leverage);
  }

  /** Judges an order and says why. */
  verdict(order: GuardOrder): GuardVerdict {
    this.#hasFailed = false;
    const slot = this.slotOf(order.instrument);
    const change = this.#changeOf(order, slot);
    const price = order.priceTicks ?? NOT_A_NUMBER;
    const leverage = order.leverage ?? NOT_A_NUMBER;
    const strictest = this.#judge(slot, change, price, leverage, false);
    const sheet = this.#sheet.copy();
    const number = this.#number(strictest, slot, change, price, leverage);
    const reducible = number === 1 ? this.#largest(slot, change, price, leverage) : 0;
    const marginRatio = this.#ratios(slot, change);
    // One failure anywhere on the way, and nothing that was found counts as a permission.
    if (this.#hasFailed) sheet.add(...CHECK_FAILED);
    const kind = this.#hasFailed ? 'BLOCK' : (GUARD_VERDICTS[number] ?? 'BLOCK');
    const reasons = reasonsOf(sheet, kind === 'REDUCE' ? 'REDUCE' : 'BLOCK', this.#sources(slot));
    return {
      verdict: kind,
      severity: reasons[0]?.severity ?? null,
      reasons,
      allowedLots: kind === 'ALLOW' ? Math.abs(change) : kind === 'REDUCE' ? reducible : 0,
      onlyReduces: this.#onlyReduces(slot, change),
      marginRatio,
      notChecked: notChecked(this.#configuration),
      atMicros: this.#now,
      configuration: { version: this.#configuration.version, profile: this.#configuration.profile },
    };
  }

  /** The verdict that follows from the strictest effect found. */
  #number(
    strictest: number,
    slot: number,
    change: number,
    priceTicks: number,
    leverage: number,
  ): VerdictNumber {
    if (strictest <= 0) return 0;
    if (strictest === 3) return 2;
    // Whether a smaller order would pass decides between REDUCE and BLOCK; the close of a position always may.
    const least = this.#leastAdding(slot, change);
    return Math.abs(least) < Math.abs(change) && this.#judge(slot, least, priceTicks, leverage, false) <= 0
      ? 1
      : 2;
  }

  /**
   * The findings of one order into the sheet; the index of the strictest effect, −1 for none.
   *
   * @param screens - whether an order that nothing is wrong with may pass without asking rule by rule
   */
  #judge(slot: number, change: number, priceTicks: number, leverage: number, screens: boolean): number {
    const sheet = this.#sheet;
    sheet.clear();
    try {
      this.#run(slot, change, priceTicks, leverage, screens);
    } catch {
      this.#hasFailed = true;
      sheet.add(...CHECK_FAILED);
    }
    return sheet.strictest;
  }

  #run(number: number, change: number, priceTicks: number, leverage: number, screens: boolean): void {
    const sheet = this.#sheet;
    const slot = this.#slots[number];
    if (slot === undefined || slot.assetClass === 'unknown') {
      sheet.add(
        'instrument/known',
        'instrument-unknown',
        'emergency',
        'halt',
        '',
        NOT_A_NUMBER,
        NOT_A_NUMBER,
      );
      return;
    }
    const { instrument, index } = slot;
    const { symbol } = instrument.spec;
    const size = Math.abs(change);
    const hasPrice = !Number.isNaN(priceTicks);
    if (!(Number.isInteger(change) && size >= 1 && size <= MOST_LOTS)) {
      sheet.add('order/well-formed', 'order-malformed', 'danger', 'halt', symbol, size, MOST_LOTS);
      return;
    }
    if (hasPrice && !Number.isInteger(priceTicks)) {
      sheet.add('order/well-formed', 'order-malformed', 'danger', 'halt', symbol, priceTicks, NOT_A_NUMBER);
      return;
    }
    const { oldest } = this.#configuration;
    const sinceMicros = this.#trial.nowMicros - slot.quietAtMicros;
    if (!(sinceMicros <= oldest.tradingSeconds * 1e6 && sinceMicros >= -AHEAD_MICROS)) {
      checkTrading(instrument.trading, this.#now, symbol, this.#configuration, sheet);
    }
    this.#trial.price = hasPrice ? priceTicks * slot.tickValue : NOT_A_NUMBER;
    const onlyReduces = slot.held * change < 0 && size <= Math.abs(slot.held);
    if (instrument.kind === 'cme') {
      const clock = this.#cme.clockOf(index);
      checkRollover(this.#trial, clock, symbol, slot.limits, this.#configuration, sheet);
      if (onlyReduces) sheet.keepHaltsOnly();
      else this.#runCme(slot, change);
    } else if (onlyReduces) sheet.keepHaltsOnly();
    else {
      this.#crypto.try(this.#trial, index, change, leverage);
      if (screens && slot.plain !== null && isPlain(this.#trial, slot.plain)) return;
      this.#runCrypto(slot, instrument, change);
    }
  }

  #runCrypto({ limits }: Slot, { spec, brackets }: CryptoInstrument, change: number): void {
    const sheet = this.#sheet;
    const trial = this.#trial;
    const configuration = this.#configuration;
    const { oldest, funding } = configuration;
    this.#common(spec.symbol, spec.venue, configuration.trades.crypto);
    if (brackets === null || brackets.length === 0) {
      sheet.add('input/table', 'input-missing', 'danger', 'stop', spec.symbol, NOT_A_NUMBER, NOT_A_NUMBER);
    }
    checkInputs(trial, configuration, sheet);
    checkLeverage(trial, limits, configuration, sheet);
    checkMargin(trial, configuration, sheet);
    checkConcentration(trial, limits, configuration, sheet);
    checkCorrelation(this.#correlation, spec.symbol, configuration, sheet);
    if (funding !== null && spec.fundingIntervalHours !== null) {
      checkFunding(trial, funding, oldest.fundingSeconds, sheet);
    }
    if (configuration.adl !== null && trial.heldLots * change > 0) {
      checkAdl(trial, configuration.adl, oldest.adlSeconds, sheet);
    }
  }

  #runCme({ index, limits, instrument }: Slot, change: number): void {
    const sheet = this.#sheet;
    const trial = this.#trial;
    const configuration = this.#configuration;
    const { spec } = instrument;
    this.#common(spec.symbol, spec.venue, configuration.trades.cme);
    if (!this.#cme.hasParameters(index)) {
      sheet.add('input/table', 'input-missing', 'danger', 'stop', spec.symbol, NOT_A_NUMBER, NOT_A_NUMBER);
    }
    this.#cme.try(trial, index, change);
    checkInputs(trial, configuration, sheet);
    checkSpan(trial, configuration, sheet);
    checkPosition(trial, this.#cme.positionLimitOf(index)?.value ?? null, configuration, sheet);
    checkSettlement(trial, this.#cme.clockOf(index), spec.symbol, limits, configuration, sheet);
  }

  /** Whether an instrument has its brackets and nothing speaks against any order in it that is not in the order's own numbers. */
  #isUsual({ brackets, spec }: CryptoInstrument): boolean {
    const { trades, valueAtRisk, concentration } = this.#configuration;
    const isHeldKnown = this.#unknownHeld !== spec.venue && this.#unknownHeld !== 'both';
    const isCalm = this.#correlation < concentration.correlationSpike;
    return (
      trades.crypto &&
      valueAtRisk === null &&
      isHeldKnown &&
      isCalm &&
      brackets !== null &&
      brackets.length > 0
    );
  }

  /** What is asked of every order that adds risk. */
  #common(symbol: string, venue: Venue, trades: boolean): void {
    const sheet = this.#sheet;
    const { valueAtRisk, oldest } = this.#configuration;
    if (!trades) {
      sheet.add(
        'instrument/known',
        'asset-class-disabled',
        'warning',
        'stop',
        symbol,
        NOT_A_NUMBER,
        NOT_A_NUMBER,
      );
    }
    if (this.#unknownHeld === venue || this.#unknownHeld === 'both') {
      sheet.add('input/account', 'instrument-unknown', 'danger', 'stop', symbol, NOT_A_NUMBER, NOT_A_NUMBER);
    }
    if (valueAtRisk !== null) {
      checkValueAtRisk(this.#input.valueAtRisk, this.#now, valueAtRisk, oldest.riskSeconds, sheet);
    }
  }

  #heldLots(number: number): number {
    return this.#slots[number]?.held ?? NOT_A_NUMBER;
  }

  #onlyReduces(number: number, change: number): boolean {
    const held = this.#heldLots(number);
    return held * change < 0 && Math.abs(change) <= Math.abs(held);
  }

  /** The smallest order in a direction that is judged whole: the close of the position, else one lot. */
  #leastAdding(number: number, change: number): number {
    const held = this.#heldLots(number);
    return held * change < 0 ? -held : Math.sign(change);
  }

  /** The largest size that passes, found between one that does and one that does not. */
  #largest(number: number, change: number, priceTicks: number, leverage: number): number {
    const sign = Math.sign(change);
    let passes = Math.abs(this.#leastAdding(number, change));
    let fails = Math.abs(change);
    while (fails - passes > 1) {
      const middle = passes + Math.floor((fails - passes) / 2);
      if (this.#judge(number, sign * middle, priceTicks, leverage, false) <= 0) passes = middle;
      else fails = middle;
    }
    return passes;
  }

  #changeOf({ side, sizeLots, reduceOnly }: GuardOrder, slot: number): number {
    const wanted = side === 'buy' ? sizeLots : -sizeLots;
    if (!reduceOnly) return wanted;
    const held = this.#heldLots(slot);
    // The venue cuts such an order to the position; with nothing to reduce it is no order.
    if (!(held * wanted < 0)) return NOT_A_NUMBER;
    return Math.abs(wanted) <= Math.abs(held) ? wanted : -held;
  }

  #sources(number: number): GuardSources {
    const slot = this.#slots[number];
    if (slot === undefined) return {};
    const { instrument, index } = slot;
    if (instrument.kind === 'crypto') return cryptoSources(instrument);
    return cmeSources(this.#input.span, this.#cme.positionLimitOf(index));
  }

  #ratios(number: number, change: number): GuardRatios {
    const slot = this.#slots[number];
    if (slot === undefined || !Number.isInteger(change)) return { before: null, after: null };
    const trial = this.#trial;
    trial.price = NOT_A_NUMBER;
    const { index, instrument } = slot;
    if (instrument.kind === 'crypto') {
      this.#crypto.try(trial, index, change, NOT_A_NUMBER);
    } else this.#cme.try(trial, index, change);
    return { before: finite(trial.ratioBefore), after: finite(trial.ratioAfter) };
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
