/** Entry of the risk worker. */
import { expose } from 'comlink';
import { RiskService } from './service.ts';

/** Bracket tables are served by the page's own origin. */
async function readTable(date: string): Promise<string> {
  const response = await fetch(`/brackets/${date}.txt`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

/** So is the table of outright margins. */
async function readMargins(): Promise<string> {
  const response = await fetch('/span/outright-margins.txt');
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

// A defect in a promise nobody awaits must end this worker like any other: only so is it seen and mended.
addEventListener('unhandledrejection', (event) => {
  throw event.reason;
});

expose(new RiskService(readTable, readMargins));
