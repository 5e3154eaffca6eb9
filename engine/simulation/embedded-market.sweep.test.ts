// Several seeds over many minutes: prices that neither freeze nor run away, books that stay full.
import { describe, expect, it } from 'vitest';
import { micros } from '../core/units.ts';
import { EmbeddedMarket } from './embedded-market.ts';

const START = 1_777_903_200_000_000;
const SECOND = 1_000_000;
const MINUTES = 15;

describe('embedded market over many minutes', () => {
  for (const seed of [101, 102, 103]) {
    it(`behaves with seed ${seed}`, () => {
      const market = new EmbeddedMarket({ seed, startMicros: micros(START) });
      const first = market.contracts.map(({ market: listed }) => listed.midPrice);
      const last = [...first];
      const pause = first.map(() => 0);
      const wide = first.map(() => 0);
      for (let s = 1; s <= MINUTES * 60; s++) {
        market.advance(micros(START + s * SECOND), Number.MAX_SAFE_INTEGER);
        market.takeFrames();
        market.contracts.forEach(({ market: listed, fair }, i) => {
          const where = `${listed.spec.symbol}, second ${s}`;
          const mid = listed.midPrice;
          pause[i] = mid === last[i] ? pause[i]! + 1 : 0;
          last[i] = mid;
          if (listed.askTicks - listed.bidTicks > 2) wide[i]!++;
          expect(pause[i]!, `${where}: the price stands still`).toBeLessThan(300);
          expect(Math.abs(mid / first[i]! - 1), `${where}: the price ran away`).toBeLessThan(0.05);
          expect(Math.abs(mid / fair.index - 1), `${where}: left its index`).toBeLessThan(0.01);
          expect(listed.book.levelCount('buy'), `${where}: bids`).toBeGreaterThan(100);
          expect(listed.book.levelCount('sell'), `${where}: asks`).toBeGreaterThan(100);
        });
      }
      for (const seconds of wide) expect(seconds / (MINUTES * 60)).toBeLessThan(0.02);
      for (const { market: listed } of market.contracts) {
        const volume = listed.boughtLots + listed.soldLots;
        expect(Math.abs(listed.boughtLots - listed.soldLots) / volume).toBeLessThan(0.5);
        expect(listed.book.tradeCount).toBeGreaterThan(MINUTES * 60);
      }
    });
  }
});
