/** Every command of the page, once: keys, palette and cheat-sheet read this list. */
import { latestMarketFrame } from '../../workers/client/streams.ts';
import { showDialog } from '../state/dialogs.ts';
import { showDock, showMarketState, showPocket } from '../state/dock.ts';
import { reduceWorst } from '../state/guard-actions.ts';
import { useMarket } from '../state/market-slice.ts';
import { cancelAllOrders, INTERRUPTION_SECONDS, interruptMarket } from '../state/paper-orders.ts';
import { EMPTY_PORTFOLIO } from '../state/portfolio-edits.ts';
import { askForImport, exportPortfolio, saveTemplate } from '../state/portfolio-files.ts';
import { changePortfolio, redo, undo, usePortfolio } from '../state/portfolio-store.ts';
import {
  cycleTheme,
  DEFAULT_LAYOUT,
  PALETTES,
  prefer,
  THEMES,
  usePreferences,
} from '../state/preferences.ts';
import { askForFile } from '../state/save-file.ts';
import { showScreen } from '../state/screen.ts';
import {
  FIRST_SEED,
  openLive,
  openRecording,
  openSimulated,
  sendTransport,
  useSource,
  viewInstrument,
} from '../state/source-store.ts';
import { openTicket } from '../state/ticket-store.ts';
import { useVenue } from '../state/venue-slice.ts';
import { resetWhatIf } from '../state/what-if-store.ts';
import { CASCADE_COMMANDS, playHereOr, stepHereOr } from './cascade-commands.ts';
import type { Command } from './command.ts';

/** Kinds of recording that the file picker offers first. */
export const RECORDINGS = '.gz,.jsonl,.ndjson,.json,.txt,.tape';

export function askForRecording(): void {
  askForFile(RECORDINGS, (file) => void openRecording(file));
}

/** Focuses the number box of the what-if. */
function focusWhatIf(): void {
  document.querySelector<HTMLInputElement>('[data-testid="what-if-input"]')?.focus();
}

/** Plays or pauses; a live market has no transport. */
export function togglePlaying(): void {
  // The newest frame and not the slice that React reads four times a second: a second press may come sooner.
  const frame = latestMarketFrame();
  if (frame === null || frame.source === 'LIVE') return;
  void sendTransport({ kind: frame.transport.playing ? 'pause' : 'play' });
}

export function stepOnce(): void {
  const { transport, source } = useMarket.getState();
  if (transport !== null && source !== 'LIVE') void sendTransport({ kind: 'step' });
}

/** Opens the ticket where it stands: beside the ladder, on a phone on its own page. */
function openPaperTicket(): void {
  showPocket('trade');
  openTicket();
}

/** Commands that need a simulated venue. */
function venueCommands(): readonly Command[] {
  const { venue } = useVenue.getState();
  if (venue === null) return [];
  const show = (id: string, title: string, run: () => void): Command => ({
    id,
    group: 'Paper',
    title,
    keys: null,
    run,
  });
  const interrupt = (): void => {
    showMarketState();
    void interruptMarket();
  };
  return [
    show('orders', 'Show paper orders and fills', () => {
      showDock('orders');
      showPocket('trade');
    }),
    show('market-state', 'Show the state of the market', showMarketState),
    ...(venue.venue === 'globex'
      ? [show('interrupt', `Interrupt this market for ${INTERRUPTION_SECONDS} s`, interrupt)]
      : []),
  ];
}

/** Asks, then takes every account and position away. */
export function confirmClear(): void {
  showDialog({
    kind: 'confirm',
    title: 'Remove all accounts?',
    text: 'Every account and position is taken away. Undo brings them back until the page is closed.',
    action: 'Remove all',
    run: () => changePortfolio('removed all accounts', () => EMPTY_PORTFOLIO),
  });
}

export function addPosition(): void {
  showDialog({
    kind: 'position',
    accountId: null,
    positionId: null,
    instrument: useSource.getState().instrument,
  });
}

const FIXED: readonly Command[] = [
  {
    id: 'simulate',
    group: 'Source',
    title: 'Start the simulated market again',
    keys: null,
    run: () => void openSimulated(useSource.getState().seed),
  },
  {
    id: 'simulate-first',
    group: 'Source',
    title: `Start the simulated market with seed ${FIRST_SEED}`,
    keys: null,
    run: () => void openSimulated(FIRST_SEED),
  },
  { id: 'recording', group: 'Source', title: 'Open a recording…', keys: 'mod+o', run: askForRecording },
  { id: 'live', group: 'Source', title: 'Go live', keys: null, run: () => void openLive() },
  {
    id: 'play',
    group: 'Transport',
    title: 'Play or pause',
    keys: 'space',
    run: () => playHereOr(togglePlaying),
  },
  { id: 'step', group: 'Transport', title: 'Step one event', keys: '.', run: () => stepHereOr(stepOnce) },
  ...CASCADE_COMMANDS,
  { id: 'add', group: 'Positions', title: 'Add a position…', keys: 'n', run: addPosition },
  {
    id: 'add-account',
    group: 'Positions',
    title: 'Add an account…',
    keys: null,
    run: () => showDialog({ kind: 'account', accountId: null }),
  },
  { id: 'import', group: 'Positions', title: 'Import positions…', keys: 'mod+i', run: askForImport },
  {
    id: 'export-csv',
    group: 'Positions',
    title: 'Export positions as CSV',
    keys: null,
    run: () => void exportPortfolio('csv'),
  },
  {
    id: 'export-json',
    group: 'Positions',
    title: 'Export positions as JSON',
    keys: null,
    run: () => void exportPortfolio('json'),
  },
  {
    id: 'template-csv',
    group: 'Positions',
    title: 'Save an import template (CSV)',
    keys: null,
    run: () => void saveTemplate('csv'),
  },
  {
    id: 'template-json',
    group: 'Positions',
    title: 'Save an import template (JSON)',
    keys: null,
    run: () => void saveTemplate('json'),
  },
  {
    id: 'reduce-worst',
    group: 'Positions',
    title: 'Reduce the position in most danger…',
    keys: 'r',
    run: reduceWorst,
  },
  { id: 'undo', group: 'Positions', title: 'Undo', keys: 'mod+z', run: undo },
  { id: 'redo', group: 'Positions', title: 'Redo', keys: 'mod+shift+z', run: redo },
  { id: 'clear', group: 'Positions', title: 'Remove all accounts…', keys: null, run: confirmClear },
  { id: 'ticket', group: 'Paper', title: 'Order ticket', keys: 'o', run: openPaperTicket },
  {
    id: 'cancel-all',
    group: 'Paper',
    title: 'Cancel all paper orders of this market',
    keys: 'x',
    run: () => void cancelAllOrders(),
  },
  { id: 'what-if', group: 'What if', title: 'Type a move of the mark', keys: 'w', run: focusWhatIf },
  { id: 'what-if-reset', group: 'What if', title: 'Reset the what-if', keys: '0', run: resetWhatIf },
  { id: 'span', group: 'View', title: 'SPAN screen', keys: null, run: () => showScreen('span') },
  { id: 'breakers', group: 'View', title: 'Breakers screen', keys: null, run: () => showScreen('breakers') },
  { id: 'theme', group: 'View', title: 'Next theme', keys: 't', run: cycleTheme },
  {
    id: 'zone',
    group: 'View',
    title: 'Switch between UTC and local time',
    keys: 'u',
    run: () => prefer({ zone: usePreferences.getState().zone === 'utc' ? 'local' : 'utc' }),
  },
  {
    id: 'layout',
    group: 'View',
    title: 'Reset the layout',
    keys: null,
    run: () => prefer({ layout: DEFAULT_LAYOUT }),
  },
  {
    id: 'palette',
    group: 'Help',
    title: 'Command palette',
    keys: 'mod+k',
    run: () => showDialog({ kind: 'palette' }),
  },
  { id: 'keys', group: 'Help', title: 'Keys', keys: '?', run: () => showDialog({ kind: 'keys' }) },
];

const THEME_NAMES = { dark: 'dark', light: 'light', contrast: 'high contrast' } as const;
const PALETTE_NAMES = {
  'blue-orange': 'blue up, orange down',
  'green-red': 'green up, red down',
  'red-up': 'red up, green down',
} as const;

/** The commands that do not depend on what is open. */
export function fixedCommands(): readonly Command[] {
  return FIXED;
}

/** All commands now: the fixed ones, and one for every choice that the open source offers. */
export function allCommands(): readonly Command[] {
  const instruments = useSource.getState().opened?.instruments ?? [];
  const { portfolio } = usePortfolio.getState();
  return [
    ...instruments.map(
      (spec): Command => ({
        id: `view-${spec.id}`,
        group: 'View',
        title: `View ${spec.symbol}`,
        keys: null,
        run: () => viewInstrument(spec.id),
      }),
    ),
    ...FIXED.filter(({ id }) => id !== 'clear' || portfolio.accounts.length > 0),
    ...venueCommands(),
    ...THEMES.map(
      (theme): Command => ({
        id: `theme-${theme}`,
        group: 'View',
        title: `Theme: ${THEME_NAMES[theme]}`,
        keys: null,
        run: () => prefer({ theme }),
      }),
    ),
    ...PALETTES.map(
      (palette): Command => ({
        id: `palette-${palette}`,
        group: 'View',
        title: `Colours: ${PALETTE_NAMES[palette]}`,
        keys: null,
        run: () => prefer({ palette }),
      }),
    ),
  ];
}
