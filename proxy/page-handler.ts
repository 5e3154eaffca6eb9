/** Answers HTTP requests with the files of the built app, and everything else with a refusal. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { securityHeaders } from './security-headers.ts';
import { findStaticFile, type StaticFile } from './static-files.ts';
import { type AllowedNames, refuseHost } from './upgrade-guard.ts';

function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer | string,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Serves one request. */
export function handlePage(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, StaticFile>,
  allowed: AllowedNames,
): void {
  const refusal = refuseHost(request, allowed);
  // The host goes into the content policy only once it is known to be ours.
  const common = securityHeaders(refusal === null ? (request.headers.host ?? '').toLowerCase() : '127.0.0.1');
  const plain = { ...common, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  if (refusal !== null) {
    answer(response, refusal.status, plain, `${refusal.reason}\n`);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answer(response, 405, { ...plain, Allow: 'GET, HEAD' }, 'method not allowed\n');
    return;
  }
  const file = findStaticFile(files, request.url ?? '');
  if (file === null) {
    answer(response, 404, plain, 'not found\n');
    return;
  }
  const headers = { ...common, 'Content-Type': file.contentType, 'Cache-Control': file.cacheControl };
  answer(response, 200, headers, file.body);
}
