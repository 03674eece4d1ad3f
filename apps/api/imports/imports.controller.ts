import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentActor, metadataOf, type Principal, requireSourceAccess } from '#identity';
import {
  guessFromFileName,
  type ImportFilter,
  ImportQueries,
  type ImportRow,
  PreviewImportHandler,
  recordJobId,
  WithdrawImportHandler,
} from '#imports';
import { FailedJobQueries, JobQueues } from '#jobs';
import { DomainError } from '#kernel';
import { FILE_STORAGE, type FileStorage } from '#platform';
import { SourceQueries } from '#sources';
import { Access } from '../http/access.js';
import { CSV_TYPE, download } from '../http/download.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { NumberPipe } from '../http/request-pipes.js';
import { type Plain, Written } from '../http/written.dto.js';
import { failedJobNote } from '../jobs/failed-job-note.js';
import { ImportDoor } from './import-door.js';
import {
  FileNameGuessInfo,
  GuessQuery,
  ImportDetail,
  type ImportEntry,
  ImportList,
  ImportQuery,
  Preview,
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
    private readonly previews: PreviewImportHandler,
    private readonly withdrawing: WithdrawImportHandler,
    private readonly sources: SourceQueries,
    private readonly queues: JobQueues,
    private readonly failedJobs: FailedJobQueries,
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

  @Get()
  @Access('viewer', 'imports:write')
  @ApiOperation({ operationId: 'listImports', summary: 'Imports, newest first' })
  @ApiOkResponse({ type: ImportList })
  @Fails(400)
  async list(@Query() { limit, offset, ...query }: ImportQuery, @CurrentActor() actor: Principal): Promise<ImportList> {
    const filter: ImportFilter = actor.sources === null ? query : { ...query, sources: actor.sources };
    const rows = await this.imports.list(filter, { limit, offset });
    return { imports: rows.map(entryOf), count: await this.imports.count(filter) };
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
    return this.previews.state(previewId);
  }

  @Get(':id')
  @Access('viewer', 'imports:write')
  @ApiOperation({ operationId: 'getImport', summary: 'An import with its report, or its progress while it is read' })
  @ApiOkResponse({ type: ImportDetail })
  @Fails(400, 404)
  async get(@Param('id', NumberPipe) importId: number, @CurrentActor() actor: Principal): Promise<ImportDetail> {
    const row = await this.imports.get(importId);
    requireSourceAccess(actor, row.source);
    const entry = { ...entryOf(row), report: row.report };
    if (row.state !== 'received') return { ...entry, progress: null, failure: null };
    const [failure] = await this.failedJobs.list({ state: 'exhausted', importId });
    const job = await this.queues.state('imports.record', recordJobId(importId));
    return { ...entry, progress: job?.progress ?? null, failure: failure === undefined ? null : failedJobNote(failure) };
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
    const sha256 = row.report?.refusedRowsSha256 ?? null;
    if (sha256 === null) throw new DomainError('import.no-refused-rows', 'not-found', `Import ${importId} has no refused rows.`);
    return download(await this.storage.open(sha256), { fileName: `refused_${importId}.csv`, type: CSV_TYPE });
  }
}

function entryOf({ report: _report, ...entry }: ImportRow): Plain<ImportEntry> {
  return entry;
}
