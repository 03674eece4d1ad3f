import { PHASES } from '../month/phases.js';
import { fault } from './fault.js';

const FREEZE_MS = 5_000;

export const POSTGRES_FAULTS = [
  fault('postgres-restarted', PHASES, async ({ postgres }) => {
    await postgres.restartImmediately();
    return 'SIGQUIT, recovery';
  }),
  fault('backends-terminated', PHASES, async ({ postgres }) => {
    await postgres.terminateBackends();
    return 'all connections';
  }),
  fault('postgres-frozen', PHASES, async ({ postgres }) => {
    await postgres.freeze(FREEZE_MS);
    return 'SIGSTOP';
  }),
];
