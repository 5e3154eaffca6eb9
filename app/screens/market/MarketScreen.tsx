/** The Market screen: price and depth, ladder, tape, positions, transport and what-if. */
import { useMemo } from 'react';
import { multipleValue } from '../../../engine/core/units.ts';
import { Ladder, type LadderPick } from '../../charts/Ladder.tsx';
import { PriceDepthChart } from '../../charts/PriceDepthChart.tsx';
import type { PriceLine } from '../../charts/price-line.ts';
import { Tape } from '../../charts/Tape.tsx';
import { tickText } from '../../charts/tick-text.ts';
import { formatNumber } from '../../format/number.ts';
import { type PocketTab, showPocket, useDock } from '../../state/dock.ts';
import { toggleLiquidationColumns, useLiquidationColumns } from '../../state/liquidation-columns.ts';
import { useMargin } from '../../state/margin-slice.ts';
import { markInForce, useMarkInForce } from '../../state/mark-in-force.ts';
import { tell } from '../../state/notices.ts';
import { usePortfolio } from '../../state/portfolio-store.ts';
import { DEFAULT_LAYOUT, type Layout, prefer, usePreferences } from '../../state/preferences.ts';
import { specInView, useSource } from '../../state/source-store.ts';
import { fillTicket, openTicket, toggleTicket } from '../../state/ticket-store.ts';
import { useVenue, venueOf } from '../../state/venue-slice.ts';
import { choosePrice, useWhatIf } from '../../state/what-if-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Splitter } from '../../ui/Splitter.tsx';
import { PocketTabs } from '../../ui/tabs.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { Dock } from './Dock.tsx';
import './paper/market-state.css';
import './paper/paper.css';
import { limitLines, limitTicksText } from './limit-lines.ts';
import { OrdersActions, OrdersBody, OrdersSummary } from './paper/OrdersPanel.tsx';
import { StateActions, StateBody, StateStrip } from './paper/StatePanel.tsx';
import { TicketPanel } from './paper/TicketPanel.tsx';
import { PositionsPanel } from './positions/PositionsPanel.tsx';
import { priceLines, whatIfPrice } from './price-lines.ts';
import { TransportBar } from './transport/TransportBar.tsx';
import { WhatIfStrip } from './what-if/WhatIfStrip.tsx';

function resize(change: Partial<Layout>): void {
  prefer({ layout: { ...usePreferences.getState().layout, ...change } });
}

/** A price picked on the ladder fills the ticket while that is open or asked for; else it becomes the what-if. */
function pickPrice({ ticks, side, by }: LadderPick): void {
  const { instrument } = useSource.getState();
  const spec = specInView(useSource.getState());
  if (spec === null) return;
  const trades = usePreferences.getState().ticketOpen && venueOf(instrument)(useVenue.getState()) !== null;
  if (by === 'trade' || trades) {
    fillTicket(instrument, tickText(ticks, spec.tickSize), side);
    showPocket('trade');
    // A key goes on in the ticket; a pointer may pick again.
    if (by !== 'pointer') openTicket();
    return;
  }
  const mark = markInForce(instrument);
  if (mark === null) tell('trouble', 'There is no mark price yet to move from');
  else choosePrice(instrument, multipleValue(ticks, spec.tickSize), mark);
}

function TicketToggle(): React.ReactElement {
  const open = usePreferences((state) => state.ticketOpen);
  return (
    <button
      type="button"
      className="chart-choice"
      aria-pressed={open}
      title="Order ticket: O. While it is open, a price picked here fills it."
      onClick={toggleTicket}
    >
      ticket
    </button>
  );
}

/** Liquidation columns on and off. */
function FallsToggle(): React.ReactElement {
  const shown = useLiquidationColumns((state) => state.shown);
  return (
    <button
      type="button"
      className="chart-choice"
      aria-label="Liquidation columns"
      aria-pressed={shown}
      title="Liquidation columns: notional estimated to fall at each price, of an assumed crowd. Longs at the left edge, shorts at the right."
      onClick={toggleLiquidationColumns}
    >
      ▨
    </button>
  );
}

function useLines(): readonly PriceLine[] {
  const instrument = useSource((state) => state.instrument);
  const portfolio = usePortfolio((state) => state.portfolio);
  const report = useMargin((state) => state.report);
  const markPrice = useMarkInForce(instrument);
  const { shift, instrument: shifted } = useWhatIf();
  const limits = useVenue((slice) => limitTicksText(venueOf(instrument)(slice)?.breakers ?? null));
  const tickSize = useSource((state) => specInView(state)?.tickSize ?? null);
  return useMemo(
    () => [
      ...priceLines({ instrument, portfolio, report, markPrice, shift, shifted }),
      ...(tickSize === null ? [] : limitLines(limits, tickSize.mantissa / 10 ** tickSize.scale)),
    ],
    [instrument, portfolio, report, markPrice, shift, shifted, limits, tickSize],
  );
}

function Book({ lines }: { readonly lines: readonly PriceLine[] }): React.ReactElement {
  const spec = useSource(specInView);
  const groupTicks = usePreferences((state) => state.groupTicks);
  const cumulative = usePreferences((state) => state.cumulative);
  const falls = useLiquidationColumns((state) => state.falls);
  return (
    <Ladder
      spec={spec}
      lines={lines}
      groupTicks={groupTicks}
      onGroupChange={(next) => prefer({ groupTicks: next })}
      cumulative={cumulative}
      onCumulativeChange={(next) => prefer({ cumulative: next })}
      onPick={pickPrice}
      falls={falls}
      actions={
        <>
          <FallsToggle />
          <TicketToggle />
        </>
      }
    />
  );
}

function Chart({ lines }: { readonly lines: readonly PriceLine[] }): React.ReactElement {
  const spec = useSource(specInView);
  const heatScale = usePreferences((state) => state.heatScale);
  return (
    <PriceDepthChart
      spec={spec}
      lines={lines}
      heatScale={heatScale}
      onHeatScaleChange={(next) => prefer({ heatScale: next })}
    />
  );
}

function Prints(): React.ReactElement {
  const spec = useSource(specInView);
  const minLots = usePreferences((state) => state.tapeMinLots);
  return <Tape spec={spec} minLots={minLots} onMinLotsChange={(next) => prefer({ tapeMinLots: next })} />;
}

function Question(): React.ReactElement {
  const instrument = useSource((state) => state.instrument);
  const spec = useSource(specInView);
  const { shift, instrument: shifted } = useWhatIf();
  const markPrice = useMarkInForce(instrument);
  const moved = whatIfPrice({ instrument, markPrice, shift, shifted });
  const shown = moved ?? (shifted === null || shifted === instrument ? markPrice : null);
  return <WhatIfStrip price={shown === null ? null : formatNumber(shown, spec?.tickSize.scale ?? 2)} />;
}

/** Chart, and beside the ladder the ticket while it is open; the market's state above both. */
function Upper({ lines }: { readonly lines: readonly PriceLine[] }): React.ReactElement {
  const open = usePreferences((state) => state.ticketOpen);
  return (
    <div className="upper">
      <StateStrip />
      <div className={open ? 'upper-row upper-with-ticket' : 'upper-row'}>
        <Chart lines={lines} />
        {open ? <TicketPanel /> : null}
      </div>
    </div>
  );
}

function Desk(): React.ReactElement {
  const lines = useLines();
  const layout = usePreferences((state) => state.layout);
  const { sideWidth, positionsHeight, tapeHeight } = layout;
  return (
    <main className="desk" style={{ gridTemplateColumns: `minmax(0, 1fr) auto min(${sideWidth}px, 60%)` }}>
      <div
        className="desk-column"
        style={{ gridTemplateRows: `minmax(120px, 1fr) auto min(${positionsHeight}px, 70%)` }}
      >
        <Upper lines={lines} />
        <Splitter
          orientation="horizontal"
          label="Height of the positions panel"
          size={positionsHeight}
          least={100}
          most={900}
          onResize={(size) => resize({ positionsHeight: size })}
          onReset={() => resize({ positionsHeight: DEFAULT_LAYOUT.positionsHeight })}
        />
        <Dock />
      </div>
      <Splitter
        orientation="vertical"
        label="Width of ladder and tape"
        size={sideWidth}
        least={240}
        most={900}
        onResize={(size) => resize({ sideWidth: size })}
        onReset={() => resize({ sideWidth: DEFAULT_LAYOUT.sideWidth })}
      />
      <div
        className="desk-column"
        style={{ gridTemplateRows: `minmax(160px, 1fr) auto min(${tapeHeight}px, 70%)` }}
      >
        <Book lines={lines} />
        <Splitter
          orientation="horizontal"
          label="Height of the tape"
          size={tapeHeight}
          least={80}
          most={700}
          onResize={(size) => resize({ tapeHeight: size })}
          onReset={() => resize({ tapeHeight: DEFAULT_LAYOUT.tapeHeight })}
        />
        <Prints />
      </div>
    </main>
  );
}

/** Ticket, orders and market state under each other. */
function Trade(): React.ReactElement {
  return (
    <>
      <TicketPanel />
      <Panel id="orders" title="Orders" choices={<OrdersSummary />} actions={<OrdersActions />}>
        <OrdersBody />
      </Panel>
      <Panel id="state" title="Market state" actions={<StateActions />}>
        <StateBody />
      </Panel>
    </>
  );
}

function Pocket(): React.ReactElement {
  const lines = useLines();
  const tab = useDock((state) => state.pocket);
  return (
    <main className="pocket">
      <StateStrip />
      <PocketTabs<PocketTab>
        label="Parts of the Market screen"
        chosen={{ id: tab, choose: showPocket }}
        parts={[
          {
            id: 'risk',
            label: 'Risk',
            page: (
              <>
                <div className="pocket-chart">
                  <Chart lines={lines} />
                </div>
                <PositionsPanel />
              </>
            ),
          },
          {
            id: 'book',
            label: 'Book',
            page: (
              <>
                <Book lines={lines} />
                <Prints />
              </>
            ),
            className: 'pocket-book',
          },
          { id: 'trade', label: 'Trade', page: <Trade /> },
        ]}
      />
    </main>
  );
}

export function MarketScreen(): React.ReactElement {
  const phone = usePhone();
  return (
    <div className="screen">
      {phone ? <Pocket /> : <Desk />}
      <TransportBar />
      <Question />
    </div>
  );
}
