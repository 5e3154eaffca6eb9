/** Tests of the guard's inputs: an account in hedge mode is judged leg by leg, from the board down. */
import { describe, expect, it } from 'vitest';
import type { Account, Position } from '../../engine/accounting/portfolio.ts';
import { lots, micros } from '../../engine/core/units.ts';
import { marginReport } from '../../engine/margin/portfolio-margin.ts';
import { publishedBrackets } from '../../engine/testkit/published-brackets.ts';
import type { MarketFacts } from '../contract/marks-frame.ts';
import { GuardDesk } from './guard-desk.ts';
import { guardWorld } from './guard-post.ts';

const TABLE = publishedBrackets('2026-05-01');
const BTC = 'binance-usdm:BTCUSDT';
const NOW = micros(1_777_903_200_000_000);
const NEWS = {
  nowMicros: NOW,
  marks: [
    {
      instrument: BTC,
      price: 60_000,
      origin: 'mark',
      trust: 'LIVE',
      atMicros: NOW,
      dailyVolatility: 0.02,
    } as const,
  ],
  markets: [
    {
      instrument: BTC,
      trust: 'LIVE',
      atMicros: NOW,
      state: 'open',
      stateReason: '',
      breaker: null,
      fundingRate: 0.0001,
      nextFundingMicros: null,
      fundingAtMicros: NOW,
      paper: null,
    } satisfies MarketFacts,
  ],
};

function leg(side: Position['side'], size: string): Position {
  return {
    id: side,
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    side,
    size,
    entryPrice: '60000',
    marginMode: 'cross',
    leverage: 10,
    isolatedWallet: null,
    givenMarkPrice: null,
  };
}

const HEDGED: Account = {
  id: 'hedged',
  name: 'Hedged',
  demo: false,
  currency: 'USDT',
  positionMode: 'hedge',
  crossWalletBalance: '200000',
  positions: [leg('long', '5'), leg('short', '2')],
};

describe('guard inputs in hedge mode', () => {
  it('both legs get a verdict on the board, with the ratio of the margin report', () => {
    const portfolio = { accounts: [HEDGED] };
    const report = marginReport(portfolio, NEWS.marks, TABLE, NOW);
    const desk = new GuardDesk();
    const world = guardWorld(NEWS, TABLE, null);
    const rows = desk.frame(portfolio, report, world).rows.filter(({ kind }) => kind === 'position');
    expect(rows.map(({ verdict }) => verdict)).toEqual(['ALLOW', 'ALLOW']);
    const order = { instrument: BTC, sizeLots: lots(1), priceTicks: null, leverage: null } as const;
    const answer = desk.judge(
      [HEDGED],
      'hedged',
      { ...order, leg: 'short', side: 'sell', reduceOnly: false },
      world,
    );
    if (!answer.ok) throw new Error(answer.failure.message);
    const ratio = report.accounts[0]?.marginRatio ?? Number.NaN;
    expect((answer.value.marginRatio.before ?? Number.NaN) / ratio).toBeCloseTo(1, 12);
    const without = desk.judge([HEDGED], 'hedged', { ...order, side: 'sell', reduceOnly: false }, world);
    expect(without).toMatchObject({
      value: { verdict: 'BLOCK', reasons: [{ event: 'order-malformed' }] },
    });
  });
});
