/** What a command is; keys, palette and cheat-sheet read lists of them. */
import type { Keys } from './hotkeys.ts';

export interface Command {
  readonly id: string;
  readonly group: 'Source' | 'Transport' | 'Cascade' | 'Positions' | 'Paper' | 'What if' | 'View' | 'Help';
  readonly title: string;
  readonly keys: Keys | null;
  readonly run: () => void;
}
