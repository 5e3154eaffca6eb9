/** The waterfall on paper: the whole, then one line a commodity. */
import type { SpanReport } from '../../../engine/margin/span/span-margin.ts';
import { amountWords, moneyWords, signedWords } from './span-words.ts';
import { reportWaterfall, type WaterfallStep } from './waterfall.ts';

export function PackWaterfall({ report }: { readonly report: SpanReport }): React.ReactElement {
  const steps = reportWaterfall(report);
  const highest = Math.max(1, ...(steps ?? []).flatMap((step) => [step.after, step.after - step.amount]));
  return (
    <>
      {steps === null ? (
        <p>The commodities have several currencies; what each needs stands below.</p>
      ) : (
        <table className="pack-table pack-steps">
          <tbody>
            {steps.map((step) => (
              <tr key={step.id} className={step.id === 'total' ? 'pack-sum' : undefined}>
                <th scope="row">{step.label}</th>
                <td>
                  {step.id === 'total' || step.id === 'scan'
                    ? amountWords(step.amount)
                    : signedWords(step.amount)}
                </td>
                <td className="pack-bar">
                  <Bar step={step} highest={highest} />
                </td>
                <td className="pack-after">
                  {step.id === 'total' ? report.baseCurrency : amountWords(step.after)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <table className="pack-table">
        <thead>
          <tr>
            {[
              'Commodity',
              'Worst',
              'Scan',
              'Calendar',
              'Delivery',
              'Credit',
              'Minimum',
              'Option value',
              'Risk',
            ].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.commodities.map((c) => (
            <tr key={c.commodity}>
              <th scope="row">
                {c.commodity} {c.name}
              </th>
              <td>{c.activeScenario}</td>
              <td>{amountWords(c.scanRisk)}</td>
              <td>{amountWords(c.calendarCharge)}</td>
              <td>{amountWords(c.spotCharge)}</td>
              <td>{signedWords(-c.interCredit)}</td>
              <td>{amountWords(c.shortOptionMinimum)}</td>
              <td>{amountWords(c.netOptionValue)}</td>
              <td>{moneyWords(c.risk, c.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Requirement of each pool of option value:{' '}
        {report.pools
          .map((pool) => `${pool.group} ${moneyWords(pool.requirement, pool.currency)}`)
          .join(', ')}
        .
      </p>
    </>
  );
}

/** From where the sum stood to where it stands. */
function Bar({
  step,
  highest,
}: {
  readonly step: WaterfallStep;
  readonly highest: number;
}): React.ReactElement {
  const isTotal = step.id === 'total';
  const from = isTotal ? 0 : step.after - step.amount;
  const [left, right] = [Math.min(from, step.after), Math.max(from, step.after)];
  const kind = isTotal ? 'total' : step.amount < 0 ? 'less' : 'more';
  return (
    <svg className="pack-bar-drawing" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect
        className={`pack-bar-${kind}`}
        x={(left / highest) * 100}
        width={Math.max(0.3, ((right - left) / highest) * 100)}
        height={4}
      />
    </svg>
  );
}
