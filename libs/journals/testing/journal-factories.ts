import { Decimal } from '#kernel';
import type { JournalCharge, JournalPosting, JournalSettings, JournalSource } from '../domain/posting.js';
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

export async function* someCharges(...charges: readonly Partial<JournalCharge>[]): AsyncGenerator<JournalCharge, void, void> {
  for (const charge of charges) {
    yield {
      piEmail: 'ines.moor@example.edu',
      projectId: 'tidal-models',
      fundOrg: 'OCE-F2201',
      serviceName: 'Object Storage',
      resourceId: null,
      resourceName: null,
      billed: Decimal.parse('1.5'),
      list: Decimal.parse('2'),
      ...charge,
    };
    await Promise.resolve();
  }
}
