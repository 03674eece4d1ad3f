import type { RecordedEvent } from '#event-store';
import type { JournalFormat } from './journal-formats.js';
import type { JournalEvent, KeptBookings } from './journal.events.js';

/** What became of a journal in accounting. */
export type JournalMark = 'posted' | 'void';
export type JournalStatus = 'written' | JournalMark;
export const JOURNAL_STATUSES: readonly JournalStatus[] = ['written', 'posted', 'void'];

/** An exported journal as decisions see it. */
export interface JournalState {
  /** 1 for the first one of the period. */
  readonly number: number;
  readonly format: JournalFormat;
  readonly fileName: string;
  readonly deltaFrom: readonly number[] | null;
  readonly bookings: KeptBookings | null;
  /** The last one counts; those before come to light when it is taken back. */
  readonly marks: readonly JournalMark[];
}

export function statusOf({ marks }: Pick<JournalState, 'marks'>): JournalStatus {
  return marks.at(-1) ?? 'written';
}

/** A journal of differences; one that started from nothing is a full one. */
export function isDelta({ deltaFrom }: Pick<JournalState, 'deltaFrom'>): boolean {
  return deltaFrom !== null && deltaFrom.length > 0;
}

export function evolveJournals(journals: readonly JournalState[], event: JournalEvent): readonly JournalState[] {
  const marked = (marksOf: (marks: readonly JournalMark[]) => readonly JournalMark[]): readonly JournalState[] =>
    journals.map((journal) => (journal.number === event.data.number ? { ...journal, marks: marksOf(journal.marks) } : journal));
  switch (event.type) {
    case 'JournalExported': {
      const { number, format, fileName, deltaFrom, bookings } = event.data;
      return [...journals, { number, format, fileName, deltaFrom, bookings, marks: [] }];
    }
    case 'JournalPosted':
      return marked((marks) => [...marks, 'posted']);
    case 'JournalVoided':
      return marked((marks) => [...marks, 'void']);
    case 'JournalMarkWithdrawn':
      return marked((marks) => marks.slice(0, -1));
  }
}

/** The journals of a period, oldest first, from the events of its stream. */
export function journalsOf(events: readonly RecordedEvent[]): readonly JournalState[] {
  return (events as readonly RecordedEvent<JournalEvent>[]).reduce<readonly JournalState[]>(
    (journals, { type, data }) => evolveJournals(journals, { type, data } as JournalEvent),
    [],
  );
}

export function nextNumber(journals: readonly JournalState[]): number {
  return (journals.at(-1)?.number ?? 0) + 1;
}
