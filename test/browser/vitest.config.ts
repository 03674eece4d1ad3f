import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** The console in a real browser: `npm run test:browser`, after `npm run build`, with Debian's chromium installed. */
export default defineConfig({
  ...base,
  test: {
    include: ['test/browser/**/*.spec.ts'],
    // Of the database that each spec has to itself, whether the built program uses it or one in the spec's own process.
    globalSetup: ['libs/testing/harness/postgres.global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A browser that waits for its server takes longer than the second that is usual.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    // Each spec starts a program of its own; it and the browser wait for each other half of the time.
    maxWorkers: 2,
    // The specs that a worker runs share its browser.
    isolate: false,
    // The steps of a month build on each other: after the first that fails, the rest would only wait in vain.
    bail: 1,
  },
});
