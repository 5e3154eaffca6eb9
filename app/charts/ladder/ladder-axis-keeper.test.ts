// The rule that protects a click: a row under the pointer or the focus keeps its price, whatever the market does.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LadderAxisKeeper } from './ladder-axis-keeper.ts';
import { hasLeftMiddle, rowPriceTicks } from './ladder-geometry.ts';

const touchAt = (bid: number) => ({ bidGroup: bid, askGroup: bid + 1 });

describe('LadderAxisKeeper', () => {
  it('never moves a price while pointer or focus is inside', () => {
    const walk = fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(
        walk,
        fc.constantFrom('pointerInside' as const, 'focusInside' as const),
        (steps, inside) => {
          const keeper = new LadderAxisKeeper();
          let bid = 600_000;
          keeper.settle(1, 30, touchAt(bid));
          keeper[inside] = true;
          const prices = () => Array.from({ length: 30 }, (_, row) => rowPriceTicks(keeper.current!, row));
          const before = prices();
          for (const step of steps) {
            bid += step;
            expect(keeper.settle(1, 30, touchAt(bid))).toBe(false);
          }
          expect(prices()).toEqual(before);
        },
      ),
    );
  });

  it('follows otherwise, so that the market is always in the calm middle', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 60 }), (steps) => {
        const keeper = new LadderAxisKeeper();
        let bid = 600_000;
        for (const step of steps) {
          bid += step;
          keeper.settle(1, 30, touchAt(bid));
          expect(hasLeftMiddle(keeper.current!, touchAt(bid))).toBe(false);
        }
      }),
    );
  });

  it('stays still for small moves even when nobody is inside', () => {
    const keeper = new LadderAxisKeeper();
    keeper.settle(1, 30, touchAt(1_000));
    for (const bid of [1_001, 1_003, 998, 1_005, 1_000]) {
      expect(keeper.settle(1, 30, touchAt(bid))).toBe(false);
    }
  });

  it('recentres on request with the pointer inside, and says where the market went', () => {
    const keeper = new LadderAxisKeeper();
    keeper.settle(1, 30, touchAt(1_000));
    keeper.pointerInside = true;
    keeper.settle(1, 30, touchAt(1_100));
    expect(keeper.outOfSight(touchAt(1_100))).toBe('above');
    expect(keeper.outOfSight(touchAt(900))).toBe('below');
    keeper.recentre();
    expect(keeper.settle(1, 30, touchAt(1_100))).toBe(true);
    expect(keeper.outOfSight(touchAt(1_100))).toBeNull();
  });

  it('waits with centring until there is a market', () => {
    const keeper = new LadderAxisKeeper();
    keeper.settle(1, 30, { bidGroup: null, askGroup: null });
    keeper.settle(1, 30, touchAt(5_000));
    expect(hasLeftMiddle(keeper.current!, touchAt(5_000))).toBe(false);
  });

  it('keeps the top row under a pointer when the panel grows', () => {
    const keeper = new LadderAxisKeeper();
    keeper.settle(1, 30, touchAt(1_000));
    const top = keeper.current!.topGroup;
    keeper.pointerInside = true;
    keeper.settle(1, 34, touchAt(1_000));
    expect(keeper.current!.topGroup).toBe(top);
  });
});
