// The static axis: prices stay on their rows, and the rule for when they may move.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centredAxis,
  GROUPINGS,
  hasLeftMiddle,
  ladderColumns,
  markerGroup,
  mayFollow,
  middleGroup,
  nextGrouping,
  regroupedAxis,
  rowOfGroup,
  rowPriceTicks,
} from './ladder-geometry.ts';

const anyGroup = fc.integer({ min: -5_000_000, max: 5_000_000 });
const anyRows = fc.integer({ min: 3, max: 120 });

describe('axis', () => {
  it('row and price are each other’s inverse', () => {
    fc.assert(
      fc.property(anyGroup, fc.constantFrom(...GROUPINGS), anyRows, fc.nat(119), (group, g, rows, row) => {
        const axis = centredAxis(group, g, rows);
        return rowOfGroup(axis, rowPriceTicks(axis, row) / g) === row;
      }),
    );
  });

  it('a freshly centred touch is in the middle', () => {
    fc.assert(
      fc.property(anyGroup, anyRows, fc.nat(2), (bid, rows, spread) => {
        const touch = { bidGroup: bid, askGroup: bid + 1 + spread };
        const axis = centredAxis(middleGroup(touch) ?? 0, 1, rows);
        return rows < 6 || !hasLeftMiddle(axis, touch);
      }),
    );
  });

  it('leaves the middle on either side, and exactly once on the way', () => {
    const axis = centredAxis(1000, 1, 40);
    const left = (bid: number) => hasLeftMiddle(axis, { bidGroup: bid, askGroup: bid + 1 });
    const states = Array.from({ length: 60 }, (_, i) => left(1000 + i));
    expect(states[0]).toBe(false);
    expect(states.at(-1)).toBe(true);
    expect(states.filter((s, i) => i > 0 && s !== states[i - 1])).toHaveLength(1);
    expect(left(1000 - 30)).toBe(true);
  });

  it('an empty book never moves the axis', () => {
    expect(hasLeftMiddle(centredAxis(0, 1, 40), { bidGroup: null, askGroup: null })).toBe(false);
  });

  it('keeps the middle price when regrouped', () => {
    fc.assert(
      fc.property(
        anyGroup,
        anyRows,
        fc.constantFrom(...GROUPINGS),
        fc.constantFrom(...GROUPINGS),
        (group, rows, from, to) => {
          const before = centredAxis(group, from, rows);
          const after = regroupedAxis(before, to);
          const middle = Math.floor(rows / 2);
          return Math.abs(rowPriceTicks(after, middle) - rowPriceTicks(before, middle)) <= to / 2;
        },
      ),
    );
  });
});

describe('recentre rule', () => {
  it('waits while the pointer or the focus is inside', () => {
    expect(mayFollow({ pointerInside: true, focusInside: false })).toBe(false);
    expect(mayFollow({ pointerInside: false, focusInside: true })).toBe(false);
    expect(mayFollow({ pointerInside: false, focusInside: false })).toBe(true);
  });
});

describe('markers', () => {
  it('stand on the row that would hold a bid or an ask of that price', () => {
    fc.assert(
      fc.property(anyGroup, fc.constantFrom(...GROUPINGS), anyGroup, (priceTicks, g, middleTicks) => {
        const row = markerGroup(priceTicks, g, middleTicks / g) * g;
        if (priceTicks < middleTicks) return row <= priceTicks && priceTicks < row + g;
        if (priceTicks > middleTicks) return row >= priceTicks && priceTicks > row - g;
        return true;
      }),
    );
  });
});

describe('grouping', () => {
  it('walks the list and stops at its ends', () => {
    expect([1, 10, 100, 1000].map((g) => nextGrouping(g, 1))).toEqual([10, 100, 1000, 1000]);
    expect([1, 10, 100, 1000].map((g) => nextGrouping(g, -1))).toEqual([1, 1, 10, 100]);
  });
});

describe('columns', () => {
  it('fill the width without overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 240, max: 700 }),
        fc.boolean(),
        fc.boolean(),
        (width, cumulative, deltas) => {
          const columns = Object.values(ladderColumns(width, { cumulative, deltas, priceWidth: 84 })).filter(
            (c) => c !== null,
          );
          let x = 0;
          for (const column of columns) {
            expect(column.x).toBeCloseTo(x, 6);
            expect(column.width).toBeGreaterThan(0);
            x += column.width;
          }
          expect(x).toBeCloseTo(width, 6);
        },
      ),
    );
  });
});
