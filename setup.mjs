// What both commands need before anything else: the right Node, and the packages that the lock file names.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(fileURLToPath(import.meta.url));
const MIN_NODE = [20, 19];

/** Null when this Node will do; otherwise what to tell the person. */
export function nodeProblem() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return null;
  return `Headroom needs Node ${MIN_NODE.join('.')} or newer; this is ${process.versions.node}. Install it from https://nodejs.org and run this again.`;
}

/** Whether what is installed is what the lock file names: every package, at its version, with its integrity. */
export function installedMatchesLock() {
  const read = (path) => {
    try {
      return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
    } catch {
      return undefined;
    }
  };
  const wanted = read('package-lock.json');
  const found = read('node_modules/.package-lock.json');
  if (wanted === undefined || found === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const installed = found[path];
    // Packages for other platforms are listed as optional and rightly absent.
    if (installed === undefined) return entry.optional === true;
    return installed.version === entry.version && installed.integrity === entry.integrity;
  });
}
