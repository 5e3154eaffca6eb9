/** The simulated group of futures on Globex: its schedule, interruptions and halts, and who hears what happened where. */
import { assert } from '../../core/assert.ts';
import { StateHash } from '../../core/state-hash.ts';
import { type Micros, micros } from '../../core/units.ts';
import type { BreakerView } from '../../venue/circuit-breakers/breaker-view.ts';
import type {
  GlobexConfig,
  GlobexInput,
  GlobexOrder,
  GlobexOutput,
} from '../../venue/globex/globex-orders.ts';
import { GlobexVenue } from '../../venue/globex/globex-venue.ts';
import type { GroupState } from '../../venue/globex/market-states.ts';
import { MAX_PRICE_TICKS } from '../../venue/matching/order-terms.ts';
import type { PriceRange } from './contract-venue.ts';
import { FutureVenue, type MemberGroup } from './future-venue.ts';
import { GroupBreakers, type GroupStop, type LimitChange } from './group-breakers.ts';
import { type AccountTrade, GroupSettlement, type MemberSettlement } from './group-settlement.ts';
import { type ScheduledState, scheduledState } from './session-schedule.ts';
import { futureParameters, INDEX_GROUP } from './venue-parameters.ts';

const SECOND = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const BY_SCHEDULE = 'schedule';

/**
 * One Globex venue with a member for each future. The owner calls {@link FuturesGroup.advance} when something is due, so
 * that every change of state happens at its own instant.
 */
export class FuturesGroup implements MemberGroup {
  readonly config: GlobexConfig;
  readonly #venue: GlobexVenue;
  readonly #members: readonly FutureVenue[];
  #schedule: ScheduledState;
  readonly #breakers: GroupBreakers;
  readonly #settlement: GroupSettlement;
  /** The stop of the circuit breakers that the venue was told of. */
  #stop: GroupStop | null = null;
  /** Trades of the input at hand, for circuit breakers and settlement. */
  #trades: { readonly instrument: number; readonly trade: AccountTrade }[] = [];
  /** End of an interruption by hand. */
  #byHandUntilMicros: number | null = null;

  /** Opens the market whatever the hour, so that its first orders can be entered; {@link FuturesGroup.begin} ends that. */
  constructor(symbols: readonly string[], startMicros: Micros) {
    const instruments = symbols.map((symbol) => {
      const parameters = futureParameters(symbol);
      assert(parameters !== null, `no venue parameters for ${symbol}`);
      return parameters;
    });
    this.config = { ...INDEX_GROUP, instruments };
    this.#breakers = new GroupBreakers(symbols, startMicros);
    this.#settlement = new GroupSettlement(symbols, startMicros);
    this.#venue = new GlobexVenue(this.config);
    this.#members = instruments.map((_, index) => new FutureVenue(this, this.#venue, index, startMicros));
    this.#schedule = scheduledState(startMicros);
    this.#enter(startMicros, 'open', BY_SCHEDULE);
  }

  /** The venue of one future. */
  member(symbol: string): FutureVenue {
    const index = this.config.instruments.findIndex((instrument) => instrument.symbol === symbol);
    const member = this.#members[index];
    assert(member !== undefined, `${symbol} is not in the group`);
    return member;
  }

  /** When the schedule or an interruption next changes a state; infinity where nothing is due. */
  get dueMicros(): number {
    let due = Math.min(this.#byHandUntilMicros ?? NEVER, this.#schedule.untilMicros ?? NEVER);
    for (const member of this.#members) due = Math.min(due, member.interruptedUntilMicros ?? NEVER);
    return Math.min(due, this.#breakers.dueMicros, this.#settlement.dueMicros);
  }

  /** When the state of the whole group ends. */
  get groupUntilMicros(): Micros | null {
    const halted = this.#stop?.untilMicros ?? NEVER;
    const until = Math.min(this.#byHandUntilMicros ?? NEVER, this.#schedule.untilMicros ?? NEVER, halted);
    return until === NEVER ? null : micros(until);
  }

  /** The first orders are there: the schedule holds from now on. */
  begin(atMicros: Micros): void {
    if (this.#schedule.state !== 'open') this.#enter(atMicros, this.#schedule.state, BY_SCHEDULE);
    this.#settlement.begin();
    this.#follow(atMicros, this.#breakers.begin(atMicros));
  }

  /** Does what is due at this instant. */
  advance(atMicros: Micros): void {
    this.#settle(atMicros);
    const scheduled = this.#schedule.untilMicros ?? NEVER;
    const byHand = this.#byHandUntilMicros ?? NEVER;
    if (atMicros >= scheduled) {
      this.#schedule = scheduledState(atMicros);
      this.#byHandUntilMicros = null;
      // Every halt ends with the session.
      this.#stop = null;
      if (this.#schedule.state === 'close-final') this.#setReferences(atMicros);
      this.#enter(atMicros, this.#schedule.state, BY_SCHEDULE);
    } else if (atMicros >= byHand) {
      this.#byHandUntilMicros = null;
      this.#enter(atMicros, this.#schedule.state, 'end of the interruption by hand');
    } else this.clock(atMicros);
    this.#follow(atMicros, this.#breakers.clock(atMicros));
    for (const member of this.#members) member.prolong(atMicros);
  }

  /** A member names the price with which the first day begins. */
  setReference(instrument: number, priceTicks: number): void {
    this.#breakers.setReference(instrument, priceTicks);
    this.#settlement.setReference(instrument, priceTicks);
  }

  /** The level of the index under a member. */
  setIndex(instrument: number, atMicros: number, level: number): void {
    this.#follow(micros(atMicros), this.#breakers.index(instrument, level, atMicros));
  }

  breakersOf(instrument: number): BreakerView | null {
    return this.#breakers.view(instrument);
  }

  settlementOf(instrument: number): MemberSettlement {
    return this.#settlement.of(instrument);
  }

  /** A member traded; circuit breakers and settlement are told when the input at hand is done. */
  traded(instrument: number, trade: AccountTrade): void {
    this.#trades.push({ instrument, trade });
  }

  /** Lets time pass. */
  clock(atMicros: number): void {
    this.apply({ kind: 'clock', atMicros });
  }

  /**
   * Sends the open group to the pre-open for so many seconds; false where it is not open. The last prices become the
   * references of its auctions.
   */
  interrupt(atMicros: Micros, seconds: number): boolean {
    const isOpen = this.#members.every((member) => member.state === 'open');
    if (!isOpen) return false;
    this.#setReferences(atMicros);
    this.#byHandUntilMicros = atMicros + seconds * SECOND;
    this.#enter(atMicros, 'pre-open', 'interrupted by hand');
    return true;
  }

  /** Gives the venue an input and tells the members what came of it; returns what concerns the input's own instrument. */
  apply(input: GlobexInput, reason: string | null = null): readonly GlobexOutput[] {
    this.#watchOrder(input);
    const outputs = this.#pass(input, reason);
    this.#showTrades(input.atMicros);
    return outputs;
  }

  #pass(input: GlobexInput, reason: string | null): readonly GlobexOutput[] {
    const outputs = this.#venue.apply(input);
    if (outputs.length === 0) return outputs;
    const instrument = 'instrument' in input ? input.instrument : -1;
    // Nearly always all of it happened in one instrument.
    if (outputs.every((output) => output.instrument === instrument)) {
      this.#members[instrument]?.hear(outputs, input.atMicros, reason);
      return outputs;
    }
    for (const [i, member] of this.#members.entries()) {
      const own = outputs.filter((output) => output.instrument === i);
      if (own.length > 0) member.hear(own, input.atMicros, reason);
    }
    return outputs.filter((output) => output.instrument === instrument);
  }

  /**
   * Gives the venue an input of an agent. What came of it is told as numbers, unless it changed a state; indicative prices
   * follow with the next {@link FuturesGroup.clock}.
   */
  execute(input: GlobexInput): void {
    this.#watchOrder(input);
    this.#run(input);
    this.#showTrades(input.atMicros);
  }

  #run(input: GlobexInput): void {
    this.#venue.execute(input);
    if (this.#members.some(({ state, toldState }) => state !== toldState)) {
      this.clock(input.atMicros);
      return;
    }
    for (const member of this.#members) {
      const { events } = member.book;
      if (events.count === 0) continue;
      member.read(events);
      events.clear();
    }
  }

  /** Hash of the venue, its circuit breakers and its settlement. */
  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.#venue.stateHash());
    this.#breakers.hashInto(hash);
    this.#settlement.hashInto(hash);
    return hash.value();
  }

  /** Tells the circuit breakers of an order that comes, so that it meets what they decide. */
  #watchOrder(input: GlobexInput): void {
    if (input.kind !== 'order') return;
    const { atMicros, instrument, order } = input;
    const config = this.config.instruments[instrument];
    if (config === undefined || this.#venue.stateOf(instrument) !== 'open') return;
    // What the band refuses never comes to the market.
    const range = this.#members[instrument]?.range ?? null;
    if (order.type === 'limit' && range !== null && isRefused(order, range)) return;
    const book = this.#venue.book(instrument);
    this.#follow(micros(atMicros), this.#breakers.order(instrument, order, { book, config, atMicros }));
  }

  /** Settles what is due, and tells the circuit breakers, before they take their references of the day. */
  #settle(atMicros: Micros): void {
    this.#settlement.clock(atMicros, (instrument) => (this.#members[instrument] as FutureVenue).quotes);
    for (const i of this.#members.keys()) {
      const [newest] = this.#settlement.of(i).days.slice(-1);
      if (newest?.atMicros === atMicros) this.#breakers.settled(i, newest.priceTicks);
    }
  }

  /** Shows circuit breakers and settlement what was traded. */
  #showTrades(atMicros: number): void {
    while (this.#trades.length > 0) {
      for (const { instrument, trade } of this.#trades.splice(0)) {
        this.#settlement.trade(instrument, atMicros, trade);
        const { priceTicks, sizeLots } = trade;
        this.#follow(micros(atMicros), this.#breakers.trade(instrument, { atMicros, priceTicks, sizeLots }));
      }
    }
  }

  /** Does to the venue what the circuit breakers decided: new limits, a halt, its end. */
  #follow(atMicros: Micros, changes: readonly LimitChange[]): void {
    for (const { instrument, lowTicks, highTicks } of changes) {
      const member = this.#members[instrument];
      if (member !== undefined) member.limits = { lowTicks, highTicks };
      const [low, high] = [lowTicks ?? -MAX_PRICE_TICKS, highTicks ?? MAX_PRICE_TICKS];
      this.#pass({ kind: 'limits', atMicros, instrument, lowTicks: low, highTicks: high }, null);
    }
    const { stop } = this.#breakers;
    if (this.#schedule.state !== 'open' || stop === this.#stop) return;
    this.#stop = stop;
    if (stop === null) {
      this.#enter(atMicros, 'open', 'end of the halt');
      return;
    }
    this.#byHandUntilMicros = null;
    this.#setReferences(atMicros);
    const state = stop.cause === 'level-3' ? 'pause' : 'pre-open';
    const already = this.#members.filter((member) => member.state === state);
    this.#enter(atMicros, state, haltReason(stop));
    // Where the state is the same, its reason and its end are new.
    for (const member of already) member.halted(atMicros, state, haltReason(stop));
  }

  #enter(atMicros: Micros, state: GroupState, reason: string): void {
    this.apply({ kind: 'state', atMicros, state }, reason);
  }

  #setReferences(atMicros: Micros): void {
    for (const member of this.#members) {
      if (member.lastTicks !== null) member.setReference(micros(atMicros), member.lastTicks);
    }
  }
}

function isRefused({ side, priceTicks }: GlobexOrder, { lowTicks, highTicks }: PriceRange): boolean {
  if (priceTicks === null) return false;
  return side === 'buy' ? priceTicks > highTicks : priceTicks < lowTicks;
}

/** Why the market stands still, in words. */
function haltReason({ cause, symbol }: GroupStop): string {
  switch (cause) {
    case 'level-1':
      return 'market-wide halt: the index fell by 7 %';
    case 'level-2':
      return 'market-wide halt: the index fell by 13 %';
    case 'level-3':
      return 'market-wide halt for the rest of the day: the index fell by 20 %';
    default:
      return `circuit breaker of ${symbol}: it moved too far within an hour`;
  }
}
