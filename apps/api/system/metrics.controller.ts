import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { EventStore, ProjectionRunner } from '#event-store';
import { FailedJobQueries, JobQueues } from '#jobs';
import { programVersion } from '#runtime';
import { Access } from '../http/access.js';
import { ProcessMetrics } from './process-metrics.js';
import { type Metric, PROMETHEUS_TYPE, prometheusText } from './prometheus-text.js';

const JOB_STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

@ApiTags('system')
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly queues: JobQueues,
    private readonly failedJobs: FailedJobQueries,
    private readonly processMetrics: ProcessMetrics,
  ) {}

  @Get()
  @Header('Content-Type', PROMETHEUS_TYPE)
  @Header('Cache-Control', 'no-store')
  @Access('viewer', 'metrics:read')
  @ApiOperation({ operationId: 'getMetrics', summary: 'Read models, queues, failed work and this process, for Prometheus' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async metrics(): Promise<string> {
    const [lastPosition, projections, queues, failed] = await Promise.all([
      this.store.lastPosition(),
      this.projections.states(),
      this.queues.counts(),
      this.failedJobs.counts(),
    ]);
    const metrics: Metric[] = [
      {
        name: 'openchargeback_info',
        help: 'Always 1; the labels say what runs.',
        type: 'gauge',
        samples: [{ labels: { version: programVersion(), node: process.version }, value: 1 }],
      },
      { name: 'openchargeback_log_position', help: 'Position of the newest event.', type: 'gauge', samples: [{ value: lastPosition }] },
      {
        name: 'openchargeback_projection_position',
        help: 'Position that a reader of the log has reached.',
        type: 'gauge',
        samples: projections.map(({ name, position }) => ({ labels: { projection: name }, value: position })),
      },
      {
        name: 'openchargeback_projection_lag_events',
        help: 'Events that a reader of the log has not seen.',
        type: 'gauge',
        samples: projections.map(({ name, lag }) => ({ labels: { projection: name }, value: lag })),
      },
      {
        name: 'openchargeback_jobs',
        help: 'Jobs per queue and state.',
        type: 'gauge',
        samples: queues.flatMap((counts) => JOB_STATES.map((state) => ({ labels: { queue: counts.queue, state }, value: counts[state] }))),
      },
      {
        name: 'openchargeback_failed_work',
        help: 'Pieces of work whose attempts are used up and that wait for a retry.',
        type: 'gauge',
        samples: [{ value: failed.reduce((sum, { count }) => sum + count, 0) }],
      },
      {
        name: 'openchargeback_failed_work_by_job',
        help: 'The same per kind of work; kinds without any are left out.',
        type: 'gauge',
        samples: failed.map(({ name, count }) => ({ labels: { job: name }, value: count })),
      },
    ];
    return prometheusText([...metrics, ...this.processMetrics.read()]);
  }
}
