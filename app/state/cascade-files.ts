/** Files of a run: saving events, accounts and the scenario, and comparing a file with the run on screen. */
import { lab } from '../../workers/client/lab.ts';
import type { ImportedFile } from '../../workers/contract/lab-api.ts';
import { runScenario, useCascade } from './cascade-store.ts';
import { tell } from './notices.ts';
import { askForFile, saveText } from './save-file.ts';

/** Saves a part of the run, as it is at the cursor. */
export async function exportRun(
  what: 'scenario' | 'events' | 'accounts',
  format: 'csv' | 'json',
): Promise<void> {
  const { main, eventCount, market } = useCascade.getState();
  if (main === null) return;
  const answer = await lab.exportFile({ run: 'main', what, format, eventCount, market });
  if (!answer.ok) {
    tell('trouble', answer.failure.message);
    return;
  }
  saveText(
    `${main.scenario.id}-${what}.${format}`,
    format === 'csv' ? 'text/csv' : 'application/json',
    answer.value,
  );
}

/** Asks for a file: a scenario is run, events are compared with the run on screen. */
export async function importRunFile(): Promise<void> {
  askForFile('.json,.csv', (file) => void readRunFile(file));
}

async function readRunFile(file: File): Promise<void> {
  const answer = await lab.importFile({ run: 'main', text: await file.text() });
  if (!answer.ok) tell('trouble', `${file.name}: ${answer.failure.message}`);
  else if (answer.value.scenario !== null) await runScenario(answer.value.scenario);
  else tell('news', `${file.name}: ${importWords(answer.value)}`);
}

/** What an imported file was found to be, in words. */
export function importWords({ what, rows, sameBytes, comparison }: ImportedFile): string {
  const bytes = sameBytes ? 'written again it gives the same bytes' : 'written again it gives other bytes';
  if (comparison === null) return `${rows} ${what} read; ${bytes}`;
  if (comparison.kind === 'identical') return `${rows} events, identical to this run; ${bytes}`;
  return `${rows} events, the same as this run through event ${comparison.sameEvents}, different by event ${comparison.seenAt}`;
}
