import { Injectable } from '@nestjs/common';
import { type BillingPeriod, Decimal, type DomainError } from '#kernel';
import { differenceOf, JOURNAL_FAMILIES, type JournalBooking, type JournalFamily } from '../domain/booking.js';
import type { JournalFormat } from '../domain/journal-formats.js';
import { linesOf } from '../domain/journal-lines.js';
import type { DeltaStart } from '../domain/delta-start.js';
import type { JournalState } from '../domain/journal.js';
import type { JournalParty } from '../domain/posting.js';
import { ComposeJournal } from './compose-journal.js';

/** Money on one side of the books: a PI's is debited, a source's credited. Negative: the other way round. */
export interface BookedSum {
  readonly booked: Decimal;
  readonly ledger: Decimal;
  /** What is still to be booked. */
  readonly difference: Decimal;
}

export interface BookedFundOrg extends BookedSum {
  readonly party: JournalParty;
  readonly fundOrg: string;
}

/** What is booked of a period, held against its ledger. */
export interface BookedJournals {
  readonly family: JournalFamily;
  /** The journals that count as booked, oldest first. */
  readonly counted: readonly JournalState[];
  /** Why no delta can be written now; null if one can. */
  readonly obstacle: DomainError | null;
  /** Null where nobody can tell what is booked. */
  readonly comparison: {
    /** PIs, then sources; each by fund/org. */
    readonly rows: readonly BookedFundOrg[];
    readonly pi: BookedSum;
    readonly source: BookedSum;
    /** A delta would have this many rows: 0 if what is booked is what is billed. */
    readonly deltaRowCount: number;
  } | null;
}

/** Tells what accounting has booked of a period, as far as exports and marks tell, and what the ledger says now. */
@Injectable()
export class BookedAgainstLedger {
  constructor(private readonly composing: ComposeJournal) {}

  /** @throws DomainError `period.unknown` */
  async compare(period: BillingPeriod, family: JournalFamily): Promise<BookedJournals> {
    await this.composing.seeEverything(period);
    const start = await this.composing.start(period, family);
    const { counted, obstacle } = start;
    const isKnown = obstacle === null || obstacle.code === 'journal.undecided';
    return { family, counted, obstacle, comparison: isKnown ? await this.comparison(period, family, start) : null };
  }

  /** Whether accounting has, by journals that count, what is billed now: then no other journal is needed. Told by read models as they are. */
  async isUpToDate(period: BillingPeriod): Promise<boolean> {
    for (const family of JOURNAL_FAMILIES) {
      const start = await this.composing.start(period, family);
      if (start.counted.length === 0 || start.obstacle !== null) continue;
      if ((await this.comparison(period, family, start)).deltaRowCount === 0) return true;
    }
    return false;
  }

  private async comparison(
    period: BillingPeriod,
    family: JournalFamily,
    start: DeltaStart,
  ): Promise<NonNullable<BookedJournals['comparison']>> {
    const { ledger, booked } = await this.composing.compare(period, family, start);
    const rows = fundOrgs(ledger, booked);
    const sideOf = (party: JournalParty): BookedSum => {
      const side = rows.filter((row) => row.party === party);
      const [inBooks, inLedger] = [Decimal.sum(side.map((row) => row.booked)), Decimal.sum(side.map((row) => row.ledger))];
      return { booked: inBooks, ledger: inLedger, difference: inLedger.minus(inBooks) };
    };
    const format = family === 'one-sided' ? 'default' : (start.counted.at(-1)?.format ?? 'template');
    return { rows, pi: sideOf('pi'), source: sideOf('source'), deltaRowCount: deltaRows(period, format, differenceOf(ledger, booked)) };
  }
}

/** @param format the finest of the family */
function deltaRows(period: BillingPeriod, format: JournalFormat, difference: readonly JournalBooking[]): number {
  if (format !== 'template') return linesOf(format === 'gl' ? 'gl' : 'default', difference, { period, zeroRows: 'left-out' }).length;
  const sums = new Map<string, Decimal>();
  for (const { party, fundOrg, source, account, amount } of difference) {
    const key = JSON.stringify([party, fundOrg, source, account]);
    sums.set(key, (sums.get(key) ?? Decimal.ZERO).plus(amount));
  }
  return [...sums.values()].filter((sum) => !sum.isZero()).length;
}

function fundOrgs(ledger: readonly JournalBooking[], booked: readonly JournalBooking[]): BookedFundOrg[] {
  const sums = new Map<string, { readonly party: JournalParty; readonly fundOrg: string; ledger: Decimal; booked: Decimal }>();
  const add = (bookings: readonly JournalBooking[], column: 'ledger' | 'booked'): void => {
    for (const { party, fundOrg, amount } of bookings) {
      const key = JSON.stringify([party, fundOrg]);
      const sum = sums.get(key) ?? { party, fundOrg, ledger: Decimal.ZERO, booked: Decimal.ZERO };
      sum[column] = sum[column].plus(amount);
      sums.set(key, sum);
    }
  };
  add(ledger, 'ledger');
  add(booked, 'booked');
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, sum]) => ({ ...sum, difference: sum.ledger.minus(sum.booked) }));
}
