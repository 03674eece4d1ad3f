import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { type ImportQuality, type PeriodQuality, qualityByPeriod } from '../domain/source-quality.js';

/** Imports that are looked at, and listed: enough for several files a day over a year. */
const MOST_IMPORTS = 2000;

export interface SourceQuality {
  /** Newest first. */
  readonly periods: readonly PeriodQuality[];
  /** Newest first: those that the periods are made of, and those left out of them because they were refused or withdrawn. */
  readonly imports: readonly ImportQuality[];
}

/** Reads how good the data is that a source delivers, from the reports of its imports. */
@Injectable()
export class SourceQualityQueries {
  constructor(private readonly database: Database) {}

  /** @param periodCount the newest periods in which the source has files */
  async of(source: string, periodCount: number): Promise<SourceQuality> {
    const found = await this.database.query<ImportQuality>(QUALITY_OF_IMPORTS, [source, MOST_IMPORTS]);
    const periods = qualityByPeriod(found, periodCount);
    const shown = new Set(periods.map(({ period }) => period));
    return { periods, imports: found.filter((file) => file.periods.length === 0 || file.periods.some((period) => shown.has(period))) };
  }
}

/**
 * A file may be refused before anything is known of it, and have no report; it is listed without figures. Flags are summed over
 * currencies: they count lines here, not money.
 */
const QUALITY_OF_IMPORTS = `
  select import_id as "importId", file_name as "fileName", state, ended_at as "endedAt", report ->> 'focusVersion' as "focusVersion",
    coalesce((select array_agg(distinct p ->> 'period' order by p ->> 'period')
      from jsonb_array_elements(report -> 'totals' -> 'periods') p), '{}') as periods,
    coalesce((report -> 'totals' ->> 'lineCount')::int, 0) as "lineCount",
    coalesce((report -> 'totals' ->> 'flaggedLineCount')::int, 0) as "flaggedLineCount",
    coalesce((report -> 'totals' ->> 'refusedRowCount')::int, 0) as "refusedRowCount",
    coalesce((select jsonb_agg(jsonb_build_object('flag', flag, 'lineCount', lines) order by lines desc, flag)
      from (select f ->> 'flag' as flag, sum((f ->> 'lineCount')::int)::int as lines
        from jsonb_array_elements(report -> 'totals' -> 'flags') f group by 1) flags), '[]') as flags,
    nullif(report -> 'quality' -> 'unattributed', 'null') as unattributed,
    nullif(report -> 'quality' -> 'missingColumns', 'null') as "missingColumns"
  from imports
  where source = $1 and state in ('recorded', 'withdrawn', 'refused')
  order by import_id desc limit $2`;
