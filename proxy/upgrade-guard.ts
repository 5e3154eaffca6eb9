/** Decides whether a request may reach the page or the feed: exact host, exact origin, exact subprotocol. */

import type { IncomingMessage } from 'node:http';
import { PROXY_FEED_PATH, PROXY_PROTOCOL } from '../engine/market/wire/proxy-control.ts';

/** The names under which this proxy may be addressed. */
export interface AllowedNames {
  /** Values of the Host header, lower case. */
  readonly hosts: ReadonlySet<string>;
  /** Values of the Origin header, exactly. */
  readonly origins: ReadonlySet<string>;
}

/** Own names for a port; `pagePort` adds the origins of a development server on this machine. */
export function allowedNames(port: number, pagePort: number | null): AllowedNames {
  const names = ['127.0.0.1', 'localhost'];
  const hosts = names.map((name) => `${name}:${port}`);
  const ports = pagePort === null ? [port] : [port, pagePort];
  return {
    hosts: new Set(hosts),
    origins: new Set(ports.flatMap((p) => names.map((name) => `http://${name}:${p}`))),
  };
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 403 | 404 | 405 | 421 | 426;
  readonly reason: string;
}

/** The values of a header as sent, one for each time that it was sent. */
function rawHeader(request: IncomingMessage, name: string): readonly string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i]?.toLowerCase() === name) values.push(request.rawHeaders[i + 1] ?? '');
  }
  return values;
}

/** Refuses a Host that is not ours: a page on another name that resolves to this machine gets nothing. */
export function refuseHost(request: IncomingMessage, allowed: AllowedNames): Refusal | null {
  const hosts = rawHeader(request, 'host');
  const host = hosts[0];
  if (hosts.length !== 1 || host === undefined || !allowed.hosts.has(host.toLowerCase())) {
    return { status: 421, reason: 'unknown host' };
  }
  return null;
}

/** Checks the upgrade to the feed socket; null lets it through. */
export function refuseUpgrade(request: IncomingMessage, allowed: AllowedNames): Refusal | null {
  const host = refuseHost(request, allowed);
  if (host !== null) return host;
  if (request.method !== 'GET') return { status: 405, reason: 'method' };
  if (request.url !== PROXY_FEED_PATH) return { status: 404, reason: 'unknown path' };
  const origins = rawHeader(request, 'origin');
  const origin = origins[0];
  if (origins.length !== 1 || origin === undefined || !allowed.origins.has(origin)) {
    return { status: 403, reason: 'unknown origin' };
  }
  const offered = rawHeader(request, 'sec-websocket-protocol')
    .join(',')
    .split(',')
    .map((name) => name.trim());
  if (!offered.includes(PROXY_PROTOCOL)) return { status: 400, reason: 'subprotocol missing' };
  return null;
}
