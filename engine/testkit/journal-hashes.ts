/** Seeded journals of a book and of both venues, and the hashes that playing, replaying and restoring them gives. */
import { Rng } from '../core/rng.ts';
import { StateHash } from '../core/state-hash.ts';
import { CryptoPerpVenue } from '../venue/crypto-perp/crypto-perp-venue.ts';
import type { GlobexConfig, GlobexSnapshot } from '../venue/globex/globex-orders.ts';
import { GlobexVenue } from '../venue/globex/globex-venue.ts';
import { GLOBEX_ALGORITHMS } from '../venue/matching/allocation.ts';
import { indicativeOpeningPrice, type PriceLots } from '../venue/matching/opening-price.ts';
import { type BookSnapshot, OrderBook, type OrderRequest } from '../venue/matching/order-book.ts';
import type { OrderSide } from '../venue/matching/order-terms.ts';
import { GLOBEX_RUN_CONFIG, GLOBEX_SPREAD_CONFIG } from './globex-run.ts';
import { PERP_RUN_CONFIG } from './perp-run.ts';
import { GlobexPlayer, PerpPlayer } from './venue-players.ts';

/** Hashes of one journal. All three ends are the same where a state is its inputs and nothing else. */
export interface JournalHashes {
  /** Over the state after every 100th input. */
  readonly trail: number;
  readonly replayedTrail: number;
  readonly end: number;
  readonly replayedEnd: number;
  /** From a snapshot, taken half-way and carried as text, with the rest of the journal. */
  readonly restoredEnd: number;
}

interface Plays<Input, Snapshot> {
  apply(input: Input): unknown;
  snapshot(): Snapshot;
  stateHash(): number;
}

/** The hashes of the book, the crypto perpetual venue and the Globex group, without and with spreads, for one seed. */
export function journalHashes(seed: number, inputs: number): Readonly<Record<string, JournalHashes>> {
  const perp = new PerpPlayer(seed);
  for (let n = 0; n < inputs; n++) perp.next();
  return {
    book: hashesOf(bookJournal(seed, inputs), (saved?: BookSnapshot) => new JournaledBook(saved), null),
    perp: hashesOf(
      perp.journal,
      (saved?: ReturnType<CryptoPerpVenue['snapshot']>) => new CryptoPerpVenue(PERP_RUN_CONFIG, saved),
      perp.venue.stateHash(),
    ),
    globex: globexHashes(seed, inputs, GLOBEX_RUN_CONFIG),
    spreads: globexHashes(seed, inputs, GLOBEX_SPREAD_CONFIG),
  };
}

function globexHashes(seed: number, inputs: number, config: GlobexConfig): JournalHashes {
  const player = new GlobexPlayer(seed, config);
  for (let n = 0; n < inputs; n++) player.play();
  const create = (saved?: GlobexSnapshot): GlobexVenue => new GlobexVenue(config, saved);
  return hashesOf(player.journal, create, player.venue.stateHash());
}

/** @param end - of the machine that drew the journal; null where it was drawn without one */
function hashesOf<Input, Snapshot>(
  journal: readonly Input[],
  create: (saved?: Snapshot) => Plays<Input, Snapshot>,
  end: number | null,
): JournalHashes {
  const half = Math.floor(journal.length / 2);
  const first = create();
  let saved = '';
  const trail = trailOf(first, journal, (n) => {
    if (n === half) saved = JSON.stringify(first.snapshot());
  });
  const again = create();
  const replayedTrail = trailOf(again, journal);
  const restored = create(JSON.parse(saved) as Snapshot);
  for (const input of journal.slice(half)) restored.apply(input);
  return {
    trail,
    replayedTrail,
    end: end ?? first.stateHash(),
    replayedEnd: again.stateHash(),
    restoredEnd: restored.stateHash(),
  };
}

/** @param before - called with the number of inputs played so far */
function trailOf<Input, Snapshot>(
  machine: Plays<Input, Snapshot>,
  journal: readonly Input[],
  before: (played: number) => void = () => {},
): number {
  const trail = new StateHash();
  for (const [n, input] of journal.entries()) {
    before(n);
    machine.apply(input);
    if (n % 100 === 99) trail.integer(machine.stateHash());
  }
  return trail.value();
}

/** A command to a book; orders are named by how many were open when they were picked. */
type BookCommand =
  | { readonly kind: 'limit' | 'market'; readonly order: OrderRequest }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'amend'; readonly pick: number; readonly priceTicks: number; readonly sizeLots: number }
  | { readonly kind: 'collect' }
  | { readonly kind: 'uncross' };

function bookJournal(seed: number, commands: number): readonly BookCommand[] {
  const rng = new Rng(seed);
  const times = ['GTC', 'GTC', 'GTC', 'DAY', 'IOC', 'FOK', 'GTX'] as const;
  return Array.from({ length: commands }, (): BookCommand => {
    const roll = rng.below(100);
    const side: OrderSide = rng.below(2) === 0 ? 'buy' : 'sell';
    const away = rng.below(14) - 4;
    const priceTicks = 1000 + (side === 'buy' ? -away : away);
    const sizeLots = 1 + rng.below(20);
    if (roll < 55) {
      const timeInForce = times[rng.below(times.length)]!;
      const order = { side, priceTicks, sizeLots, timeInForce, account: rng.below(6), tag: rng.below(100) };
      return { kind: rng.below(10) === 0 ? 'market' : 'limit', order } as const;
    }
    if (roll < 75) return { kind: 'cancel', pick: rng.below(1000) };
    if (roll < 97) return { kind: 'amend', pick: rng.below(1000), priceTicks, sizeLots };
    return { kind: roll < 98 ? 'collect' : 'uncross' };
  });
}

/** A book that shares its levels pro rata, as a machine. */
class JournaledBook implements Plays<BookCommand, BookSnapshot> {
  readonly #book: OrderBook;

  constructor(saved?: BookSnapshot) {
    const limits = { orders: 200, pagesPerSide: 8, events: 1 << 16 };
    const rules = { allocation: GLOBEX_ALGORITHMS.K, accounts: 6 };
    this.#book = saved === undefined ? new OrderBook(limits, rules) : OrderBook.restore(limits, saved, rules);
  }

  apply(command: BookCommand): void {
    const book = this.#book;
    const handle = 'pick' in command ? this.#handleOf(command.pick) : 0;
    if (command.kind === 'limit') book.placeLimit(command.order);
    else if (command.kind === 'market') book.placeMarket(command.order);
    else if (command.kind === 'cancel') book.cancel(handle);
    else if (command.kind === 'amend') book.amend(handle, command.priceTicks, command.sizeLots);
    else if (command.kind === 'collect') book.collect();
    else if (book.collecting) this.#uncross();
    book.events.clear();
  }

  #uncross(): void {
    const book = this.#book;
    const levels = (side: OrderSide): PriceLots[] =>
      book
        .orders()
        .filter((o) => o.side === side)
        .map((o) => ({ priceTicks: o.priceTicks, lots: o.remainingLots + o.hiddenLots }));
    const opening = indicativeOpeningPrice(levels('buy'), levels('sell'), null);
    if (opening === null) book.open();
    else book.uncross(opening.priceTicks);
  }

  snapshot(): BookSnapshot {
    return this.#book.snapshot();
  }

  stateHash(): number {
    return this.#book.stateHash();
  }

  #handleOf(pick: number): number {
    const orders = this.#book.orders();
    return orders.length === 0 ? 0 : orders[pick % orders.length]!.handle;
  }
}
