/** The frame of every dialog: modal, closed by Escape, focus goes back to where it came from. */
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { closeDialog } from '../state/dialogs.ts';
import { CloseIcon } from './icons.tsx';

interface AppDialogProps {
  readonly title: string;
  readonly width?: 'narrow' | 'wide';
  readonly role?: 'dialog' | 'alertdialog';
  readonly children: React.ReactNode;
}

export function AppDialog({
  title,
  width = 'narrow',
  role = 'dialog',
  children,
}: AppDialogProps): React.ReactElement {
  return (
    <ModalOverlay
      className="scrim"
      isOpen
      isDismissable={role === 'dialog'}
      onOpenChange={(isOpen) => {
        if (!isOpen) closeDialog();
      }}
    >
      <Modal className={`modal modal-${width}`}>
        <Dialog className="dialog" role={role}>
          <header className="dialog-head">
            <Heading slot="title" className="dialog-title">
              {title}
            </Heading>
            <button type="button" className="icon-button" aria-label="Close" onClick={closeDialog}>
              <CloseIcon />
            </button>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
