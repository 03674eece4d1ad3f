import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { JobExhausted, JobGivenUp, JobRecovered, JobRetried } from './job.events.js';

/** The list of work that failed: exhausted until somebody retries it, gone when it is done or given up. */
@Injectable()
export class FailedJobsProjection implements Projection {
  readonly name = 'failed-jobs';
  readonly version = 1;
  readonly tables = ['failed_jobs'];
  readonly eventTypes = ['JobExhausted', 'JobRetried', 'JobRecovered', 'JobGivenUp'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (isEvent<JobExhausted>(event, 'JobExhausted')) {
        const { jobId, name, data, attempts, reason } = event.data;
        await tx.query(
          `insert into failed_jobs (job_id, name, data, state, attempts, reason, failed_at) values ($1, $2, $3, 'exhausted', $4, $5, $6)
           on conflict (job_id) do update set state = 'exhausted', attempts = failed_jobs.attempts + excluded.attempts, reason = excluded.reason,
             failed_at = excluded.failed_at, retried_by = null, retried_at = null`,
          [jobId, name, JSON.stringify(data), attempts, reason, event.recordedAt],
        );
      } else if (isEvent<JobRetried>(event, 'JobRetried')) {
        await tx.query(`update failed_jobs set state = 'retried', retried_by = $2, retried_at = $3 where job_id = $1`, [
          event.data.jobId,
          event.metadata.actor.id,
          event.recordedAt,
        ]);
      } else if (isEvent<JobRecovered>(event, 'JobRecovered') || isEvent<JobGivenUp>(event, 'JobGivenUp')) {
        await tx.query('delete from failed_jobs where job_id = $1', [event.data.jobId]);
      }
    }
  }
}
