/** Entry of the risk worker. */
import { expose } from 'comlink';
import { RiskService } from './service.ts';

/** Bracket tables are served by the page's own origin. */
async function readTable(date: string): Promise<string> {
  const response = await fetch(`/brackets/${date}.txt`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

expose(new RiskService(readTable));
