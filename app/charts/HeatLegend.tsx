/** What the colours of the heatmap mean: a strip of the ramp with its ends in units. */
import { type RefObject, useRef } from 'react';
import type { Increment } from '../../engine/core/units.ts';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import { type HeatScale, RAMP_STEPS } from './depth/heat-colors.ts';
import { sizeUnit } from './size-unit.ts';
import { tickText } from './tick-text.ts';

/** Elements that the chart writes to. */
export interface HeatLegendParts {
  readonly strip: RefObject<HTMLCanvasElement | null>;
  readonly low: RefObject<HTMLSpanElement | null>;
  readonly high: RefObject<HTMLSpanElement | null>;
}

export function useHeatLegendParts(): HeatLegendParts {
  return useRef({ strip: { current: null }, low: { current: null }, high: { current: null } }).current;
}

export function HeatLegend({ parts }: { readonly parts: HeatLegendParts }): React.ReactElement {
  return (
    <span className="chart-legend">
      <span ref={parts.low} />
      <canvas ref={parts.strip} className="chart-ramp" width={RAMP_STEPS} height={1} />
      <span ref={parts.high} />
    </span>
  );
}

/** Ends of a scale are round numbers, so zeros after the point say nothing. */
function roundText(multiple: number, step: Increment): string {
  const text = tickText(Math.max(1, Math.round(multiple)), step);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Draws the ramp and names its ends. Call when the scale or the colours changed. */
export function paintHeatLegend(
  parts: HeatLegendParts,
  legend: {
    readonly spec: ContractSpec;
    readonly scale: HeatScale;
    readonly rowTicks: number;
    readonly ramp: Uint8ClampedArray;
  },
): void {
  const { spec, scale, rowTicks, ramp } = legend;
  const picture = new ImageData(RAMP_STEPS, 1);
  for (let step = 0; step < RAMP_STEPS; step++) {
    for (let channel = 0; channel < 3; channel++) {
      picture.data[step * 4 + channel] = ramp[step * 3 + channel] ?? 0;
    }
    picture.data[step * 4 + 3] = 255;
  }
  parts.strip.current?.getContext('2d')?.putImageData(picture, 0, 0);
  if (parts.low.current !== null) {
    parts.low.current.textContent =
      scale.kind === 'linear' ? '0' : `≤ ${roundText(scale.lowLots, spec.lotSize)}`;
  }
  if (parts.high.current !== null) {
    const row = roundText(rowTicks, spec.tickSize);
    parts.high.current.textContent = `≥ ${roundText(scale.highLots, spec.lotSize)} ${sizeUnit(spec)} per ${row} ${spec.currency}`;
  }
}
