/** The book as an ordinary table, taken on request: it stands still until the reader asks again. */
import { useState } from 'react';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import { LADDER_STRIDE } from '../../workers/contract/market-frame.ts';
import type { OwnOrder } from '../../workers/contract/paper.ts';
import { formatClock } from '../format/time.ts';
import { type ReceivedFrame, receivedFrame } from './market-memory.ts';
import { paintTrust } from './paint-trust.ts';
import { sizeUnit } from './size-unit.ts';
import { tickText } from './tick-text.ts';
import { bannerText } from './trust-banner.ts';

/** Levels of each side that the table lists. */
const LEVELS = 20;

interface Snapshot {
  readonly received: ReceivedFrame | null;
  readonly takenAtMs: number;
}

const take = (): Snapshot => ({ received: receivedFrame(), takenAtMs: performance.now() });

interface Level {
  readonly side: 'ask' | 'bid';
  readonly ticks: number;
  readonly lots: number;
  readonly cumulativeLots: number;
}

function levelsOf(side: Level['side'], packed: Float64Array): Level[] {
  return Array.from({ length: Math.min(LEVELS, packed.length / LADDER_STRIDE) }, (_, i) => ({
    side,
    ticks: packed[i * LADDER_STRIDE] ?? 0,
    lots: packed[i * LADDER_STRIDE + 1] ?? 0,
    cumulativeLots: packed[i * LADDER_STRIDE + 2] ?? 0,
  }));
}

/** The reader's orders at a level, with their place in the queue. */
function ownText(own: readonly OwnOrder[], level: Level, groupTicks: number, spec: ContractSpec): string {
  const text = (lots: number | null): string => tickText(lots ?? 0, spec.lotSize);
  return own
    .filter(({ state, side, priceTicks }) => {
      if (state !== 'resting' || priceTicks === null || (side === 'buy') !== (level.side === 'bid'))
        return false;
      const group = side === 'buy' ? Math.floor(priceTicks / groupTicks) : Math.ceil(priceTicks / groupTicks);
      return group * groupTicks === level.ticks;
    })
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
  const rows = [...levelsOf('ask', frame.ladder.asks).reverse(), ...levelsOf('bid', frame.ladder.bids)];
  const own = frame.venue?.orders ?? [];
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
            {own.length === 0 ? null : <th scope="col">Own orders</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((level) => (
            <tr key={`${level.side}${level.ticks}`}>
              <td className={`chart-${level.side}`}>{level.side}</td>
              <th scope="row">{tickText(level.ticks, spec.tickSize)}</th>
              <td>{tickText(level.lots, spec.lotSize)}</td>
              <td>{tickText(level.cumulativeLots, spec.lotSize)}</td>
              {own.length === 0 ? null : <td>{ownText(own, level, frame.ladder.groupTicks, spec)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
