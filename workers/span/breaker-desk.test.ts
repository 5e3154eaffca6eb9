// The breaker desk: limits around a reference, stops with their ends, phases of the day, requests that make no sense.
import { describe, expect, it } from 'vitest';
import type { Result } from '../../engine/core/result.ts';
import type { BreakerRow, SupposedMove } from '../contract/breaker-board.ts';
import { supposedBoards } from './breaker-desk.ts';

function answered<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** A Wednesday; minutes count from 17:00 Chicago of the evening before. */
const DAY = '2026-06-10';
const minutesAt = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return ((hours + 24 - 17) % 24) * 60 + minutes;
};

function supposed(move: number, clock: string, more: Partial<SupposedMove> = {}): BreakerRow {
  const question: SupposedMove = {
    day: DAY,
    minutes: minutesAt(clock),
    laterSeconds: 0,
    move,
    references: [{ product: 'ES', price: '6000' }],
    ...more,
  };
  const [row] = answered(supposedBoards(question));
  if (row === undefined) throw new Error('no row');
  return row;
}

describe('a supposed move', () => {
  it('stands between overnight limits of 7 % and a dynamic breaker of 3.5 %', () => {
    const { view, nowClock } = supposed(-0.01, '02:00');
    expect(nowClock).toBe('02:00:00');
    expect(view).toMatchObject({ state: { kind: 'open' }, phase: 'overnight' });
    expect(view.contracts[0]?.hard).toEqual({ lowTicks: 24_000 - 1_680, highTicks: 24_000 + 1_680 });
    expect(view.contracts[0]?.dynamic).toEqual({ lowTicks: 24_000 - 840, highTicks: 23_760 + 840 });
  });

  it('stops for two minutes at the dynamic breaker and opens again', () => {
    const at = supposed(-0.035, '02:00');
    expect(at.view.state).toMatchObject({ kind: 'stopped', cause: 'dynamic' });
    expect(at.view.next).toMatchObject({ kind: 'resumes', inMicros: 120_000_000 });
    expect(at.nextClock).toBe('02:02:00');
    const later = supposed(-0.035, '02:00', { laterSeconds: 121 });
    expect(later.view.state.kind).toBe('open');
    expect(later.history.map(({ state }) => state.kind)).toEqual(['open', 'stopped', 'open']);
  });

  it('halts for 15 minutes at level 1 in the hours of stocks, for the day at level 3, and not at level 1 after 14:25', () => {
    expect(supposed(-0.07, '10:00').view.next).toMatchObject({ kind: 'resumes', inMicros: 900_000_000 });
    expect(supposed(-0.07, '10:00').view.state).toMatchObject({ kind: 'stopped', cause: 'level-1' });
    expect(supposed(-0.2, '10:00').view.state).toMatchObject({ kind: 'stopped', cause: 'level-3' });
    expect(supposed(-0.07, '14:30').view.state.kind).toBe('open');
  });

  it('is closed on a weekend and knows products without limits', () => {
    expect(supposed(0, '10:00', { day: '2026-06-13' }).view.state.kind).toBe('closed');
    const bond = supposed(-0.1, '10:00', { references: [{ product: 'ZN', price: '110' }] });
    expect(bond.view).toMatchObject({ regime: 'none', state: { kind: 'open' } });
    expect(bond.view.contracts[0]?.limits).toEqual({ lowTicks: null, highTicks: null });
    // The hours of stocks change nothing here.
    expect(bond.view.next).toMatchObject({ kind: 'closes', inMicros: 6 * 3_600_000_000 });
  });

  it('refuses a day or a price that makes no sense', () => {
    const base = { day: DAY, minutes: 0, laterSeconds: 0, move: 0 };
    expect(supposedBoards({ ...base, day: 'soon', references: [] }).ok).toBe(false);
    for (const price of ['', '0', '-3', 'x']) {
      expect(supposedBoards({ ...base, references: [{ product: 'ES', price }] }).ok, price).toBe(false);
    }
  });
});
