import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentActor, metadataOf, type Principal, requireAllSources } from '#identity';
import { BookedAgainstLedger, ExportJournalHandler, journalFormat, JournalQueries } from '#journals';
import type { BillingPeriod } from '#kernel';
import { FILE_STORAGE, type FileStorage } from '#platform';
import { Access } from '../http/access.js';
import { CSV_TYPE, download } from '../http/download.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { NumberPipe, PeriodPipe } from '../http/request-pipes.js';
import { JournalPages, referenceTo } from './journal-pages.js';
import {
  BookedInfo,
  BookedQuery,
  ExportedJournal,
  ExportJournal,
  JournalDetail,
  JournalList,
  JournalPreviewInfo,
  JournalPreviewQuery,
  JournalQuery,
} from './journals.dto.js';

@ApiTags('journals')
@Controller('api/v1')
export class JournalsController {
  constructor(
    private readonly journals: JournalQueries,
    private readonly exporting: ExportJournalHandler,
    private readonly bookedJournals: BookedAgainstLedger,
    private readonly pages: JournalPages,
    private readonly readModels: ReadModels,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
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
  @ApiOperation({
    operationId: 'previewJournal',
    summary: 'What an export would write, and what keeps it from being booked',
    description:
      'In any format, in full or as a delta. Nothing is written. A delta that can’t be told is a conflict, as its export would be.',
  })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: JournalPreviewInfo })
  @Fails(400, 404, 409)
  async preview(@Param('period', PeriodPipe) period: BillingPeriod, @Query() query: JournalPreviewQuery): Promise<JournalPreviewInfo> {
    const { format = 'template', template, delta = false, includeFlagged = false, includeZero = false, limit, offset } = query;
    const preview = await this.exporting.preview(period, journalFormat(format), { template, delta, includeFlagged, includeZero });
    return {
      format: preview.format,
      family: preview.family,
      deltaFrom: preview.deltaFrom?.map(referenceTo) ?? null,
      rowCount: preview.rowCount,
      entries: preview.lines.slice(offset, offset + limit).map((line) => this.pages.line(line)),
      problems: preview.problems,
      obstructed: preview.isObstructed,
      nothingChanged: preview.isEmptyDelta,
      debits: preview.debits,
      credits: preview.credits,
      net: preview.net,
      balanced: preview.family === 'one-sided' || preview.debits === preview.credits,
      ledgerDigest: preview.ledgerDigest,
    };
  }

  @Get('periods/:period/journals/booked')
  @Access('viewer', 'journals:read')
  @ApiOperation({
    operationId: 'compareBookedJournals',
    summary: 'What is booked of a period, per fund/org, against its ledger',
    description: 'Posted journals count; where none is posted, the newest full one that is not void and the deltas after it.',
  })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: BookedInfo })
  @Fails(400, 404)
  async booked(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Query() { family = 'two-sided' }: BookedQuery,
    @CurrentActor() actor: Principal,
  ): Promise<BookedInfo> {
    requireAllSources(actor, 'journals');
    return this.pages.booked(period, await this.bookedJournals.compare(period, family));
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
    const { includeFlagged = false, includeZero = false, allowUnbalanced = false, delta = false, template } = body;
    const options = { includeFlagged, includeZero, allowUnbalanced, template, delta };
    const { position, journal } = await this.exporting.execute(period, journalFormat(body.format), options, metadataOf(request));
    await this.readModels.settle(position);
    response.location(`/api/v1/periods/${period}/journals/${journal.number}/file`);
    const { unbalancedBecause: _known, bookings: _kept, template: _named, ...written } = journal;
    return { ...written, position };
  }

  @Get('periods/:period/journals/:number')
  @Access('viewer', 'journals:read')
  @ApiOperation({ operationId: 'getJournal', summary: 'An exported journal, and what became of it in accounting' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: JournalDetail })
  @Fails(400, 404)
  async get(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Param('number', NumberPipe) number: number,
    @CurrentActor() actor: Principal,
  ): Promise<JournalDetail> {
    requireAllSources(actor, 'journals');
    return { ...(await this.journals.get(period, number)), history: await this.journals.history(period, number) };
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
