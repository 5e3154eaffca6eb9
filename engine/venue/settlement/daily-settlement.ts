/** The settlement prices of a product's contracts for one day, from the trades and quotes of its windows. */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { Increment } from '../../core/units.ts';
import type { CivilDay } from '../../reference/calendar/civil-day.ts';
import type { CmeProduct } from '../../reference/instruments/cme-product.ts';
import {
  type FractionalPrice,
  roundToTick,
  type SettlementTrade,
  tradesWithin,
  vwap,
  wholePrice,
} from './average-price.ts';
import { type FoundPrice, keptWithin, type SpreadMarket, settleMonth } from './month-settlement.ts';
import { type LeadTier, type MonthTier, settlementRule, settlementWindow } from './settlement-rules.ts';

/** The market in one contract. */
export interface ContractMarket {
  readonly symbol: string;
  readonly year: number;
  readonly month: number;
  /** Trades of the day, oldest first. */
  readonly trades: readonly SettlementTrade[];
  /** Best quotes at the end of the window; null for none. */
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
  /** Lowest bid and highest ask of the window, where the product is settled within them; else null. */
  readonly lowBidTicks: number | null;
  readonly highAskTicks: number | null;
  /** Settlement of the day before; null for a new contract. */
  readonly priorTicks: number | null;
}

/** What carry needs: an index and the cost of holding it. */
export interface Carry {
  /** Level of the index, decimal text. */
  readonly index: string;
  /** Interest less dividends a year, a fraction as decimal text with at most 8 decimals. */
  readonly rate: string;
  readonly daysToExpiry: number;
}

/** The market of a product on one day. */
export interface SettlementMarket {
  readonly product: CmeProduct;
  readonly tradingDay: CivilDay;
  readonly tickSize: Increment;
  /** Contracts in the order of their months. */
  readonly contracts: readonly ContractMarket[];
  readonly lead: number;
  readonly spreads: readonly SpreadMarket[];
  /** Ticks of a calendar spread that make one tick of a contract, 5 in ES. */
  readonly spreadTicksPerTick: number;
  readonly carry: Carry | null;
}

/** The settlement of one contract and the tier that found it. */
export type SettledContract = { readonly symbol: string } & FoundPrice<LeadTier | MonthTier>;

/**
 * Settles the lead month by its tiers, then the other months outward from it, later ones first: each from the months that are
 * settled already.
 *
 * Source: CME settlement procedures by product, see `settlement-rules.ts`. Staff may settle otherwise where a result is not
 * representative; that judgement is not modelled.
 *
 * Fails: `settlement/price-missing` on days without settlement, and where no tier finds a price.
 */
export function settleDay(market: SettlementMarket): Result<readonly SettledContract[]> {
  const { product, tradingDay, contracts, lead } = market;
  const spreadWindow = settlementWindow(product, tradingDay, 'spreads');
  if (spreadWindow === null) return missing(`${product.code} does not settle on this day`);
  const rule = settlementRule(product, tradingDay).value;
  const found: (FoundPrice<LeadTier | MonthTier> | null)[] = contracts.map(() => null);
  found[lead] = settleLead(market);
  if (found[lead] === null) return missing(`no tier finds a price for ${contracts[lead]?.symbol}`);
  for (const month of outwardFrom(lead, contracts.length)) {
    const own = contracts[month];
    assert(own !== undefined, 'the month is listed');
    found[month] = settleMonth({
      rule,
      spreadWindow,
      month,
      priorTicks: own.priorTicks,
      spreads: market.spreads,
      spreadTicksPerTick: market.spreadTicksPerTick,
      contracts: contracts.map((one, i) => ({
        monthIndex: one.year * 12 + one.month,
        settledTicks: found[i]?.ticks ?? null,
        priorTicks: one.priorTicks,
      })),
      anchor: month > lead ? month - 1 : month + 1,
    });
    if (found[month] === null) return missing(`no tier finds a price for ${own.symbol}`);
  }
  return ok(
    found.map((price, i) => {
      const symbol = contracts[i]?.symbol;
      assert(price !== null && symbol !== undefined, 'every contract is settled');
      return { symbol, ...price };
    }),
  );
}

/**
 * The price of the lead month by the tiers of its product, or null. At 15:00 CT it is also the fixing of stock indices, from
 * which the limits of the next day are measured.
 */
export function settleLead(market: SettlementMarket): FoundPrice<LeadTier> | null {
  const { product, tradingDay, contracts, lead } = market;
  const window = settlementWindow(product, tradingDay);
  const own = contracts[lead];
  if (window === null || own === undefined) return null;
  const within = tradesWithin(own.trades, window);
  for (const tier of settlementRule(product, tradingDay).value.leadTiers) {
    const last = own.trades.filter((trade) => trade.atMicros < window.endMicros).at(-1) ?? null;
    const price = leadPrice(tier, market, own, within, last);
    if (price === null) continue;
    const lots = tier === 'vwap' ? within.reduce((sum, trade) => sum + trade.sizeLots, 0) : 0;
    return { ticks: roundToTick(price, own.priorTicks), tier, lots };
  }
  return null;
}

function leadPrice(
  tier: LeadTier,
  { carry, tickSize }: SettlementMarket,
  own: ContractMarket,
  within: readonly SettlementTrade[],
  last: SettlementTrade | null,
): FractionalPrice | null {
  const { bidTicks, askTicks, priorTicks } = own;
  const kept = (ticks: number): FractionalPrice =>
    wholePrice(keptWithin(ticks, own.lowBidTicks ?? bidTicks, own.highAskTicks ?? askTicks));
  switch (tier) {
    case 'vwap':
      return vwap(within);
    case 'middle':
      return bidTicks === null || askTicks === null
        ? null
        : { numerator: BigInt(bidTicks + askTicks), denominator: 2n };
    case 'last':
      return last === null ? null : kept(last.priceTicks);
    case 'prior':
      return priorTicks === null ? null : kept(priorTicks);
    case 'carry':
      return carry === null ? null : carryPrice(carry, tickSize);
  }
}

/** index × (1 + rate × days ÷ 365), exact, in ticks. Source: CME settlement procedure of stock indices, tier 3. */
function carryPrice({ index, rate, daysToExpiry }: Carry, tickSize: Increment): FractionalPrice {
  const level = fraction(index);
  const yearly = fraction(rate);
  const year = 365n * yearly.denominator;
  return {
    numerator:
      level.numerator * (year + yearly.numerator * BigInt(daysToExpiry)) * 10n ** BigInt(tickSize.scale),
    denominator: level.denominator * year * BigInt(tickSize.mantissa),
  };
}

/** Decimal text as a fraction. */
function fraction(text: string): FractionalPrice {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  assert(match !== null, `expected decimal text, found "${text}"`);
  const [, whole = '0', decimals = ''] = match;
  return { numerator: BigInt(`${whole}${decimals}`), denominator: 10n ** BigInt(decimals.length) };
}

/** The other contracts: later ones from the lead month on, then earlier ones back from it. */
function outwardFrom(lead: number, count: number): readonly number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  return [...all.slice(lead + 1), ...all.slice(0, lead).reverse()];
}

function missing(message: string): Result<never> {
  return fail('settlement/price-missing', message);
}
