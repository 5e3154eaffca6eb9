/** The part of the address that is the Market screen's names the run: seed and instrument, so that a link shows the same market. */

import type { SourceKind } from '../../engine/market/trust.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';

export interface Address {
  /** Live is opened only when the address says so. */
  readonly live: boolean;
  /** Null: the first seed. */
  readonly seed: number | null;
  readonly instrument: InstrumentId | null;
}

/** Reads the part of the address after `#`; what makes no sense is left out. */
export function readAddress(hash: string): Address {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const seed = parameters.get('seed');
  const instrument = parameters.get('instrument');
  return {
    live: parameters.get('source') === 'live',
    seed: seed !== null && /^\d{1,9}$/.test(seed) ? Number(seed) : null,
    instrument:
      instrument !== null && /^(binance-usdm|cme-globex):[A-Z0-9_]{2,30}$/.test(instrument)
        ? (instrument as InstrumentId)
        : null,
  };
}

/** Writes the Market screen's part of the address. A recording is on the reader's own disk and has no address. */
export function writeAddress(open: {
  readonly kind: SourceKind;
  readonly seed: number;
  readonly instrument: InstrumentId;
}): string {
  const parameters = [`instrument=${open.instrument}`];
  if (open.kind === 'SIMULATED') parameters.unshift(`seed=${open.seed}`);
  if (open.kind === 'LIVE') parameters.unshift('source=live');
  return parameters.join('&');
}

/** Path of the feed on this page's own origin; a test holds it equal to the proxy's. */
const FEED_PATH = '/feed';

/** Address of the feed beside a page. */
export function feedUrl(page: Pick<Location, 'protocol' | 'host'>): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}${FEED_PATH}`;
}
