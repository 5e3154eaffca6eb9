/** The Market screen: price and depth, ladder, tape, positions, transport and what-if. */
import { useMemo } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { Ladder } from '../../charts/Ladder.tsx';
import { PriceDepthChart } from '../../charts/PriceDepthChart.tsx';
import type { PriceLine } from '../../charts/price-line.ts';
import { Tape } from '../../charts/Tape.tsx';
import { formatNumber } from '../../format/number.ts';
import { useMargin } from '../../state/margin-slice.ts';
import { markInForce, useMarkInForce } from '../../state/mark-in-force.ts';
import { tell } from '../../state/notices.ts';
import { usePortfolio } from '../../state/portfolio-store.ts';
import { DEFAULT_LAYOUT, type Layout, prefer, usePreferences } from '../../state/preferences.ts';
import { specInView, useSource } from '../../state/source-store.ts';
import { choosePrice, useWhatIf } from '../../state/what-if-store.ts';
import { Splitter } from '../../ui/Splitter.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { PositionsPanel } from './positions/PositionsPanel.tsx';
import { priceLines, whatIfPrice } from './price-lines.ts';
import { TransportBar } from './transport/TransportBar.tsx';
import { WhatIfStrip } from './what-if/WhatIfStrip.tsx';

function resize(change: Partial<Layout>): void {
  prefer({ layout: { ...usePreferences.getState().layout, ...change } });
}

/** A price picked on the ladder becomes the what-if. */
function pickPrice(price: number): void {
  const { instrument } = useSource.getState();
  const mark = markInForce(instrument);
  if (mark === null) tell('trouble', 'There is no mark price yet to move from');
  else choosePrice(instrument, price, mark);
}

function useLines(): readonly PriceLine[] {
  const instrument = useSource((state) => state.instrument);
  const portfolio = usePortfolio((state) => state.portfolio);
  const report = useMargin((state) => state.report);
  const markPrice = useMarkInForce(instrument);
  const { shift, instrument: shifted } = useWhatIf();
  return useMemo(
    () => priceLines({ instrument, portfolio, report, markPrice, shift, shifted }),
    [instrument, portfolio, report, markPrice, shift, shifted],
  );
}

function Book({ lines }: { readonly lines: readonly PriceLine[] }): React.ReactElement {
  const spec = useSource(specInView);
  const groupTicks = usePreferences((state) => state.groupTicks);
  const cumulative = usePreferences((state) => state.cumulative);
  return (
    <Ladder
      spec={spec}
      lines={lines}
      groupTicks={groupTicks}
      onGroupChange={(next) => prefer({ groupTicks: next })}
      cumulative={cumulative}
      onCumulativeChange={(next) => prefer({ cumulative: next })}
      onPickPrice={pickPrice}
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
        <Chart lines={lines} />
        <Splitter
          orientation="horizontal"
          label="Height of the positions panel"
          size={positionsHeight}
          least={100}
          most={900}
          onResize={(size) => resize({ positionsHeight: size })}
          onReset={() => resize({ positionsHeight: DEFAULT_LAYOUT.positionsHeight })}
        />
        <PositionsPanel />
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

function Pocket(): React.ReactElement {
  const lines = useLines();
  return (
    <main className="pocket">
      <Tabs className="pocket-tabs">
        <TabList className="pocket-tab-list" aria-label="Parts of the Market screen">
          <Tab id="risk" className="pocket-tab">
            Risk
          </Tab>
          <Tab id="book" className="pocket-tab">
            Book
          </Tab>
        </TabList>
        <TabPanel id="risk" className="pocket-page">
          <div className="pocket-chart">
            <Chart lines={lines} />
          </div>
          <PositionsPanel />
        </TabPanel>
        <TabPanel id="book" className="pocket-page pocket-book">
          <Book lines={lines} />
          <Prints />
        </TabPanel>
      </Tabs>
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
