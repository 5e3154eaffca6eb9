/** Which screen is shown: the first word of the page's address after `#`; what follows belongs to that screen. */
import { create } from 'zustand';

/** The screens of the rail, in its order. */
export const SCREENS = [
  { id: 'market', title: 'Market' },
  { id: 'cascade', title: 'Cascade' },
  { id: 'span', title: 'SPAN' },
  { id: 'breakers', title: 'Breakers' },
  { id: 'guards', title: 'Guards' },
] as const;

export type ScreenId = (typeof SCREENS)[number]['id'];

export interface ScreenAddress {
  readonly screen: ScreenId;
  /** The rest of the address, without the `&` before it; the screen reads it. */
  readonly parameters: string;
}

/** Reads the screen from an address; a word that names none means the Market screen. */
export function readScreen(hash: string): ScreenAddress {
  const [word = '', ...rest] = hash.replace(/^#/, '').split('&');
  const screen = SCREENS.find(({ id }) => id === word)?.id;
  return screen === undefined
    ? { screen: 'market', parameters: hash.replace(/^#/, '') }
    : { screen, parameters: rest.join('&') };
}

/** The screen in view and what its address said. */
export const useScreen = create<ScreenAddress>(() => readScreen(''));

/** Goes to a screen as a link would. */
export function showScreen(screen: ScreenId): void {
  location.hash = `#${screen}`;
}

/** Lets the address name what a screen shows, without a step in the history. Says nothing while another is in view. */
export function writeScreenAddress(screen: ScreenId, parameters: string): void {
  if (useScreen.getState().screen !== screen) return;
  history.replaceState(null, '', parameters === '' ? `#${screen}` : `#${screen}&${parameters}`);
}

/** Follows the address from now on. Call once. */
export function startScreen(): void {
  const follow = (): void => useScreen.setState(readScreen(location.hash));
  follow();
  window.addEventListener('hashchange', follow);
}
