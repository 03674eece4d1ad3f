import type { Phase } from '../month/phases.js';
import { fault } from './fault.js';

const FREEZE_MS = 5_000;
/** Where jobs are queued. */
const WITH_JOBS: readonly Phase[] = ['import', 'redelivery', 'rendering', 'sending'];

export const REDIS_FAULTS = [
  fault('redis-flushed', WITH_JOBS, async ({ redis }) => {
    await redis.flush();
    return 'FLUSHALL';
  }),
  fault('redis-restarted', WITH_JOBS, async ({ redis }) => {
    await redis.restart();
    return 'SIGKILL, empty again';
  }),
  fault('redis-frozen', WITH_JOBS, async ({ redis }) => {
    await redis.freeze(FREEZE_MS);
    return 'SIGSTOP';
  }),
];
