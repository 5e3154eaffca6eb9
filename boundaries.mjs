// Runs the import-direction rules and fails when fewer modules were read than there are source files:
// a check that read nothing must not pass.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOTS = ['app', 'engine', 'workers', 'proxy', 'e2e', 'bench'];

function sourcesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesUnder(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

const expected = ROOTS.flatMap(sourcesUnder).length;
let report;
try {
  report = execFileSync('npx', ['depcruise', '--output-type', 'json', ...ROOTS], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
} catch (error) {
  report = error.stdout;
}
const { modules, summary } = JSON.parse(report);
const read = modules.filter(
  (m) => ROOTS.some((root) => m.source.startsWith(`${root}/`)) && /\.tsx?$/.test(m.source),
).length;
for (const v of summary.violations) console.error(`${v.rule.name}: ${v.from} -> ${v.to}`);
console.log(`boundaries: ${read} of ${expected} source files read, ${summary.violations.length} violations`);
process.exit(read < expected || expected === 0 || summary.violations.length > 0 ? 1 : 0);
