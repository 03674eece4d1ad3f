import { Inject, Injectable } from '@nestjs/common';
import { EventStore, ProjectionRunner } from '#event-store';
import { type BillingPeriod, Decimal, DomainError } from '#kernel';
import { LedgerQueries, type Posting } from '#ledger';
import { CHARGES_PROJECTION, PeriodRepository } from '#periods';
import { APP_CONFIG, type AppConfig } from '#platform';
import { SourceQueries } from '#sources';
import { bookPostings, differenceOf, familyOf, formatsOf, type JournalBooking, type JournalFamily } from '../domain/booking.js';
import { type BuiltEntries, entriesOf, withoutFundOrg } from '../domain/build-entries.js';
import { type DeltaStart, deltaStart, named } from '../domain/delta-start.js';
import { hasRow, type JournalFormat, type ZeroRows } from '../domain/journal-formats.js';
import { type JournalLine, linesOf, linesOfEntries, sidesOfLines } from '../domain/journal-lines.js';
import { journalsOf, type JournalState, nextNumber } from '../domain/journal.js';
import { journalStream } from '../domain/journal.events.js';
import type { JournalPosting, JournalProblem, JournalSource } from '../domain/posting.js';
import { zeroRowsOf } from '../domain/zero-rows.js';
import { BookingRows } from '../infra/booking-rows.js';

export interface JournalRequest {
  readonly format: JournalFormat;
  /** Also the charges that wait for review; the file's name says so. */
  readonly includeFlagged: boolean;
  /** Only what changed since what is booked. */
  readonly delta: boolean;
  /** Also what comes to nothing, in formats that leave it out otherwise. */
  readonly includeZero: boolean;
}

/** A journal before it is written. */
export interface ComposedJournal {
  /** The one it would have. */
  readonly number: number;
  /** Of the journals' stream: what is booked, and the number, hold as long as it is this one. */
  readonly version: number;
  /** Null for a full journal. */
  readonly deltaFrom: readonly JournalState[] | null;
  /** Whether it has rows for what comes to nothing. */
  readonly zeroRows: ZeroRows;
  /** What of the ledger it was made of. */
  readonly postings: readonly JournalPosting[];
  /** What it books, which a delta after it starts from. */
  readonly bookings: readonly JournalBooking[];
  /** Of a template journal. */
  readonly built: BuiltEntries | null;
  /** Its rows; none of `detail`, which has one per charge. */
  readonly lines: readonly JournalLine[];
  readonly rowCount: number;
  readonly debits: Decimal;
  readonly credits: Decimal;
  /** What PIs owe by it: all rows but the credits of sources. */
  readonly net: Decimal;
  readonly problems: readonly JournalProblem[];
  /** The export is refused for the problems unless the caller insists. */
  readonly isObstructed: boolean;
  readonly ledgerDigest: string;
}

/** Puts together what a journal of the period's ledger would hold, in full or as the difference to what is booked. Reads only. */
@Injectable()
export class ComposeJournal {
  constructor(
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly periods: PeriodRepository,
    private readonly ledger: LedgerQueries,
    private readonly sources: SourceQueries,
    private readonly rows: BookingRows,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * @throws DomainError `period.unknown`, `journal.delta-of-charges` for a delta with a row per charge, `journal.delta-without-zeros` for one with
   * rows of zero, and for a delta that can't be told what {@link deltaStart} has against it. A delta with nothing in it is given out all the same.
   */
  async compose(period: BillingPeriod, request: JournalRequest): Promise<ComposedJournal> {
    const { format, includeFlagged, delta } = request;
    if (delta && format === 'detail') throw deltaOfCharges();
    const zeroRows = zeroRowsOf(format, request);
    await this.seeEverything(period);
    const ledgerDigest = await this.ledger.digest(period);
    const events = await this.store.readStream(journalStream(period));
    const journals = journalsOf(events);
    const start = delta ? deltaStart(period, journals, familyOf(format)) : null;
    if (start !== null && start.obstacle !== null) throw start.obstacle;
    const sources = await this.journalSources();
    const postings = await this.postings(period, includeFlagged);
    const full = bookPostings(format, postings, { sources, defaultAccount: this.config.journal.defaultAccount });
    const bookings = start === null ? full : differenceOf(full, await this.booked(period, start));
    const about = {
      number: nextNumber(journals),
      version: events.length,
      deltaFrom: start === null ? null : start.counted,
      zeroRows,
      postings,
      bookings,
      net: Decimal.sum(bookings.filter(({ party }) => party === 'pi').map(({ amount }) => amount)),
      ledgerDigest,
    };
    if (format === 'detail') {
      const amounts = postings.map(({ billed }) => billed);
      return {
        ...about,
        built: null,
        lines: [],
        rowCount: postings.reduce((count, { lineCount }) => count + lineCount, 0),
        debits: Decimal.sum(amounts.filter((amount) => amount.isPositive())),
        credits: Decimal.sum(amounts.filter((amount) => amount.isNegative())).negated(),
        problems: withoutFundOrg(unattributed(bookings, 'left-out'), period),
        isObstructed: false,
      };
    }
    if (format === 'template') {
      const built = entriesOf(bookings, sources, this.config.journal, period, zeroRows);
      const { problems, debits, credits } = built;
      const lines = linesOfEntries(built);
      return { ...about, built, lines, rowCount: lines.length, debits, credits, problems, isObstructed: problems.length > 0 };
    }
    const lines = linesOf(format, bookings, { period, zeroRows });
    // A list of what is billed may have a row of zero without a fund/org; one that is booked row by row is refused for it in accounting.
    const judged = familyOf(format) === 'two-sided' ? zeroRows : 'left-out';
    const problems = withoutFundOrg(unattributed(bookings, judged), period);
    return { ...about, built: null, lines, rowCount: lines.length, ...sidesOfLines(lines), problems, isObstructed: false };
  }

  /** @throws DomainError `period.unknown` */
  async seeEverything(period: BillingPeriod): Promise<void> {
    if ((await this.periods.find(period)) === undefined)
      throw new DomainError('period.unknown', 'not-found', `There is no period ${period}.`);
    await this.projections.waitFor(await this.store.lastPosition(), [CHARGES_PROJECTION, 'sources']);
  }

  /** What accounting has booked, as far as the marks tell. */
  async start(period: BillingPeriod, family: JournalFamily): Promise<DeltaStart> {
    return deltaStart(period, journalsOf(await this.store.readStream(journalStream(period))), family);
  }

  /** What the family's formats make of the ledger as the read models have it, and what of it is booked by what counts. */
  async compare(
    period: BillingPeriod,
    family: JournalFamily,
    start: DeltaStart,
  ): Promise<{ readonly ledger: readonly JournalBooking[]; readonly booked: readonly JournalBooking[] }> {
    const rules = { sources: await this.journalSources(), defaultAccount: this.config.journal.defaultAccount };
    // Where a gl journal was the last, the other side is the clearing account: that is no difference.
    const format = family === 'one-sided' ? 'default' : (start.counted.at(-1)?.format ?? 'template');
    return { ledger: bookPostings(format, await this.postings(period, false), rules), booked: await this.booked(period, start) };
  }

  private async booked(period: BillingPeriod, { counted }: DeltaStart): Promise<JournalBooking[]> {
    return counted.length === 0
      ? []
      : this.rows.sum(
          period,
          counted.map(({ number }) => number),
        );
  }

  private async journalSources(): Promise<JournalSource[]> {
    return (await this.sources.list()).map((source) => ({
      name: source.name,
      displayName: source.displayName,
      fundOrg: orNull(source.fundOrg),
      accountCode: orNull(source.accountCode),
    }));
  }

  private async postings(period: BillingPeriod, includeFlagged: boolean): Promise<JournalPosting[]> {
    const postings = await this.ledger.postings(period, this.config.currency, { includeFlagged });
    return postings.map((posting: Posting) => ({ ...posting, accountCode: orNull(posting.accountCode), references: [] }));
  }
}

/** @param start what the delta would start from @throws DomainError `journal.nothing-changed` */
export function nothingChanged(period: BillingPeriod, format: JournalFormat, start: readonly JournalState[]): DomainError {
  const since =
    start.length === 0
      ? `Nothing is billed in ${period}, and nothing was booked`
      : `Nothing has changed in ${period} for a journal as ${format} since ${named(start)}`;
  return new DomainError('journal.nothing-changed', 'conflict', `${since}: there is nothing to book, and nothing was written.`);
}

function deltaOfCharges(): DomainError {
  return new DomainError(
    'journal.delta-of-charges',
    'invalid',
    `The format detail has a row per charge, and charges have no differences. Write the delta as ${formatsOf('one-sided')}.`,
  );
}

/** What has no fund/org, by source and PI. */
function unattributed(bookings: readonly JournalBooking[], zeroRows: ZeroRows): Parameters<typeof withoutFundOrg>[0] {
  const sums = new Map<string, { readonly party: 'pi'; fundOrg: ''; amount: Decimal; sourceName: string; piEmail: string }>();
  for (const { party, fundOrg, source, piEmail, amount } of bookings) {
    if (party !== 'pi' || fundOrg !== '') continue;
    const key = JSON.stringify([source, piEmail]);
    const held = sums.get(key);
    const sum = (held?.amount ?? Decimal.ZERO).plus(amount);
    sums.set(key, { party, fundOrg: '', amount: sum, sourceName: source, piEmail });
  }
  return [...sums.values()].filter(({ amount }) => hasRow(amount, zeroRows));
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
