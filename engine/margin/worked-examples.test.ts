// The worked numbers of docs/margin.md: computed here, and found on the page as computed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AT, markOf, portfolioOf, position } from '../testkit/build-portfolio.ts';
import { publishedBrackets } from '../testkit/published-brackets.ts';
import { bankruptcyPrice, breakEvenPrice } from './brackets/bankruptcy-price.ts';
import { initialMargin, oneWayInitialMargin, openLoss } from './brackets/initial-margin.ts';
import { maintenanceMargin } from './brackets/maintenance-margin.ts';
import { marginRatio, unrealisedPnl } from './brackets/margin-balance.ts';
import { bracketAt, maintenanceAmountAt } from './brackets/notional-bracket.ts';
import { marginStatus } from './margin-status.ts';
import { marginReport } from './portfolio-margin.ts';
import { coinMarginedLiquidationPrice } from './venues/binance-coinm.ts';
import { bybitLinearMargin } from './venues/bybit-linear.ts';
import { hyperliquidLiquidationPrice } from './venues/hyperliquid.ts';
import { isolatedCollateral } from './venues/venue-margin.ts';
import { whatIf } from './what-if.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/margin.md'), 'utf8');
const TABLE_2021 = publishedBrackets('2021-03-01');
const TABLE_2026 = publishedBrackets('2026-05-01');
const BTC_2021 = TABLE_2021.symbols.get('BTCUSDT') ?? [];
const BTC_2026 = TABLE_2026.symbols.get('BTCUSDT') ?? [];

/** The page shows the value in bold, with grouping commas, cut or rounded at `decimals`. */
function shows(value: number | null | undefined, decimals: number): void {
  const number = value ?? Number.NaN;
  const text = Math.abs(number).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  expect(page).toContain(`**${number < 0 ? '−' : ''}${text}**`);
}

describe('docs/margin.md', () => {
  it('one position', () => {
    shows(unrealisedPnl({ side: 'long', size: 109.488, entryPrice: 32481.98, markPrice: 31967.27 }), 3);
    shows(maintenanceMargin(300_000, bracketAt(BTC_2021, 300_000)), 0);
    shows(maintenanceAmountAt(250_000, { maintenanceMarginRate: 0.005, maintenanceAmount: 50 }, 0.01), 0);
    const initial = initialMargin(607.52416678, 80, BTC_2026);
    shows(initial.ok ? initial.value : null, 8);
    const exposure = { positionNotional: 385.53806434, bidNotional: 328.8, askNotional: 329.7, leverage: 20 };
    const orders = oneWayInitialMargin(exposure, BTC_2026);
    shows(orders.ok ? orders.value.total : null, 6);
    shows(openLoss({ side: 'short', size: 1, orderPrice: 9253.3, markPrice: 9259.84 }), 2);
    shows(bankruptcyPrice({ side: 'long', size: 14, entryPrice: 0.721575, isolatedWallet: 2.5255125 }), 8);
    shows(breakEvenPrice('long', 67445.9, 0.0005), 5);
  });

  it('margin ratio and status', () => {
    const ratio = marginRatio(3.16812045 - 1.166074, 1.327 * 187.17127 * 0.0065);
    shows(ratio, 5);
    expect(marginStatus(ratio)).toBe('WARNING');
  });

  it('liquidation price', () => {
    const btc = position({ size: '109.488', entryPrice: '32481.98' });
    const eth = position({ symbol: 'ETHUSDT', size: '3683.979', entryPrice: '1456.84' });
    const marks = [markOf('ETHUSDT', 1335.18), markOf('BTCUSDT', 31967.27)];
    const cross = marginReport(portfolioOf('1535443.01', [eth, btc]), marks, TABLE_2021, AT);
    for (const row of cross.positions) shows(row.figures?.liquidationPrice, 2);
    const alone = portfolioOf('0', [{ ...btc, marginMode: 'isolated', isolatedWallet: '1535443.01' }]);
    shows(marginReport(alone, marks, TABLE_2021, AT).positions[0]?.figures?.liquidationPrice, 2);
  });

  it('what if', () => {
    const held = portfolioOf('0', [position({ isolatedWallet: '6000' })]);
    const answer = whatIf({ shift: 0, instrument: null }, held, [markOf('BTCUSDT', 60_000)], TABLE_2026, AT);
    const change = answer.rows[0]?.changes.find((c) => c.status === 'LIQUIDATION');
    shows(change?.price, 2);
    expect(page).toContain(`**−${Math.abs((change?.shift ?? 0) * 100).toFixed(2)} %**`);
  });

  it('other venues', () => {
    const takerFeeRate = 0.00055;
    const bracket = { number: 1, floor: 0, cap: null, maintenanceMarginRate: 0.005, maxLeverage: null };
    const brackets = [{ ...bracket, maintenanceAmount: 0 }];
    const bybit = bybitLinearMargin({ brackets, takerFeeRate, tableSource: 'the example' });
    const feeToClose = 20_000 * (1 - 1 / 50) * takerFeeRate;
    shows(
      bybit.liquidationPrice({
        side: 'long',
        size: 1,
        entryPrice: 20_000,
        leverage: 50,
        collateral: isolatedCollateral(20_000 / 50 + feeToClose),
      }),
      0,
    );
    shows(hyperliquidLiquidationPrice({ signedSize: 0.0335, rawUsd: -95.059824, maxLeverage: 50 }), 3);
    const coin = coinMarginedLiquidationPrice({
      side: 'short',
      contracts: 3,
      contractSize: 100,
      entryPrice: 68911,
      maintenanceMarginRate: 0.004,
      walletBalance: 0.00023156,
    });
    shows(coin, 1);
  });
});
