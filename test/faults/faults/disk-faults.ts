import { setTimeout as pause } from 'node:timers/promises';
import type { Phase } from '../month/phases.js';
import { fault } from './fault.js';

/** From below to far above what the attempts of a job wait for, so that some jobs get over it and some give up. */
const SHORTEST_MS = 500;
const LONGEST_MS = 6_000;
/** Where files are written. */
const WITH_FILES: readonly Phase[] = ['import', 'redelivery', 'rendering', 'journals'];

export const DISK_FAULTS = [
  {
    ...fault('disk-full', WITH_FILES, async ({ disk }, random) => {
      if (disk === undefined) return null;
      const milliseconds = SHORTEST_MS + random.below(LONGEST_MS - SHORTEST_MS);
      await disk.fill();
      try {
        await pause(milliseconds);
      } finally {
        await disk.free();
      }
      return 'no byte free';
    }),
    needsDisk: true,
  },
];
