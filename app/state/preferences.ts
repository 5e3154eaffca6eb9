/** What a reader chose about the page itself; kept in the browser, and the page works when it cannot be kept. */
import { create } from 'zustand';
import type { Zone } from '../format/time.ts';

export type Theme = 'dark' | 'light' | 'contrast';
export type Palette = 'blue-orange' | 'green-red' | 'red-up';
export type HeatScale = 'log' | 'linear';

export const THEMES: readonly Theme[] = ['dark', 'light', 'contrast'];
export const PALETTES: readonly Palette[] = ['blue-orange', 'green-red', 'red-up'];
/** Ladder grouping in ticks a row. */
export const GROUPINGS: readonly number[] = [1, 10, 100, 1000];

/** Columns of the positions table that may be hidden. */
export type PositionColumn = 'leverage' | 'notional' | 'initialMargin' | 'bankruptcy' | 'ticks' | 'sigma';

/** Sizes of the panels in CSS pixels. */
export interface Layout {
  readonly sideWidth: number;
  readonly positionsHeight: number;
  readonly tapeHeight: number;
}

export const DEFAULT_LAYOUT: Layout = { sideWidth: 340, positionsHeight: 300, tapeHeight: 210 };

export interface Preferences {
  readonly theme: Theme;
  readonly palette: Palette;
  readonly zone: Zone;
  /** Shortcuts of one key without a modifier; a reader who dictates switches them off. */
  readonly singleKeys: boolean;
  readonly groupTicks: number;
  readonly cumulative: boolean;
  readonly heatScale: HeatScale;
  readonly tapeMinLots: number;
  readonly columns: readonly PositionColumn[];
  /** Whether the order ticket stands beside the ladder. */
  readonly ticketOpen: boolean;
  readonly layout: Layout;
}

const DEFAULTS: Preferences = {
  theme: 'dark',
  palette: 'blue-orange',
  zone: 'utc',
  singleKeys: true,
  groupTicks: 1,
  cumulative: false,
  heatScale: 'log',
  tapeMinLots: 0,
  columns: [],
  ticketOpen: false,
  layout: DEFAULT_LAYOUT,
};

const KEY = 'headroom.preferences';

function oneOf<T>(choices: readonly T[], value: unknown, otherwise: T): T {
  return choices.includes(value as T) ? (value as T) : otherwise;
}

function pixels(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 80 && value <= 4_000 ? value : otherwise;
}

/** Reads stored preferences, taking the default for whatever is missing or makes no sense. */
export function readPreferences(text: string | null): Preferences {
  let stored: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) stored = parsed as Record<string, unknown>;
  } catch {
    // Unreadable preferences are worth no message: the defaults are shown, and the next choice overwrites them.
  }
  const layout = (
    typeof stored['layout'] === 'object' && stored['layout'] !== null ? stored['layout'] : {}
  ) as Record<string, unknown>;
  const columns = Array.isArray(stored['columns']) ? stored['columns'] : [];
  const known: readonly PositionColumn[] = [
    'leverage',
    'notional',
    'initialMargin',
    'bankruptcy',
    'ticks',
    'sigma',
  ];
  const lots = stored['tapeMinLots'];
  return {
    theme: oneOf(THEMES, stored['theme'], DEFAULTS.theme),
    palette: oneOf(PALETTES, stored['palette'], DEFAULTS.palette),
    zone: oneOf(['utc', 'local'], stored['zone'], DEFAULTS.zone),
    singleKeys: stored['singleKeys'] !== false,
    groupTicks: oneOf(GROUPINGS, stored['groupTicks'], DEFAULTS.groupTicks),
    cumulative: stored['cumulative'] === true,
    heatScale: oneOf(['log', 'linear'], stored['heatScale'], DEFAULTS.heatScale),
    tapeMinLots: typeof lots === 'number' && Number.isSafeInteger(lots) && lots >= 0 ? lots : 0,
    columns: known.filter((column) => columns.includes(column)),
    ticketOpen: stored['ticketOpen'] === true,
    layout: {
      sideWidth: pixels(layout['sideWidth'], DEFAULT_LAYOUT.sideWidth),
      positionsHeight: pixels(layout['positionsHeight'], DEFAULT_LAYOUT.positionsHeight),
      tapeHeight: pixels(layout['tapeHeight'], DEFAULT_LAYOUT.tapeHeight),
    },
  };
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const usePreferences = create<Preferences>(() => readPreferences(stored()));

/** Changes some preferences and keeps them. */
export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(usePreferences.getState()));
  } catch {
    // Storage is full or forbidden: the choice holds until the page closes.
  }
}

/** Puts theme and palette on the document, now and at every change. */
export function applyTheme(root: HTMLElement): () => void {
  const apply = ({ theme, palette }: Preferences): void => {
    root.dataset['theme'] = theme;
    if (palette === 'blue-orange') delete root.dataset['palette'];
    else root.dataset['palette'] = palette;
  };
  apply(usePreferences.getState());
  return usePreferences.subscribe(apply);
}

/** Next theme in order, for a key or a menu row. */
export function cycleTheme(): void {
  const at = THEMES.indexOf(usePreferences.getState().theme);
  prefer({ theme: THEMES[(at + 1) % THEMES.length] ?? 'dark' });
}
