/** The line across the page when a worker is lost or the portfolio is not in force: said once, with the next step. */
import { usePortfolio } from '../state/portfolio-store.ts';
import { useWorkerHealth } from '../state/worker-health.ts';

export function Banner(): React.ReactElement | null {
  const { market, risk, span } = useWorkerHealth();
  const refusal = usePortfolio((state) => state.refusal);
  const lost = [
    market === 'lost' ? 'market' : null,
    risk === 'lost' ? 'risk' : null,
    span === 'lost' ? 'SPAN' : null,
  ].filter((name) => name !== null);
  if (lost.length > 0) {
    return (
      <div className="banner" role="alert">
        The {lost.join(' and the ')} worker stopped and is being started again. Figures keep their last
        values, without colour, until it answers.
      </div>
    );
  }
  if (refusal !== null && refusal.kind !== 'unavailable') {
    return (
      <div className="banner" role="alert">
        The positions are not in force: {refusal.message}
      </div>
    );
  }
  return null;
}
