/** Venues that play seeded inputs to themselves: open orders and waiting ones are picked from what they told. */
import { CryptoPerpVenue } from '../venue/crypto-perp/crypto-perp-venue.ts';
import type { PerpInput } from '../venue/crypto-perp/perp-orders.ts';
import type { GlobexConfig, GlobexInput, GlobexOutput } from '../venue/globex/globex-orders.ts';
import { GlobexVenue } from '../venue/globex/globex-venue.ts';
import type { OrderHandle } from '../venue/matching/order-terms.ts';
import { GLOBEX_RUN_CONFIG, GlobexInputs } from './globex-run.ts';
import { PERP_RUN_CONFIG, PerpInputs } from './perp-run.ts';

/** A crypto perpetual venue, its inputs so far, and the next ones. */
export class PerpPlayer {
  readonly venue = new CryptoPerpVenue(PERP_RUN_CONFIG);
  readonly journal: PerpInput[] = [];
  readonly #inputs: PerpInputs;
  readonly #ids: number[] = [];

  constructor(seed: number) {
    this.#inputs = new PerpInputs(seed);
  }

  next(change: (input: PerpInput) => PerpInput = (input) => input): ReturnType<CryptoPerpVenue['apply']> {
    const pick = (): OrderHandle => {
      const orders = this.venue.book.orders();
      return orders.length === 0 ? 0 : orders[this.#inputs.below(orders.length)]!.handle;
    };
    const input = change(this.#inputs.next(pick, this.#ids.slice(-40)));
    this.journal.push(input);
    const outputs = this.venue.apply(input);
    for (const output of outputs) if (output.kind === 'armed') this.#ids.push(output.id);
    return outputs;
  }
}

/** A Globex group, its inputs so far, and the next ones. */
export class GlobexPlayer {
  readonly venue: GlobexVenue;
  readonly journal: GlobexInput[] = [];
  readonly #config: GlobexConfig;
  readonly #inputs: GlobexInputs;
  readonly #stops: number[][];

  constructor(seed: number, config: GlobexConfig = GLOBEX_RUN_CONFIG) {
    this.venue = new GlobexVenue(config);
    this.#config = config;
    this.#inputs = new GlobexInputs(seed, config);
    this.#stops = config.instruments.map(() => []);
  }

  /** The next input, every order with a tag of its own. */
  draw(): GlobexInput {
    const pick = (instrument: number): OrderHandle => {
      const listed = this.#config.instruments[instrument] !== undefined;
      const orders = listed ? this.venue.book(instrument).orders() : [];
      return orders.length === 0 ? 0 : orders[this.#inputs.below(orders.length)]!.handle;
    };
    const input = this.#inputs.next(pick, (instrument) => this.#stops[instrument]?.slice(-20) ?? []);
    if (input.kind !== 'order') return input;
    return { ...input, order: { ...input.order, tag: this.journal.length } };
  }

  play(input: GlobexInput = this.draw()): readonly GlobexOutput[] {
    this.journal.push(input);
    const outputs = this.venue.apply(input);
    for (const o of outputs) if (o.kind === 'armed') this.#stops[o.instrument]?.push(o.id);
    return outputs;
  }
}
