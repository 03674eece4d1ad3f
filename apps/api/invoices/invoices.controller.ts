import { Body, Controller, Get, HttpCode, Inject, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { EventStore } from '#event-store';
import { CurrentActor, metadataOf, type Principal, requireSourceAccess, sourceWithinReach } from '#identity';
import { ExpectedInvoices, type InvoiceImportReport, InvoiceQueries } from '#invoices';
import { billingPeriod, composedText, foldIdentifier } from '#kernel';
import { APP_CONFIG, type AppConfig, FILE_STORAGE, type FileStorage } from '#platform';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import type { Plain } from '../http/written.dto.js';
import { keepUploadedFile } from '../imports/uploaded-file.js';
import {
  AcceptDifferenceBody,
  DemandInvoicesAnswer,
  DemandInvoicesBody,
  DifferenceAnswer,
  InvoiceDetailAnswer,
  InvoiceImportAnswer,
  InvoiceImportQuery,
  InvoiceList,
  InvoiceListQuery,
  InvoiceNameQuery,
  InvoiceUploadForm,
  PutInvoiceAnswer,
  PutInvoiceBody,
  ReopenDifferenceBody,
  WithdrawInvoiceAnswer,
  WithdrawInvoiceBody,
} from './invoices.dto.js';

/** Entries of each list in the answer to an import; the counts are of all. */
const MOST_SHOWN = 200;

@ApiTags('invoices')
@Controller('api/v1/invoices')
export class InvoicesController {
  constructor(
    private readonly invoices: ExpectedInvoices,
    private readonly queries: InvoiceQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @Access('viewer', 'charges:read')
  @ApiOperation({
    operationId: 'listInvoices',
    summary: 'The provider invoices of a period against the recorded lines, with sums per source',
    description:
      'What counts is BilledCost of every line that stands, whatever was decided on its charge. Amounts are compared exactly, in the ' +
      'invoice’s own currency; a difference below one minor unit matches.',
  })
  @ApiOkResponse({ type: InvoiceList })
  @Fails(400)
  async list(
    @Query() { period, source: asked, state, text, limit, offset }: InvoiceListQuery,
    @CurrentActor() actor: Principal,
  ): Promise<Plain<InvoiceList>> {
    const source = sourceWithinReach(actor, asked === undefined ? undefined : foldIdentifier(asked));
    return { period, ...(await this.queries.list(billingPeriod(period), { source, states: state, text }, { limit, offset })) };
  }

  @Get('details')
  @Access('viewer', 'charges:read')
  @ApiOperation({ operationId: 'getInvoice', summary: 'An invoice of a period: its imports, its other periods, and what became of it' })
  @ApiOkResponse({ type: InvoiceDetailAnswer })
  @Fails(400, 404)
  async get(@Query() name: InvoiceNameQuery, @CurrentActor() actor: Principal): Promise<Plain<InvoiceDetailAnswer>> {
    requireSourceAccess(actor, foldIdentifier(name.source));
    const { rows, ...found } = await this.queries.get(...placeOf(name));
    return { invoices: rows, ...found };
  }

  @Put()
  @Access('reviewer')
  @ApiOperation({ operationId: 'putInvoice', summary: 'Announce an invoice, or change it; what is left out stays' })
  @ApiOkResponse({ type: PutInvoiceAnswer })
  @Fails(400, 404, 409)
  async put(@Body() { source, period, invoiceId, ...body }: PutInvoiceBody, @Req() request: Request): Promise<Plain<PutInvoiceAnswer>> {
    const input = Object.fromEntries(Object.entries<string | undefined>(body).filter(([, value]) => value !== undefined));
    const { appended, before, ...changed } = await this.invoices.put(source, invoiceId, period, input, metadataOf(request));
    const position = await this.settled(appended);
    return { source: changed.source, invoice: changed.invoice, announced: before === null, changed: appended !== null, position };
  }

  @Post('withdraw')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'withdrawInvoice', summary: 'Expect an invoice no longer' })
  @ApiOkResponse({ type: WithdrawInvoiceAnswer })
  @Fails(400, 404)
  async withdraw(
    @Body() { source, period, invoiceId, reason }: WithdrawInvoiceBody,
    @Req() request: Request,
  ): Promise<Plain<WithdrawInvoiceAnswer>> {
    const { invoice, appended } = await this.invoices.withdraw(source, invoiceId, period, reason ?? null, metadataOf(request));
    return { invoice, position: await this.settled(appended) };
  }

  @Post('accept')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'acceptInvoiceDifference',
    summary: 'Accept a difference, with a reason',
    description: 'It holds for what is expected and recorded at this moment; if either comes to something else, it counts no more.',
  })
  @ApiOkResponse({ type: DifferenceAnswer })
  @Fails(400, 404, 409, 503)
  async accept(@Body() { difference, reason, ...name }: AcceptDifferenceBody, @Req() request: Request): Promise<Plain<DifferenceAnswer>> {
    return this.stands(name, await this.invoices.accept(asDifference(name), difference, reason, metadataOf(request)));
  }

  @Post('reopen')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'reopenInvoiceDifference', summary: 'Take the acceptance of a difference back' })
  @ApiOkResponse({ type: DifferenceAnswer })
  @Fails(400, 404, 409)
  async reopen(@Body() { reason, ...name }: ReopenDifferenceBody, @Req() request: Request): Promise<Plain<DifferenceAnswer>> {
    return this.stands(name, await this.invoices.reopen(asDifference(name), reason ?? null, metadataOf(request)));
  }

  @Put('demands')
  @Access('admin')
  @ApiOperation({
    operationId: 'demandInvoices',
    summary: 'Say whether every period must have the invoices of a source before it is finalized',
  })
  @ApiOkResponse({ type: DemandInvoicesAnswer })
  @Fails(400, 404)
  async demand(@Body() { source, demanded }: DemandInvoicesBody, @Req() request: Request): Promise<Plain<DemandInvoicesAnswer>> {
    const appended = await this.invoices.demand(source, demanded, metadataOf(request));
    return { changed: appended !== null, position: await this.settled(appended) };
  }

  @Post('import')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'importInvoices',
    summary: 'Announce the invoices of a file, or try to',
    description:
      'A table, or FOCUS 1.4 Invoice Detail, which is summed up by invoice and billing period. Send the file as a form, or as the body itself ' +
      'with fileName in the query. It is taken whole or not at all; a dry run lists the rows that would be refused. Invoices that it does not name stay.',
  })
  @ApiConsumes('multipart/form-data', 'text/csv')
  @ApiBody({ type: InvoiceUploadForm })
  @ApiOkResponse({ type: InvoiceImportAnswer })
  @Fails(400, 404, 413, 503)
  async import(@Query() { dryRun, source }: InvoiceImportQuery, @Req() request: Request): Promise<Plain<InvoiceImportAnswer>> {
    const limits = { maxBytes: this.config.imports.maxUnpackedBytes };
    const { file, admitted } = await keepUploadedFile(request, this.storage, limits, ({ fileName }) => Promise.resolve({ fileName }));
    const upload = { ...file, ...admitted, source: source?.trim() || null };
    if (dryRun === true) return importAnswer(await this.invoices.preview(upload), await this.store.lastPosition(), false);
    const { report, appended } = await this.invoices.import(upload, metadataOf(request));
    return importAnswer(report, await this.settled(appended), appended !== null);
  }

  private async stands(name: InvoiceNameQuery, appended: { readonly position: number }): Promise<Plain<DifferenceAnswer>> {
    const position = await this.settled(appended);
    return { invoices: (await this.queries.get(...placeOf(name))).rows, position };
  }

  private async settled(appended: { readonly position: number } | null): Promise<number> {
    if (appended === null) return this.store.lastPosition();
    await this.readModels.settle(appended.position);
    return appended.position;
  }
}

function placeOf({ source, period, invoiceId = '' }: InvoiceNameQuery): Parameters<InvoiceQueries['get']> {
  return [foldIdentifier(source), { invoiceId: composedText(invoiceId), period: billingPeriod(period) }];
}

function asDifference(body: Omit<ReopenDifferenceBody, 'reason'>): Parameters<ExpectedInvoices['reopen']>[0] {
  const { source, period, invoiceId = '', currency } = body;
  return { source, period, invoiceId, currency: currency ?? null };
}

function importAnswer(report: InvoiceImportReport, position: number, recorded: boolean): Plain<InvoiceImportAnswer> {
  const { sources, refusedRows, ...about } = report;
  return {
    ...{ position, recorded, ...about },
    sources: sources.map(({ source, added, changed, withdrawn, unchangedCount }) => ({
      ...{ source, addedCount: added.length, changedCount: changed.length, withdrawnCount: withdrawn.length, unchangedCount },
      added: added.slice(0, MOST_SHOWN),
      changed: changed.slice(0, MOST_SHOWN),
      withdrawn: withdrawn.slice(0, MOST_SHOWN),
    })),
    refusedRowCount: new Set(refusedRows.map(({ line }) => line)).size,
    refusedRows: refusedRows.slice(0, MOST_SHOWN),
  };
}
