/** The theme's tokens as canvas colours, read when the theme changes and never while painting. */
import type { MarginStatus } from '../../engine/margin/margin-status.ts';
import type { Rgb } from './depth/heat-colors.ts';

/** Colours of the theme in force; every value is one that a canvas takes. */
export interface ThemeColors {
  readonly ground: string;
  readonly surface1: string;
  readonly surface2: string;
  readonly hairline: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly bid: string;
  readonly ask: string;
  readonly status: Readonly<Record<MarginStatus, string>>;
  readonly groundRgb: Rgb;
  readonly font: string;
}

let colors: ThemeColors | null = null;
const listeners = new Set<() => void>();

function readColors(): ThemeColors {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const ground = token('--ground');
  return {
    ground,
    surface1: token('--surface-1'),
    surface2: token('--surface-2'),
    hairline: token('--hairline'),
    text: token('--text'),
    muted: token('--muted'),
    accent: token('--accent'),
    onAccent: token('--on-accent'),
    bid: token('--bid'),
    ask: token('--ask'),
    status: {
      HEALTHY: token('--status-healthy'),
      WARNING: token('--status-warning'),
      DANGER: token('--status-danger'),
      CRITICAL: token('--status-critical'),
      LIQUIDATION: token('--status-liquidation'),
    },
    groundRgb: toRgb(ground),
    font: token('--font') || 'sans-serif',
  };
}

/** Any CSS colour as bytes, by painting one pixel with it. */
function toRgb(color: string): Rgb {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return [0, 0, 0];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

function renew(): void {
  colors = null;
  for (const listener of listeners) listener();
}

/** Themes are attributes of the root element; the type face arrives later than the first paint. */
let observer: MutationObserver | null = null;
function observe(): void {
  if (observer !== null) return;
  observer = new MutationObserver(renew);
  observer.observe(document.documentElement, { attributes: true });
  document.fonts.addEventListener('loadingdone', renew);
}

/** Colours in force. */
export function themeColors(): ThemeColors {
  observe();
  colors ??= readColors();
  return colors;
}

/** Calls back after the theme or the type face changed. */
export function onThemeChange(listener: () => void): () => void {
  observe();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
