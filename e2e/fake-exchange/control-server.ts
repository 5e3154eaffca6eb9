/** The control door on its own port: position, oracle and faults for tests that live in another process. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULT_KINDS, type FaultKind } from './fault-plan.ts';
import type { Faults } from './faults.ts';
import type { Oracle } from './oracle.ts';
import type { Playback } from './playback.ts';

export interface ControlServerOptions {
  readonly faults: Faults;
  readonly oracle: Oracle;
  readonly playback: Playback;
  readonly stats: () => unknown;
}

function faultKind(text: string | null): FaultKind | null {
  return FAULT_KINDS.find((kind) => kind === text) ?? null;
}

function changeFaults(options: ControlServerOptions, action: string, query: URLSearchParams): unknown {
  const kind = faultKind(query.get('kind'));
  if (action === 'stop') options.faults.stop(kind ?? undefined);
  else if (kind !== null) options.faults.start(kind);
  else if (/^\d+$/.test(query.get('seed') ?? '')) options.faults.start(Number(query.get('seed')));
  else return undefined;
  return { active: options.faults.active() };
}

/** The answer to one request, or undefined when there is none. */
function answer(options: ControlServerOptions, method: string, url: URL): unknown {
  const path = url.pathname.replace(/^\/control\//, '');
  if (method === 'GET') {
    if (path === 'position') return options.playback.position();
    if (path === 'levels') return options.oracle.levelsAt(Number(url.searchParams.get('u'))) ?? undefined;
    if (path === 'stats') return options.stats();
    if (path === 'faults') {
      return {
        active: options.faults.active(),
        counts: Object.fromEntries(options.faults.counts()),
        kinds: FAULT_KINDS,
      };
    }
    return undefined;
  }
  if (method !== 'POST') return undefined;
  if (path === 'pause') options.playback.pause();
  else if (path === 'resume') options.playback.resume();
  else if (path === 'start') options.playback.start();
  else if (path === 'faults/start') return changeFaults(options, 'start', url.searchParams);
  else if (path === 'faults/stop') return changeFaults(options, 'stop', url.searchParams);
  else return undefined;
  return options.playback.position();
}

/** Opens the control door; resolves with its port and a way to shut it. */
export async function openControl(
  options: ControlServerOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const found = answer(options, request.method ?? '', url);
    response.writeHead(found === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(found ?? { error: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
