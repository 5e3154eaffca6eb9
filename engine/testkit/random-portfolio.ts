// Random accounts over a bracket table with marks for every position, near enough to trouble to be worth asking about.
import type { Account, Portfolio, Position, PositionSide } from '../accounting/portfolio.ts';
import type { Rng } from '../core/rng.ts';
import { micros } from '../core/units.ts';
import type { BracketTable } from '../margin/brackets/bracket-table.ts';
import type { MarkInput } from '../margin/margin-report.ts';
import type { InstrumentId } from '../reference/instruments/contract-spec.ts';

/** A portfolio and the marks of all its instruments. */
export interface RandomPortfolio {
  readonly portfolio: Portfolio;
  readonly marks: readonly MarkInput[];
}

const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.fraction();
const logBetween = (rng: Rng, low: number, high: number): number =>
  Math.exp(between(rng, Math.log(low), Math.log(high)));
const oneIn = (rng: Rng, n: number): boolean => rng.below(n) === 0;

/** Decimal text with about eight significant digits. */
function decimal(value: number): string {
  const places = Math.min(20, Math.max(0, 7 - Math.floor(Math.log10(value))));
  return value.toFixed(places);
}

/** One account of up to six symbols in one-way or hedge mode, cross and isolated mixed. */
export function randomPortfolio(rng: Rng, table: BracketTable): RandomPortfolio {
  const symbols = [...table.symbols.keys()].filter((s) => s.replace(/_\d{6}$/, '').endsWith('USDT'));
  const hedge = oneIn(rng, 2);
  const chosen = new Set(
    Array.from({ length: 1 + rng.below(6) }, () => symbols[rng.below(symbols.length)] ?? ''),
  );
  const marks: MarkInput[] = [];
  const positions: Position[] = [];
  const gross = logBetween(rng, 100, 5e7);
  let needed = 0;
  for (const symbol of chosen) {
    const brackets = table.symbols.get(symbol) ?? [];
    const instrument: InstrumentId = `binance-usdm:${symbol}`;
    const price = Number(decimal(logBetween(rng, 1e-4, 1e5)));
    marks.push({
      instrument,
      price,
      origin: 'mark',
      trust: 'LIVE',
      atMicros: micros(1_700_000_000_000_000),
      dailyVolatility: between(rng, 0.01, 0.2),
    });
    const sides: readonly PositionSide[] =
      hedge && oneIn(rng, 2) ? ['long', 'short'] : [oneIn(rng, 2) ? 'long' : 'short'];
    const isolated = oneIn(rng, 3);
    for (const side of sides) {
      const notional = gross * between(rng, 0.05, 1);
      const size = decimal(notional / price);
      const entryPrice = decimal(price * between(rng, 0.7, 1.4));
      const pnl = (side === 'long' ? 1 : -1) * Number(size) * (price - Number(entryPrice));
      const bracket = brackets.findLast((b) => b.floor < notional);
      const maintenance =
        notional * (bracket?.maintenanceMarginRate ?? 0) - (bracket?.maintenanceAmount ?? 0);
      const wallet = Math.max(0, maintenance * logBetween(rng, 0.8, 30) - pnl);
      if (!isolated) needed += maintenance - pnl;
      positions.push({
        id: `${symbol}/${side}`,
        venue: 'binance-usdm',
        symbol,
        side,
        size,
        entryPrice,
        marginMode: isolated ? 'isolated' : 'cross',
        leverage: 1 + rng.below(125),
        isolatedWallet: isolated ? (wallet === 0 ? '0' : decimal(wallet)) : null,
        givenMarkPrice: null,
      });
    }
  }
  const balance = needed + Math.abs(needed) * logBetween(rng, 0.01, 20) * (oneIn(rng, 10) ? -0.2 : 1);
  const account: Account = {
    id: 'random',
    name: 'Random',
    demo: false,
    currency: 'USDT',
    positionMode: hedge ? 'hedge' : 'one-way',
    crossWalletBalance: balance === 0 ? '0' : `${balance < 0 ? '-' : ''}${decimal(Math.abs(balance))}`,
    positions,
  };
  return { portfolio: { accounts: [account] }, marks };
}
