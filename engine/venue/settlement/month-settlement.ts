/** The settlement of a month other than the lead month, from calendar spreads with months that are settled. */
import {
  add,
  type FractionalPrice,
  roundToTick,
  type SettlementTrade,
  tradesWithin,
  vwap,
  weightedAverage,
  wholePrice,
} from './average-price.ts';
import type { MonthTier, SettlementRule, SettlementWindow } from './settlement-rules.ts';

/** The market in a calendar spread. Its price is the near month less the far one, in ticks of the spread. */
export interface SpreadMarket {
  /** Indexes of its legs in the list of contracts. */
  readonly near: number;
  readonly far: number;
  readonly trades: readonly SettlementTrade[];
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
}

/** A settled price and how it was found. */
export interface FoundPrice<Tier extends string> {
  readonly ticks: number;
  readonly tier: Tier;
  /** Lots of the trades that made it; 0 where none did. */
  readonly lots: number;
}

/** What is known when a month is settled. */
export interface MonthContext {
  readonly rule: SettlementRule;
  readonly spreadWindow: SettlementWindow;
  readonly month: number;
  readonly priorTicks: number | null;
  readonly spreads: readonly SpreadMarket[];
  /** Ticks of a spread that make one of an outright contract, 5 in ES. */
  readonly spreadTicksPerTick: number;
  /** Months since year 0 of every contract, its settlement where it has one, and the settlement before. */
  readonly contracts: readonly {
    readonly monthIndex: number;
    readonly settledTicks: number | null;
    readonly priorTicks: number | null;
  }[];
  /** The settled contract whose net change is taken over where no spread says anything. */
  readonly anchor: number;
}

interface Link {
  readonly spread: SpreadMarket;
  readonly otherTicks: number;
  /** +1 where the month is the near leg, so that its price is the other plus the spread. */
  readonly sign: 1 | -1;
  readonly monthsApart: number;
  readonly spreadTicksPerTick: number;
}

/**
 * Settles one month by the first tier that has a price, or null.
 *
 * - `spread-vwap`: average of the prices that traded spreads imply, by their volume; in energy the volume counts less the
 *   farther the legs are apart.
 * - `spread-last`: what the last trade of the nearest spread implies, moved within its bid and ask.
 * - `implied-middle`: middle of the best bid and the best ask that spreads imply.
 * - `net-change`: the settlement before, changed as much as the nearest settled month.
 *
 * Source: CME settlement procedures of stock indices, metals and energy, see `settlement-rules.ts`.
 */
export function settleMonth(context: MonthContext): FoundPrice<MonthTier> | null {
  const links = linksOf(context);
  for (const tier of context.rule.monthTiers) {
    const found = FINDERS[tier](context, links);
    if (found !== null) {
      return { ticks: roundToTick(found.price, context.priorTicks), tier, lots: found.lots };
    }
  }
  return null;
}

interface Finding {
  readonly price: FractionalPrice;
  readonly lots: number;
}

const FINDERS: Readonly<
  Record<MonthTier, (context: MonthContext, links: readonly Link[]) => Finding | null>
> = {
  'spread-vwap': ({ rule, spreadWindow }, links) => {
    const terms = links.flatMap((link) => {
      const trades = tradesWithin(link.spread.trades, spreadWindow);
      const average = vwap(trades);
      const lots = trades.reduce((sum, trade) => sum + trade.sizeLots, 0);
      if (average === null) return [];
      const weight = {
        numerator: BigInt(lots),
        denominator: BigInt(rule.weighsByDistance ? link.monthsApart : 1),
      };
      const price = rule.roundsSpreads ? wholePrice(roundToTick(average, null)) : average;
      return [{ price: implied(link, price), weight, lots }];
    });
    const lots = terms.reduce((sum, term) => sum + term.lots, 0);
    const price = weightedAverage(terms);
    return price === null || lots < rule.leastSpreadLots ? null : { price, lots };
  },
  'spread-last': ({ spreadWindow }, links) => {
    for (const link of links) {
      const { trades, bidTicks, askTicks } = link.spread;
      const last = trades.filter((trade) => trade.atMicros < spreadWindow.endMicros).at(-1);
      if (last === undefined) continue;
      const kept = keptWithin(last.priceTicks, bidTicks, askTicks);
      return { price: implied(link, wholePrice(kept)), lots: 0 };
    }
    return null;
  },
  'implied-middle': ({ spreadTicksPerTick }, links) => {
    const bids = links.flatMap((link) => impliedSide(link, 'bid'));
    const asks = links.flatMap((link) => impliedSide(link, 'ask'));
    if (bids.length === 0 || asks.length === 0) return null;
    return {
      price: {
        numerator: BigInt(Math.max(...bids) + Math.min(...asks)),
        denominator: BigInt(2 * spreadTicksPerTick),
      },
      lots: 0,
    };
  },
  'net-change': ({ contracts, anchor, priorTicks }) => {
    const { settledTicks = null, priorTicks: before = null } = contracts[anchor] ?? {};
    if (settledTicks === null || before === null || priorTicks === null) return null;
    return { price: wholePrice(priorTicks + settledTicks - before), lots: 0 };
  },
};

/** A price moved to the bid where it lies below, and to the ask where it lies above. */
export function keptWithin(priceTicks: number, bidTicks: number | null, askTicks: number | null): number {
  if (bidTicks !== null && priceTicks < bidTicks) return bidTicks;
  return askTicks !== null && priceTicks > askTicks ? askTicks : priceTicks;
}

/** Spreads between the month and settled months, the closest legs first. */
function linksOf({ month, spreads, contracts, spreadTicksPerTick }: MonthContext): readonly Link[] {
  const links = spreads.flatMap((spread): Link[] => {
    if (spread.near !== month && spread.far !== month) return [];
    const other = contracts[spread.near === month ? spread.far : spread.near];
    const own = contracts[month];
    if (other === undefined || own === undefined || other.settledTicks === null) return [];
    const monthsApart = Math.abs(own.monthIndex - other.monthIndex);
    return [
      {
        spread,
        otherTicks: other.settledTicks,
        sign: spread.near === month ? 1 : -1,
        monthsApart,
        spreadTicksPerTick,
      },
    ];
  });
  return links.sort(
    (a, b) => a.monthsApart - b.monthsApart || a.spread.near - b.spread.near || a.spread.far - b.spread.far,
  );
}

function implied({ otherTicks, sign, spreadTicksPerTick }: Link, spread: FractionalPrice): FractionalPrice {
  return add(wholePrice(otherTicks), {
    numerator: spread.numerator * BigInt(sign),
    denominator: spread.denominator * BigInt(spreadTicksPerTick),
  });
}

/** The bid or ask in the month that a spread and the settled other month imply, in ticks of the spread. */
function impliedSide({ spread, otherTicks, sign, spreadTicksPerTick }: Link, side: 'bid' | 'ask'): number[] {
  const isBid = (side === 'bid') === (sign === 1);
  const quote = isBid ? spread.bidTicks : spread.askTicks;
  return quote === null ? [] : [otherTicks * spreadTicksPerTick + sign * quote];
}
