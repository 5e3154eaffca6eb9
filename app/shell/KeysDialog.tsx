/** The cheat-sheet of keys, with the switch for shortcuts of one key. */
import { fixedCommands } from '../commands/commands.ts';
import { isSingleKey, showKeys } from '../commands/hotkeys.ts';
import { MAC } from '../commands/listen-for-keys.ts';
import { prefer, usePreferences } from '../state/preferences.ts';
import { AppDialog } from '../ui/AppDialog.tsx';

/** Keys that work where a panel has focus. */
const IN_PANELS: readonly (readonly [string, string])[] = [
  ['↑ ↓', 'Ladder: move to the price above or below'],
  ['Page ↑ ↓', 'Ladder: move by ten prices'],
  ['Enter', 'Ladder: take the price into the what-if, or into the ticket while it is open'],
  ['B S', 'Ladder: fill the ticket to buy or sell at the price'],
  ['Esc', 'Ticket: back to the ladder'],
  ['Space', 'Ladder: bring the touch back to the middle'],
  ['+ −', 'Ladder: wider or narrower steps of price'],
  ['C D', 'Ladder: sums from the touch, changes of size'],
  ['← →', 'Slider: move by a step'],
  ['Arrows', 'Divider between panels: move it'],
];

export function KeysDialog(): React.ReactElement {
  const singleKeys = usePreferences((state) => state.singleKeys);
  return (
    <AppDialog title="Keys">
      <dl className="keys">
        {fixedCommands().map(({ id, title, keys }) =>
          keys === null ? null : (
            <div key={id} className={isSingleKey(keys) && !singleKeys ? 'keys-off' : ''}>
              <dt>{title}</dt>
              <dd>
                <kbd>{showKeys(keys, MAC)}</kbd>
              </dd>
            </div>
          ),
        )}
        {IN_PANELS.map(([keys, title]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => prefer({ singleKeys: event.target.checked })}
        />
        Shortcuts of one key (switch off when you dictate)
      </label>
    </AppDialog>
  );
}
