// The perpetual venue against its oracle, its own outputs, and its journal.
import { describe, expect, it } from 'vitest';
import {
  expectAmendedPlace,
  expectEmptyBook,
  expectSoundLevels,
  type PlaceBefore,
  placeOf,
} from '../../testkit/book-invariants.ts';
import { PERP_RUN_CONFIG, runPerpAgainstOracle } from '../../testkit/perp-run.ts';
import { QueueWatch } from '../../testkit/queue-watch.ts';
import { PerpPlayer } from '../../testkit/venue-players.ts';
import { CryptoPerpVenue } from './crypto-perp-venue.ts';
import type { PerpInput } from './perp-orders.ts';

describe('crypto perpetual venue', () => {
  it('agrees with its oracle over 40,000 inputs of every kind', () => {
    const outcomes = runPerpAgainstOracle({ seed: 11, inputs: 40_000 });
    const words = [
      'armed',
      'triggered',
      'disarmed',
      'traded',
      'expired',
      'self-trade',
      'reduce-only',
      'price-protect',
      'no-position',
      'not-filled-whole',
      'order/would-trigger-at-once',
      'order/callback-out-of-range',
      'order/good-till-too-early',
      'order/no-market',
      'order/combination-not-allowed',
      'order/limit-exceeded',
      'order/account-unknown',
      'order/reduce-only',
    ];
    expect(words.filter((word) => (outcomes.get(word) ?? 0) < 10)).toEqual([]);
  });

  it('holds at every input: queues as told, none falls back, sound levels, amended places, lots in balance', () => {
    const player = new PerpPlayer(5);
    const { book } = player.venue;
    const watch = new QueueWatch();
    const found = { trades: 0, kept: 0, moved: 0 };
    for (let n = 0; n < 12_000; n++) {
      const amended: { from: PlaceBefore | null } = { from: null };
      const outputs = player.next((input) => {
        if (input.kind === 'amend') amended.from = placeOf(book, input.handle);
        return input;
      });
      for (const output of outputs) {
        watch.see(output);
        if (output.kind === 'traded') found.trades++;
      }
      const input = player.journal.at(-1)!;
      const before = amended.from;
      if (input.kind === 'amend' && before !== null && outputs[0]?.kind === 'reduced') {
        expectAmendedPlace(book, input.handle, before, input);
        found[input.priceTicks === before.priceTicks ? 'kept' : 'moved']++;
      }
      watch.checkRanks();
      watch.expectSame(book);
      expectSoundLevels(book, false, n);
      const held = Array.from({ length: PERP_RUN_CONFIG.accounts }, (_, account) => book.positionOf(account));
      expect(held.reduce((a, b) => a + b)).toBe(0);
    }
    expect(found.trades).toBeGreaterThan(1500);
    expect(found.kept).toBeGreaterThan(20);
    expect(found.moved).toBeGreaterThan(200);
  });

  it('never lets an owner trade with itself where its orders ask for that', () => {
    const player = new PerpPlayer(6);
    const group = (account: number): number => PERP_RUN_CONFIG.tradeGroups[account] ?? 0;
    let prevented = 0;
    for (let n = 0; n < 20_000; n++) {
      const outputs = player.next((input) => {
        if (input.kind === 'amend') return { kind: 'clock', atMicros: input.atMicros };
        if (input.kind !== 'order' && input.kind !== 'conditional') return input;
        const selfTrade = (['expire-taker', 'expire-maker', 'expire-both'] as const)[n % 3]!;
        const time = input.order.timeInForce === 'GTD' ? 'GTD' : n % 5 === 0 ? 'IOC' : 'GTC';
        return { ...input, order: { ...input.order, selfTrade, timeInForce: time } } as PerpInput;
      });
      for (const output of outputs) {
        if (output.kind === 'cancelled' && output.reason === 'self-trade') prevented++;
        if (output.kind !== 'traded') continue;
        const { taker, maker } = output;
        expect(taker.account).not.toBe(maker.account);
        expect(group(taker.account) === 0 || group(taker.account) !== group(maker.account)).toBe(true);
      }
    }
    expect(prevented).toBeGreaterThan(500);
  });

  it('never lets a reduce-only order leave a position larger or turned', () => {
    const player = new PerpPlayer(8);
    const held = new Array<number>(PERP_RUN_CONFIG.accounts).fill(0);
    const reduceOnly = new Set<number>();
    let reduced = 0;
    for (let n = 0; n < 20_000; n++) {
      const before = player.venue.book.orders();
      for (const order of before) if (order.reduceOnly) reduceOnly.add(order.serial);
      for (const output of player.next()) {
        if (output.kind !== 'traded') continue;
        const bought = output.takerSide === 'buy' ? output.sizeLots : -output.sizeLots;
        const { taker, maker } = output;
        if (reduceOnly.has(maker.serial) && maker.account !== taker.account) {
          const was = held[maker.account]!;
          expect(Math.sign(was)).toBe(Math.sign(bought));
          expect(Math.abs(was)).toBeGreaterThanOrEqual(Math.abs(bought));
          reduced++;
        }
        held[taker.account]! += bought;
        held[maker.account]! -= bought;
      }
      expect(held.reduce((a, b) => a + b)).toBe(0);
    }
    expect(held).toEqual(held.map((_, account) => player.venue.book.positionOf(account)));
    expect(reduced).toBeGreaterThan(100);
  });

  it('comes to the same state from its journal, and from a snapshot with the rest of the journal', () => {
    const player = new PerpPlayer(9);
    for (let n = 0; n < 3000; n++) player.next();
    const saved = JSON.stringify(player.venue.snapshot());
    for (let n = 0; n < 3000; n++) player.next();
    const replayed = new CryptoPerpVenue(PERP_RUN_CONFIG);
    for (const input of player.journal) replayed.apply(input);
    expect(replayed.stateHash()).toBe(player.venue.stateHash());
    const restored = new CryptoPerpVenue(PERP_RUN_CONFIG, JSON.parse(saved));
    for (const input of player.journal.slice(3000)) restored.apply(input);
    expect(restored.stateHash()).toBe(player.venue.stateHash());
    expect(restored.snapshot()).toEqual(player.venue.snapshot());
  });

  it('leaves nothing behind when all accounts cancel', () => {
    const player = new PerpPlayer(10);
    for (let n = 0; n < 3000; n++) player.next();
    const { atMicros } = player.journal.at(-1)!;
    for (let account = 0; account < PERP_RUN_CONFIG.accounts; account++) {
      player.venue.apply({ kind: 'cancel-account', atMicros, account });
    }
    expectEmptyBook(player.venue.book);
    expect(player.venue.waitingCount).toBe(0);
  });
});
