import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentActor, metadataOf, type Principal, requireSourceAccess } from '#identity';
import {
  CancelImportHandler,
  guessFromFileName,
  ImportFiles,
  type ImportFilter,
  ImportQueries,
  type ImportRow,
  PreviewImportHandler,
  recordJobId,
  WithdrawImportHandler,
} from '#imports';
import { JobQueues } from '#jobs';
import { DomainError } from '#kernel';
import { FILE_STORAGE, type FileStorage } from '#platform';
import { SourceQueries } from '#sources';
import { Access } from '../http/access.js';
import { CSV_TYPE, download } from '../http/download.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { NumberPipe } from '../http/request-pipes.js';
import { type Plain, Written } from '../http/written.dto.js';
import { ImportDoor } from './import-door.js';
import {
  BatchForm,
  BatchQuery,
  CancelImport,
  FileNameGuessInfo,
  GuessQuery,
  ImportDetail,
  type ImportEntry,
  ImportList,
  ImportQuery,
  Preview,
  type ReadingProgressInfo,
  ReceivedBatch,
  ReceivedImportInfo,
  StartedPreview,
  UploadForm,
  UploadQuery,
  WithdrawImport,
} from './imports.dto.js';

@ApiTags('imports')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(
    private readonly door: ImportDoor,
    private readonly imports: ImportQueries,
    private readonly files: ImportFiles,
    private readonly previews: PreviewImportHandler,
    private readonly withdrawing: WithdrawImportHandler,
    private readonly cancelling: CancelImportHandler,
    private readonly sources: SourceQueries,
    private readonly queues: JobQueues,
    private readonly readModels: ReadModels,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  @Post()
  @HttpCode(202)
  @Access('reviewer', 'imports:write')
  @ApiOperation({
    operationId: 'importFile',
    summary: 'Import a file, or try one',
    description:
      'Send the file as the last part of a form, or as the body itself with fileName in the query. It is read in the background: the answer says where to look. ' +
      'The same bytes of the same source are recognised and change nothing, so a request may be repeated.',
  })
  @ApiConsumes('multipart/form-data', 'text/csv', 'application/gzip')
  @ApiBody({ type: UploadForm })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Not needed: the content itself is the key.' })
  @ApiExtraModels(ReceivedImportInfo, StartedPreview)
  @ApiAcceptedResponse({
    description: 'Received, or, with dryRun, the dry run is under way.',
    schema: { oneOf: [{ $ref: getSchemaPath(ReceivedImportInfo) }, { $ref: getSchemaPath(StartedPreview) }] },
    headers: { Location: { description: 'Where to ask how it stands.', schema: { type: 'string' } } },
  })
  @Fails(400, 404, 409, 413, 503)
  async receive(
    @Req() request: Request,
    @CurrentActor() actor: Principal,
    @Query() query: UploadQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceivedImportInfo | StartedPreview> {
    const taken = await this.door.take(request, actor, query);
    response.location(`/api/v1/imports/${'previewId' in taken ? `previews/${taken.previewId}` : taken.importId}`);
    return taken;
  }

  @Post('batch')
  @HttpCode(202)
  @Access('reviewer', 'imports:write')
  @ApiOperation({
    operationId: 'importFiles',
    summary: 'Import several files, or try them',
    description:
      'Send any number of files (at most 1,000) as parts of one form. What the query says holds for all of them; fields right before a file hold for ' +
      'that file alone. Each file is taken for itself, as it comes in: the answer says per file what became of it, and one that is not taken keeps ' +
      'none of the others out. If the connection breaks, the files that were complete stay received: send the form again, and they are told as duplicates.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: BatchForm })
  @ApiAcceptedResponse({ type: ReceivedBatch })
  @Fails(400, 413, 503)
  async receiveBatch(@Req() request: Request, @CurrentActor() actor: Principal, @Query() query: BatchQuery): Promise<ReceivedBatch> {
    return this.door.takeBatch(request, actor, query);
  }

  @Get()
  @Access('viewer', 'imports:write')
  @ApiOperation({ operationId: 'listImports', summary: 'Imports, newest first' })
  @ApiOkResponse({ type: ImportList })
  @Fails(400)
  async list(@Query() { limit, offset, ...query }: ImportQuery, @CurrentActor() actor: Principal): Promise<ImportList> {
    const filter: ImportFilter = actor.sources === null ? query : { ...query, sources: actor.sources };
    const rows = await this.imports.list(filter, { limit, offset });
    const progress = await this.progressOf(rows);
    return { imports: rows.map((row) => entryOf(row, progress)), count: await this.imports.count(filter) };
  }

  @Get('guess')
  @Access('viewer', 'imports:write')
  @ApiOperation({ operationId: 'guessImport', summary: 'What a file name says about source and period' })
  @ApiOkResponse({ type: FileNameGuessInfo })
  @Fails(400)
  async guess(@Query() { fileName }: GuessQuery): Promise<FileNameGuessInfo> {
    return guessFromFileName(fileName, await this.sources.list());
  }

  @Get('previews/:previewId')
  @Access('viewer', 'imports:write')
  @ApiOperation({ operationId: 'getImportPreview', summary: 'How a dry run stands, and its report' })
  @ApiOkResponse({ type: Preview })
  @Fails(404, 503)
  async preview(@Param('previewId') previewId: string): Promise<Preview> {
    const state = await this.previews.state(previewId);
    return { ...state, progress: readingProgress(state.progress) };
  }

  @Get('previews/:previewId/refused-rows')
  @Access('viewer', 'imports:write')
  @ApiOperation({ operationId: 'downloadPreviewRefusedRows', summary: 'All rows that a dry run found with errors, as CSV' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Fails(404, 503)
  async refusedRowsOfPreview(@Param('previewId') previewId: string): Promise<StreamableFile> {
    const { outcome } = await this.previews.state(previewId);
    return this.refusedRowsIn(outcome?.report ?? null, 'dry_run', `The dry run ${previewId} has found`);
  }

  @Delete('previews/:previewId')
  @HttpCode(204)
  @Access('reviewer', 'imports:write')
  @ApiOperation({
    operationId: 'cancelImportPreview',
    summary: 'Cancel a dry run, or give a failed one up',
    description: 'Whatever it is doing: it ends and leaves nothing, and its report is forgotten.',
  })
  @ApiNoContentResponse({ description: 'It is forgotten.' })
  @Fails(404)
  async cancelPreview(@Param('previewId') previewId: string, @Req() request: Request): Promise<void> {
    const position = await this.previews.cancel(previewId, metadataOf(request));
    if (position !== undefined) await this.readModels.settle(position);
  }

  @Get(':id')
  @Access('viewer', 'imports:write')
  @ApiOperation({ operationId: 'getImport', summary: 'An import with its report, or its progress while it is read' })
  @ApiOkResponse({ type: ImportDetail })
  @Fails(400, 404)
  async get(@Param('id', NumberPipe) importId: number, @CurrentActor() actor: Principal): Promise<ImportDetail> {
    const row = await this.imports.get(importId);
    requireSourceAccess(actor, row.source);
    return { ...entryOf(row, await this.progressOf([row])), report: row.report };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access('reviewer', 'imports:write')
  @ApiOperation({
    operationId: 'cancelImport',
    summary: 'Cancel an import that is not recorded yet',
    description:
      'One that waits, is being read, or failed for a technical reason. Reading stops within a second or two and leaves nothing; the file can be handed in again.',
  })
  @ApiOkResponse({ type: Written })
  @Fails(400, 404, 409)
  async cancel(
    @Param('id', NumberPipe) importId: number,
    @Body() body: CancelImport,
    @CurrentActor() actor: Principal,
    @Req() request: Request,
  ): Promise<Written> {
    if (actor.sources !== null) requireSourceAccess(actor, (await this.imports.get(importId)).source);
    const { position } = await this.cancelling.execute(importId, body.reason ?? null, metadataOf(request));
    await this.readModels.settle(position);
    return { position };
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'withdrawImport', summary: 'Withdraw an import while its periods are open' })
  @ApiOkResponse({ type: Written })
  @Fails(400, 404, 409)
  async withdraw(@Param('id', NumberPipe) importId: number, @Body() body: WithdrawImport, @Req() request: Request): Promise<Written> {
    const { position } = await this.withdrawing.execute(importId, body.reason, metadataOf(request));
    await this.readModels.settle(position);
    return { position };
  }

  @Get(':id/refused-rows')
  @Access('viewer', 'imports:write')
  @ApiOperation({ operationId: 'downloadRefusedRows', summary: 'All refused rows of an import, as CSV' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Fails(400, 404)
  async refusedRows(@Param('id', NumberPipe) importId: number, @CurrentActor() actor: Principal): Promise<StreamableFile> {
    const row = await this.imports.get(importId);
    requireSourceAccess(actor, row.source);
    return this.refusedRowsIn(row.report, String(importId), `Import ${importId} has`);
  }

  @Get(':id/file')
  @Access('viewer', 'imports:write')
  @ApiOperation({
    operationId: 'downloadImportFile',
    summary: 'The file of an import, byte for byte as it was handed in',
    description:
      'Also of an import that was refused, withdrawn or cancelled. A gzipped file stays gzipped. The ETag is the SHA-256 of the file, which the import and the log name too.',
  })
  @ApiProduces('text/csv', 'application/gzip')
  @ApiOkResponse({
    schema: { type: 'string', format: 'binary' },
    headers: { ETag: { description: 'SHA-256 of the file, in quotes.', schema: { type: 'string' } } },
  })
  @Fails(400, 404, 503)
  async file(
    @Param('id', NumberPipe) importId: number,
    @CurrentActor() actor: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const row = await this.imports.get(importId);
    requireSourceAccess(actor, row.source);
    const { mediaType, content } = await this.files.open(row);
    response.setHeader('ETag', `"${row.sha256}"`);
    return download(content, { fileName: row.fileName, type: mediaType, bytes: row.bytes });
  }

  private async refusedRowsIn(report: ImportRow['report'], name: string, whatHas: string): Promise<StreamableFile> {
    const sha256 = report?.refusedRowsSha256 ?? null;
    if (sha256 === null) throw new DomainError('import.no-refused-rows', 'not-found', `${whatHas} no refused rows.`);
    return download(await this.storage.open(sha256), { fileName: `refused_${name}.csv`, type: CSV_TYPE });
  }

  /** By the ids of the jobs that read these imports. */
  private async progressOf(rows: readonly ImportRow[]): Promise<ReadonlyMap<string, object>> {
    const isAnyRead = rows.some(({ state, failure }) => state === 'received' && failure === null);
    return isAnyRead ? this.queues.progressOf('imports.record') : new Map();
  }
}

function entryOf({ report: _report, ...row }: ImportRow, progress: ReadonlyMap<string, object>): Plain<ImportEntry> {
  return { ...row, progress: readingProgress(progress.get(recordJobId(row.importId))) };
}

/** Null before the reader has told anything. */
function readingProgress(told: object | null | undefined): ReadingProgressInfo | null {
  return told != null && 'rows' in told ? (told as ReadingProgressInfo) : null;
}
