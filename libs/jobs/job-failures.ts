import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore, isStreamConflict } from '#event-store';
import { DomainError } from '#kernel';
import { Database, type Tx } from '#platform';
import { isJobName, type JobName, type JobRequest } from './job-catalogue.js';
import { type JobEvent, type JobExhausted, type JobRetried, jobStream } from './job.events.js';

const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'jobs' };
/** Longer reasons (a query with all its parameters) are cut; the process's log has them whole. */
const MAX_REASON_LENGTH = 2_000;

const NOT_FAILED: { readonly [Type in Exclude<JobEvent['type'], 'JobExhausted'>]: string } = {
  JobRetried: 'is being tried again already',
  JobRecovered: 'was tried again and is done',
  JobGivenUp: 'was given up',
};

/** How a job stands in the log: `sound` unless its attempts were used up. */
export type JobStanding = 'sound' | 'exhausted' | 'retried';

/** A job that the queue gave up, as it was asked for. */
export interface SpentJob {
  readonly id: string;
  readonly name: JobName;
  readonly data: object;
  readonly attempts: number;
  readonly reason: string;
}

export interface RetriedJobs {
  /** 0 if there was nothing to try again. */
  readonly position: number;
  readonly jobIds: readonly string[];
}

/**
 * The log of jobs whose attempts are used up. It alone decides: what is exhausted here is neither queued nor run again, whoever asks,
 * until it is retried. Everything is read from the log itself and not from the read model, which may lag behind.
 */
@Injectable()
export class JobFailures {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
  ) {}

  async standing(jobId: string): Promise<JobStanding> {
    const last = (await this.events(jobId)).at(-1);
    if (last?.type === 'JobExhausted') return 'exhausted';
    return last?.type === 'JobRetried' ? 'retried' : 'sound';
  }

  /** Records that all attempts failed; recorded already, it changes nothing. */
  async exhausted({ id: jobId, name, data, attempts, reason }: SpentJob): Promise<void> {
    const events = await this.events(jobId);
    if (events.at(-1)?.type === 'JobExhausted') return;
    const payload = data as JobExhausted['data']['data'];
    const event: JobExhausted = {
      type: 'JobExhausted',
      data: { jobId, name, data: payload, attempts, reason: reason.slice(0, MAX_REASON_LENGTH) },
    };
    await this.append(jobId, events.length, event, { actor: WORKER, correlationId: jobStream(jobId) }).catch(unlessMovedOn);
  }

  /** Records that a job that was tried again is done; for any other job it changes nothing. */
  async recovered(jobId: string): Promise<void> {
    const events = await this.events(jobId);
    const last = events.at(-1);
    if (last?.type !== 'JobRetried') return;
    const metadata = { actor: WORKER, correlationId: jobStream(jobId), causationId: last.position };
    await this.append(jobId, events.length, { type: 'JobRecovered', data: { jobId, name: last.data.name } }, metadata).catch(unlessMovedOn);
  }

  /**
   * Records inside the caller's transaction that a failed job is not owed any more; any other job it leaves alone. Only the area that asked
   * for the work may say so. @returns the position, or undefined if the job had not failed.
   */
  async giveUp(tx: Tx, jobId: string, metadata: EventMetadata): Promise<number | undefined> {
    const events = await this.events(jobId, tx);
    const last = events.at(-1);
    if (last?.type !== 'JobExhausted') return undefined;
    const event: JobEvent = { type: 'JobGivenUp', data: { jobId, name: last.data.name } };
    return (await this.store.append(tx, jobStream(jobId), events.length, [event], metadata)).position;
  }

  /** Has a failed job tried again. @throws DomainError `job.unknown`, `job.not-failed`. */
  async retry(jobId: string, metadata: EventMetadata): Promise<AppendResult> {
    const events = await this.events(jobId);
    const last = events.at(-1);
    if (last === undefined) {
      throw new DomainError('job.unknown', 'not-found', `There is no failed work “${jobId}”. The list of failed work has the ids.`);
    }
    if (last.type !== 'JobExhausted') {
      throw new DomainError('job.not-failed', 'conflict', `The work “${jobId}” ${NOT_FAILED[last.type]}; there is nothing to retry.`);
    }
    const { name, data } = last.data;
    return this.append(jobId, events.length, { type: 'JobRetried', data: { jobId, name, data } }, metadata);
  }

  /** Has all failed work tried again, or all of one kind. What somebody else retries at the same moment is left to them. */
  async retryAll(name: JobName | null, metadata: EventMetadata): Promise<RetriedJobs> {
    const jobIds: string[] = [];
    let last = 0;
    for (const job of await this.standingAt<JobExhausted>('JobExhausted')) {
      if (name !== null && job.name !== name) continue;
      try {
        last = (await this.retry(job.jobId, metadata)).position;
        jobIds.push(job.jobId);
      } catch (error) {
        if (!(error instanceof DomainError) || (error.code !== 'job.not-failed' && !isStreamConflict(error))) throw error;
      }
    }
    return { position: last, jobIds };
  }

  /** The requests without those whose job is exhausted, for whoever queues what is owed. */
  async withoutExhausted(requests: readonly JobRequest[]): Promise<readonly JobRequest[]> {
    if (requests.length === 0) return requests;
    const exhausted = new Set((await this.standingAt<JobExhausted>('JobExhausted')).map((job) => job.jobId));
    return requests.filter((request) => !exhausted.has(request.id));
  }

  /** Jobs that were retried and have no outcome since: owed, whatever became of the queue. */
  async owed(): Promise<JobRequest[]> {
    return (await this.standingAt<JobRetried>('JobRetried')).flatMap(requestOf);
  }

  private async standingAt<Last extends JobExhausted | JobRetried>(type: Last['type']): Promise<Last['data'][]> {
    const rows = await this.database.query<{ data: Last['data'] }>(
      `select e.data from events e
       where e.type = $1 and not exists (select 1 from events l where l.stream = e.stream and l.version > e.version)
       order by e.position`,
      [type],
    );
    return rows.map((row) => row.data);
  }

  private async events(jobId: string, tx?: Tx): Promise<(JobEvent & { position: number })[]> {
    return (await this.store.readStream(jobStream(jobId), tx)) as unknown as (JobEvent & { position: number })[];
  }

  private async append(jobId: string, version: number, event: JobEvent, metadata: EventMetadata): Promise<AppendResult> {
    return this.database.transaction((tx) => this.store.append(tx, jobStream(jobId), version, [event], metadata));
  }
}

/** The job that a retry asks for; none if a release after it was recorded gave that kind of work up. */
export function requestOf({ jobId, name, data }: JobRetried['data']): JobRequest[] {
  return isJobName(name) ? [{ name, id: jobId, data } as unknown as JobRequest] : [];
}

/** Somebody else recorded how the job stands at the same moment; theirs holds. */
function unlessMovedOn(error: unknown): void {
  if (!isStreamConflict(error)) throw error;
}
