/** The paper accounts: wallets of play money and what the reader's paper orders brought in the simulated market. */
import type { Account, Position } from '../../engine/accounting/portfolio.ts';
import { formatDecimal, sumDecimals } from '../../engine/core/money.ts';
import { formatMultiple } from '../../engine/core/units.ts';
import type { Venue } from '../../engine/reference/instruments/contract-spec.ts';
import { findListing } from '../../engine/reference/instruments/listings.ts';
import { PAPER_ACCOUNT, PAPER_FUTURES_ACCOUNT } from '../contract/guard-board.ts';
import type { MarketFacts, PaperHolding } from '../contract/marks-frame.ts';

/** Play money at the beginning of every simulated run. */
const PAPER_WALLET = '100000';
/** Leverage in force until a reader chooses another; the ticket has no choice of it. */
const PAPER_LEVERAGE = 20;

/**
 * The accounts as they stand; empty unless the market is simulated.
 *
 * Perpetuals and futures lie with different venues in different currencies: nothing nets between the two accounts. A future
 * counts from its last settlement price, for the money up to there is in the wallet already.
 */
export function paperAccounts(markets: readonly MarketFacts[]): readonly Account[] {
  return [
    ...paperAccount(markets, 'binance-usdm', PAPER_ACCOUNT, 'Paper account'),
    ...paperAccount(markets, 'cme-globex', PAPER_FUTURES_ACCOUNT, 'Paper futures account'),
  ];
}

function paperAccount(
  markets: readonly MarketFacts[],
  venue: Venue,
  id: string,
  name: string,
): readonly Account[] {
  const held = markets.filter(
    ({ instrument, paper }) => paper !== null && instrument.startsWith(`${venue}:`),
  );
  if (held.length === 0) return [];
  const changes = held.map(({ paper }) => (paper === null ? '0' : walletChange(paper)));
  return [
    {
      id,
      name,
      demo: true,
      currency: venue === 'cme-globex' ? 'USD' : 'USDT',
      positionMode: 'one-way',
      crossWalletBalance: formatDecimal(sumDecimals([PAPER_WALLET, ...changes]), 8),
      positions: held.flatMap((market) => paperPosition(id, market)),
    },
  ];
}

/** What trading did to the wallet: of futures what the clearing house booked, of perpetuals the realised result. */
function walletChange({ cleared, realised }: PaperHolding): string {
  return cleared?.walletChange ?? realised.toFixed(8);
}

function paperPosition(account: string, { instrument, paper }: MarketFacts): readonly Position[] {
  const spec = findListing(instrument);
  if (spec === null || paper === null || paper.positionLots === 0 || paper.averagePrice === null) return [];
  return [
    {
      id: `${account}/${spec.symbol}`,
      venue: spec.venue,
      symbol: spec.symbol,
      side: paper.positionLots > 0 ? 'long' : 'short',
      size: formatMultiple(Math.abs(paper.positionLots), spec.lotSize),
      entryPrice: paper.cleared?.entryPrice ?? paper.averagePrice.toFixed(8),
      marginMode: 'cross',
      leverage: spec.venue === 'cme-globex' ? 1 : PAPER_LEVERAGE,
      isolatedWallet: null,
      givenMarkPrice: null,
    },
  ];
}
