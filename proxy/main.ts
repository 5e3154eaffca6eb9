/** Runs the proxy from the command line: `tsx proxy/main.ts --port 4173`. */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createProxy } from './server.ts';

function portOf(text: string, name: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
    console.error(`--${name} must be a port number from 1 to 65535, found "${text}"`);
    process.exit(1);
  }
  return port;
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4173' },
    /** Development server whose pages may open the feed. It serves the app, so the proxy then does not. */
    'page-port': { type: 'string' },
  },
});
const port = portOf(values.port, 'port');
const pageText = values['page-port'];
const pagePort = pageText === undefined ? null : portOf(pageText, 'page-port');

try {
  const proxy = await createProxy({
    port,
    pagePort,
    distFolder: pagePort === null ? join(import.meta.dirname, '..', 'dist') : null,
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void proxy.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Started by start.mjs: when that process is gone, nothing is left behind.
  process.on('disconnect', stop);
  if (process.send !== undefined) process.send({ listening: proxy.url });
  else console.log(`Headroom is at ${proxy.url}`);
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(taken ? `Port ${port} is taken.` : String(error));
  process.exit(1);
}
