/** Joins the price chart to the elements around it: banner, state, readout, legend, way back to now. */
import { type RefObject, useEffect, useRef } from 'react';
import type { ContractSpec } from '../../../engine/reference/instruments/contract-spec.ts';
import { type HeatLegendParts, paintHeatLegend, useHeatLegendParts } from '../HeatLegend.tsx';
import { depthHistory } from '../market-memory.ts';
import type { PaintTrust } from '../paint-trust.ts';
import { showBanner } from '../trust-banner.ts';
import { cellWords } from './cell-words.ts';
import { ChartCursor } from './chart-cursor.ts';
import { type ChartPainted, PriceChart } from './price-chart.ts';

/** Elements that the chart writes to; React never does. */
export interface ChartParts {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly banner: RefObject<HTMLDivElement | null>;
  readonly state: RefObject<HTMLParagraphElement | null>;
  readonly back: RefObject<HTMLButtonElement | null>;
  readonly readout: RefObject<HTMLSpanElement | null>;
  readonly spoken: RefObject<HTMLParagraphElement | null>;
  readonly legend: HeatLegendParts;
}

export function useChartParts(): ChartParts {
  const legend = useHeatLegendParts();
  return useRef({
    host: { current: null },
    banner: { current: null },
    state: { current: null },
    back: { current: null },
    readout: { current: null },
    spoken: { current: null },
    legend,
  }).current;
}

/** The chart and its keyboard cursor live as long as the component is mounted. */
export function usePriceChart(
  parts: ChartParts,
  spec: ContractSpec | null,
): { readonly chart: RefObject<PriceChart | null>; readonly cursor: RefObject<ChartCursor | null> } {
  const chart = useRef<PriceChart | null>(null);
  const cursor = useRef<ChartCursor | null>(null);
  const shownSpec = useRef(spec);
  shownSpec.current = spec;
  useEffect(() => {
    if (parts.host.current === null) return;
    const legend = { key: '' };
    const made = new PriceChart(parts.host.current, {
      painted: (painted) => showPainted(parts, shownSpec.current, painted, legend),
      hovered: (cell) => {
        const current = shownSpec.current;
        const known = cell !== null && current !== null;
        showText(parts.readout.current, known ? cellWords(cell, depthHistory.at(cell.second), current) : '');
      },
    });
    chart.current = made;
    cursor.current = new ChartCursor(made, depthHistory);
    return () => {
      made.dispose();
      chart.current = null;
      cursor.current = null;
    };
  }, [parts]);
  return { chart, cursor };
}

function showPainted(
  parts: ChartParts,
  spec: ContractSpec | null,
  painted: ChartPainted,
  legend: { key: string },
): void {
  const { trust, columns, scale, rowTicks, ramp, behind } = painted;
  if (parts.banner.current !== null) showBanner(parts.banner.current, trust);
  showText(parts.state.current, stateText(spec, trust, columns));
  const back = parts.back.current;
  if (back !== null && back.hidden === behind) back.hidden = !behind;
  if (scale === null || rowTicks === null || spec === null) return;
  // The last step of the ramp tells which of the ramps it is.
  const key = [spec.id, scale.kind, scale.lowLots, scale.highLots, rowTicks, ramp.at(-1), ramp.at(-3)].join();
  if (key !== legend.key) paintHeatLegend(parts.legend, { spec, scale, rowTicks, ramp });
  legend.key = key;
}

/** Writes text into an element and hides it when there is none. */
export function showText(element: HTMLElement | null, text: string): void {
  if (element === null || element.textContent === text) return;
  element.textContent = text;
  element.hidden = text === '';
}

function stateText(spec: ContractSpec | null, trust: PaintTrust | null, columns: number): string {
  if (spec === null) return 'No market is open yet';
  if (trust === null) return 'Waiting for the first prices …';
  if (columns > 0) return '';
  return trust.state === 'OFFLINE' ? 'No prices: there is no connection' : 'Collecting the first second …';
}
