/** What a guard asks of a market beside its mark: state, funding, and what the reader's paper account holds there. */
import { multiplyDecimals, sumDecimals } from '../../engine/core/money.ts';
import type { BreakerFacts, ClearedHolding, MarketFacts, PaperHolding } from '../contract/marks-frame.ts';
import type { PaperClearing, VenueView } from '../contract/paper.ts';
import type { InstrumentRun } from './instrument-run.ts';

/** The facts of one instrument; `venue` is null unless the market is simulated. */
export function marketFacts(run: InstrumentRun, venue: VenueView | null): MarketFacts {
  const { feed, spec } = run;
  return {
    instrument: spec.id,
    trust: feed.trust,
    atMicros: feed.bookReceivedMicros,
    state: venue?.state ?? null,
    stateReason: venue?.reason ?? '',
    breaker: venue === null ? null : breakerFacts(venue, spec.symbol),
    fundingRate: feed.fundingRate,
    nextFundingMicros: feed.nextFundingMicros,
    fundingAtMicros: feed.markReceivedMicros,
    paper: venue === null ? null : paperHolding(venue),
  };
}

function breakerFacts({ breakers }: VenueView, symbol: string): BreakerFacts | null {
  const contract = breakers?.contracts.find((one) => one.symbol === symbol);
  if (contract === undefined) return null;
  const { state, referenceTicks, lastTicks, limits } = contract;
  const { lowTicks, highTicks } = limits;
  const left = [
    ...(lastTicks === null || lowTicks === null ? [] : [lastTicks - lowTicks]),
    ...(lastTicks === null || highTicks === null ? [] : [highTicks - lastTicks]),
  ];
  return {
    cause: state.kind === 'stopped' ? state.cause : null,
    isMonitoring: state.kind === 'monitoring',
    fallRate:
      referenceTicks === null || lastTicks === null ? null : (referenceTicks - lastTicks) / referenceTicks,
    limitDistance: lastTicks === null || left.length === 0 ? null : Math.min(...left) / lastTicks,
  };
}

function paperHolding({ orders, positionLots, averagePrice, realised, clearing }: VenueView): PaperHolding {
  const open = (side: 'buy' | 'sell'): number =>
    orders
      .filter((order) => order.side === side && order.state === 'resting')
      .reduce((sum, { sizeLots, filledLots }) => sum + sizeLots - filledLots, 0);
  const held = { positionLots, averagePrice, realised, bidLots: open('buy'), askLots: open('sell') };
  return clearing === null ? held : { ...held, cleared: clearedHolding(clearing) };
}

function clearedHolding({ variationMargin, closedResult, fees, entryPrice }: PaperClearing): ClearedHolding {
  const paid = multiplyDecimals(fees, '-1');
  return { walletChange: sumDecimals([variationMargin, closedResult, paid]), entryPrice };
}
