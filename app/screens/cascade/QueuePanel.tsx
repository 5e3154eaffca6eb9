/** The ADL queue at the cursor: who would be deleveraged first, with lamps, exact rank and the expected loss. */
import { useState } from 'react';
import { tickText } from '../../charts/tick-text.ts';
import { formatCount } from '../../format/number.ts';
import { openAccount, useCascade } from '../../state/cascade-store.ts';
import { ADL_RULE_NAMES } from '../../state/cascade-variants.ts';
import { Panel } from '../../ui/Panel.tsx';
import { moneyText } from './chart-axes.ts';
import { useMarketSteps, useQueue } from './use-cascade-data.ts';

const PLACES = 40;

function Lamps({ lights }: { readonly lights: number }): React.ReactElement {
  return (
    <span className="lamps" role="img" aria-label={`${lights} of 4 lamps`}>
      {[1, 2, 3, 4].map((lamp) => (
        <i key={lamp} className={lamp <= lights ? 'lamp lamp-on' : 'lamp'} />
      ))}
    </span>
  );
}

export function QueuePanel(): React.ReactElement {
  const [side, setSide] = useState<'long' | 'short'>('short');
  const rows = useQueue(side, PLACES);
  const steps = useMarketSteps();
  const rule = useCascade((state) => state.main?.scenario.rules.adlRule ?? 'binance');
  const opened = useCascade((state) => state.account);
  return (
    <Panel
      id="cascade-queue"
      title="ADL queue"
      choices={
        <select
          className="select-quiet"
          aria-label="Side of the queue"
          value={side}
          onChange={(event) => setSide(event.target.value === 'long' ? 'long' : 'short')}
        >
          <option value="short">shorts, closed when longs fall</option>
          <option value="long">longs, closed when shorts fall</option>
        </select>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="cascade-scroll" aria-label="Places of the queue" tabIndex={0}>
        <p className="cascade-note muted">{ADL_RULE_NAMES[rule]}. First in line first.</p>
        {rows === null || steps === null ? (
          <p className="cascade-note muted">Known when the run is computed.</p>
        ) : rows.length === 0 ? (
          <p className="cascade-note muted">Nobody holds this side.</p>
        ) : (
          <table className="cascade-table queue-table">
            <thead>
              <tr>
                <th scope="col" className="number">
                  Rank
                </th>
                <th scope="col">Lamps</th>
                <th scope="col">Account</th>
                <th scope="col" className="number">
                  Size
                </th>
                <th scope="col" className="number" title="Lots of those ahead">
                  Ahead
                </th>
                <th
                  scope="col"
                  className="number"
                  title="Estimated: if the mark jumped 1 % and what falls on the way met neither book nor fund, closed at today's mark"
                >
                  Exp. loss
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.account} className={row.account === opened ? 'is-open' : ''}>
                  <td className="number">
                    <span className="visually-hidden">rank </span>
                    {row.rank}
                    <span className="muted"> of {formatCount(row.of)}</span>
                  </td>
                  <td>
                    <Lamps lights={row.lights} />
                  </td>
                  <td>
                    <button type="button" className="link-button" onClick={() => openAccount(row.account)}>
                      {row.name}
                    </button>
                  </td>
                  <td className="number">{tickText(row.sizeLots, steps.lotSize)}</td>
                  <td className="number muted">{tickText(row.lotsAhead, steps.lotSize)}</td>
                  <td className="number">{row.expectedLots === 0 ? '–' : moneyText(row.expectedLoss)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </Panel>
  );
}
