/** Tests of own orders and fills on the ladder's rows. */
import { describe, expect, it } from 'vitest';
import { micros } from '../../../engine/core/units.ts';
import type { OwnFill, OwnOrder, VenueView } from '../../../workers/contract/paper.ts';
import { FillMemory, ownRows } from './own-rows.ts';

const AXIS = { groupTicks: 10, topGroup: 105, rows: 10 };

const order = (part: Partial<OwnOrder>): OwnOrder => ({
  id: 1,
  side: 'buy',
  type: 'limit',
  timeInForce: 'GTC',
  state: 'resting',
  priceTicks: 1019,
  triggerTicks: null,
  sizeLots: 10,
  filledLots: 4,
  aheadLots: 7,
  behindLots: 2,
  ...part,
});

describe('own rows', () => {
  it('group buys downwards and sells upwards, as the book does', () => {
    const rows = ownRows([order({}), order({ side: 'sell', priceTicks: 1011 })], AXIS);
    expect(rows.map(({ side, row }) => [side, row])).toEqual([
      ['buy', 4],
      ['sell', 3],
    ]);
    expect(rows[0]).toMatchObject({ lots: 6, aheadLots: 7, behindLots: 2 });
  });

  it('show the order nearest to the front where several stand together', () => {
    const rows = ownRows(
      [order({ aheadLots: 30, behindLots: 0 }), order({ id: 2, aheadLots: 3, behindLots: 9 })],
      AXIS,
    );
    expect(rows).toEqual([{ row: 4, side: 'buy', orders: 2, lots: 12, aheadLots: 3, behindLots: 9 }]);
  });

  it('stand at the trigger while they wait, and nowhere out of sight', () => {
    const waiting = order({ state: 'waiting', priceTicks: null, triggerTicks: 1000, aheadLots: null });
    expect(ownRows([waiting], AXIS)).toMatchObject([{ row: 5, aheadLots: null }]);
    expect(ownRows([order({ priceTicks: 900 }), order({ priceTicks: 1200 })], AXIS)).toEqual([]);
  });
});

describe('fills', () => {
  const fill = (at: number, sizeLots: number): OwnFill => ({
    atMicros: micros(at),
    id: 1,
    side: 'buy',
    priceTicks: 1019,
    sizeLots,
    role: 'maker',
    fee: 0,
  });
  const view = (fills: readonly OwnFill[]): VenueView => ({ fills }) as VenueView;

  it('are shown for a while, lit at first, and what was there before is no news', () => {
    const memory = new FillMemory();
    const past = fill(1, 5);
    expect(memory.take(view([past]), AXIS, 0)).toEqual([]);
    const fresh = [past, fill(2, 3), fill(2, 4)];
    expect(memory.take(view(fresh), AXIS, 100)).toEqual([{ row: 4, side: 'buy', lots: 7, lit: true }]);
    expect(memory.take(view(fresh), AXIS, 900)).toEqual([{ row: 4, side: 'buy', lots: 7, lit: false }]);
    expect(memory.take(view(fresh), AXIS, 3_200)).toEqual([]);
  });

  it('are counted right where the list was cut at its old end', () => {
    const memory = new FillMemory();
    memory.take(view([fill(1, 1), fill(2, 2), fill(3, 3)]), AXIS, 0);
    expect(memory.take(view([fill(2, 2), fill(3, 3), fill(4, 9)]), AXIS, 10)).toMatchObject([{ lots: 9 }]);
  });

  it('of another market are no news', () => {
    const memory = new FillMemory();
    memory.take(view([]), AXIS, 0);
    memory.forget();
    expect(memory.take(view([fill(1, 1)]), AXIS, 10)).toEqual([]);
  });
});
