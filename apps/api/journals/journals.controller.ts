import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentActor, metadataOf, type Principal, requireAllSources } from '#identity';
import { ExportJournalHandler, journalFormat, JournalQueries } from '#journals';
import { type BillingPeriod, writeAmount } from '#kernel';
import { APP_CONFIG, type AppConfig, FILE_STORAGE, type FileStorage } from '#platform';
import { Access } from '../http/access.js';
import { CSV_TYPE, download } from '../http/download.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { NumberPipe, PeriodPipe } from '../http/request-pipes.js';
import { ExportedJournal, ExportJournal, JournalList, JournalPreviewInfo, JournalPreviewQuery, JournalQuery } from './journals.dto.js';

@ApiTags('journals')
@Controller('api/v1')
export class JournalsController {
  constructor(
    private readonly journals: JournalQueries,
    private readonly exporting: ExportJournalHandler,
    private readonly readModels: ReadModels,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get('journals')
  @Access('viewer', 'journals:read')
  @ApiOperation({ operationId: 'listJournals', summary: 'Exported journals with their control totals, newest first' })
  @ApiOkResponse({ type: JournalList })
  @Fails(400)
  async list(@Query() { period }: JournalQuery, @CurrentActor() actor: Principal): Promise<JournalList> {
    requireAllSources(actor, 'journals');
    return { journals: await this.journals.list(period ?? null) };
  }

  @Get('periods/:period/journals/preview')
  @Access('viewer')
  @ApiOperation({ operationId: 'previewJournal', summary: 'The entries of a template journal, and what keeps it from balancing' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: JournalPreviewInfo })
  @Fails(400, 404)
  async preview(@Param('period', PeriodPipe) period: BillingPeriod, @Query() query: JournalPreviewQuery): Promise<JournalPreviewInfo> {
    const { entries, problems, debits, credits, ledgerDigest } = await this.exporting.preview(period, query.includeFlagged ?? false);
    return {
      entries: entries.map((entry) => ({
        side: entry.isDebit ? 'debit' : 'credit',
        party: entry.party,
        fundOrg: entry.fundOrg,
        fund: entry.fund,
        orgn: entry.orgn,
        account: entry.account,
        amount: writeAmount(entry.amount, this.config.currency),
        description: entry.description,
        sourceName: entry.sourceName,
        piEmail: entry.piEmail,
        projectId: entry.projectId,
        referenceId: entry.referenceId,
      })),
      problems,
      debits,
      credits,
      balanced: debits === credits,
      ledgerDigest,
    };
  }

  @Post('periods/:period/journals')
  @Access('reviewer')
  @ApiOperation({ operationId: 'exportJournal', summary: 'Write a journal for accounting; it is kept and recorded' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiCreatedResponse({ type: ExportedJournal })
  @Fails(400, 404, 409)
  async export(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Body() body: ExportJournal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ExportedJournal> {
    const { includeFlagged = false, allowUnbalanced = false, template } = body;
    const options = { includeFlagged, allowUnbalanced, template };
    const { position, journal } = await this.exporting.execute(period, journalFormat(body.format), options, metadataOf(request));
    await this.readModels.settle(position);
    response.location(`/api/v1/periods/${period}/journals/${journal.number}/file`);
    const { unbalancedBecause: _known, ...written } = journal;
    return { ...written, position };
  }

  @Get('periods/:period/journals/:number/file')
  @Access('viewer', 'journals:read')
  @ApiOperation({ operationId: 'downloadJournal', summary: 'The file of an exported journal' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiProduces('text/csv', 'text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Fails(400, 404)
  async file(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Param('number', NumberPipe) number: number,
    @CurrentActor() actor: Principal,
  ): Promise<StreamableFile> {
    requireAllSources(actor, 'journals');
    const { fileName, sha256, bytes } = await this.journals.get(period, number);
    const type = fileName.endsWith('.csv') ? CSV_TYPE : 'text/plain; charset=utf-8';
    return download(await this.storage.open(sha256), { fileName, type, bytes });
  }
}
