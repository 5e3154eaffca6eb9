/** Entry of the SPAN worker. */
import { expose } from 'comlink';
import { SpanService } from './service.ts';

/** The tables of the built-in sets are served by the page's own origin. */
async function readTable(name: string): Promise<string> {
  const response = await fetch(`/span/${name}.txt`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

// A defect in a promise nobody awaits must end this worker like any other: only so is it seen and mended.
addEventListener('unhandledrejection', (event) => {
  throw event.reason;
});

expose(new SpanService(readTable));
