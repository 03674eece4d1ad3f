import { Decimal } from '#kernel';
import type { JournalState } from '../domain/journal.js';
import type { JournalPosting, JournalSettings, JournalSource, WrittenRows } from '../domain/posting.js';
import type { TemplateExport } from '../domain/template-context.js';

/** A posting of 100.00 by one PI to one fund/org; `changes` says what is different. */
export function aPosting(billed = '100', changes: Partial<JournalPosting> = {}): JournalPosting {
  return {
    piEmail: 'ines.moor@example.edu',
    projectId: 'tidal-models',
    fundOrg: 'OCE-F2201',
    source: 'aws',
    serviceName: 'Object Storage',
    accountCode: null,
    list: Decimal.parse(billed),
    billed: Decimal.parse(billed),
    lineCount: 1,
    references: [],
    ...changes,
  };
}

export function aSource(name = 'aws', changes: Partial<JournalSource> = {}): JournalSource {
  return { name, displayName: name.toUpperCase(), fundOrg: `IT-${name.toUpperCase()}`, accountCode: null, ...changes };
}

/** A full template journal of which nobody said what became of it. */
export function aJournal(number: number, changes: Partial<JournalState> = {}): JournalState {
  const bookings = { count: 2, digest: '0'.repeat(64) };
  return { number, format: 'template', fileName: `journal_${number}.csv`, deltaFrom: null, bookings, marks: [], ...changes };
}

export function someSettings(changes: Partial<JournalSettings> = {}): JournalSettings {
  return {
    fundOrgRegex: '(?P<orgn>[A-Z]+)-(?P<fund>.+)',
    accountCodeRegex: '',
    template: 'journal_gl.csv',
    defaultAccount: '7000',
    debitDescription: '',
    creditDescription: '',
    ...changes,
  };
}

export function anExport(number = 1): TemplateExport {
  return { exportedAt: new Date('2025-04-02T09:30:00Z'), number };
}

/** Pieces of a file, each of these rows. */
export async function* someRows(...pieces: readonly (readonly string[])[]): AsyncGenerator<WrittenRows, void, void> {
  for (const rows of pieces) {
    yield { bytes: Buffer.from(rows.map((row) => `${row}\r\n`).join('')), rowCount: rows.length };
    await Promise.resolve();
  }
}
