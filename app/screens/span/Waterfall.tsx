/** From scan risk to requirement, step by step; each step opens its derivation. */
import { explainTerms, lookAtCommodity, type OpenTerms, useSpan } from '../../state/span-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { amountWords, signedWords } from './span-words.ts';
import { useCase } from './use-case.ts';
import { commodityWaterfall, reportWaterfall, type WaterfallStep } from './waterfall.ts';

/** Steps that every requirement has; the others are shown where they do something. */
const ALWAYS: readonly WaterfallStep['id'][] = [
  'scan',
  'calendar',
  'spot',
  'credit',
  'minimum',
  'option',
  'total',
];

/** The terms to unfold for a step: all commodities' for the whole, else those of one. */
function termsOf({ id, term }: WaterfallStep, commodity: string | null): OpenTerms {
  if (id === 'total') return commodity === null ? ['requirement'] : ['risk', `risk of ${commodity}`];
  if (id === 'option' || id === 'unused') {
    return commodity === null ? ['net option value'] : ['net option value', `option value of ${commodity}`];
  }
  return commodity === null ? ['risk'] : ['risk', `risk of ${commodity}`, term];
}

export function Waterfall(): React.ReactElement {
  const { answer, waiting } = useCase();
  const chosen = useSpan((state) => state.commodity);
  const report = answer?.report ?? null;
  const one = report?.commodities.find((c) => c.commodity === chosen) ?? null;
  const whole = report === null ? null : reportWaterfall(report);
  const shown = one ?? (whole === null ? (report?.commodities[0] ?? null) : null);
  const steps = shown === null ? whole : commodityWaterfall(shown);
  return (
    <Panel
      id="waterfall"
      title="Waterfall"
      choices={
        <select
          className="select-quiet"
          aria-label="Commodity of the waterfall"
          value={shown?.commodity ?? ''}
          onChange={(event) => lookAtCommodity(event.target.value === '' ? null : event.target.value)}
        >
          {whole === null ? null : <option value="">all commodities</option>}
          {report?.commodities.map((c) => (
            <option key={c.commodity} value={c.commodity}>
              {c.commodity} {c.name}
            </option>
          ))}
        </select>
      }
    >
      {steps === null ? null : (
        <Bars
          steps={steps}
          waiting={waiting}
          onAsk={(step) => explainTerms(termsOf(step, shown?.commodity ?? null))}
        />
      )}
      {report === null || report.assumptions.length === 0 ? null : (
        <details className="span-assumptions">
          <summary>{report.assumptions.length} rates in force here are assumed, not published</summary>
          <ul>
            {report.assumptions.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

interface BarsProps {
  readonly steps: readonly WaterfallStep[];
  readonly waiting: boolean;
  readonly onAsk: (step: WaterfallStep) => void;
}

function Bars({ steps, waiting, onAsk }: BarsProps): React.ReactElement {
  const highest = Math.max(1, ...steps.flatMap((step) => [step.after, step.after - step.amount]));
  const lowest = Math.min(0, ...steps.map((step) => step.after));
  const scale = (value: number): number => ((value - lowest) / (highest - lowest)) * 100;
  const shown = steps.filter((step) => ALWAYS.includes(step.id) || step.amount !== 0);
  return (
    <ol className={waiting ? 'span-waterfall span-stale' : 'span-waterfall'} data-testid="span-waterfall">
      {shown.map((step) => {
        const from = step.id === 'total' ? 0 : step.after - step.amount;
        const [left, right] = [Math.min(from, step.after), Math.max(from, step.after)].map(scale);
        const kind = step.id === 'total' ? 'total' : step.amount < 0 ? 'less' : 'more';
        return (
          <li key={step.id}>
            <button type="button" className="span-step" data-step={step.id} onClick={() => onAsk(step)}>
              <span className="span-step-name">{step.label}</span>
              <span className="span-step-amount">
                {step.id === 'total' || step.id === 'scan'
                  ? amountWords(step.amount)
                  : signedWords(step.amount)}
              </span>
              <span className="span-track" aria-hidden="true">
                <span
                  className={`span-fill span-fill-${kind}`}
                  style={{
                    insetInlineStart: `${left}%`,
                    inlineSize: `max(1px, ${(right ?? 0) - (left ?? 0)}%)`,
                  }}
                />
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
