/** The still layer of the price chart: prices, waves as steps, forced trades by size and side, shocks and halts. */
import {
  EVENT_KINDS,
  FORCED,
  FORCED_STRIDE,
  SAMPLE,
  SAMPLE_STRIDE,
} from '../../../workers/contract/lab-api.ts';
import { formatNumber } from '../../format/number.ts';
import { moneyText, place, roundStep, type Scale } from './chart-axes.ts';
import type { ChartBrush } from './chart-brush.ts';
import type { RunScene } from './run-scene.ts';

/** Where the lanes of the price chart lie. */
export interface PriceLayout {
  readonly time: Scale;
  readonly price: Scale;
  /** Notional of forced trades by column: shorts closed above the middle, longs below. */
  readonly flow: { readonly top: number; readonly middle: number; readonly bottom: number };
  readonly right: number;
  readonly bottom: number;
}

/** Width of the axis and of the profile at the right edge. */
export const AXIS_WIDTH = 66;
const PROFILE_WIDTH = 118;
const PROFILE_LEAST = 560;
const FLOW_SHARE = 0.24;
const FOOT = 18;
const TOP = 8;

/** Lays the lanes out; a narrow chart has no profile. */
export function priceLayout(
  scene: RunScene,
  window: { readonly from: number; readonly to: number },
  width: number,
  height: number,
): PriceLayout {
  const right = width - AXIS_WIDTH - (width >= PROFILE_LEAST ? PROFILE_WIDTH : 0);
  const bottom = height - FOOT;
  const flowTop = bottom - (bottom - TOP) * FLOW_SHARE;
  const [low, high] = priceRange(scene, window);
  return {
    time: { ...window, start: 10, end: right },
    price: { from: low, to: high, start: flowTop - 10, end: TOP },
    flow: { top: flowTop, middle: (flowTop + bottom) / 2, bottom },
    right,
    bottom,
  };
}

function priceRange(
  { series, other, scenario, market, tick }: RunScene,
  window: { readonly from: number; readonly to: number },
): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const samples of [series.samples, other?.samples ?? new Float64Array(0)]) {
    for (let i = 0; i < samples.length; i += SAMPLE_STRIDE) {
      const at = samples[i + SAMPLE.atMicros] as number;
      if (at < window.from || at > window.to) continue;
      for (const figure of [SAMPLE.lastTicks, SAMPLE.markTicks, SAMPLE.indexTicks]) {
        const value = samples[i + figure] as number;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  if (low > high) {
    const start = Math.round(Number(scenario.markets[market]?.price ?? 1) / tick);
    return [start * 0.97, start * 1.03];
  }
  const pad = Math.max((high - low) * 0.07, high * 0.002);
  return [low - pad, high + pad];
}

/** Paints everything that does not move with the cursor. */
export function paintPriceLayer(brush: ChartBrush, scene: RunScene, layout: PriceLayout): void {
  const { time } = layout;
  brush.timeAxis(time, scene.series.startMicros, TOP, layout.bottom);
  paintPriceAxis(brush, scene, layout);
  brush.within(0, 0, layout.right, layout.bottom, () => paintLanes(brush, scene, layout));
}

function paintLanes(brush: ChartBrush, scene: RunScene, layout: PriceLayout): void {
  const { colors } = brush;
  const { time, price } = layout;
  paintHalts(brush, scene, layout);
  paintWaves(brush, scene, layout);
  paintForced(brush, scene, layout);
  const { samples } = scene.series;
  brush.samples(samples, SAMPLE.indexTicks, time, price, { color: colors.muted, width: 1, dash: [2, 3] });
  if (scene.other !== null) {
    const style = { color: colors.status.WARNING, width: 1.3, dash: [6, 3] };
    brush.samples(scene.other.samples, SAMPLE.lastTicks, time, price, style);
  }
  brush.samples(samples, SAMPLE.lastTicks, time, price, { color: colors.text, width: 1.2 });
  brush.samples(samples, SAMPLE.markTicks, time, price, { color: colors.accent, width: 1.6 });
  paintFlow(brush, scene, layout);
  paintShocks(brush, scene, layout);
  paintPublishedLow(brush, scene, layout);
}

function paintPriceAxis(brush: ChartBrush, scene: RunScene, { price, right }: PriceLayout): void {
  const span = (price.to - price.from) * scene.tick;
  const step = roundStep(span, Math.max(2, (price.start - price.end) / 44));
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  for (
    let value = Math.ceil((price.from * scene.tick) / step) * step;
    value <= price.to * scene.tick;
    value += step
  ) {
    const y = place(price, value / scene.tick);
    brush.line(0, y, right, y, brush.colors.hairline);
    brush.text(formatNumber(value, decimals), right + 6, y, brush.colors.muted);
  }
}

/** The deepest wave that acted in each column, as steps at the foot of the price lane. */
function paintWaves(brush: ChartBrush, scene: RunScene, { time, price }: PriceLayout): void {
  const { forced } = scene.series;
  const deepest = new Map<number, number>();
  let most = 0;
  for (let i = 0; i < forced.length; i += FORCED_STRIDE) {
    if (forced[i + FORCED.market] !== scene.market) continue;
    const at = forced[i + FORCED.atMicros] as number;
    if (at < time.from || at > time.to) continue;
    const column = Math.floor(place(time, at) / 3);
    const wave = forced[i + FORCED.wave] as number;
    if (wave > (deepest.get(column) ?? 0)) deepest.set(column, wave);
    if (wave > most) most = wave;
  }
  if (most === 0) return;
  const room = (price.start - price.end) * 0.3;
  const { context, colors } = brush;
  context.fillStyle = colors.status.LIQUIDATION;
  for (const [column, wave] of deepest) {
    const height = Math.max(2, (room * Math.sqrt(wave)) / Math.sqrt(most));
    context.globalAlpha = 0.2;
    context.fillRect(column * 3, price.start - height, 3, height);
    context.globalAlpha = 0.75;
    context.fillRect(column * 3, price.start - height, 3, 1);
  }
  context.globalAlpha = 1;
  brush.text(`waves, deepest ${most}`, time.start + 2, price.start - room - 8, colors.muted);
}

/** Forced trades where they happened: area by notional, colour by who was closed, a diamond for deleveraging. */
function paintForced(brush: ChartBrush, scene: RunScene, { time, price }: PriceLayout): void {
  const { forced } = scene.series;
  let largest = 1;
  for (let i = 0; i < forced.length; i += FORCED_STRIDE) {
    if (forced[i + FORCED.market] === scene.market)
      largest = Math.max(largest, forced[i + FORCED.notional] as number);
  }
  const { context, colors } = brush;
  context.globalAlpha = 0.6;
  for (let i = 0; i < forced.length; i += FORCED_STRIDE) {
    if (forced[i + FORCED.market] !== scene.market) continue;
    const at = forced[i + FORCED.atMicros] as number;
    if (at < time.from || at > time.to) continue;
    const radius = 1 + 7 * Math.sqrt((forced[i + FORCED.notional] as number) / largest);
    const x = place(time, forced[i + FORCED.atMicros] as number);
    const y = place(price, Math.min(price.to, Math.max(price.from, forced[i + FORCED.priceTicks] as number)));
    const isAdl = forced[i + FORCED.kind] === 2;
    context.fillStyle = isAdl
      ? colors.status.LIQUIDATION
      : forced[i + FORCED.side] === 1
        ? colors.ask
        : colors.bid;
    context.beginPath();
    if (isAdl) {
      context.moveTo(x, y - radius);
      context.lineTo(x + radius, y);
      context.lineTo(x, y + radius);
      context.lineTo(x - radius, y);
    } else context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Notional by column: shorts closed up, longs closed down, deleveraging on top of either. */
function paintFlow(brush: ChartBrush, scene: RunScene, { time, flow, right }: PriceLayout): void {
  const { forced } = scene.series;
  const width = 4;
  const columns = Math.max(1, Math.ceil(right / width));
  const sums = new Float64Array(columns * 4);
  for (let i = 0; i < forced.length; i += FORCED_STRIDE) {
    if (forced[i + FORCED.market] !== scene.market) continue;
    const when = forced[i + FORCED.atMicros] as number;
    if (when < time.from || when > time.to) continue;
    const column = Math.min(columns - 1, Math.floor(place(time, when) / width));
    const at = column * 4 + (forced[i + FORCED.side] === 1 ? 0 : 2) + (forced[i + FORCED.kind] === 2 ? 1 : 0);
    sums[at] = (sums[at] as number) + (forced[i + FORCED.notional] as number);
  }
  let most = 0;
  for (let i = 0; i < sums.length; i += 2)
    most = Math.max(most, (sums[i] as number) + (sums[i + 1] as number));
  const { context, colors } = brush;
  brush.line(0, flow.top - 4, right, flow.top - 4, colors.hairline);
  brush.line(0, flow.middle, right, flow.middle, colors.hairline);
  brush.text('shorts closed', time.start + 2, flow.top + 5, colors.muted);
  brush.text('longs closed', time.start + 2, flow.bottom - 6, colors.muted);
  if (most === 0) return;
  brush.text(`up to ${moneyText(most)}`, right - 4, flow.top + 5, colors.muted, 'right');
  const room = flow.middle - flow.top - 2;
  for (let column = 0; column < columns; column++) {
    for (const [side, sign, color] of [
      [0, 1, colors.ask],
      [2, -1, colors.bid],
    ] as const) {
      const book = ((sums[column * 4 + side] as number) / most) * room;
      const adl = ((sums[column * 4 + side + 1] as number) / most) * room;
      context.fillStyle = color;
      context.fillRect(column * width, sign === 1 ? flow.middle : flow.middle - book, width - 1, book);
      context.fillStyle = colors.status.LIQUIDATION;
      context.fillRect(
        column * width,
        sign === 1 ? flow.middle + book : flow.middle - book - adl,
        width - 1,
        adl,
      );
    }
  }
}

/** Halts of trading as shaded stretches. */
function paintHalts(brush: ChartBrush, { series }: RunScene, { time, bottom }: PriceLayout): void {
  const { context, colors } = brush;
  context.globalAlpha = 0.16;
  context.fillStyle = colors.status.WARNING;
  for (let i = 0; i + SAMPLE_STRIDE < series.samples.length; i += SAMPLE_STRIDE) {
    if (series.samples[i + SAMPLE.halted] !== 1) continue;
    const from = place(time, series.samples[i + SAMPLE.atMicros] as number);
    const to = place(time, series.samples[i + SAMPLE_STRIDE + SAMPLE.atMicros] as number);
    context.fillRect(from, TOP, to - from + 0.3, bottom - TOP);
  }
  context.globalAlpha = 1;
}

const SHOCK = EVENT_KINDS.indexOf('shock');

/** Shocks as small flags at the top. */
function paintShocks(brush: ChartBrush, { series }: RunScene, { time, price }: PriceLayout): void {
  const { context, colors } = brush;
  context.fillStyle = colors.status.DANGER;
  series.eventKinds.forEach((kind, id) => {
    if (kind !== SHOCK) return;
    const x = place(time, series.eventTimes[id] as number);
    context.beginPath();
    context.moveTo(x - 4, price.end - 6);
    context.lineTo(x + 4, price.end - 6);
    context.lineTo(x, price.end + 2);
    context.fill();
  });
}

/** The published low of the documented event: a ring, because it really happened. */
function paintPublishedLow(brush: ChartBrush, scene: RunScene, { price, right }: PriceLayout): void {
  const fall = scene.scenario.published.find(({ measure }) => measure === 'price-fall');
  if (fall === undefined || scene.market !== 0) return;
  const start = Number(scene.scenario.markets[0]?.price ?? 0) / scene.tick;
  const y = place(price, start * (1 - fall.value));
  if (y > price.start || y < price.end) return;
  const { context, colors } = brush;
  context.strokeStyle = colors.text;
  context.lineWidth = 1.6;
  context.beginPath();
  context.arc(right - 10, y, 4.5, 0, 2 * Math.PI);
  context.stroke();
  brush.text('published low', right - 20, y, colors.muted, 'right');
}
