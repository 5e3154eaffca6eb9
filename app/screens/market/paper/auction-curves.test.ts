/** Tests of the auction's curves against the rows they are drawn from. */
import { describe, expect, it } from 'vitest';
import { auctionCurves } from './auction-curves.ts';

const ROWS = [
  { priceTicks: 100, buyLots: 40, sellLots: 0 },
  { priceTicks: 101, buyLots: 30, sellLots: 10 },
  { priceTicks: 104, buyLots: 5, sellLots: 35 },
];

/** Height of a path of steps at a place strictly between its corners. */
function heightAt(path: string, x: number): number {
  let at = { x: 0, y: 0 };
  for (const [, letter, numbers = ''] of path.matchAll(/([MHV])([\d.,-]+)/g)) {
    const [first = 0, second = 0] = numbers.split(',').map(Number);
    if (letter === 'M') at = { x: first, y: second };
    else if (letter === 'V') at = { x: at.x, y: first };
    else {
      if (x > at.x && x < first) return at.y;
      at = { x: first, y: at.y };
    }
  }
  return Number.NaN;
}

describe('auction curves', () => {
  it('step so that buyers between two prices are those of the higher one, sellers those of the lower one', () => {
    const curves = auctionCurves({ rows: ROWS, indicativeTicks: 101, matchedLots: 10 }, 400, 80);
    if (curves === null) throw new Error('no curves');
    expect(heightAt(curves.buy, 50)).toBe(80 - 60);
    expect(heightAt(curves.buy, 250)).toBe(80 - 10);
    expect(heightAt(curves.sell, 50)).toBe(80);
    expect(heightAt(curves.sell, 250)).toBe(80 - 20);
    expect(curves.indicative).toEqual({ x: 100, y: 60 });
    expect(curves).toMatchObject({ lowTicks: 100, highTicks: 104, mostLots: 40 });
  });

  it('are none for fewer than two prices', () => {
    expect(
      auctionCurves({ rows: ROWS.slice(0, 1), indicativeTicks: null, matchedLots: 0 }, 400, 80),
    ).toBeNull();
    expect(auctionCurves({ rows: [], indicativeTicks: null, matchedLots: 0 }, 400, 80)).toBeNull();
  });
});
