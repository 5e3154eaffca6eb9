/** A Globex group with a clock that is moved by hand, for examples. */
import type {
  GlobexConfig,
  GlobexOrder,
  GlobexOutput,
  InstrumentConfig,
} from '../venue/globex/globex-orders.ts';
import { GlobexVenue } from '../venue/globex/globex-venue.ts';
import type { GroupState } from '../venue/globex/market-states.ts';
import { FIFO } from '../venue/matching/allocation.ts';

/** In microseconds. */
export const SECOND = 1_000_000;
/** When the floor opens. */
export const START = 1_700_000_000 * SECOND;

/** An instrument without limits, changed as asked. */
const instrument = (part: Partial<InstrumentConfig>): InstrumentConfig => ({
  symbol: 'ES',
  isLead: true,
  allocation: FIFO,
  protectionTicks: 10,
  bandTicks: null,
  velocity: null,
  stopRangeTicks: null,
  settlesAt: null,
  ...part,
});

/** A group of such instruments; the first one leads unless told otherwise. */
export const group = (...instruments: readonly Partial<InstrumentConfig>[]): GlobexConfig => ({
  instruments: instruments.map(instrument),
  limits: { orders: 500, pagesPerSide: 64, events: 4096 },
  stopOrders: 100,
  stopsTogether: true,
  pauseMicros: 5 * SECOND,
  reserveMicros: 10 * SECOND,
  prolongations: 2,
});

/** A day order of account 1, changed as asked. */
const order = (part: Partial<GlobexOrder> & Pick<GlobexOrder, 'side' | 'sizeLots'>): GlobexOrder => ({
  account: 1,
  tag: 0,
  type: 'limit',
  priceTicks: null,
  triggerTicks: null,
  timeInForce: 'DAY',
  goodTillMicros: null,
  minimumLots: 0,
  displayLots: 0,
  selfMatchId: 0,
  selfMatch: 'cancel-resting',
  makerPercent: 0,
  ...part,
});

/** A venue with a clock that stands still unless told to move. */
export class Floor {
  readonly venue: GlobexVenue;
  now = START;

  constructor(config: GlobexConfig, state: GroupState | null = 'open') {
    this.venue = new GlobexVenue(config);
    if (state !== null) this.state(state);
  }

  state(state: GroupState): readonly GlobexOutput[] {
    return this.venue.apply({ kind: 'state', atMicros: this.now, state });
  }

  send(part: Parameters<typeof order>[0], to = 0): readonly GlobexOutput[] {
    return this.venue.apply({ kind: 'order', atMicros: this.now, instrument: to, order: order(part) });
  }

  wait(micros: number): readonly GlobexOutput[] {
    this.now += micros;
    return this.venue.apply({ kind: 'clock', atMicros: this.now });
  }

  settle(priceTicks: number, of = 0): readonly GlobexOutput[] {
    return this.venue.apply({ kind: 'settlement', atMicros: this.now, instrument: of, priceTicks });
  }

  /** Rests one lot at each price. */
  quote(side: 'buy' | 'sell', prices: readonly number[], sizeLots = 1): void {
    for (const priceTicks of prices)
      this.send({ account: 9, side, sizeLots, priceTicks, timeInForce: 'GTC' });
  }

  /** A trade of one lot at a price. */
  trade(priceTicks: number): readonly GlobexOutput[] {
    this.send({ account: 8, side: 'sell', sizeLots: 1, priceTicks });
    return this.send({ account: 9, side: 'buy', sizeLots: 1, priceTicks });
  }
}

/** Prices and lots of what traded. */
export const fills = (outputs: readonly GlobexOutput[]): [number, number][] =>
  outputs.flatMap((o): [number, number][] =>
    o.kind === 'traded' || o.kind === 'uncrossed' ? [[o.priceTicks, o.sizeLots]] : [],
  );
/** The states that were told. */
export const states = (outputs: readonly GlobexOutput[]): string[] =>
  outputs.flatMap((o) => (o.kind === 'state' ? [`${o.instrument} ${o.state}`] : []));
/** Why the first output is a refusal, or null. */
export const code = (outputs: readonly GlobexOutput[]): string | null =>
  outputs[0]?.kind === 'rejected' ? outputs[0].code : null;
