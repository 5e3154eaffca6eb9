/** Serves the built app: only files that were there at start, so no path from a client ever reaches the disk. */

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** One file of the app, ready to send. */
export interface StaticFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** Vite writes `name-<8 characters of hash>.ext` into `assets/`: such a file never changes. */
const HASHED = /^\/assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

function readTree(folder: string, prefix: string, into: Map<string, StaticFile>): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    // Dot files, links and unknown kinds of file are not part of the app.
    if (entry.name.startsWith('.')) continue;
    const path = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) {
      readTree(join(folder, entry.name), path, into);
      continue;
    }
    const contentType = MIME_TYPES[extname(entry.name).toLowerCase()];
    if (!entry.isFile() || contentType === undefined) continue;
    into.set(path, {
      body: readFileSync(join(folder, entry.name)),
      contentType,
      cacheControl: HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  }
}

/** The files of the built app by URL path (`/assets/main-3f2a9c01.js`); `/` is `index.html`. */
export function readStaticFiles(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  readTree(folder, '', files);
  const page = files.get('/index.html');
  if (page !== undefined) files.set('/', page);
  return files;
}

/**
 * The file for a request target, or null.
 *
 * The target is looked up as text in the table of files. Nothing is resolved, so `..`, encoded slashes, null bytes
 * and absolute paths are simply names that are not there.
 */
export function findStaticFile(files: ReadonlyMap<string, StaticFile>, target: string): StaticFile | null {
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  const exact = files.get(path);
  if (exact !== undefined) return exact;
  if (!path.includes('%')) return null;
  try {
    return files.get(decodeURIComponent(path)) ?? null;
  } catch {
    return null;
  }
}
