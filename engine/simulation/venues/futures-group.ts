/** The simulated group of futures on Globex: its schedule, its interruptions, and who hears what happened where. */
import { assert } from '../../core/assert.ts';
import { type Micros, micros } from '../../core/units.ts';
import type { GlobexConfig, GlobexInput, GlobexOutput } from '../../venue/globex/globex-orders.ts';
import { GlobexVenue } from '../../venue/globex/globex-venue.ts';
import type { GroupState } from '../../venue/globex/market-states.ts';
import { FutureVenue, type MemberGroup } from './future-venue.ts';
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
    return due;
  }

  /** When the state of the whole group ends. */
  get groupUntilMicros(): Micros | null {
    const until = Math.min(this.#byHandUntilMicros ?? NEVER, this.#schedule.untilMicros ?? NEVER);
    return until === NEVER ? null : micros(until);
  }

  /** The first orders are there: the schedule holds from now on. */
  begin(atMicros: Micros): void {
    if (this.#schedule.state !== 'open') this.#enter(atMicros, this.#schedule.state, BY_SCHEDULE);
  }

  /** Does what is due at this instant. */
  advance(atMicros: Micros): void {
    const scheduled = this.#schedule.untilMicros ?? NEVER;
    const byHand = this.#byHandUntilMicros ?? NEVER;
    if (atMicros >= scheduled) {
      this.#schedule = scheduledState(atMicros);
      this.#byHandUntilMicros = null;
      if (this.#schedule.state === 'close-final') this.#setReferences(atMicros);
      this.#enter(atMicros, this.#schedule.state, BY_SCHEDULE);
    } else if (atMicros >= byHand) {
      this.#byHandUntilMicros = null;
      this.#enter(atMicros, this.#schedule.state, 'end of the interruption by hand');
    } else this.clock(atMicros);
    for (const member of this.#members) member.prolong(atMicros);
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

  /** Hash of the venue with its schedule. */
  stateHash(): number {
    return this.#venue.stateHash();
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
