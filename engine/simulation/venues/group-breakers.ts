/** The circuit breakers of the simulated group: one machine a future, told of its trades, its orders and the level of the market. */
import { assert } from '../../core/assert.ts';
import { multiplyDecimals } from '../../core/money.ts';
import type { StateHash } from '../../core/state-hash.ts';
import type { Micros } from '../../core/units.ts';
import { nextSession, sessionAt, tradingDayAt } from '../../reference/calendar/sessions.ts';
import { parseContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import { factOn } from '../../reference/instruments/cme-product.ts';
import type {
  BreakerInput,
  BreakerOutput,
  References,
  StopCause,
} from '../../venue/circuit-breakers/breaker-inputs.ts';
import type { BreakerView } from '../../venue/circuit-breakers/breaker-view.ts';
import { CircuitBreakers } from '../../venue/circuit-breakers/circuit-breakers.ts';
import { fixingTicks } from '../../venue/circuit-breakers/fixing.ts';
import { NO_LIMITS, type PriceLimits } from '../../venue/circuit-breakers/price-limits.ts';
import { type PhaseStart, phasesOf } from '../../venue/circuit-breakers/trading-phases.ts';
import type { GlobexOrder, InstrumentConfig } from '../../venue/globex/globex-orders.ts';
import { protectedLimit } from '../../venue/globex/globex-rules.ts';
import type { BookReader } from '../../venue/matching/book-reader.ts';
import type { OrderSide } from '../../venue/matching/order-terms.ts';
import type { SettlementTrade } from '../../venue/settlement/average-price.ts';

const NEVER = Number.POSITIVE_INFINITY;
/** Trades that may count for a fixing; see `fixing.ts` for its window. */
const FIXING_MICROS = 30_000_000;
/** Decimals of an index level. */
const INDEX_DECIMALS = 2;
/** Falls smaller than this reach no level: the machines need not be asked. */
const SMALL_FALL = 0.05;

/** Why the whole group stands still, and until when. */
export interface GroupStop {
  readonly cause: StopCause;
  readonly symbol: string;
  readonly untilMicros: number;
}

/** New daily limits of one future. */
export interface LimitChange extends PriceLimits {
  readonly instrument: number;
}

interface Member {
  readonly symbol: string;
  /** What a tick is worth in index points, decimal text. */
  readonly tick: string;
  readonly machine: CircuitBreakers;
  stop: GroupStop | null;
  /** Prices at which the dynamic breaker stops trading, as told last. */
  dynamic: PriceLimits;
  /** The fixing in force, or the one that was told last. */
  referenceTicks: number | null;
  /** The newest settlement price; null before the first. */
  settlementTicks: number | null;
  /** The newest level of the index under the future, decimal text. */
  index: string | null;
  fixingTrades: SettlementTrade[];
}

/**
 * The machines of all members and the stop that follows from them for the group.
 *
 * Simplified: of each future there is one month, the lead, and its stop takes the whole group along, as Velocity Logic does.
 * The S&P 500 is the simulated index under ES. The first day's fixing, settlement and index close are the future's own start
 * price; later fixings come from the half minute before stocks close, as settlements do, and index closes from the index then.
 */
export class GroupBreakers {
  readonly #members: readonly Member[];
  readonly #market: Member | undefined;
  /** The next part of the session, or of the next one. */
  #nextPhase: PhaseStart | null = null;
  /** Close of the S&P 500, decimal text. */
  #marketClose: string | null = null;
  #hasBegun = false;

  constructor(symbols: readonly string[], startMicros: Micros) {
    const day = tradingDayAt(startMicros);
    this.#members = symbols.map((symbol) => {
      const contract = parseContractSymbol(symbol, day);
      assert(contract.ok, `${symbol} is a contract`);
      const { product } = contract.value;
      const tick = factOn(product.tickSizes, day);
      assert(tick !== null, `${symbol} has a tick size`);
      return {
        symbol,
        tick: tick.value.text,
        machine: new CircuitBreakers({ product: product.code, instruments: [{ symbol, isLead: true }] }),
        stop: null,
        dynamic: NO_LIMITS,
        referenceTicks: null,
        settlementTicks: null,
        index: null,
        fixingTrades: [],
      };
    });
    this.#market = this.#members.find(({ symbol }) => symbol.startsWith('ES'));
  }

  /** The stop in force; of several the one that lasts longest. */
  get stop(): GroupStop | null {
    let longest: GroupStop | null = null;
    for (const { stop } of this.#members) {
      if (stop !== null && stop.untilMicros > (longest?.untilMicros ?? 0)) longest = stop;
    }
    return longest;
  }

  /** When a stop ends or other limits begin; infinity for never. */
  get dueMicros(): number {
    let due = this.#nextPhase?.atMicros ?? NEVER;
    for (const { stop } of this.#members) due = Math.min(due, stop?.untilMicros ?? NEVER);
    return due;
  }

  /** Names the price with which the first day begins. */
  setReference(instrument: number, priceTicks: number): void {
    const member = this.#member(instrument);
    if (!this.#hasBegun) member.referenceTicks = priceTicks;
  }

  /** A future was settled; that holds from the next references on. */
  settled(instrument: number, priceTicks: number): void {
    this.#member(instrument).settlementTicks = priceTicks;
  }

  /** Starts the machines with the references of the first day. */
  begin(atMicros: Micros): readonly LimitChange[] {
    this.#hasBegun = true;
    this.#findPhase(atMicros);
    return this.#refer(atMicros);
  }

  /** Does what is due at this instant: ends of stops, limits of a new part of the session, new references. */
  clock(atMicros: Micros): readonly LimitChange[] {
    if (!this.#hasBegun) return [];
    const reached = this.#nextPhase;
    const isReached = reached !== null && atMicros >= reached.atMicros;
    const changes = this.#tellAll({ kind: 'clock', atMicros });
    if (isReached || reached === null) this.#findPhase(atMicros);
    return isReached && reached.phase === 'after-close' ? [...changes, ...this.#fix(atMicros)] : changes;
  }

  /** A trade of one future. */
  trade(instrument: number, trade: SettlementTrade): readonly LimitChange[] {
    if (!this.#hasBegun) return [];
    const member = this.#member(instrument);
    const { atMicros, priceTicks } = trade;
    const next = this.#nextPhase;
    if (next?.phase === 'after-close' && atMicros >= next.atMicros - FIXING_MICROS) {
      member.fixingTrades.push(trade);
    }
    return this.#tell(instrument, { kind: 'trade', atMicros, instrument: 0, priceTicks });
  }

  /**
   * An order before it is matched: one that would trade, or stand, beyond the price of a dynamic breaker stops trading. Orders
   * that the lots displayed and hidden within that price fill do not.
   */
  order(
    instrument: number,
    order: GlobexOrder,
    facts: { readonly book: BookReader; readonly config: InstrumentConfig; readonly atMicros: number },
  ): readonly LimitChange[] {
    const { dynamic } = this.#member(instrument);
    const { side, type, sizeLots } = order;
    const bound = side === 'buy' ? dynamic.highTicks : dynamic.lowTicks;
    if (!this.#hasBegun || bound === null) return [];
    const { book, config, atMicros } = facts;
    const best = side === 'buy' ? book.bestAskTicks : book.bestBidTicks;
    const ofMarket = best === null ? null : protectedLimit(side, best, config.protectionTicks);
    const priceTicks = type === 'limit' ? order.priceTicks : type === 'market' ? ofMarket : null;
    if (priceTicks === null || isWithin(side, priceTicks, bound)) return [];
    const opposite = side === 'buy' ? 'sell' : 'buy';
    let left = sizeLots;
    for (
      let at = best;
      at !== null && isWithin(side, at, bound) && left > 0;
      at = book.nextWorsePrice(opposite, at)
    ) {
      left -= book.sizeAt(opposite, at) + book.hiddenAt(opposite, at);
    }
    if (left <= 0) return [];
    return this.#tell(instrument, { kind: 'reaching-order', atMicros, instrument: 0, side, priceTicks });
  }

  /** The level of the index under a future; that under ES is the level of the market. */
  index(instrument: number, level: number, atMicros: number): readonly LimitChange[] {
    const member = this.#member(instrument);
    member.index = level.toFixed(INDEX_DECIMALS);
    if (!this.#hasBegun || member !== this.#market || this.#marketClose === null) return [];
    if (level > Number(this.#marketClose) * (1 - SMALL_FALL)) return [];
    return this.#tellAll({ kind: 'market-index', atMicros, level: member.index });
  }

  /** The board of one future; null before the first day began. */
  view(instrument: number): BreakerView | null {
    return this.#hasBegun ? this.#member(instrument).machine.view() : null;
  }

  /** Adds the machines to the hash. */
  hashInto(hash: StateHash): void {
    for (const { machine } of this.#members) hash.integer(machine.stateHash());
  }

  /** The fixings of the day and the index closes: the references of the next session. */
  #fix(atMicros: Micros): readonly LimitChange[] {
    const day = tradingDayAt(atMicros);
    for (const member of this.#members) {
      const fixing = fixingTicks(member.fixingTrades, day, member.referenceTicks);
      member.referenceTicks = fixing ?? member.referenceTicks;
      member.fixingTrades = [];
    }
    return this.#refer(atMicros);
  }

  /** Tells every machine its references; fixing and settlement are one price where nothing was settled yet. */
  #refer(atMicros: Micros): readonly LimitChange[] {
    this.#marketClose = this.#market === undefined ? null : closeOf(this.#market);
    return this.#members.flatMap((member, i) => {
      const { referenceTicks, settlementTicks } = member;
      if (referenceTicks === null) return this.#tell(i, { kind: 'clock', atMicros });
      const references: References = {
        contracts: [{ fixingTicks: referenceTicks, settlementTicks: settlementTicks ?? referenceTicks }],
        indexClose: closeOf(member),
        marketClose: this.#marketClose,
      };
      return this.#tell(i, { kind: 'references', atMicros, references });
    });
  }

  #findPhase(atMicros: Micros): void {
    const session = sessionAt('equity', atMicros) ?? nextSession('equity', atMicros);
    const phases = session === null ? [] : phasesOf(session);
    this.#nextPhase = phases.find((start) => start.atMicros > atMicros) ?? null;
  }

  #tellAll(input: BreakerInput): readonly LimitChange[] {
    return this.#members.flatMap((_, i) => this.#tell(i, input));
  }

  /** Tells one machine, keeps its stop and its dynamic limits, and passes its daily limits on. */
  #tell(instrument: number, input: BreakerInput): readonly LimitChange[] {
    const member = this.#member(instrument);
    const changes: LimitChange[] = [];
    for (const output of member.machine.apply(input)) this.#keep(member, instrument, output, changes);
    return changes;
  }

  #keep(member: Member, instrument: number, output: BreakerOutput, changes: LimitChange[]): void {
    if (output.kind === 'group-state') {
      const { state } = output;
      member.stop =
        state.kind === 'stopped'
          ? { cause: state.cause, symbol: member.symbol, untilMicros: state.untilMicros }
          : null;
      return;
    }
    const { kind } = output;
    if (kind === 'contract-state') return;
    const { lowTicks, highTicks } = output;
    if (kind === 'limits') changes.push({ instrument, lowTicks, highTicks });
    else member.dynamic = { lowTicks, highTicks };
  }

  #member(instrument: number): Member {
    const member = this.#members[instrument];
    assert(member !== undefined, 'the future belongs to the group');
    return member;
  }
}

/** The close of the index under a future: as told last, before the first the future's own price. */
function closeOf({ index, referenceTicks, tick }: Member): string | null {
  if (index !== null) return index;
  return referenceTicks === null ? null : multiplyDecimals(String(referenceTicks), tick);
}

function isWithin(side: OrderSide, priceTicks: number, boundTicks: number): boolean {
  return side === 'buy' ? priceTicks <= boundTicks : priceTicks >= boundTicks;
}
