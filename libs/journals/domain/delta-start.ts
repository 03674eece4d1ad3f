import { type BillingPeriod, DomainError } from '#kernel';
import { familyOf, formatsOf, type JournalFamily } from './booking.js';
import { isDelta, type JournalState, statusOf } from './journal.js';

/** What accounting has booked of a period, as far as the marks tell. */
export interface DeltaStart {
  /** The journals whose bookings count, oldest first. */
  readonly counted: readonly JournalState[];
  /** Why a delta can't be told yet; null if it can. With `journal.undecided` what counts is known all the same. */
  readonly obstacle: DomainError | null;
}

/**
 * What a delta of the family starts from. Journals that were posted are what counts, and all of them: two full ones were booked twice. Where
 * none is posted, accounting has, or will have, the newest full journal that is not void, and the deltas after it.
 */
export function deltaStart(period: BillingPeriod, journals: readonly JournalState[], family: JournalFamily): DeltaStart {
  const posted = journals.filter((journal) => statusOf(journal) === 'posted');
  if (posted.length > 0) {
    const foreign = posted.filter(({ format }) => familyOf(format) !== family);
    if (foreign.length > 0) return { counted: [], obstacle: otherFamily(period, foreign, family) };
    const undecided = undecidedBeside(posted, journals);
    if (undecided.length > 0) return { counted: posted, obstacle: undecidedJournals(period, undecided) };
    return known(period, posted);
  }
  const valid = journals.filter((journal) => familyOf(journal.format) === family && statusOf(journal) !== 'void');
  const full = valid.findLastIndex((journal) => !isDelta(journal));
  return known(period, full < 0 ? [] : valid.slice(full));
}

/** Undecided ones on which it depends what is booked: deltas after the last posted journal, and what a posted delta started from. */
function undecidedBeside(posted: readonly JournalState[], journals: readonly JournalState[]): readonly JournalState[] {
  const last = Math.max(...posted.map(({ number }) => number));
  const startedFrom = new Set(posted.flatMap(({ deltaFrom }) => deltaFrom ?? []));
  return journals.filter(
    (journal) => statusOf(journal) === 'written' && (startedFrom.has(journal.number) || (journal.number > last && isDelta(journal))),
  );
}

function known(period: BillingPeriod, counted: readonly JournalState[]): DeltaStart {
  const unknown = counted.filter(({ bookings }) => bookings === null);
  if (unknown.length === 0) return { counted, obstacle: null };
  return {
    counted: [],
    obstacle: new DomainError(
      'journal.contents-unknown',
      'conflict',
      `${named(unknown)} of ${period} ${unknown.length === 1 ? 'was' : 'were'} written by a program that did not keep what it booked, so nobody can tell the difference. Have accounting reverse ${themOf(unknown)}, record ${themOf(unknown)} as void, and export in full.`,
    ),
  };
}

function undecidedJournals(period: BillingPeriod, undecided: readonly JournalState[]): DomainError {
  return new DomainError(
    'journal.undecided',
    'conflict',
    `${named(undecided)} of ${period} ${undecided.length === 1 ? 'is' : 'are'} neither posted nor void, and what is to be booked depends on that. Record ${themOf(undecided)} as posted or void first.`,
  );
}

function otherFamily(period: BillingPeriod, foreign: readonly JournalState[], family: JournalFamily): DomainError {
  const [first] = foreign;
  const other = familyOf(first?.format ?? 'default');
  const isOne = foreign.length === 1;
  const why =
    family === 'two-sided'
      ? `${isOne ? 'says' : 'say'} nothing of the credits of sources, which a delta of both sides would have to know`
      : `${isOne ? 'books' : 'book'} the credits of sources too, which a delta of the PIs’ side alone would leave as they are`;
  return new DomainError(
    'journal.other-family',
    'conflict',
    `${named(foreign)} of ${period} ${isOne ? 'was' : 'were'} posted and ${why}. Write the delta as ${formatsOf(other)}; or, if accounting has reversed ${themOf(foreign)}, record ${themOf(foreign)} as void.`,
  );
}

/** `Journal 2 (gl)`, `Journals 2 (gl) and 3 (default)`. */
export function named(journals: readonly Pick<JournalState, 'number' | 'format'>[]): string {
  const names = journals.map(({ number, format }) => `${number} (${format})`);
  const [last = ''] = names.slice(-1);
  return names.length === 1 ? `Journal ${last}` : `Journals ${names.slice(0, -1).join(', ')} and ${last}`;
}

function themOf(journals: readonly unknown[]): string {
  return journals.length === 1 ? 'it' : 'them';
}
