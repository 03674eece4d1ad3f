import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FocusRow, focusCsv } from '../support/focus-csv.js';
import { namelessControls } from './accessible-names.js';
import { pressEnter } from './by-keyboard.js';
import { ADA, ConsoleOffice, open } from './console-office.js';

const JANUARY: readonly FocusRow[] = [
  { period: '2025-01', billed: '100', list: '120', resource: 'node-1' },
  { period: '2025-01', billed: '40', resource: 'node-2' },
];
const RESTATED: readonly FocusRow[] = [
  { period: '2025-01', billed: '110', list: '130', resource: 'node-1' },
  { period: '2025-01', billed: '5', resource: 'node-3', tags: { pi_email: 'bob@example.edu', project_id: 'wheel' } },
];

describe('a file of a finalized month', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start();
    const { api } = office;
    await office.importFile('january.csv', focusCsv(JANUARY), 'hpc');
    // The sample's settings know no such fund/org.
    await api.post('/review/approve', { filter: { period: '2025-01' } });
    await api.post('/periods/2025-01/close');
    await api.post('/periods/2025-01/finalize', { force: { reason: 'nothing is billed by this test' } });
    await office.importFile('february.csv', focusCsv([{ period: '2025-02', billed: '30' }]), 'hpc');
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  it('is refused, offers to book the difference, shows it, and books it, all by keyboard', async () => {
    await open(page, '/imports', 'Imports');
    await page.locator('input[type=file]').setInputFiles(await office.file('hpc_january_again.csv', focusCsv(RESTATED)));
    const card = page.getByRole('article', { name: 'hpc_january_again.csv' });
    await pressEnter(card.getByRole('button', { name: 'Dry run', exact: true }));
    await card.getByText('Dry run: would be refused').waitFor();
    const offer = card.getByRole('form', { name: 'Book the difference of hpc_january_again.csv as adjustments' });
    await offer.getByLabel('Reason').fill('Restated by the vendor');
    expect(await offer.getByLabel('Billed in').first().inputValue()).toBe('February 2025');
    expect(await namelessControls(page)).toEqual([]);
    await pressEnter(offer.getByRole('button', { name: 'Show the difference' }));
    await card.getByText('Dry run: can be booked').waitFor();
    const table = card.getByRole('table', { name: 'Against what was billed' });
    await table
      .getByRole('row', { name: /^Revised/ })
      .getByText('+$10.00')
      .waitFor();
    await table
      .getByRole('row', { name: /^Withdrawn/ })
      .getByText('−$40.00')
      .waitFor();
    await table.getByRole('row', { name: /^New/ }).getByText('+$5.00').waitFor();
    await card
      .getByRole('table', { name: 'Whose money changes' })
      .getByRole('row', { name: /ada@example\.edu/ })
      .getByText('−$30.00')
      .waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await pressEnter(card.getByRole('button', { name: 'Book it in February 2025' }));
    await card.getByText('3 charges in February 2025').waitFor();
    await pressEnter(card.getByRole('link', { name: 'Report' }));
    await page.getByRole('heading', { name: 'Booked as adjustments' }).waitFor();
    await page.getByRole('link', { name: /^Adjustment \d+$/ }).press('Enter');
    const row = page.getByRole('table', { name: 'Adjustments' }).getByRole('row', { name: /Restated by the vendor/ });
    await row.getByText('−$25.00').waitFor();
    await row.getByRole('link', { name: 'By a file' }).waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('is offered the same where an import of it was refused, and nothing twice', async () => {
    await open(page, '/imports', 'Imports');
    await page.locator('input[type=file]').setInputFiles(await office.file('hpc_january_once_more.csv', focusCsv([...RESTATED].reverse())));
    const card = page.getByRole('article', { name: 'hpc_january_once_more.csv' });
    await pressEnter(card.getByRole('button', { name: 'Import', exact: true }));
    const offer = card.getByRole('form', { name: /^Book the difference/ });
    await offer.getByLabel('Reason').fill('Once more');
    await pressEnter(offer.getByRole('button', { name: 'Show the difference' }));
    await card.getByText('Nothing is booked').waitFor();
    expect(await card.getByRole('button', { name: /^Book it in/ }).isDisabled()).toBe(true);
    expect(office.complaints).toEqual([]);
  });
});
