/** The simulated venue of the instrument in view, read from the stream four times a second. */
import { create } from 'zustand';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { latestMarketFrame } from '../../workers/client/streams.ts';
import type { VenueView } from '../../workers/contract/paper.ts';
import { useMarket } from './market-slice.ts';

export interface VenueSlice {
  readonly instrument: InstrumentId | null;
  /** Null unless the market in view is simulated. */
  readonly venue: VenueView | null;
  /** The run's clock at this view. */
  readonly nowMicros: number;
}

export const useVenue = create<VenueSlice>(() => ({ instrument: null, venue: null, nowMicros: 0 }));

/** The venue of this instrument, and of no other that was in view before it. */
export function venueOf(instrument: InstrumentId) {
  return (slice: VenueSlice): VenueView | null => (slice.instrument === instrument ? slice.venue : null);
}

/** Follows the market slice: both change in one step, so that React renders once for them. Call once. */
export function startVenueSlice(): void {
  let publishedAtMs = -1;
  useMarket.subscribe(() => {
    const frame = latestMarketFrame();
    if (frame === null || frame.publishedAtMs === publishedAtMs) return;
    publishedAtMs = frame.publishedAtMs;
    const { instrument, venue, nowMicros } = frame;
    if (venue === null && useVenue.getState().venue === null) return;
    useVenue.setState({ instrument, venue, nowMicros }, true);
  });
}
