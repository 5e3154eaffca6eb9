/** The one listener for keys on the window. */
import { closeDialog, useDialog } from '../state/dialogs.ts';
import { usePreferences } from '../state/preferences.ts';
import { fixedCommands } from './commands.ts';
import { belongsToFocus, isMac, isSingleKey, matches } from './hotkeys.ts';

export const MAC = isMac(navigator.platform);

function onKeyDown(event: KeyboardEvent): void {
  // What has focus goes first: a panel that used the key has prevented its default.
  if (event.defaultPrevented || event.repeat) return;
  const command = fixedCommands().find(({ keys }) => keys !== null && matches(keys, event, MAC));
  if (command === undefined || command.keys === null) return;
  if (isSingleKey(command.keys) && !usePreferences.getState().singleKeys) return;
  if (belongsToFocus(event.target, command.keys) && command.id !== 'palette') return;
  const { open } = useDialog.getState();
  if (open !== null) {
    // The palette's own keys close it; every other key belongs to the dialog.
    if (open.kind === 'palette' && command.id === 'palette') {
      event.preventDefault();
      closeDialog();
    }
    return;
  }
  event.preventDefault();
  command.run();
}

/** Starts listening. Call once. */
export function listenForKeys(): void {
  window.addEventListener('keydown', onKeyDown);
}
