/** The CME side of an account: positions by contract under two SPAN plans, so that trying one order touches one commodity. */
import { decimalValue } from '../../core/money.ts';
import { type Micros, stepValue } from '../../core/units.ts';
import { SpanCalculator } from '../../margin/span/calculator.ts';
import type { SpanPlan } from '../../margin/span/plan.ts';
import { readPositions, type SpanPosition } from '../../margin/span/span-portfolio.ts';
import { tradingDayAt } from '../../reference/calendar/sessions.ts';
import type { CmeContract } from '../../reference/instruments/cme-contracts.ts';
import type { Dated } from '../../reference/instruments/cme-product.ts';
import { type ContractClock, contractClock } from './contract-clock.ts';
import { isAhead, isSound } from './guard-facts.ts';
import type { CmeInstrument, GuardFact, GuardInput, GuardPosition } from './guard-input.ts';
import type { OrderTrial } from './order-trial.ts';
import { limitedProduct, limitWeight, type PositionLimit, positionLimitOn } from './position-limits.ts';
import type { SlotLimits } from './slot-limits.ts';

/** One contract. */
interface CmeSlot {
  readonly instrument: CmeInstrument;
  readonly symbol: string;
  readonly limits: SlotLimits;
  /** Value of a price of 1 for one lot. */
  readonly lotValue: number;
  /** Index into the contracts of both plans; −1 where the set does not list it. */
  readonly spanIndex: number;
  readonly productNumber: number;
  readonly limitWeight: number;
  readonly held: number;
  readonly entryPrice: number;
  readonly bids: number;
  readonly asks: number;
  clock: ContractClock;
  positionLimit: Dated<PositionLimit> | null;
  mark: number;
  markAtMicros: number;
  pnl: number;
}

/** The CME pool of one account. */
export class CmePool {
  readonly #slots: CmeSlot[];
  readonly #initial: SpanSide | null;
  readonly #maintenance: SpanSide | null;
  /** Net contracts of each product toward its limit. */
  readonly #products: Float64Array;
  /** Requirements of the order at hand: initial, maintenance. */
  readonly #after = new Float64Array(2);
  readonly #wallet: number;
  readonly #walletAtMicros: number;
  #pnl: number = Number.NaN;
  #ratio: number = Number.NaN;
  #oldestMarkMicros: number = Number.NaN;

  /** As of {@link CryptoPool}. A position the set cannot margin leaves every requirement NaN, never 0. */
  constructor(
    instruments: readonly { readonly instrument: CmeInstrument; readonly limits: SlotLimits }[],
    positions: readonly GuardPosition[],
    wallet: GuardFact<number> | null,
    span: GuardInput['span'],
    atMicros: Micros,
  ) {
    const products = [...new Set(instruments.map((i) => limitedProduct(i.instrument.contract.product).code))];
    this.#products = new Float64Array(products.length);
    this.#slots = instruments.map(({ instrument, limits }) => {
      const { contract, spec } = instrument;
      const position = positions.find((p) => p.instrument === spec.id);
      const slot: CmeSlot = {
        instrument,
        symbol: spec.symbol,
        limits,
        lotValue: stepValue(spec.lotSize) * decimalValue(spec.multiplier),
        spanIndex: span === null ? -1 : spanIndexOf(span.maintenance, contract),
        productNumber: products.indexOf(limitedProduct(contract.product).code),
        limitWeight: limitWeight(contract.product),
        held: position?.sizeLots ?? 0,
        entryPrice: position?.entryPrice ?? Number.NaN,
        bids: position?.bidLots ?? 0,
        asks: position?.askLots ?? 0,
        clock: contractClock(contract, atMicros),
        positionLimit: positionLimitOn(contract.product, tradingDayAt(atMicros)),
        mark: Number.NaN,
        markAtMicros: Number.NaN,
        pnl: Number.NaN,
      };
      setMark(slot, instrument.mark, atMicros);
      return slot;
    });
    this.#wallet = isSound(wallet) ? wallet.value : Number.NaN;
    this.#walletAtMicros =
      wallet === null || isAhead(atMicros, wallet.atMicros) ? Number.NaN : wallet.atMicros;
    for (const { productNumber, held, limitWeight: weight } of this.#slots) {
      this.#products[productNumber] = (this.#products[productNumber] ?? 0) + held * weight;
    }
    this.#initial = span === null ? null : spanSide(span.initial, this.#slots);
    this.#maintenance = span === null ? null : spanSide(span.maintenance, this.#slots);
    this.#sum();
  }

  /** Takes a new mark of one slot. */
  mark(index: number, fact: GuardFact<number> | null, nowMicros: number): void {
    const slot = this.#slots[index];
    if (slot === undefined) return;
    setMark(slot, fact, nowMicros);
    this.#sum();
  }

  /** Moves the clocks of the contracts on; times never go back. */
  clock(atMicros: Micros): void {
    for (const slot of this.#slots) {
      if (atMicros < slot.clock.validUntilMicros) continue;
      const { contract } = slot.instrument;
      slot.clock = contractClock(contract, atMicros);
      slot.positionLimit = positionLimitOn(contract.product, tradingDayAt(atMicros));
    }
  }

  /** Clock of a slot. */
  clockOf(index: number): ContractClock {
    return (this.#slots[index] as CmeSlot).clock;
  }

  /** Position limit of a slot, null where none is known. */
  positionLimitOf(index: number): Dated<PositionLimit> | null {
    return (this.#slots[index] as CmeSlot).positionLimit;
  }

  /** Whether the parameter set knows the contract. */
  hasParameters(index: number): boolean {
    return this.#initial !== null && this.#maintenance !== null && (this.#slots[index]?.spanIndex ?? -1) >= 0;
  }

  /** Writes into `trial` what the account would be after an order; parameters as of {@link CryptoPool.try}. */
  try(trial: OrderTrial, index: number, change: number): void {
    const slot = this.#slots[index] as CmeSlot;
    const { mark, lotValue, spanIndex } = slot;
    const { price } = trial;
    const filled = change > 0 ? change + slot.bids : change - slot.asks;
    const worse = Number.isNaN(price) ? 0 : Math.max(0, change > 0 ? price - mark : mark - price);
    const balance = this.#wallet + this.#pnl - Math.abs(change) * lotValue * worse;
    trial.side = change > 0 ? 1 : -1;
    trial.symbol = slot.symbol;
    trial.heldLots = slot.held;
    trial.afterLots = slot.held + filled;
    trial.cost = Math.abs(change) * lotValue * worse;
    trial.balance = balance;
    trial.equity = balance;
    trial.notional = Math.abs(trial.afterLots) * lotValue * mark;
    trial.productContracts = (this.#products[slot.productNumber] as number) + filled * slot.limitWeight;
    trial.ratioBefore = this.#ratio;
    if (spanIndex < 0 || this.#initial === null || this.#maintenance === null) {
      trial.initialRequirement = Number.NaN;
      trial.ratioAfter = Number.NaN;
    } else {
      const after = this.#after;
      this.#initial.calculator.whatIfInto(spanIndex, filled, after, 0);
      this.#maintenance.calculator.whatIfInto(spanIndex, filled, after, 1);
      raise(after, 0, this.#initial, slot.limits);
      raise(after, 1, this.#maintenance, slot.limits);
      trial.initialRequirement = after[0] as number;
      trial.maintenance = after[1] as number;
      trial.ratioAfter = balance / trial.maintenance;
    }
    trial.markAtMicros = Number.isNaN(mark) ? mark : Math.min(this.#oldestMarkMicros, slot.markAtMicros);
    trial.walletAtMicros = this.#walletAtMicros;
  }

  #sum(): void {
    let pnl = 0;
    let oldest = Number.POSITIVE_INFINITY;
    for (const slot of this.#slots) {
      slot.pnl = slot.held === 0 ? 0 : slot.held * slot.lotValue * (slot.mark - slot.entryPrice);
      pnl += slot.pnl;
      if (slot.held !== 0) oldest = Math.min(oldest, slot.markAtMicros);
    }
    this.#pnl = pnl;
    this.#ratio =
      this.#maintenance === null ? Number.NaN : (this.#wallet + pnl) / this.#maintenance.requirement;
    this.#oldestMarkMicros = oldest;
  }
}

/** Multiplies what an order adds to a requirement; what it takes off counts once. In place, so that no number is boxed. */
function raise(
  after: Float64Array,
  at: number,
  { requirement }: SpanSide,
  { requirementMultiplier }: SlotLimits,
): void {
  const added = (after[at] as number) - requirement;
  if (added > 0) after[at] = requirement + added * requirementMultiplier;
}

function setMark(slot: CmeSlot, fact: GuardFact<number> | null, nowMicros: number): void {
  // A future may trade at zero and below, as crude oil did on 2020-04-20.
  slot.mark = isSound(fact) && !isAhead(nowMicros, fact.atMicros) ? fact.value : Number.NaN;
  slot.markAtMicros = Number.isNaN(slot.mark) ? Number.NaN : (fact?.atMicros ?? Number.NaN);
}

/** Index of a contract in a plan, or −1. */
function spanIndexOf(plan: SpanPlan, { product, year, month }: CmeContract): number {
  const period = `${year}${String(month).padStart(2, '0')}`;
  return plan.set.contracts.findIndex(
    (c) => c.type === 'FUT' && c.product === product.code && c.period === period && c.hasArray,
  );
}

interface SpanSide {
  readonly calculator: SpanCalculator;
  readonly requirement: number;
}

/** A calculator that holds the positions; null where one of them cannot be margined. */
function spanSide(plan: SpanPlan, slots: readonly CmeSlot[]): SpanSide | null {
  const held = slots.filter((slot) => slot.held !== 0);
  const positions = held.flatMap((slot): SpanPosition[] => {
    const contract = plan.set.contracts[slot.spanIndex];
    return contract === undefined ? [] : [{ contract: contract.id, lots: slot.held }];
  });
  const lots = readPositions(plan, positions);
  if (!lots.ok || positions.length !== held.length) return null;
  const calculator = new SpanCalculator(plan);
  return { calculator, requirement: calculator.margin(lots.value) };
}
