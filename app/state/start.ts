/** Starts everything behind the screens, in order: streams, portfolio, then the source that the address asks for. */
import { startMarketMemory } from '../charts/market-memory.ts';
import { readAddress, writeAddress } from './address.ts';
import { startAlerts } from './alert-store.ts';
import { startFrameRate } from './frame-rate.ts';
import { startGuardSettings } from './guard-settings.ts';
import { startGuardSlice } from './guard-slice.ts';
import { startMarginSlice, useMargin } from './margin-slice.ts';
import { markInForce } from './mark-in-force.ts';
import { startMarketSlice } from './market-slice.ts';
import { startPaperOrders } from './paper-orders.ts';
import { startPortfolio } from './portfolio-store.ts';
import { usePreferences } from './preferences.ts';
import { readScreen, startScreen, writeScreenAddress } from './screen.ts';
import { FIRST_SEED, openLive, openSimulated, sendView, useSource, viewInstrument } from './source-store.ts';
import { startVenueSlice } from './venue-slice.ts';
import { followMark, useWhatIf } from './what-if-store.ts';
import { startWorkerHealth } from './worker-health.ts';

/**
 * Follows an address that was typed, pasted or pressed while the page is open: the browser does not load the page
 * again for it. A link that names the screen alone leaves open what is open, and the address goes on naming it.
 */
function followAddress(): void {
  if (readScreen(location.hash).screen !== 'market') return;
  const { live, seed, instrument } = readAddress(location.hash);
  const now = useSource.getState();
  const another = live
    ? now.kind !== 'LIVE'
    : seed !== null && (now.kind !== 'SIMULATED' || now.seed !== seed);
  const listed = now.opened?.instruments.some(({ id }) => id === instrument) ?? false;
  if (another) {
    if (instrument !== null) useSource.setState({ instrument });
    void (live ? openLive() : openSimulated(seed ?? FIRST_SEED));
  } else if (instrument !== null && instrument !== now.instrument && listed) viewInstrument(instrument);
  else writeScreenAddress('market', writeAddress(now));
}

/** Call once, after the workers were started. */
export function startState(): void {
  startScreen();
  startWorkerHealth();
  startMarketMemory();
  startMarketSlice();
  startVenueSlice();
  startPaperOrders();
  startMarginSlice();
  startGuardSlice();
  void startGuardSettings();
  void startAlerts();
  startFrameRate();
  void startPortfolio();

  const address = readAddress(location.hash);
  if (address.instrument !== null) useSource.setState({ instrument: address.instrument });
  if (address.live) void openLive();
  else void openSimulated(address.seed ?? FIRST_SEED);

  useSource.subscribe((now, before) => {
    if (now.status !== 'open') return;
    if (now.opened !== before.opened || now.instrument !== before.instrument) {
      writeScreenAddress('market', writeAddress(now));
    }
  });
  window.addEventListener('hashchange', followAddress);
  usePreferences.subscribe((now, before) => {
    if (now.groupTicks !== before.groupTicks) sendView();
  });
  useMargin.subscribe(() => {
    const { instrument, pinnedPrice } = useWhatIf.getState();
    if (instrument === null || pinnedPrice === null) return;
    const mark = markInForce(instrument);
    if (mark !== null) followMark(mark);
  });
}
