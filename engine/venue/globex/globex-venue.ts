/** A group of Globex instruments with one schedule, as a machine. */
import { assert } from '../../core/assert.ts';
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import type { BookReader } from '../matching/book-reader.ts';
import type { OpeningPrice } from '../matching/opening-price.ts';
import { isOrderPrice } from '../matching/order-checks.ts';
import { REJECTIONS } from '../matching/order-terms.ts';
import { readOutputs } from '../matching/venue-output.ts';
import { settleTrades, unsettledTrade } from './at-settlement.ts';
import { GlobexInstrument } from './globex-instrument.ts';
import type {
  GlobexConfig,
  GlobexInput,
  GlobexOutput,
  GlobexSnapshot,
  Reservation,
} from './globex-orders.ts';
import type { Quotes } from './implied-prices.ts';
import { type GroupState, type MarketState, STATE_RULES } from './market-states.ts';
import type { Interruption } from './trading-bounds.ts';

const UNKNOWN_INSTRUMENT = REJECTIONS.indexOf('order/instrument-unknown');

/** What an instrument's listeners were told last. */
interface Told {
  state: MarketState;
  opening: OpeningPrice | null;
}

/**
 * Moves its instruments through the states of the day. Interruptions end by themselves: a velocity event of the lead month
 * sends a group that stops together to the pre-open for a moment, any other reserves one instrument; then the market opens
 * at the price that matches most. A reserved period after stops is prolonged, a limited number of times, while that price
 * would lie more than twice the stop range from where the stops began.
 *
 * Every input carries its time; what its time makes due happens first, at the time at which it was due. Outputs come
 * instrument by instrument: events, then a new state, then a new indicative price; before them the prices of trades at
 * settlement that became known.
 *
 * Source: CME Globex Velocity Logic (wiki page 46730074), Market and Instrument States (46141400), notice 7689 of 2003 on
 * the prolonged reserved state.
 */
export class GlobexVenue implements Machine<GlobexInput, GlobexOutput, GlobexSnapshot> {
  readonly #config: GlobexConfig;
  readonly #instruments: readonly GlobexInstrument[];
  readonly #told: Told[];
  /** Prices of trades at settlement that are to be told. */
  readonly #settled: GlobexOutput[] = [];
  /** Time of the last input, or of what was due before it. */
  readonly #clock = { nowMicros: 0 };
  #state: GroupState = 'close-final';
  /** When the group opens again after a velocity event; null where its schedule decides. */
  #resumeMicros: number | null = null;

  constructor(config: GlobexConfig, snapshot?: GlobexSnapshot) {
    this.#config = config;
    this.#instruments = config.instruments.map(
      (instrument, i) => new GlobexInstrument(config, instrument, this.#clock, snapshot?.instruments[i]),
    );
    for (const one of this.#instruments) this.#addSpread(one);
    if (snapshot !== undefined) {
      this.#clock.nowMicros = snapshot.nowMicros;
      this.#state = snapshot.state;
      this.#resumeMicros = snapshot.resumeMicros;
      for (const one of this.#instruments) {
        one.interrupted = snapshot.resumeMicros !== null || one.reserved !== null;
      }
    }
    this.#told = this.#instruments.map((one) => this.#nowOf(one));
  }

  /** State of the group. */
  get state(): GroupState {
    return this.#state;
  }

  /** The book of an instrument, to be read. */
  book(instrument: number): BookReader {
    return this.#instrument(instrument).book;
  }

  /** State of one instrument. */
  stateOf(instrument: number): MarketState {
    return this.#stateOf(this.#instrument(instrument));
  }

  /** What calendar spreads imply in an instrument now: the best bid and ask with the lots displayed. */
  implied(instrument: number): Quotes {
    return this.#instrument(instrument).market.quotes();
  }

  /** Stops that wait in an instrument. */
  stopCount(instrument: number): number {
    return this.#instrument(instrument).stopCount;
  }

  apply(input: GlobexInput): readonly GlobexOutput[] {
    this.execute(input);
    return this.#outputs();
  }

  /**
   * Like `apply`, but leaves what happened in the event logs of the books, for owners that read numbers and clear them. What
   * is still there comes with the next `apply`, as do changes of state and indicative prices. Not for groups with trades at
   * settlement, which are counted as they are told.
   */
  execute(input: GlobexInput): void {
    assert(input.atMicros >= this.#clock.nowMicros, 'time does not go back');
    this.#doWhatIsDue(input.atMicros);
    this.#clock.nowMicros = input.atMicros;
    if (input.kind === 'state') this.#enterState(input.state);
    else if (input.kind !== 'clock') this.#tellInstrument(input);
    this.#tradeAcross();
  }

  snapshot(): GlobexSnapshot {
    return {
      nowMicros: this.#clock.nowMicros,
      state: this.#state,
      resumeMicros: this.#resumeMicros,
      instruments: this.#instruments.map((one) => one.snapshot()),
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.text(this.#state);
    hash.integer(this.#resumeMicros ?? 0);
    for (const one of this.#instruments) hash.integer(one.stateHash());
    return hash.value();
  }

  #tellInstrument(input: Exclude<GlobexInput, { kind: 'state' | 'clock' }>): void {
    const one = this.#instruments[input.instrument];
    if (one === undefined) {
      this.#instruments[0]?.book.events.rejected(0, 0, 0, 0, 0, UNKNOWN_INSTRUMENT);
      return;
    }
    const state = this.#stateOf(one);
    switch (input.kind) {
      case 'order':
        this.#interrupt(one, one.enter(input.order, state));
        break;
      case 'modify':
        this.#interrupt(one, one.modify(input.handle, input.priceTicks, input.sizeLots, state));
        break;
      case 'cancel':
        one.cancel(input.handle, state);
        break;
      case 'cancel-stop':
        one.cancelStop(input.id, state);
        break;
      case 'settlement':
        this.#settle(one, input.priceTicks);
        break;
      case 'limits':
        one.limits = { lowTicks: input.lowTicks, highTicks: input.highTicks };
        break;
      case 'reserve':
        if (state === 'open' || state === 'reserved') {
          this.#collect(one, { untilMicros: input.untilMicros, stops: null }, true);
        }
        break;
    }
  }

  /** Sets the settlement price and prices the trades that waited for it. */
  #settle(one: GlobexInstrument, priceTicks: number): void {
    assert(isOrderPrice(priceTicks), 'a settlement price is a whole number of ticks');
    one.settlementTicks = priceTicks;
    for (const [i, waiting] of this.#instruments.entries()) {
      if (waiting.config.settlesAt === null || this.#instruments[waiting.config.settlesAt] !== one) continue;
      this.#settled.push(...settleTrades(waiting.unsettled, i, priceTicks));
      waiting.unsettled = [];
    }
  }

  /** Links a calendar spread and its legs, each of which the other two imply. */
  #addSpread(spread: GlobexInstrument): void {
    const { legs } = spread.config;
    if (legs === undefined) return;
    const front = this.#instrument(legs.front);
    const back = this.#instrument(legs.back);
    const outright = [front, back].every(
      (leg) => leg.config.legs === undefined && leg.config.settlesAt === null,
    );
    assert(outright && front !== back && spread.config.settlesAt === null, 'a spread has two outright legs');
    spread.market.addSource(front, back, 'difference');
    front.market.addSource(spread, back, 'sum');
    back.market.addSource(front, spread, 'difference');
  }

  /**
   * What follows a command in other instruments: stops that implied trades elected enter, then orders that an opening left
   * crossed with what is implied trade, those of the instrument listed first before the others, until neither is left.
   */
  #tradeAcross(): void {
    for (;;) {
      const electing = this.#instruments.find((one) => one.hasElected);
      if (electing !== undefined) this.#interrupt(electing, electing.runElected());
      else if (!this.#instruments.some((one) => one.market.uncross())) return;
    }
  }

  #interrupt(one: GlobexInstrument, interruption: Interruption | null): void {
    if (interruption === null) return;
    const { stopsTogether, pauseMicros, reserveMicros, prolongations } = this.#config;
    if (interruption.cause === 'velocity' && one.config.isLead && stopsTogether) {
      this.#state = 'pre-open';
      this.#resumeMicros = this.#clock.nowMicros + pauseMicros;
      for (const each of this.#instruments) this.#collect(each, null, true);
      return;
    }
    const stops =
      interruption.cause === 'velocity'
        ? null
        : { fromTicks: interruption.fromTicks, prolongationsLeft: prolongations };
    this.#collect(one, { untilMicros: this.#clock.nowMicros + reserveMicros, stops }, true);
  }

  #collect(one: GlobexInstrument, reserved: Reservation | null, interrupted: boolean): void {
    one.book.collect();
    one.reserved = reserved;
    one.interrupted = interrupted;
  }

  /** A step of the schedule. It ends interruptions, too. */
  #enterState(state: GroupState): void {
    const was = this.#state;
    this.#state = state;
    this.#resumeMicros = null;
    for (const one of this.#instruments) {
      const isOpen = was === 'open' && one.reserved === null;
      if (STATE_RULES[state].matches && !isOpen) one.open();
      if (!STATE_RULES[state].matches) this.#collect(one, null, false);
      if (state === 'close-final') one.endDay();
    }
  }

  /** Ends what ends until now, the earliest first; the group before its instruments. */
  #doWhatIsDue(nowMicros: number): void {
    for (;;) {
      const resume = this.#resumeMicros ?? Number.POSITIVE_INFINITY;
      const reserved = this.#instruments.filter((one) => one.reserved !== null);
      const until = Math.min(...reserved.map((one) => one.reserved?.untilMicros ?? Number.POSITIVE_INFINITY));
      if (Math.min(resume, until) > nowMicros) return;
      this.#clock.nowMicros = Math.min(resume, until);
      if (resume <= until) this.#resume();
      else this.#endReservation(reserved.find((one) => one.reserved?.untilMicros === until));
      this.#tradeAcross();
    }
  }

  #resume(): void {
    this.#state = 'open';
    this.#resumeMicros = null;
    for (const one of this.#instruments) one.open();
  }

  #endReservation(one: GlobexInstrument | undefined): void {
    assert(one?.reserved != null, 'a reservation that ends exists');
    const { stops } = one.reserved;
    const opening = one.indicative();
    const range = one.config.stopRangeTicks ?? 0;
    if (stops !== null && stops.prolongationsLeft > 0 && opening !== null) {
      if (Math.abs(opening.priceTicks - stops.fromTicks) > 2 * range) {
        const left = { ...stops, prolongationsLeft: stops.prolongationsLeft - 1 };
        one.reserved = { untilMicros: this.#clock.nowMicros + this.#config.reserveMicros, stops: left };
        return;
      }
    }
    one.open();
  }

  #stateOf(one: GlobexInstrument): MarketState {
    return this.#state === 'open' && one.reserved !== null ? 'reserved' : this.#state;
  }

  #nowOf(one: GlobexInstrument): Told {
    return { state: this.#stateOf(one), opening: one.book.collecting ? one.indicative() : null };
  }

  #outputs(): readonly GlobexOutput[] {
    const outputs: GlobexOutput[] = this.#settled.splice(0);
    for (const [instrument, one] of this.#instruments.entries()) {
      for (const output of readOutputs(one.book.events)) {
        outputs.push({ ...output, instrument });
        const trade = one.config.settlesAt === null ? null : unsettledTrade(output);
        if (trade !== null) one.unsettled.push(trade);
      }
      one.book.events.clear();
      const told = this.#told[instrument] as Told;
      const now = this.#nowOf(one);
      this.#told[instrument] = now;
      if (now.state !== told.state) outputs.push({ kind: 'state', instrument, state: now.state });
      if (sameOpening(told.opening, now.opening)) continue;
      const priceTicks = now.opening?.priceTicks ?? null;
      outputs.push({
        kind: 'indicative',
        instrument,
        priceTicks,
        matchedLots: now.opening?.matchedLots ?? 0,
      });
    }
    return outputs;
  }

  #instrument(index: number): GlobexInstrument {
    const one = this.#instruments[index];
    assert(one !== undefined, 'the instrument is listed');
    return one;
  }
}

function sameOpening(a: OpeningPrice | null, b: OpeningPrice | null): boolean {
  return a?.priceTicks === b?.priceTicks && a?.matchedLots === b?.matchedLots;
}
