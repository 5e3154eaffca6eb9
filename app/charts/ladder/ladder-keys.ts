/** Keys of the ladder while it has the focus. */

/** What a key asks for. */
export type LadderAction =
  | { readonly kind: 'cursor'; readonly rows: number }
  | { readonly kind: 'group'; readonly step: 1 | -1 }
  | { readonly kind: 'pick' | 'buy' | 'sell' | 'recentre' | 'cumulative' | 'deltas' };

const ACTIONS: ReadonlyMap<string, LadderAction> = new Map([
  ['ArrowUp', { kind: 'cursor', rows: -1 }],
  ['ArrowDown', { kind: 'cursor', rows: 1 }],
  ['PageUp', { kind: 'cursor', rows: -10 }],
  ['PageDown', { kind: 'cursor', rows: 10 }],
  ['Enter', { kind: 'pick' }],
  ['b', { kind: 'buy' }],
  ['s', { kind: 'sell' }],
  ['Home', { kind: 'recentre' }],
  [' ', { kind: 'recentre' }],
  ['+', { kind: 'group', step: 1 }],
  ['=', { kind: 'group', step: 1 }],
  ['-', { kind: 'group', step: -1 }],
  ['c', { kind: 'cumulative' }],
  ['d', { kind: 'deltas' }],
] satisfies [string, LadderAction][]);

/** The action of a key press, or null. Keys with a modifier belong to the page. */
export function ladderAction(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): LadderAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return ACTIONS.get(event.key.length === 1 ? event.key.toLowerCase() : event.key) ?? null;
}
