import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpStatus, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { metadataOf } from '#identity';
import { type BillingPeriod, DomainError, foldIdentifier } from '#kernel';
import { FILE_STORAGE, type FileStorage } from '#platform';
import { type RunScope, StatementQueries, StatementRevisions, type StatementRow, StatementRunHandler } from '#statements';
import { Access } from '../http/access.js';
import { download } from '../http/download.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { PeriodPipe } from '../http/request-pipes.js';
import { PeriodPages } from '../periods/period-pages.js';
import { revisionOf, StatementPages } from './statement-pages.js';
import {
  ChangesQuery,
  DryRunResult,
  PdfQuery,
  RequestedRun,
  RequestRun,
  RevisionDifferenceInfo,
  RevisionList,
  ScopeQuery,
  StatementList,
} from './statements.dto.js';

@ApiTags('statements')
@Controller('api/v1/periods/:period')
export class StatementsController {
  constructor(
    private readonly pages: StatementPages,
    private readonly periods: PeriodPages,
    private readonly statements: StatementQueries,
    private readonly revisionsOf: StatementRevisions,
    private readonly runs: StatementRunHandler,
    private readonly readModels: ReadModels,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  @Get('statements')
  @Access('viewer')
  @ApiOperation({ operationId: 'listStatements', summary: 'The current statements of a period, and which are missing or out of date' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: StatementList })
  @Fails(400, 404)
  async list(@Param('period', PeriodPipe) period: BillingPeriod): Promise<StatementList> {
    await this.periods.find(period);
    return this.pages.list(period);
  }

  @Get('statements/revisions')
  @Access('viewer')
  @ApiOperation({ operationId: 'listStatementRevisions', summary: 'Every revision of a statement' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: RevisionList })
  @Fails(400)
  async revisions(@Param('period', PeriodPipe) period: BillingPeriod, @Query() query: ScopeQuery): Promise<RevisionList> {
    return { revisions: (await this.statements.revisions(period, query)).map(revisionOf) };
  }

  @Get('statements/pdf')
  @Access('viewer')
  @ApiOperation({ operationId: 'getStatementPdf', summary: 'A statement as PDF' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @Fails(400, 404)
  async pdf(@Param('period', PeriodPipe) period: BillingPeriod, @Query() query: PdfQuery): Promise<StreamableFile> {
    const { fileName, sha256 } = await this.find(period, query);
    return download(await this.storage.open(sha256), { fileName, type: 'application/pdf', inline: true });
  }

  @Get('statements/changes')
  @Access('viewer')
  @ApiOperation({
    operationId: 'getStatementChanges',
    summary: 'What a revision changed',
    description: 'Charges added, gone and changed since the revision before, and the money per service and fund/org before and after.',
  })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: RevisionDifferenceInfo })
  @Fails(400, 404)
  async changes(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Query() { piEmail, projectId, revision, limit }: ChangesQuery,
  ): Promise<RevisionDifferenceInfo> {
    return this.revisionsOf.difference(period, { piEmail, projectId }, { revision, limit });
  }

  @Get('statements/preview')
  @Access('reviewer')
  @ApiOperation({
    operationId: 'previewStatement',
    summary: 'A statement as a run would make it now, as PDF',
    description: 'It is marked as a preview, and nothing is recorded.',
  })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @Fails(400, 404, 409)
  async preview(@Param('period', PeriodPipe) period: BillingPeriod, @Query() scope: ScopeQuery): Promise<StreamableFile> {
    const { piEmail, projectId } = scope;
    const { pdf, fileName } = await this.runs.preview(period, { piEmail, projectId });
    return download(Readable.from([Buffer.from(pdf)]), { fileName, type: 'application/pdf', inline: true, bytes: pdf.byteLength });
  }

  @Post('statement-runs')
  @Access('reviewer')
  @ApiOperation({
    operationId: 'runStatements',
    summary: 'Make the statements that are missing or out of date, or some of them, or try that',
  })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiAcceptedResponse({ type: RequestedRun, description: 'The run is under way.' })
  @ApiOkResponse({ type: DryRunResult, description: 'What a run would make; nothing was recorded.' })
  @Fails(400, 404, 409)
  async run(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Body() { send, dryRun, piEmails, projectIds }: RequestRun,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RequestedRun | DryRunResult> {
    const scope: RunScope = { piEmails: piEmails?.map(foldIdentifier) ?? null, projectIds: projectIds ?? null, statements: null };
    if (dryRun === true) {
      response.status(HttpStatus.OK);
      return this.runs.dryRun(period, scope);
    }
    const { runId, position } = await this.runs.request(period, send ?? false, metadataOf(request), scope);
    await this.readModels.settle(position);
    response.status(HttpStatus.ACCEPTED).location(`/api/v1/statement-runs/${runId}`);
    return { runId, position };
  }

  private async find(period: BillingPeriod, { revision, ...scope }: PdfQuery): Promise<StatementRow> {
    if (revision !== undefined) return this.statements.get(period, scope, revision);
    const [newest] = await this.statements.revisions(period, scope);
    if (newest !== undefined) return newest;
    const detail = `There is no statement of ${scope.piEmail} for ${scope.projectId} in ${period}; generate it first.`;
    throw new DomainError('statement.unknown', 'not-found', detail);
  }
}
