/** Which row's menu stands open. */
import { create } from 'zustand';

interface RowMenuState {
  readonly anchor: HTMLElement | null;
  readonly positionId: string | null;
  readonly accountId: string | null;
}

export const useRowMenu = create<RowMenuState>(() => ({ anchor: null, positionId: null, accountId: null }));

export function openRowMenu(anchor: HTMLElement, positionId: string | null, accountId: string | null): void {
  useRowMenu.setState({ anchor, positionId, accountId });
}

export function closeRowMenu(): void {
  useRowMenu.setState({ anchor: null, positionId: null, accountId: null });
}
