import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { renderTemplate } from '#templates';
import { anExport, aPosting, aSource, someSettings } from '../testing/journal-factories.js';
import { buildEntries, type BuiltEntries } from './build-entries.js';
import { templateContext } from './template-context.js';

const period = billingPeriod('2025-03');
const render = (source: string, entries: BuiltEntries['entries']): string =>
  renderTemplate({ source, name: 'journal.csv', context: templateContext(entries, period, {}, anExport()) });

describe('what a journal template is given', () => {
  it('the shipped template writes one row per entry below its header, quoted, with CRLF', () => {
    const settings = someSettings({ debitDescription: '{source}, "{project_id}" of a PI with a long title' });
    const built = buildEntries(
      [aPosting('1234.5', { references: ['PO 1,2'] }), aPosting('-0.25', { fundOrg: 'ART-1' })],
      [aSource()],
      settings,
      period,
    );
    const source = readFileSync(new URL('../templates/journal_gl.csv', import.meta.url), 'utf8');
    const text = render(source, built.entries);
    expect(text.split('\r\n')).toEqual([
      'Fund,Orgn,Account,Program,Activity,Location,Debit,Credit,Description (35 Characters maximum),Reference ID',
      'F2201,OCE,7000,,,,1234.50,,"aws, ""tidal-models"" of a PI with a ","PO 1,2"',
      '1,ART,7000,,,,,0.25,"aws, ""tidal-models"" of a PI with a ",',
      'AWS,IT,7000,,,,,1234.25,aws 2025-03 Research Computing Char,',
      '',
    ]);
  });

  it('shows the groups of the fund/org expression, which never replace a field of the entry', () => {
    const settings = someSettings({ fundOrgRegex: '(?P<orgn>[A-Z]+)-(?P<amount>\\w)(?P<campus>\\w)' });
    const built = buildEntries([aPosting('5')], [aSource()], settings, period);
    expect(render('{{ entries[0].campus }} {{ entries[0].amount }}', built.entries)).toBe('2 5.00');
  });

  it('shows exact totals, the days of the period and of the export, and a document number', () => {
    const built = buildEntries(
      [aPosting('90071992547409.93'), aPosting('-0.03', { fundOrg: 'ART-1' })],
      [aSource()],
      someSettings(),
      period,
    );
    const source =
      '{{ totals.debits }} {{ totals.credits }} {{ totals.count }}={{ totals.debit_count }}+{{ totals.credit_count }} {{ period_start }} {{ period_end }} {{ now }} {{ export_date }} {{ export_number }} {{ document_number }}';
    expect(render(source, built.entries)).toBe(
      '90071992547409.93 90071992547409.93 3=1+2 2025-03-01 2025-03-31 2025-04-02T09:30:00.000Z 2025-04-02 1 OC250301',
    );
    expect(render('{{ totals.debits }} {{ totals.count }}', [])).toBe('0.00 0');
  });

  it('tells a delta from a full journal', () => {
    const source = '{% if delta_from %}corrects {{ delta_from|join(", ") }}{% else %}in full{% endif %}';
    const write = (deltaFrom: readonly number[] | null): string =>
      renderTemplate({ source, name: 'j.txt', context: templateContext([], period, {}, { ...anExport(3), deltaFrom }) });
    expect([write([1, 2]), write(null), write([])]).toEqual(['corrects 1, 2', 'in full', 'in full']);
  });

  it('knows leap years, and has numbers beyond 99', () => {
    const context = templateContext([], billingPeriod('2024-02'), {}, anExport(123));
    expect(context).toMatchObject({ period_end: '2024-02-29', document_number: 'OC2402123' });
  });
});
