import { Module, type OnModuleInit } from '@nestjs/common';
import { isEvent, ProjectionRunner } from '#event-store';
import { FailedJobQueries } from './failed-job.queries.js';
import { FailedJobsProjection } from './failed-jobs.projection.js';
import type { JobRetried } from './job.events.js';
import { JobFailures, requestOf } from './job-failures.js';
import { JobHost } from './job-host.js';
import { JobRelay } from './job-relay.js';

/** Failed work: its record, its list and its way back into the queues. */
@Module({
  providers: [JobFailures, FailedJobQueries, FailedJobsProjection],
  exports: [JobFailures, FailedJobQueries],
})
export class JobsModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: FailedJobsProjection,
    private readonly relay: JobRelay,
    private readonly host: JobHost,
    private readonly failures: JobFailures,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
    this.host.recordFailuresIn(this.failures);
    this.relay.onEvent((event) => (isEvent<JobRetried>(event, 'JobRetried') ? requestOf(event.data) : []));
    this.relay.reconcile(() => this.failures.owed());
    this.relay.filterPending((requests) => this.failures.withoutExhausted(requests));
  }
}
