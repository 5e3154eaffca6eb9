import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

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
    include: ['{engine,workers,proxy,app,e2e,bench}/**/*.test.{ts,tsx}', 'tidy.test.ts'],
    setupFiles: ['engine/testkit/property-seed.ts'],
    testTimeout: 60_000,
    // Several files wait for sockets and timers: more than the cores of a small machine.
    maxWorkers: 4,
    // No test changes what another one imports: modules are loaded once a worker.
    isolate: false,
  },
});
