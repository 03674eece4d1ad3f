import { Decimal, foldIdentifier } from '#kernel';
import type { JournalFormat } from './journal-formats.js';
import type { JournalParty, JournalPosting, JournalSource } from './posting.js';

/**
 * What a journal books, at the finest thing accounting sees. The sum of all bookings that count is what accounting has in its books, and what a
 * delta is the difference to.
 */
export interface JournalBooking {
  readonly party: JournalParty;
  readonly fundOrg: string;
  /** Empty for the clearing account, which is of all sources. */
  readonly source: string;
  /** By precedence: of the charge, of the source, the default. */
  readonly account: string;
  /** These three are empty on the side of sources. */
  readonly piEmail: string;
  readonly projectId: string;
  readonly serviceName: string;
  /** Positive: debited to a PI's fund/org, credited to a source's. */
  readonly amount: Decimal;
  readonly lineCount: number;
  readonly references: readonly string[];
}

/** Formats whose journals can follow one another: those that book both sides, and those that tell the PIs' side alone. */
export type JournalFamily = 'two-sided' | 'one-sided';
export const JOURNAL_FAMILIES: readonly JournalFamily[] = ['two-sided', 'one-sided'];

export function familyOf(format: JournalFormat): JournalFamily {
  return format === 'template' || format === 'gl' ? 'two-sided' : 'one-sided';
}

export function formatsOf(family: JournalFamily): string {
  return family === 'two-sided' ? 'template or gl' : 'default or summary';
}

/** The account that the `gl` format books the other side to. */
const CLEARING_ACCOUNT = 'CLOUD-CLEARING';

interface BookingRules {
  readonly sources: Iterable<JournalSource>;
  /** What an account is where neither charge nor source says. */
  readonly defaultAccount: string;
}

/**
 * What a full journal of these postings books: a row per PI × project × fund/org × source × service × account, and on the other side what the
 * format says: a row per source that has a fund/org, one of the clearing account, or none.
 */
export function bookPostings(
  format: JournalFormat,
  postings: Iterable<JournalPosting>,
  { sources, defaultAccount }: BookingRules,
): JournalBooking[] {
  const sourceByName = new Map([...sources].map((source) => [foldIdentifier(source.name), source]));
  const bookings = new BookingSums();
  const owedTo = new Map<string, Decimal>();
  for (const { piEmail, projectId, fundOrg, serviceName, ...posting } of postings) {
    const found = sourceByName.get(foldIdentifier(posting.source));
    const source = found?.name ?? posting.source;
    const account = firstSet(posting.accountCode, found?.accountCode, defaultAccount);
    const { billed: amount, lineCount, references } = posting;
    bookings.add({ party: 'pi', fundOrg, source, account, piEmail, projectId, serviceName, amount, lineCount, references });
    owedTo.set(source, (owedTo.get(source) ?? Decimal.ZERO).plus(amount));
  }
  const credit = (fundOrg: string, source: string, account: string, amount: Decimal): void => {
    const rest = { piEmail: '', projectId: '', serviceName: '', lineCount: 0, references: [] };
    bookings.add({ party: 'source', fundOrg, source, account, amount, ...rest });
  };
  if (format === 'gl' && owedTo.size > 0) credit(CLEARING_ACCOUNT, '', '', Decimal.sum(owedTo.values()));
  if (format === 'template') {
    for (const [name, amount] of owedTo) {
      const source = sourceByName.get(foldIdentifier(name));
      const fundOrg = firstSet(source?.fundOrg);
      if (fundOrg !== '') credit(fundOrg, name, firstSet(source?.accountCode, defaultAccount), amount);
    }
  }
  return bookings.all();
}

/** What is to be booked for `booked` to become `current`; what stays as it is, is left out. */
export function differenceOf(current: Iterable<JournalBooking>, booked: Iterable<JournalBooking>): JournalBooking[] {
  const sums = new BookingSums();
  for (const booking of current) sums.add(booking);
  for (const booking of booked) {
    sums.add({ ...booking, amount: booking.amount.negated(), lineCount: -booking.lineCount, references: [] });
  }
  return sums.all().filter(({ amount }) => !amount.isZero());
}

/** Sums by key: two bookings of one key are one. */
class BookingSums {
  private readonly byKey = new Map<string, JournalBooking>();

  add(booking: JournalBooking): void {
    const { party, fundOrg, source, account, piEmail, projectId, serviceName } = booking;
    const key = JSON.stringify([party, fundOrg, source, account, piEmail, projectId, serviceName]);
    const held = this.byKey.get(key);
    this.byKey.set(key, held === undefined ? booking : together(held, booking));
  }

  /** In the order of their keys, so that the same postings give the same rows whatever their order. */
  all(): JournalBooking[] {
    return [...this.byKey].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, booking]) => booking);
  }
}

function together(one: JournalBooking, other: JournalBooking): JournalBooking {
  return {
    ...one,
    amount: one.amount.plus(other.amount),
    lineCount: one.lineCount + other.lineCount,
    references: [...new Set([...one.references, ...other.references])],
  };
}

function firstSet(...candidates: readonly (string | null | undefined)[]): string {
  return candidates.find((candidate) => candidate !== null && candidate !== undefined && candidate !== '') ?? '';
}
