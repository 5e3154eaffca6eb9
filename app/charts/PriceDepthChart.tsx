/** Price over depth: one-second prices before a heatmap of what rested in the book, with the reader's own prices across. */
import { useEffect, useState } from 'react';
import './charts.css';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import { Panel } from '../ui/Panel.tsx';
import { cellWords } from './depth/cell-words.ts';
import type { HeatScaleKind } from './depth/heat-colors.ts';
import type { PriceKind } from './depth/price-chart.ts';
import { showText, useChartParts, usePriceChart } from './depth/use-price-chart.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { depthHistory } from './market-memory.ts';
import type { PriceLine } from './price-line.ts';

export interface PriceDepthChartProps {
  /** Null while no source is open. */
  readonly spec: ContractSpec | null;
  readonly lines: readonly PriceLine[];
  readonly heatScale: HeatScaleKind;
  readonly onHeatScaleChange: (kind: HeatScaleKind) => void;
}

export function PriceDepthChart(props: PriceDepthChartProps): React.ReactElement {
  const { spec, lines, heatScale } = props;
  const [kind, setKind] = useState<PriceKind>('line');
  const parts = useChartParts();
  const { chart, cursor } = usePriceChart(parts, spec);

  useEffect(() => chart.current?.setSpec(spec), [chart, spec]);
  useEffect(() => chart.current?.setLines(lines), [chart, lines]);
  useEffect(() => chart.current?.setHeatScale(heatScale), [chart, heatScale]);
  useEffect(() => chart.current?.setKind(kind), [chart, kind]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || spec === null) return;
    const cell = cursor.current?.press(event.key, event.shiftKey);
    if (cell === undefined) return;
    event.preventDefault();
    const words = cell === null ? '' : cellWords(cell, depthHistory.at(cell.second), spec);
    showText(parts.spoken.current, words);
    showText(parts.readout.current, words);
  };

  return (
    <Panel
      id="price"
      title="Price and depth"
      choices={<Choices {...props} kind={kind} onKindChange={setKind} />}
      actions={<MarkLegend />}
    >
      <div className="chart-stack">
        <div className="chart-host">
          <div
            ref={parts.host}
            className="chart-canvas"
            role="application"
            aria-roledescription="chart"
            aria-label="Price and depth chart. Arrow keys move by second and price row, plus and minus zoom, Escape leaves."
            // biome-ignore lint/a11y/noNoninteractiveTabindex: an application region takes the keyboard itself
            tabIndex={0}
            onKeyDown={onKeyDown}
            onBlur={() => cursor.current?.leave()}
          />
          <span className="chart-zone">UTC</span>
          <p ref={parts.state} className="chart-state" hidden />
          <button
            ref={parts.back}
            type="button"
            className="chart-back chart-back-end"
            hidden
            onClick={() => chart.current?.toNow()}
          >
            to now ▸
          </button>
          <div ref={parts.banner} className="chart-banner" hidden />
        </div>
        <div className="chart-foot">
          <HeatLegend parts={parts.legend} />
          <span ref={parts.readout} className="chart-readout" />
          <a className="chart-credit" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
            Lightweight Charts™ by TradingView
          </a>
        </div>
        <p ref={parts.spoken} className="visually-hidden" aria-live="polite" />
        <ul className="visually-hidden" aria-label="Prices marked on the chart">
          {lines.map(({ id, kind: mark, label, price, status }) => (
            <li key={id} data-line={id} data-status={status ?? ''}>
              {mark} {label} {price} {status ?? ''}
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

interface ChoicesProps extends PriceDepthChartProps {
  readonly kind: PriceKind;
  readonly onKindChange: (kind: PriceKind) => void;
}

function Choices(props: ChoicesProps): React.ReactElement {
  const { kind, heatScale } = props;
  return (
    <>
      <button
        type="button"
        className="chart-choice"
        title="One-second prices as a line or as candles"
        onClick={() => props.onKindChange(kind === 'line' ? 'candles' : 'line')}
      >
        1 s {kind}
      </button>
      <button
        type="button"
        className="chart-choice"
        title="Heat colours: logarithmic or linear in size"
        onClick={() => props.onHeatScaleChange(heatScale === 'log' ? 'linear' : 'log')}
      >
        heat {heatScale}
      </button>
    </>
  );
}

/** How marks of liquidations differ; the same wherever they appear. */
function MarkLegend(): React.ReactElement {
  return (
    <span className="chart-marks">
      <span>
        est. <i className="chart-mark chart-mark-estimated" />
      </span>
      <span>
        sim <i className="chart-mark chart-mark-simulated" />
      </span>
      <span>
        realised <i className="chart-mark chart-mark-realised" />
      </span>
    </span>
  );
}
