/** Positions as files: import with a preview, export, and an empty template. */
import { risk } from '../../workers/client/risk.ts';
import { showDialog } from './dialogs.ts';
import { tell } from './notices.ts';
import { usePortfolio } from './portfolio-store.ts';
import { askForFile, saveText } from './save-file.ts';

type Format = 'csv' | 'json';

/** Beyond this a positions file is no positions file. */
const LARGEST_FILE_BYTES = 8 * 1024 * 1024;
const MIME: Readonly<Record<Format, string>> = { csv: 'text/csv', json: 'application/json' };

/** Reads a positions file and shows what would be imported. Nothing is put in force. */
export async function previewImport(file: File): Promise<void> {
  if (file.size > LARGEST_FILE_BYTES) {
    tell('trouble', `${file.name}: expected a positions file of at most 8 MB, found ${file.size} bytes`);
    return;
  }
  let text: string;
  try {
    text = await file.text();
  } catch {
    tell('trouble', `${file.name} could not be read; it may have been moved or changed`);
    return;
  }
  const result = await risk.importPositions({ name: file.name, text });
  if (result.ok) showDialog({ kind: 'import', name: file.name, imported: result.value });
  else tell('trouble', `${file.name}: ${result.failure.message}`);
}

export function askForImport(): void {
  askForFile('.csv,.json', (file) => void previewImport(file));
}

export async function exportPortfolio(format: Format): Promise<void> {
  const { portfolio } = usePortfolio.getState();
  const result = await risk.exportPositions({ portfolio, format });
  if (result.ok) saveText(`headroom-positions.${format}`, MIME[format], result.value);
  else tell('trouble', `The export failed: ${result.failure.message}`);
}

export async function saveTemplate(format: Format): Promise<void> {
  const result = await risk.template(format);
  if (result.ok) saveText(`headroom-template.${format}`, MIME[format], result.value);
  else tell('trouble', `The template could not be made: ${result.failure.message}`);
}
