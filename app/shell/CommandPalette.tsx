/** The command palette: type a few letters, press Enter. Every row shows its keys. */
import { useState } from 'react';
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete';
import { Dialog } from 'react-aria-components/Dialog';
import { Input } from 'react-aria-components/Input';
import { Menu, MenuItem } from 'react-aria-components/Menu';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { SearchField } from 'react-aria-components/SearchField';
import { allCommands } from '../commands/commands.ts';
import { showKeys } from '../commands/hotkeys.ts';
import { MAC } from '../commands/listen-for-keys.ts';
import { closeDialog } from '../state/dialogs.ts';

export function CommandPalette(): React.ReactElement {
  const { startsWith } = useFilter({ sensitivity: 'base' });
  const [commands] = useState(allCommands);
  // Every typed word must begin a word of the command: letters in the middle of words find too much.
  const everyWord = (text: string, typed: string): boolean =>
    typed
      .trim()
      .split(/\s+/)
      .every((part) => text.split(/[^\p{L}\p{N}]+/u).some((word) => startsWith(word, part)));
  return (
    <ModalOverlay
      className="scrim scrim-top"
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) closeDialog();
      }}
    >
      <Modal className="modal palette">
        <Dialog className="dialog" aria-label="Command palette">
          <Autocomplete filter={everyWord}>
            <SearchField className="palette-search" aria-label="Find a command" autoFocus>
              <Input className="palette-input" placeholder="What do you want to do?" />
            </SearchField>
            <Menu
              className="list-box palette-list"
              aria-label="Commands"
              items={commands}
              renderEmptyState={() => <p className="list-empty">No command has these letters.</p>}
              onAction={(id) => {
                closeDialog();
                const command = commands.find((candidate) => candidate.id === id);
                // The palette goes first: a command may open a dialog of its own.
                if (command !== undefined) setTimeout(command.run, 0);
              }}
            >
              {(command) => (
                <MenuItem
                  id={command.id}
                  className="list-item palette-item"
                  textValue={`${command.title} ${command.group}`}
                >
                  <span className="muted palette-group">{command.group}</span>
                  <span>{command.title}</span>
                  {command.keys === null ? null : <kbd>{showKeys(command.keys, MAC)}</kbd>}
                </MenuItem>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
