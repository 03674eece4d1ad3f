import type { Event } from '#event-store';

/** A job as the queue gets it; `data` is the payload that the catalogue declares for `name`. */
interface LoggedJob {
  readonly jobId: string;
  readonly name: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

/** All attempts of a job failed for a technical reason. It is left alone until somebody has it tried again. */
export type JobExhausted = Event<'JobExhausted', LoggedJob & { readonly attempts: number; readonly reason: string }>;
/** Somebody has it tried again, with all its attempts. */
export type JobRetried = Event<'JobRetried', LoggedJob>;
/** A job that was tried again is done. */
export type JobRecovered = Event<'JobRecovered', { readonly jobId: string; readonly name: string }>;
/** Work that failed was given up: nobody is owed it any more. */
export type JobGivenUp = Event<'JobGivenUp', { readonly jobId: string; readonly name: string }>;
export type JobEvent = JobExhausted | JobRetried | JobRecovered | JobGivenUp;

/** Stream of what became of one job's failures; a job that never ran out of attempts has none. */
export function jobStream(jobId: string): string {
  // Encoded, so that no two ids ever share a stream.
  return `job-${encodeURIComponent(jobId)}`;
}
