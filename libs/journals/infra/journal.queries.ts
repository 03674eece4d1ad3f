import { Injectable } from '@nestjs/common';
import { billedAt, type Booking } from '#charges';
import { type BillingPeriod, DomainError } from '#kernel';
import { Database } from '#platform';
import type { JournalFormat } from '../domain/journal-formats.js';

export interface JournalRow {
  readonly period: BillingPeriod;
  readonly number: number;
  readonly format: JournalFormat;
  readonly includeFlagged: boolean;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rowCount: number;
  /** Decimals with the currency's digits. */
  readonly debits: string;
  readonly credits: string;
  readonly ledgerDigest: string;
  readonly exportedBy: string;
  readonly exportedAt: Date;
}

const COLUMNS = `period, number, format, include_flagged as "includeFlagged", file_name as "fileName", sha256, bytes::float8 as bytes,
  row_count as "rowCount", debits::text as debits, credits::text as credits, ledger_digest as "ledgerDigest", exported_by as "exportedBy", exported_at as "exportedAt"`;

/** Reads the list of exported journals. */
@Injectable()
export class JournalQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(period: BillingPeriod | null): Promise<JournalRow[]> {
    return this.database.query<JournalRow>(
      `select ${COLUMNS} from journals where $1::text is null or period = $1 order by exported_at desc, number desc limit 500`,
      [period],
    );
  }

  /** The journals, oldest first, with a charge that was booked like this: by the times of both, as the statements tell it. */
  async holding(period: BillingPeriod, bookings: readonly Booking[]): Promise<JournalRow[]> {
    const journals = await this.list(period);
    return journals
      .filter(({ exportedAt, includeFlagged }) => billedAt(bookings, { at: exportedAt, withFlagged: includeFlagged }) !== undefined)
      .reverse();
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
