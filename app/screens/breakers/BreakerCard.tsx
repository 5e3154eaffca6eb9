/** One product group: state, thermometer of limits around the price, time in state, what comes next, history. */
import type { BreakerView } from '../../../engine/venue/circuit-breakers/breaker-view.ts';
import { formatNumber, formatSignedPercent } from '../../format/number.ts';
import { nextWords, phaseWords, regimeWords, type StateLook, spanWords, stateLook } from './breaker-words.ts';
import { Thermometer } from './Thermometer.tsx';

/** A stretch in one state, in words and colour. */
export interface CardHistory {
  readonly tone: StateLook['tone'];
  readonly words: string;
  readonly fromMicros: number;
  readonly untilMicros: number;
}

interface BreakerCardProps {
  readonly view: BreakerView;
  readonly product: string;
  readonly name: string;
  readonly tickSize: number;
  readonly decimals: number;
  /** Oldest first. */
  readonly history: readonly CardHistory[];
  readonly nowMicros: number;
  /** Chicago clock of the next change; null where it is not at hand. */
  readonly nextClock: string | null;
  /** Field for the reference; null where it is given. */
  readonly reference: React.ReactNode;
}

export function BreakerCard(props: BreakerCardProps): React.ReactElement | null {
  const { view, product, name, nextClock, tickSize, decimals, history, reference } = props;
  const [contract] = view.contracts;
  if (contract === undefined) return null;
  const look = stateLook(view.state, contract.at);
  const { lastTicks, referenceTicks } = contract;
  const move = lastTicks === null || referenceTicks === null ? null : lastTicks / referenceTicks - 1;
  return (
    <article className="breaker-card" data-product={product} aria-label={`${product} ${name}`}>
      <header className="breaker-head">
        <strong title={name}>{contract.symbol}</strong>
        <span className={`breaker-chip tone-${look.tone}`} data-testid={`breaker-state-${product}`}>
          <span aria-hidden="true">{look.shape}</span> {look.word}
        </span>
      </header>
      <p className="breaker-price">
        {lastTicks === null ? '–' : formatNumber(lastTicks * tickSize, decimals)}{' '}
        <span className={move !== null && move < 0 ? 'loss' : 'gain'}>
          {move === null ? '' : formatSignedPercent(move, 2)}
        </span>
      </p>
      {reference}
      <Thermometer
        contract={contract}
        tickSize={tickSize}
        decimals={decimals}
        none={view.state.kind === 'closed' ? 'closed' : 'no limits known'}
      />
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
      <History history={history} />
    </article>
  );
}

/** The states so far, to scale. */
function History({ history }: { readonly history: readonly CardHistory[] }): React.ReactElement {
  const [first] = history;
  const whole = Math.max(1, (history.at(-1)?.untilMicros ?? 0) - (first?.fromMicros ?? 0));
  return (
    <div
      className="breaker-history"
      role="img"
      aria-label={`States so far: ${history.map(({ words }) => words).join(', then ')}`}
    >
      {history.map(({ tone, words, fromMicros, untilMicros }) => (
        <span
          key={fromMicros}
          className={`tone-${tone}`}
          style={{ flexGrow: Math.max(0.004, (untilMicros - fromMicros) / whole) }}
          title={`${words}: ${spanWords(untilMicros - fromMicros)}`}
        />
      ))}
    </div>
  );
}
