import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { isJobName, type JobCatalogue } from './job-catalogue.js';
import { type JobSubject, subjectOf } from './job-words.js';

interface FailedJobRow {
  readonly jobId: string;
  readonly name: string;
  readonly data: object;
  readonly state: 'exhausted' | 'retried';
  /** Runs in all, those before earlier retries included. */
  readonly attempts: number;
  /** Of the last run. */
  readonly reason: string;
  readonly failedAt: Date;
  readonly retriedBy: string | null;
  readonly retriedAt: Date | null;
}

export interface FailedJob extends Omit<FailedJobRow, 'data'>, JobSubject {}

/** What is looked for; everything given must hold. */
export interface FailedJobFilter {
  readonly state?: FailedJob['state'];
  readonly importId?: number;
  /** Of a statement run: its own steps, its statements and its emails. */
  readonly runId?: number;
}

/** Thousands that fail at once fail for one reason; they are retried together. */
const MOST_LISTED = 1_000;
const COLUMNS = `job_id as "jobId", name, data, state, attempts, reason, failed_at as "failedAt", retried_by as "retriedBy", retried_at as "retriedAt"`;

/** The emails that a statement run has queued belong to it, though their jobs name a delivery or a transaction alone; whose they are is in the log. */
const EMAIL_OF_RUN = `exists (select 1 from events q where (q.stream = 'delivery-' || (data ->> 'deliveryId') or q.transaction_id = (data ->> 'transactionId')::xid8)
  and q.type = 'DeliveryQueued' and q.metadata ->> 'correlationId' = 'run-deliveries-' || $3)`;

/** Reads the list of work that failed. */
@Injectable()
export class FailedJobQueries {
  constructor(private readonly database: Database) {}

  /** What waits for somebody to retry it, and what was retried and is not done yet; newest first. */
  async list(filter: FailedJobFilter = {}): Promise<FailedJob[]> {
    const rows = await this.database.query<FailedJobRow>(
      `select ${COLUMNS} from failed_jobs
       where ($1::text is null or state = $1) and ($2::text is null or data ->> 'importId' = $2)
         and ($3::text is null or data ->> 'runId' = $3 or ${EMAIL_OF_RUN})
       order by failed_at desc, job_id limit ${MOST_LISTED}`,
      [filter.state ?? null, filter.importId?.toString() ?? null, filter.runId?.toString() ?? null],
    );
    return rows.map(toFailedJob);
  }

  /** How many jobs of each kind are exhausted and not retried; kinds without one are left out. */
  async counts(): Promise<{ name: string; count: number }[]> {
    return this.database.query(
      `select name, count(*)::int as count from failed_jobs where state = 'exhausted' group by name order by name`,
    );
  }
}

function toFailedJob({ data, ...row }: FailedJobRow): FailedJob {
  // A release that gave a kind of work up still lists what failed before.
  const unknown: JobSubject = { about: row.name, importId: null, previewId: null, runId: null, deliveryId: null };
  const subject = isJobName(row.name) ? subjectOf(row.name, data as JobCatalogue[typeof row.name]) : unknown;
  return { ...row, ...subject };
}
