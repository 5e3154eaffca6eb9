/** The mark of an instrument as the risk engine uses it: the venue's, or what stands in for it. */
import type { MarginReport } from '../../engine/margin/margin-report.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { useMargin } from './margin-slice.ts';
import { type MarketSlice, useMarket } from './market-slice.ts';

function markIn(
  market: Pick<MarketSlice, 'instrument' | 'markPrice'>,
  report: MarginReport | null,
  instrument: InstrumentId,
): number | null {
  if (market.instrument === instrument && market.markPrice !== null) return market.markPrice;
  for (const position of report?.positions ?? []) {
    if (position.instrument === instrument && position.figures !== null) return position.figures.markPrice;
  }
  return null;
}

/** The mark now, for a command. */
export function markInForce(instrument: InstrumentId): number | null {
  return markIn(useMarket.getState(), useMargin.getState().report, instrument);
}

/** The mark for a component; null where neither the venue nor a position has one. */
export function useMarkInForce(instrument: InstrumentId): number | null {
  const report = useMargin((state) => state.report);
  return useMarket((market) => markIn(market, report, instrument));
}
