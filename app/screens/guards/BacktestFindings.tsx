/** What a backtest found: each rule against the liquidations, the liquidations with their warnings, and every fire. */
import type { AlertBacktest, AlertRule } from '../../../workers/contract/guard-board.ts';
import { ABSENT, formatCount } from '../../format/number.ts';
import { formatAge, formatClock, formatDateTime } from '../../format/time.ts';
import { METRICS } from '../../state/alert-words.ts';
import { usePreferences } from '../../state/preferences.ts';

interface FindingsProps {
  readonly over: string;
  readonly rules: readonly AlertRule[];
  readonly answer: AlertBacktest;
}

const lead = (seconds: number | null): string => (seconds === null ? ABSENT : formatAge(seconds * 1000));

const before = (seconds: number): string =>
  seconds === 0 ? 'in that very second' : `${formatAge(seconds * 1000)} before`;

const DAY_MICROS = 86_400_000_000;

/** Writes instants of the market: with their day where it is longer than one. */
function useInstants({ fromMicros, untilMicros }: AlertBacktest): (atMicros: number) => string {
  const zone = usePreferences((state) => state.zone);
  const isLong = (untilMicros ?? 0) - (fromMicros ?? 0) > DAY_MICROS;
  return (atMicros) => (isLong ? formatDateTime : formatClock)(atMicros, zone);
}

function Summary({ over, answer }: Pick<FindingsProps, 'over' | 'answer'>): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  const { samples, incidents, fromMicros, untilMicros, unmarked } = answer;
  return (
    <p className="muted" role="status">
      {formatCount(samples)} figures of {over}
      {fromMicros === null || untilMicros === null
        ? ''
        : `, from ${formatDateTime(fromMicros, zone)} to ${formatDateTime(untilMicros, zone)}`}
      ; {incidents} liquidations to be told of.
      {unmarked.length === 0
        ? null
        : ` No mark there, so nothing known, of ${unmarked.map((id) => id.slice(id.indexOf(':') + 1)).join(', ')}.`}
    </p>
  );
}

function Scores({ answer }: { readonly answer: AlertBacktest }): React.ReactElement {
  const instant = useInstants(answer);
  return (
    <table className="plain-table backtest-table">
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col" className="number">
            Fired
          </th>
          <th scope="col" className="number">
            First at
          </th>
          <th scope="col" className="number">
            Caught
          </th>
          <th scope="col" className="number">
            Missed
          </th>
          <th scope="col" className="number">
            Lead
          </th>
          <th scope="col" className="number">
            For nothing
          </th>
        </tr>
      </thead>
      <tbody>
        {answer.scores.map((score) => (
          <tr key={score.rule}>
            <th scope="row">{score.rule}</th>
            <td className="number">{score.figures === 0 ? 'no figure' : score.fires}</td>
            <td className="number">{score.firstMicros === null ? ABSENT : instant(score.firstMicros)}</td>
            <td className="number">{score.caught ?? ABSENT}</td>
            <td className="number">{score.missed ?? ABSENT}</td>
            <td className="number">{lead(score.medianLeadSeconds)}</td>
            <td className="number">{score.falseAlarms ?? ABSENT}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The summary and the scores, for a narrow place. */
export function BacktestScores({ over, answer }: Pick<FindingsProps, 'over' | 'answer'>): React.ReactElement {
  return (
    <div data-testid="backtest">
      <Summary over={over} answer={answer} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="backtest-scroll" aria-label="Rules against liquidations" tabIndex={0}>
        <Scores answer={answer} />
      </section>
    </div>
  );
}

function Liquidations({ answer }: { readonly answer: AlertBacktest }): React.ReactElement | null {
  const instant = useInstants(answer);
  const { liquidations, incidents } = answer;
  if (liquidations.length === 0) return null;
  return (
    <>
      <h3>
        Liquidations
        {liquidations.length < incidents ? `, the first ${liquidations.length} of ${incidents}` : ''}
      </h3>
      <ol data-testid="backtest-liquidations">
        {liquidations.map(({ subject, atMicros, warnings }) => (
          <li key={`${atMicros} ${subject}`}>
            <time>{instant(atMicros)}</time> <strong>{subject}</strong>:{' '}
            {warnings.length === 0
              ? 'nothing told of it'
              : warnings.map(({ rule, leadSeconds }) => `${rule} ${before(leadSeconds)}`).join(', ')}
          </li>
        ))}
      </ol>
    </>
  );
}

function Fires({ answer, rules }: Pick<FindingsProps, 'answer' | 'rules'>): React.ReactElement | null {
  const instant = useInstants(answer);
  const { fires, scores } = answer;
  const all = scores.reduce((sum, score) => sum + score.fires, 0);
  if (all === 0) return <p className="muted">No rule fired.</p>;
  const figure = (id: string, value: number | null): string => {
    const metric = rules.find((rule) => rule.id === id)?.metric;
    return metric === undefined || value === null ? '' : METRICS[metric].show(value);
  };
  const warns = (id: string): boolean => scores.find(({ rule }) => rule === id)?.falseAlarms !== null;
  return (
    <>
      <h3>Fires{fires.length < all ? `, the first ${fires.length} of ${all}` : ''}</h3>
      <table className="plain-table backtest-table" data-testid="backtest-fires">
        <thead>
          <tr>
            <th scope="col" className="number">
              At
            </th>
            <th scope="col">Rule</th>
            <th scope="col">Of</th>
            <th scope="col" className="number">
              Figure
            </th>
            <th scope="col" className="number">
              Before a liquidation
            </th>
          </tr>
        </thead>
        <tbody>
          {fires.map(({ rule, subject, atMicros, value, leadSeconds }) => (
            <tr key={`${atMicros} ${rule} ${subject}`}>
              <td className="number">{instant(atMicros)}</td>
              <td>{rule}</td>
              <td>{subject}</td>
              <td className="number">{figure(rule, value)}</td>
              <td className="number">
                {leadSeconds !== null ? lead(leadSeconds) : warns(rule) ? 'for nothing' : ABSENT}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Everything. */
export function BacktestFindings({ over, rules, answer }: FindingsProps): React.ReactElement {
  return (
    <div className="backtest-findings">
      <BacktestScores over={over} answer={answer} />
      <Liquidations answer={answer} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="backtest-scroll" aria-label="Fires one by one" tabIndex={0}>
        <Fires answer={answer} rules={rules} />
      </section>
    </div>
  );
}
