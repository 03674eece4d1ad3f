import type { Upcaster } from '#event-store';

/** How events of older schema versions become those of `journal.events.ts`. */
export const JOURNAL_UPCASTERS: readonly Upcaster[] = [
  // Version 2 says what a journal starts from, proves what it books, and names the template; before, all were full, and nobody kept what they booked.
  { type: 'JournalExported', from: 1, upcast: (data) => ({ ...data, template: null, deltaFrom: null, bookings: null }) },
  // Version 3 says whether rows of zero were asked for; before, nobody could.
  { type: 'JournalExported', from: 2, upcast: (data) => ({ ...data, includeZero: false }) },
];
