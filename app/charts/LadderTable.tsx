/** The book as an ordinary table, taken on request: it stands still until the reader asks again. */
import { useState } from 'react';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import type { OwnOrder } from '../../workers/contract/paper.ts';
import { ABSENT } from '../format/number.ts';
import { formatClock } from '../format/time.ts';
import { type ReceivedFrame, receivedFrame } from './market-memory.ts';
import { paintTrust } from './paint-trust.ts';
import { sizeUnit } from './size-unit.ts';
import { tableLevels } from './table-levels.ts';
import { tickText } from './tick-text.ts';
import { bannerText } from './trust-banner.ts';

/** Levels of each side that the table lists. */
const LEVELS = 20;

interface Snapshot {
  readonly received: ReceivedFrame | null;
  readonly takenAtMs: number;
}

const take = (): Snapshot => ({ received: receivedFrame(), takenAtMs: performance.now() });

/** The reader's orders at a level, with their place in the queue. */
function ownText(own: readonly OwnOrder[], spec: ContractSpec): string {
  const text = (lots: number | null): string => tickText(lots ?? 0, spec.lotSize);
  return own
    .map((order) => {
      const left = text(order.sizeLots - order.filledLots);
      return `${left}, ${text(order.aheadLots)} ahead, ${text(order.behindLots)} behind`;
    })
    .join('; ');
}

export function LadderTable({ spec }: { readonly spec: ContractSpec }): React.ReactElement {
  const [{ received, takenAtMs }, setSnapshot] = useState(take);
  const frame = received?.frame.instrument === spec.id ? received.frame : null;
  if (frame === null || received === null) return <p className="chart-state">No book yet</p>;
  const trust = paintTrust(frame, received.receivedAtMs, takenAtMs);
  const rows = tableLevels(frame.ladder, frame.venue?.orders ?? [], LEVELS);
  const hasOwn = rows.some(({ own }) => own.length > 0);
  const size = (lots: number | null): string => (lots === null ? ABSENT : tickText(lots, spec.lotSize));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="chart-table-scroll" tabIndex={0} aria-label="Book as a table">
      <table className={trust.live ? 'chart-table' : 'chart-table is-stale'}>
        <caption>
          {`Best ${LEVELS} levels at ${formatClock(frame.nowMicros, 'utc')} UTC. ${trust.live ? '' : bannerText(trust)} `}
          <button type="button" className="chart-choice" onClick={() => setSnapshot(take())}>
            Take again
          </button>
        </caption>
        <thead>
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Price</th>
            <th scope="col">{`Size ${sizeUnit(spec)}`}</th>
            <th scope="col">Cumulative</th>
            {hasOwn ? <th scope="col">Own orders</th> : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((level) => (
            <tr key={`${level.side}${level.ticks}`}>
              <td className={`chart-${level.side}`}>{level.side}</td>
              <th scope="row">{tickText(level.ticks, spec.tickSize)}</th>
              <td>{size(level.lots)}</td>
              <td>{size(level.cumulativeLots)}</td>
              {hasOwn ? <td>{ownText(level.own, spec)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
