/** Browser tests: a real Chromium against the built app behind the real proxy. */
import { defineConfig } from '@playwright/test';

/** Specs that measure seconds or paints: they run one after the other, the rest two at a time. */
const TIMED: string[] = ['first-light', 'live-book', 'live-faults', 'resilience'].map(
  (spec) => `${spec}.spec.ts`,
);

const executablePath = process.env['HEADROOM_CHROMIUM'] ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'e2e',
  timeout: 90_000,
  workers: 1,
  // A second try is counted and printed as flaky; a busy machine must not hide what the other tests found.
  retries: 1,
  projects: [
    { name: 'timed', testMatch: TIMED },
    { name: 'untimed', testMatch: '*.spec.ts', testIgnore: TIMED },
  ],
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    screenshot: 'only-on-failure',
  },
});
