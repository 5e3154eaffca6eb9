/** Files dropped anywhere on the window: positions are previewed, closes are read, anything else is a recording; on the SPAN screen, its files. */
import { useEffect, useState } from 'react';
import { tell } from '../state/notices.ts';
import { previewImport } from '../state/portfolio-files.ts';
import { useScreen } from '../state/screen.ts';
import { openRecording } from '../state/source-store.ts';
import { holdsCloses, loadHistory } from '../state/tail-store.ts';

/** On the SPAN screen positions and parameters are told apart by name; its parts are loaded when they are needed. */
async function takeForSpan(file: File): Promise<void> {
  const { importPositions } = await import('../state/span-files.ts');
  const { readSetFile } = await import('../state/span-store.ts');
  if (/\.(csv|json|pos)$/i.test(file.name)) await importPositions(file);
  else await readSetFile(file);
}

/** A table of closes is told from positions by its header. */
async function takeTable(file: File): Promise<void> {
  if (await holdsCloses(file)) await loadHistory(file);
  else await previewImport(file);
}

/** Positions and closes are CSV or JSON; recordings are everything else. */
function take(files: FileList): void {
  const [file, second] = files;
  if (file === undefined) return;
  if (second !== undefined)
    tell('trouble', `expected one file, found ${files.length}; ${file.name} is taken`);
  if (useScreen.getState().screen === 'span') void takeForSpan(file);
  else if (/\.(csv|json)$/i.test(file.name)) void takeTable(file);
  else void openRecording(file);
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function DropTarget(): React.ReactElement | null {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) take(event.dataTransfer.files);
    };
    window.addEventListener('dragover', onOver, { signal });
    window.addEventListener('dragleave', onLeave, { signal });
    window.addEventListener('drop', onDrop, { signal });
    return () => listening.abort();
  }, []);
  const onSpan = useScreen((state) => state.screen === 'span');
  if (!over) return null;
  return (
    <div className="drop-target" aria-hidden="true">
      <p className="drop-title">Drop to open</p>
      <p>
        {onSpan
          ? 'CSV or JSON: positions, or a book of portfolios. Any other file: a parameter set, .spn, .pa2 or a zip of either.'
          : 'CSV or JSON: positions, shown before they are taken in, or closes, known by their time column. Any other file: a recording to replay.'}
      </p>
    </div>
  );
}
