import { Injectable } from '@nestjs/common';
import { type FailedJob, subjectOf } from '#jobs';
import { type BillingPeriod, DomainError } from '#kernel';
import { Database } from '#platform';
import type { DeliveryMode } from '#sources';
import type { ImportState } from '../domain/import.js';
import type { ImportReport } from '../domain/import.events.js';
import type { AsAdjustments, Restatement } from '../domain/restatement.js';

export interface ImportRow {
  readonly importId: number;
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly state: ImportState;
  readonly deliveryMode: DeliveryMode;
  readonly expectedPeriod: BillingPeriod | null;
  readonly periods: readonly BillingPeriod[];
  readonly lineCount: number;
  readonly report: ImportReport | null;
  readonly refusal: { code: string; reason: string; problems: readonly { where: string; what: string }[] } | null;
  /** Asked for where the file was to be booked as adjustments, not imported. */
  readonly asAdjustments: AsAdjustments | null;
  /** What was booked of it; null unless it is booked, or was. */
  readonly restatement: Restatement | null;
  readonly receivedBy: string;
  readonly receivedAt: Date;
  readonly endedAt: Date | null;
  /** Who withdrew or cancelled it, and why, if they said so. */
  readonly endedBy: string | null;
  readonly endReason: string | null;
  /** Why recording it failed for a technical reason: it stays received until the work is retried, or the import is cancelled. */
  readonly failure: Pick<FailedJob, 'jobId' | 'about' | 'reason' | 'failedAt'> | null;
}

type ListedRow = Omit<ImportRow, 'failure'> & { failedJobId: string | null; failedReason: string; failedAt: Date };

const COLUMNS = `import_id as "importId", source, file_name as "fileName", sha256, bytes::float8 as bytes, imports.state, delivery_mode as "deliveryMode",
  expected_period as "expectedPeriod", periods, line_count as "lineCount", report, refusal, as_adjustments as "asAdjustments", restatement, received_by as "receivedBy",
  received_at as "receivedAt", ended_at as "endedAt", ended_by as "endedBy", end_reason as "endReason",
  failed_jobs.job_id as "failedJobId", failed_jobs.reason as "failedReason", failed_jobs.failed_at as "failedAt"`;
const IMPORTS = `imports left join failed_jobs
  on imports.state = 'received' and failed_jobs.job_id = 'import-' || import_id and failed_jobs.state = 'exhausted'`;

/** What imports are looked for by; everything given must hold. */
export interface ImportFilter {
  readonly source?: string;
  readonly period?: BillingPeriod;
  /** `received` finds what is still to be read or being read, `failed` what stays received because that failed. */
  readonly state?: ImportState | 'failed';
  /** Only these sources: what an API key that is bound to some may see. */
  readonly sources?: readonly string[];
}

const MATCHES = `($1::text is null or source = $1) and ($2::text is null or $2 = any(periods) or $2 = expected_period
    or $2 in (restatement ->> 'period', restatement ->> 'adjustedPeriod'))
  and ($3::text is null or $3 = case when failed_jobs.job_id is null then imports.state else 'failed' end) and ($4::text[] is null or source = any($4))`;

function parametersOf(filter: ImportFilter): unknown[] {
  return [filter.source ?? null, filter.period ?? null, filter.state ?? null, filter.sources ?? null];
}

/** Reads the list of imports. */
@Injectable()
export class ImportQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(filter: ImportFilter, page: { limit: number; offset: number }): Promise<ImportRow[]> {
    const rows = await this.database.query<ListedRow>(
      `select ${COLUMNS} from ${IMPORTS} where ${MATCHES} order by import_id desc limit $5 offset $6`,
      [...parametersOf(filter), page.limit, page.offset],
    );
    return rows.map(toImportRow);
  }

  /** How many imports a filter finds. */
  async count(filter: ImportFilter): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::int as count from ${IMPORTS} where ${MATCHES}`,
      parametersOf(filter),
    );
    return row?.count ?? 0;
  }

  /** @throws DomainError `import.unknown`. */
  async get(importId: number): Promise<ImportRow> {
    const [row] = await this.database.query<ListedRow>(`select ${COLUMNS} from ${IMPORTS} where import_id = $1`, [importId]);
    if (row === undefined) throw new DomainError('import.unknown', 'not-found', `There is no import ${importId}.`);
    return toImportRow(row);
  }

  /**
   * Imports whose outcome is still owed, and cancelled ones of which something is left to clear away, for the reconciler: straight from
   * the log, so that a late read model loses none.
   */
  async unsettled(): Promise<number[]> {
    const rows = await this.database.query<{ importId: number }>(
      `select (r.data ->> 'importId')::int as "importId" from events r
       where r.type = 'ImportReceived' and not exists (select 1 from events o where o.stream = r.stream and o.version = 2)
       union all
       select (c.data ->> 'importId')::int from events c
       where c.type = 'ImportCancelled' and (exists (select 1 from charge_lines l where l.import_id = (c.data ->> 'importId')::int)
         or exists (select 1 from restated_lines l where l.import_id = (c.data ->> 'importId')::int))`,
    );
    return rows.map((row) => row.importId);
  }

  /** The import that holds the same bytes of the same source, unless it was refused, withdrawn or cancelled, or nothing differed that could be booked. */
  async findSameContent(source: string, sha256: string): Promise<number | undefined> {
    const [row] = await this.database.query<{ importId: number }>(
      `select (r.data ->> 'importId')::int as "importId" from events r
       where r.type = 'ImportReceived' and r.data ->> 'sha256' = $2 and r.data ->> 'source' = $1
         and not exists (select 1 from events o where o.stream = r.stream and o.type in ('ImportRefused', 'ImportWithdrawn', 'ImportCancelled'))
         and not exists (select 1 from events o where o.stream = r.stream and o.type = 'ImportBooked' and o.data #>> '{restatement,lineCount}' = '0')
         and not exists (select 1 from events w where w.stream = 'adjustment-' || (r.data ->> 'importId') and w.type = 'AdjustmentsWithdrawn')
       order by r.position limit 1`,
      [source, sha256],
    );
    return row?.importId;
  }
}

function toImportRow({ failedJobId, failedReason, failedAt, ...row }: ListedRow): ImportRow {
  const { about } = subjectOf('imports.record', { importId: row.importId });
  return { ...row, failure: failedJobId === null ? null : { jobId: failedJobId, about, reason: failedReason, failedAt } };
}
