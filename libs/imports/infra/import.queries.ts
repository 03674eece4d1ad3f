import { Injectable } from '@nestjs/common';
import { type BillingPeriod, DomainError } from '#kernel';
import { Database } from '#platform';
import type { DeliveryMode } from '#sources';
import type { ImportReport } from '../domain/import.events.js';

export interface ImportRow {
  readonly importId: number;
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly state: 'received' | 'recorded' | 'refused' | 'withdrawn';
  readonly deliveryMode: DeliveryMode;
  readonly expectedPeriod: BillingPeriod | null;
  readonly periods: readonly BillingPeriod[];
  readonly lineCount: number;
  readonly report: ImportReport | null;
  readonly refusal: { code: string; reason: string; problems: readonly { where: string; what: string }[] } | null;
  readonly receivedBy: string;
  readonly receivedAt: Date;
  readonly endedAt: Date | null;
}

const COLUMNS = `import_id as "importId", source, file_name as "fileName", sha256, bytes::float8 as bytes, state, delivery_mode as "deliveryMode",
  expected_period as "expectedPeriod", periods, line_count as "lineCount", report, refusal, received_by as "receivedBy",
  received_at as "receivedAt", ended_at as "endedAt"`;

/** What imports are looked for by; everything given must hold. */
export interface ImportFilter {
  readonly source?: string;
  readonly period?: BillingPeriod;
  readonly state?: ImportRow['state'];
  /** Only these sources: what an API key that is bound to some may see. */
  readonly sources?: readonly string[];
}

const MATCHES = `($1::text is null or source = $1) and ($2::text is null or $2 = any(periods) or $2 = expected_period)
  and ($3::text is null or state = $3) and ($4::text[] is null or source = any($4))`;

function parametersOf(filter: ImportFilter): unknown[] {
  return [filter.source ?? null, filter.period ?? null, filter.state ?? null, filter.sources ?? null];
}

/** Reads the list of imports. */
@Injectable()
export class ImportQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(filter: ImportFilter, page: { limit: number; offset: number }): Promise<ImportRow[]> {
    return this.database.query<ImportRow>(`select ${COLUMNS} from imports where ${MATCHES} order by import_id desc limit $5 offset $6`, [
      ...parametersOf(filter),
      page.limit,
      page.offset,
    ]);
  }

  /** How many imports a filter finds. */
  async count(filter: ImportFilter): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::int as count from imports where ${MATCHES}`,
      parametersOf(filter),
    );
    return row?.count ?? 0;
  }

  /** @throws DomainError `import.unknown`. */
  async get(importId: number): Promise<ImportRow> {
    const [row] = await this.database.query<ImportRow>(`select ${COLUMNS} from imports where import_id = $1`, [importId]);
    if (row === undefined) throw new DomainError('import.unknown', 'not-found', `There is no import ${importId}.`);
    return row;
  }

  /** Imports whose outcome is still owed, for the reconciler: straight from the log, so that a late read model loses none. */
  async unsettled(): Promise<number[]> {
    const rows = await this.database.query<{ importId: number }>(
      `select (r.data ->> 'importId')::int as "importId" from events r
       where r.type = 'ImportReceived' and not exists (select 1 from events o where o.stream = r.stream and o.version = 2)`,
    );
    return rows.map((row) => row.importId);
  }

  /** The import that holds the same bytes of the same source, unless it was refused or withdrawn. */
  async findSameContent(source: string, sha256: string): Promise<number | undefined> {
    const [row] = await this.database.query<{ importId: number }>(
      `select (r.data ->> 'importId')::int as "importId" from events r
       where r.type = 'ImportReceived' and r.data ->> 'sha256' = $2 and r.data ->> 'source' = $1
         and not exists (select 1 from events o where o.stream = r.stream and o.type in ('ImportRefused', 'ImportWithdrawn'))
       order by r.position limit 1`,
      [source, sha256],
    );
    return row?.importId;
  }
}
