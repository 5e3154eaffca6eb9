/** Mark, index and funding of the instrument in view; what is not live loses its colour and shows its age. */
import { tickText } from '../charts/tick-text.ts';
import { ABSENT, formatNumber, formatSignedPercent } from '../format/number.ts';
import { formatAge, formatCountdown } from '../format/time.ts';
import { useMarket } from '../state/market-slice.ts';
import { specInView, useSource } from '../state/source-store.ts';
import { venueMicros } from './clock-words.ts';

/** Marks and indices are averages and have more decimals than a tick. */
const LEAST_MARK_DECIMALS = 2;

export function PriceLineup(): React.ReactElement {
  const market = useMarket();
  const spec = useSource(specInView);
  const decimals = Math.max(LEAST_MARK_DECIMALS, spec?.tickSize.scale ?? LEAST_MARK_DECIMALS);
  const price = (value: number | null): string => (value === null ? ABSENT : formatNumber(value, decimals));
  const stale = market.trust !== 'LIVE';
  const { fundingRate, nextFundingMicros, nowMicros, ageMs, markTrust, eventLagMs } = market;
  // Mark, index and funding come on a stream of their own, which may stop while the book goes on.
  const oldMark = markTrust !== null && markTrust !== 'LIVE' ? 'is-stale' : '';
  return (
    <dl className={`lineup ${stale ? 'is-stale' : ''}`}>
      <div className={`lineup-pair ${oldMark}`}>
        <dt>{oldMark === '' || stale || markTrust === null ? 'mark' : `mark, ${markTrust.toLowerCase()}`}</dt>
        <dd data-testid="mark-price">{price(market.markPrice)}</dd>
      </div>
      {market.markPrice === null && spec !== null && market.lastTradeTicks !== null ? (
        <div className="lineup-pair">
          <dt>last</dt>
          <dd>{tickText(market.lastTradeTicks, spec.tickSize)}</dd>
        </div>
      ) : null}
      {stale && ageMs !== null ? (
        <div className="lineup-pair lineup-age">
          <dt>{market.trust.toLowerCase()}</dt>
          <dd>{formatAge(ageMs)}</dd>
        </div>
      ) : null}
      <div className={`lineup-pair lineup-index ${oldMark}`}>
        <dt>index</dt>
        <dd>{price(market.indexPrice)}</dd>
      </div>
      <div className={`lineup-pair lineup-funding ${oldMark}`}>
        <dt>funding</dt>
        <dd>
          {fundingRate === null ? ABSENT : formatSignedPercent(fundingRate, 4)}
          {nextFundingMicros === null || nowMicros === null ? null : (
            <span className="lineup-countdown">
              in {formatCountdown((nextFundingMicros - venueMicros(nowMicros, eventLagMs)) / 1000)}
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}
