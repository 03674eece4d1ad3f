import { DomainError, type ErrorKind, type Problem } from '#kernel';
import type { ImportReport } from '../domain/import.events.js';

/** A file that is refused as a whole, with the report of what was found in it. */
export class RefusedFile extends DomainError {
  constructor(
    code: string,
    detail: string,
    problems: readonly Problem[],
    readonly report: ImportReport,
    kind: ErrorKind = 'invalid',
  ) {
    super(code, kind, detail, problems);
  }

  /** The refusal with the report beside it. */
  static with(refusal: DomainError, report: ImportReport): RefusedFile {
    return refusal instanceof RefusedFile ? refusal : new RefusedFile(refusal.code, refusal.detail, refusal.problems, report, refusal.kind);
  }
}

/**
 * A refusal is the file's or the period's fault and trying again changes nothing; anything else is tried again. A file that the storage
 * can't give is not the file's fault.
 */
export function isRefusal(error: unknown): error is DomainError {
  if (!(error instanceof DomainError)) return false;
  if (error.code === 'stream.conflict' || error.code.startsWith('storage.')) return false;
  return error.kind === 'invalid' || error.kind === 'too-large' || error.kind === 'conflict';
}
