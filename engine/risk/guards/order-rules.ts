/** Asks the rules about one order: those of its side, in a fixed order, on figures of the account with the order in it. */

import type { Micros } from '../../core/units.ts';
import type { Venue } from '../../reference/instruments/contract-spec.ts';
import { CmePool } from './cme-pool.ts';
import { CryptoPool } from './crypto-pool.ts';
import type { CryptoListing } from './crypto-slot.ts';
import type { GuardConfiguration } from './guard-configuration.ts';
import { AHEAD_MICROS, firstInstant, isSound, lastInstant, MOST_LOTS } from './guard-facts.ts';
import type { CmeInstrument, CryptoInstrument, GuardFact, GuardInput } from './guard-input.ts';
import { GuardSheet } from './guard-sheet.ts';
import type { GuardSlot } from './guard-slot.ts';
import { cmeSources, cryptoSources, type GuardSources } from './guard-sources.ts';
import type { GuardRatios } from './guard-verdict.ts';
import { correlationOf, unknownHeld } from './input-rules.ts';
import { OrderTrial } from './order-trial.ts';
import type { PlainScreen } from './plain-screen.ts';
import { checkAdl } from './rules/adl.ts';
import { checkConcentration, checkCorrelation } from './rules/concentration.ts';
import { checkPosition, checkRollover, checkSettlement } from './rules/contract.ts';
import { checkFunding } from './rules/funding.ts';
import { checkInputs } from './rules/inputs.ts';
import { checkLeverage } from './rules/leverage.ts';
import { checkMargin, checkSpan } from './rules/margin.ts';
import { checkTrading } from './rules/trading.ts';
import { checkValueAtRisk } from './rules/value-at-risk.ts';
import type { SlotLimits } from './slot-limits.ts';

const NONE = Number.NaN;

/** The rules of one account. */
export class OrderRules {
  /** What the last order brought up. */
  readonly sheet: GuardSheet = new GuardSheet();
  /** The quick look at crypto orders. */
  readonly screen: PlainScreen;
  readonly #configuration: GuardConfiguration;
  readonly #input: GuardInput;
  readonly #crypto: CryptoPool;
  readonly #cme: CmePool;
  readonly #correlation: number;
  readonly #unknownHeld: Venue | 'both' | null;
  readonly #trial: OrderTrial = new OrderTrial();

  constructor(configuration: GuardConfiguration, input: GuardInput, slots: readonly GuardSlot[]) {
    this.#configuration = configuration;
    this.#input = input;
    this.#trial.nowMicros = input.atMicros;
    this.#correlation = correlationOf(input, configuration);
    this.#unknownHeld = unknownHeld(input);
    const crypto: CryptoListing[] = [];
    const cme: { instrument: CmeInstrument; limits: SlotLimits }[] = [];
    for (const [number, slot] of slots.entries()) {
      const { instrument, limits, leg, position } = slot;
      if (instrument.kind === 'cme') cme.push({ instrument, limits });
      else crypto.push({ instrument, limits, leg, position, number, ...this.#quiet(slot, instrument) });
    }
    const { positions, atMicros } = input;
    const walletOf = (venue: Venue): GuardFact<number> | null =>
      input.wallets.find((wallet) => wallet.venue === venue)?.balance ?? null;
    const wallet = walletOf('binance-usdm');
    this.#crypto = new CryptoPool(configuration, crypto, wallet, this.#correlation, atMicros);
    this.#cme = new CmePool(cme, positions, walletOf('cme-globex'), input.span, atMicros);
    this.screen = this.#crypto.screen;
  }

  /** Moves the clock on; times never go back. */
  clock(atMicros: Micros): void {
    this.#trial.nowMicros = atMicros;
    this.screen.clock(atMicros);
    this.#cme.clock(atMicros);
  }

  /** Takes a new mark of one slot. */
  mark({ isCme, index }: GuardSlot, fact: GuardFact<number> | null): void {
    const pool = isCme ? this.#cme : this.#crypto;
    pool.mark(index, fact, this.#trial.nowMicros);
  }

  /** Writes into the sheet what speaks against an order; parameters as of `UnifiedGuard.check`. */
  ask(slot: GuardSlot | undefined, change: number, priceTicks: number, leverage: number): void {
    const sheet = this.sheet;
    const trial = this.#trial;
    if (slot === undefined || slot.assetClass === 'unknown') {
      sheet.add('instrument/known', 'instrument-unknown', 'emergency', 'halt', '', NONE, NONE);
      return;
    }
    const { instrument, symbol, held } = slot;
    const size = Math.abs(change);
    const hasPrice = !Number.isNaN(priceTicks);
    if (!(Number.isInteger(change) && size >= 1 && size <= MOST_LOTS)) {
      sheet.add('order/well-formed', 'order-malformed', 'danger', 'halt', symbol, size, MOST_LOTS);
      return;
    }
    if (hasPrice && !Number.isInteger(priceTicks)) {
      sheet.add('order/well-formed', 'order-malformed', 'danger', 'halt', symbol, priceTicks, NONE);
      return;
    }
    const { oldest } = this.#configuration;
    const sinceMicros = trial.nowMicros - slot.quietAtMicros;
    if (!(sinceMicros <= oldest.tradingSeconds * 1e6 && sinceMicros >= -AHEAD_MICROS)) {
      checkTrading(instrument.trading, trial.nowMicros, symbol, this.#configuration, sheet);
    }
    trial.price = hasPrice ? priceTicks * slot.tickValue : NONE;
    const onlyReduces = held * change < 0 && size <= Math.abs(held);
    if (slot.isCme) {
      const clock = this.#cme.clockOf(slot.index);
      checkRollover(trial, clock, symbol, slot.limits, this.#configuration, sheet);
    }
    if (onlyReduces) sheet.keepHaltsOnly();
    else if (slot.isOverdrawnBy(change)) {
      const most = Math.abs(held);
      sheet.add('order/well-formed', 'order-malformed', 'danger', 'size', symbol, size, most);
    } else if (instrument.kind === 'cme') this.#askCme(slot, change);
    else this.#askCrypto(slot, instrument, change, leverage);
  }

  /** Margin ratios of the pool behind an order at the mark; none after one that cannot be. */
  ratios(slot: GuardSlot, change: number): GuardRatios {
    const { isCme, index } = slot;
    const trial = this.#trial;
    trial.price = NONE;
    if (isCme) this.#cme.try(trial, index, change);
    else this.#crypto.try(trial, index, change, NONE);
    const after = slot.isOverdrawnBy(change) ? null : finite(trial.ratioAfter);
    return { before: finite(trial.ratioBefore), after };
  }

  /** The tables behind the limits of a slot. */
  sources({ instrument, index }: GuardSlot): GuardSources {
    if (instrument.kind === 'crypto') return cryptoSources(instrument);
    return cmeSources(this.#input.span, this.#cme.positionLimitOf(index));
  }

  #askCrypto(
    { index, limits, symbol }: GuardSlot,
    { spec, brackets }: CryptoInstrument,
    change: number,
    leverage: number,
  ): void {
    const sheet = this.sheet;
    const trial = this.#trial;
    const configuration = this.#configuration;
    const { oldest, funding, adl } = configuration;
    this.#askAll(symbol, spec.venue, configuration.trades.crypto);
    if (brackets === null || brackets.length === 0) {
      sheet.add('input/table', 'input-missing', 'danger', 'stop', symbol, NONE, NONE);
    }
    this.#crypto.try(trial, index, change, leverage);
    checkInputs(trial, configuration, sheet);
    checkLeverage(trial, limits, configuration, sheet);
    checkMargin(trial, configuration, sheet);
    checkConcentration(trial, limits, configuration, sheet);
    checkCorrelation(this.#correlation, symbol, configuration, sheet);
    if (funding !== null && spec.fundingIntervalHours !== null) {
      checkFunding(trial, funding, oldest.fundingSeconds, sheet);
    }
    if (adl !== null && trial.heldLots * change > 0) checkAdl(trial, adl, oldest.adlSeconds, sheet);
  }

  #askCme({ index, limits, symbol }: GuardSlot, change: number): void {
    const sheet = this.sheet;
    const trial = this.#trial;
    const configuration = this.#configuration;
    this.#askAll(symbol, 'cme-globex', configuration.trades.cme);
    if (!this.#cme.hasParameters(index)) {
      sheet.add('input/table', 'input-missing', 'danger', 'stop', symbol, NONE, NONE);
    }
    this.#cme.try(trial, index, change);
    checkInputs(trial, configuration, sheet);
    checkSpan(trial, configuration, sheet);
    checkPosition(trial, this.#cme.positionLimitOf(index)?.value ?? null, configuration, sheet);
    checkSettlement(trial, this.#cme.clockOf(index), symbol, limits, configuration, sheet);
  }

  /** What is asked of every order that adds risk. */
  #askAll(symbol: string, venue: Venue, trades: boolean): void {
    const sheet = this.sheet;
    const { valueAtRisk, oldest } = this.#configuration;
    if (!trades) {
      sheet.add('instrument/known', 'asset-class-disabled', 'warning', 'stop', symbol, NONE, NONE);
    }
    if (this.#unknownHeld === venue || this.#unknownHeld === 'both') {
      sheet.add('input/account', 'instrument-unknown', 'danger', 'stop', symbol, NONE, NONE);
    }
    if (valueAtRisk !== null) {
      const { nowMicros } = this.#trial;
      checkValueAtRisk(this.#input.valueAtRisk, nowMicros, valueAtRisk, oldest.riskSeconds, sheet);
    }
  }

  /** First and last instant at which nothing but the numbers of an order may stop one that adds risk; NaN for none. */
  #quiet(
    { assetClass, quietAtMicros }: GuardSlot,
    { brackets, spec }: CryptoInstrument,
  ): { readonly quietFromMicros: number; readonly quietUntilMicros: number } {
    const { trades, valueAtRisk, oldest } = this.#configuration;
    const isHeldKnown = this.#unknownHeld !== spec.venue && this.#unknownHeld !== 'both';
    const isKnown = assetClass !== 'unknown' && isHeldKnown && brackets !== null && brackets.length > 0;
    const risk = this.#input.valueAtRisk;
    const isCalm = valueAtRisk === null || (isSound(risk) && risk.value < valueAtRisk.blockShare);
    if (!(trades.crypto && isKnown && isCalm)) {
      return { quietFromMicros: NONE, quietUntilMicros: NONE };
    }
    const from = firstInstant(quietAtMicros);
    const until = lastInstant(quietAtMicros, oldest.tradingSeconds);
    if (valueAtRisk === null || risk === null) return { quietFromMicros: from, quietUntilMicros: until };
    return {
      quietFromMicros: Math.max(from, firstInstant(risk.atMicros)),
      quietUntilMicros: Math.min(until, lastInstant(risk.atMicros, oldest.riskSeconds)),
    };
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
