import { Injectable } from '@nestjs/common';
import type { LineFormat } from '#charge-lines';
import type { BillingPeriod } from '#kernel';
import { Database } from '#platform';

/** An import, adjustments or a split, whose lines an event speaks for. */
export interface ProvenLines {
  /** `import 3`. */
  readonly name: string;
  readonly stream: string;
  readonly importId: number;
  readonly position: number;
  readonly lineCount: number;
  readonly linesDigest: string;
  /** Which columns of the lines that covers: the first format where the event names none. */
  readonly lineFormat: LineFormat;
  /** Null where the event does not say. */
  readonly matchesDigest: string | null;
}

/** A journal, whose bookings an event speaks for. */
export interface ProvenBookings {
  readonly period: BillingPeriod;
  readonly number: number;
  /** Null where no event speaks of them. */
  readonly position: number | null;
  readonly count: number;
  readonly digest: string | null;
}

/** A file whose content an event speaks for. */
export interface ProvenFile {
  readonly sha256: string;
  /** Of the first event that names it. */
  readonly position: number;
  readonly fileName: string;
}

/** A period whose row does not say what its events say. */
export interface DeviatingPeriod {
  readonly period: string;
  readonly toldByEvents: string;
  readonly held: string | null;
}

/** What events say about things outside the log. Read from the rows as they are: an audit must not depend on read models. */
@Injectable()
export class ProvenFacts {
  constructor(private readonly database: Database) {}

  /** @param after position; 0 for all */
  async lines(after: number): Promise<ProvenLines[]> {
    return this.database.query(
      `select case type when 'ImportRecorded' then 'import ' when 'ChargesSplit' then 'split ' else 'adjustment ' end || id as name, stream, id::int as "importId",
         position::float8 as position, lines::int as "lineCount", data ->> 'linesDigest' as "linesDigest", data ->> 'matchesDigest' as "matchesDigest",
         coalesce((data ->> 'lineFormat')::int, 1) as "lineFormat"
       from events, coalesce(data ->> 'splitId', data ->> 'importId', data ->> 'adjustmentId') as id,
         coalesce(data #>> '{report,totals,lineCount}', data ->> 'lineCount', data ->> 'count') as lines
       where type in ('ImportRecorded', 'AdjustmentsBooked', 'ChargesSplit') and position > $1 order by position`,
      [after],
    );
  }

  /** Journals that say what they book, and what lies in the table without any. @param after position; 0 for all */
  async bookings(after: number): Promise<ProvenBookings[]> {
    return this.database.query(
      `select data ->> 'period' as period, (data ->> 'number')::int as number, position::float8 as position,
         (data #>> '{bookings,count}')::int as count, data #>> '{bookings,digest}' as digest
       from events where type = 'JournalExported' and position > $1 and jsonb_typeof(data -> 'bookings') = 'object'
       union all
       select b.period, b.number, null, 0, null from (select distinct period, number from journal_bookings) b
       where not exists (
         select 1 from events e where e.stream = 'journal-' || b.period and e.type = 'JournalExported' and (e.data ->> 'number')::int = b.number)
       order by position, period, number`,
      [after],
    );
  }

  /** Uploads, rows put aside, statements and journals; each content once. */
  async files(after: number): Promise<ProvenFile[]> {
    return this.database.query(
      `select distinct on (sha256) sha256, position::float8 as position, "fileName" from (
         select data ->> 'sha256' as sha256, position, data ->> 'fileName' as "fileName"
           from events where type in ('ImportReceived', 'StatementIssued', 'JournalExported') and position > $1
         union all
         select data #>> '{report,refusedRowsSha256}', position, 'refused rows of import ' || (data ->> 'importId')
           from events where type in ('ImportRecorded', 'ImportRefused') and position > $1
       ) named where sha256 is not null order by sha256, position`,
      [after],
    );
  }

  /** The only table that is written together with its events, not made from them later; so it is compared with them. */
  async deviatingPeriods(): Promise<DeviatingPeriod[]> {
    return this.database.query(
      `with told as (
         select distinct on (stream) data ->> 'period' as period,
           case type when 'PeriodClosed' then 'closed' when 'PeriodFinalized' then 'finalized' else 'open' end as state
         from events where type in ('PeriodOpened', 'PeriodClosed', 'PeriodReopened', 'PeriodFinalized') order by stream, version desc)
       select coalesce(t.period, p.period) as period, coalesce(t.state, 'no such period') as "toldByEvents", p.state as held
       from told t full join periods p on p.period = t.period where t.state is distinct from p.state order by 1`,
    );
  }
}
