/** The waterfall on paper: the whole, then one line a commodity. */
import type { SpanReport } from '../../../engine/margin/span/span-margin.ts';
import { amountWords, moneyWords, signedWords } from './span-words.ts';
import { reportWaterfall } from './waterfall.ts';

export function PackWaterfall({ report }: { readonly report: SpanReport }): React.ReactElement {
  const steps = reportWaterfall(report);
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
