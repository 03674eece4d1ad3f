import { CLOCK_FAULTS } from './clock-faults.js';
import { DISK_FAULTS } from './disk-faults.js';
import type { Fault } from './fault.js';
import { MAIL_FAULTS } from './mail-faults.js';
import { POSTGRES_FAULTS } from './postgres-faults.js';
import { PROCESS_FAULTS } from './process-faults.js';
import { REDIS_FAULTS } from './redis-faults.js';

/** Everything that can be done. */
export const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...REDIS_FAULTS,
  ...POSTGRES_FAULTS,
  ...MAIL_FAULTS,
  ...DISK_FAULTS,
  ...CLOCK_FAULTS,
];
