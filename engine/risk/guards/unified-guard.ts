/** The unified guard: what becomes of an order by what the rules find, how much of it would pass, and why. */

import type { PositionSide } from '../../accounting/portfolio.ts';
import type { Micros } from '../../core/units.ts';
import { type GuardConfiguration, notChecked } from './guard-configuration.ts';
import type { GuardFact, GuardInput, GuardOrder } from './guard-input.ts';
import type { GuardSheet } from './guard-sheet.ts';
import { type GuardSlot, guardSlots } from './guard-slot.ts';
import { type GuardVerdict, reasonsOf } from './guard-verdict.ts';
import { GUARD_VERDICTS } from './guard-vocabulary.ts';
import { brokenInput } from './input-rules.ts';
import { OrderRules } from './order-rules.ts';
import type { PlainScreen } from './plain-screen.ts';

/** Verdict of the fast check as a number, in the order of `GUARD_VERDICTS`: 0 ALLOW, 1 REDUCE, 2 BLOCK. */
export type VerdictNumber = 0 | 1 | 2;

const NONE = Number.NaN;

/** What is written where a check did not run to its end. */
const CHECK_FAILED = ['guard/check', 'check-failed', 'emergency', 'halt', '', NONE, NONE] as const;

/**
 * Guards one account. Built from one input; marks and the clock move it on, anything else takes a new one.
 *
 * Fails closed: whatever cannot be known, and whatever throws, blocks. It is the one place of the engine that catches, because
 * an order that nobody judged must not pass.
 */
export class UnifiedGuard {
  readonly #configuration: GuardConfiguration;
  readonly #slots: readonly GuardSlot[];
  readonly #slotOf: ReadonlyMap<string, number>;
  readonly #rules: OrderRules;
  readonly #screen: PlainScreen;
  readonly #sheet: GuardSheet;
  #now: Micros;
  #hasFailed = false;

  /** Throws where the input is not what its type says; {@link guardOrder} turns that into a BLOCK. */
  constructor(configuration: GuardConfiguration, input: GuardInput) {
    const broken = brokenInput(input);
    if (broken !== null) throw new TypeError(broken);
    this.#configuration = configuration;
    this.#now = input.atMicros;
    this.#slots = guardSlots(input, configuration);
    this.#slotOf = new Map(
      this.#slots.map(({ instrument, leg }, i) => [slotKey(instrument.spec.id, leg), i]),
    );
    this.#rules = new OrderRules(configuration, input, this.#slots);
    this.#screen = this.#rules.screen;
    this.#sheet = this.#rules.sheet;
  }

  /** Number of an instrument, in hedge mode of one of its legs, for {@link check}; −1 where it is unknown. */
  slotOf(instrument: string, leg: PositionSide | null = null): number {
    return this.#slotOf.get(slotKey(instrument, leg)) ?? -1;
  }

  /** Moves the clock on. Inputs grow older with it; times never go back. */
  clock(atMicros: Micros): void {
    this.#now = atMicros;
    this.#rules.clock(atMicros);
  }

  /** Takes a new mark of one instrument; of two legs either will do. */
  mark(slot: number, fact: GuardFact<number> | null): void {
    const found = this.#slots[slot];
    if (found !== undefined) this.#rules.mark(found, fact);
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
    try {
      if (this.#screen.passes(slot, change, priceTicks, leverage)) return 0;
      const strictest = this.#judge(slot, change, priceTicks, leverage);
      return this.#number(strictest, slot, change, priceTicks, leverage);
    } catch {
      return 2;
    }
  }

  /** Judges an order and says why. */
  verdict(order: GuardOrder): GuardVerdict {
    this.#hasFailed = false;
    const slot = this.#slotFor(order);
    const change = this.#changeOf(order, slot);
    const price = order.priceTicks ?? NONE;
    const leverage = order.leverage ?? NONE;
    const strictest = this.#judge(slot, change, price, leverage);
    const sheet = this.#sheet.copy();
    const number = this.#number(strictest, slot, change, price, leverage);
    const reducible = number === 1 ? this.#largest(slot, change, price, leverage) : 0;
    const found = this.#slots[slot];
    const isRatioKnown = found !== undefined && Number.isInteger(change);
    const marginRatio = isRatioKnown ? this.#rules.ratios(found, change) : { before: null, after: null };
    // One failure anywhere on the way, and nothing that was found counts as a permission.
    if (this.#hasFailed) sheet.add(...CHECK_FAILED);
    const kind = this.#hasFailed ? 'BLOCK' : (GUARD_VERDICTS[number] ?? 'BLOCK');
    const reasons = reasonsOf(
      sheet,
      kind === 'REDUCE' ? 'REDUCE' : 'BLOCK',
      found === undefined ? {} : this.#rules.sources(found),
    );
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
    return Math.abs(least) < Math.abs(change) && this.#judge(slot, least, priceTicks, leverage) <= 0 ? 1 : 2;
  }

  /** The findings of one order into the sheet; the index of the strictest effect, −1 for none. */
  #judge(slot: number, change: number, priceTicks: number, leverage: number): number {
    const sheet = this.#sheet;
    sheet.clear();
    try {
      this.#rules.ask(this.#slots[slot], change, priceTicks, leverage);
    } catch {
      this.#hasFailed = true;
      sheet.add(...CHECK_FAILED);
    }
    return sheet.strictest;
  }

  #heldLots(number: number): number {
    return this.#slots[number]?.held ?? NONE;
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
      if (this.#judge(number, sign * middle, priceTicks, leverage) <= 0) passes = middle;
      else fails = middle;
    }
    return passes;
  }

  /** The slot an order means; any of its instrument where the leg is wrong, so that the reasons can name the symbol. */
  #slotFor({ instrument, leg }: GuardOrder): number {
    const slot = this.slotOf(instrument, leg ?? null);
    return slot >= 0 ? slot : this.#slots.findIndex((other) => other.instrument.spec.id === instrument);
  }

  #changeOf({ side, sizeLots, reduceOnly, leg }: GuardOrder, slot: number): number {
    const wanted = side === 'buy' ? sizeLots : -sizeLots;
    // A venue refuses an order without a leg in hedge mode, and one with a leg elsewhere.
    if (this.#slots[slot]?.leg !== (leg ?? null)) return NONE;
    if (!reduceOnly) return wanted;
    const held = this.#heldLots(slot);
    // The venue cuts such an order to the position; with nothing to reduce it is no order.
    if (!(held * wanted < 0)) return NONE;
    return Math.abs(wanted) <= Math.abs(held) ? wanted : -held;
  }
}

function slotKey(instrument: string, leg: PositionSide | null): string {
  return `${leg ?? 'only'} ${instrument}`;
}
