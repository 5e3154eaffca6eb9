/** The quick look at a crowd of up to a million: a slider of the shock, answered at every frame by the fast approximation. */
import { useEffect, useRef, useState } from 'react';
import { lab } from '../../../workers/client/lab.ts';
import type { CrowdAnswer } from '../../../workers/contract/lab-api.ts';
import { ABSENT, formatCount, formatNumber, formatSignedPercent } from '../../format/number.ts';
import { AppDialog } from '../../ui/AppDialog.tsx';
import { moneyText } from './chart-axes.ts';
import { NumberSlider } from './NumberSlider.tsx';

const SIZES = [10_000, 100_000, 1_000_000];

/** Asks as fast as the page paints, one question at a time, always the newest. */
function useWhatIf(accounts: number, shock: number, lambdaBps: number, direction: 'fall' | 'rise') {
  const [answer, setAnswer] = useState<CrowdAnswer | null>(null);
  const [drawn, setDrawn] = useState(0);
  const wanted = useRef({ shock, lambdaBps, direction });
  wanted.current = { shock, lambdaBps, direction };
  const busy = useRef(false);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let stopped = false;
    setDrawn(0);
    void lab.openCrowd({ accounts }).then((opened) => {
      if (!stopped && opened.ok) setDrawn(opened.value.accounts);
    });
    return () => {
      stopped = true;
    };
  }, [accounts]);
  // A question under way is followed by one about what was chosen meanwhile.
  const key = `${drawn} ${shock} ${lambdaBps} ${direction} ${asked}`;
  useEffect(() => {
    if (drawn === 0 || busy.current || key === '') return;
    busy.current = true;
    const question = wanted.current;
    void lab
      .crowdWhatIf({
        direction: question.direction,
        shockNotional: question.shock * 1e6,
        lambdaBps: question.lambdaBps,
      })
      .then((result) => {
        busy.current = false;
        if (result.ok) setAnswer(result.value);
        const now = wanted.current;
        const moved =
          now.shock !== question.shock ||
          now.lambdaBps !== question.lambdaBps ||
          now.direction !== question.direction;
        if (moved) setAsked((count) => count + 1);
      });
  }, [drawn, key]);
  return { answer, drawn };
}

/** Below this share of the first price the forced orders have overtaken a book that nobody refills. */
const OVERTAKEN = 0.3;
const WIDTH = 560;
const HEIGHT = 120;

function Bars({ answer }: { readonly answer: CrowdAnswer }): React.ReactElement {
  const { rows, rowWidth, lastPrice, startPrice } = answer;
  const count = rows.length / 2;
  const low = rows[0] ?? 0;
  const high = low + count * rowWidth;
  let most = 1;
  for (let i = 0; i < count; i++) most = Math.max(most, rows[2 * i + 1] as number);
  const x = (price: number): number => ((price - low) / (high - low)) * WIDTH;
  return (
    <svg
      className="crowd-bars"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`What would fall by price, from ${formatNumber(low, 0)} to ${formatNumber(high, 0)}; the shock ends at ${formatNumber(lastPrice, 0)}`}
    >
      <defs>
        <pattern id="crowd-hatch" width="5" height="5" patternUnits="userSpaceOnUse">
          <path d="M0 5 5 0" className="crowd-hatch" />
        </pattern>
      </defs>
      {Array.from({ length: count }, (_, i) => {
        const height = ((rows[2 * i + 1] as number) / most) * (HEIGHT - 16);
        return (
          <rect
            key={rows[2 * i]}
            className="crowd-bar"
            x={(i / count) * WIDTH}
            y={HEIGHT - height}
            width={WIDTH / count - 1}
            height={height}
            fill="url(#crowd-hatch)"
          />
        );
      })}
      <path className="crowd-start" d={`M${x(startPrice)} 0V${HEIGHT}`} />
      <path className="crowd-end" d={`M${x(lastPrice)} 0V${HEIGHT}`} />
      {answer.tippingPrice === null ? null : (
        <path className="crowd-tip" d={`M${x(answer.tippingPrice)} 0V${HEIGHT}`} />
      )}
    </svg>
  );
}

export function CrowdDialog(): React.ReactElement {
  const [accounts, setAccounts] = useState(SIZES[2] ?? 10_000);
  const [shock, setShock] = useState(60);
  const [lambdaBps, setLambda] = useState(2);
  const [direction, setDirection] = useState<'fall' | 'rise'>('fall');
  const { answer, drawn } = useWhatIf(accounts, shock, lambdaBps, direction);
  return (
    <AppDialog title="A crowd, and what a shock fells" width="wide">
      <div className="dialog-form">
        <p className="muted">
          The fast approximation: one contract, a book with the same depth at every price, nobody refills it.
          All figures are estimates. The exact runs are the scenarios.
        </p>
        <div className="crowd-choices">
          <label>
            Accounts{' '}
            <select
              className="select-quiet"
              value={accounts}
              onChange={(event) => setAccounts(Number(event.target.value))}
            >
              {SIZES.map((size) => (
                <option key={size} value={size}>
                  {formatCount(size)}
                </option>
              ))}
            </select>
          </label>
          <label>
            Direction{' '}
            <select
              className="select-quiet"
              value={direction}
              onChange={(event) => setDirection(event.target.value === 'rise' ? 'rise' : 'fall')}
            >
              <option value="fall">fall</option>
              <option value="rise">rise</option>
            </select>
          </label>
          <span className="muted">
            {drawn === 0 ? 'drawing the crowd…' : `${formatCount(drawn)} accounts drawn`}
          </span>
        </div>
        <NumberSlider
          label={direction === 'fall' ? 'Sold at market' : 'Bought at market'}
          value={shock}
          from={0}
          to={400}
          step={0.5}
          show={(value) => moneyText(value * 1e6)}
          onChange={setShock}
        />
        <NumberSlider
          label="Price impact of $1M, basis points (calm 0.67, 10 Oct 2025 ten times that)"
          value={lambdaBps}
          from={0.1}
          to={20}
          step={0.1}
          show={(value) => formatNumber(value, 1)}
          onChange={setLambda}
        />
        {answer === null ? null : (
          <>
            <Bars answer={answer} />
            <dl className="crowd-figures" aria-live="polite">
              <div>
                <dt>price goes to</dt>
                <dd>
                  {answer.lastPrice < answer.startPrice * OVERTAKEN
                    ? 'no end in sight'
                    : formatNumber(answer.lastPrice, 0)}{' '}
                  <span className={answer.lastPrice < answer.startPrice ? 'loss' : 'gain'}>
                    {formatSignedPercent(answer.lastPrice / answer.startPrice - 1, 1)}
                  </span>
                </dd>
              </div>
              <div>
                <dt>accounts fall</dt>
                <dd data-testid="crowd-accounts">{formatCount(answer.accounts)}</dd>
              </div>
              <div>
                <dt>notional falls</dt>
                <dd>{moneyText(answer.notional)}</dd>
              </div>
              <div>
                <dt>waves</dt>
                <dd>{formatCount(answer.waves)}</dd>
              </div>
              <div>
                <dt>R over 5 %</dt>
                <dd>{answer.ratio === null ? ABSENT : formatNumber(answer.ratio, 2)}</dd>
              </div>
              <div>
                <dt>tipping price</dt>
                <dd>
                  {answer.tippingPrice === null ? 'none in sight' : formatNumber(answer.tippingPrice, 0)}
                </dd>
              </div>
            </dl>
          </>
        )}
      </div>
    </AppDialog>
  );
}
