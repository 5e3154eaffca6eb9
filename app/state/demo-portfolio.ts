/** The made-up accounts of a first visit. They say DEMO wherever they are shown. */
import type { Portfolio } from '../../engine/accounting/portfolio.ts';

const COMMON = { venue: 'binance-usdm', givenMarkPrice: null } as const;

/**
 * A small account with cross margin that stands well, and a fund with isolated margin that does not: its long stands near
 * WARNING at the prices the embedded market starts from (62,000 and 2,650). Each isolated wallet is the initial margin
 * at the leverage chosen, and the rest is loss, as it would have come about.
 */
export function demoPortfolio(): Portfolio {
  return {
    accounts: [
      {
        id: 'demo-account',
        name: 'Demo account',
        demo: true,
        currency: 'USDT',
        positionMode: 'one-way',
        crossWalletBalance: '1650',
        positions: [
          {
            ...COMMON,
            id: 'demo-btc-cross',
            symbol: 'BTCUSDT',
            side: 'long',
            size: '0.842',
            entryPrice: '61284.5',
            marginMode: 'cross',
            leverage: 50,
            isolatedWallet: null,
          },
          {
            ...COMMON,
            id: 'demo-eth-cross',
            symbol: 'ETHUSDT',
            side: 'short',
            size: '11.3',
            entryPrice: '2664.12',
            marginMode: 'cross',
            leverage: 50,
            isolatedWallet: null,
          },
        ],
      },
      {
        id: 'demo-fund',
        name: 'Demo fund',
        demo: true,
        currency: 'USDT',
        positionMode: 'one-way',
        crossWalletBalance: '0',
        positions: [
          {
            ...COMMON,
            id: 'demo-btc-isolated',
            symbol: 'BTCUSDT',
            side: 'short',
            size: '410',
            entryPrice: '61450.0',
            marginMode: 'isolated',
            leverage: 25,
            isolatedWallet: '1007780',
          },
          {
            ...COMMON,
            id: 'demo-eth-isolated',
            symbol: 'ETHUSDT',
            side: 'long',
            size: '5200',
            entryPrice: '2713.40',
            marginMode: 'isolated',
            leverage: 25,
            isolatedWallet: '564387.20',
          },
        ],
      },
    ],
  };
}
