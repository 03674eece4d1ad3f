import type { FailedJob } from '#jobs';
import type { Plain } from '../http/written.dto.js';
import type { FailedJobNote } from './jobs.dto.js';

export function failedJobNote({ jobId, about, reason, failedAt }: FailedJob): Plain<FailedJobNote> {
  return { jobId, about, reason, failedAt };
}
