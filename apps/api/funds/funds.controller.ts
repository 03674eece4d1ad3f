import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { EventStore } from '#event-store';
import { type ChangedFund, ChartOfFunds, type ChartImportReport, FundQueries } from '#funds';
import { metadataOf } from '#identity';
import { APP_CONFIG, type AppConfig, FILE_STORAGE, type FileStorage } from '#platform';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import type { Plain } from '../http/written.dto.js';
import { keepUploadedFile } from '../imports/uploaded-file.js';
import {
  ChartImportAnswer,
  ChartImportQuery,
  ChartUploadForm,
  FundDetail,
  FundList,
  FundListQuery,
  PutFundAnswer,
  PutFundBody,
  RemoveFundAnswer,
  RemoveFundBody,
  RetireFundBody,
} from './funds.dto.js';

/** Entries of each list in the answer to an import; the counts are of all. */
const MOST_SHOWN = 200;

@ApiTags('funds')
@Controller('api/v1/funds')
export class FundsController {
  constructor(
    private readonly chart: ChartOfFunds,
    private readonly queries: FundQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({
    operationId: 'listFunds',
    summary: 'The chart of funds, page by page',
    description: 'The chart is optional: while it is empty, no charge is held against it.',
  })
  @ApiOkResponse({ type: FundList })
  @Fails(400)
  async list(@Query() { text, standing, after, limit }: FundListQuery): Promise<Plain<FundList>> {
    return this.queries.list({ text, standing }, this.chart.today(), { limit, after });
  }

  @Post('import')
  @HttpCode(200)
  @Access('admin')
  @ApiOperation({
    operationId: 'importFunds',
    summary: 'Take a CSV file into the chart of funds, or try to',
    description:
      'Send the file as a form, or as the body itself with fileName in the query. It is taken whole or not at all; a dry run lists the rows ' +
      'that would be refused. The same bytes as the last file, in the same mode, change nothing.',
  })
  @ApiConsumes('multipart/form-data', 'text/csv')
  @ApiBody({ type: ChartUploadForm })
  @ApiOkResponse({ type: ChartImportAnswer })
  @Fails(400, 409, 413, 503)
  async import(@Query() { dryRun, mode = 'merge', lastDay }: ChartImportQuery, @Req() request: Request): Promise<Plain<ChartImportAnswer>> {
    const limits = { maxBytes: this.config.imports.maxUnpackedBytes };
    const { file, admitted } = await keepUploadedFile(request, this.storage, limits, ({ fileName }) => Promise.resolve({ fileName }));
    const upload = { ...file, ...admitted, mode, lastDay: lastDay ?? null };
    if (dryRun === true) return importAnswer(await this.chart.preview(upload), await this.store.lastPosition(), false);
    const { report, appended } = await this.chart.import(upload, metadataOf(request));
    if (appended !== null) await this.readModels.settle(appended.position);
    return importAnswer(report, appended?.position ?? (await this.store.lastPosition()), appended !== null);
  }

  @Get(':fundOrg')
  @Access('viewer')
  @ApiOperation({ operationId: 'getFund', summary: 'A fund, and what became of it' })
  @ApiOkResponse({ type: FundDetail })
  @Fails(404)
  async get(@Param('fundOrg') fundOrg: string): Promise<Plain<FundDetail>> {
    const fund = await this.queries.get(fundOrg, this.chart.today());
    return { ...fund, history: await this.queries.history(fund.fundOrg) };
  }

  @Put(':fundOrg')
  @Access('admin')
  @ApiOperation({ operationId: 'putFund', summary: 'Register a fund, or change it; what is left out stays' })
  @ApiOkResponse({ type: PutFundAnswer })
  @Fails(400)
  async put(@Param('fundOrg') fundOrg: string, @Body() body: PutFundBody, @Req() request: Request): Promise<Plain<PutFundAnswer>> {
    const input = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    return this.answer(await this.chart.put(fundOrg, input, metadataOf(request)));
  }

  @Post(':fundOrg/retire')
  @HttpCode(200)
  @Access('admin')
  @ApiOperation({
    operationId: 'retireFund',
    summary: 'End a fund with a day',
    description: 'Charges of later days can’t go there. It stays in the chart, and is valid again when its last day is changed.',
  })
  @ApiOkResponse({ type: PutFundAnswer })
  @Fails(400, 404, 409)
  async retire(
    @Param('fundOrg') fundOrg: string,
    @Body() { lastDay, reason }: RetireFundBody,
    @Req() request: Request,
  ): Promise<Plain<PutFundAnswer>> {
    return this.answer(await this.chart.retire(fundOrg, lastDay ?? null, reason ?? null, metadataOf(request)));
  }

  @Post(':fundOrg/remove')
  @HttpCode(200)
  @Access('admin')
  @ApiOperation({
    operationId: 'removeFund',
    summary: 'Take a fund out of the chart that should never have been in it',
    description: 'One that is no longer charged is ended with a day instead. Without any fund, no chart is in use again.',
  })
  @ApiOkResponse({ type: RemoveFundAnswer })
  @Fails(400, 404)
  async remove(
    @Param('fundOrg') fundOrg: string,
    @Body() { reason }: RemoveFundBody,
    @Req() request: Request,
  ): Promise<Plain<RemoveFundAnswer>> {
    const { fund, appended } = await this.chart.remove(fundOrg, reason ?? null, metadataOf(request));
    await this.readModels.settle(appended.position);
    return { fund, position: appended.position };
  }

  private async answer({ fund, before, appended }: ChangedFund): Promise<Plain<PutFundAnswer>> {
    const position = appended?.position ?? (await this.store.lastPosition());
    if (appended !== null) await this.readModels.settle(position);
    return { fund, registered: before === null, changed: appended !== null, position };
  }
}

function importAnswer(report: ChartImportReport, position: number, recorded: boolean): Plain<ChartImportAnswer> {
  const { fileName, sha256, mode, lastDay, rowCount, unchangedCount, missingColumns, ignoredColumns, duplicateOf } = report;
  const { added, changed, retired, refusedRows } = report;
  return {
    ...{ position, recorded, fileName, sha256, mode, lastDay, rowCount, unchangedCount, missingColumns, ignoredColumns },
    duplicateOf: duplicateOf === null ? null : { importedAt: duplicateOf.importedAt, importedBy: duplicateOf.importedBy },
    addedCount: added.length,
    changedCount: changed.length,
    retiredCount: retired.length,
    refusedRowCount: new Set(refusedRows.map(({ line }) => line)).size,
    added: added.slice(0, MOST_SHOWN),
    changed: changed.slice(0, MOST_SHOWN),
    retired: retired.slice(0, MOST_SHOWN),
    refusedRows: refusedRows.slice(0, MOST_SHOWN),
  };
}
