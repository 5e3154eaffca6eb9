/** Asks before something is taken away. */
import { closeDialog } from '../state/dialogs.ts';
import { AppDialog } from './AppDialog.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly run: () => void;
}

export function ConfirmDialog({ title, text, action, run }: ConfirmDialogProps): React.ReactElement {
  return (
    <AppDialog title={title} role="alertdialog">
      <div className="dialog-form">
        <p>{text}</p>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={closeDialog}>
            Cancel
          </button>
          <button
            type="button"
            className="button button-danger"
            onClick={() => {
              closeDialog();
              run();
            }}
          >
            {action}
          </button>
        </footer>
      </div>
    </AppDialog>
  );
}
