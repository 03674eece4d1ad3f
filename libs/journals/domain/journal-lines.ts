import { Decimal } from '#kernel';
import type { BuiltEntries } from './build-entries.js';
import type { JournalBooking } from './booking.js';
import { creditGroups, type FormatOptions, glDescription, type JournalFormat, paidGroups, type PaidRow } from './journal-formats.js';
import type { JournalParty } from './posting.js';

/** A row of a journal as a preview shows it; texts are empty where the format does not tell them. */
export interface JournalLine {
  readonly party: JournalParty;
  readonly isDebit: boolean;
  /** Never negative: a refund stands on the other side. */
  readonly amount: Decimal;
  readonly fundOrg: string;
  readonly fund: string;
  readonly orgn: string;
  readonly account: string;
  readonly description: string;
  readonly sourceName: string;
  readonly piEmail: string;
  readonly projectId: string;
  readonly serviceName: string;
  readonly referenceId: string;
  /** How many charges it is made of, where the format tells it. */
  readonly lineCount: number | null;
}

const BARE = {
  ...{ fund: '', orgn: '', account: '', description: '', sourceName: '' },
  ...{ piEmail: '', projectId: '', serviceName: '', referenceId: '', lineCount: null },
};

/** The PIs' side of what is booked, as rows of the formats that are made of it. */
export function paidRows(bookings: readonly JournalBooking[]): PaidRow[] {
  return bookings.filter(({ party }) => party === 'pi').map((booking) => ({ ...booking, billed: booking.amount }));
}

export function creditRows(bookings: readonly JournalBooking[]): JournalBooking[] {
  return bookings.filter(({ party }) => party === 'source');
}

/** The rows of a journal that is not made by a template, in the order of the file. */
export function linesOf(
  format: Exclude<JournalFormat, 'template' | 'detail'>,
  bookings: readonly JournalBooking[],
  { period, zeroRows }: Omit<FormatOptions, 'digits'>,
): JournalLine[] {
  const groups = paidGroups(format, paidRows(bookings), { zeroRows });
  const paid = (fields: Partial<JournalLine>, billed: Decimal): JournalLine => ({
    ...BARE,
    party: 'pi',
    fundOrg: '',
    isDebit: !billed.isNegative(),
    amount: billed.abs(),
    ...fields,
  });
  switch (format) {
    case 'default':
      return groups.map(({ key: [piEmail = '', projectId = '', serviceName = '', fundOrg = ''], billed, lineCount }) =>
        paid({ piEmail, projectId, serviceName, fundOrg, lineCount }, billed),
      );
    case 'summary':
      return groups.map(({ key: [piEmail = '', projectId = '', fundOrg = ''], billed, lineCount }) =>
        paid({ piEmail, projectId, fundOrg, lineCount }, billed),
      );
    case 'gl': {
      const description = glDescription(period);
      return [
        ...groups.map(({ key: [fundOrg = ''], billed }) => paid({ fundOrg, description }, billed)),
        ...creditGroups(creditRows(bookings), { zeroRows }).map(({ fundOrg, amount }): JournalLine => ({
          ...paid({ fundOrg, description }, amount),
          party: 'source',
          // As in the file, where nothing stands in the column of debits.
          isDebit: !amount.isPositive(),
        })),
      ];
    }
  }
}

/** The entries of a template journal as such rows. */
export function linesOfEntries({ entries }: BuiltEntries): JournalLine[] {
  return entries.map((entry) => ({ ...entry, serviceName: '', lineCount: null }));
}

/** Debits and credits of rows. */
export function sidesOfLines(lines: readonly JournalLine[]): { readonly debits: Decimal; readonly credits: Decimal } {
  const sum = (isDebit: boolean): Decimal => Decimal.sum(lines.filter((line) => line.isDebit === isDebit).map(({ amount }) => amount));
  return { debits: sum(true), credits: sum(false) };
}
