// The re-margin kernel against the margin room, account by account, and what one tick touches.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { liquidationPrice } from '../../margin/brackets/liquidation-price.ts';
import { maintenanceMargin } from '../../margin/brackets/maintenance-margin.ts';
import { unrealisedPnl } from '../../margin/brackets/margin-balance.ts';
import { bracketAt } from '../../margin/brackets/notional-bracket.ts';
import { crossAccounts, crossMarks, crossSymbols } from '../../testkit/random-cross-accounts.ts';
import { CrossAccounts } from './cross-accounts.ts';

const rng = new Rng(12);
const symbols = crossSymbols(50);
const markTicks = crossMarks(rng, 50);
const accounts = crossAccounts(rng, { accounts: 600, positions: 10, markTicks });

function marginRoom(account: number, marks: ArrayLike<number>) {
  const { walletUnits, positions } = accounts[account] ?? { walletUnits: 0, positions: [] };
  const rows = positions.map(({ symbol, signedLots, entryTicks }) => {
    const side = signedLots > 0 ? ('long' as const) : ('short' as const);
    const size = Math.abs(signedLots) / 100;
    const entryPrice = entryTicks / 100;
    const markPrice = (marks[symbol] ?? 0) / 100;
    const brackets = symbols[symbol]?.brackets ?? [];
    const notional = size * markPrice;
    return {
      leg: { side, size, entryPrice },
      brackets,
      markPrice,
      pnl: unrealisedPnl({ side, size, entryPrice, markPrice }),
      maintenance: maintenanceMargin(notional, bracketAt(brackets, notional)),
    };
  });
  const pnl = rows.reduce((sum, row) => sum + row.pnl, 0);
  const maintenance = rows.reduce((sum, row) => sum + row.maintenance, 0);
  const wallet = walletUnits / 1e6;
  const prices = rows.map(
    (row) =>
      liquidationPrice(
        {
          walletBalance: wallet,
          otherMaintenanceMargin: maintenance - row.maintenance,
          otherUnrealisedPnl: pnl - row.pnl,
        },
        [row.leg],
        row.brackets,
        row.markPrice,
      )?.price ?? null,
  );
  return { balance: wallet + pnl, maintenance, prices };
}

describe('cross accounts', () => {
  it('have the balance, maintenance and liquidation prices of the margin room', () => {
    const crowd = new CrossAccounts(symbols, accounts, markTicks);
    const wrong: string[] = [];
    let prices = 0;
    for (let account = 0; account < crowd.count; account++) {
      const expected = marginRoom(account, markTicks);
      const scale = 1 + expected.maintenance + Math.abs(expected.balance);
      const balance = (crowd.marginBalanceUnits[account] ?? 0) / 1e6;
      const maintenance = (crowd.accountMaintenanceUnits[account] ?? 0) / 1e6;
      const off = Math.abs(balance - expected.balance) + Math.abs(maintenance - expected.maintenance);
      if (!(off < 1e-9 * scale)) wrong.push(`account ${account}: ${balance} and ${maintenance}`);
      for (const [i, price] of expected.prices.entries()) {
        const position = (crowd.start[account] ?? 0) + i;
        const found = crowd.liquidationTicks(position) / 100;
        if (price !== null) prices++;
        const isSame = price === null ? found <= 1e-9 : Math.abs(found - price) <= 0.01 + 1e-9 * price;
        if (!isSame) wrong.push(`position ${position}: expected ${price}, found ${found}`);
        const once = crowd.positionMaintenance(position);
        if (once !== crowd.maintenanceUnits[position]) wrong.push(`position ${position}: ${once}`);
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(prices).toBeGreaterThan(3_000);
  });

  it('are touched by a tick only where they hold the symbol, and end as after a full pass, bit for bit', () => {
    const ticked = new CrossAccounts(symbols, accounts, markTicks);
    const marks = [...markTicks];
    for (const symbol of [0, 17, 49, 17]) {
      marks[symbol] = Math.round((marks[symbol] ?? 0) * (0.9 + 0.2 * rng.fraction())) + 1;
      const before = ticked.pnlUnits.slice();
      const exposed = accounts
        .flatMap(({ positions }) => positions)
        .filter((p) => p.symbol === symbol).length;
      expect(ticked.setMark(symbol, marks[symbol] ?? 0)).toBe(exposed);
      expect(exposed).toBeGreaterThan(50);
      const changed = [...ticked.pnlUnits].filter((value, position) => value !== before[position]).length;
      expect(changed).toBe(exposed);
    }
    const whole = new CrossAccounts(symbols, accounts, marks);
    expect([...ticked.marginBalanceUnits]).toEqual([...whole.marginBalanceUnits]);
    expect([...ticked.accountMaintenanceUnits]).toEqual([...whole.accountMaintenanceUnits]);
  });
});
