// The ladder against a sorted map: far prices, moving windows, pages that come and go.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { OrderStore } from './order-store.ts';
import { PriceLadder } from './price-ladder.ts';

describe('price ladder', () => {
  it('loses no order while prices jump over the whole range', () => {
    const rng = new Rng(3);
    const store = new OrderStore(400);
    const ladder = new PriceLadder(store, 200);
    const queues = new Map<number, number[]>();
    const where = new Map<number, number>();
    let centre = 0;
    for (let n = 0; n < 20_000; n++) {
      if (rng.below(400) === 0) centre = rng.below(2_000_000_000) - 1_000_000_000;
      const far = rng.below(3) === 0 ? rng.below(200_000) - 100_000 : rng.below(60);
      const key = Math.max(-1_000_000_000, Math.min(1_000_000_000, centre + far));
      if (store.count < 400 && rng.below(2) === 0 && !ladder.isFull(key)) {
        const slot = store.take();
        ladder.append(slot, key, 1 + rng.below(9));
        queues.set(key, [...(queues.get(key) ?? []), slot]);
        where.set(slot, key);
      } else if (where.size > 0) {
        const slot = [...where.keys()][rng.below(where.size)]!;
        const at = where.get(slot)!;
        ladder.remove(slot);
        store.release(slot);
        where.delete(slot);
        const left = queues.get(at)!.filter((s) => s !== slot);
        if (left.length === 0) queues.delete(at);
        else queues.set(at, left);
      }
      if (n % 50 !== 0) continue;
      const keys = [...queues.keys()].sort((a, b) => b - a);
      expect(ladder.count).toBe(keys.length);
      const found: number[] = [];
      let level = ladder.bestLevel;
      while (level !== 0) {
        const here = ladder.keyOf(level);
        found.push(here);
        expect(ladder.first(level)).toBe(queues.get(here)?.[0]);
        expect(ladder.orders(level)).toBe(queues.get(here)?.length);
        level = ladder.nextWorse(here);
      }
      expect(found).toEqual(keys);
    }
  });

  it('says when another page would be too many', () => {
    const store = new OrderStore(10);
    const ladder = new PriceLadder(store, 2);
    ladder.append(store.take(), 0, 1);
    ladder.append(store.take(), 5000, 1);
    expect([ladder.isFull(5001), ladder.isFull(-5000)]).toEqual([false, true]);
  });
});
