/** The made-up account of a first visit. It says DEMO wherever it is shown. */
import type { Portfolio } from '../../engine/accounting/portfolio.ts';

/** Positions near the prices at which the embedded market starts; cross and isolated, safe and less safe. */
export function demoPortfolio(): Portfolio {
  const common = { venue: 'binance-usdm', givenMarkPrice: null } as const;
  return {
    accounts: [
      {
        id: 'demo',
        name: 'Demo account',
        demo: true,
        currency: 'USDT',
        positionMode: 'one-way',
        crossWalletBalance: '5200',
        positions: [
          {
            ...common,
            id: 'demo-btc-cross',
            symbol: 'BTCUSDT',
            side: 'long',
            size: '0.842',
            entryPrice: '61284.5',
            marginMode: 'cross',
            leverage: 20,
            isolatedWallet: null,
          },
        ],
      },
    ],
  };
}
