/** The chart library dressed in the theme: no logo (it would inject a style element), no grid, times in UTC to the second. */
import {
  type CandlestickSeriesPartialOptions,
  type ChartOptions,
  ColorType,
  CrosshairMode,
  type DeepPartial,
  type LineSeriesPartialOptions,
  LineStyle,
  TickMarkType,
  type Time,
} from 'lightweight-charts';
import { formatClock } from '../../format/time.ts';
import type { ThemeColors } from '../theme-colors.ts';

/** Width of a second when nobody zoomed. */
const SECOND_PX = 4.5;

/** `14:03:07` of a time on the axis, which is always a number of seconds here. */
export function clockOf(time: Time): string {
  return typeof time === 'number' ? formatClock(time * 1_000_000, 'utc') : '';
}

/**
 * A mark on the time axis. The library spaces marks within a minute by the pixel (14:03:17, :34, :51); only round
 * tens of seconds are named.
 */
function markOf(time: Time, type: TickMarkType): string {
  const odd = type === TickMarkType.TimeWithSeconds && typeof time === 'number' && time % 10 !== 0;
  return odd ? '' : clockOf(time);
}

export function chartOptions(): DeepPartial<ChartOptions> {
  return {
    autoSize: true,
    rightPriceScale: {
      borderVisible: false,
      minimumWidth: 72,
      scaleMargins: { top: 0, bottom: 0 },
      entireTextOnly: true,
    },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      secondsVisible: true,
      barSpacing: SECOND_PX,
      minBarSpacing: 0.4,
      rightOffset: 3,
      allowBoldLabels: false,
      tickMarkFormatter: markOf,
    },
    grid: { vertLines: { visible: false }, horzLines: { visible: false } },
    localization: { timeFormatter: (time: Time) => `${clockOf(time)} UTC` },
    handleScroll: { mouseWheel: true, pressedMouseMove: true, horzTouchDrag: true, vertTouchDrag: false },
    handleScale: { axisPressedMouseMove: { time: true, price: false }, mouseWheel: true, pinch: true },
  };
}

/** What of the chart follows the theme. */
export function chartColors(colors: ThemeColors): DeepPartial<ChartOptions> {
  const line = { color: colors.muted, style: LineStyle.Dotted, labelBackgroundColor: colors.surface2 };
  return {
    layout: {
      background: { type: ColorType.Solid, color: colors.ground },
      textColor: colors.muted,
      fontFamily: colors.font,
      fontSize: 11,
      attributionLogo: false,
    },
    crosshair: { mode: CrosshairMode.Normal, vertLine: line, horzLine: line },
  };
}

export function lineOptions(colors: ThemeColors, live: boolean): LineSeriesPartialOptions {
  return {
    color: live ? colors.text : colors.muted,
    lineWidth: 2,
    priceLineVisible: false,
    crosshairMarkerRadius: 3,
    lastValueVisible: false,
  };
}

export function candleOptions(colors: ThemeColors, live: boolean): CandlestickSeriesPartialOptions {
  const up = live ? colors.bid : colors.muted;
  const down = live ? colors.ask : colors.muted;
  return {
    upColor: up,
    downColor: down,
    wickUpColor: up,
    wickDownColor: down,
    borderVisible: false,
    priceLineVisible: false,
    lastValueVisible: false,
  };
}
