/** The two charts of a run: price with waves and forced trades, and the fund with R. A press moves the cursor. */
import { useEffect, useMemo, useRef } from 'react';
import type { CursorView } from '../../../workers/contract/lab-api.ts';
import { nearestTickText } from '../../charts/tick-text.ts';
import { formatSignedPercent } from '../../format/number.ts';
import { moveCursor, useCascade } from '../../state/cascade-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { elapsedText } from './chart-axes.ts';
import { FundPainter } from './fund-painter.ts';
import { PricePainter } from './price-painter.ts';
import type { RunScene } from './run-scene.ts';
import { useMarketSteps } from './use-cascade-data.ts';

function useScene(view: CursorView | null): RunScene | null {
  const main = useCascade((state) => state.main);
  const other = useCascade((state) => state.other?.series ?? null);
  const market = useCascade((state) => state.market);
  const steps = useMarketSteps();
  return useMemo(() => {
    if (main === null || steps === null) return null;
    const { scenario, series, incidents } = main;
    return {
      scenario,
      market,
      series,
      incidents,
      other,
      view,
      tick: steps.tick,
      perTickLot: steps.perTickLot,
    };
  }, [main, other, market, view, steps]);
}

const LEGEND: readonly { readonly key: string; readonly words: string }[] = [
  { key: 'last', words: 'last' },
  { key: 'mark', words: 'mark' },
  { key: 'index', words: 'index' },
  { key: 'long', words: 'long closed' },
  { key: 'short', words: 'short closed' },
  { key: 'adl', words: 'deleveraged' },
  { key: 'hatched', words: 'estimated' },
  { key: 'solid', words: 'simulated' },
  { key: 'ring', words: 'realised' },
];

function Legend(): React.ReactElement {
  return (
    <ul className="cascade-legend" aria-label="Legend">
      {LEGEND.map(({ key, words }) => (
        <li key={key}>
          <i className={`key key-${key}`} />
          {words}
        </li>
      ))}
    </ul>
  );
}

function Summary({ view }: { readonly view: CursorView | null }): React.ReactElement | null {
  const steps = useMarketSteps();
  const startPrice = useCascade((state) => Number(state.main?.scenario.markets[state.market]?.price ?? 0));
  if (view === null || steps === null) return null;
  const move = (view.markTicks * steps.tick) / startPrice - 1;
  return (
    <span className="cascade-figures">
      <span>
        <span className="muted">mark</span>{' '}
        <strong>{nearestTickText(view.markTicks * steps.tick, steps.tickSize)}</strong>{' '}
        <span className={move < 0 ? 'loss' : 'gain'}>{formatSignedPercent(move, 1)}</span>
      </span>
      {view.halted ? <span className="tag tag-stale">HALTED</span> : null}
    </span>
  );
}

export function PricePanel({ view }: { readonly view: CursorView | null }): React.ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<PricePainter | null>(null);
  const scene = useScene(view);
  useEffect(() => {
    if (canvas.current === null) return;
    painter.current = new PricePainter(canvas.current);
    return () => painter.current?.dispose();
  }, []);
  useEffect(() => {
    if (scene !== null) painter.current?.show(scene);
  }, [scene]);
  const seek = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons === 0) return;
    const at = painter.current?.timeAt(event.nativeEvent.offsetX) ?? null;
    if (at !== null) moveCursor(at);
  };
  return (
    <Panel id="cascade-price" title="Price and waves" choices={<Summary view={view} />} actions={<Legend />}>
      <canvas
        ref={canvas}
        className="cascade-canvas"
        role="img"
        aria-label={priceWords(scene)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(event);
        }}
        onPointerMove={seek}
      />
    </Panel>
  );
}

function priceWords(scene: RunScene | null): string {
  if (scene === null) return 'Price chart, nothing run yet';
  const { view, scenario, market, tick } = scene;
  const symbol = scenario.markets[market]?.symbol ?? '';
  if (view === null) return `Price of ${symbol}, being computed`;
  const seconds = (view.atMicros - scenario.startMicros) / 1e6;
  const falls = view.liquidated + view.partly;
  return `Price of ${symbol} at ${elapsedText(seconds)}: last ${(view.lastTicks * tick).toFixed(1)}, mark ${(view.markTicks * tick).toFixed(1)}, ${falls} accounts liquidated, ${view.deleveraged} deleveraged so far`;
}

export function FundPanel({ view }: { readonly view: CursorView | null }): React.ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<FundPainter | null>(null);
  const scene = useScene(view);
  useEffect(() => {
    if (canvas.current === null) return;
    painter.current = new FundPainter(canvas.current);
    return () => painter.current?.dispose();
  }, []);
  useEffect(() => {
    if (scene !== null) painter.current?.show(scene);
  }, [scene]);
  const ratio = view?.down.ratio ?? null;
  return (
    <Panel
      id="cascade-fund"
      title="Fund and R"
      choices={
        ratio === null ? null : (
          <span className="cascade-figures">
            <span title="Forced flow ÷ liquidity over the next 1 % down; at 1 a fall feeds itself">
              <span className="muted">R down</span> <strong>{ratio.toFixed(2)}</strong>{' '}
              {ratio < 1 ? (
                <span className="muted">amplifies {(1 / (1 - ratio)).toFixed(2)}×</span>
              ) : (
                <span className="status-critical">▲ feeds itself</span>
              )}
            </span>
          </span>
        )
      }
    >
      <canvas
        ref={canvas}
        className="cascade-canvas"
        role="img"
        aria-label={
          view === null
            ? 'Fund and R'
            : `Insurance fund ${Math.round(view.fundCash)} dollars; R down ${ratio === null ? 'without a book' : ratio.toFixed(2)}`
        }
      />
    </Panel>
  );
}
