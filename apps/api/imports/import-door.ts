import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { Request } from 'express';
import { correlationIdOf, metadataOf, type Principal, requireSourceAccess } from '#identity';
import { type AsAdjustments, guessFromFileName, ImportQueries, PreviewImportHandler, ReceiveImportHandler } from '#imports';
import { type BillingPeriod, DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, FILE_STORAGE, type FileStorage, LOGGER, type Logger } from '#platform';
import { sourceName, SourceQueries } from '#sources';
import { problemOf } from '../http/problem.js';
import { ReadModels } from '../http/read-models.js';
import { invalidRequest } from '../http/request-pipes.js';
import type { Plain } from '../http/written.dto.js';
import {
  type BatchFile,
  type BatchQuery,
  type ReceivedBatch,
  type ReceivedImportInfo,
  type StartedPreview,
  UploadFields,
  type UploadQuery,
} from './imports.dto.js';
import { eachUploadedFile } from './uploaded-batch.js';
import { type Announced, bounded, keepUploadedFile } from './uploaded-file.js';

/** Takes files in: finds out which source one is of and who may send it, keeps it, and hands it on. */
@Injectable()
export class ImportDoor {
  constructor(
    private readonly receiving: ReceiveImportHandler,
    private readonly previews: PreviewImportHandler,
    private readonly imports: ImportQueries,
    private readonly sources: SourceQueries,
    private readonly readModels: ReadModels,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async take(request: Request, actor: Principal, query: UploadQuery): Promise<ReceivedImportInfo | StartedPreview> {
    const limits = { maxBytes: this.config.imports.maxUnpackedBytes };
    const { file, admitted } = await keepUploadedFile(request, this.storage, limits, (announced) => this.admit(announced, query, actor));
    const command = { ...admitted, ...file };
    if (query.dryRun === true) return this.previews.start(command);
    const { importId, position, duplicate } = await this.receiving.execute(command, metadataOf(request));
    await this.readModels.settle(position);
    const { state } = await this.stateOf(importId);
    return { importId, position, duplicate, state };
  }

  /** Takes the files of one form, each for itself: one that can't be taken keeps none of the others out. */
  async takeBatch(request: Request, actor: Principal, query: BatchQuery): Promise<Plain<ReceivedBatch>> {
    const taken: Omit<BatchFile, 'state'>[] = [];
    let position = 0;
    const { maxUnpackedBytes } = this.config.imports;
    const strayFields = await eachUploadedFile(request, maxUnpackedBytes, async (announced, content) => {
      const answer = { fileName: announced.fileName, importId: null, previewId: null, duplicate: false, problem: null };
      try {
        const admitted = await this.admit(announced, query, actor);
        const command = { ...admitted, ...(await this.storage.put(Readable.from(bounded(content, maxUnpackedBytes)))) };
        if (query.dryRun === true) {
          taken.push({ ...answer, ...(await this.previews.start(command)) });
          return;
        }
        const { importId, position: written, duplicate } = await this.receiving.execute(command, metadataOf(request));
        position = Math.max(position, written);
        taken.push({ ...answer, importId, duplicate });
      } catch (error) {
        taken.push({ ...answer, problem: this.problemWith(announced, error, request) });
      }
    });
    await this.readModels.settle(position);
    const files = taken.map(async (file) => ({
      ...file,
      state: file.importId === null ? null : (await this.stateOf(file.importId)).state,
    }));
    return { position, files: await Promise.all(files), strayFields };
  }

  /** @throws error again if the client is gone: then there is nobody to be told. */
  private problemWith({ fileName }: Announced, error: unknown, request: Request): BatchFile['problem'] {
    if (request.destroyed && !request.complete) throw error;
    const correlationId = correlationIdOf(request);
    const { problem, isForeseen } = problemOf(error, correlationId);
    if (!isForeseen) this.logger.error({ err: error, correlationId, fileName }, 'a file of a batch could not be taken');
    return problem;
  }

  private async admit({ fileName, fields }: Announced, query: UploadFields, actor: Principal): Promise<Admitted> {
    const { source, period, deliveryMode, allowPartial, asAdjustments, reason } = {
      ...definedOnly(query),
      ...definedOnly(await checked(fields)),
    };
    const name = source === undefined || source.trim() === '' ? await this.guessed(fileName) : sourceName(source);
    requireSourceAccess(actor, name);
    const asked = asAdjustmentsOf(asAdjustments, reason);
    if (asked !== null && actor.kind === 'key') throw notForKeys();
    // As the caller writes it: a source that becomes known by this file is shown that way.
    return {
      source: source?.trim() || name,
      fileName,
      expectedPeriod: period ?? null,
      deliveryMode: deliveryMode ?? null,
      allowPartial: allowPartial ?? false,
      asAdjustments: asked,
    };
  }

  private async guessed(fileName: string): Promise<string> {
    const sources = await this.sources.list();
    const { source, sourceReason } = guessFromFileName(fileName, sources);
    if (source !== null) return source;
    const known = sources.map(({ name }) => name).join(', ') || 'none yet';
    throw new DomainError(
      'import.source-missing',
      'invalid',
      `The name “${fileName}” doesn't tell the source; name it. ${sourceReason} Known sources: ${known}.`,
    );
  }

  /** The list of imports may lag behind the log for a moment; a file that was just received is at least that. */
  private async stateOf(importId: number): Promise<{ state: ReceivedImportInfo['state'] }> {
    try {
      return await this.imports.get(importId);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'import.unknown') return { state: 'received' };
      throw error;
    }
  }
}

type Admitted = Omit<Parameters<ReceiveImportHandler['execute']>[0], 'sha256' | 'bytes'>;

async function checked(fields: Readonly<Record<string, string>>): Promise<UploadFields> {
  const upload = plainToInstance(UploadFields, fields);
  const errors = await validate(upload, { whitelist: true, forbidNonWhitelisted: true });
  const problems = errors.flatMap(({ property, constraints }) =>
    Object.values(constraints ?? {}).map((what) => ({ where: property, what })),
  );
  if (problems.length > 0) throw invalidRequest(problems);
  return upload;
}

function definedOnly(fields: UploadFields): Plain<UploadFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function asAdjustmentsOf(period: BillingPeriod | undefined, reason: string | undefined): AsAdjustments | null {
  if (period !== undefined) return { period, reason: reason ?? '' };
  if (reason === undefined) return null;
  throw invalidRequest([{ where: 'reason', what: 'belongs to asAdjustments: name the open period in which the difference is billed' }]);
}

/** What was billed is corrected by people, as in every other way. */
function notForKeys(): DomainError {
  return new DomainError(
    'access.people-only',
    'forbidden',
    'API keys import files; to book one as adjustments, sign in with a user account.',
  );
}
