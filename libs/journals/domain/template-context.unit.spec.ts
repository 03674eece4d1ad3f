import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { renderTemplate } from '#templates';
import { aPosting, aSource, someSettings } from '../testing/journal-factories.js';
import { buildEntries, type BuiltEntries } from './build-entries.js';
import { templateContext } from './template-context.js';

const period = billingPeriod('2025-03');
const render = (source: string, entries: BuiltEntries['entries']): string =>
  renderTemplate({ source, name: 'journal.csv', context: templateContext(entries, period, {}) });

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
});
