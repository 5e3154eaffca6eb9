import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Wraps the modules it imports. */
const INJECTED = 'engine/risk/guards/fail-closed.test.ts';

export default defineConfig({
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The page comes from the reader's own machine: one file is as quick as several.
    chunkSizeWarningLimit: 1_000,
  },
  test: {
    setupFiles: ['engine/testkit/property-seed.ts'],
    testTimeout: 60_000,
    // Several files wait for sockets and timers: one more than the cores of a small machine.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        // The engine has no state of its own: its modules are loaded once a worker.
        test: { name: 'engine', include: ['engine/**/*.test.ts'], exclude: [INJECTED], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'shells',
          include: ['{workers,proxy,app,e2e,bench}/**/*.test.{ts,tsx}', 'tidy.test.ts', INJECTED],
        },
      },
    ],
  },
});
