import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { SourceEntity } from './source.entity.js';

/** How up to date a source is: its last recorded import. */
export interface SourceStatus {
  readonly name: string;
  readonly lastImportAt: Date | null;
  readonly lastImportId: number | null;
  readonly lastState: string | null;
}

/** Reads the list of sources. */
@Injectable()
export class SourceQueries {
  constructor(private readonly database: Database) {}

  async list(): Promise<SourceEntity[]> {
    return this.database.dataSource.getRepository(SourceEntity).find({ order: { name: 'ASC' } });
  }

  /** What sources are called, by name. */
  async displayNames(): Promise<Map<string, string>> {
    const rows = await this.database.query<{ name: string; displayName: string }>(
      `select name, display_name as "displayName" from sources`,
    );
    return new Map(rows.map(({ name, displayName }) => [name, displayName]));
  }

  async statuses(): Promise<SourceStatus[]> {
    return this.database.query<SourceStatus>(
      `select s.name, i.ended_at as "lastImportAt", i.import_id as "lastImportId", i.state as "lastState"
       from sources s
       left join lateral (select * from imports where imports.source = s.name and state not in ('received', 'cancelled') order by import_id desc limit 1) i on true
       order by s.name`,
    );
  }
}
