import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** The race for a period in full length: `npm run test:race`. In `npm test` it is short. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  { test: { include: ['test/scenarios/period-race.int.spec.ts'], provide: { raceSeconds: 20 } } },
);
