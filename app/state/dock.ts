/** Which part of the Market screen is in front: in the panel under the chart, and on a phone in the one column. */
import { create } from 'zustand';

export type DockTab = 'positions' | 'orders' | 'state';
export type PocketTab = 'risk' | 'book' | 'trade';

export const useDock = create<{ readonly desk: DockTab; readonly pocket: PocketTab }>(() => ({
  desk: 'positions',
  pocket: 'risk',
}));

export function showDock(desk: DockTab): void {
  useDock.setState({ desk });
}

export function showPocket(pocket: PocketTab): void {
  useDock.setState({ pocket });
}

/** Brings state and auction of the market in view to the front, on a desk and on a phone. */
export function showMarketState(): void {
  useDock.setState({ desk: 'state', pocket: 'trade' });
  // On a phone it stands below ticket and orders.
  requestAnimationFrame(() => document.querySelector('.panel-state')?.scrollIntoView({ block: 'start' }));
}
