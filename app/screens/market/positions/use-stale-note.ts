/** Why the figures of a row cannot be believed now, in a word and an age; null while they can. */
import type { TrustState } from '../../../../engine/market/trust.ts';
import type { InstrumentId } from '../../../../engine/reference/instruments/contract-spec.ts';
import { formatAge } from '../../../format/time.ts';
import { useMarket } from '../../../state/market-slice.ts';
import { useWorkerHealth } from '../../../state/worker-health.ts';

export function useStaleNote(trust: TrustState | null, instrument: InstrumentId | null): string | null {
  const lost = useWorkerHealth(({ market, risk }) => market === 'lost' || risk === 'lost');
  const feed = useMarket((state) => state.trust);
  const ageText = useMarket(({ instrument: viewed, ageMs, trust: state }) =>
    viewed === instrument && state !== 'LIVE' && ageMs !== null ? ` ${formatAge(ageMs)}` : '',
  );
  const worst = lost || feed === 'OFFLINE' ? 'OFFLINE' : trust;
  return worst === null || worst === 'LIVE' ? null : `${worst}${ageText}`;
}
