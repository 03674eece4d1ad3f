import { Injectable } from '@nestjs/common';
import { billedAt, type Booking } from '#charges';
import { type BillingPeriod, DomainError } from '#kernel';
import { EventStore, type RecordedEvent } from '#event-store';
import { Database } from '#platform';
import { isDelta, type JournalStatus } from '../domain/journal.js';
import { type JournalEvent, journalStream } from '../domain/journal.events.js';
import type { JournalFormat } from '../domain/journal-formats.js';

export interface JournalRow {
  readonly period: BillingPeriod;
  readonly number: number;
  readonly format: JournalFormat;
  readonly includeFlagged: boolean;
  /** Rows of zero were asked for. */
  readonly includeZero: boolean;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rowCount: number;
  /** Decimals with the currency's digits. */
  readonly debits: string;
  readonly credits: string;
  readonly ledgerDigest: string;
  /** Numbers of the journals that a delta starts from; null for a full journal. */
  readonly deltaFrom: readonly number[] | null;
  readonly status: JournalStatus;
  /** Of a posted one: number of the document in the accounting system. */
  readonly documentNumber: string | null;
  /** Of a posted one: `YYYY-MM-DD`. */
  readonly postedOn: string | null;
  /** A note of the posting, or why it is void. */
  readonly markNote: string | null;
  readonly markedBy: string | null;
  readonly markedAt: Date | null;
  readonly exportedBy: string;
  readonly exportedAt: Date;
}

/** What became of a journal, step by step. */
export interface JournalStep {
  readonly position: number;
  readonly step: 'exported' | 'posted' | 'void' | 'mark-withdrawn';
  readonly documentNumber: string | null;
  readonly postedOn: string | null;
  /** A note, or why. */
  readonly note: string | null;
  readonly by: string;
  readonly at: Date;
}

const COLUMNS = `period, number, format, include_flagged as "includeFlagged", include_zero as "includeZero", file_name as "fileName", sha256,
  bytes::float8 as bytes, row_count as "rowCount", debits::text as debits, credits::text as credits, ledger_digest as "ledgerDigest", delta_from as "deltaFrom",
  coalesce(marks #>> '{-1,mark}', 'written') as status, marks #>> '{-1,documentNumber}' as "documentNumber", marks #>> '{-1,postedOn}' as "postedOn",
  marks #>> '{-1,note}' as "markNote", marks #>> '{-1,by}' as "markedBy", (marks #>> '{-1,at}')::timestamptz as "markedAt",
  exported_by as "exportedBy", exported_at as "exportedAt"`;

/** Reads the list of exported journals. */
@Injectable()
export class JournalQueries {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
  ) {}

  /** Newest first. */
  async list(period: BillingPeriod | null): Promise<JournalRow[]> {
    return this.database.query<JournalRow>(
      `select ${COLUMNS} from journals where $1::text is null or period = $1 order by exported_at desc, number desc limit 500`,
      [period],
    );
  }

  /**
   * The journals, oldest first, with a charge that was booked like this: by the times of both, as the statements tell it. On a delta is what was
   * booked otherwise when the last of those was written that it starts from.
   */
  async holding(period: BillingPeriod, bookings: readonly Booking[]): Promise<JournalRow[]> {
    const journals = await this.list(period);
    const bookedIn = ({ exportedAt, includeFlagged }: JournalRow): Booking | undefined =>
      billedAt(bookings, { at: exportedAt, withFlagged: includeFlagged });
    const before = ({ deltaFrom }: JournalRow): JournalRow | undefined => journals.find(({ number }) => number === deltaFrom?.at(-1));
    return journals
      .filter((journal) => {
        const start = isDelta(journal) ? before(journal) : undefined;
        return start === undefined ? bookedIn(journal) !== undefined : !isBookedAlike(bookedIn(start), bookedIn(journal));
      })
      .reverse();
  }

  /** Oldest first. */
  async history(period: BillingPeriod, number: number): Promise<JournalStep[]> {
    const events = (await this.store.readStream(journalStream(period))) as readonly RecordedEvent<JournalEvent>[];
    return events.filter(({ data }) => data.number === number).map(stepOf);
  }

  /** @throws DomainError `journal.unknown`. */
  async get(period: BillingPeriod, number: number): Promise<JournalRow> {
    const [row] = await this.database.query<JournalRow>(`select ${COLUMNS} from journals where period = $1 and number = $2`, [
      period,
      number,
    ]);
    if (row === undefined) throw new DomainError('journal.unknown', 'not-found', `There is no journal ${number} of period ${period}.`);
    return row;
  }
}

function isBookedAlike(one: Booking | undefined, other: Booking | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (['piEmail', 'projectId', 'fundOrg', 'accountCode'] as const).every(
    (field) => one.attribution[field] === other.attribution[field],
  );
}

function stepOf(event: RecordedEvent<JournalEvent>): JournalStep {
  const { type, data } = { type: event.type, data: event.data } as JournalEvent;
  const about = { position: event.position, by: event.metadata.actor.id, at: event.recordedAt, documentNumber: null, postedOn: null };
  switch (type) {
    case 'JournalExported':
      return { ...about, step: 'exported', note: null };
    case 'JournalPosted':
      return { ...about, step: 'posted', documentNumber: data.documentNumber, postedOn: data.postedOn, note: data.note };
    case 'JournalVoided':
      return { ...about, step: 'void', note: data.reason };
    case 'JournalMarkWithdrawn':
      return { ...about, step: 'mark-withdrawn', note: data.reason };
  }
}
