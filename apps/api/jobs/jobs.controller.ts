import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { metadataOf } from '#identity';
import { FailedJobQueries, JobFailures, JobQueues } from '#jobs';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { invalidRequest } from '../http/request-pipes.js';
import { Written } from '../http/written.dto.js';
import { FailedJobList, RetriedJobList, RetryJobs } from './jobs.dto.js';

@ApiTags('system')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(
    private readonly failures: JobFailures,
    private readonly jobs: FailedJobQueries,
    private readonly queues: JobQueues,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'listJobs', summary: 'Work that failed, with its reason, and how full the queues are' })
  @ApiOkResponse({ type: FailedJobList })
  async list(): Promise<FailedJobList> {
    const [failed, queues] = await Promise.all([this.jobs.list(), this.queues.counts()]);
    return { failed, queues };
  }

  @Post('retry')
  @HttpCode(202)
  @Access('admin')
  @ApiOperation({ operationId: 'retryJobs', summary: 'Try all failed work again, or all of one kind' })
  @ApiAcceptedResponse({ type: RetriedJobList })
  @Fails(400)
  async retryAll(@Body() { all, name }: RetryJobs, @Req() request: Request): Promise<RetriedJobList> {
    if ((all === true) === (name !== undefined)) {
      throw invalidRequest([{ where: 'all', what: 'say either all: true or the name of a kind of work' }]);
    }
    const { position, jobIds } = await this.failures.retryAll(name ?? null, metadataOf(request));
    await this.readModels.settle(position);
    return { position, jobIds };
  }

  @Post(':jobId/retry')
  @HttpCode(202)
  @Access('admin')
  @ApiOperation({ operationId: 'retryJob', summary: 'Try failed work again' })
  @ApiAcceptedResponse({ type: Written })
  @Fails(404, 409)
  async retry(@Param('jobId') jobId: string, @Req() request: Request): Promise<Written> {
    const { position } = await this.failures.retry(jobId, metadataOf(request));
    await this.readModels.settle(position);
    return { position };
  }
}
