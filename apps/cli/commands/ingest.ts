import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import {
  guessFromFileName,
  ImportQueries,
  type ImportReport,
  PreviewImportHandler,
  type ReceiveImport,
  ReceiveImportHandler,
  recordJobId,
} from '#imports';
import { FailedJobQueries } from '#jobs';
import { type BillingPeriod, billingPeriod } from '#kernel';
import { type DeliveryMode, SourceQueries } from '#sources';
import type { Progress } from '../output/progress.js';
import type { Program } from '../program.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { findFiles } from './find-files.js';
import { describeImport } from './describe-import.js';
import { workFailed } from './jobs.js';

export interface IngestOptions {
  readonly source?: string;
  readonly period?: string;
  readonly dryRun?: boolean;
  readonly allowPartial?: boolean;
  readonly mode?: DeliveryMode;
}

/** What became of one file. */
export interface IngestedFile {
  readonly file: string;
  readonly source: string;
  /** failed: for a technical reason; the import stays received and can be retried. */
  readonly outcome: 'recorded' | 'refused' | 'withdrawn' | 'failed' | 'would be recorded' | 'would be refused';
  /** Null for a dry run. */
  readonly importId: number | null;
  /** The same bytes of the same source were imported before; nothing was changed. */
  readonly duplicate: boolean;
  readonly refusal: {
    readonly code: string;
    readonly reason: string;
    readonly problems: readonly { where: string; what: string }[];
  } | null;
  readonly report: ImportReport | null;
  /** Why it failed for a technical reason, and how it goes on. */
  readonly failure: { readonly reason: string; readonly advice: string } | null;
}

/** Imports files one after another, each all or nothing; a refused one does not keep the others out. */
export async function ingest(session: Session, paths: readonly string[], options: IngestOptions): Promise<CommandResult> {
  const found = await findFiles(paths);
  const program = await session.program();
  const sources = await program.get(SourceQueries).list();
  const wanted = found.map((file) => ({ file, source: options.source ?? guessFromFileName(basename(file), sources).source }));
  const unknown = wanted.filter(({ source }) => source === null).map(({ file }) => file);
  if (unknown.length > 0) throw new UsageError(`The file name does not tell the source of ${unknown.join(', ')}; say it with -s.`);

  program.startWork();
  const files: IngestedFile[] = [];
  for (const { file, source } of wanted) {
    const progress = await session.progress(`${options.dryRun === true ? 'reading' : 'importing'} ${basename(file)}`);
    try {
      const request = await store(program, file, source ?? '', options);
      files.push(await (options.dryRun === true ? preview : importFile)(session, program, file, request, progress));
    } finally {
      progress.end();
    }
  }
  return {
    data: { files },
    text: files.map((file) => describeImport(file, program.config.currency)).join('\n\n'),
    failed: files.some((file) => file.outcome.endsWith('refused') || file.outcome === 'failed'),
  };
}

async function store(program: Program, file: string, source: string, options: IngestOptions): Promise<ReceiveImport> {
  const { sha256, bytes } = await program.services.storage.put(createReadStream(file));
  const expectedPeriod: BillingPeriod | null = options.period === undefined ? null : billingPeriod(options.period);
  const { mode, allowPartial } = options;
  return {
    source,
    fileName: basename(file),
    sha256,
    bytes,
    expectedPeriod,
    deliveryMode: mode ?? null,
    allowPartial: allowPartial === true,
  };
}

async function importFile(
  session: Session,
  program: Program,
  file: string,
  request: ReceiveImport,
  progress: Progress,
): Promise<IngestedFile> {
  const { services } = program;
  const { importId, position, duplicate } = await program.get(ReceiveImportHandler).execute(request, program.metadata);
  session.ifInterrupted(
    `${basename(file)} is handed in as import ${importId}: a running server goes on with it; without one, the same command again does.`,
  );
  await services.projections.waitFor(position, ['imports']);
  const { row, failed } = await session.waitFor(async () => {
    const current = await program.get(ImportQueries).get(importId);
    if (current.state !== 'received') return { row: current, failed: [] };
    const exhausted = await program.get(FailedJobQueries).list({ state: 'exhausted', importId });
    if (exhausted.length > 0) return { row: current, failed: exhausted };
    showReading(progress, (await services.queues.state('imports.record', recordJobId(importId)))?.progress);
    return undefined;
  });
  await program.settle();
  const { source, state, refusal, report } = row;
  const [first] = failed;
  const failure = first === undefined ? null : { reason: first.reason, advice: workFailed(failed).detail };
  return { file, source, outcome: state === 'received' ? 'failed' : state, importId, duplicate, refusal, report, failure };
}

async function preview(
  session: Session,
  program: Program,
  file: string,
  request: ReceiveImport,
  progress: Progress,
): Promise<IngestedFile> {
  const handler = program.get(PreviewImportHandler);
  const { previewId } = await handler.start(request);
  const { accepted, refusal, report } = await session.waitFor(async () => {
    const state = await handler.state(previewId);
    showReading(progress, state.progress);
    return state.outcome ?? undefined;
  });
  const outcome = accepted ? 'would be recorded' : 'would be refused';
  return { file, source: request.source, outcome, importId: null, duplicate: false, refusal, report, failure: null };
}

/** @param reported bytes read of all bytes, and rows, as the reader reports them; absent before it has begun */
function showReading(progress: Progress, reported: object | null | undefined): void {
  const { bytesRead, bytes, rows } = (reported ?? {}) as { bytesRead?: number; bytes?: number; rows?: number };
  const share = bytesRead === undefined || bytes === undefined || bytes === 0 ? undefined : bytesRead / bytes;
  progress.update(share, rows === undefined ? '' : `${rows} rows`);
}
