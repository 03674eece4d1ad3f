import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** The suites that need a real Redis: `npm run test:redis`, with Debian's redis-server installed. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  { test: { include: ['test/redis/**/*.spec.ts'], globalSetup: ['test/redis/redis-server.global-setup.ts'], fileParallelism: false } },
);
