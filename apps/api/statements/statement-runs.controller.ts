import { Body, Controller, Get, HttpStatus, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { DeliveryQueries } from '#deliveries';
import { metadataOf } from '#identity';
import { FailedJobQueries } from '#jobs';
import { StatementQueries, StatementRunHandler } from '#statements';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { NumberPipe } from '../http/request-pipes.js';
import { Written } from '../http/written.dto.js';
import { failedJobNote } from '../jobs/failed-job-note.js';
import { revisionOf, StatementPages } from './statement-pages.js';
import { CancelRun, RequestedRun, RunQuery, RunStatements, StatementRunDetail, StatementRunList } from './statements.dto.js';

@ApiTags('statements')
@Controller('api/v1/statement-runs')
export class StatementRunsController {
  constructor(
    private readonly statements: StatementQueries,
    private readonly runs: StatementRunHandler,
    private readonly pages: StatementPages,
    private readonly deliveries: DeliveryQueries,
    private readonly failedJobs: FailedJobQueries,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'listStatementRuns', summary: 'Statement runs, newest first' })
  @ApiOkResponse({ type: StatementRunList })
  @Fails(400)
  async list(@Query() { period }: RunQuery): Promise<StatementRunList> {
    return { runs: await this.statements.runs(period ?? null) };
  }

  @Get(':id')
  @Access('viewer')
  @ApiOperation({ operationId: 'getStatementRun', summary: 'How a statement run stands, and its emails' })
  @ApiOkResponse({ type: StatementRunDetail })
  @Fails(400, 404)
  async get(@Param('id', NumberPipe) runId: number): Promise<StatementRunDetail> {
    const run = await this.statements.run(runId);
    const failed = await this.failedJobs.list({ state: 'exhausted', runId });
    // A run that was cancelled sends nothing.
    const emails = run.send && run.state !== 'cancelled' ? await this.deliveries.ofRun(runId) : null;
    return { ...run, emails, failedJobs: failed.map(failedJobNote) };
  }

  @Get(':id/statements')
  @Access('viewer')
  @ApiOperation({ operationId: 'listRunStatements', summary: 'The statements that a run has made so far' })
  @ApiOkResponse({ type: RunStatements })
  @Fails(400, 404)
  async made(@Param('id', NumberPipe) runId: number): Promise<RunStatements> {
    await this.statements.run(runId);
    const made = await this.statements.madeBy(runId);
    return { statements: made.map(revisionOf), sum: this.pages.sumOf(made) };
  }

  @Post(':id/cancel')
  @Access('reviewer')
  @ApiOperation({
    operationId: 'cancelStatementRun',
    summary: 'End a run that is under way',
    description: 'What it has made stays; nothing is sent.',
  })
  @ApiOkResponse({ type: Written })
  @Fails(400, 404, 409)
  async cancel(
    @Param('id', NumberPipe) runId: number,
    @Body() { reason }: CancelRun,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Written> {
    const { position } = await this.runs.cancel(runId, reason ?? null, metadataOf(request));
    await this.readModels.settle(position);
    response.status(HttpStatus.OK);
    return { position };
  }

  @Post(':id/retry')
  @Access('reviewer')
  @ApiOperation({
    operationId: 'retryStatementRun',
    summary: 'Try again what failed',
    description:
      'The waiting steps of a run that is under way; or, in a run of their own, the statements that one which has ended failed at.',
  })
  @ApiAcceptedResponse({ type: RequestedRun, description: 'The run that does it is under way.' })
  @Fails(400, 404, 409)
  async retry(
    @Param('id', NumberPipe) runId: number,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RequestedRun> {
    const { runId: doneBy, position } = await this.runs.retry(runId, metadataOf(request));
    await this.readModels.settle(position);
    response.status(HttpStatus.ACCEPTED).location(`/api/v1/statement-runs/${doneBy}`);
    return { runId: doneBy, position };
  }
}
