import {
  type AsAdjustments,
  guessFromFileName,
  type ImportReport,
  PreviewImportHandler,
  type ReceiveImport,
  ReceiveImportHandler,
  type Restatement,
} from '#imports';
import { type BillingPeriod, billingPeriod, DomainError } from '#kernel';
import { type DeliveryMode, SourceQueries } from '#sources';
import type { Program } from '../program.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { describeImport } from './describe-import.js';
import { findFiles, type FoundFile } from './find-files.js';
import { IngestProgress } from './ingest-progress.js';
import { type HandedIn, standingOf } from './ingest-outcomes.js';
import { writeRefusedRows } from './refused-rows.js';

export interface IngestOptions {
  readonly source?: string;
  readonly period?: string;
  readonly name?: string;
  readonly dryRun?: boolean;
  readonly allowPartial?: boolean;
  readonly mode?: DeliveryMode;
  /** An open period: what differs from the finalized one is booked there. */
  readonly asAdjustments?: string;
  readonly reason?: string;
  /** Where rows with errors are written as CSV: a file, or a folder if there are several files. */
  readonly refused?: string;
}

/** What became of one file. */
export interface IngestedFile {
  readonly file: string;
  readonly source: string;
  /** failed: for a technical reason; the import stays received and can be retried, or the file was not even taken. */
  readonly outcome:
    'recorded' | 'booked' | 'refused' | 'withdrawn' | 'cancelled' | 'failed' | 'would be recorded' | 'would be booked' | 'would be refused';
  /** Null for a dry run, and for a file that was not taken. */
  readonly importId: number | null;
  /** The same bytes of the same source were imported before; nothing was changed. */
  readonly duplicate: boolean;
  readonly refusal: {
    readonly code: string;
    readonly reason: string;
    readonly problems: readonly { readonly where: string; readonly what: string }[];
  } | null;
  readonly report: ImportReport | null;
  /** What was booked as adjustments, or would be; null for a file that is imported. */
  readonly restatement: Restatement | null;
  /** Why it failed for a technical reason, and how it goes on. */
  readonly failure: { readonly reason: string; readonly advice: string } | null;
}

/** Files are read in the order in which they were handed in, a few at a time; those behind have nothing to tell yet. */
const MOST_ASKED = 8;

/**
 * Hands all files in, and waits until each is recorded or refused; they are read side by side. Each is all or nothing, and one that is
 * refused keeps none of the others out.
 */
export async function ingest(session: Session, paths: readonly string[], options: IngestOptions): Promise<CommandResult> {
  if (options.reason !== undefined && options.asAdjustments === undefined) {
    throw new UsageError('--reason belongs to --as-adjustments PERIOD, which names the open period in which the difference is billed.');
  }
  if (options.asAdjustments !== undefined && (options.reason ?? '').trim() === '') {
    throw new UsageError('Say why with --reason TEXT: the PIs read it on their next statement.');
  }
  const found = await findFiles(paths, options.name);
  const program = await session.program();
  const sources = await program.get(SourceQueries).list();
  const wanted = found.map((file) => ({ file, ...sourceOf(file.name, sources, options) }));
  const unknown = wanted.filter(({ source }) => source === null).map(({ file, sourceReason }) => `${file.file}: ${sourceReason}`);
  if (unknown.length > 0) throw new UsageError(`The file name does not tell the source; say it with -s. ${unknown.join(' ')}`);

  program.startWork();
  const isDryRun = options.dryRun === true;
  const progress = await IngestProgress.start(
    session,
    found.map(({ name }) => name),
    isDryRun,
  );
  const files: IngestedFile[] = [];
  let pending: HandedIn[] = [];
  try {
    for (const [index, { file, source }] of wanted.entries()) {
      session.throwIfInterrupted();
      await progress.begin(index);
      const taken = await handIn(program, index, file, source ?? '', options);
      if ('outcome' in taken) files[index] = taken;
      else pending.push(taken);
      if ('outcome' in taken) progress.done(index, taken.outcome);
      else progress.reached(index, { bytesRead: 0, bytes: taken.bytes, rows: 0 });
      if (!isDryRun && pending.length > 0) session.ifInterrupted(whatGoesOn(pending));
    }
    await program.services.projections.waitFor(await program.services.store.lastPosition(), ['imports']);
    await session.waitFor(async () => {
      for (const one of pending.slice(0, MOST_ASKED)) {
        const standing = await standingOf(program, one);
        if (standing.progress !== undefined) progress.reached(one.index, standing.progress);
        if (standing.outcome === undefined) continue;
        files[one.index] = standing.outcome;
        pending = pending.filter((other) => other !== one);
        progress.done(one.index, standing.outcome.outcome);
        if (!isDryRun && pending.length > 0) session.ifInterrupted(whatGoesOn(pending));
      }
      return pending.length === 0 ? true : undefined;
    });
  } catch (error) {
    // Nobody will ask for the reports of dry runs.
    for (const { previewId } of pending) if (previewId !== null) await forget(program, previewId);
    throw error;
  } finally {
    progress.end();
  }
  await program.settle();
  const refused = await writeRefusedRows(program.services.storage, files, options.refused);
  return {
    data: { files: files.map((file, index) => ({ ...file, refusedRowsFile: refused[index] ?? null })) },
    text: files.map((file, index) => describeImport(file, program.config.currency, refused[index] ?? null)).join('\n\n'),
    failed: files.some(({ outcome }) => ['would be refused', 'refused', 'failed', 'cancelled'].includes(outcome)),
  };
}

async function handIn(
  program: Program,
  index: number,
  found: FoundFile,
  source: string,
  options: IngestOptions,
): Promise<HandedIn | IngestedFile> {
  const { file } = found;
  const expectedPeriod: BillingPeriod | null = options.period === undefined ? null : billingPeriod(options.period);
  try {
    const { sha256, bytes } = await program.services.storage.put(found.open());
    const request: ReceiveImport = {
      source,
      fileName: found.name,
      sha256,
      bytes,
      expectedPeriod,
      deliveryMode: options.mode ?? null,
      allowPartial: options.allowPartial === true,
      asAdjustments: asAdjustmentsOf(options),
    };
    if (options.dryRun === true) {
      const { previewId } = await program.get(PreviewImportHandler).start(request);
      return { index, file, source, bytes, importId: null, previewId, duplicate: false };
    }
    const { importId, duplicate } = await program.get(ReceiveImportHandler).execute(request, program.metadata);
    return { index, file, source, bytes, importId, previewId: null, duplicate };
  } catch (error) {
    return notTaken(file, source, error);
  }
}

function asAdjustmentsOf({ asAdjustments, reason }: IngestOptions): AsAdjustments | null {
  return asAdjustments === undefined ? null : { period: billingPeriod(asAdjustments), reason: reason ?? '' };
}

/** A file that was not taken in, for a reason that the others need not have. */
function notTaken(file: string, source: string, error: unknown): IngestedFile {
  const nothing = { file, source, importId: null, duplicate: false, report: null, restatement: null };
  if (error instanceof DomainError && error.kind !== 'unavailable') {
    return { ...nothing, outcome: 'refused', refusal: { code: error.code, reason: error.detail, problems: error.problems }, failure: null };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    ...nothing,
    outcome: 'failed',
    refusal: null,
    failure: { reason, advice: 'Nothing of it was kept. Mend the cause, then the same command again.' },
  };
}

async function forget(program: Program, previewId: string): Promise<void> {
  try {
    await program.get(PreviewImportHandler).cancel(previewId, program.metadata);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

/** What Ctrl-C leaves behind: imports are facts by then, and only somebody who says so gives them up. */
function whatGoesOn(pending: readonly HandedIn[]): string {
  const ids = pending.map(({ importId }) => importId).join(' ');
  const [what, them] =
    pending.length === 1 ? [`Import ${ids} is handed in`, 'it'] : [`Imports ${ids.replaceAll(' ', ', ')} are handed in`, 'them'];
  return `${what}: a running server goes on with ${them}; without one, the same command again does. To give ${them} up: openchargeback imports cancel ${ids}`;
}

function sourceOf(
  fileName: string,
  sources: Parameters<typeof guessFromFileName>[1],
  options: IngestOptions,
): { source: string | null; sourceReason: string } {
  return options.source === undefined ? guessFromFileName(fileName, sources) : { source: options.source, sourceReason: '' };
}
