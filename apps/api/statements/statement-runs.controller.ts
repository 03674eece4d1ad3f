import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeliveryQueries } from '#deliveries';
import { FailedJobQueries } from '#jobs';
import { StatementQueries } from '#statements';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { NumberPipe } from '../http/request-pipes.js';
import { failedJobNote } from '../jobs/failed-job-note.js';
import { RunQuery, StatementRunDetail, StatementRunList } from './statements.dto.js';

@ApiTags('statements')
@Controller('api/v1/statement-runs')
export class StatementRunsController {
  constructor(
    private readonly statements: StatementQueries,
    private readonly deliveries: DeliveryQueries,
    private readonly failedJobs: FailedJobQueries,
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
    return { ...run, emails: run.send ? await this.deliveries.ofRun(runId) : null, failedJobs: failed.map(failedJobNote) };
  }
}
