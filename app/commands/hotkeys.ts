/** Keys: how they are written, matched and shown. One list of commands feeds keys, palette and cheat-sheet alike. */

/** Written as `mod+shift+z`, `space`, `.`; `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export type Keys = string;

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const NAMES: Readonly<Record<string, string>> = { ' ': 'space', Escape: 'escape' };
const SHOWN: Readonly<Record<string, string>> = { space: 'Space', escape: 'Esc', shift: 'Shift' };

/** True where the modifier is ⌘. */
export function isMac(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

/** Whether a key press is exactly these keys. */
export function matches(keys: Keys, press: KeyPress, mac: boolean): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const wanted = { mod: parts.includes('mod'), shift: parts.includes('shift') };
  const mod = mac ? press.metaKey : press.ctrlKey;
  const otherMod = mac ? press.ctrlKey : press.metaKey;
  if (mod !== wanted.mod || otherMod || press.altKey) return false;
  const pressed = (NAMES[press.key] ?? press.key).toLowerCase();
  if (pressed !== key) return false;
  // A sign such as `?` may need shift on one keyboard and not on another: there only the sign counts.
  return /^[a-z]$|^space$/.test(key) ? press.shiftKey === wanted.shift : true;
}

/** Keys as a reader knows them: `⌘K`, `Ctrl K`, `Space`. */
export function showKeys(keys: Keys, mac: boolean): string {
  return keys
    .split('+')
    .map((part) => {
      if (part === 'mod') return mac ? '⌘' : 'Ctrl';
      if (part === 'shift' && mac) return '⇧';
      return SHOWN[part] ?? part.toUpperCase();
    })
    .join(mac ? '' : ' ');
}

/** True for a shortcut of one key without a modifier, which a reader may switch off. */
export function isSingleKey(keys: Keys): boolean {
  return !keys.includes('mod+');
}

/** True where a key belongs to what has focus: typing, a button's Space, a slider's keys. */
export function belongsToFocus(target: EventTarget | null, keys: Keys): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type=range]), textarea, select, [contenteditable=true]') !== null)
    return true;
  if (isSingleKey(keys) && target.closest('[role=menu], [role=listbox], [role=dialog]') !== null) return true;
  if (keys !== 'space') return false;
  return target.closest('button, a, summary, input, [role]:not([role=main], [role=region])') !== null;
}
