import type { JobContext } from '#jobs';
import type { ReadingProgress } from './stage-lines.js';

const INTERVAL_MS = 250;

/** The work was cancelled, or another attempt brought it to its end: whoever still goes on with it stops. */
export class NoLongerWanted extends Error {}

/**
 * Tells the queue how far the reading is, a few times a second however fast batches come, and asks as often whether it is still wanted.
 * The result throws {@link NoLongerWanted} if not.
 */
export function watchedProgress(
  report: JobContext['progress'],
  isWanted: () => Promise<boolean>,
): (progress: ReadingProgress) => Promise<void> {
  let last = -Infinity;
  return async (progress) => {
    const now = performance.now();
    if (now - last < INTERVAL_MS) return;
    last = now;
    if (!(await isWanted())) throw new NoLongerWanted();
    await report(progress);
  };
}
