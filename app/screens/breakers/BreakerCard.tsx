/** One product group: state, thermometer of limits around the price, time in state, what comes next, history. */
import type { BreakerRow } from '../../../workers/contract/breaker-board.ts';
import { formatNumber, formatSignedPercent } from '../../format/number.ts';
import { nextWords, phaseWords, regimeWords, spanWords, stateLook } from './breaker-words.ts';
import { Thermometer } from './Thermometer.tsx';

interface BreakerCardProps {
  readonly row: BreakerRow;
  /** Field for the reference; null where it is given. */
  readonly reference: React.ReactNode;
}

export function BreakerCard({ row, reference }: BreakerCardProps): React.ReactElement | null {
  const { view, product, name, nextClock, nowClock } = row;
  const [contract] = view.contracts;
  if (contract === undefined) return null;
  const look = stateLook(view.state, contract.at);
  const price = (ticks: number | null): string =>
    ticks === null ? '–' : formatNumber(ticks * row.tickSize, row.decimals);
  const move =
    contract.lastTicks === null || contract.referenceTicks === null
      ? null
      : contract.lastTicks / contract.referenceTicks - 1;
  return (
    <article className="breaker-card" data-product={product} aria-label={`${product} ${name}`}>
      <header className="breaker-head">
        <strong title={name}>{contract.symbol}</strong>
        <span className={`breaker-chip tone-${look.tone}`} data-testid={`breaker-state-${product}`}>
          <span aria-hidden="true">{look.shape}</span> {look.word}
        </span>
      </header>
      <p className="breaker-price">
        {price(contract.lastTicks)}{' '}
        <span className={move !== null && move < 0 ? 'loss' : 'gain'}>
          {move === null ? '' : formatSignedPercent(move, 2)}
        </span>
      </p>
      {reference}
      <Thermometer row={row} contract={contract} />
      <dl className="breaker-facts">
        {look.cause === '' ? null : (
          <>
            <dt>Why</dt>
            <dd>{look.cause}</dd>
          </>
        )}
        <dt>For</dt>
        <dd>{spanWords(view.timeInStateMicros)}</dd>
        <dt>Next</dt>
        <dd>
          {view.next === null ? 'nothing is due' : nextWords(view.next)}
          {nextClock === null ? '' : `, ${nextClock}`}
        </dd>
        <dt>Rules</dt>
        <dd title={view.regimeSource ?? undefined}>
          {regimeWords(view.regime)}
          {view.phase === null ? '' : `, ${phaseWords(view.phase)}`}
          {view.regimeSource?.includes('nconfirmed') === true ? ' (unconfirmed)' : ''}
        </dd>
      </dl>
      <History row={row} />
      <p className="visually-hidden">At {nowClock} Chicago.</p>
    </article>
  );
}

/** The states since the board began, to scale. */
function History({ row }: { readonly row: BreakerRow }): React.ReactElement {
  const { history, startMicros, nowMicros } = row;
  const whole = Math.max(1, nowMicros - startMicros);
  const words = history.map(({ state }) => stateLook(state, null).word.toLowerCase()).join(', then ');
  return (
    <div className="breaker-history" role="img" aria-label={`States so far: ${words}`}>
      {history.map(({ state, fromMicros }, i) => {
        const until = history[i + 1]?.fromMicros ?? nowMicros;
        return (
          <span
            key={fromMicros}
            className={`tone-${stateLook(state, null).tone}`}
            style={{ flexGrow: Math.max(0.004, (until - fromMicros) / whole) }}
            title={`${stateLook(state, null).word} for ${spanWords(until - fromMicros)}`}
          />
        );
      })}
    </div>
  );
}
