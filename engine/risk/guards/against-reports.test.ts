// The guard's ratios against the rooms that report margin: the same account with the order applied, margined from nothing.
import { describe, expect, it } from 'vitest';
import type { Position } from '../../accounting/portfolio.ts';
import { Rng } from '../../core/rng.ts';
import type { MarkInput } from '../../margin/margin-report.ts';
import { marginReport } from '../../margin/portfolio-margin.ts';
import { spanMargin } from '../../margin/span/span-margin.ts';
import {
  BTC,
  cryptoInstrument,
  ES,
  ETH,
  fresh,
  GUARD_NOW,
  guardInput,
  guardSpan,
  NQ,
  guardOrder as order,
  position,
} from '../../testkit/guard-cases.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { guardProfile } from './guard-configuration.ts';
import { guardOrder } from './guard-order.ts';

const CONFIGURATION = { ...guardProfile('default'), overrides: {} };
const TABLE = publishedBrackets('2022-02-12');

describe('ratios of the guard', () => {
  it('before and after an order are those of the margin report, over random cross accounts', () => {
    const rng = new Rng(21);
    for (let run = 0; run < 150; run++) {
      const marks = { BTCUSDT: 20_000 + rng.below(40_000), ETHUSDT: 1_000 + rng.below(3_000) } as const;
      const balance = 20_000 + rng.below(500_000);
      const held = { BTCUSDT: 1 + rng.below(5_000), ETHUSDT: 1 + rng.below(50_000) };
      const sides = { BTCUSDT: rng.below(2) === 0 ? 1 : -1, ETHUSDT: rng.below(2) === 0 ? 1 : -1 };
      const entry = (symbol: 'BTCUSDT' | 'ETHUSDT'): number => marks[symbol] + rng.below(501) - 250;
      const entries = { BTCUSDT: entry('BTCUSDT'), ETHUSDT: entry('ETHUSDT') };
      const more = 1 + rng.below(3_000);
      const report = (added: number) => {
        const positions = (['BTCUSDT', 'ETHUSDT'] as const).map(
          (symbol): Position => ({
            id: symbol,
            venue: 'binance-usdm',
            symbol,
            side: sides[symbol] === 1 ? 'long' : 'short',
            size: ((held[symbol] + (symbol === 'BTCUSDT' ? added : 0)) / 1000).toFixed(3),
            entryPrice: String(entries[symbol]),
            marginMode: 'cross',
            leverage: 10,
            isolatedWallet: null,
            givenMarkPrice: null,
          }),
        );
        const inputs = (['BTCUSDT', 'ETHUSDT'] as const).map(
          (symbol): MarkInput => ({
            instrument: `binance-usdm:${symbol}`,
            price: marks[symbol],
            origin: 'mark',
            trust: 'LIVE',
            atMicros: GUARD_NOW,
            dailyVolatility: null,
          }),
        );
        const account = {
          id: 'a',
          name: 'a',
          demo: false,
          currency: 'USDT',
          positionMode: 'one-way',
          crossWalletBalance: String(balance),
          positions,
        } as const;
        return marginReport({ accounts: [account] }, inputs, TABLE, GUARD_NOW).accounts[0];
      };
      const { marginRatio } = guardOrder(
        CONFIGURATION,
        guardInput({
          wallets: [{ venue: 'binance-usdm', currency: 'USDT', balance: fresh(balance) }],
          instruments: [
            cryptoInstrument('BTCUSDT', marks.BTCUSDT, { takerFeeRate: 0 }),
            cryptoInstrument('ETHUSDT', marks.ETHUSDT, { takerFeeRate: 0 }),
          ],
          positions: [
            position(BTC, sides.BTCUSDT * held.BTCUSDT, entries.BTCUSDT),
            position(ETH, sides.ETHUSDT * held.ETHUSDT, entries.ETHUSDT),
          ],
        }),
        order(BTC, sides.BTCUSDT * more),
      );
      const [before, after] = [report(0), report(more)];
      // Bought at the mark, the order changes the requirement and leaves the balance as it was.
      const expected = (before?.marginBalance ?? Number.NaN) / (after?.maintenanceMargin ?? Number.NaN);
      expect(marginRatio.before).toBeCloseTo(before?.marginRatio ?? Number.NaN, 9);
      expect((marginRatio.after ?? Number.NaN) / expected).toBeCloseTo(1, 12);
    }
  });

  it('under SPAN are equity over the requirement of the portfolio with the order in it', () => {
    const { maintenance } = guardSpan();
    const rng = new Rng(22);
    for (let run = 0; run < 120; run++) {
      const [es, nq] = [rng.below(21) - 10, rng.below(21) - 10];
      const more = rng.below(2) === 0 ? 1 + rng.below(10) : -1 - rng.below(10);
      const positions = [
        ...(es === 0 ? [] : [position(ES, es, 4_390)]),
        ...(nq === 0 ? [] : [position(NQ, nq, 14_480)]),
      ];
      const requirement = (added: number): number => {
        const margin = spanMargin(maintenance, [
          { contract: 'CME:ES:FUT:202203', lots: es + added },
          { contract: 'CME:NQ:FUT:202203', lots: nq },
        ]);
        return margin.ok ? margin.value.requirement : Number.NaN;
      };
      const equity = 100_000 + es * 50 * (4_400 - 4_390) + nq * 20 * (14_500 - 14_480);
      const { marginRatio } = guardOrder(CONFIGURATION, guardInput({ positions }), order(ES, more));
      const expected = equity / requirement(more);
      if (Number.isFinite(expected)) expect(marginRatio.after).toBeCloseTo(expected, 9);
      else expect(marginRatio.after).toBeNull();
    }
  });
});
