#!/usr/bin/env node
// Runs every check of Headroom: installs what is missing, finds or installs a Chromium, then types, lint, boundaries,
// dead code, unit, property and vector tests, build, and the browser tests. Prints the totals; fails when anything fails.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedMatchesLock, nodeProblem, root } from './setup.mjs';

const started = Date.now();
const problem = nodeProblem();
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

function run(command, words, env = {}) {
  return spawnSync(command, words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  }).status;
}

if (!installedMatchesLock()) {
  console.log('Installing packages from the lock file...');
  if (run('npm', ['ci', '--include=dev', '--loglevel=error']) !== 0) process.exit(1);
}

/** Path of a Chromium that starts, or null. */
async function findChromium() {
  const { chromium } = await import('@playwright/test');
  const candidates = [
    process.env.HEADROOM_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    chromium.executablePath(),
  ];
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path)) ?? null;
}

async function findOrInstallChromium() {
  const found = await findChromium();
  if (found !== null) return found;
  console.log('No Chromium found; installing one...');
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
  } else {
    run('npx', ['playwright', 'install', 'chromium']);
  }
  return findChromium();
}

const reports = mkdtempSync(join(tmpdir(), 'headroom-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const failedSteps = [];

/** Runs one step that passes or fails as a whole, and prints what it said when it is done. */
async function check(name, command, words) {
  const begun = Date.now();
  const step = spawn(command, words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const said = [];
  for (const stream of [step.stdout, step.stderr]) stream.on('data', (chunk) => said.push(chunk));
  const passed = await new Promise((resolve) => {
    step.on('error', (error) => {
      said.push(Buffer.from(`${error.message}\n`));
      resolve(false);
    });
    step.on('close', (status) => resolve(status === 0));
  });
  process.stdout.write(Buffer.concat(said));
  console.log(`${passed ? 'ok' : 'FAILED'}: ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  totals[passed ? 'passed' : 'failed']++;
  if (!passed) failedSteps.push(name);
}

/** Runs a test runner and adds up its own report; a run that reports no test has failed. */
function suite(name, command, words, env, readReport) {
  const begun = Date.now();
  const status = run(command, words, env);
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = readReport();
  } catch (error) {
    console.error(`no report of ${name}: ${error.message}`);
  }
  for (const key of Object.keys(totals)) totals[key] += counts[key];
  const empty = counts.passed + counts.failed === 0;
  if (status !== 0 || empty) {
    failedSteps.push(name);
    if (counts.failed === 0) totals.failed++;
  }
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  console.log(
    `${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`,
  );
}

const readJson = (file) => JSON.parse(readFileSync(join(reports, file), 'utf8'));
const npx = (name) => join(root, 'node_modules', '.bin', name);

// Types take as long as all the others together, on a core of their own.
await Promise.all([
  check('types', npx('tsc'), ['-b']),
  (async () => {
    await check('lint', npx('biome'), ['ci', '.', '--error-on-warnings']);
    await check('boundaries', process.execPath, ['boundaries.mjs']);
    await check('dead code', npx('knip'), []);
    await check('build', npx('vite'), ['build', '--logLevel', 'warn']);
  })(),
]);
suite(
  'unit, property and vector tests',
  npx('vitest'),
  ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${join(reports, 'unit.json')}`],
  {},
  () => {
    const report = readJson('unit.json');
    return {
      passed: report.numPassedTests,
      failed:
        report.numFailedTests +
        report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
          .length,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  },
);

const chromium = await findOrInstallChromium();
if (chromium === null) {
  console.error('FAILED: no Chromium could be found or installed; set HEADROOM_CHROMIUM to the path of one.');
  totals.failed++;
  failedSteps.push('browser');
} else {
  for (const [project, workers] of [
    ['untimed', 2],
    ['timed', 1],
  ]) {
    const report = `${project}.json`;
    suite(
      `browser tests, ${project}`,
      npx('playwright'),
      ['test', `--project=${project}`, `--workers=${workers}`, '--reporter=list,json'],
      { HEADROOM_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, report) },
      () => {
        const { stats } = readJson(report);
        if (stats.flaky > 0) console.log(`flaky, passed at the second try: ${stats.flaky}`);
        return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
      },
    );
  }
}
rmSync(reports, { recursive: true, force: true });

console.log(`\nall checks took ${((Date.now() - started) / 1000).toFixed(0)} s`);
if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(failedSteps.length > 0 ? 1 : 0);
