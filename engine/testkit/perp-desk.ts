/** A crypto perpetual venue whose inputs all come at one time, for examples. */
import { CryptoPerpVenue } from '../venue/crypto-perp/crypto-perp-venue.ts';
import type { PerpConditional, PerpOrder } from '../venue/crypto-perp/perp-orders.ts';
import type { VenueOutput } from '../venue/matching/venue-output.ts';

/** When the desk's inputs come, unless said otherwise. */
export const NOW = 1_700_000_000_000_000;
/** The desk's venue. */
const PERP_DESK_CONFIG = {
  limits: { orders: 500, pagesPerSide: 64, events: 4096 },
  accounts: 10,
  tradeGroups: [],
  conditionalOrders: 100,
  triggerProtectPer10k: 500,
};

/** An order of a given account, good till cancelled at any price, changed as asked. */
const order = (part: Partial<PerpOrder> & Pick<PerpOrder, 'account' | 'side' | 'sizeLots'>): PerpOrder => ({
  tag: 0,
  priceTicks: null,
  priceMatch: null,
  timeInForce: 'GTC',
  goodTillMicros: null,
  selfTrade: 'none',
  reduceOnly: false,
  ...part,
});

/** A venue whose inputs all come at one time, unless said otherwise. */
export class Desk {
  readonly venue = new CryptoPerpVenue(PERP_DESK_CONFIG);

  send(part: Parameters<typeof order>[0], atMicros = NOW): readonly VenueOutput[] {
    return this.venue.apply({ kind: 'order', atMicros, order: order(part) });
  }

  wait(part: Parameters<typeof order>[0] & Partial<PerpConditional> & Pick<PerpConditional, 'type'>) {
    const conditional: PerpConditional = {
      triggerTicks: null,
      callbackPermille: 0,
      workingPrice: 'contract',
      priceProtect: false,
      closePosition: false,
      ...order(part),
      ...part,
    };
    return this.venue.apply({ kind: 'conditional', atMicros: NOW, order: conditional });
  }

  mark(priceTicks: number): readonly VenueOutput[] {
    return this.venue.apply({ kind: 'mark', atMicros: NOW, priceTicks });
  }

  /** A trade of one lot at a price between two bystanders. */
  trade(priceTicks: number): readonly VenueOutput[] {
    this.send({ account: 8, side: 'sell', sizeLots: 1, priceTicks });
    return this.send({ account: 9, side: 'buy', sizeLots: 1, priceTicks });
  }

  /** Gives an account a position of so many lots by trading at a price. */
  hold(account: number, lots: number, priceTicks: number): void {
    const side = lots > 0 ? 'buy' : 'sell';
    this.send({ account: 8, side: side === 'buy' ? 'sell' : 'buy', sizeLots: Math.abs(lots), priceTicks });
    this.send({ account, side, sizeLots: Math.abs(lots), priceTicks });
  }
}

/** What came out, in one word each. */
export const kinds = (outputs: readonly VenueOutput[]): string[] => outputs.map((o) => o.kind);
/** Why the first output is a refusal, or null. */
export const code = (outputs: readonly VenueOutput[]): string | null => {
  const [first] = outputs;
  return first?.kind === 'rejected' ? first.code : null;
};
/** Prices and lots of what traded. */
export const trades = (outputs: readonly VenueOutput[]): [number, number][] =>
  outputs.flatMap((o): [number, number][] => (o.kind === 'traded' ? [[o.priceTicks, o.sizeLots]] : []));
