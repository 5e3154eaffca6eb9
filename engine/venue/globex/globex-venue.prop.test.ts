// A Globex group against its oracle, what must hold in every state, and its journal.
import { describe, expect, it } from 'vitest';
import {
  expectAmendedPlace,
  expectEmptyBook,
  expectSoundLevels,
  placeOf,
} from '../../testkit/book-invariants.ts';
import { GLOBEX_RUN_CONFIG, GLOBEX_SPREAD_CONFIG, runGlobexAgainstOracle } from '../../testkit/globex-run.ts';
import { QueueWatch } from '../../testkit/queue-watch.ts';
import { GlobexPlayer } from '../../testkit/venue-players.ts';
import { GlobexVenue } from './globex-venue.ts';

const CONFIG = GLOBEX_RUN_CONFIG;
const LONGEST_STOP = Math.max(CONFIG.pauseMicros, CONFIG.reserveMicros * (1 + CONFIG.prolongations));
const SHORTEST_STOP = Math.min(CONFIG.pauseMicros, CONFIG.reserveMicros);

describe('Globex group', () => {
  it('agrees with its oracle over 25,000 inputs of every kind', () => {
    const outcomes = runGlobexAgainstOracle({ seed: 21, inputs: 25_000 });
    const words = [
      'traded',
      'uncrossed',
      'settled',
      'indicative',
      'refreshed',
      'triggered',
      'velocity-logic',
      'self-trade',
      'minimum-not-filled',
      'day-ended',
      'expired',
      'reserved',
      'pre-open-no-cancel',
      'pause',
      'post-close',
      'order/state-forbids',
      'order/price-outside-band',
      'order/no-market',
      'order/would-trigger-at-once',
      'order/limit-exceeded',
      'order/instrument-unknown',
    ];
    expect(words.filter((word) => (outcomes.get(word) ?? 0) < 20)).toEqual([]);
  });

  it('trades only while it may, is crossed only while it collects, and ends every stop', () => {
    const player = new GlobexPlayer(31);
    const { venue } = player;
    const stoppedAt = CONFIG.instruments.map(() => 0);
    let schedule = 'close-final';
    const found = { stops: 0, trades: 0, crossed: 0 };
    for (let n = 0; n < 6000; n++) {
      const before = CONFIG.instruments.map((_, i) => venue.stateOf(i));
      const input = player.draw();
      // What is due comes first: a stop that ends, then the step of the schedule.
      const opens = input.kind === 'state' && input.state === 'open';
      const wasOpen = schedule === 'open';
      if (input.kind === 'state') schedule = input.state;
      for (const output of player.play(input)) {
        const { instrument } = output;
        if (output.kind === 'traded' || output.kind === 'uncrossed') {
          const stopEnded = wasOpen && input.atMicros >= stoppedAt[instrument]! + SHORTEST_STOP;
          expect(before[instrument] === 'open' || opens || stopEnded).toBe(true);
          found.trades++;
        }
        if (output.kind === 'state' && output.state !== 'open') stoppedAt[instrument] = input.atMicros;
      }
      for (const [i] of CONFIG.instruments.entries()) {
        const { bestBidTicks, bestAskTicks } = venue.book(i);
        if (bestBidTicks === null || bestAskTicks === null || bestBidTicks < bestAskTicks) continue;
        expect(venue.stateOf(i)).not.toBe('open');
        found.crossed++;
      }
      if (schedule !== 'open' || CONFIG.instruments.every((_, i) => venue.stateOf(i) === 'open')) continue;
      found.stops++;
      const copy = new GlobexVenue(CONFIG, venue.snapshot());
      copy.apply({ kind: 'clock', atMicros: input.atMicros + LONGEST_STOP });
      expect(CONFIG.instruments.map((_, i) => copy.stateOf(i))).toEqual(['open', 'open', 'open']);
    }
    expect(found.stops).toBeGreaterThan(250);
    expect(found.trades).toBeGreaterThan(1000);
    expect(found.crossed).toBeGreaterThan(100);
  });

  it('holds at every input: queues as told, none falls back, sound levels, amended places, no own matches', () => {
    const player = new GlobexPlayer(32, GLOBEX_SPREAD_CONFIG);
    const { venue } = player;
    const { instruments } = GLOBEX_SPREAD_CONFIG;
    const watches = instruments.map(({ allocation }) => new QueueWatch(allocation.steps.join() === 'fifo'));
    const owners = new Map<number, number>();
    const found = { traded: 0, uncrossed: 0, kept: 0, moved: 0, owned: 0 };
    for (let n = 0; n < 6000; n++) {
      // Outputs do not tell what an iceberg hides, so all is displayed.
      const drawn = player.draw();
      const input = drawn.kind === 'order' ? { ...drawn, order: { ...drawn.order, displayLots: 0 } } : drawn;
      if (input.kind === 'order') owners.set(input.order.tag, input.order.selfMatchId);
      const book = 'instrument' in input ? venue.book(input.instrument) : null;
      const before = input.kind === 'modify' && book !== null ? placeOf(book, input.handle) : null;
      const outputs = player.play(input);
      for (const output of outputs) {
        if (output.kind !== 'state' && output.kind !== 'indicative' && output.kind !== 'settled') {
          watches[output.instrument]!.see(output);
        }
        if (output.kind === 'uncrossed') found.uncrossed++;
        // Self-match prevention knows neither openings nor implied trades.
        if (output.kind !== 'traded' || output.taker.serial === 0) continue;
        found.traded++;
        const [taker, maker] = [owners.get(output.taker.tag) ?? 0, owners.get(output.maker.tag) ?? 0];
        if (taker !== 0 && maker !== 0) found.owned++;
        expect(taker === 0 || taker !== maker).toBe(true);
      }
      const own = outputs.filter((o) => 'instrument' in input && o.instrument === input.instrument);
      if (input.kind === 'modify' && before !== null && own[0]?.kind === 'reduced') {
        // What else came of it must not have moved the queue: only amendments alone are looked at.
        const alone = own.every(
          (o) => o.kind === 'reduced' || o.kind === 'rested' || o.kind === 'indicative',
        );
        if (alone) expectAmendedPlace(book!, input.handle, before, input);
        found[input.priceTicks === before.priceTicks ? 'kept' : 'moved']++;
      }
      for (const [i, watch] of watches.entries()) {
        watch.checkRanks();
        watch.expectSame(venue.book(i));
        expectSoundLevels(venue.book(i), venue.stateOf(i) !== 'open', n);
      }
    }
    for (const [word, least] of [
      ['traded', 800],
      ['uncrossed', 50],
      ['owned', 50],
      ['kept', 10],
      ['moved', 100],
    ] as const) {
      expect(found[word], word).toBeGreaterThan(least);
    }
  });

  it('leaves nothing behind when all is cancelled', () => {
    const player = new GlobexPlayer(36, GLOBEX_SPREAD_CONFIG);
    const { venue } = player;
    for (let n = 0; n < 1500; n++) player.play();
    const atMicros = player.journal.at(-1)!.atMicros + LONGEST_STOP;
    venue.apply({ kind: 'state', atMicros, state: 'pre-open' });
    let cancelled = 0;
    for (const instrument of GLOBEX_SPREAD_CONFIG.instruments.keys()) {
      for (const { handle } of venue.book(instrument).orders()) {
        venue.apply({ kind: 'cancel', atMicros, instrument, handle });
        cancelled++;
      }
      expectEmptyBook(venue.book(instrument));
    }
    expect(cancelled).toBeGreaterThan(20);
  });

  it('opens at the price and with the lots that it told, and leaves nothing better than that price', () => {
    const player = new GlobexPlayer(33);
    const told = new Map<number, readonly [number | null, number]>();
    let auctions = 0;
    for (let n = 0; n < 15_000; n++) {
      const input = player.draw();
      const outputs = player.play(input);
      for (const [i] of CONFIG.instruments.entries()) {
        const own = outputs.filter((o) => o.instrument === i);
        const prints = own.filter((o) => o.kind === 'uncrossed');
        // What else is done in the same instant comes after the opening, or changes it.
        const isAlone =
          ('instrument' in input ? input.instrument !== i : true) &&
          own.every((o) => o.kind !== 'cancelled' && o.kind !== 'rejected');
        if (prints.length > 0 && isAlone) {
          const [price, lots] = told.get(i) ?? [null, 0];
          expect(new Set(prints.map((o) => o.priceTicks))).toEqual(new Set([price]));
          expect(prints.reduce((sum, o) => sum + o.sizeLots, 0)).toBe(lots);
          const { bestBidTicks, bestAskTicks } = player.venue.book(i);
          if (bestBidTicks !== null) expect(bestBidTicks).toBeLessThanOrEqual(price!);
          if (bestAskTicks !== null) expect(bestAskTicks).toBeGreaterThanOrEqual(price!);
          auctions++;
        }
        for (const o of own) if (o.kind === 'indicative') told.set(i, [o.priceTicks, o.matchedLots]);
      }
    }
    expect(auctions).toBeGreaterThan(50);
  });

  it('protects market orders from the touch and stops from their trigger', () => {
    const player = new GlobexPlayer(34);
    const { venue } = player;
    const limits = new Map<number, number>();
    const held = { market: 0, stop: 0 };
    const isWithin = (tag: number, isBuy: boolean, priceTicks: number): boolean => {
      const limit = limits.get(tag);
      return limit === undefined || (isBuy ? priceTicks <= limit : priceTicks >= limit);
    };
    for (let n = 0; n < 12_000; n++) {
      const input = player.draw();
      if (input.kind === 'modify' && CONFIG.instruments[input.instrument] !== undefined) {
        // It has a limit of its own choice from now on.
        limits.delete(venue.book(input.instrument).find(input.handle)?.tag ?? -1);
      }
      if (input.kind === 'order' && CONFIG.instruments[input.instrument] !== undefined) {
        const { type, side, triggerTicks, tag } = input.order;
        const book = venue.book(input.instrument);
        const protection = CONFIG.instruments[input.instrument]!.protectionTicks;
        const towards = side === 'buy' ? protection : -protection;
        const touch = side === 'buy' ? book.bestAskTicks : book.bestBidTicks;
        // Where a stop of the market ends with this input the touch may be another one.
        const isTrading = venue.stateOf(input.instrument) === 'open';
        if (type === 'market' && touch !== null && isTrading) limits.set(tag, touch + towards);
        if (type === 'stop' && triggerTicks !== null) limits.set(tag, triggerTicks + towards);
        if (type === 'market') held.market++;
      }
      for (const output of player.play(input)) {
        if (output.kind === 'triggered') held.stop++;
        if (output.kind === 'rested') {
          expect(isWithin(output.tag, output.side === 'buy', output.priceTicks)).toBe(true);
        }
        if (output.kind === 'traded') {
          const isBuy = output.takerSide === 'buy';
          expect(isWithin(output.taker.tag, isBuy, output.priceTicks)).toBe(true);
          expect(isWithin(output.maker.tag, !isBuy, output.priceTicks)).toBe(true);
        }
      }
    }
    expect(held.market).toBeGreaterThan(500);
    expect(held.stop).toBeGreaterThan(200);
  });

  it('comes to the same state from its journal, and from a snapshot with the rest of the journal', () => {
    const player = new GlobexPlayer(35);
    const saved: { at: number; snapshot: string }[] = [];
    for (let n = 0; n < 6000; n++) {
      if (n % 1000 === 500) saved.push({ at: n, snapshot: JSON.stringify(player.venue.snapshot()) });
      player.play();
    }
    const replayed = new GlobexVenue(CONFIG);
    for (const input of player.journal) replayed.apply(input);
    expect(replayed.stateHash()).toBe(player.venue.stateHash());
    for (const { at, snapshot } of saved) {
      const restored = new GlobexVenue(CONFIG, JSON.parse(snapshot));
      for (const input of player.journal.slice(at)) restored.apply(input);
      expect(restored.stateHash()).toBe(player.venue.stateHash());
      expect(restored.snapshot()).toEqual(player.venue.snapshot());
    }
  });
});
