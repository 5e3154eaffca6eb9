// A Globex group against its oracle, what must hold in every state, and its journal.
import { describe, expect, it } from 'vitest';
import { GLOBEX_RUN_CONFIG, runGlobexAgainstOracle } from '../../testkit/globex-run.ts';
import { GlobexPlayer } from '../../testkit/venue-players.ts';
import { GlobexVenue } from './globex-venue.ts';

const CONFIG = GLOBEX_RUN_CONFIG;
const LONGEST_STOP = Math.max(CONFIG.pauseMicros, CONFIG.reserveMicros * (1 + CONFIG.prolongations));
const SHORTEST_STOP = Math.min(CONFIG.pauseMicros, CONFIG.reserveMicros);

describe('Globex group', () => {
  it('agrees with its oracle over 60,000 inputs of every kind', () => {
    const outcomes = runGlobexAgainstOracle({ seed: 21, inputs: 60_000 });
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
    expect(words.filter((word) => (outcomes.get(word) ?? 0) < 50)).toEqual([]);
  });

  it('trades only while it may, is crossed only while it collects, and ends every stop', () => {
    const player = new GlobexPlayer(31);
    const { venue } = player;
    const stoppedAt = CONFIG.instruments.map(() => 0);
    let schedule = 'close-final';
    const found = { stops: 0, trades: 0, crossed: 0 };
    for (let n = 0; n < 12_000; n++) {
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
    expect(found.stops).toBeGreaterThan(500);
    expect(found.trades).toBeGreaterThan(2000);
    expect(found.crossed).toBeGreaterThan(200);
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
