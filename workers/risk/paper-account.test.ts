// The paper futures account across a daily settlement: the money changes its place, not its sum.
import { describe, expect, it } from 'vitest';
import type { Account } from '../../engine/accounting/portfolio.ts';
import { compareDecimals, multiplyDecimals, sumDecimals } from '../../engine/core/money.ts';
import { micros } from '../../engine/core/units.ts';
import { chicagoInstant, clockTime } from '../../engine/reference/calendar/chicago-time.ts';
import { dayOf } from '../../engine/reference/calendar/civil-day.ts';
import { EmbeddedMarket } from '../../engine/simulation/embedded-market.ts';
import { futureOrder } from '../../engine/testkit/paper-orders.ts';
import { PAPER_FUTURES_ACCOUNT } from '../contract/guard-board.ts';
import { InstrumentRun } from '../market/instrument-run.ts';
import { marketFacts } from '../market/market-facts.ts';
import { paperAccounts } from './paper-account.ts';

const DAY = dayOf('2026-05-04');
const at = (time: string) => chicagoInstant(DAY, clockTime(time));
const NQ = 'cme-globex:NQZ6' as const;
const MULTIPLIERS: Readonly<Record<string, string>> = { ESZ6: '50', NQZ6: '20' };

function futuresAccount(market: EmbeddedMarket): Account {
  const facts = market.instruments.map((spec) =>
    marketFacts(new InstrumentRun(spec, 'recorded'), market.venueView(spec.id)),
  );
  const account = paperAccounts(facts).find(({ id }) => id === PAPER_FUTURES_ACCOUNT);
  if (account === undefined) throw new Error('no paper futures account');
  return account;
}

/** Wallet and unrealised PnL at given prices, exact. */
function equity(
  { crossWalletBalance, positions }: Account,
  prices: Readonly<Record<string, string>>,
): string {
  const results = positions.map(({ symbol, side, size, entryPrice }) => {
    const signed = side === 'long' ? size : `-${size}`;
    const move = sumDecimals([prices[symbol] ?? '0', multiplyDecimals(entryPrice, '-1')]);
    return multiplyDecimals(multiplyDecimals(move, signed), MULTIPLIERS[symbol] ?? '0');
  });
  return sumDecimals([crossWalletBalance, ...results]);
}

describe('the paper futures account', () => {
  it('is worth the same before and after a settlement, to the last digit, and counts from the settlement price', () => {
    const market = new EmbeddedMarket({ seed: 21, startMicros: at('14:59:20') });
    const run = (seconds: number): void => {
      market.advance(micros(market.nowMicros + seconds * 1e6), Number.MAX_SAFE_INTEGER);
    };
    const take = { type: 'market', timeInForce: 'IOC' } as const;
    run(5);
    market.submit({ kind: 'place', order: futureOrder({ ...take, sizeLots: 7 }) });
    run(5);
    market.submit({ kind: 'place', order: futureOrder({ ...take, side: 'sell', sizeLots: 3 }) });
    market.submit({
      kind: 'place',
      order: futureOrder({ ...take, instrument: NQ, side: 'sell', sizeLots: 2 }),
    });
    run(5);
    market.submit({ kind: 'place', order: futureOrder({ ...take, sizeLots: 2 }) });
    market.advance(micros(at('15:00') - 1), Number.MAX_SAFE_INTEGER);
    const before = futuresAccount(market);
    market.advance(at('15:00'), Number.MAX_SAFE_INTEGER);
    const after = futuresAccount(market);

    expect(after.positions.map(({ symbol, side, size }) => [symbol, side, size])).toEqual([
      ['ESZ6', 'long', '6'],
      ['NQZ6', 'short', '2'],
    ]);
    for (const position of after.positions) {
      const clearing = market.venueView(`cme-globex:${position.symbol}`)?.clearing;
      expect(Number(position.entryPrice) * 4).toBe(clearing?.settlementTicks);
    }
    expect(after.crossWalletBalance).not.toBe(before.crossWalletBalance);
    for (const prices of [
      { ESZ6: '7000.25', NQZ6: '25500' },
      { ESZ6: '0', NQZ6: '99999.75' },
    ]) {
      expect(compareDecimals(equity(after, prices), equity(before, prices))).toBe(0);
    }

    // What was carried is closed: the wallet has everything, and there is nothing left to settle but today's result.
    market.submit({ kind: 'place', order: futureOrder({ ...take, side: 'sell', sizeLots: 6 }) });
    market.submit({ kind: 'place', order: futureOrder({ ...take, instrument: NQ, sizeLots: 2 }) });
    const closed = futuresAccount(market);
    expect(closed.positions).toEqual([]);
    const realised = (['cme-globex:ESZ6', NQ] as const).map((id) => market.venueView(id)?.realised ?? 0);
    expect(Number(closed.crossWalletBalance)).toBeCloseTo(100_000 + realised[0]! + realised[1]!, 6);
  });
});
