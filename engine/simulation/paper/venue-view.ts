/** The venue of one contract as the reader sees it: state, auction, own orders with their place in the queue, position. */
import type { ListedMarket } from '../listed-market.ts';
import { auctionView } from './auction-view.ts';
import { paperClearing } from './paper-clearing.ts';
import type { PaperEntry } from './paper-entry.ts';
import type { EndedOrder, OwnFill, OwnOrder, VenueView } from './paper-orders.ts';
import type { PaperPosition } from './paper-position.ts';

/** What the account knows. */
interface AccountFacts {
  readonly account: number;
  readonly open: Iterable<PaperEntry>;
  readonly ended: readonly EndedOrder[];
  readonly fills: readonly OwnFill[];
  readonly position: PaperPosition;
}

/** Everything that is shown of the venue now. */
export function venueView(market: ListedMarket, facts: AccountFacts): VenueView {
  const { account, open, ended, fills, position } = facts;
  const { venue } = market;
  const span = venue.timeline[venue.timeline.length - 1];
  return {
    venue: venue.kind,
    state: venue.state,
    sinceMicros: span?.fromMicros ?? market.nowMicros,
    untilMicros: venue.untilMicros,
    reason: span?.reason ?? '',
    timeline: venue.timeline,
    auction: market.isMatching ? null : auctionView(venue),
    lowLimitTicks: venue.range?.lowTicks ?? null,
    highLimitTicks: venue.range?.highTicks ?? null,
    breakers: venue.breakers,
    orders: Array.from(open, (entry) => ownOrder(market, entry)),
    ended,
    fills,
    positionLots: position.lots,
    averagePrice: position.averagePrice,
    realised: position.realised,
    clearing: venue.settlement === null ? null : paperClearing(venue.settlement, account, position),
  };
}

function ownOrder(market: ListedMarket, entry: PaperEntry): OwnOrder {
  const { id, order, sizeLots, filledLots, priceTicks, queue } = entry;
  const { side, type, timeInForce, triggerTicks } = order;
  return {
    id,
    side,
    type,
    timeInForce,
    state: entry.state === 'waiting' ? 'waiting' : 'resting',
    priceTicks,
    triggerTicks,
    sizeLots,
    filledLots,
    aheadLots: queue?.lots ?? null,
    behindLots: queue === null || priceTicks === null ? null : behind(market, entry, priceTicks, queue.lots),
  };
}

/** All lots of others at the price, hidden ones included, less those before it. */
function behind(market: ListedMarket, entry: PaperEntry, priceTicks: number, aheadLots: number): number {
  const { book } = market;
  const { side } = entry.order;
  const all = book.sizeAt(side, priceTicks) + book.hiddenAt(side, priceTicks);
  const own = book.find(entry.handle);
  return all - (own === null ? 0 : own.remainingLots + own.hiddenLots) - aheadLots;
}
