/** Commands of the Cascade screen; its keys are heard while that screen is in view. */
import { forkMarket } from '../state/cascade-fork.ts';
import { copyLink, stepCursor, togglePlay, useCascade } from '../state/cascade-store.ts';
import { showDialog } from '../state/dialogs.ts';
import { toggleLiquidationColumns } from '../state/liquidation-columns.ts';
import { showScreen, useScreen } from '../state/screen.ts';
import type { Command } from './command.ts';

/** True while the Cascade screen is in view and holds a run. */
export function onCascade(): boolean {
  return useScreen.getState().screen === 'cascade';
}

const command = (id: string, title: string, keys: Command['keys'], run: () => void): Command => ({
  id: `cascade-${id}`,
  group: 'Cascade',
  title,
  keys,
  run,
});

const here =
  (run: () => void): (() => void) =>
  () => {
    if (onCascade() && useCascade.getState().main !== null) run();
  };

/** In the order of the cheat-sheet. */
export const CASCADE_COMMANDS: readonly Command[] = [
  command('open', 'Cascade screen', 'c', () => showScreen('cascade')),
  command('falls', 'Liquidation columns on the ladder, on or off', null, toggleLiquidationColumns),
  command('fork', 'Fork this market into the lab', 'f', () => void forkMarket()),
  command(
    'event-back',
    'Previous event of the cascade',
    ',',
    here(() => stepCursor(-1, 'event')),
  ),
  command(
    'decision',
    'Next decision of the cascade',
    'd',
    here(() => stepCursor(1, 'decision')),
  ),
  command(
    'decision-back',
    'Previous decision of the cascade',
    'shift+d',
    here(() => stepCursor(-1, 'decision')),
  ),
  command(
    'incident',
    'Next incident of the cascade',
    ']',
    here(() => stepCursor(1, 'incident')),
  ),
  command(
    'incident-back',
    'Previous incident of the cascade',
    '[',
    here(() => stepCursor(-1, 'incident')),
  ),
  command(
    'link',
    'Copy a link to the run',
    null,
    here(() => void copyLink()),
  ),
  command(
    'change',
    'Change the scenario…',
    null,
    here(() => showDialog({ kind: 'scenario' })),
  ),
];

/** Plays the run, or what `elsewhere` plays. */
export function playHereOr(elsewhere: () => void): void {
  if (onCascade()) togglePlay();
  else elsewhere();
}

/** Steps the run by an event, or what `elsewhere` steps. */
export function stepHereOr(elsewhere: () => void): void {
  if (onCascade()) here(() => stepCursor(1, 'event'))();
  else elsewhere();
}
