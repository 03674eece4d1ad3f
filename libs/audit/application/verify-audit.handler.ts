import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type LogFinding, type LogVerification, verifyLog } from '#event-store';
import { LineProof } from '#charge-lines';
import { BookingRows } from '#journals';
import { DomainError } from '#kernel';
import { Database, FILE_STORAGE, type FileStorage } from '#platform';
import { ProvenFacts, type ProvenFile } from '../infra/proven-facts.js';

/** Something that is not as the program left it. */
export interface AuditFinding {
  /** What was done to the log (see {@link LogFinding}), to an import's lines, to what a journal books, to a stored file, or to the state of a period. */
  readonly kind:
    LogFinding['kind'] | 'lines-changed' | 'matches-changed' | 'bookings-changed' | 'file-changed' | 'file-missing' | 'period-changed';
  /** Position of the event that is wrong, or that tells; null where there is none any more. */
  readonly position: number | null;
  /** Stream or file or period in question. */
  readonly subject: string;
  readonly what: string;
}

export interface AuditReport {
  readonly log: Omit<LogVerification, 'findings'>;
  /** With those of adjustments and splits. */
  readonly importCount: number;
  readonly lineCount: number;
  /** Journals that kept what they book. */
  readonly journalCount: number;
  readonly fileCount: number;
  readonly fileBytes: number;
  /** In the order: log, lines, bookings, files, periods; the log's own in the order of the log. Empty: everything is as the program left it. */
  readonly findings: readonly AuditFinding[];
}

/** @param share of the whole step, from 0 to 1 */
export type AuditProgress = (step: 'log' | 'lines' | 'files', share: number, detail: string) => void;

/**
 * Proves that nothing was changed behind the program's back: the log by its chains and seals, the lines of every import, adjustment and split, what every
 * journal books and all stored files by the digests in the log, the periods by their events (design.md, invariant 6). Reads only.
 */
@Injectable()
export class VerifyAuditHandler {
  constructor(
    private readonly database: Database,
    private readonly facts: ProvenFacts,
    private readonly lines: LineProof,
    private readonly bookings: BookingRows,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  /**
   * @param since a seal, as `verifyLog` takes it; only what was recorded after it is looked at
   * @throws DomainError `audit.unknown-seal`
   */
  async verify(since: string | undefined, progress: AuditProgress = (): void => undefined): Promise<AuditReport> {
    const { findings: inLog, ...log } = await verifyLog(this.database, {
      since,
      progress: (checked, all) => {
        progress('log', all === 0 ? 1 : checked / all, `${checked} events`);
      },
    });
    const found: AuditFinding[] = inLog.map(({ kind, position, stream, what }) => ({ kind, position, subject: stream, what }));

    const proven = await this.facts.lines(log.trustedUpTo);
    let lineCount = 0;
    for (const [index, told] of proven.entries()) {
      const held = await this.lines.of(told.importId, told.lineFormat);
      const subject = told.stream;
      const ofImport = `${told.name}, recorded at position ${told.position}`;
      if (held.linesDigest !== told.linesDigest) {
        const what = `The lines of ${ofImport}, are not those that were recorded.`;
        found.push({ kind: 'lines-changed', position: told.position, subject, what });
      }
      if (told.matchesDigest !== null && held.matchesDigest !== told.matchesDigest) {
        const what = `What ${ofImport}, found among the lines held before is not what was recorded.`;
        found.push({ kind: 'matches-changed', position: told.position, subject, what });
      }
      lineCount += told.lineCount;
      progress('lines', (index + 1) / proven.length, `${lineCount} lines`);
    }

    const journals = await this.facts.bookings(log.trustedUpTo);
    for (const { period, number, position, count, digest } of journals) {
      const subject = `journal-${period}`;
      if (position === null) {
        const what = `There are bookings of a journal ${number} of ${period}, and no such journal was recorded.`;
        found.push({ kind: 'bookings-changed', position, subject, what });
        continue;
      }
      const held = await this.bookings.held(period, number);
      if (held.digest === digest && held.count === count) continue;
      const what = `What journal ${number} of ${period} books, recorded at position ${position}, is not what was recorded.`;
      found.push({ kind: 'bookings-changed', position, subject, what });
    }

    const files = await this.facts.files(log.trustedUpTo);
    let fileBytes = 0;
    for (const [index, file] of files.entries()) {
      const { bytes, finding } = await this.checkFile(file);
      if (finding !== undefined) found.push(finding);
      fileBytes += bytes;
      progress('files', (index + 1) / files.length, `${index + 1} files`);
    }

    for (const { period, toldByEvents, held } of await this.facts.deviatingPeriods()) {
      const what = `Period ${period} is ${held ?? 'missing from its table'}; its events say ${toldByEvents}.`;
      found.push({ kind: 'period-changed', position: null, subject: `period-${period}`, what });
    }
    return {
      log,
      importCount: proven.length,
      lineCount,
      journalCount: journals.length,
      fileCount: files.length,
      fileBytes,
      findings: found,
    };
  }

  private async checkFile({ sha256, position, fileName }: ProvenFile): Promise<{ bytes: number; finding?: AuditFinding }> {
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of (await this.storage.open(sha256)) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'storage.file-not-found') throw error;
      const what = `${fileName}, named at position ${position}, is missing from the storage (${sha256}).`;
      return { bytes, finding: { kind: 'file-missing', position, subject: sha256, what } };
    }
    if (hash.digest('hex') === sha256) return { bytes };
    const what = `${fileName}, named at position ${position}, has another content than it had (${sha256}).`;
    return { bytes, finding: { kind: 'file-changed', position, subject: sha256, what } };
  }
}
