import { ImportQueries, PreviewImportHandler, recordJobId } from '#imports';
import type { Program } from '../program.js';
import type { IngestedFile } from './ingest.js';
import type { FileProgress } from './ingest-progress.js';
import { workFailed } from './jobs.js';

/** A file that was handed in: either an import or a dry run. */
export interface HandedIn {
  /** Of the argument it came from. */
  readonly index: number;
  readonly file: string;
  readonly source: string;
  readonly bytes: number;
  readonly importId: number | null;
  readonly previewId: string | null;
  readonly duplicate: boolean;
}

/** What became of a file, or how far it is read; neither before its reading begins. */
export interface Standing {
  readonly outcome?: IngestedFile;
  readonly progress?: FileProgress;
}

export async function standingOf(program: Program, handedIn: HandedIn): Promise<Standing> {
  if (handedIn.importId !== null) return standingOfImport(program, handedIn, handedIn.importId);
  return standingOfPreview(program, handedIn, handedIn.previewId ?? '');
}

async function standingOfImport(program: Program, { file, duplicate }: HandedIn, importId: number): Promise<Standing> {
  const { source, state, refusal, report, restatement, failure } = await program.get(ImportQueries).get(importId);
  if (state === 'received' && failure === null) {
    return progressFrom((await program.services.queues.state('imports.record', recordJobId(importId)))?.progress);
  }
  const outcome = state === 'received' ? 'failed' : state;
  const stuck = failure === null ? null : { reason: failure.reason, advice: workFailed([failure]).detail };
  return { outcome: { file, source, outcome, importId, duplicate, refusal, report, restatement, failure: stuck } };
}

async function standingOfPreview(program: Program, { file, source }: HandedIn, previewId: string): Promise<Standing> {
  const { outcome: found, progress } = await program.get(PreviewImportHandler).state(previewId);
  if (found === null) return progressFrom(progress);
  const { accepted, refusal, report, restatement } = found;
  const outcome = !accepted ? 'would be refused' : restatement === null ? 'would be recorded' : 'would be booked';
  return { outcome: { file, source, outcome, importId: null, duplicate: false, refusal, report, restatement, failure: null } };
}

/** @param told as the reader reports it; nothing of it before it has begun */
function progressFrom(told: object | null | undefined): Standing {
  const { bytesRead, bytes, rows } = (told ?? {}) as Partial<FileProgress>;
  return bytesRead === undefined || bytes === undefined || rows === undefined ? {} : { progress: { bytesRead, bytes, rows } };
}
