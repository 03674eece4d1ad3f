import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import pgCopyStreams from 'pg-copy-streams';
import { type BillingPeriod, Decimal } from '#kernel';
import { Database, type Tx } from '#platform';
import type { JournalBooking } from '../domain/booking.js';
import type { KeptBookings } from '../domain/journal.events.js';
import type { JournalParty } from '../domain/posting.js';

const COLUMNS = 'row_no, party, fund_org, source, account, pi_email, project_id, service_name, amount, line_count';
const ROWS_PER_CHUNK = 1_000;
/** What COPY writes for characters that mean something in its text format. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** What journals book, kept row by row beside their events. */
@Injectable()
export class BookingRows {
  constructor(private readonly database: Database) {}

  /**
   * Keeps what a journal books; to be called in the transaction that appends its event, before that.
   * @param digits decimals of the currency
   */
  async keep(tx: Tx, period: BillingPeriod, number: number, bookings: readonly JournalBooking[], digits: number): Promise<KeptBookings> {
    const hash = createHash('sha256');
    const rows = bookings.filter(({ amount }) => !amount.isZero());
    function* chunks(): Generator<string> {
      for (let at = 0; at < rows.length; at += ROWS_PER_CHUNK) {
        let text = '';
        for (const [index, row] of rows.slice(at, at + ROWS_PER_CHUNK).entries()) {
          const line = `${cellsOf(row, at + index + 1, digits).join('\t')}\n`;
          hash.update(line);
          text += `${period}\t${number}\t${line}`;
        }
        yield text;
      }
    }
    await pipeline(
      Readable.from(chunks()),
      tx.client.query(pgCopyStreams.from(`copy journal_bookings (period, number, ${COLUMNS}) from stdin`)),
    );
    return { count: rows.length, digest: hash.digest('hex') };
  }

  /** What these journals have booked together, by key; what they cancel out is left out. */
  async sum(period: BillingPeriod, numbers: readonly number[]): Promise<JournalBooking[]> {
    const key = 'party, fund_org, source, account, pi_email, project_id, service_name';
    const rows = await this.database.query<Omit<JournalBooking, 'amount' | 'references'> & { party: JournalParty; amount: string }>(
      `select party, fund_org as "fundOrg", source, account, pi_email as "piEmail", project_id as "projectId", service_name as "serviceName",
         sum(amount)::text as amount, sum(line_count)::int as "lineCount"
       from journal_bookings where period = $1 and number = any($2) group by ${key} having sum(amount) <> 0`,
      [period, numbers],
    );
    return rows.map((row) => ({ ...row, amount: Decimal.parse(row.amount), references: [] }));
  }

  /** What the table holds of a journal, for comparison with its event. */
  async held(period: BillingPeriod, number: number): Promise<KeptBookings> {
    return this.database.withConnection(async (client) => {
      const hash = createHash('sha256');
      let count = 0;
      const query = `select ${COLUMNS} from journal_bookings where period = ${client.escapeLiteral(period)} and number = ${number} order by row_no`;
      for await (const chunk of client.query(pgCopyStreams.to(`copy (${query}) to stdout`)) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        for (const byte of chunk) if (byte === LINE_FEED) count += 1;
      }
      return { count, digest: hash.digest('hex') };
    });
  }
}

/** Within a text it is escaped. */
const LINE_FEED = 10;

/** As COPY prints them: the digest is over the same bytes when the rows are read back. */
function cellsOf(booking: JournalBooking, rowNumber: number, digits: number): string[] {
  const { party, fundOrg, source, account, piEmail, projectId, serviceName, amount, lineCount } = booking;
  const texts = [party, fundOrg, source, account, piEmail, projectId, serviceName].map(escaped);
  return [String(rowNumber), ...texts, amount.toPadded(digits), String(lineCount)];
}

function escaped(text: string): string {
  return text.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character] ?? character);
}
