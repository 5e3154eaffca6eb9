/** Speaks of paper trading and market states to those who do not see them: fills as they come, every change of state. */
import { useEffect, useState } from 'react';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import type { OwnFill } from '../../workers/contract/paper.ts';
import { tickText } from '../charts/tick-text.ts';
import { STATE_LOOKS } from '../screens/market/paper/StateMark.tsx';
import { showMarketState, useDock } from '../state/dock.ts';
import { tell } from '../state/notices.ts';
import { specInView, useSource } from '../state/source-store.ts';
import { useVenue, type VenueSlice } from '../state/venue-slice.ts';

function fillWords({ id, side, sizeLots, priceTicks }: OwnFill, spec: ContractSpec): string {
  const verb = side === 'buy' ? 'bought' : 'sold';
  return `Order ${id} ${verb} ${tickText(sizeLots, spec.lotSize)} at ${tickText(priceTicks, spec.tickSize)}.`;
}

/** Whether the newest fill of `now` came after that of `before`. */
function hasNewFill(now: VenueSlice, before: VenueSlice): boolean {
  const last = now.venue?.fills.at(-1);
  const known = before.venue?.fills.at(-1);
  if (last === undefined) return false;
  return now.venue?.fills.length !== before.venue?.fills.length || last.atMicros !== known?.atMicros;
}

function tellState({ venue }: VenueSlice, spec: ContractSpec): void {
  if (venue === null) return;
  const { word } = STATE_LOOKS[venue.state];
  const watched = useDock.getState().desk === 'state';
  const action =
    venue.auction === null || watched ? null : { label: 'Watch the auction', run: showMarketState };
  tell('news', `${spec.symbol} is ${word}: ${venue.reason}`, action);
}

export function PaperVoice(): React.ReactElement {
  const [text, setText] = useState('');
  useEffect(
    () =>
      useVenue.subscribe((now, before) => {
        const spec = specInView(useSource.getState());
        if (spec === null || now.instrument !== before.instrument || now.instrument !== spec.id) return;
        if (now.venue === null || before.venue === null) return;
        if (now.venue.state !== before.venue.state) tellState(now, spec);
        const fill = now.venue.fills.at(-1);
        if (fill !== undefined && hasNewFill(now, before)) setText(fillWords(fill, spec));
      }),
    [],
  );
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  );
}
