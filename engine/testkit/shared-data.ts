// Where recorded exchange data lies beside a checkout; tests that need it skip with a message when it is absent.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../shared/data');

/** Whether the folder of recorded data is there. */
export const HAS_SHARED_DATA: boolean = existsSync(folder);

/** Suffix for the title of a skipped suite. */
export const SHARED_DATA_NOTE: string = HAS_SHARED_DATA
  ? ''
  : ' (skipped: no recorded data beside this checkout)';

/** The text of one file, by its path inside the folder. */
export function readSharedText(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** The bytes of one file, by its path inside the folder. */
export function readSharedBytes(path: string): Buffer {
  return readFileSync(join(folder, path));
}
