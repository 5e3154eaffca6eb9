/** Plays seeded random inputs of every kind to a Globex group and its oracle, and stops at the first difference. */
import { Rng } from '../core/rng.ts';
import type {
  GlobexConfig,
  GlobexInput,
  GlobexOrder,
  GlobexOutput,
  InstrumentConfig,
} from '../venue/globex/globex-orders.ts';
import { GlobexVenue } from '../venue/globex/globex-venue.ts';
import type { GroupState } from '../venue/globex/market-states.ts';
import { FIFO, GLOBEX_ALGORITHMS } from '../venue/matching/allocation.ts';
import { BOOK_EVENT_KINDS } from '../venue/matching/book-events.ts';
import { CANCELLATIONS, type OrderHandle, REJECTIONS } from '../venue/matching/order-terms.ts';
import { countOutcome, type Outcomes } from './event-comparison.ts';
import { NaiveGlobexVenue } from './naive-globex-venue.ts';

const SECOND = 1_000_000;

/** The group that the runs play on: a lead month, a month that shares pro rata, and trades at the lead's settlement. */
export const GLOBEX_RUN_CONFIG: GlobexConfig = {
  instruments: [
    {
      symbol: 'LEAD',
      isLead: true,
      allocation: FIFO,
      protectionTicks: 12,
      bandTicks: 60,
      velocity: { ticks: 18, windowMicros: 3 * SECOND },
      stopRangeTicks: 8,
      settlesAt: null,
    },
    {
      symbol: 'BACK',
      isLead: false,
      allocation: GLOBEX_ALGORITHMS.K,
      protectionTicks: 10,
      bandTicks: null,
      velocity: { ticks: 14, windowMicros: 2 * SECOND },
      stopRangeTicks: 20,
      settlesAt: null,
    },
    {
      symbol: 'TAS',
      isLead: false,
      allocation: FIFO,
      protectionTicks: 2,
      bandTicks: null,
      velocity: null,
      stopRangeTicks: null,
      settlesAt: 0,
    },
  ],
  limits: { orders: 70, pagesPerSide: 64, events: 1 << 20 },
  stopOrders: 12,
  stopsTogether: true,
  pauseMicros: 5 * SECOND,
  reserveMicros: 4 * SECOND,
  prolongations: 2,
};

const spread = (symbol: string, front: number, back: number, allocation = FIFO): InstrumentConfig => ({
  ...GLOBEX_RUN_CONFIG.instruments[0]!,
  symbol,
  isLead: false,
  allocation,
  bandTicks: null,
  settlesAt: null,
  legs: { front, back },
});

/** The same group with a third month and the calendar spreads of the three. */
export const GLOBEX_SPREAD_CONFIG: GlobexConfig = {
  ...GLOBEX_RUN_CONFIG,
  instruments: [
    ...GLOBEX_RUN_CONFIG.instruments,
    { ...GLOBEX_RUN_CONFIG.instruments[0]!, symbol: 'FAR', isLead: false, stopRangeTicks: null },
    spread('LEAD-BACK', 0, 1),
    spread('LEAD-FAR', 0, 3, GLOBEX_ALGORITHMS.A),
    spread('BACK-FAR', 1, 3),
  ],
};

/** The day as the runs play it: the state and how many inputs it lasts about. */
const DAY: readonly (readonly [GroupState, number])[] = [
  ['pre-open', 40],
  ['pre-open-no-cancel', 10],
  ['open', 600],
  ['pause', 8],
  ['pre-open', 15],
  ['open', 500],
  ['close-not-final', 4],
  ['pre-open', 15],
  ['open', 200],
  ['close-final', 5],
  ['post-close', 15],
];

/** Draws inputs that make sense often enough. */
export class GlobexInputs {
  readonly #rng: Rng;
  #now = 1_700_000_000 * SECOND;
  /** About where each instrument trades; that of a spread is the difference of its legs. */
  readonly #middles: number[];
  readonly #spreads: readonly { readonly at: number; readonly front: number; readonly back: number }[];
  #step = DAY.length - 1;
  #left = 0;

  constructor(seed: number, config: GlobexConfig = GLOBEX_RUN_CONFIG) {
    this.#rng = new Rng(seed);
    this.#middles = config.instruments.map((_, i) => [10_000, 10_050, 0, 10_020][i] ?? 0);
    this.#spreads = config.instruments.flatMap(({ legs }, at) =>
      legs === undefined ? [] : [{ at, ...legs }],
    );
  }

  below(bound: number): number {
    return this.#rng.below(bound);
  }

  next(
    pick: (instrument: number) => OrderHandle,
    stopIds: (instrument: number) => readonly number[],
  ): GlobexInput {
    const rng = this.#rng;
    this.#now += rng.below(30) === 0 ? rng.below(12 * SECOND) : rng.below(SECOND / 2);
    const atMicros = this.#now;
    if (this.#left-- <= 0) {
      this.#step = (this.#step + 1) % DAY.length;
      const [state, inputs] = DAY[this.#step]!;
      this.#left = 1 + rng.below(2 * inputs);
      return { kind: 'state', atMicros, state };
    }
    const instrument = this.#spreads.length === 0 ? this.#pickOfThree() : rng.below(this.#middles.length);
    if (instrument < 2 && rng.below(60) === 0) this.#middles[instrument]! += rng.below(41) - 20;
    for (const { at, front, back } of this.#spreads) {
      this.#middles[at] = this.#middles[front]! - this.#middles[back]!;
    }
    const roll = rng.below(1000);
    if (roll < 640) return { kind: 'order', atMicros, instrument, order: this.#order(instrument) };
    if (roll < 740) return { kind: 'cancel', atMicros, instrument, handle: pick(instrument) };
    if (roll < 890) {
      const sizeLots = rng.below(60) === 0 ? 0 : 1 + rng.below(25);
      return {
        kind: 'modify',
        atMicros,
        instrument,
        handle: pick(instrument),
        priceTicks: this.#near(instrument),
        sizeLots,
      };
    }
    if (roll < 930) {
      const ids = stopIds(instrument);
      return {
        kind: 'cancel-stop',
        atMicros,
        instrument,
        id: ids[rng.below(ids.length + 1)] ?? rng.below(900),
      };
    }
    if (roll < 950) {
      const priceTicks = instrument === 2 ? 0 : this.#near(instrument);
      return { kind: 'settlement', atMicros, instrument, priceTicks };
    }
    if (roll < 960) {
      const middle = this.#middles[instrument] ?? 0;
      const width = 30 + rng.below(200);
      return { kind: 'limits', atMicros, instrument, lowTicks: middle - width, highTicks: middle + width };
    }
    return { kind: 'clock', atMicros };
  }

  /** Mostly one of two months, at times trades at settlement or an instrument that is not listed. */
  #pickOfThree(): number {
    const rng = this.#rng;
    return rng.below(8) === 0 ? 2 : rng.below(400) === 0 ? 7 : rng.below(2);
  }

  #near(instrument: number): number {
    const distance = instrument === 2 ? 12 : 22;
    const far = this.#rng.below(60) === 0 ? this.#rng.below(120) : 0;
    return (this.#middles[instrument] ?? 0) + this.#rng.below(2 * distance + 1) - distance + far;
  }

  #order(instrument: number): GlobexOrder {
    const rng = this.#rng;
    const oneOf = <T>(...choices: readonly T[]): T => choices[rng.below(choices.length)]!;
    const rarely = (parts: number): boolean => rng.below(parts) === 0;
    const side = oneOf('buy' as const, 'sell' as const);
    const type = oneOf(
      'limit',
      'limit',
      'limit',
      'limit',
      'limit',
      'limit',
      'market',
      'market-limit',
      'stop',
      'stop-limit',
    ) as GlobexOrder['type'];
    const isStop = type === 'stop' || type === 'stop-limit';
    const away = rng.below(instrument === 2 ? 9 : 22) - 4;
    const beyond = rng.below(25) - 2;
    const middle = this.#middles[instrument] ?? 0;
    const towards = side === 'buy' ? 1 : -1;
    const time = isStop
      ? oneOf('DAY' as const, 'GTC' as const, 'GTD' as const)
      : oneOf(
          'DAY' as const,
          'DAY' as const,
          'GTC' as const,
          'GTC' as const,
          'GTD' as const,
          'IOC' as const,
          'FOK' as const,
        );
    const triggerTicks = isStop ? middle + towards * beyond : null;
    const stopLimit = triggerTicks === null ? 0 : triggerTicks + towards * (rng.below(14) - 3);
    const size = rarely(90) ? 0 : 1 + rng.below(rarely(8) ? 90 : 20);
    return {
      account: rng.below(6),
      tag: rng.below(1000),
      side,
      type,
      priceTicks:
        type === 'limit'
          ? middle - towards * away
          : type === 'stop-limit'
            ? stopLimit
            : rarely(80)
              ? 5
              : null,
      triggerTicks,
      sizeLots: size,
      timeInForce: rarely(150) ? 'GTX' : time,
      goodTillMicros: time === 'GTD' ? this.#now + rng.below(900) * SECOND : null,
      minimumLots: !isStop && rarely(12) ? rng.below(size + 2) : 0,
      displayLots: rarely(8) ? 1 + rng.below(6) : 0,
      selfMatchId: rarely(3) ? 1 + rng.below(3) : 0,
      selfMatch: oneOf('cancel-resting', 'cancel-aggressing'),
      makerPercent: rarely(8) ? 1 + rng.below(50) : 0,
    };
  }
}

/** An output as one line, in the oracle's words. */
function lineOf(output: GlobexOutput): string {
  const { kind, instrument } = output;
  if (kind === 'state') return `${instrument} state ${output.state}`;
  if (kind === 'indicative') return `${instrument} indicative ${output.priceTicks} ${output.matchedLots}`;
  if (kind === 'settled') {
    return `${instrument} settled ${output.priceTicks} ${output.sizeLots} ${output.buyer} ${output.seller}`;
  }
  const number = BOOK_EVENT_KINDS.indexOf(kind);
  const numbers = (side: string, ...rest: readonly number[]): string =>
    `${instrument} ${number} ${side === 'buy' ? 0 : 1} ${rest.join(' ')}`;
  switch (kind) {
    case 'traded': {
      const { takerSide, priceTicks, sizeLots, taker, maker, makerRemainingLots: left } = output;
      return numbers(
        takerSide,
        priceTicks,
        sizeLots,
        taker.account,
        taker.tag,
        taker.serial,
        maker.serial,
        left,
      );
    }
    case 'uncrossed': {
      const { priceTicks, sizeLots, buyer, seller } = output;
      // What the seller has left is not part of the output.
      return numbers('buy', priceTicks, sizeLots, buyer.account, buyer.tag, buyer.serial, seller.serial);
    }
    case 'rejected': {
      const { side, priceTicks, sizeLots, account, tag, code } = output;
      return numbers(side, priceTicks, sizeLots, account, tag, 0, 0, REJECTIONS.indexOf(code));
    }
    case 'armed':
    case 'triggered': {
      const { side, triggerTicks, sizeLots, account, tag, id } = output;
      return numbers(side, triggerTicks, sizeLots, account, tag, id, 0, 0);
    }
    case 'disarmed':
      return `${instrument} ${number} ${output.account} ${output.tag} ${output.id} ${CANCELLATIONS.indexOf(output.reason)}`;
    default: {
      const { side, priceTicks, sizeLots, account, tag, serial } = output;
      const why = output.kind === 'cancelled' ? CANCELLATIONS.indexOf(output.reason) : 0;
      return numbers(side, priceTicks, sizeLots, account, tag, serial, 0, why);
    }
  }
}

/** The oracle's line without what the output does not tell. */
function comparable(line: string): string {
  const words = line.split(' ');
  const kind = BOOK_EVENT_KINDS[Number(words[1])];
  if (kind === 'uncrossed') return words.slice(0, -1).join(' ');
  if (kind === 'disarmed') return [...words.slice(0, 2), ...words.slice(5, 8), words[9]].join(' ');
  return line;
}

export interface GlobexRunOptions {
  readonly seed: number;
  readonly inputs: number;
  readonly config?: GlobexConfig;
  /** Called after every input with what came out. */
  readonly after?: (venue: GlobexVenue, input: GlobexInput, outputs: readonly GlobexOutput[]) => void;
}

/** Runs the inputs and returns what came up; throws with the seed at the first difference. */
export function runGlobexAgainstOracle(options: GlobexRunOptions): Outcomes {
  const config = options.config ?? GLOBEX_RUN_CONFIG;
  const inputs = new GlobexInputs(options.seed, config);
  const fast = new GlobexVenue(config);
  const naive = new NaiveGlobexVenue(config);
  const handles = config.instruments.map(() => new Map<number, OrderHandle>());
  const outcomes: Outcomes = new Map();
  let serial = 0;
  const pick = (instrument: number): OrderHandle => {
    const book = naive.instruments[instrument]?.book;
    const open = book === undefined ? [] : [...book.bids, ...book.asks];
    const any = inputs.below(40) === 0 || open.length === 0;
    serial = any ? inputs.below(5000) : open[inputs.below(open.length)]!.serial;
    return handles[instrument]?.get(serial) ?? 0;
  };
  const stopIds = (instrument: number): readonly number[] =>
    naive.instruments[instrument]?.stops.map((s) => s.id) ?? [];
  for (let n = 1; n <= options.inputs; n++) {
    const input = inputs.next(pick, stopIds);
    try {
      const outputs = fast.apply(input);
      const expected = naive.apply(input, serial);
      const lines = outputs.map(lineOf);
      for (let i = 0; i < Math.max(lines.length, expected.length); i++) {
        const line = expected[i] === undefined ? undefined : comparable(expected[i]!);
        if (lines[i] !== line) throw new Error(`output ${i}: expected ${line}, found ${lines[i]}`);
      }
      for (const output of outputs) {
        if (output.kind === 'rested') handles[output.instrument]!.set(output.serial, output.handle);
        note(output, outcomes);
      }
      if (n % 1000 === 0 && fast.stateHash() !== naive.stateHash()) throw new Error('the states differ');
      options.after?.(fast, input, outputs);
    } catch (error) {
      const where = `Globex group, seed ${options.seed}, input ${n} (${JSON.stringify(input)})`;
      throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
    }
    if (n % 1000 === 0) forget(handles, naive);
  }
  return outcomes;
}

function note(output: GlobexOutput, outcomes: Outcomes): void {
  countOutcome(outcomes, output.kind);
  if (output.kind === 'cancelled' || output.kind === 'disarmed') countOutcome(outcomes, output.reason);
  if (output.kind === 'rejected') countOutcome(outcomes, output.code);
  if (output.kind === 'state') countOutcome(outcomes, output.state);
}

function forget(handles: readonly Map<number, OrderHandle>[], naive: NaiveGlobexVenue): void {
  for (const [i, known] of handles.entries()) {
    const { bids, asks } = naive.instruments[i]!.book;
    const open = new Set([...bids, ...asks].map((o) => o.serial));
    for (const serial of known.keys()) if (!open.has(serial) && serial % 50 !== 0) known.delete(serial);
  }
}
