/** Tests of key matching on both kinds of keyboard. */
import { describe, expect, it } from 'vitest';
import { isSingleKey, matches, showKeys } from './hotkeys.ts';

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('hotkeys', () => {
  it('takes Ctrl on a PC and ⌘ on a Mac, not the other', () => {
    expect(matches('mod+k', press('k', { ctrlKey: true }), false)).toBe(true);
    expect(matches('mod+k', press('k', { metaKey: true }), true)).toBe(true);
    expect(matches('mod+k', press('k', { metaKey: true }), false)).toBe(false);
    expect(matches('mod+k', press('k'), false)).toBe(false);
    expect(matches('mod+k', press('k', { ctrlKey: true, altKey: true }), false)).toBe(false);
  });

  it('tells undo from redo', () => {
    expect(matches('mod+z', press('Z', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matches('mod+shift+z', press('Z', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
  });

  it('takes a sign wherever the keyboard has it', () => {
    expect(matches('?', press('?', { shiftKey: true }), false)).toBe(true);
    expect(matches('?', press('?'), false)).toBe(true);
    expect(matches('.', press('.'), false)).toBe(true);
    expect(matches('space', press(' '), false)).toBe(true);
    expect(matches('space', press(' ', { ctrlKey: true }), false)).toBe(false);
  });

  it('shows keys in the words of the keyboard', () => {
    expect(showKeys('mod+k', true)).toBe('⌘K');
    expect(showKeys('mod+shift+z', false)).toBe('Ctrl Shift Z');
    expect(showKeys('space', false)).toBe('Space');
    expect(isSingleKey('mod+k')).toBe(false);
    expect(isSingleKey('?')).toBe(true);
  });
});
