import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** The console in a real browser: `npm run test:browser`, after `npm run build`, with Debian's chromium installed. */
export default defineConfig({
  ...base,
  test: {
    include: ['test/browser/**/*.spec.ts'],
    // Most specs start the built program; one that must make it fail runs it in its own process.
    globalSetup: ['libs/testing/harness/postgres.global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Each spec starts a program and a browser of its own.
    fileParallelism: false,
    // The steps of a month build on each other: after the first that fails, the rest would only wait in vain.
    bail: 1,
  },
});
