/** The dialog that stands open, if any. */
import { AdlDialog } from '../screens/guards/AdlDialog.tsx';
import { ReduceDialog } from '../screens/guards/ReduceDialog.tsx';
import { AmendDialog } from '../screens/market/paper/AmendDialog.tsx';
import { OrderStoryDialog } from '../screens/market/paper/OrderStoryDialog.tsx';
import { AccountDialog } from '../screens/market/positions/AccountDialog.tsx';
import { ImportDialog } from '../screens/market/positions/ImportDialog.tsx';
import { PositionDialog } from '../screens/market/positions/PositionDialog.tsx';
import { useDialog } from '../state/dialogs.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { KeysDialog } from './KeysDialog.tsx';

export function Dialogs(): React.ReactElement | null {
  const open = useDialog((state) => state.open);
  switch (open?.kind) {
    case 'position':
      return <PositionDialog {...open} />;
    case 'account':
      return <AccountDialog accountId={open.accountId} />;
    case 'import':
      return <ImportDialog name={open.name} imported={open.imported} />;
    case 'confirm':
      return <ConfirmDialog {...open} />;
    case 'order-story':
      return <OrderStoryDialog instrument={open.instrument} id={open.id} />;
    case 'amend-order':
      return <AmendDialog instrument={open.instrument} order={open.order} />;
    case 'reduce':
      return <ReduceDialog rowId={open.rowId} />;
    case 'adl':
      return <AdlDialog rowId={open.rowId} />;
    case 'palette':
      return <CommandPalette />;
    case 'keys':
      return <KeysDialog />;
    default:
      return null;
  }
}
