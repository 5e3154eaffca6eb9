/** Which dialog stands open; at most one. */
import { create } from 'zustand';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { OwnOrder, PaperOrderId } from '../../workers/contract/paper.ts';
import type { ImportedPortfolio } from '../../workers/contract/risk-api.ts';

export type OpenDialog =
  | {
      readonly kind: 'position';
      readonly accountId: string | null;
      readonly positionId: string | null;
      readonly instrument: InstrumentId | null;
    }
  | { readonly kind: 'account'; readonly accountId: string | null }
  | { readonly kind: 'import'; readonly name: string; readonly imported: ImportedPortfolio }
  | {
      readonly kind: 'confirm';
      readonly title: string;
      readonly text: string;
      readonly action: string;
      readonly run: () => void;
    }
  | { readonly kind: 'order-story'; readonly instrument: InstrumentId; readonly id: PaperOrderId }
  | { readonly kind: 'amend-order'; readonly instrument: InstrumentId; readonly order: OwnOrder }
  /** Drawn by the Cascade screen. */
  | { readonly kind: 'scenario' }
  | { readonly kind: 'crowd' }
  /** Drawn by the rules of the Guards screen. */
  | { readonly kind: 'backtest' }
  | { readonly kind: 'reduce'; readonly rowId: string }
  | { readonly kind: 'adl'; readonly rowId: string }
  | { readonly kind: 'palette' }
  | { readonly kind: 'keys' };

export const useDialog = create<{ readonly open: OpenDialog | null }>(() => ({ open: null }));

export function showDialog(open: OpenDialog): void {
  useDialog.setState({ open });
}

export function closeDialog(): void {
  useDialog.setState({ open: null });
}
