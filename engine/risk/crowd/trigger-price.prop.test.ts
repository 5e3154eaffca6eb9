// The allocation-free kernel against the margin room's exact piecewise solution, on every published schedule.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { BRACKET_TABLE_DATES } from '../../margin/brackets/bracket-table.ts';
import { liquidationPrice } from '../../margin/brackets/liquidation-price.ts';
import { maintenanceMargin } from '../../margin/brackets/maintenance-margin.ts';
import { bracketAt } from '../../margin/brackets/notional-bracket.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { maintenanceColumns, maintenanceUnits } from './maintenance-columns.ts';
import { excessUnits, liquidationTicks, NEVER_TICKS, triggerTicks } from './trigger-price.ts';

const COUNT = 40_000;
const schedules = BRACKET_TABLE_DATES.flatMap((date) => [
  ...new Set(publishedBrackets(date).symbols.values()),
]);

describe('trigger price', () => {
  it(`lies within a tick of the exact liquidation price for ${COUNT} random positions, and on its safe side`, () => {
    const rng = new Rng(41);
    const columnsOf = schedules.map((brackets) => maintenanceColumns(brackets));
    const seen = { long: 0, short: 0, never: 0, otherBracket: 0 };
    const wrong: string[] = [];
    let worst = 0;
    for (let n = 0; n < COUNT; n++) {
      const at = rng.below(schedules.length);
      const brackets = schedules[at] ?? [];
      const columns = columnsOf[at];
      if (columns === undefined) throw new Error('no schedule');
      // A tick of 0.01 on a lot of 0.01: 100 units. Notionals from tens to hundreds of millions.
      const side = rng.below(2) === 0 ? 1 : -1;
      const entryTicks = 100 + rng.below(10_000_000);
      const sizeLots = 1 + rng.below(2 ** (1 + rng.below(22)));
      const tickUnits = sizeLots * 100;
      const entryUnits = tickUnits * entryTicks;
      if (entryUnits > 2e15) continue;
      const walletUnits = Math.floor(entryUnits * 1.5 * rng.fraction() ** 2);
      const found = triggerTicks(columns, side, tickUnits, entryTicks, walletUnits);
      const exact = liquidationPrice(
        { walletBalance: walletUnits / 1e6, otherMaintenanceMargin: 0, otherUnrealisedPnl: 0 },
        [{ side: side === 1 ? 'long' : 'short', size: sizeLots / 100, entryPrice: entryTicks / 100 }],
        brackets,
        entryTicks / 100,
      );
      if (exact === null || exact.price * 100 < 1) {
        if (found !== NEVER_TICKS) wrong.push(`case ${n}: expected never, found ${found}`);
        seen.never++;
        continue;
      }
      const ticks = exact.price * 100;
      const estimate = liquidationTicks(columns, side, tickUnits, entryTicks, walletUnits);
      worst = Math.max(worst, Math.abs(estimate - ticks) / ticks);
      const excess = (at: number): number =>
        excessUnits(columns, side, tickUnits, entryTicks, walletUnits, at);
      if (!(Math.abs(found - ticks) <= 1 && excess(found) <= 0 && excess(found + side) > 0)) {
        wrong.push(`case ${n}: expected ${ticks}, found ${found}`);
      }
      seen[side === 1 ? 'long' : 'short']++;
      if (exact.brackets[0] !== bracketAt(brackets, entryUnits / 1e6)) seen.otherBracket++;
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(worst).toBeLessThan(1e-9);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(COUNT / 100);
  });

  it('asks the maintenance of the margin room', () => {
    const rng = new Rng(5);
    for (let n = 0; n < 5_000; n++) {
      const brackets = schedules[rng.below(schedules.length)] ?? [];
      const notional = rng.fraction() * 10 ** rng.below(10);
      const expected = maintenanceMargin(notional, bracketAt(brackets, notional));
      const found = maintenanceUnits(maintenanceColumns(brackets), notional * 1e6) / 1e6;
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * (1 + expected));
    }
  });
});
