/** The circuit breakers and price limits of one product group, as a machine. */
import { assert } from '../../core/assert.ts';
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import { micros } from '../../core/units.ts';
import type { SessionGroup } from '../../reference/calendar/early-closes.ts';
import { nextSession, type Session, sessionAt } from '../../reference/calendar/sessions.ts';
import { factOn } from '../../reference/instruments/cme-product.ts';
import { findProduct } from '../../reference/instruments/cme-products.ts';
import type { OrderSide } from '../matching/order-terms.ts';
import type {
  BreakerConfig,
  BreakerInput,
  BreakerOutput,
  BreakerSnapshot,
  BreakerState,
  References,
} from './breaker-inputs.ts';
import { type BreakerView, breakerView } from './breaker-view.ts';
import { dynamicLimits, hardLimits, type LimitBasis } from './contract-limits.ts';
import { BREAKER_TIMES, limitRegime } from './limit-regimes.ts';
import { haltingLevel } from './market-levels.ts';
import { NO_LIMITS, type PriceLimits } from './price-limits.ts';
import { RollingExtremes } from './rolling-extremes.ts';
import { type PhaseStart, phaseAt, phasesOf } from './trading-phases.ts';

const NEVER = Number.POSITIVE_INFINITY;
const OPEN: BreakerState = { kind: 'open' };
const CLOSED: BreakerState = { kind: 'closed' };
const LEVEL_CAUSES = ['level-1', 'level-2', 'level-3'] as const;
const NONE_REACHED: readonly (number | null)[] = [null, null, null];

interface Contract {
  readonly isLead: boolean;
  readonly window: RollingExtremes;
  lastTicks: number | null;
  stoppedUntilMicros: number | null;
  /** The limits that were told last. */
  told: PriceLimits;
  toldDynamic: PriceLimits;
}

/**
 * Opens and closes its group with the sessions of the calendar, keeps the limits of every contract, and stops trading: the
 * whole group for falls of the market and for breakers of the lead month, a single contract for its own. Every stop has an
 * end, at the latest that of the session.
 *
 * What an input's time makes due happens before the input, at the time at which it was due.
 *
 * Source: CME FAQs on U.S. equity index price limits and on dynamic circuit breakers; NYSE rule 7.12; rule 589. A trade at
 * a dynamic limit trips the breaker, and so does, before it is matched, an order that would trade or stand beyond it.
 */
export class CircuitBreakers implements Machine<BreakerInput, BreakerOutput, BreakerSnapshot> {
  readonly #config: BreakerConfig;
  readonly #group: SessionGroup;
  readonly #contracts: readonly Contract[];
  #outputs: BreakerOutput[] = [];
  #nowMicros = 0;
  #state: BreakerState = CLOSED;
  #sinceMicros = 0;
  #references: References | null = null;
  #nextReferences: References | null = null;
  #reached: readonly (number | null)[] = NONE_REACHED;
  #stepsPassed = 0;
  /** The session that is open, or else the one that opens next. */
  #session: Session | null = null;
  #phases: readonly PhaseStart[] = [];
  #basis: LimitBasis;

  constructor(config: BreakerConfig, snapshot?: BreakerSnapshot) {
    const product = findProduct(config.product);
    assert(product !== null, `${config.product} is a known product`);
    assert(config.instruments.filter((one) => one.isLead).length === 1, 'a group has one lead month');
    this.#config = config;
    this.#group = product.sessionGroup;
    this.#contracts = config.instruments.map(({ isLead }, i) => {
      const was = snapshot?.contracts[i];
      return {
        isLead,
        window: new RollingExtremes(BREAKER_TIMES.windowMicros, was?.window),
        lastTicks: was?.lastTicks ?? null,
        stoppedUntilMicros: was?.stoppedUntilMicros ?? null,
        told: was?.told ?? NO_LIMITS,
        toldDynamic: was?.toldDynamic ?? NO_LIMITS,
      };
    });
    if (snapshot !== undefined) {
      this.#nowMicros = snapshot.nowMicros;
      this.#state = snapshot.state;
      this.#sinceMicros = snapshot.sinceMicros;
      this.#references = snapshot.references;
      this.#nextReferences = snapshot.nextReferences;
      this.#reached = snapshot.reachedMicros;
      this.#stepsPassed = snapshot.stepsPassed;
      this.#findSession(snapshot.nowMicros);
    }
    this.#basis = this.#basisAt(this.#nowMicros);
  }

  apply(input: BreakerInput): readonly BreakerOutput[] {
    assert(input.atMicros >= this.#nowMicros, 'time does not go back');
    this.#outputs = [];
    // The first input says where in time the group stands; nothing was due before it.
    if (this.#nowMicros === 0) this.#begin(input.atMicros);
    this.#doWhatIsDue(input.atMicros);
    this.#nowMicros = input.atMicros;
    if (input.kind === 'references') this.#refer(input.references);
    else if (input.kind === 'trade') this.#trade(input.instrument, input.priceTicks);
    else if (input.kind === 'reaching-order')
      this.#watchOrder(input.instrument, input.side, input.priceTicks);
    else if (input.kind === 'market-index') this.#watchMarket(input.level);
    this.#tellLimits();
    return this.#outputs;
  }

  /** When something is due in the breakers next; infinite for never. */
  get dueMicros(): number {
    const windows = this.#contracts.map((one) => one.window.changesAtMicros ?? NEVER);
    return Math.min(this.#nextMicros(), ...windows);
  }

  /** The dynamic limits of a contract now; null where trading stands still. */
  dynamicLimits(instrument: number): PriceLimits | null {
    const one = this.#contracts[instrument];
    if (one === undefined || one.stoppedUntilMicros !== null || this.#state.kind !== 'open') return null;
    return dynamicLimits(this.#basis, instrument, one.window);
  }

  /** What a board shows at the moment of the last input. */
  view(): BreakerView {
    const { product } = this.#config;
    return breakerView({
      product,
      regime: this.#session === null ? null : limitRegime(product, this.#session.tradingDay),
      session: this.#session,
      state: this.#state,
      sinceMicros: this.#sinceMicros,
      nowMicros: this.#nowMicros,
      nextMicros: this.#nextMicros(),
      basis: this.#basis,
      reachedMicros: this.#reached,
      contracts: this.#contracts.map((one, i) => ({
        symbol: this.#config.instruments[i]?.symbol ?? '',
        isLead: one.isLead,
        lastTicks: one.lastTicks,
        stoppedUntilMicros: one.stoppedUntilMicros,
        hard: this.#state.kind === 'closed' ? NO_LIMITS : hardLimits(this.#basis, i),
        dynamic: this.#state.kind === 'closed' ? NO_LIMITS : dynamicLimits(this.#basis, i, one.window),
      })),
    });
  }

  snapshot(): BreakerSnapshot {
    return {
      nowMicros: this.#nowMicros,
      state: this.#state,
      sinceMicros: this.#sinceMicros,
      references: this.#references,
      nextReferences: this.#nextReferences,
      reachedMicros: this.#reached,
      stepsPassed: this.#stepsPassed,
      contracts: this.#contracts.map((one) => ({
        window: one.window.snapshot(),
        lastTicks: one.lastTicks,
        stoppedUntilMicros: one.stoppedUntilMicros,
        told: one.told,
        toldDynamic: one.toldDynamic,
      })),
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.text(JSON.stringify([this.#state, this.#references, this.#nextReferences, this.#reached]));
    hash.integer(this.#sinceMicros);
    hash.integer(this.#stepsPassed);
    for (const one of this.#contracts) {
      hash.integer(one.lastTicks ?? 0);
      hash.integer(one.stoppedUntilMicros ?? 0);
      hash.text(JSON.stringify([one.told, one.toldDynamic, one.window.snapshot()]));
    }
    return hash.value();
  }

  #begin(atMicros: number): void {
    this.#nowMicros = atMicros;
    this.#findSession(atMicros);
    const isOpen = this.#session !== null && this.#session.opensAtMicros <= atMicros;
    this.#enter(isOpen ? OPEN : CLOSED, atMicros);
  }

  #findSession(atMicros: number): void {
    const at = micros(atMicros);
    this.#session = sessionAt(this.#group, at) ?? nextSession(this.#group, at);
    // Parts of the day matter to stock indices alone: nothing is due in other products when stocks open or close.
    const regime =
      this.#session === null ? null : limitRegime(this.#config.product, this.#session.tradingDay);
    const hasPhases = this.#session !== null && regime?.value.kind === 'equity-index';
    this.#phases = hasPhases && this.#session !== null ? phasesOf(this.#session) : [];
  }

  #refer(references: References): void {
    const isFirst = this.#references === null || this.#state.kind === 'closed';
    if (isFirst) this.#references = references;
    else this.#nextReferences = references;
  }

  #trade(instrument: number, priceTicks: number): void {
    const one = this.#contracts[instrument];
    assert(one !== undefined, 'the contract belongs to the group');
    const trades = this.#state.kind === 'open' || this.#state.kind === 'monitoring';
    if (!trades || one.stoppedUntilMicros !== null) return;
    const before = dynamicLimits(this.#basis, instrument, one.window);
    one.lastTicks = priceTicks;
    one.window.add(this.#nowMicros, priceTicks);
    if (reaches(before, priceTicks)) this.#stopForBreaker(one, instrument);
    else if (this.#basis.regime.kind === 'stepped' && one.isLead && this.#state.kind === 'open') {
      if (reaches(hardLimits(this.#basis, instrument), priceTicks)) {
        this.#enter(
          { kind: 'monitoring', untilMicros: this.#until(BREAKER_TIMES.monitoringMicros) },
          this.#nowMicros,
        );
      }
    }
  }

  /** An order beyond a dynamic limit stops trading before it is matched. */
  #watchOrder(instrument: number, side: OrderSide, priceTicks: number): void {
    const one = this.#contracts[instrument];
    assert(one !== undefined, 'the contract belongs to the group');
    const limits = this.dynamicLimits(instrument);
    if (limits === null) return;
    const bound = side === 'buy' ? limits.highTicks : limits.lowTicks;
    if (bound === null || (priceTicks - bound) * (side === 'buy' ? 1 : -1) <= 0) return;
    this.#stopForBreaker(one, instrument);
  }

  /** A dynamic breaker was reached: the lead month takes the group along. */
  #stopForBreaker(one: Contract, instrument: number): void {
    const closes = this.#session?.closesAtMicros ?? this.#nowMicros;
    const isLate = closes - this.#nowMicros <= BREAKER_TIMES.lateMicros;
    const untilMicros = this.#until(
      isLate ? BREAKER_TIMES.latePauseMicros : BREAKER_TIMES.dynamicPauseMicros,
    );
    const state: BreakerState = { kind: 'stopped', cause: 'dynamic', untilMicros };
    if (one.isLead) {
      this.#enter(state, this.#nowMicros);
      return;
    }
    one.stoppedUntilMicros = untilMicros;
    one.window.restart();
    this.#outputs.push({ kind: 'contract-state', atMicros: this.#nowMicros, instrument, state });
  }

  /** Halts the group with the whole market. Levels 1 and 2 halt once a day, and not after 14:25. */
  #watchMarket(level: string): void {
    if (this.#state.kind === 'closed') return;
    const halting = haltingLevel(this.#basis, level);
    if (halting === null || this.#reached[halting - 1] !== null) return;
    // Of a fall through several levels at once only the last one halts; the others are passed.
    this.#reached = this.#reached.map((at, i) => (i < halting ? (at ?? this.#nowMicros) : at));
    const untilMicros = this.#until(halting === 3 ? NEVER : BREAKER_TIMES.marketHaltMicros);
    const cause = LEVEL_CAUSES[halting - 1] ?? 'level-3';
    this.#enter({ kind: 'stopped', cause, untilMicros }, this.#nowMicros);
  }

  /** An end that lies within the session. */
  #until(lengthMicros: number): number {
    assert(this.#session !== null, 'trading stops within a session');
    return Math.min(this.#nowMicros + lengthMicros, this.#session.closesAtMicros);
  }

  #enter(state: BreakerState, atMicros: number): void {
    const was = this.#state.kind;
    this.#state = state;
    this.#sinceMicros = atMicros;
    if (state.kind === 'stopped' || state.kind === 'closed') {
      // The look-back window begins anew when trading resumes.
      for (const one of this.#contracts) {
        one.window.restart();
        one.stoppedUntilMicros = null;
      }
    }
    this.#outputs.push({ kind: 'group-state', atMicros, state, was });
  }

  /** Does what is due until now, the earliest first. */
  #doWhatIsDue(nowMicros: number): void {
    for (;;) {
      const due = this.dueMicros;
      if (due > nowMicros) return;
      this.#nowMicros = due;
      this.#doDue(due);
      this.#tellLimits();
    }
  }

  #doDue(at: number): void {
    const session = this.#session;
    if (session !== null && at === session.closesAtMicros && this.#state.kind !== 'closed') {
      this.#endSession(at);
      return;
    }
    if (session !== null && at === session.opensAtMicros && this.#state.kind === 'closed')
      this.#enter(OPEN, at);
    for (const [instrument, one] of this.#contracts.entries()) {
      one.window.forget(at);
      if (one.stoppedUntilMicros !== at) continue;
      one.stoppedUntilMicros = null;
      this.#outputs.push({ kind: 'contract-state', atMicros: at, instrument, state: OPEN });
    }
    if (this.#state.kind === 'stopped' && this.#state.untilMicros === at) this.#enter(OPEN, at);
    if (this.#state.kind === 'monitoring' && this.#state.untilMicros === at) this.#endMonitoring(at);
  }

  /** A lead month that still stands at its limit halts the group, and the next step holds from then on. */
  #endMonitoring(at: number): void {
    const lead = this.#contracts.findIndex((one) => one.isLead);
    const last = this.#contracts[lead]?.lastTicks ?? null;
    const stays = last !== null && reaches(hardLimits(this.#basis, lead), last);
    if (!stays) {
      this.#enter(OPEN, at);
      return;
    }
    this.#stepsPassed++;
    this.#enter(
      { kind: 'stopped', cause: 'stepped', untilMicros: this.#until(BREAKER_TIMES.steppedPauseMicros) },
      at,
    );
  }

  #endSession(at: number): void {
    this.#enter(CLOSED, at);
    this.#references = this.#nextReferences ?? this.#references;
    this.#nextReferences = null;
    this.#reached = NONE_REACHED;
    this.#stepsPassed = 0;
    this.#findSession(at);
  }

  /** When the state or the phase changes next. */
  #nextMicros(): number {
    const { closesAtMicros = NEVER, opensAtMicros = NEVER } = this.#session ?? {};
    if (this.#state.kind === 'closed') return opensAtMicros;
    const phase = this.#phases.find((start) => start.atMicros > this.#nowMicros)?.atMicros ?? NEVER;
    const until = this.#state.kind === 'open' ? NEVER : this.#state.untilMicros;
    const contracts = this.#contracts.map((one) => one.stoppedUntilMicros ?? NEVER);
    return Math.min(closesAtMicros, phase, until, ...contracts);
  }

  #basisAt(atMicros: number): LimitBasis {
    const product = findProduct(this.#config.product);
    const day = this.#session?.tradingDay ?? null;
    const tick = product === null || day === null ? null : factOn(product.tickSizes, day);
    return {
      regime: day === null ? { kind: 'none' } : limitRegime(this.#config.product, day).value,
      tickSize: tick?.value ?? { text: '1', mantissa: 1, scale: 0 },
      phase: phaseAt(this.#phases, atMicros),
      references: this.#references,
      nextReferences: this.#nextReferences,
      levelsReached: this.#reached.filter((at) => at !== null).length,
      stepsPassed: this.#stepsPassed,
    };
  }

  /** Tells the limits that changed. Between sessions there are none; while trading stands still only the hard ones hold. */
  #tellLimits(): void {
    this.#basis = this.#basisAt(this.#nowMicros);
    const atMicros = this.#nowMicros;
    const isClosed = this.#state.kind === 'closed';
    for (const [instrument, one] of this.#contracts.entries()) {
      const hard = isClosed ? NO_LIMITS : hardLimits(this.#basis, instrument);
      const dynamic = isClosed ? NO_LIMITS : dynamicLimits(this.#basis, instrument, one.window);
      if (!isSame(hard, one.told)) {
        one.told = hard;
        this.#outputs.push({ kind: 'limits', atMicros, instrument, ...hard });
      }
      if (isSame(dynamic, one.toldDynamic)) continue;
      one.toldDynamic = dynamic;
      this.#outputs.push({ kind: 'dynamic-limits', atMicros, instrument, ...dynamic });
    }
  }
}

function isSame(a: PriceLimits, b: PriceLimits): boolean {
  return a.lowTicks === b.lowTicks && a.highTicks === b.highTicks;
}

/** Whether a price stands at a limit or beyond it. */
function reaches({ lowTicks, highTicks }: PriceLimits, priceTicks: number): boolean {
  return (lowTicks !== null && priceTicks <= lowTicks) || (highTicks !== null && priceTicks >= highTicks);
}
